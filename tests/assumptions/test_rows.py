"""What a row notices about its assumptions, by what the declaration or the counts hold."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.assumptions import row_findings
from evaluator.comparisons import Comparison, planned_rows
from evaluator.experiment.protocol import Course, Event, Reference, Span, Wave
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status

Small = Callable[..., Resolved]
PASS, WARN = Status.PASS, Status.WARN
RATIO, SERIES, ARMS = "size_adjusted_ratio", "controlled_its", "arms_wider"
Change = Callable[[Resolved], dict[str, Any]]


def days(resolved: Resolved, first: int, last: int) -> Span:
    """Days counted from the window's first."""
    start = resolved.protocol.window.start
    return Span(start + timedelta(first), start + timedelta(last))


def event(first: int, last: int, *courses: str, note: str = "") -> Callable[[Resolved], Event]:
    return lambda resolved: Event("It", days(resolved, first, last), courses, note)


def declared(**changes: Callable[[Resolved], Any]) -> Change:
    """Changes of the protocol, each one event or wave, or what is given."""
    return lambda resolved: {name: (make(resolved),) for name, make in changes.items()}


def opened(weeks: int) -> Change:
    return lambda r: {
        "courses": (Course("P", "P", r.protocol.window.start - timedelta(7 * weeks)),),
        "reference": Reference(8, ()),
    }


def new_course(*waves: tuple[str, int, int, bool]) -> Change:
    """P opens with the window and has these waves: channel, first and last day, assumed."""
    return lambda r: {
        "courses": (Course("P", "P", r.protocol.window.start),),
        "waves": tuple(
            Wave(f"w{first}", channel, ("P",), False, days(r, first, last), assumed=assumed)
            for channel, first, last, assumed in waves
        ),
    }


def portfolio(resolved: Resolved) -> Wave:
    return Wave("newsletter", "posts", (), portfolio=True, span=days(resolved, 10, 10))


def spike(counts: dict[str, NDArray[np.float64]], window: int) -> None:
    for own in counts.values():
        own[:, window + 7 : window + 14] *= 2.5


def holiday(counts: dict[str, NDArray[np.float64]], window: int) -> None:
    for own in counts.values():
        own[:, window + 21 : window + 28] *= 0.4


def late_start(counts: dict[str, NDArray[np.float64]], window: int) -> None:
    counts["P"][:, : window - 56] = 0


def same(_: Resolved) -> dict[str, Any]:
    return {}


# what changes, method of P's row → name of the finding, its status, part of its sentence;
# no status: the row has no such finding
NOTICED: dict[str, tuple[Change, str, str, Status | None, str]] = {
    "no previous campaign": (same, RATIO, "previous campaign", None, ""),
    "a previous campaign in the reference": (
        declared(previous_campaigns=event(-80, -36)),
        RATIO,
        "previous campaign",
        WARN,
        "3 reference weeks lie in “It”",
    ),
    "before the reference": (
        declared(previous_campaigns=event(-80, -57)),
        RATIO,
        "previous campaign",
        PASS,
        "no reference week lies in “It”",
    ),
    "but in the longer one of the series": (
        declared(previous_campaigns=event(-80, -57)),
        SERIES,
        "previous campaign",
        WARN,
        "4 reference weeks lie in “It”",
    ),
    "an existing course": (same, RATIO, "launch in the reference", None, ""),
    "a course that has just opened": (
        opened(4),
        RATIO,
        "launch in the reference",
        WARN,
        "P opened 4 weeks before the window: its reference is a launch; after a burst",
    ),
    "whose launch reaches both arms": (
        opened(4),
        ARMS,
        "launch in the reference",
        WARN,
        "its reference is a launch, which reaches both arms alike",
    ),
    "a course open for half a year": (opened(26), RATIO, "launch in the reference", None, ""),
    "few weeks": (
        opened(4),
        RATIO,
        "few reference weeks",
        WARN,
        "4 reference weeks for one course: uninformative unless the lift exceeds ×3",
    ),
    "enough weeks": (same, RATIO, "few reference weeks", PASS, "few reference weeks: no"),
    "nobody promoted the portfolio": (
        same,
        RATIO,
        "other courses untouched",
        PASS,
        "no declared promotion reached the other courses",
    ),
    "the portfolio was promoted": (
        declared(waves=portfolio),
        RATIO,
        "other courses untouched",
        WARN,
        "the other courses were promoted too: newsletter (10 Aug); the lift is over and above",
    ),
    "which a series without them ignores": (
        declared(waves=portfolio),
        "single_its",
        "other courses untouched",
        None,
        "",
    ),
    "and the arms too": (declared(waves=portfolio), ARMS, "other courses untouched", None, ""),
    "an ordinary window": (
        same,
        SERIES,
        "calendar of the other courses",
        PASS,
        "(flagged above 1.8)",
    ),
    "others that peak": (
        lambda _: {"paint": spike},
        SERIES,
        "calendar of the other courses",
        WARN,
        "× their mean reference week (flagged above 1.8)",
    ),
    "others that peak, in totals": (
        lambda _: {"paint": spike},
        RATIO,
        "calendar of the other courses",
        WARN,
        "× their mean reference week (flagged above 1.8)",
    ),
    "no holiday": (same, RATIO, "holiday in the window", PASS, "(flagged below 0.56)"),
    "a holiday": (
        lambda _: {"paint": holiday},
        RATIO,
        "holiday in the window",
        WARN,
        "× their mean reference week (flagged below 0.56): waves in it reached fewer people",
    ),
    "an opening nobody declared": (
        lambda _: {"paint": late_start},
        RATIO,
        "launch in the reference",
        WARN,
        "P was first counted 8 weeks before the window: its reference is a launch",
    ),
    "a deadline in the window": (
        declared(deadlines=event(-3, 0)),
        RATIO,
        "deadline in the window",
        WARN,
        "“It” (28 Jul 2023 – 31 Jul 2023) lies in the window",
    ),
    "a deadline before it": (
        declared(deadlines=event(-9, -1)),
        RATIO,
        "deadline in the window",
        None,
        "",
    ),
    "a deadline of this course": (
        declared(deadlines=event(3, 4, "P")),
        ARMS,
        "deadline in the window",
        WARN,
        "enrolments peak without promotion",
    ),
    "a deadline of another": (
        declared(deadlines=event(3, 4, "Q")),
        RATIO,
        "deadline in the window",
        None,
        "",
    ),
    "an incident": (
        declared(incidents=event(3, 4, "P", note="it did not run for hours")),
        RATIO,
        "incident",
        WARN,
        "“It”: it did not run for hours",
    ),
    "an incident of unknown courses": (
        declared(incidents=event(3, 4)),
        RATIO,
        "incident",
        WARN,
        "“It”: the campaign did not run as declared",
    ),
    "an incident of another course": (
        declared(incidents=event(3, 4, "Q")),
        RATIO,
        "incident",
        None,
        "",
    ),
    "published dates": (
        new_course(("ads", 7, 13, False)),
        "within_campaign",
        "dates of the wave",
        PASS,
        "published dates",
    ),
    "assumed dates": (
        new_course(("ads", 7, 13, True)),
        "within_campaign",
        "dates of the wave",
        WARN,
        "the dates of w7 are assumed, not published",
    ),
    "a wave alone": (
        new_course(("ads", 7, 13, False)),
        "within_campaign",
        "washout between waves",
        None,
        "",
    ),
    "waves too close": (
        new_course(("ads", 7, 13, False), ("posts", 17, 17, False)),
        "within_campaign",
        "washout between waves",
        WARN,
        "3 days to the course's next wave",
    ),
    "waves that overlap": (
        new_course(("ads", 7, 13, False), ("posts", 10, 10, False)),
        "within_campaign",
        "washout between waves",
        WARN,
        "0 days to the course's next wave",
    ),
    "waves apart": (
        new_course(("ads", 7, 13, False), ("posts", 21, 21, False)),
        "within_campaign",
        "washout between waves",
        PASS,
        "7 days to the course's next wave",
    ),
    "twelve other courses": (
        same,
        RATIO,
        "not many other courses",
        WARN,
        "12 other courses: the t interval rests on few placebos below 19",
    ),
    "twenty": (lambda _: {"others": 20}, RATIO, "not many other courses", PASS, ": no"),
    "two countries in arm A": (
        lambda _: {"arm_a": {"P": ("C00", "C01")}},
        ARMS,
        "few units in arm A",
        WARN,
        "2 units in arm A: fewer than 6",
    ),
}


@pytest.mark.parametrize(
    ("change", "method", "name", "status", "sentence"), NOTICED.values(), ids=NOTICED
)
def test_what_is_noticed(
    small: Small, change: Change, method: str, name: str, status: Status | None, sentence: str
) -> None:
    found = noticed(small(**change(small())), "P", method, name)
    if status is None:
        assert found == []
        return
    (finding,) = found
    assert finding.status is status
    assert sentence in finding.sentence
    assert (finding.todo == "") == (status is PASS) or method == ARMS
    assert finding.margin is None or (finding.margin >= 0) == (status is PASS)


@pytest.mark.parametrize("changed", ["deadlines", "incidents"])
def test_an_event_of_one_course_concerns_the_pool_it_is_in(small: Small, changed: str) -> None:
    own = event(3, 4, "Q")(small())
    for method, question in (("these_courses", "all"), (SERIES, "all")):
        found = noticed(small(**{changed: (own,)}), question, method, "It", by_sentence=True)
        assert len(found) == 1


def test_a_row_refused_at_once_has_its_reason_alone(small: Small) -> None:
    resolved = small(courses=(Course("P", "P", own_deadlines=True),))
    refused = [p for p in planned_rows(resolved) if not isinstance(p.comparison, Comparison)]
    assert refused
    for planned in refused:
        assert row_findings(planned, resolved) == ()


def noticed(
    resolved: Resolved, course: str, method: str, name: str, *, by_sentence: bool = False
) -> list[Finding]:
    """Findings of that name, on the first row of a course and method."""
    planned = next(
        p for p in planned_rows(resolved) if (p.key.course, p.key.method) == (course, method)
    )
    found = row_findings(planned, resolved)
    return [f for f in found if (name in f.sentence if by_sentence else f.name == name)]
