"""Per channel: the joint daily model of a course's waves, and the mean over courses.

All dated waves of a course stand in one model, each with its two weeks after, so that a wave
is not credited with what another left behind; the other courses carry the days. Waves shorter
than a week are given the week from their first day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations

import numpy as np

from evaluator.comparisons import in_waves, weeks_drawn
from evaluator.comparisons.design import ALL, WINDOW, Comparison, Planned, moved_span
from evaluator.comparisons.left_out import without_promotion
from evaluator.comparisons.waves import (
    alias_of,
    channel_of,
    course_waves,
    waves_of,
)
from evaluator.comparisons.wording import raised_by
from evaluator.experiment.protocol import Channel, Question
from evaluator.resolve import Resolved
from evaluator.results import Estimand, NotRun, RowKey, RowRole

QUESTION = Question.CHANNELS.value
AFTER = "with the two weeks after"
NO_OTHERS = NotRun("no other courses: nothing says what these days would have been without a wave")


def planned(resolved: Resolved) -> Iterator[Planned]:
    """Each channel over its courses; then the course × channel grid, jointly and A against B."""
    waves = {course: course_waves(resolved, course) for course in resolved.promoted}
    for channel in resolved.protocol.channels:
        seen = seen_by(resolved, channel)
        estimand = channel_estimand(channel, untouched=seen is not resolved)
        reason = not_a_wave(resolved, channel) or (None if seen.others else NO_OTHERS)
        if reason is not None:
            key = RowKey(QUESTION, ALL, channel.name, method="channel_mean")
            yield Planned(key, RowRole.HEADLINE, estimand, reason)
            continue
        courses = _advertised(seen, channel)
        models = {c: waves[c] if seen is resolved else course_waves(seen, c) for c in courses}
        for variant, role in (("default", RowRole.HEADLINE), (AFTER, RowRole.SENSITIVITY)):
            cells = {
                course: cell(own, channel, estimand, after=variant == AFTER)
                for course, own in models.items()
            }
            yield from _means(channel, cells, variant, role)
            yield from _cells(channel, cells, variant, role)
        yield from _shifts(seen, channel, estimand)
        yield from weeks_drawn.planned(seen, channel)
        if resolved.protocol.arms is not None:
            yield from in_waves.planned(resolved, channel, courses)
    for course in resolved.promoted if resolved.others else ():
        yield from _overlaps(waves[course])


def seen_by(resolved: Resolved, channel: Channel) -> Resolved:
    """The data as a channel's rows see them.

    What also went to the portfolio cancels against the other courses: then courses left out of
    every promotion take their place, where there are some.
    """
    to_all = any(wave.portfolio for wave in waves_of(resolved, channel))
    return without_promotion(resolved) if to_all and resolved.left_out else resolved


def not_a_wave(resolved: Resolved, channel: Channel) -> NotRun | None:
    """Why a channel has no effect of its own to estimate, if it has none."""
    if channel.kind == "page":
        return NotRun(
            "links that stand on pages: no wave with weeks before and after it to compare"
        )
    if reaches_alike(seen_by(resolved, channel), channel):
        return NotRun(
            "it reached every course on the same days: aliased with the days themselves; see the"
            " question about the portfolio"
        )
    return None


def reaches_alike(resolved: Resolved, channel: Channel) -> bool:
    """Whether it reached no promoted course that it did not reach the other courses with."""
    return channel.kind == "page" or not _advertised(resolved, channel)


def cell(waves: Comparison, channel: Channel, estimand: Estimand, *, after: bool) -> Comparison:
    """One channel of a course's daily model.

    Parameters
    ----------
    waves : the model, see `course_waves`
    after : whether the effect is that of the wave with the weeks after it, or of the wave alone
    """
    marks = dict(waves.waves)
    target = tuple(
        name
        for name in marks
        if name == channel.name or (after and channel_of(name) == channel.name)
    )
    codes = waves.codes.copy()
    codes[0, np.max(np.stack([marks[name] for name in target]), axis=0) == 1] = WINDOW
    return replace(
        waves,
        estimand=estimand,
        codes=codes,
        target=target,
        companions=(waves,),
    )


def _means(
    channel: Channel, cells: Mapping[str, Comparison], variant: str, role: RowRole
) -> Iterator[Planned]:
    """These courses; and, beside the headline, courses like these."""
    together, estimand = _together(cells), next(iter(cells.values())).estimand
    key = RowKey(QUESTION, ALL, channel.name, method="channel_mean", variant=variant)
    yield Planned(key, role, estimand, together)
    if role is RowRole.HEADLINE:
        like = replace(key, method="channel_like_these")
        of_others = like_these_estimand(channel, estimand)
        yield Planned(like, RowRole.ROBUSTNESS, of_others, together)


def _together(cells: Mapping[str, Comparison]) -> Comparison | NotRun:
    """The cells that the data identify, as one comparison."""
    reasons = {course: _not_identified(own) for course, own in cells.items()}
    kept = {course: own for course, own in cells.items() if not reasons[course]}
    if not kept:
        return NotRun(next(iter(reasons.values())))
    return replace(
        next(iter(kept.values())),
        series=tuple(kept),
        treated=np.concatenate([own.treated for own in kept.values()]),
        codes=np.concatenate([own.codes for own in kept.values()]),
        companions=tuple(kept.values()),
    )


def _not_identified(own: Comparison) -> str:
    aliases = (alias_of(own.companions[0], name) for name in own.target)
    return next((reason for reason in aliases if reason), "")


def _cells(
    channel: Channel, cells: Mapping[str, Comparison], variant: str, role: RowRole
) -> Iterator[Planned]:
    role = RowRole.EXPLORATORY if role is RowRole.HEADLINE else role
    for course, own in cells.items():
        key = RowKey(QUESTION, course, channel.name, method="joint_daily", variant=variant)
        yield Planned(key, role, own.estimand, own)


def _shifts(resolved: Resolved, channel: Channel, estimand: Estimand) -> Iterator[Planned]:
    """The channel with its assumed waves a week earlier and later, where the bounds allow it."""
    courses = _advertised(resolved, channel)
    waves = [wave for course in courses for wave in waves_of(resolved, channel, course)]
    if not any(wave.assumed for wave in waves):
        return
    for days in (-7, 7):
        variant = f"waves {days // 7:+d} week"
        movable = sum(moved_span(resolved, wave, days) is not None for wave in waves)
        variant += f" ({movable} of {len(waves)} may move)"
        if not movable:
            key = RowKey(QUESTION, ALL, channel.name, method="channel_mean", variant=variant)
            reason = NotRun("no wave may move: the published bounds hold them all")
            yield Planned(key, RowRole.SENSITIVITY, estimand, reason)
            continue
        moved = {channel.name: days}
        models = {course: course_waves(resolved, course, moved) for course in courses}
        cells = {c: cell(own, channel, estimand, after=False) for c, own in models.items()}
        yield from _means(channel, cells, variant, RowRole.SENSITIVITY)


def _overlaps(waves: Comparison) -> Iterator[Planned]:
    """Days on which two channels reach a course at once: only their joint effect is identified."""
    for (first, mark), (second, other) in combinations(waves.waves, 2):
        if channel_of(first) == channel_of(second):
            continue
        both = (mark == 1) & (other == 1) & (waves.codes[0] != 0)
        aliased = np.array_equal(mark, other)
        if not both.any() or not (
            aliased or (first == channel_of(first) and second == channel_of(second))
        ):
            continue
        codes = waves.codes.copy()
        codes[0, both] = WINDOW
        estimand = overlap_estimand(first, second)
        joint = replace(
            waves, estimand=estimand, codes=codes, target=(first, second), companions=(waves,)
        )
        channel = f"{first} & {second}"
        key = RowKey(QUESTION, waves.series[0], channel, method="overlap_joint")
        yield Planned(key, RowRole.EXPLORATORY, estimand, joint)


def _advertised(resolved: Resolved, channel: Channel) -> list[str]:
    """Promoted courses that a wave of the channel names, inside the window."""
    return [
        course
        for course in resolved.promoted
        if any(
            wave.span.overlaps(resolved.protocol.window)
            for wave in waves_of(resolved, channel, course)
        )
    ]


def channel_estimand(channel: Channel, *, untouched: bool = False) -> Estimand:
    """Log lift on a channel's wave days, the course's other waves held fixed.

    Parameters
    ----------
    untouched : whether it is compared with courses that no promotion reached
    """
    over = " for the course it named, over what the other courses had on those days"
    than = "courses left out of every promotion, on their" if untouched else "the other courses'"
    whole = "" if untouched else "; what the channel did for the whole portfolio"
    return Estimand(
        name=f"log lift of {channel.name} on its wave days, other waves held fixed",
        compares="a course's daily enrolments on the wave's days with its other days, relative to"
        f" {than} days, in one model with its other waves and the two weeks after each",
        identifies=f"what a wave of {channel.name} added on its days (and the weeks after, where"
        f" the row says so){' for the course it reached' if untouched else over}",
        needs=(
            "waves multiply (log-additive), and two weeks hold what they leave behind",
            "no shock of the course in its own wave",
        ),
        not_identified=f"the split of an overlap between channels beyond log-additivity{whole}",
        wording=raised_by(f"{channel.name} on its wave days"),
    )


def like_these_estimand(channel: Channel, own: Estimand) -> Estimand:
    """The same, of a population of courses."""
    return replace(
        own,
        name=f"{own.name}; mean over courses like these",
        identifies=f"what a wave of {channel.name} would add, on average, for courses like these",
        needs=(*own.needs, "these courses are a sample of the courses asked about"),
        wording=replace(
            own.wording, verb="would be", by=f"{own.wording.by}, in courses like these"
        ),
    )


def overlap_estimand(first: str, second: str) -> Estimand:
    """Log lift of two channels together, on the days when both were active."""
    return Estimand(
        name=f"log lift of {first} and {second} together, where they overlap",
        compares="a course's days with both waves with its days with neither",
        identifies="their joint effect",
        needs=("waves multiply (log-additive) outside the overlap",),
        not_identified="each one's share: the split shown is a convention (Shapley), between what"
        " each would add alone and what it adds to the other",
        wording=raised_by(f"{first} and {second} together"),
    )
