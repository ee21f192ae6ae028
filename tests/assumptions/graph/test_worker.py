"""DoWhy against answers worked out on paper, and against statsmodels."""

from __future__ import annotations

import io
import json
import warnings
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from evaluator.assumptions.graph import worker

# DoWhy meets pandas 3 and pyparsing half-way; the worker silences what it says about that.
pytestmark = pytest.mark.filterwarnings("ignore:::dowhy.*", "ignore:::pydot.*")

TRIANGLE = [("topic", "promoted"), ("topic", "outcome"), ("promoted", "outcome")]
LEVELS = [("demand", "promoted"), ("demand", "outcome"), ("promoted", "outcome")]
DIFFERENCED = [("demand", "promoted"), ("promoted", "outcome")]
COLLIDER = [("promoted", "outcome"), ("promoted", "topic"), ("outcome", "topic")]
MEDIATOR = [("promoted", "topic"), ("topic", "outcome")]

GRAPHS: dict[str, tuple[list[tuple[str, str]], dict[str, Any]]] = {
    "a common cause is held fixed": (TRIANGLE, {"reaches": True, "set": ["topic"]}),
    "levels, with demand unobserved": (LEVELS, {"reaches": True, "set": None}),
    "differenced, with demand unobserved": (DIFFERENCED, {"reaches": True, "set": []}),
    "a common effect is left alone": (COLLIDER, {"reaches": True, "set": []}),
    "a way through is left open": (MEDIATOR, {"reaches": True, "set": []}),
    "no way at all": ([("topic", "outcome")], {"reaches": False, "set": None}),
}


@pytest.mark.parametrize(("arrows", "found"), GRAPHS.values(), ids=GRAPHS.keys())
def test_smallest_set(arrows: list[tuple[str, str]], found: dict[str, Any]) -> None:
    asked = worker.adjustment(arrows, "promoted", "outcome", ["topic", "promoted", "outcome"])
    assert asked == found


def test_the_linear_estimate_is_ordinary_least_squares() -> None:
    outcome, treated, history = _courses()
    design = sm.add_constant(np.column_stack([treated, history]))
    fit = sm.OLS(outcome, design).fit()
    found = worker.linear_estimate(list(outcome), list(treated), list(history), 0.9)
    assert found["estimate"] == pytest.approx(fit.params[1], abs=1e-8)
    assert (found["low"], found["high"]) == pytest.approx(tuple(fit.conf_int(0.1)[1]), abs=1e-8)


def test_the_strength_of_a_common_cause_is_that_of_the_paper() -> None:
    """Cinelli & Hazlett: f = |t| / √dof, and the robustness value is ½(√(f⁴ + 4f²) − f²)."""
    outcome, treated, history = _courses()
    design = sm.add_constant(np.column_stack([treated, history]))
    fit = sm.OLS(outcome, design).fit()
    found = worker.linear_estimate(list(outcome), list(treated), list(history), 0.95)
    whole = abs(fit.tvalues[1]) / np.sqrt(fit.df_resid)
    below = stats.t.ppf(0.975, fit.df_resid - 1) / np.sqrt(fit.df_resid - 1)
    for name, f in (("robustness", whole), ("robustness_at_level", whole - below)):
        assert found[name] == pytest.approx((np.sqrt(f**4 + 4 * f**2) - f**2) / 2, abs=1e-8)


def test_what_goes_wrong_is_an_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = {"identify": [], "linear": {"outcome": [1.0], "treated": [1.0]}}
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(asked)))
    monkeypatch.setattr("logging.disable", lambda: None)  # of this process it is not the worker's
    with warnings.catch_warnings():
        worker.main()
    assert "TypeError" in json.loads(capsys.readouterr().out)["error"]


def _courses() -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(1)
    history = rng.normal(size=30)
    treated = (np.arange(30) < 6).astype(float)
    outcome = 0.2 * history + 0.6 * treated + 0.3 * rng.normal(size=30)
    return outcome, treated, history
