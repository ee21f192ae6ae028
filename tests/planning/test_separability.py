"""What days identify: designs small enough to see the answer, then experiment no. 2."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from evaluator.experiment.protocol import Arms, Channel, Listed, Span, Wave
from evaluator.planning.separability import ARM_A, ORDER, Separability, separability
from evaluator.resolve import Resolved

Small = Callable[..., Resolved]
CHANNELS = (
    Channel("ads", "paid", "Facebook"),
    Channel("posts", "organic", "Facebook pages"),
    Channel("mail", "email"),
)


def waves(small: Small, *given: tuple[str, str, int], **fields: object) -> tuple[Wave, ...]:
    """(channel, course, week of the window); the course "all" is the whole portfolio."""
    start = small().protocol.window.start
    found = []
    for number, (channel, course, week) in enumerate(given):
        first = start + timedelta(7 * week)
        span = Span(first, first + timedelta(6))
        courses = () if course == "all" else (course,)
        found.append(Wave(f"w{number}", channel, courses, course == "all", span, **fields))  # type: ignore[arg-type]
    return tuple(found)


def judged(small: Small, *given: tuple[str, str, int], **changes: object) -> Separability:
    return separability(small(channels=CHANNELS, waves=waves(small, *given), **changes))


def test_two_channels_on_the_same_days_are_aliased(small: Small) -> None:
    found = judged(small, ("ads", "P", 0), ("posts", "P", 0))
    assert not found.identifies("ads")
    assert not found.identifies("posts")
    assert found.efficiency == 0
    assert found.washout == 0
    assert (found.columns, found.rank) == (6, 3)


def test_apart_they_are_not(small: Small) -> None:
    found = judged(small, ("ads", "P", 0), ("posts", "P", 3))
    assert found.identifies("ads", "posts")
    assert found.washout == 1
    assert found.rank == found.columns


def test_neighbours_cost_precision(small: Small) -> None:
    """A wave in the week after another shares the days that the other left behind."""
    near = judged(small, ("ads", "P", 0), ("posts", "P", 1))
    far = judged(small, ("ads", "P", 0), ("posts", "P", 3))
    one, two = near.contrast("posts"), far.contrast("posts")
    assert one is not None
    assert two is not None
    assert one.inflation > 1.3 > two.inflation >= 1
    assert near.washout < far.washout
    assert near.efficiency < far.efficiency <= 1


def test_inflation_is_that_of_a_regression_with_all_dummies(small: Small) -> None:
    """Beside plain least squares on every course and day dummy, unbalanced by a late course."""
    given = (("ads", "P", 0), ("posts", "P", 1), ("ads", "Q", 2), ("mail", "all", 1))
    resolved = small(
        channels=CHANNELS,
        waves=waves(small, *given),
        others=4,
    )
    late = {"P": resolved.first_day["P"], "Q": resolved.protocol.window.start - timedelta(9)}
    resolved = replace(resolved, first_day=late)
    found = separability(resolved)
    panel, window = resolved.panel, resolved.protocol.window
    days = np.arange(panel.day(window.start) - 56, panel.day(window.end) + 1)
    courses = ("P", "Q", *resolved.others)
    rows = [(c, d) for c in courses for d in days if c != "Q" or d >= panel.day(late["Q"])]
    column: dict[tuple[str, int], np.ndarray] = {}
    for channel, course, week in given:
        for lag in range(3):
            first = panel.day(window.start) + 7 * (week + lag)
            on = [
                float(
                    first <= d < first + 7 and d <= panel.day(window.end) and course in (c, "all")
                )
                for c, d in rows
            ]
            key = (channel, lag)
            column[key] = np.maximum(column.get(key, 0.0), np.array(on))
    dummies = [[c == k for c, _ in rows] for k in courses]
    dummies += [[d == k for _, d in rows] for k in days[1:]]
    fixed = np.array(dummies, dtype=float).T

    def left(y: np.ndarray, X: np.ndarray) -> float:
        return float(np.sum((y - X @ np.linalg.lstsq(X, y, rcond=None)[0]) ** 2))

    for channel in ("ads", "posts"):
        own = column[channel, 0]
        rest = np.column_stack([v for k, v in column.items() if k != (channel, 0)])
        contrast = found.contrast(channel)
        assert contrast is not None
        expected = left(own, fixed) / left(own, np.column_stack([fixed, rest]))
        assert contrast.inflation == pytest.approx(expected)


def test_what_reaches_everyone_is_the_days(small: Small) -> None:
    """Unless courses are left out of it."""
    given = (("ads", "P", 0), ("mail", "all", 3))
    everyone = judged(small, *given)
    mail = everyone.contrast("mail")
    assert mail is not None
    assert "same days" in mail.reason
    resolved = small(channels=CHANNELS, waves=waves(small, *given))
    others = replace(resolved.protocol.others, left_out=("O03", "O07"))
    protocol = replace(resolved.protocol, others=others)
    assert separability(replace(resolved, protocol=protocol)).identifies("mail")


@pytest.mark.parametrize(("arms", "exposed", "identified"), [
    (("A", "B"), ("A", "B"), False),
    (("A", "B"), ("A",), True),
    (("A",), ("A", "B"), True),
])  # fmt: skip
def test_advertising_needs_an_arm_without_it(
    small: Small, arms: tuple[str, ...], exposed: tuple[str, ...], identified: bool
) -> None:
    countries = tuple(f"C{n:02d}" for n in range(6))
    resolved = small(
        channels=CHANNELS,
        waves=waves(small, ("ads", "P", 0), ("ads", "Q", 1), arms=arms),
        arms=Arms(Listed(countries), exposed=exposed),
    )
    assert separability(resolved).identifies(ARM_A) is identified


@pytest.mark.parametrize(("of_q", "identified"), [
    ((("ads", "Q", 0), ("posts", "Q", 3)), False),
    ((("posts", "Q", 0), ("ads", "Q", 3)), True),
    ((("posts", "Q", 1), ("ads", "Q", 3)), False),
], ids=["one order", "both, in the same weeks", "both, each in weeks of its own"])  # fmt: skip
def test_order_needs_both_on_one_network_in_the_same_weeks(
    small: Small, of_q: tuple[tuple[str, str, int], ...], identified: bool
) -> None:
    found = judged(small, ("ads", "P", 0), ("posts", "P", 3), *of_q)
    assert found.identifies(ORDER) is identified


def test_information_by_week_adds_up(small: Small) -> None:
    found = judged(small, ("ads", "P", 0), ("posts", "P", 3), ("ads", "Q", 2)).contrast("ads")
    assert found is not None
    assert 0.5 < found.by_week[0] + found.by_week[2] < sum(found.by_week) <= 1 + 1e-9


def test_no_wave_identifies_nothing(small: Small) -> None:
    found = separability(small(channels=CHANNELS))
    assert found.columns == found.rank == 0


def test_experiment_2_leaves_four_questions(experiment_2: Resolved) -> None:
    """Order, the newsletter (so: organic from newsletter), advertising in A, the portfolio."""
    found = separability(experiment_2)
    known = {c.name: c.identified for c in found.contrasts}
    assert known == {
        "facebook_ads": True,
        "linkedin_ads": True,
        "organic": True,
        "portfolio_post": False,
        "newsletter": False,
        ARM_A: False,
        ORDER: False,
    }
    assert found.rank < found.columns
    assert found.efficiency == 0
