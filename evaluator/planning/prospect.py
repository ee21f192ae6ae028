"""From a past experiment to the next: its design, what it would notice, what it costs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from evaluator.effects import Setting
from evaluator.errors import DataError, Problem, Refusal, UsageError
from evaluator.experiment.planned import Plan, plan_of
from evaluator.experiment.protocol import Protocol
from evaluator.planning.beside import Formula, formulas, mailing
from evaluator.planning.bought import NOTHING_LEARNED, Bought, bought, past_rows
from evaluator.planning.columns import Contrast
from evaluator.planning.curves import Curve, Trial, curves
from evaluator.planning.design import Designed, design
from evaluator.planning.detectable import Detectable, detectable_on, lift_curves
from evaluator.planning.geo import Market
from evaluator.planning.markets import markets
from evaluator.planning.power import Power
from evaluator.planning.search import ByPower, Judge
from evaluator.planning.separability import separability
from evaluator.planning.trade import Trade, trades
from evaluator.planning.varied import Axis, varied
from evaluator.resolve import Resolved
from evaluator.results import NotRun

WORLDS = 200
"""Campaigns of each power."""
PART = 4
"""The search judges a design by one world in so many."""
FEWEST = 50
"""Campaigns of a score or of a point of a curve."""
Progress = Callable[[int, int, str], None]
"""Called with (steps done, steps in all, what is next)."""
NO_RESPONSE = "the mailing list: without plan.mailing.response its power cannot be computed"
STEPS = (
    "searching a design",
    "drawing campaigns: the lifts that are noticed",
    "weighing what costs and what is bought",
)


@dataclass(frozen=True, slots=True, eq=False)
class Prospect:
    """The next experiment before it begins."""

    past: Resolved
    plan: Plan
    designed: Designed
    powers: tuple[Power, ...]
    """Of every row that decides, at the smallest lift worth finding; then of a mailing."""
    detectable: tuple[Detectable, ...]
    """The smallest lift that each would notice, as often as is wanted."""
    worlds: int = 0
    """Campaigns of each power."""
    before: tuple[Contrast, ...] = ()
    """What the past experiment told apart, and what not."""
    curves: tuple[Curve, ...] = ()
    """Over lifts; then along the other axes that were asked for."""
    formulas: tuple[Formula, ...] = ()
    """Power by formula, beside curves over lifts."""
    trades: tuple[Trade, ...] = ()
    bought: Bought | NotRun = NOTHING_LEARNED
    markets: tuple[Market, ...] | NotRun | None = None
    """None where the plan asks for no selection."""
    remarks: tuple[str, ...] = ()
    """What was asked for and could not be drawn."""

    @property
    def noticed(self) -> tuple[Power | Detectable, ...]:
        """Power, then the lifts that are noticed, in the order of the rows."""
        return (*self.powers, *self.detectable)


def prospect(
    past: Resolved,
    worlds: int = WORLDS,
    progress: Progress | None = None,
    axes: Sequence[Axis] = (),
) -> Prospect:
    """Design the next experiment by the declared plan, and compute what is to be known of it.

    Parameters
    ----------
    worlds : campaigns of each power
    progress : told of each step before it begins
    axes : along which power is drawn, beside lifts

    Raises
    ------
    DataError : too few courses, countries, weeks or money for what is wanted
    """
    plan, level = plan_of(past.protocol), past.protocol.decision.level
    steps = (*STEPS, *(f"drawing campaigns: {axis}" for axis in axes))
    told = iter(enumerate(steps))

    def tell() -> None:
        number, what = next(told)
        if progress is not None:
            progress(number, len(steps), what)

    tell()
    judge = ByPower(past, plan.smallest_lift, max(worlds // PART, FEWEST), level)
    try:
        designed = design(past, plan, judge)
    except Refusal as refused:
        raise DataError(Problem("plan", refused.reason)) from None
    tell()
    trial = Trial(plan.smallest_lift, worlds, Setting(level, plan.seed))
    found = _noticed(past, plan, designed, trial)
    tell()
    found = _weighed(found, judge)
    for axis in axes:
        tell()
        part = replace(trial, worlds=max(worlds // PART, FEWEST))
        drawn, impossible = _along(found, axis, part)
        found = replace(
            found, curves=(*found.curves, *drawn), remarks=(*found.remarks, *impossible)
        )
    return found


def concludes_of_nothing(power: Power, level: float) -> bool:
    """Whether a row surely ends with a direction too often where nothing is planted.

    Its power is not to be relied on. Surely: three Monte-Carlo errors above what the level allows.
    """
    allowed = 1 - level
    error = math.sqrt(allowed * level / max(power.campaigns, 1))
    return bool(power.campaigns) and power.false_positive > allowed + 3 * error


def _noticed(past: Resolved, plan: Plan, designed: Designed, trial: Trial) -> Prospect:
    """The design with its power over lifts; what it costs is not known yet."""
    over_lifts = lift_curves(
        past,
        designed.protocol,
        trial.worlds,
        trial.setting,
        power=plan.power,
        also=(plan.smallest_lift,),
    )
    beside = formulas(past, designed.protocol, over_lifts)
    listed = mailing(plan.mailing, designed.protocol, trial) if plan.mailing else None
    if listed is not None:
        over_lifts, beside = (*over_lifts, listed[0]), (*beside, listed[1])
    return Prospect(
        past=past,
        plan=plan,
        worlds=trial.worlds,
        designed=designed,
        before=separability(past).contrasts,
        powers=tuple(_at(curve, plan.smallest_lift) for curve in over_lifts),
        detectable=tuple(detectable_on(curve, plan.power) for curve in over_lifts),
        curves=over_lifts,
        formulas=beside,
        remarks=(NO_RESPONSE,) if plan.mailing and not listed else (),
    )


def _weighed(found: Prospect, judge: Judge) -> Prospect:
    """With what is bought and what that costs."""
    past, plan, designed = found.past, found.plan, found.designed
    rows = past_rows(past)
    buys = bought(past, plan, designed, rows)
    known = () if isinstance(buys, NotRun) else buys.known
    return replace(
        found,
        trades=trades(past, plan, designed, (known, rows), judge),
        bought=buys,
        markets=markets(past, plan, designed.protocol),
    )


def _at(curve: Curve, lift: float) -> Power:
    return next(point.power for point in curve.points if point.value == lift)


def _along(
    prospect: Prospect, axis: Axis, trial: Trial
) -> tuple[tuple[Curve, ...], tuple[str, ...]]:
    """Question by question, at the smallest lift that a row of it would notice.

    At one lift for all, the curves of most questions would lie at the foot or at the top.
    """
    past, following = prospect.past, prospect.designed.protocol
    noticed = {own.key: own.lift for own in prospect.detectable}
    values, remarks = _possible(past, following, axis)
    found: list[Curve] = []
    for question in following.questions:
        lifts = [lift for key, lift in noticed.items() if key.question == question]
        if lifts and math.isfinite(min(lifts)):
            at = replace(trial, lift=max(trial.lift, min(lifts)))
            asked = replace(following, questions=(question,))
            along = curves(past, asked, axis, values, at)
            # A further course is a row that the design does not have.
            found += [own for own in along if own.key in noticed]
    return tuple(found), tuple(remarks)


def _possible(past: Resolved, following: Protocol, axis: Axis) -> tuple[list[int], list[str]]:
    """Values of which a protocol can be made, and which of those tried were none."""
    values, remarks = [], []
    for value in _values(following, axis):
        try:
            varied(past, following, axis, value)
        except UsageError as error:
            remarks.append(f"not drawn: {axis} {value}: {error.problems[0].rule}")
        else:
            values.append(value)
    return values, remarks


def _values(following: Protocol, axis: Axis) -> Iterator[int]:
    """About the design's own value, which is one of them."""
    own = _own(following, axis)
    yield from sorted({max(round(own * part), 1) for part in (0.5, 0.75, 1, 1.25, 1.5)})


def _own(following: Protocol, axis: Axis) -> int:
    if axis is Axis.WEEKS:
        return following.window.days // 7
    if axis is Axis.COURSES:
        return len(following.courses)
    if axis is Axis.WAVES:
        named = [wave for wave in following.waves if not wave.portfolio]
        each = [sum(c.code in w.courses for w in named) for c in following.courses]
        return max(each, default=1)
    if axis is Axis.REFERENCE:
        return following.reference.weeks or following.reference.its_weeks
    rule = following.arms.rule if following.arms else None
    return len(getattr(rule, "countries", ())) or 1
