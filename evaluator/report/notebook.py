"""What a notebook shows of an evaluation: the answer and the headline tables, without a script.

No style sheet: a rule of it would reach the cells of others. What little style there is stands on
the elements themselves, and leaves colours to the notebook, light or dark.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape
from rich.text import Text

from evaluator.evaluation import Evaluation
from evaluator.report.answer import answer, banner
from evaluator.report.layout import Laid
from evaluator.report.markdown import brief
from evaluator.report.markdown.blocks import flat

RIGHT, LEFT = "text-align:right;white-space:nowrap", "text-align:left"


def to_fragment(evaluation: Evaluation) -> str:
    """One `div`, to be put anywhere in a page."""
    parts = [*_top(evaluation), *_body(evaluation)]
    return Markup('<div lang="en">\n{}\n</div>').format(Markup("\n").join(parts))


def _top(evaluation: Evaluation) -> Iterator[Markup]:
    protocol = evaluation.protocol
    if banner(protocol):
        said = f"{banner(protocol)}: no conclusion about anything real can be drawn"
        yield Markup("<p><strong>{}</strong></p>").format(said)
    yield Markup("<p><strong>{}</strong></p>").format(protocol.title)
    for sentence in answer(evaluation):
        yield Markup("<p>{}</p>").format(sentence)


def _body(evaluation: Evaluation) -> Iterator[Markup]:
    """Tables under their titles; what stands below them, folded."""
    told: list[str] = []
    for block in flat(brief(evaluation)):
        if isinstance(block, Text) and "bold" not in str(block.style):
            told += [line for line in block.plain.split("\n") if line.strip()]
            continue
        yield from _folded(told)
        told = []
        if isinstance(block, Laid):
            yield _table(block)
        else:
            yield Markup("<p><strong>{}</strong></p>").format(block.plain)
    yield from _folded(told)


def _folded(lines: Sequence[str]) -> Iterator[Markup]:
    if lines:
        items = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
        yield Markup("<details><summary>how to read it</summary><ul>{}</ul></details>").format(
            items
        )


def _table(laid: Laid) -> Markup:
    head = laid.head
    names = [name.replace("\n", " ") for name in head.numbers]
    cells = [_cell("th", "", LEFT, "col"), *(_cell("th", name, RIGHT, "col") for name in names)]
    rows = [_row([*cells, _cell("th", head.verdict, LEFT, "col")])]
    for line in laid.lines:
        label = line.label.replace("  ", "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}")
        values = line.numbers or [""] * len(names)
        cells = [_cell("th", label, LEFT, "row"), *(_cell("td", own, RIGHT) for own in values)]
        rows.append(_row([*cells, _cell("td", line.verdict, LEFT)]))
    body = Markup("\n").join(rows[1:])
    return Markup("<table>\n<thead>{}</thead>\n<tbody>\n{}\n</tbody>\n</table>").format(
        rows[0], body
    )


def _row(cells: Sequence[Markup]) -> Markup:
    return Markup("<tr>{}</tr>").format(Markup("").join(cells))


def _cell(element: str, text: str, style: str, scope: str = "") -> Markup:
    about = f' scope="{scope}"' if scope else ""
    return Markup(f'<{element}{about} style="{style}">{escape(text)}</{element}>')
