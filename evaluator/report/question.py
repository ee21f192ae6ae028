"""One question in the terminal: its tables, and the sentences below them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from evaluator.comparisons import ALL
from evaluator.comparisons.portfolio import OTHERS
from evaluator.report import numbers
from evaluator.report.channels import costs, overlaps, shrunk
from evaluator.report.layout import NOTHING, Line, laid_out
from evaluator.report.remarks import range_of, ranged_over, refusals, remarks
from evaluator.report.specification import DEPARTURES, departure
from evaluator.report.words import (
    block_of,
    block_title,
    cell_label,
    channel_label,
    course_label,
    outcome_label,
    wave_label,
    weekday_of,
)
from evaluator.results import Row, RowKey, RowStatus, Verdict

MORE = "each course, what a question identifies, and every other row: --all, report.html"
STYLES = {
    Verdict.RAISED: "bold green",
    Verdict.LOWERED: "bold red",
    Verdict.RAISED_UNCERTAIN: "green",
    Verdict.LOWERED_UNCERTAIN: "red",
    Verdict.REFUSED: "dim",
}


def question_block(
    rows: Sequence[Row], marks: Mapping[RowKey, str], currency: str = ""
) -> RenderableType:
    """All that is printed about one question.

    Parameters
    ----------
    rows : of this question, or of one question about several outcomes
    marks : rows that get a line in the table → letters of their notes
    currency : code of what was spent
    """
    shown = in_order([row for row in rows if row.key in marks], rows)
    title = Text(block_title(rows[0].key.question), style="bold")
    sides = (*costs(shown, rows, currency), *shrunk(shown), *overlaps(shown))
    return Group(title, _table(shown, rows, marks), *remarks(shown, rows), *sides)


def blocks_of(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows by the table in which they stand, in order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(block_of(row.key.question), []).append(row)
    return list(found.values())


def overview(
    blocks: Sequence[Sequence[Row]], marks: Mapping[RowKey, str]
) -> Iterator[RenderableType]:
    """The courses of each question together, in a line or two; or how many rows it has.

    Parameters
    ----------
    blocks : rows of each question that is not told in full
    """
    lines: list[Line] = []
    refused: list[Row] = []
    for rows in blocks:
        shown = in_order([row for row in rows if row.key in marks], rows)
        together = [row for row in shown if _is_together(row)]
        lines.append(Line(block_title(rows[0].key.question)))
        lines += [_in_short(row, marks) for row in together]
        lines += [] if together else [Line(f"  {_tally(shown)}", ("", "", ""), "see --all")]
        refused += [row for row in together if row.effect is None]
    if lines:
        yield Text("The other questions, the courses together", style="bold")
        yield laid_out(Line("", ("lift", "cov.", "extra"), "verdict"), lines)
        yield from refusals(refused)
        yield Text(MORE, style="dim")


def _is_together(row: Row) -> bool:
    """Whether a row is about the courses together, the other courses among them if it decides."""
    deciding = row.status is RowStatus.ESTIMATED and row.key.course == OTHERS
    return (row.key.course == ALL or deciding) and not _is_cell(row.key)


def _is_cell(key: RowKey) -> bool:
    """Whether a row is one of many, an outcome by a channel."""
    return bool(outcome_label(key.question) and wave_label(key))


def _in_short(row: Row, marks: Mapping[RowKey, str]) -> Line:
    label = outcome_label(row.key.question) or wave_label(row.key) or course_label(row.key)
    values = (_lift(row), _coverage(row), _extra(row))
    style = STYLES.get(row.verdict, "")
    return Line(f"  {label}", values, str(row.verdict), marks[row.key], style)


def _tally(shown: Sequence[Row]) -> str:
    counts = Counter(row.verdict for row in shown)
    return ", ".join(f"{number} {verdict}" for verdict, number in counts.items())


def in_order(shown: Sequence[Row], rows: Sequence[Row]) -> list[Row]:
    """By question; then by what the headings are; then by course.

    Parameters
    ----------
    rows : all rows of the question, whose order counts
    """
    asked = list(dict.fromkeys(row.key.question for row in rows))
    channels = list(dict.fromkeys(row.key.channel for row in rows))
    channels.sort(key=lambda channel: " & " in channel)
    courses = list(dict.fromkeys(row.key.course for row in rows))
    split = by_channel(shown)

    def place(row: Row) -> tuple[int, int, int]:
        channel = channels.index(row.key.channel) if split else 0
        return asked.index(row.key.question), channel, courses.index(row.key.course)

    return sorted(shown, key=place)


def by_channel(shown: Sequence[Row]) -> bool:
    """Whether channels are the headings: where each has several courses, arms or countries."""
    waves = [
        row.key
        for row in shown
        if wave_label(row.key) and not weekday_of(row.key) and not outcome_label(row.key.question)
    ]
    return len({(key.course, key.arm) for key in waves}) > 1


def _table(
    shown: Sequence[Row], rows: Sequence[Row], marks: Mapping[RowKey, str]
) -> RenderableType:
    """Where no p is read, the range under other choices stands in its place."""
    adjusted = any(row.simultaneous is not None for row in shown)
    tested = adjusted or any(row.status is RowStatus.ESTIMATED for row in rows)
    shares = any(row.share is not None and row.effect is not None for row in shown)
    p = ("p adj." if adjusted else "p") if tested else f"other\n{ranged_over(rows)}"
    names = ("ratio", "share", "of") if shares else ("lift", "cov.", "extra", p)
    lines: list[Line] = []
    heading, split = "", by_channel(shown)
    for row in shown:
        if row.role in DEPARTURES and row.status is RowStatus.REFUSED:
            continue  # named below the table, with its reason
        if (new := _heading(row, split=split)) and new != heading:
            heading = new
            lines.append(Line(heading))
        last = _p(row) if tested else range_of(row, rows)[0]
        values = _share(row) if shares else (_coverage(row), _extra(row), last)
        lines.append(
            Line(
                _label(row, split=split),
                (_lift(row), *values),
                str(row.verdict),
                marks.get(row.key, ""),
                STYLES.get(row.verdict, ""),
            )
        )
    return laid_out(Line("", names, "verdict"), lines)


def _heading(row: Row, *, split: bool) -> str:
    """What a row stands under: its outcome, or its channel, or the course of a wave."""
    if outcome_label(row.key.question) or not wave_label(row.key):
        return outcome_label(row.key.question)
    return channel_label(row.key.channel) if split else row.key.course


def _label(row: Row, *, split: bool) -> str:
    beneath = cell_label(row.key) if split else wave_label(row.key)
    label = departure(row) or beneath or course_label(row.key)
    indent = 2 * bool(_heading(row, split=split)) + 2 * bool(departure(row))
    return f"{' ' * indent}{label}"


def _lift(row: Row) -> str:
    if row.effect is None:
        return NOTHING
    return numbers.lift_and_interval(row.effect, row.simultaneous or row.effect, row.level)


def _coverage(row: Row) -> str:
    return NOTHING if row.coverage is None else numbers.probability(row.coverage)


def _extra(row: Row) -> str:
    if row.extra is None:
        return NOTHING
    return numbers.amount(row.extra.realised, row.extra_simultaneous)


def _share(row: Row) -> tuple[str, str]:
    if row.share is None:
        return NOTHING, NOTHING
    return numbers.share(row.share), numbers.count(row.share.of)


def _p(row: Row) -> str:
    if row.effect is None:
        return NOTHING
    return numbers.p_value(
        row.simultaneous.p_adjusted if row.simultaneous else row.effect.p_value()
    )
