"""How much of a row's estimate hangs on one course, one country or one week."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from evaluator.assumptions.departure import standard_error
from evaluator.assumptions.looked import Looked, Seen
from evaluator.assumptions.placebos.replay import by_own_method, compared_with, in_weeks
from evaluator.assumptions.trends.weekly import has_weeks, weekly_of
from evaluator.comparisons import Comparison, campaign
from evaluator.comparisons.design import WINDOW
from evaluator.errors import Refusal
from evaluator.estimators.arrays import Array
from evaluator.estimators.ratio import HALF
from evaluator.results import Effect, Evidence, Finding, Status, Without

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
            Without(left.kind, name, effect.log_lift + float(lift) - full)
            for left in _each_left_out(looked, whole)
            for name, lift in zip(left.names, by_own_method(left.without, looked)[0], strict=True)
        ]
    except Refusal as refused:
        return Seen((_not_run(refused.reason),))
    moved = [without for without in moved if np.isfinite(without.log_lift)]
    moved.sort(key=lambda without: -abs(without.log_lift - effect.log_lift))
    kinds = dict.fromkeys(without.kind for without in moved)
    shown = [w for kind in kinds for w in [m for m in moved if m.kind == kind][:SHOWN]]
    return Seen((_finding(looked, effect, moved),), Evidence(without=tuple(shown)))


def _not_run(reason: str) -> Finding:
    sentence = f"what the conclusion hangs on cannot be looked at by the week: {reason}"
    return Finding(NAME, Status.NOT_RUN, sentence)


def _finding(looked: Looked, effect: Effect, moved: list[Without]) -> Finding:
    error, own = standard_error(effect), effect.interval(looked.setting.level)
    most = moved[0]
    decisive = [
        without for without in moved if _overturns(without, effect, error, own.low, own.high)
    ]
    margin = 1 - abs(most.log_lift - effect.log_lift) / error
    if decisive:
        worst = decisive[0]
        sentence = (
            f"the conclusion hangs on the {worst.kind} {worst.left_out}: without it the lift is"
            f" ×{np.exp(worst.log_lift):.2f} instead of ×{effect.lift:.2f}"
        )
        todo = f"look at that {worst.kind} before the conclusion is used"
        return Finding(NAME, Status.WARN, sentence, todo, margin)
    sentence = (
        f"the conclusion hangs on no single course, {looked.resolved.protocol.unit} or week; the"
        f" {most.kind} {most.left_out} weighs most: ×{np.exp(most.log_lift):.2f} without it,"
        f" ×{effect.lift:.2f} with it"
    )
    return Finding(NAME, Status.PASS, sentence, "", margin)


def _overturns(without: Without, effect: Effect, error: float, low: float, high: float) -> bool:
    """Whether without one piece the row moves by a standard error or turns round, and what its
    interval excluded, no effect, is inside."""
    shift = without.log_lift - effect.log_lift
    large = abs(shift) > error or without.log_lift * effect.log_lift < 0
    return large and not low <= 0 <= high and low + shift <= 0 <= high + shift


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
    names = tuple(f"of {first + timedelta(7 * week):%-d %b %Y}" for week in range(number))
    return Left("week", names, replace(whole, treated=treated, other=other))


def _usual(course: Array, other: Array, reference: Array) -> Array:
    """What a course would count in each week at its mean log ratio in the other weeks of the
    reference, (weeks,)."""
    ratio = np.log(course + HALF) - np.log(other + HALF)
    rest = (ratio[reference].sum() - ratio) / (reference.sum() - 1)
    return np.asarray((other + HALF) * np.exp(rest) - HALF)
