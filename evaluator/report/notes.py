"""Findings, each said once, with a mark for the rows concerned."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from evaluator.results import Finding, Row, Status

Said = tuple[str, str, tuple[str, ...]]
"""Sentence, what to do, courses concerned."""
NUMBER = re.compile(r"(\d{1,2} [A-Z][a-z]{2} \d{4})|(?<![\w.-])\d+(?:,\d{3})*(?:\.\d+)?(?!\w)")
"""A date, which stays as it is; or a number."""
INTERVAL = re.compile(r"\[|\([\d.,]+ to ")
"""What only an interval has."""
ORDER = (Status.FAIL, Status.NOT_RUN, Status.WARN, Status.PASS)
MARKED = (Status.FAIL, Status.WARN)


@dataclass(frozen=True, slots=True)
class Note:
    """All findings of one name and status."""

    mark: str
    """Letter beside the rows concerned; empty where it concerns all rows or none."""
    name: str
    status: Status
    sentences: tuple[Said, ...]
    """Each sentence once."""

    def lines(self) -> Iterator[str]:
        """The sentences with their courses, and what to do: once, if it is the same for all."""
        several = len(self.sentences) > 1
        advice = {todo for _, todo, _ in self.sentences}
        for sentence, todo, courses in self.sentences:
            named = bool(courses and (self.mark or several)) and sentence.split()[0] not in courses
            end = f" → {todo}" if todo and len(advice) > 1 else ""
            yield f"{', '.join(courses)}: {sentence}{end}" if named else f"{sentence}{end}"
        if len(advice) == 1 and any(advice):
            yield f"→ {advice.pop()}"

    def in_ranges(self) -> Note:
        """Sentences that differ in their numbers alone as one, with the range of each number.

        Intervals are of one row each, so sentences with one stay apart.
        """
        alike: dict[tuple[str, str], list[Said]] = {}
        for said in self.sentences:
            pattern = (
                said[0] if INTERVAL.search(said[0]) else NUMBER.sub(lambda m: m[1] or "\0", said[0])
            )
            alike.setdefault((pattern, said[1]), []).append(said)
        merged: list[Said] = []
        for (_, todo), group in alike.items():
            courses = dict.fromkeys(course for _, _, own in group for course in own)
            merged.append((_in_range([sentence for sentence, _, _ in group]), todo, tuple(courses)))
        return replace(self, sentences=tuple(merged))


def _in_range(sentences: Sequence[str]) -> str:
    found = [[m[0] for m in NUMBER.finditer(sentence)] for sentence in sentences]
    ranges = (_ends(values) for values in zip(*found, strict=True))
    return NUMBER.sub(lambda _: next(ranges), sentences[0])


def _ends(values: Sequence[str]) -> str:
    """Smallest and largest, as they were written."""
    if len(set(values)) == 1:
        return values[0]
    ordered = sorted(values, key=lambda value: float(value.replace(",", "")))
    return f"{ordered[0]} to {ordered[-1]}"


def notes(
    rows: Sequence[Row], of_the_data: Iterable[Finding] = (), *, passed: bool = False
) -> tuple[Note, ...]:
    """Group what did not pass, failures first.

    Parameters
    ----------
    rows : the rows that are shown
    of_the_data : findings of no row in particular; these get no mark
    passed : whether also what passed, last
    """
    groups: dict[tuple[str, Status], dict[tuple[str, str], list[str]]] = {}
    for finding, course in _all(rows, of_the_data):
        if passed or finding.status is not Status.PASS:
            group = groups.setdefault((finding.name, finding.status), {})
            courses = group.setdefault((finding.sentence, finding.todo), [])
            courses += [course] if course and course not in courses else []
    marks = _letters()
    return tuple(
        Note(
            next(marks) if status in MARKED and any(group.values()) else "",
            name,
            status,
            tuple((said, todo, tuple(courses)) for (said, todo), courses in group.items()),
        )
        for (name, status), group in sorted(groups.items(), key=lambda g: ORDER.index(g[0][1]))
    )


def lettered(own: Sequence[Note], among: Iterable[Note]) -> tuple[Note, ...]:
    """Notes of some rows with the letters that they have among those of all rows."""
    letters = {(note.name, note.status): note.mark for note in among}
    return tuple(replace(note, mark=letters[note.name, note.status]) for note in own)


def unsaid(noted: Iterable[Note], before: Iterable[Note]) -> tuple[Note, ...]:
    """What was not said before, in so many words."""
    said = {(n.name, n.status, sentence) for n in before for sentence, _, _ in n.sentences}
    left = (
        replace(
            note,
            sentences=tuple(
                s for s in note.sentences if (note.name, note.status, s[0]) not in said
            ),
        )
        for note in noted
    )
    return tuple(note for note in left if note.sentences)


def marks_of(row: Row, noted: Iterable[Note]) -> str:
    """Letters of the notes that concern a row."""
    own = {(finding.name, finding.status) for finding in row.findings}
    marks = (note.mark for note in noted if (note.name, note.status) in own)
    return "".join(sorted(marks, key=lambda mark: (len(mark), mark)))


def _all(rows: Sequence[Row], of_the_data: Iterable[Finding]) -> Iterable[tuple[Finding, str]]:
    yield from ((finding, "") for finding in of_the_data)
    for row in rows:
        yield from ((finding, row.key.course) for finding in row.findings)


def _letters() -> Iterator[str]:
    for length in (1, 2):
        yield from map("".join, product(string.ascii_lowercase, repeat=length))
