"""Secondary outcomes: what else became of the people who enrolled.

Each outcome is a panel of its own and is compared as enrolments are. What became of people is
known only where its days are over by `as_of`, so the window ends earlier there. By channel of
first contact shares are described, not explained: who comes by a channel differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from evaluator.comparisons import promoted
from evaluator.comparisons.design import (
    ALL,
    WINDOW,
    Codes,
    Comparison,
    Described,
    Planned,
    coded_days,
    course_days,
    span_days,
)
from evaluator.comparisons.references import NO_HISTORY
from evaluator.comparisons.wording import moved_more
from evaluator.experiment.protocol import Protocol, Question, Span
from evaluator.experiment.secondary import Secondary, SecondaryKind
from evaluator.inference.shares import share_interval
from evaluator.panel import Array, Panel
from evaluator.resolve import Resolved
from evaluator.results import Estimand, NotRun, RowKey, RowRole, Share

QUESTION = Question.SECONDARY.value
BY_CHANNEL = f"{QUESTION} by channel"
METHODS = ("these_courses", "size_adjusted_ratio")
UNTAGGED = "untagged"
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
    return next((own for own in protocol.secondary if own.name == name), None)


def counted(protocol: Protocol, question: str, course: str = "") -> str:
    """What a question counts, of a course if one is given, in the plural."""
    outcome = declared(protocol, question)
    return phrase(protocol.outcome, outcome) if outcome else protocol.outcome_of(course)


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
            estimand=_estimand(row.estimand, resolved.protocol, secondary),
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
    key = RowKey(f"{BY_CHANNEL}: {secondary.name}", ALL, method="share_ratio")
    reason = _no_shares(resolved, secondary, tags)
    if reason is not None:
        yield Planned(key, RowRole.HEADLINE, estimand, reason, descriptive=True)
        return
    people = _People(resolved, secondary, tuple(tags))
    for tag in tags:
        comparison = people.against_untagged(tag, estimand)
        own = replace(key, channel=tag)
        yield Planned(own, RowRole.HEADLINE, estimand, comparison, descriptive=True)
    own = replace(key, channel=UNTAGGED, method="share")
    yield Planned(own, RowRole.HEADLINE, estimand, people.untagged(), descriptive=True)


def _no_shares(resolved: Resolved, secondary: Secondary, tags: Sequence[str]) -> NotRun | None:
    if settled_window(resolved.protocol, secondary) is None:
        return _nothing_settled(resolved.protocol, secondary)
    if not tags:
        return NotRun("no channel declares the tag that it leaves")
    if set(resolved.panel.tags) <= set(tags):
        return NotRun("everybody carries the tag of a channel: nobody to compare them with")
    return None


@dataclass(frozen=True, slots=True)
class _People:
    """Those of the promoted courses in the settled window, by the tags of channels."""

    resolved: Resolved
    secondary: Secondary
    tags: tuple[str, ...]

    def against_untagged(self, tag: str, estimand: Estimand) -> Comparison | NotRun:
        outcome = self.resolved.outcomes[self.secondary.name]
        if tag not in outcome.trials.tags:
            return NotRun(f"nobody came with the tag “{tag}”")
        own, rest = (
            [self._daily(panel, names) for panel in (outcome.successes, outcome.trials)]
            for names in ((tag,), self._without())
        )
        start = outcome.trials.start
        codes = self._codes()[None]
        return Comparison(estimand, (tag,), own[0], rest[0], codes, start, trials=(own[1], rest[1]))

    def untagged(self) -> Described | NotRun:
        outcome = self.resolved.outcomes[self.secondary.name]
        inside = self._codes() == WINDOW
        part, whole = (
            float(self._daily(panel, self._without())[..., inside].sum())
            for panel in (outcome.successes, outcome.trials)
        )
        if not whole:
            return NotRun("nobody came without a tag")
        interval = share_interval(part, whole, self.resolved.protocol.decision.level)
        sentence = "people without the tag of a channel, whom the others are compared with"
        return Described(part, sentence, Share(part / whole, interval, whole))

    def _without(self) -> tuple[str, ...]:
        return tuple(name for name in self.resolved.panel.tags if name not in self.tags)

    def _daily(self, panel: Panel, tags: Sequence[str]) -> Array:
        return panel.array("day", course=self.resolved.promoted, tag=tags)[None, None, :]

    def _codes(self) -> Codes:
        window = settled_window(self.resolved.protocol, self.secondary)
        own = replace(self.resolved, panel=self.resolved.outcomes[self.secondary.name].trials)
        return span_days(own, [window] if window else [])


def _observed(own: Resolved, course: str) -> float:
    inside = coded_days(own, course, None) == WINDOW
    return float(course_days(own, (course,), units=False)[..., inside].sum())


def _nothing_settled(protocol: Protocol, secondary: Secondary) -> NotRun:
    return NotRun(
        f"no day of the window was {secondary.days} days past on {protocol.as_of:%-d %b %Y}"
    )


def _estimand(estimand: Estimand, protocol: Protocol, secondary: Secondary) -> Estimand:
    """That of the enrolments, with what follow-up needs beside."""
    needs = estimand.needs
    if secondary.days is not None:
        needs += ("promotion did not change what became of those who enrolled in other courses",)
    every = protocol.outcome
    also = f"a change in their share of all {every}: more {every} alone raise their number"
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
        wording=replace(
            moved_more("frequent among people with its tag than without any", "the untagged"),
            verb="were",
        ),
    )
