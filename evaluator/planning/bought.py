"""What the money of a design is expected to buy, and how else it could be spent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from evaluator.experiment.planned import Plan
from evaluator.experiment.protocol import Question
from evaluator.planning.budget import Split, Yield, cells_of, expected, split, yields
from evaluator.planning.design import Designed
from evaluator.planning.priced import prices_of
from evaluator.resolve import Resolved
from evaluator.results import Amount, NotRun, Row

NOTHING_LEARNED = NotRun(
    "the past experiment says of no channel what its money bought: three courses or more with an"
    " estimate and a declared cost are needed"
)


@dataclass(frozen=True, slots=True)
class Bought:
    """Extra enrolments for money, from past results."""

    known: tuple[Yield, ...]
    spend: Mapping[tuple[str, str], float]
    """(channel, course) → money, of the design."""
    extra: Amount
    """Expected of that."""
    beyond: tuple[tuple[str, str], ...]
    """Of the same where more is spent than ever was on a course: an extrapolation."""
    split: Split | None
    """Of the whole budget; None where none is declared."""


def past_rows(past: Resolved) -> tuple[Row, ...]:
    """The rows of the past experiment about its channels; none where it did not ask."""
    # Imported here: an experiment that asks nothing of its channels does without.
    from evaluator.evaluation import evaluate

    if Question.CHANNELS not in past.protocol.questions:
        return ()
    asked = replace(
        past.protocol,
        questions=(Question.CHANNELS,),
        negative_controls=(),
        claims=(),
        kpis=(),
        contradictions=(),
    )
    return tuple(evaluate(replace(past, protocol=asked)).rows)


def bought(past: Resolved, plan: Plan, designed: Designed, rows: Sequence[Row]) -> Bought | NotRun:
    """Expected extra enrolments of the design's waves, and of the budget split over channels.

    Parameters
    ----------
    rows : of the past experiment, see `past_rows`
    """
    names = {channel.name for channel in plan.channels}
    known = yields([cell for cell in cells_of(rows) if cell.channel in names], plan.seed)
    if not known:
        return NOTHING_LEARNED
    level, spend = past.protocol.decision.level, _spent(past, plan, designed)
    doses = {own.channel: max(own.doses) for own in known}
    courses = [course.code for course in designed.protocol.courses]
    return Bought(
        known,
        spend,
        expected(known, spend, level),
        tuple(key for key, money in spend.items() if money > doses.get(key[0], float("inf"))),
        split(known, plan.budget, courses, level) if plan.budget is not None else None,
    )


def _spent(past: Resolved, plan: Plan, designed: Designed) -> Mapping[tuple[str, str], float]:
    each = prices_of(past, plan).each
    found: dict[tuple[str, str], float] = {}
    for wave in designed.protocol.waves:
        for course in wave.courses if each[wave.channel] else ():
            key = wave.channel, course
            found[key] = found.get(key, 0.0) + each[wave.channel]
    return found
