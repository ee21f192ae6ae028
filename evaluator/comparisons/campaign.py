"""Before against during the campaign: interrupted time series, with and without other courses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from evaluator.comparisons.design import (
    ALL,
    Comparison,
    Planned,
    previous_campaigns,
    span_days,
)
from evaluator.comparisons.promoted import comparison, has_whole_reference
from evaluator.comparisons.references import label
from evaluator.experiment.protocol import Question, Span
from evaluator.resolve import Resolved
from evaluator.results import Estimand, NotRun, RowKey, RowRole

QUESTION = Question.PRE_VS_CAMPAIGN.value


def planned(resolved: Resolved) -> Iterator[Planned]:
    """Controlled series (all summed, then each course), the sensitivities, the single series."""
    whole = [course for course in resolved.promoted if has_whole_reference(resolved, course)]
    if resolved.others and len(whole) > 1:
        yield from _rows(resolved, ALL, tuple(whole))
    for course in resolved.promoted:
        yield from _rows(resolved, course, (course,))


def _rows(resolved: Resolved, name: str, courses: tuple[str, ...]) -> Iterator[Planned]:
    weeks = resolved.protocol.reference.its_weeks
    default = _built(resolved, courses, weeks)
    trend = replace(default, trend=True) if isinstance(default, Comparison) else default
    single = single_estimand(resolved)
    controlled = controlled_estimand(resolved)
    key = RowKey(QUESTION, name, method="controlled_its")
    if resolved.others:
        sensitivity = RowRole.SENSITIVITY
        yield Planned(key, RowRole.HEADLINE, controlled, default)
        yield Planned(replace(key, variant="with a trend"), sensitivity, controlled, trend)
        for other in (resolved.protocol.reference.weeks, None):
            variant = f"reference: {label(other)}"
            built = _built(resolved, courses, other)
            yield Planned(replace(key, variant=variant), sensitivity, controlled, built)
        if previous_campaigns(resolved):
            variant = "reference: without the previous campaign"
            built = _without_previous(resolved, default)
            yield Planned(replace(key, variant=variant), sensitivity, controlled, built)
        shift = replace(key, method="level_shift")
        yield Planned(shift, RowRole.ROBUSTNESS, level_shift_estimand(resolved), default)
    role = RowRole.ROBUSTNESS if resolved.others else RowRole.HEADLINE
    yield Planned(replace(key, method="single_its"), role, single, default, descriptive=True)
    segmented = replace(key, method="segmented_newey_west")
    yield Planned(segmented, RowRole.ROBUSTNESS, single, default, descriptive=True)


def _built(resolved: Resolved, courses: tuple[str, ...], weeks: int | None) -> Comparison | NotRun:
    spans = {c: s for c in courses if (s := resolved.reference(c, weeks)) is not None}
    if len(spans) < len(courses):
        return NotRun("no whole week of history: nothing before the campaign to compare with")
    shortest = min(spans.values(), key=lambda span: span.days)
    built = comparison(resolved, dict.fromkeys(courses, shortest), controlled_estimand(resolved))
    return replace(
        built,
        series=("+".join(courses),),
        treated=built.treated.sum(axis=0, keepdims=True),
        codes=built.codes[:1],
    )


def _without_previous(resolved: Resolved, built: Comparison | NotRun) -> Comparison | NotRun:
    if isinstance(built, NotRun):
        return built
    spans: list[Span] = previous_campaigns(resolved)
    codes = built.codes.copy()
    codes[:, span_days(resolved, spans) == 1] = 0
    return replace(built, codes=codes)


def controlled_estimand(resolved: Resolved) -> Estimand:
    """The window's total over its forecast from the other courses."""
    outcome = resolved.protocol.outcome
    return Estimand(
        name="log(observed / forecast from the other courses)",
        compares=f"{outcome} in the window with a forecast from the other courses in the same"
        " weeks and the course's past ratio to them",
        identifies="being promoted individually, given the other courses",
        needs=(
            "the course's ratio to the other courses would have gone on as before",
            "no enrolment was taken from the other courses (cannibalisation)",
        ),
        not_identified="what promotion of the whole portfolio added to all courses alike",
    )


def level_shift_estimand(resolved: Resolved) -> Estimand:
    own = controlled_estimand(resolved)
    return Estimand(
        name="mean weekly log lift over the window",
        compares="the mean log ratio to the other courses in the window with that before",
        identifies=own.identifies,
        needs=(*own.needs, "a lift that lasts through the window (short waves inflate its noise)"),
        not_identified=own.not_identified,
    )


def single_estimand(resolved: Resolved) -> Estimand:
    """A change against the course's own past, whatever caused it."""
    return Estimand(
        name="log(observed / forecast from its own past)",
        compares=f"{resolved.protocol.outcome} in the window with the course's own past",
        identifies="a change at the start of the window, season and launch news included",
        needs=("nothing else changed in these weeks",),
        not_identified="an effect of promotion: nothing that nobody promoted is compared",
    )
