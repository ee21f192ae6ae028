"""Findings about the counting: days that fail, small cells, batches, what is reported late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
from scipy.special import betainc, gammainc

from evaluator.comparisons.design import course_days
from evaluator.estimators.arrays import Array
from evaluator.experiment.protocol import Span
from evaluator.inference.extra import overdispersion
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status

THIN_DAY = 0.1
"""Of what the same weekday had in the weeks around: below it a day is not fully counted."""
ENOUGH = 20.0
"""Expected counts below which an empty day says nothing."""
SMALL = 5
"""A total below this is too small for a logarithm."""
ZERO_WEEKS, OVERDISPERSED = 0.2, 1.0
"""Share of empty weeks, and over-dispersion, above which weekly logarithms are refused."""
CROWD_SIZE, CROWD_FAMILY = 10, 0.01
"""Fewest enrolments that are a crowd, and the chance of seeing one anywhere by luck."""
LATE_DAYS = (7, 14)
LATE_FAMILY = 0.05
HARMLESS = 0.05
"""Part of the window that may be missing unseen."""
SHOWN = 5


def counting_findings(resolved: Resolved) -> Iterator[Finding]:
    """What the counts alone say about how they were counted."""
    yield _thin_days(resolved)
    yield _small_cells(resolved)
    yield _batches(resolved)
    yield _late_reports(resolved)


def some(names: list[str], shown: int = SHOWN) -> str:
    """The first few, and how many more."""
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return f"{', '.join(names[:shown])}{more}"


def _thin_days(resolved: Resolved) -> Finding:
    """Days with next to nothing over all courses, against the same weekday around them."""
    name, panel = "days not fully counted", resolved.panel
    daily = panel.array("day")
    around = np.median(np.stack([_moved(daily, 7 * k) for k in (-3, -2, -1, 1, 2, 3)]), axis=0)
    if np.median(around) < ENOUGH:
        return Finding(
            name,
            Status.NOT_RUN,
            f"{np.median(around):.0f} {resolved.protocol.outcome} on a usual day: too few to tell a"
            " day that was not counted from a quiet one",
        )
    thin = (daily < THIN_DAY * around) & (around >= ENOUGH)
    closed = {panel.day(day) for day in resolved.protocol.closed_days}
    days = [int(day) for day in np.flatnonzero(thin) if day not in closed]
    listed = some([f"{panel.start + timedelta(day):%-d %b %Y}" for day in days])
    lowest = float(np.min(daily[around >= ENOUGH] / around[around >= ENOUGH]))
    return Finding(
        name,
        Status.WARN if days else Status.PASS,
        f"{len(days)} days have less than {THIN_DAY:.0%} of the same weekday around them over all"
        f" courses: {listed}"
        if days
        else "every day has its share of what the same weekday had in the weeks around",
        "export these days again, or list them in closed_days" if days else "",
        float(-len(days)) if days else lowest - THIN_DAY,
    )


def _small_cells(resolved: Resolved) -> Finding:
    """Totals of a promoted course, by arm, in its reference and in the window."""
    totals = dict(_cells(resolved))
    small = [f"{cell} ({total:.0f})" for cell, total in totals.items() if total < SMALL]
    smallest = min(totals.values())
    return Finding(
        "small cells",
        Status.WARN if small else Status.PASS,
        f"{len(small)} of {len(totals)} totals behind the rows are below {SMALL}: {some(small)}"
        if small
        else f"no total of a promoted course is below {SMALL}, by arm, before or in the window",
        "widen the window or the reference, or read these courses together" if small else "",
        smallest - SMALL,
    )


def _cells(resolved: Resolved) -> Iterator[tuple[str, float]]:
    panel, protocol = resolved.panel, resolved.protocol
    counted = course_days(resolved, resolved.promoted, units=True)
    for course, own in zip(resolved.promoted, counted, strict=True):
        in_a = np.isin(panel.countries, resolved.arm_a.get(course, ()))
        arms = {"A": own[in_a], "B": own[~in_a]} if course in resolved.arm_a else {"": own}
        reference = resolved.reference(course, protocol.reference.weeks)
        spans = {"reference": reference, "window": protocol.window}
        for arm, units in arms.items():
            for when, span in spans.items():
                if span is not None:
                    total = float(units[:, _days(resolved, span)].sum())
                    yield " ".join(word for word in (course, arm, when) if word), total


def _batches(resolved: Resolved) -> Finding:
    """Courses that enrol by the batch: empty weeks, over-dispersion, a crowd on one day."""
    courses = (*resolved.promoted, *resolved.others)
    before = resolved.panel.day(resolved.protocol.window.start)
    daily = course_days(resolved, courses, units=False)[:, 0, :before]
    opened = [max(resolved.panel.day(resolved.first_day.get(c, date.min)), 0) for c in courses]
    kept = [row for row, first in enumerate(opened) if before - first >= 28]
    empty = {courses[row]: _empty_weeks(daily[row, opened[row] :]) for row in kept}
    rare = [code for code, share in empty.items() if share > ZERO_WEEKS]
    alpha = _weekly_alpha(daily[[row for row in kept if opened[row] == 0]])
    crowds = _crowds(daily[kept], [opened[row] for row in kept])
    told = [f"{courses[kept[row]]} on {_date(resolved, day)} ({n:.0f})" for row, day, n in crowds]
    noticed = (
        (bool(rare), f"more than {ZERO_WEEKS:.0%} of the weeks are empty: {some(rare)}"),
        (alpha > OVERDISPERSED, f"weekly over-dispersion {alpha:.2f} (above {OVERDISPERSED:g})"),
        (bool(told), f"many on one day: {some(told)}"),
    )
    said = [sentence for applies, sentence in noticed if applies]
    margin = min(ZERO_WEEKS - max(empty.values(), default=0.0), OVERDISPERSED - alpha)
    return Finding(
        "batch enrolment",
        Status.WARN if said else Status.PASS,
        f"before the window, {'; '.join(said)}"
        if said
        else f"courses fill one by one: weekly over-dispersion {alpha:.2f}, no crowd on a day",
        "find out who enrolled them together, and read totals rather than weeks" if said else "",
        min(margin, float(-len(told))) if told else margin,
    )


def _empty_weeks(daily: Array) -> float:
    weeks = len(daily) // 7
    return float(np.mean(daily[len(daily) - 7 * weeks :].reshape(weeks, 7).sum(axis=1) == 0))


def _weekly_alpha(daily: Array) -> float:
    weeks = daily.shape[1] // 7
    if len(daily) < 2 or weeks < 2:
        return 0.0
    weekly = daily[:, -7 * weeks :].reshape(len(daily), weeks, 7).sum(axis=2)
    return float(overdispersion(weekly))


def _crowds(daily: Array, opened: list[int]) -> list[tuple[int, int, float]]:
    """(course, day, count) beyond what a negative binomial around the four weeks near it gives.

    The first four weeks of a course that opened later are left out: they are its launch.
    """
    if not daily.size or not daily.sum():
        return []
    weekday = np.array([daily[:, day::7].mean() for day in range(7)]) / daily.mean()
    factor = np.maximum(weekday[np.arange(daily.shape[1]) % 7], 1e-9)
    near = np.lib.stride_tricks.sliding_window_view(np.pad(daily, ((0, 0), (14, 14))), 29, axis=1)
    around = np.lib.stride_tricks.sliding_window_view(np.pad(factor, 14), 29)
    expected = (near.sum(axis=2) - daily) / (around.sum(axis=1) - factor) * factor
    alpha = float(np.median([_alpha(own, mean) for own, mean in zip(daily, expected, strict=True)]))
    tail = _negative_binomial_tail(daily, np.maximum(expected, 1e-9), alpha)
    crowd = (tail < CROWD_FAMILY / daily.size) & (daily >= CROWD_SIZE)
    for row, first in enumerate(opened):
        crowd[row, : first + 28 if first else 0] = False
    return [(int(row), int(day), float(daily[row, day])) for row, day in np.argwhere(crowd)]


def _alpha(counts: Array, mean: Array) -> float:
    """Moment estimate of one series: the variance beyond the mean, over the mean squared."""
    return max(float(np.sum((counts - mean) ** 2 - mean) / max(np.sum(mean**2), 1e-9)), 0.0)


def _negative_binomial_tail(counts: Array, mean: Array, alpha: float) -> Array:
    """Chance of at least `counts`; Poisson where nothing is over-dispersed."""
    at_least = np.maximum(counts, 1.0)
    if alpha < 1e-6:
        return np.asarray(gammainc(at_least, mean), dtype=float)
    odds = alpha * mean
    return np.asarray(betainc(at_least, 1 / alpha, odds / (1 + odds)), dtype=float)


def _late_reports(resolved: Resolved) -> Finding:
    """The last days of the data against the weeks before them, as on every earlier day.

    The other courses are looked at where there are any, because a campaign that ends makes
    the promoted ones fall as well.
    """
    name = "reporting delay"
    courses = resolved.others or resolved.promoted
    daily = course_days(resolved, courses, units=False).sum(axis=(0, 1))
    falls = {days: _falls(daily, days) for days in LATE_DAYS}
    fewest = min(len(fall) for fall in falls.values())
    if fewest < len(LATE_DAYS) / LATE_FAMILY:
        sentence = "too short a history to say how much the last days usually differ"
        return Finding(name, Status.NOT_RUN, sentence)
    found = {days: float(np.mean(fall <= fall[-1])) for days, fall in falls.items()}
    days = min(found, key=lambda days: found[days])
    fall, level = float(falls[days][-1]), LATE_FAMILY / len(LATE_DAYS)
    seen_from = float(np.quantile(falls[days][:-1], level))
    if found[days] <= level:
        return Finding(
            name,
            Status.WARN,
            f"the last {days} days before {resolved.panel.end:%-d %b %Y} have {-np.expm1(fall):.0%}"
            f" fewer than the weeks before them, as only {found[days]:.1%} of all earlier days:"
            " they may not be complete",
            "export again in some weeks and compare",
            fall - seen_from,
        )
    missing = -float(np.expm1(seen_from))
    harm = missing * _last_days_in_window(resolved, days)
    return Finding(
        name,
        Status.PASS if harm < HARMLESS else Status.NOT_RUN,
        f"the last {days} days are as full as is usual; {missing:.0%} missing would show, which is"
        f" {harm:.1%} of the window (no export date is known: levels are all that is compared)",
        "" if harm < HARMLESS else "export again in some weeks and compare",
        fall - seen_from,
    )


def _last_days_in_window(resolved: Resolved, days: int) -> float:
    """Share of the window's days among the last days of the data."""
    window = resolved.protocol.window
    first = resolved.panel.end - timedelta(days - 1)
    return max((window.end - max(first, window.start)).days + 1, 0) / window.days


def _falls(daily: Array, days: int) -> Array:
    """Log of each run of `days` days over as many of the median week in the four before."""
    weeks = np.convolve(daily, np.ones(7), mode="valid")  # starting on each day
    runs = np.convolve(daily, np.ones(days), mode="valid")
    ends = np.arange(28, len(runs))
    if not len(ends):
        return np.zeros(0)
    before = np.median(np.stack([weeks[ends - 7 * week] for week in (1, 2, 3, 4)]), axis=0)
    falls: Array = np.log(runs[ends] + 0.5) - np.log(before * days / 7 + 0.5)
    return falls


def _moved(daily: Array, days: int) -> Array:
    """The series `days` days later, its own where there is none."""
    positions = np.arange(len(daily)) + days
    inside = (positions >= 0) & (positions < len(daily))
    moved: Array = np.where(inside, daily[np.clip(positions, 0, len(daily) - 1)], daily)
    return moved


def _days(resolved: Resolved, span: Span) -> slice:
    panel = resolved.panel
    return slice(max(panel.day(span.start), 0), max(panel.day(span.end) + 1, 0))


def _date(resolved: Resolved, day: int) -> str:
    return f"{resolved.panel.start + timedelta(day):%-d %b %Y}"
