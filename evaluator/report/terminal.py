"""The evaluation as people read it in a terminal: answer first, 80 columns."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from evaluator.evaluation import Evaluation
from evaluator.report import numbers
from evaluator.report.answer import answer, banner, currency_of
from evaluator.report.audited import exposed_block, interventions_block
from evaluator.report.believed import believed
from evaluator.report.channels import costs
from evaluator.report.claims import claims_block
from evaluator.report.findings import belief_block, other_findings
from evaluator.report.funnel import funnel_block
from evaluator.report.layout import WIDTH
from evaluator.report.notes import Note, marks_of, notes
from evaluator.report.question import blocks_of, overview, question_block
from evaluator.report.sealed import sealed_lines
from evaluator.results import Row, RowRole


def render(
    evaluation: Evaluation,
    *,
    all_rows: bool = False,
    written: Sequence[Path] = (),
    colour: bool = False,
) -> str:
    """Everything that `run` prints.

    Parameters
    ----------
    all_rows : also the rows of other methods, references and dates, and what passed
    written : files that hold the results
    colour : whether the reader is a terminal that wants styles
    """
    shown = [row for row in evaluation.rows if all_rows or row.role is RowRole.HEADLINE]
    noted = notes(shown, evaluation.findings, passed=all_rows)
    belief = believed(evaluation, shown, noted, passed=all_rows)
    blocks = [
        *_heading(evaluation),
        _paragraphs(answer(evaluation)),
        *belief_block(belief, whole=all_rows),
        *_questions(evaluation, shown, noted, whole=all_rows),
        *funnel_block(evaluation.funnel),
        *exposed_block(evaluation.exposed),
        *claims_block(evaluation.claims, all_claims=all_rows),
        *interventions_block(evaluation.protocol),
        *other_findings(belief, whole=all_rows),
    ]
    if written:
        blocks += [Text(), Text(f"written: {', '.join(str(path) for path in written)}")]
    return to_text(Group(*blocks), colour=colour)


def render_answer(evaluation: Evaluation, *, colour: bool = False) -> str:
    """The answer alone, under its banner."""
    lines = [line for line in (banner(evaluation.protocol),) if line]
    return to_text(_paragraphs([*lines, *answer(evaluation)]), colour=colour)


def to_text(block: RenderableType, *, colour: bool) -> str:
    """Text of a block, with escape codes only where they are wanted."""
    console = Console(
        file=io.StringIO(),
        width=WIDTH,
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )
    with console.capture() as capture:
        console.print(block)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def _heading(evaluation: Evaluation) -> Iterator[RenderableType]:
    protocol = evaluation.protocol
    if banner(protocol):
        warning = f"{banner(protocol)}: no conclusion about anything real can be drawn"
        yield Panel(Text(warning, style="bold", justify="center"), style="yellow")
    yield Text(protocol.title, style="bold")
    yield from (Text(line, style="dim") for line in dated(evaluation))
    yield Text()


def dated(evaluation: Evaluation) -> Iterator[str]:
    """Window, day of the data and level; and the seal, where there is one."""
    protocol = evaluation.protocol
    level = numbers.percent(protocol.decision.level)
    window = f"{protocol.window} ({protocol.window.days} days) · "
    days = "" if protocol.of_claims_alone else window
    yield f"{days}as of {protocol.as_of:%-d %b %Y} · {level} intervals"
    yield from sealed_lines(evaluation.registered)


def _paragraphs(sentences: Sequence[str]) -> RenderableType:
    return Group(*(Text(sentence) for sentence in sentences))


def _questions(
    evaluation: Evaluation, shown: Sequence[Row], noted: Sequence[Note], *, whole: bool
) -> Iterator[RenderableType]:
    """The first question in full; the others too where the whole is asked for, or where courses
    count unlike things, so that no row has them together."""
    marks = {row.key: marks_of(row, noted) for row in shown}
    currency = currency_of(evaluation)
    asked = blocks_of(evaluation.rows)
    whole = whole or not evaluation.protocol.alike
    for rows in asked if whole else asked[:1]:
        yield Text()
        yield question_block(rows, marks, currency)
    if not whole and asked[1:]:
        yield Text()
        yield from overview(asked[1:], marks)
        for rows in asked[1:]:
            beside = tuple(costs([row for row in rows if row.key in marks], rows, currency))
            yield from (Text(), *beside) if beside else ()
