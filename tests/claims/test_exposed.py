"""Two arms from a table of days or from declared counts: what is read, concluded and refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from evaluator.claims import Exposed, exposed
from evaluator.claims.exposed import ASSOCIATION
from evaluator.errors import DataError
from evaluator.experiment.exposure import Compared, Exposure, Invariant
from evaluator.results import Verdict

DAYS = pd.DataFrame(
    {
        "source": "days",
        "arm": ["new", "new", "new", "old", "old", "old"],
        "day": ["1", "2", "3"] * 2,
        "views": ["100", "100", "100", "100", "100", "110"],
        "clicks": ["10", "20", "5", "10", "10", "8"],
        "joined": ["5", "4", None, "5", "3", "1"],
    }
)


def two(*proportions: Compared, **rest: Any) -> Exposure:
    half = Exposure(True, 0.5, "cookie", "new", "old", None, (), proportions)
    return replace(half, **rest)


def found(make: Any, exposure: Exposure, table: pd.DataFrame | None = None) -> Exposed:
    resolved = make(tables={} if table is None else {"arms": table})
    answer = exposed(replace(resolved, protocol=replace(resolved.protocol, exposure=exposure)))
    assert answer is not None
    return answer


def of_days(make: Any, table: pd.DataFrame = DAYS) -> Exposed:
    joined = Compared("joined", "joined", "clicks")
    exposure = two(joined, source="days", invariants=(Invariant("views", "views"),))
    return found(make, exposure, table)


def test_a_day_without_an_outcome_counts_for_the_split_alone(make: Any) -> None:
    """300 and 310 views; outcomes of two days: 9 of 30 and 8 of 20; equal on the first day."""
    answer = of_days(make)
    (split,), (joined,) = answer.splits, answer.outcomes
    assert (split.treated, split.other, split.as_planned) == (300, 310, True)
    assert (joined.treated, joined.other) == ((9, 30), (8, 20))
    assert joined.signs is not None
    assert (joined.signs.above, joined.signs.below) == (0, 1)


@pytest.mark.parametrize(
    ("treated", "smallest", "randomised", "verdict"),
    [
        ((600, 1000), 0.05, True, Verdict.RAISED),
        ((600, 1000), 0.08, True, Verdict.RAISED_UNCERTAIN),
        ((600, 1000), None, True, Verdict.RAISED_UNCERTAIN),
        ((400, 1000), 0.05, True, Verdict.LOWERED),
        ((510, 1000), 0.10, True, Verdict.NO_EFFECT),
        ((510, 1000), 0.02, True, Verdict.NOT_PRECISE),
        ((600, 1000), 0.05, False, Verdict.DESCRIPTIVE),
    ],
)
def test_verdicts_against_half_of_a_thousand(
    make: Any,
    treated: tuple[float, float],
    smallest: float | None,
    randomised: bool,
    verdict: Verdict,
) -> None:
    own = Compared("joined", treated=treated, other=(500, 1000), smallest=smallest)
    (outcome,) = found(make, two(own, randomised=randomised)).outcomes
    assert outcome.verdict is verdict
    assert (outcome.why == ASSOCIATION) == (not randomised)
    assert outcome.signs is None


def test_nothing_is_concluded_from_a_split_that_chance_did_not_make(make: Any) -> None:
    own = Compared("joined", treated=(600, 1000), other=(500, 1000))
    views = Invariant("views", treated=6000, other=5000)
    answer = found(make, two(own, invariants=(views,)))
    assert not answer.splits[0].as_planned
    assert answer.outcomes[0].verdict is Verdict.DESCRIPTIVE
    assert "views did not split as planned" in answer.outcomes[0].why
    planned = found(make, two(own, invariants=(views,), share=6 / 11))
    assert planned.splits[0].as_planned


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"arm": ["new"] * 3 + ["control"] * 3}, 'no row of "old"'),
        ({"day": ["1", "1", "3"] * 2}, "a day of"),
        ({"day": ["1", "2", "3", "1", "2", "4"]}, "the arms have other days"),
        ({"joined": ["50"] * 6}, "are no share"),
        ({"clicks": ["a"] * 6}, '"a" is no figure'),
        ({"views": ["0"] * 6}, "nobody is counted"),
    ],
)
def test_what_is_wrong_with_a_table(make: Any, change: dict[str, Any], said: str) -> None:
    with pytest.raises(DataError) as raised:
        of_days(make, DAYS.assign(**change))
    assert said in str(raised.value)


def test_a_column_that_is_not_there(make: Any) -> None:
    with pytest.raises(DataError, match="column joined"):
        of_days(make, DAYS.drop(columns="joined"))
