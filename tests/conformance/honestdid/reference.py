"""Writes `values.json` beside `studies.json`: what HonestDiD's Python port says of each study.

Run in an environment of its own, never the program's:

    python -m venv there
    there/bin/pip install "numpy==2.1.3" "scipy==1.15.3" "torch==2.5.1" cvxpy pandas
    there/bin/pip install --no-deps honestdid==0.1.1
    there/bin/python tests/conformance/honestdid/reference.py

honestdid 0.1.1 fails on NumPy 2.2 and later. Its relative magnitudes are tested on a grid of
effects: one standard error a step, then finer ones around each end it found, the last `FINE`. Its
first-stage critical value is the quantile of 1,000 draws; those it used are kept, so that the
rest of the algorithm can be compared without their noise. Its search for the shortest interval
stops at a hundredth of the range of standard errors; the programme it solves at each of them is
compared at three.
Some twenty minutes on one core.
"""

from __future__ import annotations

import json
import platform
import sys
import warnings
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import honestdid.core as port  # type: ignore[import-not-found]
import numpy as np

HERE = Path(__file__).parent
REACH = 40
"""Standard errors on each side of the estimate, in steps of one."""
FINE = 2e-4
SHARES = (0.1, 0.4, 0.7)
"""Of the way from the least standard error to that of the least bias."""
SIMULATED = port._compute_least_favorable_cv


def main() -> None:
    warnings.simplefilter("ignore")
    studies = json.loads((HERE / "studies.json").read_text("utf-8"))["studies"]
    packages = ("honestdid", "numpy", "scipy", "cvxpy", "torch")
    values: dict[str, Any] = {
        "versions": {"python": platform.python_version()} | {p: version(p) for p in packages},
        "grid": FINE,
        "studies": {},
    }
    for name, study in studies.items():
        values["studies"][name] = answers(study)
        (HERE / "values.json").write_text(json.dumps(values, indent=1) + "\n", "utf-8")


def answers(study: dict[str, Any]) -> dict[str, Any]:
    pre, weights = study["n_pre"], np.array(study["weights"])
    betahat, sigma = np.array(study["coefficients"]), np.array(study["covariance"])
    given = (betahat, sigma, pre, len(weights))
    smooth = port.createSensitivityResults(*given, Mvec=study["smoothness"], l_vec=weights)
    return {
        "smoothness": smooth[["lb", "ub"]].to_numpy().tolist(),
        "frontier": [frontier(given, weights, share) for share in SHARES],
        "relative": [relative(given, weights, size) for size in study["relative"]],
    }


def frontier(given: tuple[Any, ...], weights: np.ndarray, share: float) -> list[float]:
    """A standard error, the least worst bias (M = 1) that it allows, and the estimate there."""
    betahat, sigma, pre, post = given
    least = port._find_lowest_h(sigma, pre, post, weights)
    most = port._find_h_for_minimum_bias(sigma, pre, post, weights)
    error = least + share * (most - least)
    found = port._find_worst_case_bias_given_h(error, sigma, pre, post, weights)
    loads = np.concatenate([found["optimal_l"], weights])
    return [error, found["value"], float(loads @ betahat)]


def relative(given: tuple[Any, ...], weights: np.ndarray, size: float) -> dict[str, Any]:
    betahat, sigma, pre, _ = given
    error = float(np.sqrt(weights @ sigma[pre:, pre:] @ weights))
    used: dict[bytes, float] = {}

    def remembered(moments: np.ndarray | None, sigma: np.ndarray, *rest: Any, **more: Any) -> float:
        """The package's own draws have one seed: made once a move, kept for the finer grids."""
        key = sigma.tobytes()
        if key not in used:
            used[key] = SIMULATED(moments, sigma, *rest, **more)
        return used[key]

    port._compute_least_favorable_cv = remembered
    steps = (error, error / 10, FINE)
    estimate = float(weights @ betahat[pre:])
    ends = (estimate - REACH * error, estimate + REACH * error)
    low, high = interval(given, weights, size, (*ends, 2 * REACH + 1))
    for last, step in pairwise(steps):
        points = int(np.ceil(last / step)) + 3
        span = step * (points - 1)
        low, _ = interval(given, weights, size, (low + step - span, low + step, points))
        _, high = interval(given, weights, size, (high - step, high - step + span, points))
    print(size, low, high, file=sys.stderr, flush=True)
    return {"interval": [low, high], "critical": list(used.values())}


def interval(
    given: tuple[Any, ...], weights: np.ndarray, size: float, grid: tuple[float, float, int]
) -> tuple[float, float]:
    betahat, sigma, pre, post = given
    low, high, points = grid
    found = port.createSensitivityResults_relativeMagnitudes(
        betahat,
        sigma,
        pre,
        post,
        Mbarvec=[size],
        l_vec=weights,
        grid_lb=low,
        grid_ub=high,
        gridPoints=points,
    )
    return float(found["lb"][0]), float(found["ub"][0])


if __name__ == "__main__":
    main()
