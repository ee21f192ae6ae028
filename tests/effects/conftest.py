from collections.abc import Callable

import pytest

from evaluator.comparisons import Comparison, planned_rows
from evaluator.effects import Estimated, Setting, estimate
from evaluator.resolve import Resolved
from evaluator.results import NotRun

Name = tuple[str, str, str, str]


@pytest.fixture
def estimates() -> Callable[[Resolved], dict[Name, Estimated | NotRun]]:
    """(question, course, method, variant) → answer, rows that need no estimate left out."""

    def answers(resolved: Resolved) -> dict[Name, Estimated | NotRun]:
        found: dict[Name, Estimated | NotRun] = {}
        for planned in planned_rows(resolved):
            key = planned.key
            if isinstance(planned.comparison, Comparison):
                name = key.question, key.course, key.method, key.variant
                found[name] = estimate(planned.comparison, key, Setting())
        return found

    return answers
