"""report.md: the report as GitHub-flavoured Markdown, with sentences in the place of figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from evaluator.evaluation import Evaluation
from evaluator.report.answer import answer, banner, currency_of
from evaluator.report.believed import Believed, believed
from evaluator.report.markdown.behind import (
    audit,
    figures,
    followed,
    provenance,
    specification,
    unidentified,
)
from evaluator.report.markdown.blocks import written
from evaluator.report.markdown.syntax import bullets, escaped, heading
from evaluator.report.notes import Note, marks_of, notes
from evaluator.report.question import blocks_of, overview, question_block
from evaluator.report.terminal import dated
from evaluator.report.to_json import to_dict
from evaluator.report.words import asked
from evaluator.results import Row, RowRole


def to_markdown(evaluation: Evaluation) -> str:
    """The report, in the order of the page. Its numbers are those of results.json."""
    results = to_dict(evaluation)
    shown, noted = _shown(evaluation)
    belief = believed(evaluation, shown, noted)
    parts = [
        *_top(evaluation),
        *_believed(belief),
        *_questions(evaluation, shown, noted),
        *figures(evaluation, results),
        *followed(evaluation),
        *audit(evaluation, results),
        *unidentified(results),
        *_found(belief),
        *specification(evaluation),
        *provenance(results),
    ]
    return "\n\n".join(parts) + "\n"


def to_excerpt(evaluation: Evaluation) -> str:
    """The answer and the headline tables: what a notebook shows."""
    parts = [*_top(evaluation), *written(brief(evaluation))]
    return "\n\n".join(parts) + "\n"


def brief(evaluation: Evaluation) -> Iterator[RenderableType]:
    """The table of the first question, and a line for each other, as the terminal has them."""
    marks = {row.key: "" for row in evaluation.rows if row.role is RowRole.HEADLINE}
    blocks = blocks_of(evaluation.rows)
    told = 1 if evaluation.protocol.alike else len(blocks)
    for rows in blocks[:told]:
        yield question_block(rows, marks, currency_of(evaluation))
    yield from overview(blocks[told:], marks)


def _shown(evaluation: Evaluation) -> tuple[list[Row], tuple[Note, ...]]:
    shown = [row for row in evaluation.rows if row.role is RowRole.HEADLINE]
    return shown, notes(shown, evaluation.findings)


def _top(evaluation: Evaluation) -> Iterator[str]:
    protocol = evaluation.protocol
    yield heading(protocol.title, 1)
    if banner(protocol):
        yield f"> **{escaped(banner(protocol))}**: no conclusion about anything real can be drawn"
    yield from map(escaped, dated(evaluation))
    question = asked(evaluation.rows[0].key.question, protocol.outcome) if evaluation.rows else ""
    yield heading(question or "The answer")
    yield from map(escaped, answer(evaluation))


def _believed(belief: Believed) -> Iterator[str]:
    if belief.sentences or belief.notes or belief.tallies:
        yield heading("How much to believe it")
        yield bullets([*(f"{own}." for own in belief.sentences), *belief.tallies])
        yield _listed(belief.notes)


def _questions(
    evaluation: Evaluation, shown: Sequence[Row], noted: Sequence[Note]
) -> Iterator[str]:
    marks = {row.key: marks_of(row, noted) for row in shown}
    for rows in blocks_of(evaluation.rows):
        yield from written([question_block(rows, marks, currency_of(evaluation))])


def _found(belief: Believed) -> Iterator[str]:
    if belief.others:
        yield heading("What else was found, and what to do")
        yield _listed(belief.others)


def _listed(noted: Sequence[Note]) -> str:
    return "\n".join(f"- {_said(note)}" for note in noted)


def _said(note: Note) -> str:
    mark = f"({note.mark}) " if note.mark else ""
    lines = " ".join(escaped(line) for line in note.in_ranges().lines())
    return f"**{mark}{escaped(note.name)}**: {note.status}: {lines}"
