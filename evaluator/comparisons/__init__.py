"""Causal questions: one module each; a question owns its estimand and its wording."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from evaluator.comparisons import (
    arms,
    campaign,
    channels,
    geography,
    left_out,
    order,
    portfolio,
    promoted,
    secondary,
    weekdays,
    weeks_drawn,
    within,
)
from evaluator.comparisons.design import ALL, Comparison, Described, Planned
from evaluator.experiment.protocol import Question
from evaluator.resolve import Resolved

__all__ = ["ALL", "TITLES", "Comparison", "Described", "Planned", "planned_rows", "seen_by"]


def _promoted(resolved: Resolved) -> Iterator[Planned]:
    yield from promoted.planned(resolved)
    yield from left_out.total(resolved)


def _portfolio(resolved: Resolved) -> Iterator[Planned]:
    yield from left_out.portfolio(resolved)
    yield from portfolio.planned(resolved)


QUESTIONS: Mapping[Question, Callable[[Resolved], Iterator[Planned]]] = {
    Question.PROMOTED_VS_OTHER: _promoted,
    Question.A_VS_B: arms.planned,
    Question.PRE_VS_CAMPAIGN: campaign.planned,
    Question.CHANNELS: channels.planned,
    Question.PORTFOLIO: _portfolio,
    Question.ORDER: order.planned,
    Question.GEOGRAPHY: geography.planned,
    Question.SECONDARY: secondary.planned,
    Question.WEEKDAYS: weekdays.planned,
}
"""The declared questions, in the order in which they are answered."""

TITLES: Mapping[str, str] = {
    promoted.QUESTION: "Promoted courses against other courses",
    arms.QUESTION: "Arm A against arm B",
    campaign.QUESTION: "Before against during the campaign",
    channels.QUESTION: "Per channel",
    portfolio.QUESTION: "Promotion of the whole portfolio",
    order.QUESTION: "Order of paid and organic promotion",
    geography.QUESTION: "Paid waves by group of countries",
    within.QUESTION: "Within the campaign: courses without history",
    secondary.QUESTION: "Secondary outcomes: promoted courses against other courses",
    weekdays.QUESTION: "Before against during the campaign, by weekday",
    secondary.BY_CHANNEL: "Secondary outcomes by channel of first contact",
}


def planned_rows(resolved: Resolved) -> list[Planned]:
    """Every row the declaration asks for, in the order of the table, with its comparison."""
    rows: list[Planned] = []
    for question, planned in QUESTIONS.items():
        if question in resolved.protocol.questions:
            rows.extend(planned(resolved))
    if Question.PRE_VS_CAMPAIGN in resolved.protocol.questions:
        rows.extend(within.planned(resolved))
    return rows


def seen_by(row: Planned, resolved: Resolved) -> Resolved:
    """The data as a row sees them: its other courses may be those left out of every promotion."""
    if row.key.method == left_out.METHOD:
        return left_out.without_promotion(resolved)
    if row.key.question == channels.QUESTION and row.key.arm in (ALL, weeks_drawn.ARM):
        own = [c for c in resolved.protocol.channels if c.name == row.key.channel]
        return channels.seen_by(resolved, own[0]) if own else resolved
    return resolved
