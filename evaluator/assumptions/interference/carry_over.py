"""Findings about what waves leave behind: in the base, in the weeks after, and beforehand."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from evaluator.assumptions.declared.concerned import reference_weeks
from evaluator.assumptions.departure import ENOUGH_POWER, Departure, chance, standard_error
from evaluator.assumptions.looked import Looked, Seen, estimated_as
from evaluator.comparisons import Comparison, Planned, weeks_drawn, within
from evaluator.comparisons.design import REFERENCE, WINDOW
from evaluator.comparisons.waves import channel_of
from evaluator.experiment.protocol import Span
from evaluator.inference.distributions import StudentT
from evaluator.inference.waves import CHANNEL_DOF
from evaluator.resolve import Resolved
from evaluator.results import Effect, Finding, Status

CARRY_OVER = "carry-over"
LEFT = 0.7
"""Largest part of a week's log lift taken to be left a week later."""


def previous_campaign(
    planned: Planned, comparison: Comparison, resolved: Resolved
) -> Iterator[Finding]:
    """Reference weeks that lie in a declared previous campaign."""
    if planned.key.question == within.QUESTION:
        return
    for event in resolved.protocol.previous_campaigns:
        shared = sum(event.span.overlaps(span) for span in reference_weeks(comparison))
        yield Finding(
            "previous campaign",
            Status.WARN if shared else Status.PASS,
            f"{shared} reference weeks lie in “{event.name}” ({event.span}): the base may be raised"
            if shared
            else f"no reference week lies in “{event.name}”",
            "compare the row without the previous campaign" if shared else "",
            -float(shared),
        )


def washout(planned: Planned, _: Comparison, resolved: Resolved) -> Iterator[Finding]:
    """Days between a course's waves, for a row whose base are the weeks between."""
    if planned.key.question != within.QUESTION:
        return
    waves = [
        wave
        for wave in resolved.protocol.waves
        if wave.channel == planned.key.channel and planned.key.course in wave.courses
    ]
    gaps = [gap for wave in waves for gap in _gaps(wave.span, resolved, planned.key.course)]
    if gaps:
        yield Finding(
            "washout between waves",
            Status.WARN if min(gaps) < 7 else Status.PASS,
            f"{min(gaps)} days to the course's next wave; carry-over into the weeks between"
            " biases the contrast toward no effect (measured for ×3: −.16 to −.32 on the log scale"
            " where half to two thirds are left a week later)",
            "leave weeks without promotion between waves next time" if min(gaps) < 7 else "",
            min(gaps) - 7,
        )


def weeks_after(planned: Planned, comparison: Comparison, _: Resolved) -> Iterator[Finding]:
    """Weeks without a wave that come right after one, for a row whose base these are."""
    if planned.key.method != weeks_drawn.METHOD:
        return
    without = comparison.codes == REFERENCE
    after = without[:, 7:] & (comparison.codes[:, :-7] == WINDOW)
    share = float(after.sum() / without.sum())
    yield Finding(
        "weeks after a wave",
        Status.WARN if share else Status.PASS,
        f"{share:.0%} of the weeks without a wave follow one: what it leaves behind biases the lift"
        " toward no effect (measured for ×1.5: −.11 on the log scale where a quarter is left a"
        " week later, −.15 where half is)"
        if share
        else "no week without a wave follows one",
        "leave a week without promotion after every week next time" if share else "",
        -share,
    )


def carried_over(looked: Looked) -> Seen:
    """What a channel's waves left in the second week after, the last that the model holds.

    What is left later lies in the base and takes from the effect. Where the second week is
    raised, the model is fitted with a third, and the lift moves by what the base held of it.
    """
    effect = looked.effect
    if effect is None or looked.planned.key.method != "channel_mean":
        return Seen(())
    second = _second_week(looked, effect)
    if second is None:
        sentence = "no wave has a second week after it to see carry-over in"
        return Seen((Finding(CARRY_OVER, Status.NOT_RUN, sentence),))
    level, error = looked.setting.level, standard_error(effect)
    raised = second.interval(level).low > 0
    third = estimated_as(looked, _with_a_third_week(looked.comparison)) if raised else effect
    bias = effect.log_lift - third.log_lift if isinstance(third, Effect) else math.inf
    power = chance(second, error / _per_unit(looked.comparison), level)
    departure = Departure(bias, bias, bias, raised, power)
    status = departure.status(error)
    said = (
        f"in the second week after its waves the courses are still at ×{second.lift:.2f}; with a"
        f" third week in the model the lift moves by {-departure.bias / error:+.1f} standard"
        " errors: what is left longer draws it towards none"
        if raised
        else "no carry-over is seen in the second week after its waves; one that biases the lift"
        f" by one standard error, towards none, would be noticed in {power:.0%}"
    )
    todo = "leave weeks without promotion after the waves next time" if raised else ""
    margin = departure.margin(error) if raised else power - ENOUGH_POWER
    return Seen((Finding(CARRY_OVER, status, said, todo, margin, power),))


def _per_unit(comparison: Comparison) -> float:
    """Bias for a log unit left in the second week, if `LEFT` of it goes over to the next ones."""
    weeks = []
    for cell in comparison.companions:
        waves = cell.companions[0]
        marked = np.max(np.stack([mark for _, mark in waves.waves]), axis=0)
        weeks.append(float(np.sum((waves.codes[0] != 0) & (marked == 0))) / 7)
    return LEFT / (1 - LEFT) / max(float(np.mean(weeks)), 1.0)


def _with_a_third_week(comparison: Comparison) -> Comparison:
    channels = {name for cell in comparison.companions for name in cell.target}
    cells = []
    for cell in comparison.companions:
        base = cell.companions[0]
        marks = dict(base.waves)
        for name in channels & {channel_of(label) for label in marks}:
            later = np.roll(marks.get(f"{name} +2", np.zeros_like(base.codes[0])), 7)
            later[:7] = 0
            if later.any() and not any(np.array_equal(later, mark) for mark in marks.values()):
                marks[f"{name} +3"] = later
        waves = tuple(marks.items())
        cells.append(replace(cell, waves=waves, companions=(replace(base, waves=waves),)))
    return replace(comparison, companions=tuple(cells))


def _second_week(looked: Looked, effect: Effect) -> Effect | None:
    """Mean over the courses of what the second week after the waves had, where it can be told."""
    label = f"{looked.planned.key.channel} +2"
    laws = []
    for cell in looked.comparison.companions:
        if label in dict(cell.companions[0].waves):
            found = estimated_as(looked, replace(cell, target=(label,)), "joint_daily")
            law = found.distribution if isinstance(found, Effect) else None
            laws += [law] if isinstance(law, StudentT) else []
    if not laws:
        return None
    location = np.mean([law.location for law in laws])
    scale = np.sqrt(np.sum([law.scale**2 for law in laws])) / len(laws)
    law = StudentT(np.asarray(location), np.asarray(scale), CHANNEL_DOF)
    return Effect(float(location), law, effect.estimand)


def _gaps(span: Span, resolved: Resolved, course: str) -> list[int]:
    """Days from a wave to each other wave of the same course; 0 where they overlap."""
    others = [
        wave.span
        for wave in resolved.protocol.waves
        if course in wave.courses and wave.span != span
    ]
    apart = [max((o.start - span.end).days, (span.start - o.end).days) - 1 for o in others]
    return [max(days, 0) for days in apart]
