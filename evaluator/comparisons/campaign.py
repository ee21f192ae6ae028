"""Before against during the campaign: interrupted time series, with and without other courses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from evaluator.comparisons import alone
from evaluator.comparisons.design import (
    ALL,
    LEFT_OUT,
    REFERENCE,
    Comparison,
    Planned,
    previous_campaigns,
    span_days,
    without_largest_other,
)
from evaluator.comparisons.promoted import comparison, has_whole_reference
from evaluator.comparisons.references import (
    ALL_PREVIOUS,
    NO_HISTORY,
    OWN_DEADLINES,
    in_launch,
    label,
)
from evaluator.comparisons.wording import only_described, raised_by
from evaluator.estimators.ratio import effective_number
from evaluator.experiment.protocol import Question, Span
from evaluator.resolve import Resolved
from evaluator.results import Estimand, NotRun, RowKey, RowRole

QUESTION = Question.PRE_VS_CAMPAIGN.value


def planned(resolved: Resolved) -> Iterator[Planned]:
    """Controlled series (all summed, then each course), the sensitivities, the single series."""
    whole = [course for course in resolved.promoted if has_whole_reference(resolved, course)]
    if resolved.others and len(whole) > 1 and resolved.protocol.alike:
        yield from _rows(resolved, ALL, tuple(whole))
        yield from _without_each(resolved, whole)
    for course in resolved.promoted:
        yield from _rows(resolved, course, (course,))


def _without_each(resolved: Resolved, whole: Sequence[str]) -> Iterator[Planned]:
    """The sum of the courses, one of them left out in turn."""
    for left_out in whole:
        courses = tuple(course for course in whole if course != left_out)
        launched = any(in_launch(resolved, course) for course in courses)
        estimand = controlled_estimand(resolved)
        estimand = only_described(estimand) if launched else estimand
        built = series_of(resolved, courses, resolved.protocol.reference.its_weeks)
        if isinstance(built, Comparison):
            built = _unless_own_deadlines(resolved, built)
        key = RowKey(QUESTION, ALL, method="controlled_its", variant=f"without {left_out}")
        yield Planned(key, RowRole.SENSITIVITY, estimand, built, launched)


def _rows(resolved: Resolved, name: str, courses: tuple[str, ...]) -> Iterator[Planned]:
    weeks = resolved.protocol.reference.its_weeks
    default = series_of(resolved, courses, weeks)
    estimand = controlled_estimand(resolved)
    key = RowKey(QUESTION, name, method="controlled_its")
    if isinstance(default, NotRun):
        yield Planned(key, RowRole.HEADLINE, estimand, default)
        return
    if resolved.others:
        launched = any(in_launch(resolved, course) for course in courses)
        estimand = only_described(estimand) if launched else estimand
        headline = _unless_own_deadlines(resolved, default)
        yield Planned(key, RowRole.HEADLINE, estimand, headline, launched)
        for variant, built in _sensitivities(resolved, courses, default):
            varied = replace(key, variant=variant)
            yield Planned(varied, RowRole.SENSITIVITY, estimand, built, launched)
        shift, shifted = replace(key, method="level_shift"), level_shift_estimand(resolved)
        yield Planned(shift, RowRole.ROBUSTNESS, shifted, default, descriptive=True)
    role = RowRole.ROBUSTNESS if resolved.others else RowRole.HEADLINE
    yield from alone.planned_alone(resolved, key, default, role)
    if not resolved.others:
        yield from _alone_otherwise(resolved, key, default)


def _alone_otherwise(resolved: Resolved, key: RowKey, default: Comparison) -> Iterator[Planned]:
    """The series against its own past on other days; no slope, which few weeks cannot tell."""
    own = alone.on_used_days(resolved, default, key.course)
    varied: dict[str, Comparison | NotRun] = {}
    if isinstance(own, Comparison):
        for weeks in (resolved.protocol.reference.weeks, None):
            built = series_of(resolved, (key.course,), weeks)
            if isinstance(built, Comparison):
                built = alone.on_used_days(resolved, built, key.course)
            varied[f"reference: {label(weeks)}"] = _unless_the_same(built, own)
    about = alone.single_estimand(resolved, key.course, alone.without(resolved, key.course))
    single = replace(key, method=alone.METHODS[0])
    for variant, built in varied.items():
        varied_key = replace(single, variant=variant)
        yield Planned(varied_key, RowRole.SENSITIVITY, about, built, descriptive=True)
    events = [event.name for event in alone.left_out(resolved, key.course)]
    if events:
        whole = replace(single, variant=f"with {' and '.join(events)}")
        about = alone.single_estimand(resolved, key.course)
        yield Planned(whole, RowRole.SENSITIVITY, about, default, descriptive=True)


def _sensitivities(
    resolved: Resolved, courses: tuple[str, ...], default: Comparison
) -> Iterator[tuple[str, Comparison | NotRun]]:
    yield "with a trend", replace(default, trend=True)
    for weeks in (resolved.protocol.reference.weeks, None):
        built = series_of(resolved, courses, weeks)
        yield f"reference: {label(weeks)}", _unless_the_same(built, default)
    if previous_campaigns(resolved):
        built = _without_previous(resolved, default)
        yield "reference: without the previous campaign", _unless_the_same(built, default)
    if len(resolved.others) > 1:
        largest, rest = without_largest_other(resolved)
        built = series_of(rest, courses, resolved.protocol.reference.its_weeks)
        yield f"without the largest other course ({largest})", built


def _unless_the_same(built: Comparison | NotRun, default: Comparison) -> Comparison | NotRun:
    if isinstance(built, Comparison) and bool((built.codes == default.codes).all()):
        return NotRun("the same weeks as “default” for this course")
    return built


def _unless_own_deadlines(resolved: Resolved, built: Comparison) -> Comparison | NotRun:
    courses = {code for name in built.series for code in name.split("+")}
    own = any(c.own_deadlines for c in resolved.protocol.courses if c.code in courses)
    return OWN_DEADLINES if own else built


def series_of(
    resolved: Resolved, courses: tuple[str, ...], weeks: int | None
) -> Comparison | NotRun:
    """The sum of some courses beside the other courses, on so many weeks before the window."""
    spans = {c: s for c in courses if (s := resolved.reference(c, weeks)) is not None}
    if len(spans) < len(courses):
        return NO_HISTORY
    shortest = min(spans.values(), key=lambda span: span.days)
    built = comparison(resolved, dict.fromkeys(courses, shortest), controlled_estimand(resolved))
    return replace(
        built,
        series=("+".join(courses),),
        treated=built.treated.sum(axis=0, keepdims=True),
        codes=built.codes[:1],
        effective=effective_number(built.treated[..., built.codes[0] == REFERENCE].sum((-2, -1))),
    )


def _without_previous(resolved: Resolved, built: Comparison) -> Comparison | NotRun:
    spans: list[Span] = previous_campaigns(resolved)
    codes = built.codes.copy()
    codes[:, span_days(resolved, spans) == 1] = LEFT_OUT
    if not (codes == REFERENCE).any():
        return ALL_PREVIOUS
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
        wording=raised_by(
            "individual promotion, given what the other courses did",
            "their forecast from the other courses",
        ),
    )


def level_shift_estimand(resolved: Resolved) -> Estimand:
    own = controlled_estimand(resolved)
    return Estimand(
        name="one shift of the log ratio that lasts through the window",
        compares="the log ratio to the other courses in the window with that before",
        identifies="a lasting shift; after waves of a week it is no mean of the weekly lifts, and"
        " its noise is inflated (measured bias +.7 on the log scale with one-week waves)",
        needs=(*own.needs, "a lift that lasts through the window"),
        not_identified=own.not_identified,
        wording=only_described(own).wording,
    )
