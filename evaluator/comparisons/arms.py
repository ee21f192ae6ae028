"""Arm A against arm B, before and during the campaign."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from evaluator.comparisons import promoted
from evaluator.comparisons.design import (
    ALL,
    Comparison,
    Planned,
)
from evaluator.comparisons.promoted import has_whole_reference, pooled_bases
from evaluator.comparisons.references import bases
from evaluator.comparisons.wording import moved_more, raised_by
from evaluator.experiment.protocol import Question, Quoted, Span
from evaluator.resolve import Resolved
from evaluator.results import Estimand, NotRun, RowKey, RowRole

QUESTION = Question.A_VS_B.value
ARM = "A"
METHOD_QUOTED = {
    Quoted.WIDER: "arms_wider",
    Quoted.UNITS: "arms_by_unit",
    Quoted.SERIES: "arms_two_series",
}


def planned(resolved: Resolved) -> Iterator[Planned]:
    """The pooled triple difference, then each course: the wider of two estimates quoted."""
    if len(resolved.promoted) > 1:
        yield from _pooled(resolved)
    whole = _with_whole_reference(resolved)
    for course in resolved.promoted:
        for base in bases(resolved, course):
            estimand = arms_estimand(resolved, triple=False)
            built: Comparison | NotRun
            if isinstance(base.span, Span):
                companions = tuple(own for name, own in whole.items() if name != course)
                built = comparison(resolved, {course: base.span}, estimand)
                built = replace(built, companions=companions)
            else:
                built = base.span
            method = quoted_method(resolved)
            yield Planned(_key(course, method, base.variant), base.role, estimand, built)
            if base.role is RowRole.HEADLINE and isinstance(built, Comparison):
                yield from _robustness(resolved, course, base.variant, built)


def _with_whole_reference(resolved: Resolved) -> dict[str, Comparison]:
    """One comparison per course with the whole default reference: companions of the others."""
    estimand = arms_estimand(resolved, triple=False)
    weeks = resolved.protocol.reference.weeks
    return {
        course: comparison(resolved, {course: span}, estimand)
        for course in resolved.promoted
        if has_whole_reference(resolved, course)
        and (span := resolved.reference(course, weeks)) is not None
    }


def _pooled(resolved: Resolved) -> Iterator[Planned]:
    for base, spans in pooled_bases(resolved):
        triple = bool(resolved.others)
        estimand = arms_estimand(resolved, triple=triple)
        built: Comparison | NotRun
        if isinstance(base.span, Span) and spans:
            built = comparison(resolved, spans, estimand)
        else:
            built = base.span if isinstance(base.span, NotRun) else NotRun("no common reference")
        method = "triple_difference" if triple else "arms_wider_summed"
        yield Planned(_key(ALL, method, base.variant), base.role, estimand, built)
        if base.role is RowRole.HEADLINE:
            plain = arms_estimand(resolved, triple=False)
            key = _key(ALL, "arms_by_unit", base.variant)
            yield Planned(key, RowRole.ROBUSTNESS, plain, built)


def _robustness(
    resolved: Resolved, course: str, variant: str, built: Comparison
) -> Iterator[Planned]:
    methods = [m for m in ("arms_by_unit", "arms_two_series") if m != quoted_method(resolved)]
    if resolved.others:
        methods.append("triple_difference")
    for method in methods:
        estimand = arms_estimand(resolved, triple=method == "triple_difference")
        yield Planned(_key(course, method, variant), RowRole.ROBUSTNESS, estimand, built)


def quoted_method(resolved: Resolved) -> str:
    """The estimate of one course that the declaration quotes."""
    arms = resolved.protocol.arms
    return METHOD_QUOTED[arms.quoted if arms is not None else Quoted.WIDER]


def _key(course: str, method: str, variant: str) -> RowKey:
    return RowKey(QUESTION, course, arm=ARM, method=method, variant=variant)


def comparison(resolved: Resolved, spans: dict[str, Span], estimand: Estimand) -> Comparison:
    """Daily outcomes by country, with each course's own list of arm A."""
    built = promoted.comparison(resolved, spans, estimand, units=True)
    return replace(built, in_a=membership(resolved, built.series))


def membership(
    resolved: Resolved, courses: Sequence[str]
) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """(courses, countries) whether the country is in arm A of the course."""
    countries = resolved.panel.countries
    return np.array(
        [[country in set(resolved.arm_a[course]) for country in countries] for course in courses]
    )


def arms_estimand(resolved: Resolved, *, triple: bool) -> Estimand:
    """Log lift in arm A over that in arm B: of the same campaign, or of what A alone received."""
    protocol = resolved.protocol
    cause = only_in_a(resolved)
    minus = " − the same of the other courses" if triple else ""
    base = "what they would have been in arm A had they moved as in arm B"
    shared = ", ".join(_channels(resolved, in_b=True)) if cause else ""
    return Estimand(
        name=f"log lift A − log lift B{minus}",
        compares=f"{protocol.outcome} in arm A in the window against the reference, and the same"
        f" in arm B{minus}",
        identifies=f"the effect of {cause}{_above(shared)}"
        if cause
        else "how much more the same campaign moved arm A than arm B",
        needs=(
            "no shock to arm A's countries that the other courses do not share"
            if triple
            else "no shock specific to arm A",
            "stable shares of the countries",
            *((f"what both arms received ({shared}) moved both alike",) if shared else ()),
        ),
        not_identified=common_to_both(resolved),
        wording=raised_by(f"{cause}{_above(shared)}", base)
        if cause
        else moved_more("in arm A than in arm B", base),
    )


def only_in_a(resolved: Resolved) -> str:
    """What arm A received and arm B did not; empty where both received the same."""
    arms = resolved.protocol.arms
    if arms is None or "B" not in arms.exposed:
        return "the campaign, which only arm A received"
    names = channels_of_a(resolved)
    return f"{', '.join(names)}, which only arm A received" if names else ""


def common_to_both(resolved: Resolved) -> str:
    """What cancels between the arms, because both had it."""
    arms = resolved.protocol.arms
    if arms is None or "B" not in arms.exposed:
        return ""
    advertising = "the effect of advertising (arm B was exposed too)"
    if only_in_a(resolved):
        shared = ", ".join(_channels(resolved, in_b=True))
        advertising = f"the effect of {shared} (both arms received it)" if shared else ""
    persona = "the effect of persona targeting (both arms have it)"
    return "; ".join(part for part in (advertising, persona * ("B" in arms.persona)) if part)


def channels_of_a(resolved: Resolved) -> list[str]:
    """Channels with waves in the window of which none reached arm B."""
    return _channels(resolved, in_b=False)


def _above(shared: str) -> str:
    return f", over and above what both arms received ({shared})" if shared else ""


def _channels(resolved: Resolved, *, in_b: bool) -> list[str]:
    """Channels with a wave in the window that reached arm B; or those of which none did."""
    protocol = resolved.protocol
    waves = [wave for wave in protocol.waves if wave.span.overlaps(protocol.window)]
    exposed = protocol.arms is not None and "B" in protocol.arms.exposed
    reached = {wave.channel for wave in waves if exposed and "B" in wave.arms}
    used = {wave.channel for wave in waves}
    names = reached if in_b else used - reached
    return [channel.name for channel in protocol.channels if channel.name in names]
