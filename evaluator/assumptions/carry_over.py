"""Findings about what waves leave behind: in the base, in the weeks after, and beforehand."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.assumptions.concerned import reference_weeks
from evaluator.comparisons import Comparison, Planned, within
from evaluator.experiment.protocol import Span
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status


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


def _gaps(span: Span, resolved: Resolved, course: str) -> list[int]:
    """Days from a wave to each other wave of the same course; 0 where they overlap."""
    others = [
        wave.span
        for wave in resolved.protocol.waves
        if course in wave.courses and wave.span != span
    ]
    apart = [max((o.start - span.end).days, (span.start - o.end).days) - 1 for o in others]
    return [max(days, 0) for days in apart]
