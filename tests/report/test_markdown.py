"""report.md and what a notebook shows: the page's content, and no markup by chance."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from rich.console import RenderableType
from rich.text import Text

from evaluator import Result
from evaluator.evaluation import Evaluation
from evaluator.experiment.limits import Sharing
from evaluator.report import numbers
from evaluator.report.answer import answer
from evaluator.report.layout import Line, laid_out
from evaluator.report.markdown import to_excerpt, to_markdown
from evaluator.report.markdown.blocks import written
from evaluator.report.markdown.syntax import escaped, table
from evaluator.report.notebook import to_fragment
from evaluator.results import Interval, Row

ORDER = (
    "# Promotion of seven free self-guided courses, ITCILO 2022–23",
    "> **SYNTHETIC RECONSTRUCTION**",
    "## Did promoting courses individually bring them more enrolments?",
    "## How much to believe it",
    "## Promoted courses against other courses",
    "## Per channel",
    "## What was counted, and what would have been",
    "## Looked at closely",
    "## Funnel",
    "## Decay: in the waves, and the weeks after",
    "## Published figures, like for like",
    "## What is not identified, and what data would identify it",
    "## What else was found, and what to do",
    "## Specification table",
    "## Provenance",
)


@pytest.fixture(scope="module")
def report(flagship: Result) -> str:
    return to_markdown(flagship.evaluation)


@pytest.fixture(scope="module")
def results(flagship: Result) -> dict[str, Any]:
    return flagship.to_dict()


def tables(report: str, title: str) -> list[list[list[str]]]:
    """Cells of the tables under a heading, as they are read."""
    under = report.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    found = re.findall(r"(?:^\|.*\n?)+", under, re.MULTILINE)
    return [[list(_cells(line)) for line in own.splitlines()] for own in found]


def _cells(line: str) -> Iterator[str]:
    for cell in re.split(r"(?<!\\)\|", line)[1:-1]:
        yield re.sub(r"\\(.)", r"\1", cell).strip().removeprefix("· ")


def test_the_order_is_that_of_the_page(report: str) -> None:
    places = [report.index(f"{part}") for part in ORDER]
    assert places == sorted(places)


def test_a_table_has_as_many_cells_in_each_line(report: str) -> None:
    for title in (part.removeprefix("## ") for part in ORDER if part.startswith("## ")):
        for own in tables(report, title):
            assert len({len(line) for line in own}) == 1


def test_nothing_is_markup_by_chance(report: str) -> None:
    """Neither raw HTML, nor a link, nor code or a struck-out word: there is none in the report."""
    bare = re.sub(r"\\.", "", report)
    assert not re.search(r"[<`~\[\]]", bare)
    assert all(line.startswith("> **") for line in bare.splitlines() if ">" in line)


def test_lines_that_are_no_prose_are_not_wide(report: str) -> None:
    assert max(len(line) for line in report.splitlines() if line.startswith("|")) <= 170


def test_the_numbers_of_the_first_table_are_those_of_results_json(
    report: str, results: dict[str, Any]
) -> None:
    head, _, *lines = tables(report, "Promoted courses against other courses")[0]
    lift, extra = head.index("lift"), head.index("extra")
    rows = {
        row["course"]: row
        for row in results["rows"]
        if (row["question"], row["role"]) == ("promoted_vs_other", "headline")
    }
    assert len(lines) == len(rows)
    for line in lines:
        row = rows[line[0]]
        if row["lift"] is None:
            assert line[lift] == "–"
            continue
        assert line[lift] == f"{numbers.lift(row['lift'])} {_ends(row, 'lift', numbers.factor)}"
        assert line[extra] == (
            f"{numbers.count(row['extra_realised'])} {_ends(row, 'extra_realised', numbers.count)}"
        )
        assert line[head.index("verdict")] == row["verdict"]


def _ends(row: dict[str, Any], name: str, said: Callable[[float], str]) -> str:
    """The interval that decides: the simultaneous one, where there is one."""
    ends = [row[f"{name}_{end}_sim"] for end in ("low", "high")]
    if None in ends:
        ends = [row[f"{name}_{end}"] for end in ("low", "high")]
    return f"[{said(ends[0])}; {said(ends[1])}]"


def test_the_funnel_is_that_of_results_json(report: str, results: dict[str, Any]) -> None:
    _, _, *lines = tables(report, "Funnel")[0]
    counts = {line[0]: line[1:] for line in lines if line[0]}
    shares = {before[0]: line[1:] for before, line in pairwise(lines)}
    for own in results["funnel"]:
        for place, stage in enumerate(own["stages"]):
            known = stage["count"] is not None
            said = numbers.count(stage["count"]) if known else "–"
            assert counts[own["channel"]][place] == said
            if stage["share"] is not None:
                assert shares[own["channel"]][place].startswith(f"{stage['share']:.1%}")
            if stage["note"]:
                sentence = escaped(f"{own['channel']}, {stage['stage']}: {stage['note']}")
                assert f"- {sentence}\n" in report


def test_the_decay_is_that_of_results_json(report: str, results: dict[str, Any]) -> None:
    _, _, *lines = tables(report, "Decay: in the waves, and the weeks after")[0]
    for line, own in zip(lines, results["decay"], strict=True):
        assert line[0] == own["channel"]
        for cell, week in zip(line[1:], own["weeks"], strict=True):
            ends = Interval(math.log(week["lift_low"]), math.log(week["lift_high"]), 0.95)
            assert cell == f"{numbers.lift(week['lift'])} {numbers.lift_interval(ends)}"


def test_provenance_is_that_of_results_json(report: str, results: dict[str, Any]) -> None:
    told = dict(tables(report, "Provenance")[0][2:])
    own = results["provenance"]
    assert told["protocol"] == own["protocol_hash"]
    assert told["code"] == own["code"]
    assert told["calibration"] == (own["calibration"] or "–")
    assert told["seed"] == str(own["seed"])


def test_the_same_bytes(flagship: Result, report: str) -> None:
    assert to_markdown(flagship.evaluation) == report


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a [b](c) | d", r"a \[b\](c) \| d"),
        ("facebook_ads, _new_", r"facebook_ads, \_new\_"),
        ("p <.001, *not* `x` ~~y~~", r"p \<.001, \*not\* \`x\` \~\~y\~\~"),
        ("# 1", r"\# 1"),
        ("- 5", r"\- 5"),
        ("1. of them", r"1\. of them"),
        ("two\nlines", "two lines"),
        ("1.5 and −2", "1.5 and −2"),
    ],
)
def test_a_text_reads_as_it_is(text: str, expected: str) -> None:
    assert escaped(text) == expected


def test_a_table_is_padded_and_its_numbers_flush_right() -> None:
    assert table(("a", "n|m"), [("one", "1"), ("b", "1,000")], (1,)) == (
        "| a   |  n\\|m |\n| --- | ----: |\n| one |     1 |\n| b   | 1,000 |"
    )


def test_blocks_become_headings_captions_tables_and_lists() -> None:
    laid = laid_out(Line("", ("lift",), "verdict"), [Line("A"), Line("  b", ("×2",), "raised")])
    blocks: list[RenderableType] = [
        Text("A title", style="bold"),
        Text("above"),
        laid,
        Text(),
        Text("one\ntwo", style="dim"),
    ]
    assert list(written(blocks)) == [
        "## A title",
        "**above**",
        "|     | lift | verdict |\n| --- | ---: | ------- |\n| A   |      |         |\n"
        "| · b |   ×2 | raised  |",
        "- one\n- two",
    ]


class Parsed(HTMLParser):
    """Elements and attributes; that they are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_a_notebook_shows_the_answer_and_the_tables(flagship: Result) -> None:
    """Alone in a div: no script, no style sheet, no identifier, no address, nothing for others."""
    parsed = Parsed(flagship._repr_html_())
    names = {name for name, _ in parsed.found}
    assert names <= {
        *("div", "p", "strong", "table", "thead", "tbody", "tr", "th", "td"),
        *("details", "summary", "ul", "li"),
    }
    given = {name for _, attributes in parsed.found for name in attributes}
    assert given == {"lang", "style", "scope"}
    text = " ".join("".join(parsed.text).split())
    for sentence in answer(flagship.evaluation):
        assert sentence in text
    assert "SYNTHETIC RECONSTRUCTION" in text
    assert [name for name, _ in parsed.found].count("table") == 2


def test_a_notebook_without_html_shows_the_same(flagship: Result) -> None:
    text = flagship._repr_markdown_()
    assert text == to_excerpt(flagship.evaluation)
    for sentence in answer(flagship.evaluation):
        assert escaped(sentence) in text
    assert len(tables(text, "Promoted courses against other courses")) == 1
    assert "## The other questions, the courses together" in text


def test_what_is_written_by_others_is_escaped(
    evaluation: Evaluation, make_row: Callable[..., Row]
) -> None:
    title = "<script>alert(1)</script> & | [x](y)"
    named = replace(evaluation.protocol, title=title)
    own = replace(evaluation, protocol=named, rows=(make_row("<b>|"), *evaluation.rows))
    assert "<script" not in to_fragment(own)
    assert "&lt;script&gt;" in to_fragment(own)
    assert r"# \<script\>alert(1)\</script\> & \| \[x\](y)" in to_markdown(own)
    assert r"\<b\>\|" in to_markdown(own)


def test_small_counts_are_in_neither(flagship: Result) -> None:
    evaluation = flagship.evaluation
    declared = replace(evaluation.protocol, sharing=Sharing(10_000))
    result = Result(replace(evaluation, protocol=declared))
    for text in (result._repr_html_(), result._repr_markdown_()):
        assert "suppressed: it would tell a count below 10000" in text
        assert "2,677" not in text
