"""What one more week or a hold-out buys, and what it costs in money and in enrolments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaluator.comparisons import ALL, channels
from evaluator.experiment.planned import Plan
from evaluator.experiment.protocol import Protocol
from evaluator.planning.budget import Yield, expected
from evaluator.planning.design import Designed, design
from evaluator.planning.groups import weekly_rate
from evaluator.planning.search import Judge, Score
from evaluator.resolve import Resolved
from evaluator.results import Amount, Interval, NotRun, Row

WEEK, NO_ADS, LEFT_OUT, LIST = (
    "one more week",
    "countries without advertisements",
    "courses left out of every promotion",
    "recipients held out of the newsletter",
)
NO_ROW = (float("nan"), float("nan"))
"""Gain and error where no row's power is computed."""
NOTHING = Amount(0.0, Interval(0.0, 0.0, 0.95), 1.0)


@dataclass(frozen=True, slots=True)
class Trade:
    """One choice of the plan: the design with it against the design without it."""

    what: str
    identifies: tuple[str, ...]
    """Contrasts that only the design with it identifies."""
    power: float
    """Mean power with it less that without it, at the smallest lift worth finding; NaN where
    the choice changes no row of which power is computed."""
    money: float
    """Cost of the waves with it less that without it."""
    forgone: Amount | NotRun
    """Expected enrolments that are not had because of it."""
    error: float = float("nan")
    """Monte-Carlo standard error of `power`, at most."""


def trades(
    past: Resolved,
    plan: Plan,
    designed: Designed,
    bought: tuple[Sequence[Yield], Sequence[Row]],
    judge: Judge,
) -> tuple[Trade, ...]:
    """The choices of a plan, each against the same plan without it.

    Parameters
    ----------
    designed : the plan's own design
    bought : what money bought in the past, and the rows of the past evaluation
    judge : scored `designed`; it scores the others on the same worlds
    """
    known, rows = bought
    level = past.protocol.decision.level
    own = designed.winner.searched or judge(designed.protocol, plan.seed)
    found = [_more_weeks(past, plan, designed, judge, own)]
    if plan.no_ads:
        without = design(past, replace(plan, no_ads=0.0), _unjudged)
        lost = _ads_forgone(past, designed, known, without.protocol, level)
        found.append(
            _trade(NO_ADS, designed, without, _gain(own, judge(without.protocol, plan.seed)), lost)
        )
    if plan.left_out:
        without = design(past, replace(plan, left_out=0), _unjudged)
        lost_ = NotRun("what the portfolio's promotion adds was not identified: this is to tell")
        found.append(_trade(LEFT_OUT, designed, without, NO_ROW, lost_))
    return (*found, *_list_held_out(plan, rows))


def _more_weeks(past: Resolved, plan: Plan, designed: Designed, judge: Judge, own: Score) -> Trade:
    longer = design(past, replace(plan, weeks=plan.weeks + 1), _unjudged)
    gain = _gain(judge(longer.protocol, plan.seed), own)
    return _trade(WEEK, longer, designed, gain, NOTHING)


def _trade(
    what: str,
    with_it: Designed,
    without: Designed,
    gain: tuple[float, float],
    forgone: Amount | NotRun,
) -> Trade:
    had = {own.name for own in without.separability.contrasts if own.identified}
    new = [
        own.name for own in with_it.separability.contrasts if own.identified and own.name not in had
    ]
    power, error = gain
    return Trade(what, tuple(new), power, with_it.cost - without.cost, forgone, error)


def _gain(with_it: Score, without: Score) -> tuple[float, float]:
    """Over the rows that both have, with its standard error."""
    before = dict(without.rows)
    differences = [power - before[key] for key, power in with_it.rows if key in before]
    if not differences:
        return NO_ROW
    return float(np.mean(differences)), float(np.hypot(with_it.error, without.error))


def _ads_forgone(
    past: Resolved, designed: Designed, known: Sequence[Yield], everywhere: Protocol, level: float
) -> Amount | NotRun:
    """Of what the same advertisements buy everywhere, the part of the countries without them.

    The money is taken to buy there what it bought before; where it is spent in the others
    instead, that much less is forgone.
    """
    if not known:
        return NotRun("no past result says what advertisements buy")
    countries = designed.assigned["countries"].members("B")
    doses = {
        (own.channel, c): d for own in known for c, d in zip(own.courses, own.doses, strict=True)
    }
    spend: dict[tuple[str, str], float] = {}
    for wave in everywhere.waves:
        for course in wave.courses:
            if (wave.channel, course) in doses:
                part = weekly_rate(past, course, countries) / weekly_rate(past, course)
                spend[wave.channel, course] = doses[wave.channel, course] * part
    return expected(known, spend, level)


def _list_held_out(plan: Plan, rows: Sequence[Row]) -> Iterator[Trade]:
    """The held-out share of what the newsletter added before."""
    emails = [channel.name for channel in plan.channels if channel.kind == "email"]
    if plan.mailing is None or not emails:
        return
    extra = next(
        (
            row.extra.expected
            for row in rows
            if row.key.channel in emails
            and (row.key.course, row.key.variant) == (ALL, channels.AFTER)
            and row.key.method == "channel_mean"
            and row.extra is not None
        ),
        None,
    )
    share = plan.mailing.holdout
    forgone: Amount | NotRun = NotRun("no past result says what the newsletter adds")
    if extra is not None:
        low, high = share * extra.interval.low, share * extra.interval.high
        forgone = Amount(share * extra.value, Interval(low, high, extra.interval.level), extra.p)
    yield Trade(LIST, (f"{emails[0]} by recipient",), float("nan"), 0.0, forgone)


def _unjudged(protocol: Protocol, seed: int) -> Score:
    """Every schedule alike: the first that tells most apart is taken."""
    del protocol, seed
    return Score(0.0, 0.0, (), 0)
