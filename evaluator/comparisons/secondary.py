"""Secondary outcomes: what else became of the people who enrolled.

Each outcome is a panel of its own and is compared as enrolments are. What became of people is
known only where its days are over by `as_of`, so the window ends earlier there. By channel of
first contact shares are described, not explained: who comes by a channel differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np

from evaluator.comparisons import promoted
from evaluator.comparisons.design import (
    ALL,
    LEFT_OUT,
    WINDOW,
    Comparison,
    Planned,
    coded_days,
    course_days,
    span_days,
)
from evaluator.comparisons.references import NO_HISTORY
from evaluator.experiment.protocol import Protocol, Question, Span
from evaluator.experiment.secondary import Secondary, SecondaryKind
from evaluator.panel import Array, Panel
from evaluator.resolve import Resolved
from evaluator.results import Estimand, NotRun, RowKey, RowRole

QUESTION = Question.SECONDARY.value
BY_CHANNEL = f"{QUESTION} by channel"
METHODS = ("these_courses", "size_adjusted_ratio")
SETTLED = "reference: settled before the window"
NOTHING_BEFORE = NotRun(
    "no whole week of history: nothing before the campaign to compare with (the rows by channel"
    " include it)"
)


def planned(resolved: Resolved) -> Iterator[Planned]:
    """Each outcome in promoted against other courses, then by channel of first contact."""
    for question in (_against_others, _by_channel):
        for secondary in resolved.protocol.secondary:
            yield from question(resolved, secondary)


def declared(protocol: Protocol, question: str) -> Secondary | None:
    """The outcome that a question of a row is about, if it is about one."""
    kind, _, name = question.partition(": ")
    if kind not in (QUESTION, BY_CHANNEL):
        return None
    return next(secondary for secondary in protocol.secondary if secondary.name == name)


def settled_window(protocol: Protocol, secondary: Secondary) -> Span | None:
    """The days of the window after which the outcome's days were over by `as_of`, if any."""
    last = min(protocol.window.end, protocol.as_of - timedelta(secondary.days or 0))
    return Span(protocol.window.start, last) if last >= protocol.window.start else None


def about(resolved: Resolved, secondary: Secondary) -> Resolved | None:
    """The same experiment with this outcome for its own; None before anything is settled."""
    window = settled_window(resolved.protocol, secondary)
    if window is None:
        return None
    protocol = replace(
        resolved.protocol, window=window, outcome=phrase(resolved.protocol.outcome, secondary)
    )
    panel = resolved.outcomes[secondary.name].counted
    return replace(resolved, panel=panel, protocol=protocol)


def phrase(outcome: str, secondary: Secondary) -> str:
    """What is counted, plural, for sentences."""
    after = {
        SecondaryKind.NEW_LEARNERS: "of new learners",
        SecondaryKind.FOLLOW_UP: f"followed by another within {secondary.days} days",
        SecondaryKind.FEE_BASED: f"followed by a fee-based one within {secondary.days} days",
    }
    return f"{outcome} {after[secondary.kind]}"


def _against_others(resolved: Resolved, secondary: Secondary) -> Iterator[Planned]:
    own = about(resolved, secondary)
    for row in promoted.planned(own or resolved):
        if row.key.method not in METHODS:
            continue
        row = replace(
            row,
            key=replace(row.key, question=f"{QUESTION}: {secondary.name}"),
            estimand=_estimand(row.estimand, secondary),
        )
        if own is None:
            yield replace(row, comparison=_nothing_settled(resolved.protocol, secondary))
            continue
        if isinstance(row.comparison, NotRun) and row.key.course != ALL:
            row = replace(row, observed=_observed(own, row.key.course))
        if row.comparison is NO_HISTORY:
            row = replace(row, comparison=NOTHING_BEFORE)
        yield row
        if row.role is RowRole.HEADLINE and isinstance(row.comparison, Comparison):
            if secondary.days is not None:
                yield _settled_before(own, row, row.comparison, secondary.days)


def _settled_before(own: Resolved, row: Planned, built: Comparison, days: int) -> Planned:
    """The same on reference weeks whose follow-up was over before the window began."""
    weeks = own.protocol.reference.weeks
    spans = {}
    for course in built.series:
        span = own.reference(course, weeks)
        if span is not None and span.shifted(-days).start >= own.first_day[course]:
            spans[course] = span.shifted(-days)
    key = replace(row.key, variant=SETTLED)
    comparison: Comparison | NotRun = NotRun(
        f"not open for a whole reference that was settled {days} days before the window"
    )
    if len(spans) == len(built.series):
        comparison = promoted.comparison(own, spans, row.estimand)
    return replace(row, key=key, role=RowRole.SENSITIVITY, comparison=comparison)


def _by_channel(resolved: Resolved, secondary: Secondary) -> Iterator[Planned]:
    """Shares of people by the tag of their first contact, each against those without a tag."""
    channels = resolved.protocol.channels
    tags = list(dict.fromkeys(channel.tag for channel in channels if channel.tag))
    estimand = share_estimand(resolved.protocol, secondary)
    for tag in tags or [ALL]:
        key = RowKey(f"{BY_CHANNEL}: {secondary.name}", ALL, tag, method="share_ratio")
        comparison = _shares(resolved, secondary, tag, tags, estimand)
        yield Planned(key, RowRole.HEADLINE, estimand, comparison, descriptive=True)


def _shares(
    resolved: Resolved, secondary: Secondary, tag: str, tags: list[str], estimand: Estimand
) -> Comparison | NotRun:
    outcome = resolved.outcomes[secondary.name]
    window = settled_window(resolved.protocol, secondary)
    untagged = [name for name in outcome.trials.tags if name not in tags]
    if window is None:
        return _nothing_settled(resolved.protocol, secondary)
    if not tags:
        return NotRun("no channel declares the tag that it leaves")
    if tag not in outcome.trials.tags or not untagged:
        return NotRun(f"nobody came with the tag “{tag}”" if untagged else "everybody has a tag")

    def daily(panel: Panel, *names: str) -> Array:
        return panel.array("day", course=resolved.promoted, tag=names)[None, None, :]

    codes = np.where(span_days(replace(resolved, panel=outcome.trials), [window]), WINDOW, LEFT_OUT)
    return Comparison(
        estimand,
        (tag,),
        daily(outcome.successes, tag),
        daily(outcome.successes, *untagged),
        codes[None].astype(np.int8),
        outcome.trials.start,
        trials=(daily(outcome.trials, tag), daily(outcome.trials, *untagged)),
    )


def _observed(own: Resolved, course: str) -> float:
    inside = coded_days(own, course, None) == WINDOW
    return float(course_days(own, (course,), units=False)[..., inside].sum())


def _nothing_settled(protocol: Protocol, secondary: Secondary) -> NotRun:
    return NotRun(
        f"no day of the window was {secondary.days} days past on {protocol.as_of:%-d %b %Y}"
    )


def _estimand(estimand: Estimand, secondary: Secondary) -> Estimand:
    """That of the enrolments, with what follow-up needs beside."""
    needs = estimand.needs
    if secondary.days is not None:
        needs += ("promotion did not change what became of those who enrolled in other courses",)
    also = "a change in the share of enrolments that end so: more enrolments alone raise it"
    not_identified = "; ".join(part for part in (estimand.not_identified, also) if part)
    return replace(estimand, needs=needs, not_identified=not_identified)


def share_estimand(protocol: Protocol, secondary: Secondary) -> Estimand:
    """How people of one first contact differ from those without a tag."""
    whom = protocol.outcome if secondary.days is None else "first contacts"
    what = phrase(protocol.outcome, secondary)
    return Estimand(
        name="log share − log share of the untagged",
        compares=f"the share of {what} among the {whom} of the promoted courses with one tag, and"
        " among those without",
        identifies="how the people differ whom a channel brings",
        needs=("a tag tells by what a learner came (last touch)",),
        not_identified="an effect of the channel: other people come by it",
    )
