"""One tree of errors; every message says what, where, by which rule, and what to do.

    EvaluatorError
    ├── UsageError          the command line asks for something that is not there      exit 2
    ├── DeclarationError    the experiment file breaks a rule (all its problems)       exit 2
    ├── DataError           the data are missing, unreadable or break a rule (all)     exit 3
    └── Refusal             an estimator cannot answer from these arrays
        ├── TooFewPeriods       too few reference or window periods
        ├── TooFewUnits         too few comparison units, clusters or courses
        ├── TooFewCounts        nothing was counted where something must be
        └── NotIdentified       rank-deficient or aliased design

A `Refusal` is caught in one place, `evaluator.effects`, and becomes a row with a reason.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, what, the rule it breaks, and what to do."""

    where: str
    """`file:line`, `file, row 12, column day`, or the name of what was asked for."""
    what: str
    """The offending key and value."""
    rule: str = ""
    """The rule, with the admissible values."""
    hint: str = ""
    """What to do; a near miss where there is one."""

    def __str__(self) -> str:
        lines = [f"{self.where}: {self.what}" if self.where else self.what]
        lines += [f"  {line}" for line in (self.rule, self.hint) if line]
        return "\n".join(lines)


class EvaluatorError(Exception):
    """Base of every error this program raises on purpose."""

    exit_code = 2

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UsageError(EvaluatorError):
    """The command line or the API was asked for something that is not there."""


class DeclarationError(EvaluatorError):
    """The experiment file breaks one or more rules; all of them are listed."""


class DataError(EvaluatorError):
    """The data are missing, unreadable, or break one or more rules; all are listed."""

    exit_code = 3


class Refusal(EvaluatorError):
    """An estimator cannot answer from what it was given; the text is the reason."""

    exit_code = 4

    def __init__(self, reason: str) -> None:
        super().__init__(Problem("", reason))
        self.reason = reason


class TooFewPeriods(Refusal):
    """Too few reference or window periods."""


class TooFewUnits(Refusal):
    """Too few comparison units, clusters or courses."""


class TooFewCounts(Refusal):
    """Nothing was counted where something must be."""


class NotIdentified(Refusal):
    """The design is rank-deficient or aliased: the data cannot separate the effects."""


def did_you_mean(value: object, known: Sequence[str]) -> str:
    """Hint with the nearest known name, or an empty string.

    >>> did_you_mean("facebok_ads", ["facebook_ads", "newsletter"])
    'did you mean "facebook_ads"?'
    """
    near = nearest(value, known)
    return f'did you mean "{near}"?' if near else ""


def nearest(value: object, known: Sequence[str]) -> str | None:
    """The known name most like a value, whatever its case, if any is like it."""
    folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(str(value).casefold(), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else None
