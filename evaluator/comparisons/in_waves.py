"""Arm A against arm B on the days of a channel's waves: its effect, where A alone received it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from evaluator.comparisons.arms import ARM, arms_estimand, channels_of_a, comparison
from evaluator.comparisons.design import ALL, WINDOW, Comparison, Planned
from evaluator.comparisons.promoted import has_whole_reference
from evaluator.comparisons.waves import wave_marks, waves_of
from evaluator.comparisons.wording import raised_by
from evaluator.experiment.protocol import Channel, Question, Span
from evaluator.resolve import Resolved
from evaluator.results import Estimand, NotRun, RowKey, RowRole

QUESTION = Question.CHANNELS.value


def planned(resolved: Resolved, channel: Channel, courses: Sequence[str]) -> Iterator[Planned]:
    """A against B in the wave, for courses with weeks before the campaign."""
    reached = {wave.arms for wave in waves_of(resolved, channel)}
    if reached == {("A",)}:
        yield _held_out(resolved, channel, courses)
    elif any(set(arms) != {"A", "B"} for arms in reached) or channel.kind != "paid":
        return
    estimand = in_waves_estimand(resolved, channel)
    for course in courses:
        key = RowKey(QUESTION, course, channel.name, ARM, "arms_by_unit")
        reference = resolved.reference(course, resolved.protocol.reference.weeks)
        if reference is None:
            reason = NotRun("no week before the campaign; see the rows within the campaign")
            yield Planned(key, RowRole.EXPLORATORY, estimand, reason)
            continue
        built = _in_waves(resolved, channel, {course: reference}, estimand)
        yield Planned(key, RowRole.EXPLORATORY, estimand, built)


def _held_out(resolved: Resolved, channel: Channel, courses: Sequence[str]) -> Planned:
    """All courses together, of a channel that only arm A received: its effect there."""
    triple = bool(resolved.others)
    estimand = in_waves_estimand(resolved, channel, triple=triple)
    method = "triple_difference" if triple else "arms_by_unit"
    key = RowKey(QUESTION, ALL, channel.name, ARM, method)
    weeks = resolved.protocol.reference.weeks
    whole = [course for course in courses if has_whole_reference(resolved, course)]
    spans = {course: span for course in whole if (span := resolved.reference(course, weeks))}
    built = (
        _in_waves(resolved, channel, spans, estimand)
        if spans
        else NotRun("no course that it advertised has the whole reference")
    )
    return Planned(key, RowRole.HEADLINE, estimand, built)


def _in_waves(
    resolved: Resolved, channel: Channel, spans: dict[str, Span], estimand: Estimand
) -> Comparison:
    built = comparison(resolved, spans, estimand)
    codes = built.codes.copy()
    codes[codes == WINDOW] = 0
    for position, course in enumerate(spans):
        codes[position, wave_marks(resolved, course)[channel.name] == 1] = WINDOW
    return replace(built, codes=codes)


def in_waves_estimand(resolved: Resolved, channel: Channel, *, triple: bool = False) -> Estimand:
    """A against B on the days of a channel's waves; its effect, where only arm A received it."""
    whole = arms_estimand(resolved, triple=triple)
    days = f"in the waves of {channel.name}"
    alone = [name for name in channels_of_a(resolved) if name != channel.name]
    if {wave.arms for wave in waves_of(resolved, channel)} != {("A",)}:
        return replace(whole, wording=replace(whole.wording, by=f"{whole.wording.by}, {days}"))
    beside = f"no other promotion of arm A alone on these days ({', '.join(alone)})"
    cause = f"{channel.name}, which only arm A received"
    return replace(
        whole,
        identifies=f"the effect of {cause}, on the days of its waves",
        needs=(*whole.needs, beside) if alone else whole.needs,
        wording=raised_by(f"{cause}, on the days of its waves", whole.wording.base),
    )
