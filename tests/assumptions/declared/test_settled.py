"""Whether the days of a secondary outcome are over: for the window, and for the reference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from evaluator.assumptions import row_findings
from evaluator.comparisons import secondary
from evaluator.experiment.protocol import Channel, Question
from evaluator.experiment.secondary import Secondary, SecondaryKind
from evaluator.panel import Panel
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status
from evaluator.sources import Outcome

Small = Callable[..., Resolved]
NEW = Secondary("new", SecondaryKind.NEW_LEARNERS)
AGAIN = Secondary("again", SecondaryKind.FOLLOW_UP, 10)
OVER, BASE = "follow-up over", "follow-up of the reference"


def until(panel: Panel, days: int) -> Panel:
    kept = panel.cells[3] < days
    return replace(panel, days=days, cells=panel.cells[:, kept], values=panel.values[kept])


def findings(
    small: Small, outcome: Secondary, variant: str = "default", *, later: int = 0
) -> dict[str, Finding]:
    """Findings of P's row, with so many days of data after the window."""
    resolved = small(secondary=(outcome,), questions=(Question.SECONDARY,))
    protocol, panel = resolved.protocol, resolved.panel
    protocol = replace(protocol, as_of=protocol.as_of + timedelta(later))
    counted = until(panel, panel.days + min(later - (outcome.days or 0), 0))
    resolved = replace(
        resolved, protocol=protocol, outcomes={outcome.name: Outcome(counted, counted, counted)}
    )
    (row,) = (
        row
        for row in secondary.planned(resolved)
        if (row.key.course, row.key.variant) == ("P", variant)
    )
    return {finding.name: finding for finding in row_findings(row, resolved)}


@pytest.mark.parametrize(
    ("later", "status", "margin", "said"),
    [
        (0, Status.WARN, -10, "only for people of 31 Jul 2023 – 31 Aug 2023: 32 of the 42 days"),
        (9, Status.WARN, -1, "41 of the 42 days"),
        (10, Status.PASS, 0, "the days of everybody in the window are over"),
    ],
)
def test_the_window_is_followed_up(
    small: Small, later: int, status: Status, margin: float, said: str
) -> None:
    found = findings(small, AGAIN, later=later)[OVER]
    assert (found.status, found.margin) == (status, margin)
    assert said in found.sentence
    if margin:
        assert found.todo == "evaluate again with data up to 20 Sep 2023"


def test_the_base_reaches_into_the_campaign_unless_it_was_settled(small: Small) -> None:
    default, settled = (
        findings(small, AGAIN, variant)[BASE] for variant in ("default", secondary.SETTLED)
    )
    assert (default.status, default.margin) == (Status.WARN, -10)
    assert "of the last 10 reference days was decided in the campaign" in default.sentence
    assert secondary.SETTLED in default.todo
    assert (settled.status, settled.margin) == (Status.PASS, 0)


def test_new_learners_are_known_at_once(small: Small) -> None:
    assert not {OVER, BASE} & set(findings(small, NEW))


def test_shares_are_looked_at_for_their_days_alone(small: Small) -> None:
    """What moves courses apart says nothing of a share among people."""
    channels = (Channel("ads", "paid", tag="ads"),)
    resolved = small(secondary=(AGAIN,), channels=channels, questions=(Question.SECONDARY,))
    panel = replace(resolved.panel, tags=("ads", "none"))
    counted = until(panel, panel.days - 10)
    outcomes = {"again": Outcome(counted, counted, counted)}
    resolved = replace(resolved, panel=panel, outcomes=outcomes)
    (row,) = (row for row in secondary.planned(resolved) if row.key.channel == "ads")
    assert [finding.name for finding in row_findings(row, resolved)] == [OVER, "coverage"]
