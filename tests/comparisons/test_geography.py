"""Groups of countries: which days and counts are compared, and what becomes of planted lifts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from evaluator.comparisons import Comparison, geography
from evaluator.comparisons.design import REFERENCE, WINDOW, Planned
from evaluator.effects import Estimated, Setting, estimate
from evaluator.experiment.geography import CountryGroup
from evaluator.experiment.protocol import Channel, Course, Span, Wave
from evaluator.resolve import Resolved
from evaluator.results import NotRun, RowRole

Small = Callable[..., Resolved]
Counts = dict[str, np.ndarray]
SOUTH = tuple(f"C{number:02d}" for number in range(4))
NORTH = tuple(f"C{number:02d}" for number in range(4, 14))
GROUPS = (CountryGroup("south", SOUTH, ("ads",)), CountryGroup("north", NORTH))
COURSES = (Course("P", "One"), Course("Q", "Two"), Course("R", "Three"))
WEEK = {"P": 0, "Q": 1, "R": 2}
"""Week of the window in which each course has its wave."""
LIFTS = {"P": 8.0, "Q": 2.0, "R": 1.0}


@pytest.fixture
def declared(small: Small) -> Callable[..., Resolved]:
    """Three courses with a paid wave each, 14 countries in two groups, no weekday in the way."""

    def build(**changes: object) -> Resolved:
        start = small().protocol.window.start
        waves = tuple(
            Wave(code, "ads", (code,), portfolio=False, span=week(start, number))
            for code, number in WEEK.items()
        )
        fields: dict[str, object] = {
            "courses": COURSES,
            "waves": waves,
            "country_groups": GROUPS,
            "season": False,
        }
        return small(**(fields | changes))

    return build


def week(start: date, number: int) -> Span:
    first = start + timedelta(7 * number)
    return Span(first, first + timedelta(6))


def painted(south: float, *, crowded: bool = False) -> Callable[[Counts, int], None]:
    """Waves with each course's lift, `south` times that in the south.

    With `crowded`, the course with the greatest lift has most of its people in the south.
    """

    def paint(counts: Counts, window: int) -> None:
        for code, number in WEEK.items():
            counts[code][:, window:] = counts[code][:, :1]
            counts[code][:, :window] = counts[code][:, :1]
            if crowded and code == "P":
                counts[code][:4] *= 20
            days = slice(window + 7 * number, window + 7 * number + 7)
            counts[code][:4, days] *= LIFTS[code] * south
            counts[code][4:, days] *= LIFTS[code]
        for code in counts:
            if code.startswith("O"):
                counts[code][:] = counts[code][:, :1]

    return paint


def rows_of(resolved: Resolved) -> dict[tuple[str, str, str], Planned]:
    return {
        (row.key.arm, row.key.method, row.key.variant): row for row in geography.planned(resolved)
    }


def estimated(row: Planned) -> Estimated:
    assert isinstance(row.comparison, Comparison)
    answer = estimate(row.comparison, row.key, Setting())
    assert isinstance(answer, Estimated)
    return answer


def test_the_rows(declared: Callable[..., Resolved]) -> None:
    """A headline per paid channel, then two cells a group; an organic channel has none."""
    rows = list(geography.planned(declared()))
    assert [(row.key.channel, row.key.arm, row.key.method) for row in rows] == [
        ("ads", "all", "group_lift"),
        ("ads", "group: south", "group_lift"),
        ("ads", "group: south", "group_against_rest"),
        ("ads", "group: north", "group_lift"),
        ("ads", "group: north", "group_against_rest"),
    ]
    assert rows[0].role is RowRole.HEADLINE
    assert {row.role for row in rows[1:]} == {RowRole.EXPLORATORY}
    assert [row.descriptive for row in rows] == [True, True, False, True, False]


@pytest.mark.parametrize("south", [0.5, 1.0, 1.5])
@pytest.mark.parametrize("crowded", [False, True])
def test_a_group_is_told_from_the_courses_it_likes(
    declared: Callable[..., Resolved], south: float, crowded: bool
) -> None:
    rows = rows_of(declared(paint=painted(south, crowded=crowded)))
    against = estimated(rows["group: south", "group_against_rest", "default"]).effect
    assert against.lift == pytest.approx(south, rel=1e-4)
    assert against.interval().high - against.interval().low == pytest.approx(0, abs=1e-3)
    lift = estimated(rows["group: south", "group_lift", "default"]).effect.lift
    weights = {"P": 20.0 if crowded else 1.0, "Q": 1.0, "R": 1.0}
    total = sum(weights[code] * LIFTS[code] * south for code in weights)
    assert lift == pytest.approx(total / sum(weights.values()), rel=1e-4)


def test_counted_and_extra_are_those_of_the_group(declared: Callable[..., Resolved]) -> None:
    """Lifts of 8, 2 and 1 in a week of 7 · 1e6 · 4/14 each: 11 weeks counted, 8 of them extra."""
    row = rows_of(declared(paint=painted(1.0)))["group: south", "group_lift", "default"]
    own = 7 * 1e6 * 1.3 * 4 / 14
    assert isinstance(row.comparison, Comparison)
    assert row.comparison.observed == pytest.approx(11 * own)
    extra = estimated(row).extra
    assert extra is not None
    assert extra.realised.value == pytest.approx(8 * own, rel=1e-4)


@pytest.mark.parametrize(
    ("opened", "base"),
    [
        (None, [range(154, 210)]),
        # Opened in the reference, or with the window: campaign days without a paid wave.
        (4, [range(217, 252)]),
        (0, [range(217, 252)]),
    ],
)
def test_the_base_of_a_course(
    declared: Callable[..., Resolved], opened: int | None, base: list[range]
) -> None:
    start = declared().protocol.window.start
    day = None if opened is None else start - timedelta(7 * opened)
    resolved = declared(courses=(Course("P", "One", day), *COURSES[1:]))
    built = rows_of(resolved)["all", "group_lift", "default"].comparison
    assert isinstance(built, Comparison)
    codes = built.codes[built.series.index("P")]
    assert list(np.flatnonzero(codes == WINDOW)) == list(range(210, 217))
    assert list(np.flatnonzero(codes == REFERENCE)) == [day for days in base for day in days]


def test_assumed_waves_are_moved_where_their_bounds_allow(
    declared: Callable[..., Resolved],
) -> None:
    """Only the last wave may move, and only a week earlier; claimed groups move with it."""
    resolved = declared()
    first, second, last = resolved.protocol.waves
    last = replace(last, assumed=True, bounds=Span(second.span.start, last.span.end))
    rows = rows_of(declared(waves=(first, second, last)))
    assert {(arm, variant) for arm, _, variant in rows if variant != "default"} == {
        (arm, f"waves {days} week") for arm in ("all", "group: south") for days in ("-1", "+1")
    }
    moved = rows["all", "group_lift", "waves -1 week"].comparison
    assert isinstance(moved, Comparison)
    starts = [int(np.flatnonzero(codes == WINDOW)[0]) for codes in moved.codes]
    assert starts == [210, 217, 217]
    held = rows["all", "group_lift", "waves +1 week"].comparison
    assert held == NotRun("no wave may move: the published bounds hold them all")


REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "a country nobody knows": (
        {"country_groups": (CountryGroup("east", ("XX", "YY")),)},
        "nothing was ever counted in XX, YY",
    ),
    "no wave in the window": ({"waves": ()}, "no wave of the channel names a promoted course"),
}


@pytest.mark.parametrize(("changes", "reason"), REFUSED.values(), ids=REFUSED)
def test_refused_by_name(
    declared: Callable[..., Resolved], changes: dict[str, object], reason: str
) -> None:
    *_, row = geography.planned(declared(**changes))
    assert isinstance(row.comparison, NotRun)
    assert reason in row.comparison.reason


def test_two_courses_are_too_few(declared: Callable[..., Resolved]) -> None:
    resolved = declared()
    row = rows_of(declared(waves=resolved.protocol.waves[:2]))["all", "group_lift", "default"]
    assert isinstance(row.comparison, Comparison)
    answer = estimate(row.comparison, row.key, Setting())
    assert answer == NotRun("2 courses with a wave: 3 are needed")


def test_organic_waves_have_no_groups(declared: Callable[..., Resolved]) -> None:
    assert not list(geography.planned(declared(channels=(Channel("ads", "organic"),))))
