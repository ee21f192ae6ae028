"""How much of a row's estimate hangs on one course, one country or one week."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from evaluator.assumptions.declared.concerned import courses_of
from evaluator.assumptions.departure import standard_error
from evaluator.assumptions.looked import Looked, Seen
from evaluator.assumptions.placebos.replay import by_own_method, compared_with, in_weeks
from evaluator.assumptions.trends.weekly import has_weeks, weekly_of
from evaluator.comparisons import Comparison, campaign
from evaluator.comparisons.design import WINDOW
from evaluator.errors import Refusal
from evaluator.estimators.arrays import Array
from evaluator.estimators.ratio import HALF
from evaluator.experiment.protocol import Span
from evaluator.results import Effect, Evidence, Finding, Interval, Status, Without

NAME = "influence"
SHOWN = 5
"""Pieces of each kind that are handed on, the most influential ones."""


@dataclass(frozen=True, slots=True, eq=False)
class Left:
    """Campaigns without one piece each."""

    kind: str
    names: tuple[str, ...]
    without: Comparison
    """Its outcomes have a leading axis, a piece left out along it."""
    promoted: tuple[bool, ...] | None = None
    """Whether promotion was there, so that an effect is; None: nowhere."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What leaving out a piece does."""

    without: Without
    promoted: bool


def influence(looked: Looked) -> Seen:
    """The row without each course, country and week in turn, by its own method, in a few calls."""
    effect = looked.effect
    if effect is None or not has_weeks(looked):
        return Seen(())
    if not weekly_of(looked.comparison).time[-1] >= 0:
        return Seen((_not_run("the window holds no whole week"),))
    try:
        whole = _whole(looked)
        full = float(by_own_method(whole, looked)[0])
        moved = [
            Moved(Without(left.kind, name, effect.log_lift + float(lift) - full), promoted)
            for left in _each_left_out(looked, whole)
            for name, promoted, lift in zip(
                left.names,
                left.promoted or [False] * len(left.names),
                by_own_method(left.without, looked)[0],
                strict=True,
            )
        ]
    except Refusal as refused:
        return Seen((_not_run(refused.reason),))
    moved = [one for one in moved if np.isfinite(one.without.log_lift)]
    if all(one.promoted for one in moved):
        return Seen((_not_run("nothing that promotion did not reach can be left out"),))
    moved.sort(key=lambda one: -abs(one.without.log_lift - effect.log_lift))
    kinds = dict.fromkeys(one.without.kind for one in moved)
    shown = [m for kind in kinds for m in [m for m in moved if m.without.kind == kind][:SHOWN]]
    evidence = Evidence(without=tuple(one.without for one in shown))
    return Seen((_finding(looked, effect, moved),), evidence)


def _not_run(reason: str) -> Finding:
    sentence = f"what the conclusion hangs on cannot be looked at by the week: {reason}"
    return Finding(NAME, Status.NOT_RUN, sentence)


def _finding(looked: Looked, effect: Effect, moved: list[Moved]) -> Finding:
    """An effect is where promotion was: only what rests on a piece elsewhere is doubtful."""
    own = effect.interval(looked.setting.level)

    def room(one: Moved) -> float:
        return _room(one.without, effect, own)

    elsewhere = [one for one in moved if not one.promoted]
    most = elsewhere[0].without
    least = min(elsewhere, key=room)
    margin = None if 0.0 in own else room(least)
    if margin is not None and margin < 0:
        worst = least.without
        sentence = (
            f"the conclusion hangs on the {worst.kind} {worst.left_out}: without it the lift is"
            f" ×{np.exp(worst.log_lift):.2f} instead of ×{effect.lift:.2f}"
        )
        todo = f"look at that {worst.kind} before the conclusion is used"
        return Finding(NAME, Status.WARN, sentence, todo, margin)
    sentence = (
        f"the conclusion hangs on no other course, {looked.resolved.protocol.unit} or week without"
        f" promotion; the {most.kind} {most.left_out} weighs most: ×{np.exp(most.log_lift):.2f}"
        f" without it, ×{effect.lift:.2f} with it"
    )
    source = next((one.without for one in moved if one.promoted and room(one) < 0), None)
    if source is not None:
        sentence += (
            f"; the effect is mostly that of the {source.kind} {source.left_out}"
            f" (×{np.exp(source.log_lift):.2f} without it)"
        )
    return Finding(NAME, Status.PASS, sentence, "", margin)


def _room(without: Without, effect: Effect, own: Interval) -> float:
    """Standard errors that are left before the row, without a piece, moves by one of them *and*
    its interval holds no effect; infinite where it did with the piece."""
    if 0.0 in own:
        return math.inf
    shift, error = without.log_lift - effect.log_lift, standard_error(effect)
    excluded = own.low + shift if own.low > 0 else -own.high - shift
    return max(error - abs(shift), excluded) / error


def _whole(looked: Looked) -> Comparison:
    """The row's comparison in weeks, from its reference to the end of its window."""
    weekly = weekly_of(looked.comparison)
    reference, window = int(weekly.reference.sum()), len(weekly.usable) - weekly.anchor
    used = slice(weekly.anchor - reference, None)
    frame = in_weeks(looked.comparison, reference, window)
    other = compared_with(weekly.other[None, ..., used], looked)[0]
    return replace(frame, treated=weekly.treated[..., used], other=other)


def _each_left_out(looked: Looked, whole: Comparison) -> Iterator[Left]:
    yield from _courses(looked, whole)
    if whole.in_a is not None:
        yield _countries(looked, whole)
    yield _weeks(looked, whole)


def _courses(looked: Looked, whole: Comparison) -> Iterator[Left]:
    """Other courses that are compared with, then the promoted ones where there are several."""
    others = looked.resolved.others
    if len(whole.other) == len(others) > 1:
        rest = np.array([np.delete(np.arange(len(others)), j) for j in range(len(others))])
        yield Left("other course", others, replace(whole, other=whole.other[rest]))
    elif len(whole.other):  # pooled already
        weekly = weekly_of(looked.comparison)
        each = weekly.other[..., -whole.other.shape[-1] :]
        yield Left("other course", others, replace(whole, other=whole.other - each[:, None]))
    for position, code in enumerate(whole.series) if len(whole.series) > 1 else ():
        kept = np.delete(np.arange(len(whole.series)), position)
        yield Left(
            "promoted course",
            (code,),
            replace(
                whole,
                series=tuple(np.array(whole.series)[kept].tolist()),
                treated=whole.treated[kept][None],
                codes=whole.codes[kept],
                in_a=None if whole.in_a is None else whole.in_a[kept],
            ),
            (True,),
        )


def _countries(looked: Looked, whole: Comparison) -> Left:
    """Each country that counts for something, emptied on both sides."""
    counted = np.flatnonzero(whole.treated.sum(axis=(0, 2)))
    kept = 1.0 - np.eye(whole.treated.shape[1])[counted]  # (countries left out, U)
    names = tuple(looked.resolved.panel.countries[unit] for unit in counted)
    unit = looked.resolved.protocol.unit
    emptied = kept[:, None, :, None]
    return Left(
        unit, names, replace(whole, treated=whole.treated * emptied, other=whole.other * emptied)
    )


def _weeks(looked: Looked, whole: Comparison) -> Left:
    """Each week of the reference and of the window, emptied on both sides.

    A series needs every week: there a reference week is put at the level of the others.
    """
    number = whole.treated.shape[-1]
    kept = (1.0 - np.eye(number))[:, None, None, :]
    treated, other = whole.treated * kept, whole.other * kept
    inside = whole.codes[0] == WINDOW
    if looked.planned.key.question == campaign.QUESTION:
        usual = _usual(whole.treated[0, 0], whole.other.sum(axis=(0, 1)), ~inside)
        for week in np.flatnonzero(~inside):
            treated[week, 0, 0, week] = usual[week]
            other[week, :, :, week] = whole.other[:, :, week]
    first = looked.resolved.protocol.window.start - timedelta(7 * int(np.sum(~inside)))
    weeks = [
        Span(day, day + timedelta(6)) for day in (first + timedelta(7 * w) for w in range(number))
    ]
    names = tuple(f"of {week.start:%-d %b %Y}" for week in weeks)
    waves = _waves(looked)
    promoted = tuple(any(wave.overlaps(week) for wave in waves) for week in weeks)
    return Left("week", names, replace(whole, treated=treated, other=other), promoted)


def _waves(looked: Looked) -> list[Span]:
    """When the row's courses were promoted, as far as is declared, with the week after."""
    protocol = looked.resolved.protocol
    courses = {course.code for course in courses_of(looked.comparison, looked.resolved)}
    return [
        Span(wave.span.start, wave.span.end + timedelta(7))
        for wave in protocol.waves
        if wave.portfolio or courses & set(wave.courses)
    ]


def _usual(course: Array, other: Array, reference: Array) -> Array:
    """What a course would count in each week at its mean log ratio in the other weeks of the
    reference, (weeks,)."""
    ratio = np.log(course + HALF) - np.log(other + HALF)
    rest = (ratio[reference].sum() - ratio) / (reference.sum() - 1)
    return np.asarray((other + HALF) * np.exp(rest) - HALF)
