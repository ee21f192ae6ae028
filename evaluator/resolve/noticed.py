"""What is noticed while rules meet data: problems that stop it, findings that do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.errors import DataError, Problem
from evaluator.results import Finding, Status


@dataclass(frozen=True, slots=True)
class Noticed:
    """Both lists grow; `stop` raises every problem at once."""

    problems: list[Problem]
    findings: list[Finding]

    def warn(self, name: str, sentence: str, todo: str = "") -> None:
        self.findings.append(Finding(name, Status.WARN, sentence, todo))

    def stop(self) -> None:
        if self.problems:
            raise DataError(self.problems)


def some(names: Sequence[str], shown: int = 8) -> str:
    """The first names, and how many more there are."""
    more = [f"and {len(names) - shown} more"] if len(names) > shown else []
    return ", ".join([*names[:shown], *more])
