"""One question in the terminal: its table, what was refused, how sensitive, what it identifies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from evaluator.comparisons import ALL
from evaluator.report import numbers
from evaluator.report.specification import DEPARTURES, departure
from evaluator.report.words import (
    block_title,
    of_any_channel,
    outcome_label,
    row_label,
    wave_label,
)
from evaluator.results import Row, RowKey, RowRole, RowStatus, Verdict

WIDTH = 80
NOTHING = "–"
STYLES = {
    Verdict.RAISED: "bold green",
    Verdict.LOWERED: "bold red",
    Verdict.RAISED_UNCERTAIN: "green",
    Verdict.LOWERED_UNCERTAIN: "red",
    Verdict.REFUSED: "dim",
}


def question_block(rows: Sequence[Row], marks: Mapping[RowKey, str]) -> RenderableType:
    """All that is printed about one question.

    Parameters
    ----------
    rows : of this question, or of one question about several outcomes
    marks : rows that get a line in the table → letters of their notes
    """
    courses = list(dict.fromkeys(row.key.course for row in rows))
    lines = [row for row in rows if row.key in marks]
    asked = list(dict.fromkeys(row.key.question for row in rows))
    lines.sort(key=lambda row: (asked.index(row.key.question), courses.index(row.key.course)))
    title = Text(block_title(rows[0].key.question), style="bold")
    below = [
        *_legend(lines),
        *_refused(lines),
        *_described(lines),
        *_others(lines, rows),
        *_identified(lines),
    ]
    return Group(title, _table(lines, rows, marks), *below)


def _table(
    lines: Sequence[Row], rows: Sequence[Row], marks: Mapping[RowKey, str]
) -> RenderableType:
    """Where nothing is tested, the range over other dates stands in the place of p."""
    tested = any(row.status is RowStatus.ESTIMATED for row in rows)
    in_arm = all(row.key.arm != "all" for row in lines)
    extra, p = "extra in arm A" if in_arm else "extra", "p adj." if tested else "other dates"
    shares = any(row.share is not None and row.effect is not None for row in lines)
    cells = [("", *(("ratio", "share", "of") if shares else ("lift", extra, p)), "verdict", "")]
    styles = [""]
    heading = ""
    for row in lines:
        if row.role in DEPARTURES and row.status is RowStatus.REFUSED:
            continue  # named below the table, with its reason
        if _heading(row) and _heading(row) != heading:
            heading = _heading(row)
            cells.append((heading, "", "", "", "", ""))
            styles.append("")
        p = _p(row) if tested else _range(row, rows)[0]
        numbers_of = _share(row) if shares else (_extra(row), p)
        mark = marks.get(row.key, "")
        cells.append((_label(row), _lift(row), *numbers_of, str(row.verdict), mark))
        styles.append(STYLES.get(row.verdict, ""))
    return _laid_out(cells, styles)


def _laid_out(cells: Sequence[tuple[str, ...]], styles: Sequence[str]) -> RenderableType:
    """Columns of fixed width: numbers are never cut, label and verdict share what is left.

    A heading, which has no numbers, takes the whole line.
    """
    widths = [max(map(len, column)) for column in zip(*filter(_has_numbers, cells), strict=True)]
    left = WIDTH - sum(widths[1:4]) - widths[5] - 5
    widths[4] = max(min(widths[4], left - widths[0]), len(Verdict.DESCRIPTIVE))
    widths[0] = min(widths[0], left - widths[4])
    parts: list[RenderableType] = [table := _columns(cells[0], widths, header=True)]
    for line, style in zip(cells[1:], styles[1:], strict=True):
        if _has_numbers(line):
            table.add_row(*line[:4], Text(line[4], style=style), Text(line[5], style="yellow"))
        else:
            parts += [Text(line[0]), table := _columns(cells[0], widths, header=False)]
    return Group(*parts)


def _columns(names: Sequence[str], widths: Sequence[int], *, header: bool) -> Table:
    table = Table(
        box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="dim", show_header=header
    )
    for position, (name, width) in enumerate(zip(names, widths, strict=True)):
        justify: Literal["left", "right"] = "right" if position in (2, 3) else "left"
        table.add_column(name, width=width, justify=justify, overflow="fold")
    return table


def _has_numbers(line: Sequence[str]) -> bool:
    return any(line[1:])


def _label(row: Row) -> str:
    if row.role in DEPARTURES:
        return f"  {departure(row)}"
    label = wave_label(row.key) or row.key.course
    return f"  {label}" if _heading(row) else label


def _heading(row: Row) -> str:
    """What a row stands under: its outcome, or the course of a wave."""
    return outcome_label(row.key.question) or (row.key.course if wave_label(row.key) else "")


def _lift(row: Row) -> str:
    if row.effect is None:
        return NOTHING
    return numbers.lift_and_interval(row.effect, row.simultaneous or row.effect, row.level)


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


def _legend(lines: Sequence[Row]) -> Iterator[Text]:
    if any(row.simultaneous is not None for row in lines):
        gate = " behind “all”" if any(row.key.course == ALL for row in lines) else ""
        yield Text(
            f"courses: lift, extra and p adj. hold together (Holm{gate})",
            style="dim",
        )


def _refused(lines: Sequence[Row]) -> Iterator[Text]:
    by_reason: dict[str, dict[str, list[str]]] = {}
    for row in lines:
        if row.status is RowStatus.REFUSED:
            counted_here = row.observed is not None and not _heading(row)
            seen = f" ({numbers.count(row.observed or 0)} counted)" if counted_here else ""
            names = by_reason.setdefault(row.reason, {}).setdefault(departure(row), [])
            names.append(f"{row_label(row.key)}{'' if departure(row) else seen}")
    for reason, groups in by_reason.items():
        for otherwise, names in groups.items():
            once = dict.fromkeys((*names, *filter(None, [otherwise])))
            yield Text(f"refused: {', '.join(once)}: {reason}")


def _described(lines: Sequence[Row]) -> Iterator[Text]:
    said = dict.fromkeys(
        f"{row_label(row.key)}: {row.reason}"
        for row in lines
        if row.status is RowStatus.DESCRIPTIVE and row.effect is None
    )
    yield from map(Text, said)


def _others(lines: Sequence[Row], rows: Sequence[Row]) -> Iterator[Text]:
    """The range of lifts over other references, and how many rows stand behind the headline."""
    ranges: list[str] = []
    outcome = ""
    for row in lines:
        span, number = _range(row, rows)
        if row.status is RowStatus.ESTIMATED and number:
            named = outcome_label(row.key.question)
            about = f"{named}: " if named != outcome else ""
            outcome = named
            ranges.append(f"{about}{row_label(row.key)} ×{span} ({number})")
    if ranges:
        yield Text(f"sensitivity, lift under other choices: {'; '.join(ranges)}")
    behind = Counter(row.role for row in rows if row not in lines and row.effect is not None)
    hidden = [
        f"{role} {behind[role]}"
        for role in (RowRole.ROBUSTNESS, RowRole.EXPLORATORY)
        if behind[role]
    ]
    if hidden:
        yield Text(f"rows behind these: {', '.join(hidden)} (--all, results.json)")


def _range(headline: Row, rows: Sequence[Row]) -> tuple[str, int]:
    """Smallest and largest lift of a row on other references or dates, and how many these are."""
    if headline.role is not RowRole.HEADLINE:
        return "", 0
    about = _about(headline.key)
    lifts = [
        row.effect.lift
        for row in rows
        if row.role is RowRole.SENSITIVITY and row.effect is not None and _about(row.key) == about
    ]
    if not lifts:
        return NOTHING, 0
    ends = dict.fromkeys(numbers.factor(lift) for lift in (min(lifts), max(lifts)))
    return " to ".join(ends), len(lifts)


def _about(key: RowKey) -> tuple[str, ...]:
    return key.question, key.course, key.channel, key.arm


def _identified(lines: Sequence[Row]) -> Iterator[Text]:
    identified: dict[str, None] = {}
    not_identified: dict[str, None] = {}
    for row in lines:
        if row.role is RowRole.HEADLINE:
            identified[of_any_channel(row.estimand.identifies, row.key)] = None
            not_identified[of_any_channel(row.estimand.not_identified, row.key)] = None
    for sentence in identified:
        yield Text(f"identifies: {sentence}")
    for sentence in filter(None, not_identified):
        yield Text(f"does not identify: {sentence}")
