"""The row's estimate in earlier weeks, when nothing was promoted."""

from __future__ import annotations

import math

import numpy as np

from evaluator.assumptions.departure import ENOUGH_POWER
from evaluator.assumptions.looked import Looked, Seen
from evaluator.assumptions.placebos.labels import ascending
from evaluator.assumptions.placebos.replay import replayed
from evaluator.assumptions.trends.weekly import has_weeks
from evaluator.estimators.arrays import Array
from evaluator.inference.permuted import share_beyond
from evaluator.results import Beside, Evidence, Finding, Placebos, Status

NAME = "placebo in time"
ONE_MORE = math.sqrt(2)
"""A scale short by this factor leaves out as much as the row's own standard error."""
FEWEST_MOVES = 4
"""Earlier windows below which their spread is not looked at."""


def earlier_windows(looked: Looked) -> Seen:
    """Whether the row's courses moved more, before the window, than its scale says.

    The mean square of the standardised placebos is ranked among the same of the other courses,
    so that overlap of the windows and their autocorrelation are in the comparison.
    """
    if looked.effect is None or not has_weeks(looked):
        return Seen(())
    replays = replayed(looked)
    alpha = 1 - looked.setting.level
    moves = 0 if replays is None else len(replays.own) - 1
    if replays is None or moves < FEWEST_MOVES or not len(replays.other):
        sentence = f"{moves} earlier windows of the same length: too few to see how far they spread"
        return Seen((Finding(NAME, Status.NOT_RUN, sentence, "a longer history would tell"),))
    own = replays.own[1:] / replays.own_se[1:]
    other = replays.other[:, 1:] / replays.other_se[:, 1:]
    spread, spreads = float(np.mean(own**2)), np.mean(other**2, axis=1)
    p = (1 + float(np.sum(spreads >= spread))) / (1 + len(spreads))
    z = np.abs(np.append(replays.own[0] / replays.own_se[0], own))
    evidence = Evidence(
        placebos=(Placebos("in time", ascending(replays.own[1:]), share_beyond(z)),)
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
    finding = Finding(NAME, status, sentence, todo, ONE_MORE - stretch, power)
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
