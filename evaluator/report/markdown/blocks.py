"""Blocks of the terminal as Markdown: the same sentences and numbers, from the same objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from evaluator.report.layout import Laid
from evaluator.report.markdown.syntax import bullets, escaped, heading, laid_table


def written(blocks: Iterable[RenderableType], depth: int = 2) -> Iterator[str]:
    """Paragraphs, headings, lists and tables, each a text of its own.

    A bold text is a heading; one right above a table is its caption; others are a list.
    """
    told: list[str] = []
    every = [*flat(blocks)]
    for place, block in enumerate(every):
        caption = isinstance(next(iter(every[place + 1 :]), None), Laid)
        if isinstance(block, Text) and "bold" not in str(block.style) and not caption:
            told += [line for line in block.plain.split("\n") if line.strip()]
            continue
        if told:
            yield bullets(told)
            told = []
        if isinstance(block, Laid):
            yield laid_table(block)
        elif "bold" in str(block.style):
            yield heading(block.plain, depth)
        elif block.plain.strip():
            yield f"**{escaped(block.plain)}**"
    if told:
        yield bullets(told)


def flat(blocks: Iterable[RenderableType]) -> Iterator[Text | Laid]:
    """The texts and tables of nested blocks, in order."""
    for block in blocks:
        match block:
            case Group():
                yield from flat(block.renderables)
            case Padding():
                yield from flat([block.renderable])
            case Text() | Laid():
                yield block
            case _:
                raise TypeError(f"no Markdown for {type(block).__name__}")
