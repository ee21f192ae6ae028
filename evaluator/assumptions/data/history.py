"""Findings about the weeks before the window: who has them, outliers, change points.

Every promoted course is looked at as every other course is: what is unusual is measured by what
courses that nobody promoted do by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import numpy as np

from evaluator.assumptions.data.counting import some
from evaluator.comparisons.design import course_days
from evaluator.comparisons.promoted import has_whole_reference
from evaluator.comparisons.references import in_launch
from evaluator.errors import Refusal
from evaluator.estimators.arrays import Array
from evaluator.estimators.ratio import HALF, fitted_scale
from evaluator.experiment.protocol import Span
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status

FAMILY = 0.05
"""Chance that a finding speaks where every course behaves like the others."""
PEAK = 1.8
"""A week of the other courses above this multiple of the weeks around it is a peak."""
EDGE, FEWEST, FEWEST_OTHERS = 4, 16, 12
"""Weeks at either end where no change is looked for; fewest weeks and courses to look with."""
OUTLIERS, CHANGES = "outliers in the reference", "change points before the window"


def history_findings(resolved: Resolved) -> Iterator[Finding]:
    """Who has a base, and whether the base is all of a piece."""
    yield _without_history(resolved)
    with_history = [
        course
        for course in resolved.promoted
        if has_whole_reference(resolved, course) and not in_launch(resolved, course)
    ]
    yield _peaks(resolved)
    if not with_history or not resolved.others:
        reason = "no promoted course with history" if resolved.others else "no other course"
        for name in (OUTLIERS, CHANGES):
            yield Finding(name, Status.NOT_RUN, f"{reason} to compare with")
        return
    yield _outliers(resolved, with_history)
    yield _changes(resolved, with_history)


def _without_history(resolved: Resolved) -> Finding:
    weeks = resolved.protocol.reference.weeks
    none, short = [], []
    for course in resolved.promoted:
        span = resolved.reference(course, weeks)
        if span is None:
            none.append(course)
        elif not has_whole_reference(resolved, course):
            short.append(f"{course} ({span.days // 7} weeks)")
    said = [f"{some(none)} have none"] * bool(none) + [f"{some(short)} have less"] * bool(short)
    return Finding(
        "courses without history",
        Status.WARN if said else Status.PASS,
        f"of the {weeks or 'few'} weeks before the window that are the base, {'; '.join(said)}"
        if said
        else "every promoted course has the whole reference",
        "read them arm A against arm B, or within the campaign" if said else "",
        float(-len(none) - len(short)),
    )


def _peaks(resolved: Resolved) -> Finding:
    """Weeks in which all other courses peak: a deadline that somebody knows of, or nobody."""
    name, protocol = "deadlines", resolved.protocol
    weekly, before = _weekly(resolved, resolved.others)
    total = weekly.sum(axis=0)
    if len(total) < 2 * EDGE + 1 or not total.sum():
        return Finding(name, Status.NOT_RUN, "too few weeks of other courses to see a peak in")
    near = np.pad(total, EDGE, mode="reflect")
    shifts = [EDGE + k for k in range(-EDGE, EDGE + 1) if k]
    around = np.median(np.stack([near[k : k + len(total)] for k in shifts]), axis=0)
    first = [protocol.window.start + timedelta(7 * (week - before)) for week in range(len(total))]
    undeclared = {
        day: float(ratio)
        for day, ratio in zip(first, total / np.maximum(around, 1.0), strict=True)
        if not any(e.span.overlaps(Span(day, day + timedelta(6))) for e in protocol.deadlines)
    }
    peaks = [f"{day:%-d %b %Y}" for day, ratio in undeclared.items() if ratio > PEAK]
    largest = max(undeclared.values(), default=0.0)
    return Finding(
        name,
        Status.WARN if peaks else Status.PASS,
        f"the other courses peak above {PEAK} × the weeks around in the week of {some(peaks)},"
        " where no deadline is declared"
        if peaks
        else f"no undeclared week of the other courses is above {PEAK} × those around it (largest:"
        f" {largest:.2f}; deadlines declared: {len(protocol.deadlines)})",
        "declare the deadline, if it was one" if peaks else "",
        PEAK - largest,
    )


def _outliers(resolved: Resolved, courses: Sequence[str]) -> Finding:
    """Reference weeks far from their own median, by the other courses' in as many weeks."""
    own, other = _log_shares(resolved, courses)
    length = min(resolved.protocol.reference.weeks or own[0].shape[-1], own[0].shape[-1])
    blocks = other[0].shape[-1] // length
    usual = [array[:, array.shape[-1] - blocks * length :] for array in other]
    usual = [array.reshape(-1, length) for array in usual]
    placebo, noise = _from_median(*usual)
    away, own_noise = _from_median(*(array[:, -length:] for array in own))
    rank = int(np.ceil((1 - FAMILY / away.size) * (placebo.size + 1)))
    if rank > placebo.size:
        return Finding(OUTLIERS, Status.NOT_RUN, "too few weeks of other courses to compare with")
    try:
        spread = fitted_scale(placebo.ravel(), noise.ravel())
    except Refusal as refused:
        return Finding(OUTLIERS, Status.NOT_RUN, refused.reason)
    limit = float(np.sort(np.abs(spread.z))[rank - 1])
    reach = np.sqrt(spread.kappa + spread.phi * own_noise)
    z = np.abs(away) / reach
    weeks = [
        f"{courses[row]} in the week of {_monday(resolved, week - length)} (×{np.exp(size):.2f})"
        for row, week in np.argwhere(z > limit)
        for size in [away[row, week]]
    ]
    return Finding(
        OUTLIERS,
        Status.WARN if weeks else Status.PASS,
        f"{some(weeks)} of its usual share, beyond {limit:.1f} robust deviations"
        if weeks
        else f"every reference week is within {limit:.1f} robust deviations of its course's median"
        f" (largest: {z.max():.1f}); one at ×{np.exp(limit * reach.max()):.2f} would show",
        "find out what happened, and read the rows on other references" if weeks else "",
        limit - float(z.max()),
    )


def _changes(resolved: Resolved, courses: Sequence[str]) -> Finding:
    """The largest shift of level over the history, beside those of the other courses."""
    (own, _), (other, _) = _log_shares(resolved, courses)
    weeks = own.shape[-1]
    if weeks < FEWEST or len(other) < FEWEST_OTHERS:
        reason = f"{weeks} weeks and {len(other)} other courses are too few to tell a change"
        return Finding(CHANGES, Status.NOT_RUN, reason)
    limit = _largest_by_chance([_largest_shift(series)[0] for series in other], len(courses))
    told, sizes, seen = [], [], []
    base = min(resolved.protocol.reference.weeks or weeks // 2, weeks - EDGE)
    for course, series in zip(courses, own, strict=True):
        size, week, shift = _largest_shift(series)
        sizes.append(size)
        seen.append(limit * _step(series) * np.sqrt(weeks / base / (weeks - base)))
        if size > limit:
            told.append(f"{course} to ×{np.exp(shift):.2f} from {_monday(resolved, week - weeks)}")
    return Finding(
        CHANGES,
        Status.WARN if told else Status.PASS,
        f"the share of {some(told)} changed more than those of other courses do"
        if told
        else "no promoted course's share shifts more over its history than those of the other"
        f" courses; one to ×{np.exp(max(seen)):.2f} from the start of the reference on would show",
        "read the rows on shorter references" if told else "",
        limit - max(sizes),
    )


def _largest_by_chance(sizes: Sequence[float], courses: int) -> float:
    """What the largest shift of any of so many courses exceeds with chance `FAMILY` at most.

    Largest shifts are maxima over the weeks: a Gumbel law, fitted by moments, because the ranks
    of a few dozen courses end before the tail begins. At half the chance, because promoted
    courses are larger: less counting noise covers their drift (measured: .03 to .05).
    """
    scale = float(np.std(sizes, ddof=1)) * np.sqrt(6) / np.pi
    location = float(np.mean(sizes)) - np.euler_gamma * scale
    return float(location - scale * np.log(-np.log1p(-FAMILY / 2 / courses)))


def _largest_shift(series: Array) -> tuple[float, int, float]:
    """Standardised size, first week and height of the largest shift of level (CUSUM)."""
    weeks = np.arange(EDGE, len(series) - EDGE + 1)
    sums = np.cumsum(series - series.mean())[weeks - 1]
    heights = -sums / weeks - sums / (len(series) - weeks)
    sizes = np.abs(heights) * np.sqrt(weeks * (len(series) - weeks) / len(series))
    at = int(np.argmax(sizes))
    return float(sizes[at]) / _step(series), int(weeks[at]), float(heights[at])


def _step(series: Array) -> float:
    """Usual move from one block of `EDGE` weeks to the next, which one shift hardly changes.

    Blocks, because courses that keep their level from week to week drift more than their weekly
    moves say.
    """
    blocks = series[len(series) % EDGE :].reshape(-1, EDGE).mean(axis=1)
    return float(np.std(np.diff(blocks))) or 1.0


def _from_median(log_shares: Array, noise: Array) -> tuple[Array, Array]:
    away: Array = log_shares - np.median(log_shares, axis=-1, keepdims=True)
    return away, noise


Shares = tuple[Array, Array]
"""(courses, weeks) log of a course's week over the other courses', and its count noise."""


def _log_shares(resolved: Resolved, courses: Sequence[str]) -> tuple[Shares, Shares]:
    """Of promoted courses, and of every other course over the rest of them, before the window."""
    own, before = _weekly(resolved, courses)
    other, _ = _weekly(resolved, resolved.others)
    own, other = own[:, :before], other[:, :before]
    total = other.sum(axis=0)
    return _over(own, total), _over(other, total - other)


def _over(counts: Array, rest: Array) -> Shares:
    level = np.mean(counts, axis=-1, keepdims=True) + HALF
    noise = np.broadcast_to(1 / level, counts.shape)
    return np.log(counts + HALF) - np.log(rest + HALF), noise


def _weekly(resolved: Resolved, courses: Sequence[str]) -> tuple[Array, int]:
    """(courses, weeks) counts in whole weeks from the window's first day, and those before it."""
    daily = course_days(resolved, courses, units=False)[:, 0]
    start = resolved.panel.day(resolved.protocol.window.start)
    before, after = start // 7, (resolved.panel.day(resolved.protocol.window.end) + 1 - start) // 7
    days = daily[:, start - 7 * before : start + 7 * after]
    return days.reshape(len(courses), before + after, 7).sum(axis=2), before


def _monday(resolved: Resolved, weeks: int) -> str:
    """First day of a week counted from the window's first."""
    return f"{resolved.protocol.window.start + timedelta(7 * int(weeks)):%-d %b %Y}"
