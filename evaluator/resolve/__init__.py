"""The rules met the data: which courses are there, which countries are arm A, which days count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from evaluator.errors import Problem, did_you_mean
from evaluator.experiment.protocol import Protocol
from evaluator.panel import Panel
from evaluator.resolve.arms import arm_a_of
from evaluator.resolve.checks import LATE_DAYS, check_arms, check_references
from evaluator.resolve.noticed import Noticed, some
from evaluator.resolve.resolved import Resolved
from evaluator.sources import Loaded

__all__ = ["LATE_DAYS", "Resolved", "resolve"]


def resolve(protocol: Protocol, loaded: Loaded) -> Resolved:
    """Apply the rules of a protocol to the data it names.

    Raises
    ------
    DataError : a declared course or country that the data do not hold, an empty reference, an
        arm in which nothing was counted; all problems are listed
    """
    noticed = Noticed([], list(loaded.findings))
    panel = loaded.panel
    promoted = tuple(course.code for course in protocol.courses)
    noticed.problems.extend(_missing_courses(protocol, panel))
    if panel.end < protocol.window.end:
        what = f"the data read end on {panel.end}, the window on {protocol.window.end}"
        noticed.problems.append(Problem("as_of", what, "the whole window is read"))
    every = _others(protocol, loaded, noticed)
    left_out = _left_out(protocol, every, noticed)
    others = tuple(code for code in every if code not in left_out)
    arm_a = arm_a_of(protocol, loaded, noticed)
    noticed.stop()
    first_day = {c.code: max(panel.start, c.available_from or date.min) for c in protocol.courses}
    resolved = Resolved(protocol, panel, promoted, others, arm_a, first_day, ())
    check_references(resolved, noticed)
    check_arms(resolved, noticed)
    noticed.stop()
    findings = tuple(noticed.findings)
    return replace(
        resolved,
        findings=findings,
        left_out=left_out,
        tables=loaded.tables,
        outcomes=loaded.outcomes,
        negative=loaded.negative,
        fingerprint=loaded.fingerprint,
    )


def _missing_courses(protocol: Protocol, panel: Panel) -> Iterator[Problem]:
    declared = [(course.code, "promoted") for course in protocol.courses]
    declared += [(code, "other") for code in protocol.others.codes]
    for code, role in declared:
        if code not in panel.courses:
            what = f'declared as {role}, but nothing was counted for "{code}"'
            rule = f"a declared course has rows between {panel.start} and {panel.end}"
            yield Problem(f"course {code}", what, rule, did_you_mean(code, panel.courses))


def _others(protocol: Protocol, loaded: Loaded, noticed: Noticed) -> tuple[str, ...]:
    listed = set(protocol.others.codes)
    catalogue = loaded.tables.get("courses")
    if protocol.others.catalogue is not None and catalogue is not None:
        listed |= set(catalogue["code"][catalogue["source"] == protocol.others.catalogue])
    listed -= {course.code for course in protocol.courses}
    silent = sorted(listed - set(loaded.panel.courses) - set(protocol.others.codes))
    if silent:
        noticed.warn(
            "courses without data",
            f"{len(silent)} of {len(listed)} other courses in the catalogue were never counted: "
            f"{some(silent)}",
            "leave them out of the catalogue, or export their rows",
        )
    return tuple(sorted(listed & set(loaded.panel.courses)))


def _left_out(protocol: Protocol, every: Sequence[str], noticed: Noticed) -> tuple[str, ...]:
    """Other courses that no promotion reaches; listed ones without data are told of already."""
    declared = protocol.others.left_out
    for code in sorted(set(declared) - set(every) - set(protocol.others.codes)):
        what = f'declared as left out, but "{code}" is no other course that was ever counted'
        rule = "a course left out of every promotion is in the catalogue, and has rows"
        noticed.problems.append(Problem(f"course {code}", what, rule, did_you_mean(code, every)))
    return tuple(code for code in every if code in declared)
