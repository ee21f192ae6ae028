"""The row's estimate where nothing was promoted: other courses, earlier weeks, labels redrawn."""

from __future__ import annotations

import math

import numpy as np

from evaluator.assumptions.departure import ENOUGH_POWER
from evaluator.assumptions.looked import Looked, Seen
from evaluator.assumptions.placebos.replay import Replayed, replayed
from evaluator.assumptions.trends.weekly import has_weeks
from evaluator.comparisons import promoted
from evaluator.effects.facts import window_and_reference
from evaluator.errors import Refusal
from evaluator.estimators.arrays import Array
from evaluator.inference.permuted import ratios_of_sets, relabelled, share_beyond
from evaluator.results import Beside, Effect, Evidence, Finding, Placebos, Status

ONE_MORE = math.sqrt(2)
"""A scale short by this factor leaves out as much as the row's own standard error."""
FEWEST_MOVES = 4
"""Earlier windows below which their spread is not looked at."""


def placebos(looked: Looked) -> Seen:
    """Placebo campaigns of a row in space and in time, each with its finding."""
    if looked.effect is None or not has_weeks(looked):
        return Seen(())
    replays = replayed(looked)
    in_space = _in_space(looked, looked.effect, replays)
    in_time = _in_time(looked, replays)
    return Seen(
        (*in_space.findings, *in_time.findings),
        Evidence(placebos=(*in_space.evidence.placebos, *in_time.evidence.placebos)),
        in_time.beside,
    )


def _in_space(looked: Looked, effect: Effect, replays: Replayed | None) -> Seen:
    """The rank of the row among other courses; of its set of courses among all sets."""
    found = _redrawn(looked) if looked.planned.key.question == promoted.QUESTION else None
    if found is None and replays is not None and len(replays.other):
        z = np.append(replays.own[0] / replays.own_se[0], _z(replays)[:, 0])
        found = Placebos("in space", _ascending(replays.other[:, 0]), share_beyond(z))
    if found is None:
        return Seen(())
    return Seen((_rank(looked, effect, found),), Evidence(placebos=(found,)))


def _redrawn(looked: Looked) -> Placebos | None:
    """Labels permuted over all courses, promoted and other, with no effect imposed."""
    treated, other = window_and_reference(looked.comparison)
    # Rows of several courses have one reference, so that the first series' view is that of all.
    totals = [
        np.concatenate([treated[code].sum(axis=-1), other[code, 0].sum(axis=-1)]) for code in (0, 1)
    ]
    number = len(looked.comparison.series)
    sets = relabelled(len(totals[0]), number, looked.setting.generator(looked.planned.key))
    try:
        lifts, t = ratios_of_sets(totals[0], totals[1], sets)
    except Refusal:
        return None
    kind = "permuted" if number > 1 else "in space"
    return Placebos(kind, _ascending(lifts[1:]), share_beyond(t))


def _rank(looked: Looked, effect: Effect, found: Placebos) -> Finding:
    """Whether the rank among placebos bears the interval out."""
    alpha = 1 - looked.setting.level
    name = "labels permuted" if found.kind == "permuted" else "placebo in space"
    number = len(found.log_lifts)
    where = f"{number:,} other sets of courses" if found.kind == "permuted" else f"{number} courses"
    excluded = 0.0 not in effect.interval(looked.setting.level)
    if 1 / (number + 1) > alpha:
        sentence = f"{where} in the row's place: too few for a rank of {alpha:.2g}"
        return Finding(name, Status.NOT_RUN, sentence, "read it as it stands")
    farther = round(found.p * (number + 1)) - 1
    sentence = (
        f"{farther or 'none'} of {where} in the row's place move as far by themselves:"
        f" p = {found.p:.2g} by rank"
    )
    disagrees = excluded and found.p > alpha
    todo = "do not rest the conclusion on this row alone" if disagrees else ""
    return Finding(name, Status.WARN if disagrees else Status.PASS, sentence, todo, alpha - found.p)


def _in_time(looked: Looked, replays: Replayed | None) -> Seen:
    """Whether the row's courses moved more, before the window, than its scale says.

    The mean square of the standardised placebos is ranked among the same of the other courses,
    so that overlap of the windows and their autocorrelation are in the comparison.
    """
    name, alpha = "placebo in time", 1 - looked.setting.level
    moves = 0 if replays is None else len(replays.own) - 1
    if replays is None or moves < FEWEST_MOVES or not len(replays.other):
        sentence = f"{moves} earlier windows of the same length: too few to see how far they spread"
        return Seen((Finding(name, Status.NOT_RUN, sentence, "a longer history would tell"),))
    own, other = replays.own[1:] / replays.own_se[1:], _z(replays)[:, 1:]
    spread, spreads = float(np.mean(own**2)), np.mean(other**2, axis=1)
    p = (1 + float(np.sum(spreads >= spread))) / (1 + len(spreads))
    z = np.abs(np.append(replays.own[0] / replays.own_se[0], own))
    evidence = Evidence(
        placebos=(Placebos("in time", _ascending(replays.own[1:]), share_beyond(z)),)
    )
    stretch, power = math.sqrt(spread), _power(other, alpha)
    status = Status.PASS if power >= ENOUGH_POWER else Status.NOT_RUN
    if p <= alpha:
        status = Status.FAIL if stretch >= ONE_MORE else Status.WARN
    strayed = f"over {moves} earlier windows the estimate strayed {stretch:.1f} × its scale"
    sentence = (
        f"{strayed}, more than almost any other course's (p = {p:.2g})"
        if p <= alpha
        else f"{strayed}, as the other courses' do (p = {p:.2g}); a bias of one standard error"
        f" there would be noticed in {power:.0%}"
    )
    todo = _TODO.get(status, "")
    finding = Finding(name, status, sentence, todo, ONE_MORE - stretch, power)
    stretched = Beside("stretched to its placebos in time", stretch)
    return Seen((finding,), evidence, (stretched,) if status is Status.FAIL else ())


_TODO = {
    Status.FAIL: "read the wider interval beside the row",
    Status.WARN: "look at the weeks before the window for what set them apart",
    Status.NOT_RUN: "a longer history would tell",
}


def _power(other: Array, alpha: float) -> float:
    """Chance that a course with a bias of one standard error in every earlier window has the
    largest spread but for a share `alpha` of the others: the other courses, biased in turn."""
    spreads = np.mean(other**2, axis=1)
    allowed = math.floor(alpha * (1 + len(other)) + 1e-9) - 1
    seen = [
        float(np.sum(np.delete(spreads, course) >= np.mean((z + bias) ** 2)) <= allowed)
        for course, z in enumerate(other)
        for bias in (-1.0, 1.0)
    ]
    return float(np.mean(seen)) if allowed >= 0 else 0.0


def _z(replays: Replayed) -> Array:
    return replays.other / replays.other_se


def _ascending(log_lifts: Array) -> tuple[float, ...]:
    return tuple(float(value) for value in np.sort(log_lifts))
