"""Sections of the page, one a question: the rows that decide, and what stands behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluator.comparisons import ALL
from evaluator.comparisons.arms import ARM
from evaluator.evaluation import Evaluation
from evaluator.experiment.nouns import COURSE
from evaluator.report.belief import belief_remarks, tally
from evaluator.report.notes import Note, lettered, marks_of, notes
from evaluator.report.remarks import said_otherwise
from evaluator.report.tables import Record
from evaluator.report.words import (
    METHODS,
    block_of,
    block_title,
    course_label,
    of_any_channel,
    outcome_label,
    wave_label,
)
from evaluator.results import Row, RowRole, RowStatus, Verdict

PART = "day"
"""What a line is that is about some of a course's days."""
SIDE: Mapping[Verdict, str] = {
    Verdict.RAISED: "raised",
    Verdict.RAISED_UNCERTAIN: "raised",
    Verdict.LOWERED: "lowered",
    Verdict.LOWERED_UNCERTAIN: "lowered",
    Verdict.REFUSED: "refused",
    Verdict.DESCRIPTIVE: "descriptive",
}
"""How a verdict is coloured; the others are not."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table."""

    position: int
    """Of the row in results.json."""
    label: str
    record: Record
    side: str
    marks: str
    """Letters of the notes that concern it."""
    elsewhere: tuple[float, ...]
    """Smallest and largest lift under other choices: one if they are the same."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a comparison is about, in the words of its estimand."""

    compares: str
    identifies: str
    needs: tuple[str, ...]
    not_identified: str
    method: str


@dataclass(frozen=True, slots=True)
class Section:
    """All that the page says about one question, or about one that asks of several outcomes."""

    block: str
    questions: tuple[str, ...]
    anchor: str
    title: str
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    """(course or outcome, its lines); one group without a name where a line is a course."""
    heading: str
    """What a line is."""
    tested: bool
    in_arm: bool
    adjusted: bool
    gated: bool
    """Whether the courses are read behind their pooled row."""
    notes: tuple[Note, ...]
    meanings: tuple[Meaning, ...]
    remarks: tuple[str, ...]
    """About its intervals, and how its verdicts are to be read."""

    @property
    def waves(self) -> bool:
        """Whether a line is a channel or a day of the week, not a course."""
        return self.heading != COURSE

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for _, lines in self.groups for line in lines)

    def summary(self) -> str:
        """How many kinds of findings did not pass, and how many were not looked at."""
        return tally(note.status for note in self.notes)


def sections(evaluation: Evaluation, results: Mapping[str, Any]) -> tuple[Section, ...]:
    """One for each question, in the order of the table; numbers from what results.json holds."""
    records = results["rows"]
    shown = [row for row in evaluation.rows if row.role is RowRole.HEADLINE]
    among = notes(shown, evaluation.findings)
    elsewhere = _elsewhere(results["specifications"])
    built = []
    for block in dict.fromkeys(block_of(row.key.question) for row in shown):
        rows = [row for row in shown if block_of(row.key.question) == block]
        own = lettered(notes(rows), among)
        lines = {
            p: Line(
                p,
                wave_label(row.key) or course_label(row.key),
                records[p],
                SIDE.get(row.verdict, ""),
                marks_of(row, own),
                elsewhere.get(p, ()),
            )
            for p, row in enumerate(evaluation.rows)
            if row.role is RowRole.HEADLINE and block_of(row.key.question) == block
        }
        built.append(_section(block, rows, tuple(_groups(lines, evaluation.rows)), own))
    return tuple(built)


def _section(
    block: str,
    rows: Sequence[Row],
    groups: tuple[tuple[str, tuple[Line, ...]], ...],
    own: tuple[Note, ...],
) -> Section:
    return Section(
        block,
        tuple(dict.fromkeys(row.key.question for row in rows)),
        anchor(block),
        block_title(block),
        groups,
        heading=_heading(rows),
        tested=any(row.status is RowStatus.ESTIMATED for row in rows),
        in_arm=all(row.key.arm == ARM for row in rows),
        adjusted=any(row.simultaneous is not None for row in rows),
        gated=any(row.key.course == ALL for row in rows),
        notes=own,
        meanings=tuple(_meanings(rows)),
        remarks=(*belief_remarks(rows), *said_otherwise(rows)),
    )


def _heading(rows: Sequence[Row]) -> str:
    if any(row.key.channel != ALL for row in rows):
        return "channel"
    return PART if any(wave_label(row.key) for row in rows) else COURSE


def anchor(name: str) -> str:
    """A name as part of an address.

    >>> anchor("secondary: new learners")
    'secondary-new-learners'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _groups(
    lines: Mapping[int, Line], rows: Sequence[Row]
) -> Iterator[tuple[str, tuple[Line, ...]]]:
    """Lines of one outcome together, or of one course where a line is a wave of a channel."""
    groups: dict[str, list[Line]] = {}
    for p, line in lines.items():
        key = rows[p].key
        name = outcome_label(key.question) or (key.course if wave_label(key) else "")
        groups.setdefault(name, []).append(line)
    for name, own in groups.items():
        courses = list(dict.fromkeys(line.record["course"] for line in own))
        own.sort(key=lambda line: courses.index(line.record["course"]))
        yield name if len(groups) > 1 else "", tuple(own)


def _elsewhere(specified: Sequence[Mapping[str, Any]]) -> dict[int, tuple[float, ...]]:
    """Range of lifts on other references and dates, by the row that decides."""
    return {
        one["row"]: tuple(dict.fromkeys((one["elsewhere_least"], one["elsewhere_most"])))
        for one in specified
        if one["elsewhere_least"] is not None
    }


def _meanings(rows: Sequence[Row]) -> Iterator[Meaning]:
    """Each once, without the names of courses and channels that they share."""
    seen = set()
    for row in rows:
        about = row.estimand
        said = of_any_channel(about.identifies, row.key), of_any_channel(about.name, row.key)
        if said in seen:
            continue
        seen.add(said)
        yield Meaning(
            of_any_channel(about.compares, row.key),
            said[0],
            about.needs,
            of_any_channel(about.not_identified, row.key),
            METHODS.get(row.key.method, ""),
        )
