"""Secondary outcomes: the same comparison on another panel, and shares by channel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from evaluator.comparisons import Comparison, Described, Planned, secondary
from evaluator.comparisons.design import REFERENCE, WINDOW
from evaluator.effects import Estimated, Setting, estimate
from evaluator.experiment.protocol import Channel, Course, Question
from evaluator.experiment.secondary import Secondary, SecondaryKind
from evaluator.panel import Panel, panel_from_cells
from evaluator.resolve import Resolved
from evaluator.results import NotRun, RowRole
from evaluator.sources import Outcome

Small = Callable[..., Resolved]
NEW = Secondary("new", SecondaryKind.NEW_LEARNERS)
AGAIN = Secondary("again", SecondaryKind.FOLLOW_UP, 10)
LIFTS = {"P": (2.0, 2.0), "Q": (1.5, 1.5)}


def until(panel: Panel, days: int) -> Panel:
    """The panel without its last days."""
    kept = panel.cells[3] < panel.days - days
    end = panel.days - days
    return replace(panel, days=end, cells=panel.cells[:, kept], values=panel.values[kept])


def followed(small: Small, *declared: Secondary, **changes: Any) -> Resolved:
    """Enrolments tripled by the campaign; of those that count as an outcome, fewer."""
    asked = (Question.PROMOTED_VS_OTHER, Question.SECONDARY)
    changes = {"questions": asked, "secondary": declared} | changes
    enrolments = small(lifts={"P": (3.0, 3.0), "Q": (3.0, 3.0)}, **changes)
    panel = small(lifts=LIFTS, **changes).panel
    outcomes = {}
    for own in declared:
        counted = until(panel, own.days or 0)
        outcomes[own.name] = Outcome(counted, counted, counted)
    return replace(enrolments, outcomes=outcomes)


def against(resolved: Resolved, **wanted: str) -> list[Planned]:
    return [
        row
        for row in secondary.planned(resolved)
        if row.key.question.startswith("secondary: ")
        and all(getattr(row.key, name) == value for name, value in wanted.items())
    ]


def lift(row: Planned) -> float:
    assert isinstance(row.comparison, Comparison)
    estimated = estimate(row.comparison, row.key, Setting())
    assert isinstance(estimated, Estimated)
    return estimated.effect.lift


def test_an_outcome_is_compared_as_enrolments_are(small: Small) -> None:
    """Exact: the outcome was doubled for P, whatever enrolments did."""
    resolved = followed(small, NEW, AGAIN)
    headlines = [row for row in against(resolved) if row.role is RowRole.HEADLINE]
    assert [(row.key.question, row.key.course, row.key.method) for row in headlines] == [
        (f"secondary: {name}", course, method)
        for name in ("new", "again")
        for course, method in (
            ("all", "these_courses"),
            ("P", "size_adjusted_ratio"),
            ("Q", "size_adjusted_ratio"),
        )
    ]
    expected = {"all": 3**0.5, "P": 2.0, "Q": 1.5}
    for row in headlines:
        assert lift(row) == pytest.approx(expected[row.key.course], rel=1e-4)
        assert not row.descriptive


def test_only_settled_days_are_compared(small: Small) -> None:
    """Ten days of the window are not over: its lift is that of the days before."""
    (row,) = against(followed(small, AGAIN), course="P", variant="default")
    assert isinstance(row.comparison, Comparison)
    assert row.comparison.days(WINDOW).tolist() == [42 - 10]
    assert row.comparison.treated.shape[-1] == row.comparison.codes.shape[-1] == 30 * 7 + 42 - 10


def test_a_reference_is_also_taken_that_was_settled_before_the_window(small: Small) -> None:
    resolved = followed(small, NEW, AGAIN)
    rows = against(resolved, course="P", variant=secondary.SETTLED)
    assert [row.key.question for row in rows] == ["secondary: again"]
    (row,) = rows
    assert row.role is RowRole.SENSITIVITY
    assert isinstance(row.comparison, Comparison)
    base = np.flatnonzero(row.comparison.codes[0] == REFERENCE)
    assert (base[-1] + 1, len(base)) == (30 * 7 - 10, 56)
    assert lift(row) == pytest.approx(2.0, rel=1e-4)


def test_a_course_may_have_no_reference_that_early(small: Small) -> None:
    opened = small().protocol.window.start - timedelta(8 * 7)
    courses = (Course("P", "Promoted"), Course("N", "Newer", available_from=opened))
    (row,) = against(followed(small, AGAIN, courses=courses), course="N", variant=secondary.SETTLED)
    assert isinstance(row.comparison, NotRun)
    assert "settled 10 days before the window" in row.comparison.reason


def test_a_course_without_history_is_refused_with_what_it_counted(small: Small) -> None:
    start = small().protocol.window.start
    courses = (Course("P", "Promoted"), Course("W", "New", available_from=start))
    (row,) = against(followed(small, AGAIN, courses=courses), course="W")
    assert row.comparison is secondary.NOTHING_BEFORE
    resolved = followed(small, AGAIN, courses=courses)
    daily = resolved.outcomes["again"].counted.array("day", course=["W"])
    assert row.observed == pytest.approx(daily[30 * 7 :].sum())


def test_before_anything_is_settled_every_row_is_refused(small: Small) -> None:
    late = replace(AGAIN, days=42)
    rows = list(secondary.planned(followed(small, late)))
    assert {row.key.course for row in rows} == {"all", "P", "Q"}
    for row in rows:
        assert isinstance(row.comparison, NotRun)
        assert "no day of the window was 42 days past on 10 Sep 2023" in row.comparison.reason


def test_what_a_lift_does_not_say_is_said(small: Small) -> None:
    new, again = (
        against(followed(small, own), course="P", variant="default")[0].estimand
        for own in (NEW, AGAIN)
    )
    assert new.compares.startswith("enrolments of new learners of P in the window")
    assert "enrolments followed by another within 10 days of P" in again.compares
    for estimand in (new, again):
        assert "more enrolments alone raise their number" in estimand.not_identified
    assert len(again.needs) == len(new.needs) + 1


# ── by channel of first contact ───────────────────────────────────────────────────────────

ADS = (Channel("ads", "paid", tag="ads"), Channel("mail", "email", tag="mail"))
# tag, course, days after the window began, (contacts, of whom with the outcome)
CONTACTS = (
    ("ads", "P", 0, (40, 4)),
    ("ads", "Q", 31, (60, 8)),
    ("ads", "P", -1, (500, 500)),
    ("ads", "O00", 3, (700, 700)),
    ("none", "P", 5, (200, 10)),
    ("other", "Q", 6, (100, 8)),
    ("none", "Q", 32, (900, 900)),
)


def by_channel(
    small: Small, channels: Sequence[Channel] = ADS, tags: Sequence[str] = ("ads", "none", "other")
) -> list[Planned]:
    """Contacts on and off the promoted courses and the 32 settled days of the window."""
    resolved = followed(small, AGAIN, channels=tuple(channels))
    panel = resolved.panel
    start = resolved.protocol.window.start
    rows = [row for row in CONTACTS if row[0] in tags]
    trials, successes = (
        _panel([(tag, course, day, n[of]) for tag, course, day, n in rows], panel, start)
        for of in (0, 1)
    )
    outcomes = {"again": Outcome(trials, trials, successes)}
    panel = replace(panel, tags=tuple(sorted(tags)))
    resolved = replace(resolved, panel=panel, outcomes=outcomes)
    return [row for row in secondary.planned(resolved) if "by channel" in row.key.question]


def _panel(rows: list[tuple[str, str, int, int]], like: Panel, start: date) -> Panel:
    """A panel with these counts; every course and tag is on its axes."""
    cells = [(course, "C00", tag, start + timedelta(day), n) for tag, course, day, n in rows]
    tags = {tag for tag, *_ in rows}
    cells += [(course, "C00", tag, like.start, 0) for course in like.courses for tag in tags]
    return panel_from_cells(*zip(*cells, strict=True), span=(like.start, start + timedelta(33)))


def test_shares_are_of_the_promoted_courses_in_the_settled_window(small: Small) -> None:
    """Ads: 4 of 40 and 8 of 60. Without a tag of a channel: 10 of 200 and 8 of 100."""
    ads, mail, untagged = by_channel(small)
    assert isinstance(ads.comparison, Comparison)
    estimated = estimate(ads.comparison, ads.key, Setting())
    assert isinstance(estimated, Estimated)
    assert estimated.share is not None
    assert (estimated.share.value, estimated.share.of) == (0.12, 100)
    assert estimated.effect.lift == pytest.approx((12.5 / 100.5) / (18.5 / 300.5))
    assert estimated.extra is None
    assert isinstance(untagged.comparison, Described)
    assert untagged.comparison.share is not None
    assert (untagged.comparison.share.value, untagged.comparison.share.of) == (0.06, 300)
    assert mail.comparison == NotRun("nobody came with the tag “mail”")
    assert [row.key.channel for row in (ads, mail, untagged)] == ["ads", "mail", "untagged"]
    assert all(row.descriptive for row in (ads, mail, untagged))
    assert "other people come by it" in ads.estimand.not_identified


@pytest.mark.parametrize(
    ("channels", "tags", "reason"),
    [
        ((Channel("ads", "paid"),), ("ads", "none"), "no channel declares the tag"),
        (ADS, ("ads",), "everybody carries the tag of a channel"),
    ],
)
def test_no_shares_without_tags_to_compare(
    small: Small, channels: tuple[Channel, ...], tags: tuple[str, ...], reason: str
) -> None:
    (row,) = by_channel(small, channels, tags)
    assert isinstance(row.comparison, NotRun)
    assert reason in row.comparison.reason
