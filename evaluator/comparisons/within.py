"""Courses without history: their own waves against their other campaign weeks.

Nothing was counted before the campaign, so nothing can be compared with before. What is left
is within the campaign, with the launch's decay in the way: descriptive.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from evaluator.comparisons.arms import ARM, common_to_both, membership
from evaluator.comparisons.design import (
    ALL,
    REFERENCE,
    WINDOW,
    Codes,
    Comparison,
    Planned,
    course_days,
    moved_span,
    period_days,
    span_days,
)
from evaluator.comparisons.wording import moved_more, moved_with
from evaluator.experiment.protocol import Span, Wave
from evaluator.resolve import Resolved
from evaluator.results import Estimand, NotRun, RowKey, RowRole

QUESTION = "within_campaign"
SHIFT_DAYS = 7


def planned(resolved: Resolved) -> Iterator[Planned]:
    """For each course without a reference: its paid waves, and A against B by wave."""
    for course in resolved.promoted:
        if resolved.reference(course, 1) is None:
            yield from _of_course(resolved, course)


def _of_course(resolved: Resolved, course: str) -> Iterator[Planned]:
    waves = [w for w in resolved.protocol.waves if course in w.courses and _is_paid(resolved, w)]
    channels = sorted({wave.channel for wave in waves})
    if not channels:
        reason = NotRun("no history, and no paid wave of its own to compare with other weeks")
        key = RowKey(QUESTION, course, method="within_campaign")
        yield Planned(key, RowRole.HEADLINE, wave_estimand(), reason, descriptive=True)
    arms = (ALL, ARM) if resolved.protocol.arms is not None else (ALL,)
    for channel in channels:
        assumed = any(wave.assumed for wave in waves if wave.channel == channel)
        for days in (0, -SHIFT_DAYS, SHIFT_DAYS) if assumed else (0,):
            moved = _moved(resolved, waves, channel, days)
            for arm in arms:
                yield _row(resolved, course, channel, arm, days, moved)


def _row(
    resolved: Resolved,
    course: str,
    channel: str,
    arm: str,
    days: int,
    waves: dict[str, list[Span]] | NotRun,
) -> Planned:
    estimand = wave_estimand() if arm == ALL else wave_arms_estimand(resolved)
    method = "within_campaign" if arm == ALL else "arms_within_campaign"
    variant = "default" if not days else f"waves {days // 7:+d} week"
    key = RowKey(QUESTION, course, channel, arm, method, variant)
    role = RowRole.SENSITIVITY if days else RowRole.HEADLINE
    if isinstance(waves, NotRun):
        return Planned(key, role, estimand, waves, descriptive=True)
    built = _comparison(resolved, course, channel, waves, estimand, units=arm != ALL)
    return Planned(key, role, estimand, built, descriptive=True)


def _comparison(
    resolved: Resolved,
    course: str,
    channel: str,
    waves: dict[str, list[Span]],
    estimand: Estimand,
    *,
    units: bool,
) -> Comparison:
    marks = {name: span_days(resolved, spans) for name, spans in waves.items()}
    codes = campaign_codes(resolved, course, marks, channel)
    return Comparison(
        estimand,
        (course,),
        course_days(resolved, (course,), units=units),
        course_days(resolved, resolved.others, units=units),
        codes[None],
        resolved.panel.start,
        period_days(resolved),
        in_a=membership(resolved, (course,)) if units else None,
        waves=tuple((name, marks[name]) for name in sorted(marks, key=lambda n: n == channel)),
    )


def campaign_codes(resolved: Resolved, course: str, marks: dict[str, Codes], channel: str) -> Codes:
    """The channel's wave days are the window; campaign days without any paid wave the reference."""
    campaign = span_days(resolved, [resolved.protocol.window])
    opened = max(resolved.panel.day(resolved.first_day[course]), 0)
    campaign[:opened] = 0
    any_wave = np.max(np.stack(list(marks.values())), axis=0)
    codes = np.where(any_wave == 0, REFERENCE, 0)
    codes = np.where(marks[channel] == 1, WINDOW, codes)
    coded: Codes = np.where(campaign == 1, codes, 0).astype(np.int8)
    return coded


def _moved(
    resolved: Resolved, waves: Sequence[Wave], channel: str, days: int
) -> dict[str, list[Span]] | NotRun:
    """Spans of every paid channel, the assumed waves of one moved, inside their bounds."""
    spans: dict[str, list[Span]] = {}
    for wave in waves:
        span = wave.span
        if wave.channel == channel and wave.assumed and days:
            shifted = moved_span(resolved, wave, days)
            if shifted is None:
                return NotRun(
                    f"{span.shifted(days)} lies outside what is published about this wave"
                    f" ({wave.bounds or resolved.protocol.window})"
                )
            span = shifted
        if not resolved.protocol.window.overlaps(span):
            continue
        spans.setdefault(wave.channel, []).append(span)
    if channel not in spans:
        return NotRun("its wave lies outside the window")
    return spans


def _is_paid(resolved: Resolved, wave: Wave) -> bool:
    return any(c.name == wave.channel and c.kind == "paid" for c in resolved.protocol.channels)


def wave_estimand() -> Estimand:
    return Estimand(
        name="log rate in its own wave − log rate in its other campaign weeks",
        compares="a paid wave's days with the course's other campaign days, relative to the other"
        " courses, net of a log-linear launch decay",
        identifies="a difference between weeks of the campaign",
        needs=("launch interest decays log-linearly", "no carry-over between its waves"),
        not_identified="before against during the campaign: the course did not exist before",
        wording=moved_with(
            "its paid wave, against its other campaign weeks",
            "what they would have been had its wave been like its other campaign weeks",
        ),
    )


def wave_arms_estimand(resolved: Resolved) -> Estimand:
    return Estimand(
        name="log(A/B) in its own wave − log(A/B) in its other campaign weeks",
        compares="arm A over arm B on a paid wave's days with the same on its other campaign days",
        identifies="how much more the wave moved arm A than arm B",
        needs=("no shock specific to arm A in these weeks",),
        not_identified=common_to_both(resolved),
        wording=moved_more(
            "in arm A than in arm B, in its paid wave",
            "what they would have been in arm A had they moved as in arm B",
        ),
    )
