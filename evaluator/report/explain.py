"""The resolved protocol as a methods section: what will be estimated, how, from what, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from evaluator.comparisons import Described, Planned
from evaluator.effects import conditions
from evaluator.experiment.nouns import spoken
from evaluator.experiment.protocol import Protocol, Wave
from evaluator.inference.refusals import refusal
from evaluator.report import numbers
from evaluator.report.answer import banner
from evaluator.report.assumed import TITLE, assumptions_in_general, looked_at
from evaluator.report.audited import audits
from evaluator.report.conclusion import verdicts_say
from evaluator.report.terminal import to_text
from evaluator.report.words import (
    METHODS,
    REASONS,
    ROLES,
    counted,
    of_any_channel,
    question_title,
    row_label,
)
from evaluator.resolve import Resolved
from evaluator.results import Estimand, NotRun, RowRole


def explain(resolved: Resolved, planned: Sequence[Planned], *, colour: bool = False) -> str:
    """Methods section of an experiment that has met its data.

    Parameters
    ----------
    planned : every row that will appear; where the design already refuses one, with its reason
    colour : whether the reader is a terminal that wants styles
    """
    protocol = resolved.protocol
    blocks: list[RenderableType] = [Text(protocol.title, style="bold")]
    if banner(protocol):
        blocks.append(Text(banner(protocol), style="bold yellow"))
    for title, lines in _sections(resolved):
        blocks += [Text(), Text(title, style="bold"), *(_indented(line) for line in lines)]
    for question in dict.fromkeys(row.key.question for row in planned):
        rows = [row for row in planned if row.key.question == question]
        blocks += [Text(), Text(f"Question: {question_title(question)}", style="bold")]
        told = (*_question(rows), *looked_at(rows, resolved))
        blocks += [_indented(spoken(line, protocol.series), depth) for depth, line in told]
    if planned:
        blocks += [Text(), Text(TITLE, style="bold")]
    general = assumptions_in_general() if planned else ()
    blocks += [_indented(spoken(line, protocol.series), depth) for depth, line in general]
    return to_text(Group(*blocks), colour=colour)


def _indented(line: str, depth: int = 1) -> RenderableType:
    return Padding(Text(line), (0, 0, 0, 2 * depth))


def _sections(resolved: Resolved) -> Iterator[tuple[str, list[str]]]:
    protocol = resolved.protocol
    yield from audits(protocol)
    if protocol.of_claims_alone:
        return
    yield "Data", list(_data(resolved))
    promoted = "Promoted courses" if resolved.others else "Courses"
    yield spoken(promoted, protocol.series), [_course(resolved, own) for own in resolved.promoted]
    if protocol.arms is not None:
        yield "Arms", list(_arms(resolved))
    if protocol.waves:
        yield "Waves (* dates assumed, not published)", [_wave(wave) for wave in protocol.waves]
    yield "Reference and decision", list(_rules(protocol))
    events = [
        f"{kind}: {event.name}, {event.span}{f'; {event.note}' if event.note else ''}"
        for kind, declared in (
            ("previous campaign", protocol.previous_campaigns),
            ("incident", protocol.incidents),
            ("deadline", protocol.deadlines),
        )
        for event in declared
    ]
    if events:
        yield "What else happened", events
    if protocol.facts:
        yield (
            "Declared, and used by no estimate",
            [f"{name}: {value}" for name, value in protocol.facts],
        )


def _data(resolved: Resolved) -> Iterator[str]:
    protocol, panel = resolved.protocol, resolved.panel
    total = f"{numbers.count(float(panel.values.sum()))} " if protocol.alike else "daily "
    yield (
        f"{total}{protocol.outcome}, {panel.start:%-d %b %Y} to {panel.end:%-d %b %Y},"
        f" {spoken(counted(len(panel.courses), 'course'), protocol.series)},"
        f" {counted(len(panel.countries), 'unit')} ({protocol.unit}); {protocol.data_kind}"
    )
    for source in protocol.sources:
        yield f"{source.kind}: {', '.join(path.name for path in source.paths)} ({source.name})"
    yield f"window: {protocol.window} ({protocol.window.days} days)"
    yield f"protocol {protocol.hash[:12]}, with its data {resolved.hash[:12]}"


def _course(resolved: Resolved, code: str) -> str:
    course = resolved.protocol.course(code)
    opened = course.available_from
    since = f"open since {opened:%-d %b %Y}" if opened else "open before the data begin"
    assumed = " (assumed)" if course.assumed else ""
    return f"{code}: {course.title}; {course.status}, {since}{assumed}"


def _arms(resolved: Resolved) -> Iterator[str]:
    arms = resolved.protocol.arms
    if arms is None:
        return
    yield (
        f"exposed: {', '.join(arms.exposed)}; persona targeting in: {', '.join(arms.persona)};"
        " arm B is every other unit"
    )
    if arms.reading:
        yield " ".join(arms.reading.split())
    for course, units in resolved.arm_a.items():
        yield f"arm A of {course}: {', '.join(units)}"


def _wave(wave: Wave) -> str:
    whom = ", ".join(wave.courses) if wave.courses else "the whole portfolio"
    more = " and the whole portfolio" if wave.courses and wave.portfolio else ""
    days = f"{wave.span.start:%-d %b %Y}" if wave.span.days == 1 else str(wave.span)
    return f"{wave.id}{'*' if wave.assumed else ''}: {days}, {wave.channel}: {whom}{more}"


def _rules(protocol: Protocol) -> Iterator[str]:
    reference, decision = protocol.reference, protocol.decision
    weeks = "all weeks" if reference.weeks is None else f"the last {reference.weeks} weeks"
    yield f"reference: {weeks} before the window; for series, the last {reference.its_weeks}"
    yield (
        f"decision: {numbers.percent(decision.level)} intervals; a lift is worth having from"
        f" {numbers.lift(decision.smallest_lift)}; its size is known when both ends lie within a"
        f" factor of {decision.precision:g}"
    )


def _question(rows: Sequence[Planned]) -> Iterator[tuple[int, str]]:
    said: set[tuple[str, tuple[str, ...]]] = set()
    for role, method in dict.fromkeys((row.role, row.key.method) for row in rows):
        group = [row for row in rows if (row.role, row.key.method) == (role, method)]
        key, estimand = group[0].key, group[0].estimand
        name = of_any_channel(estimand.name, key)
        if role is not RowRole.SENSITIVITY and (name, estimand.needs) not in said:
            said.add((name, estimand.needs))
            yield from ((d, of_any_channel(line, key)) for d, line in _estimand(estimand))
        estimated = role is not RowRole.SENSITIVITY and method in METHODS
        about = f": {METHODS[method]}" if estimated else ""
        yield 1, f"{method} ({ROLES[role]}){about}"
        if role is RowRole.HEADLINE and method in REASONS:
            yield 2, f"why: {REASONS[method]} (measured coverage: the methods guide)"
        rows_of: dict[str, list[str]] = {}
        for row in group:
            rows_of.setdefault(_basis(row), []).append(row_label(row.key))
        for basis, labels in rows_of.items():
            yield 2, f"{'; '.join(dict.fromkeys(labels))}: {basis}"


def _estimand(estimand: Estimand) -> Iterator[tuple[int, str]]:
    yield 1, f"estimand: {estimand.name}"
    yield 2, f"compares {estimand.compares}"
    yield 2, f"identifies {estimand.identifies}"
    if estimand.needs:
        yield 2, f"needs: {'; '.join(estimand.needs)}"
    if estimand.not_identified:
        yield 2, f"does not identify {estimand.not_identified}"
    yield 2, f"a verdict says that they {verdicts_say(estimand.wording)}"


def _basis(row: Planned) -> str:
    """On which weeks a row is estimated, or why it will be refused."""
    built = row.comparison
    if isinstance(built, NotRun):
        return f"{row.key.variant}: will be refused: {built.reason}"
    if isinstance(built, Described):
        return f"{row.key.variant}: {built.sentence}"
    reason = refusal(row.key.method, conditions(built))
    if reason:
        return f"{row.key.variant}: will be refused: {reason}"
    weeks = counted(built.reference_weeks, "reference week")
    kind = ", descriptive" if row.descriptive else ""
    return f"{row.key.variant}: {weeks}, {built.window_weeks:.3g} in the window{kind}"
