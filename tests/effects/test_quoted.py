"""Which law is quoted, and what is refused with which reason."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.effects import Estimated
from evaluator.experiment.protocol import Course, Span, Wave
from evaluator.resolve import Resolved
from evaluator.results import NotRun

Small = Callable[..., Resolved]
Counts = dict[str, NDArray[np.float64]]
Paint = Callable[[Counts, int], None]
Name = tuple[str, str, str, str]
Estimates = Callable[[Resolved], dict[Name, Estimated | NotRun]]
LIFTS = {"P": (2.0, 1.5), "Q": (1.2, 1.1)}


def spike(counts: Counts, window: int) -> None:
    """Every course doubles and more in the window's second week: a deadline."""
    for own in counts.values():
        own[:, window + 7 : window + 14] *= 2.5


def restless(counts: Counts, window: int) -> None:
    """P alone moves from week to week before the window."""
    week = np.arange(window) // 7
    counts["P"][:, :window] *= np.exp(0.3 * np.sin(week**2))


def uneven(counts: Counts, window: int) -> None:
    """The other courses go up or down in the window, by more and more."""
    others = [own for name, own in counts.items() if name not in ("P", "Q")]
    for rank, own in enumerate(others):
        own[:, window:] *= np.exp(0.05 * (rank - len(others) // 2))


@pytest.mark.parametrize(("others", "own"), [(10, False), (9, True)])
def test_a_forecast_errs_as_it_does_for_the_other_courses(
    small: Small, estimates: Estimates, others: int, own: bool
) -> None:
    """What it did before the window is its scale only where too few others were forecast."""
    widths = {
        paint: width(found["pre_vs_campaign", "P", "controlled_its", "default"])
        for paint in (nothing, restless, uneven)
        for found in (estimates(small(others=others, paint=paint)),)
    }
    assert (widths[restless] > 10 * widths[nothing]) == own
    assert (widths[uneven] > 10 * widths[nothing]) != own


def test_few_others_that_peak_give_a_forecast_no_scale(small: Small, estimates: Estimates) -> None:
    found = estimates(small(others=9, paint=spike))
    answer = found["pre_vs_campaign", "P", "controlled_its", "default"]
    assert isinstance(answer, NotRun)
    assert answer.reason.startswith("9 other courses, which peak in the window")


def test_the_wider_of_units_and_series_is_quoted(small: Small, estimates: Estimates) -> None:
    """Units move by percents and weeks by nothing, or the other way round."""

    def weeks(counts: Counts, window: int) -> None:
        week = np.arange(window) // 7
        counts["P"][:6, :window] *= np.exp(0.5 * np.sin(week**2))

    for paint, quoted in ((nothing, "by unit"), (weeks, "two series")):
        found = estimates(small(paint=paint))
        answer = found["a_vs_b", "P", "arms_wider", "default"]
        both = [found["a_vs_b", "P", m, "default"] for m in ("arms_by_unit", "arms_two_series")]
        assert isinstance(answer, Estimated)
        assert answer.chosen == quoted
        assert width(answer) == max(width(own) for own in both)


def test_few_units_leave_the_series(small: Small, estimates: Estimates) -> None:
    found = estimates(small(arm_a={"P": ("C00", "C01")}, lifts=LIFTS, paint=unsteady))
    answer = found["a_vs_b", "P", "arms_wider", "default"]
    assert isinstance(answer, Estimated)
    assert answer.chosen == "two series"
    units = found["a_vs_b", "P", "arms_by_unit", "default"]
    assert isinstance(units, NotRun)
    assert units.reason.startswith("2 units in arm A and 12 in arm B")


def nothing(_: Counts, __: int) -> None:
    """Nothing else happens."""


def sparse(counts: Counts, _: int) -> None:
    """Three weeks of every eight are empty: 15 of 36."""
    counts["P"][:, np.arange(counts["P"].shape[1]) // 7 % 8 < 3] = 0


# weeks of history, other courses, what happens → the reason, by method (and variant)
REFUSALS: dict[str, tuple[int | None, int, Paint, Mapping[str, str]]] = {
    "two weeks of history": (
        2,
        12,
        nothing,
        {
            "size_adjusted_ratio": "reference too short: 2 reference weeks",
            "arms_wider": "reference too short: 2 reference weeks",
            "controlled_its": "reference too short: 2 reference weeks",
            "single_its": "reference too short: 2 reference weeks",
        },
    ),
    "four weeks of history": (
        4,
        12,
        nothing,
        {
            "controlled_its with a trend": "trend on a short history: 4 weeks",
            "segmented_newey_west": "slope on a short history: 4 weeks",
        },
    ),
    "six treated weeks": (
        None,
        12,
        nothing,
        {"segmented_newey_west": "Newey–West on few treated weeks: 6 treated weeks"},
    ),
    "eight other courses": (
        None,
        8,
        nothing,
        {
            "size_adjusted_ratio": "few other courses: 8 other courses",
            "these_courses": "few other courses: 8 other courses",
        },
    ),
    "no other course": (
        None,
        0,
        nothing,
        {"size_adjusted_ratio": "few other courses: 0 other courses"},
    ),
    "twelve other courses": (
        None,
        12,
        nothing,
        {"ranked_ratio": "12 other courses: an order-statistic interval at 95% needs 19"},
    ),
    "one promoted course": (
        None,
        12,
        nothing,
        {"courses_like_these": "one promoted course: nothing is known of others like it"},
    ),
    "enrolment in batches": (
        None,
        12,
        sparse,
        {
            "controlled_its": "batch enrolment: over-dispersion 0.00, 42% of the weeks",
            "single_its": "batch enrolment",
            "arms_two_series": "batch enrolment",
        },
    ),
}


@pytest.mark.parametrize(("weeks", "others", "paint", "expected"), REFUSALS.values(), ids=REFUSALS)
def test_what_cannot_be_said_is_refused_with_a_reason(
    small: Small,
    estimates: Estimates,
    weeks: int | None,
    others: int,
    paint: Paint,
    expected: Mapping[str, str],
) -> None:
    opened = small().protocol.window.start - timedelta(7 * weeks) if weeks else None
    course = Course("P", "Promoted", opened)
    found = estimates(small(courses=(course,), others=others, paint=paint))
    for name, reason in expected.items():
        method, _, variant = name.partition(" ")
        answers = [
            answer
            for (_, _, own, how), answer in found.items()
            if (own, how) == (method, variant or "default")
        ]
        assert answers, name
        for answer in answers:
            assert isinstance(answer, NotRun), name
            assert answer.reason.startswith(reason), answer.reason


def test_batches_leave_totals_alone(small: Small, estimates: Estimates) -> None:
    found = estimates(small(courses=(Course("P", "Promoted"),), paint=sparse))
    assert isinstance(found["promoted_vs_other", "P", "size_adjusted_ratio", "default"], Estimated)


def test_one_week_in_which_the_others_peak_is_as_uncertain_as_they_are(
    small: Small, estimates: Estimates
) -> None:
    """Each of them peaks alike here: then there is no more doubt than in an ordinary week."""

    def deadline(counts: Counts, window: int) -> None:
        for own in counts.values():
            own[:, window:] *= 2.5

    start = small().protocol.window.start
    resolved = small(window=Span(start, start + timedelta(6)), paint=deadline, lifts=LIFTS)
    found = estimates(resolved)
    ratio = found["promoted_vs_other", "P", "size_adjusted_ratio", "default"]
    answer = found["pre_vs_campaign", "P", "controlled_its", "default"]
    assert width(answer) == pytest.approx(width(ratio), rel=0.2)


def test_few_campaign_weeks_refuse_a_decay_and_two_waves(
    small: Small, estimates: Estimates
) -> None:
    """Constant, decay and wave of three weeks leave none over."""
    start = small().protocol.window.start
    resolved = launched(small, window=Span(start, start + timedelta(27)))
    answer = estimates(resolved)["within_campaign", "W", "within_campaign", "default"]
    assert isinstance(answer, NotRun)
    assert answer.reason == "4 campaign weeks for 3 coefficients"


def unsteady(counts: Counts, window: int) -> None:
    """Enough movement for a variance: every other week of P and Q a thousandth higher."""
    week = np.arange(counts["P"].shape[1]) // 7
    for course in ("P", "Q"):
        counts[course] *= 1 + 0.001 * (week % 2) * (week != window // 7)


def launched(small: Small, **changes: object) -> Resolved:
    """W opens with the window and is advertised in its third week."""
    start = small().protocol.window.start
    third = Span(start + timedelta(14), start + timedelta(20))
    wave = Wave("own", "ads", ("W",), portfolio=False, span=third)
    return small(courses=(Course("W", "New", start),), waves=(wave,), **changes)


def width(answer: Estimated | NotRun) -> float:
    assert isinstance(answer, Estimated), answer
    interval = answer.effect.interval()
    return interval.high - interval.low
