"""The resolved protocol as a methods section: what will be estimated, how, from what, and why."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from evaluator.comparisons import Planned
from evaluator.experiment.nouns import spoken
from evaluator.report.answer import banner
from evaluator.report.assumed import assumptions, consequences
from evaluator.report.audited import audits
from evaluator.report.explain.decided import decision_rule, multiplicity, refusals
from evaluator.report.explain.declared import design
from evaluator.report.explain.estimated import estimands, estimators, inference
from evaluator.report.explain.literature import references
from evaluator.report.explain.rows import row_by_row
from evaluator.report.markdown.syntax import bullets, escaped, heading
from evaluator.report.terminal import to_text
from evaluator.resolve import Resolved

Sections = Iterator[tuple[str, list[str]]]
REFERENCES, DECLARED = "References", "Declared, and used by no estimate"
PROSE = ("Estimands", "Design", "Estimators", "Inference", "Assumptions, and how each is looked at")
"""Sections of paragraphs; the others are lists of lines."""


def explain(
    resolved: Resolved, planned: Sequence[Planned], *, rows: bool = False, colour: bool = False
) -> str:
    """Methods section of an experiment that has met its data, for a terminal.

    Parameters
    ----------
    planned : every row that will appear; where the design already refuses one, with its reason
    rows : whether each of them is listed behind it
    colour : whether the reader is a terminal that wants styles
    """
    protocol = resolved.protocol
    blocks: list[RenderableType] = [Text(protocol.title, style="bold")]
    if banner(protocol):
        blocks.append(Text(banner(protocol), style="bold yellow"))
    blocks += explained(resolved, planned)
    for title, lines in row_by_row(resolved, planned) if rows else ():
        blocks += [Text(), Text(title, style="bold")]
        blocks += [
            Padding(Text(spoken(line, protocol.series)), (0, 0, 0, 2 * depth))
            for depth, line in lines
        ]
    return to_text(Group(*blocks), colour=colour)


def explained(resolved: Resolved, planned: Sequence[Planned]) -> Iterator[RenderableType]:
    """The sections without the title above them: a bold heading each, then its paragraphs."""
    for title, paragraphs in _sections(resolved, planned):
        yield from (Text(), Text(title, style="bold"))
        for position, paragraph in enumerate(paragraphs):
            yield from (Text(),) if position and title in PROSE else ()
            yield Text(paragraph)


def to_markdown(resolved: Resolved, planned: Sequence[Planned]) -> str:
    """The same section, to be pasted into a paper."""
    parts = [heading(resolved.protocol.title, 1)]
    if banner(resolved.protocol):
        parts.append(f"> **{escaped(banner(resolved.protocol))}**")
    parts += markdown_sections(resolved, planned)
    return "\n\n".join(parts) + "\n"


def markdown_sections(
    resolved: Resolved, planned: Sequence[Planned], without: Container[str] = ()
) -> Iterator[str]:
    """Headings and their paragraphs or lists, but for those whose titles are left out."""
    for title, paragraphs in _sections(resolved, planned):
        if title not in without:
            one = title in PROSE or len(paragraphs) == 1
            yield heading(title)
            yield from map(escaped, paragraphs) if one else [bullets(paragraphs)]


def _sections(resolved: Resolved, planned: Sequence[Planned]) -> Sections:
    """Titles with their paragraphs, in the words of the experiment; none that is empty."""
    for title, paragraphs in _all(resolved, planned):
        said = [spoken(paragraph, resolved.protocol.series) for paragraph in paragraphs]
        if said:
            yield title, said


def _all(resolved: Resolved, planned: Sequence[Planned]) -> Sections:
    protocol = resolved.protocol
    if planned:
        yield "Estimands", list(estimands(planned))
        yield "Design", list(design(resolved))
        yield "Estimators", list(estimators(planned))
        yield "Inference", list(inference(protocol))
        yield "Multiplicity", list(multiplicity(planned))
        yield "Decision rule", list(decision_rule(protocol))
        yield (
            "Assumptions, and how each is looked at",
            [
                *assumptions(planned, resolved),
                *consequences(),
            ],
        )
        yield "What is refused, and why", list(refusals(planned))
    yield from audits(protocol)
    if protocol.facts:
        facts = "; ".join(f"{name}: {value}" for name, value in protocol.facts)
        yield DECLARED, [f"{facts}."]
    if planned:
        yield REFERENCES, list(references(planned))
