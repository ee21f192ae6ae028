"""Bounds under departures from parallel trends, against HonestDiD's Python port.

`honestdid/reference.py` made the values and says with which versions. The port finds fixed-length
intervals by bisection over a simulated quantile, and inverts its tests on a grid whose step the
values state; it simulates the first stage's critical value with 1,000 draws.
"""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import beta

from evaluator.estimators.arrays import Array
from evaluator.inference.honest import (
    EventCoefficients,
    relative_magnitude_bounds,
    smoothness_bounds,
)
from evaluator.inference.honest.frontier import Frontier
from evaluator.inference.honest.moments import Moments, least_favourable
from evaluator.inference.honest.relative import outermost

HERE = Path(__file__).parent / "honestdid"
SMOOTHNESS = 2e-4
SEARCHED = 1e-3
RELATIVE = 1e-3
SHIPPED = "benzarti_carloni_first"


@cache
def read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text("utf-8"))
    return content


def study_of(name: str) -> EventCoefficients:
    given = read("studies")["studies"][name]
    return EventCoefficients(
        np.array(given["coefficients"]),
        np.array(given["covariance"]),
        given["n_pre"],
        np.array(given["weights"]),
    )


NAMES = sorted(read("studies")["studies"])


@pytest.mark.parametrize("name", NAMES)
def test_the_least_bias_that_a_standard_error_allows(name: str) -> None:
    """The programme behind smoothness, at three standard errors, with its estimate."""
    study = study_of(name)
    frontier = Frontier.of(study)
    for error, bias, centre in read("values")["studies"][name]["frontier"]:
        last = len(frontier.biases) - 1.0

        def beyond(at: float, error: float = error) -> float:
            return float(frontier.at(np.array(at))[1]) - error

        place = np.array(brentq(beyond, 0, last))
        assert float(frontier.at(place)[0]) == pytest.approx(bias, rel=SMOOTHNESS)
        assert float(frontier.estimator(place) @ study.coefficients) == pytest.approx(
            centre, abs=SMOOTHNESS
        )


@pytest.mark.parametrize("name", NAMES)
def test_smoothness(name: str) -> None:
    """Half-widths agree, and all of it where the trend is straight. Centres agree to where the
    port's search stops: the optimum is flat, and its own move by up to .0012 with finer steps."""
    sizes = read("studies")["studies"][name]["smoothness"]
    bounds = smoothness_bounds(study_of(name), sizes, 0.95)
    ours = np.array([(interval.low, interval.high) for interval in bounds.intervals])
    theirs = np.array(read("values")["studies"][name]["smoothness"])
    half, whose = np.ptp(ours, axis=1) / 2, np.ptp(theirs, axis=1) / 2
    np.testing.assert_allclose(half, whose, atol=SMOOTHNESS)
    np.testing.assert_allclose(ours[0], theirs[0], atol=SMOOTHNESS)
    np.testing.assert_allclose(ours.mean(axis=1), theirs.mean(axis=1), atol=SEARCHED)


@pytest.mark.parametrize("name", NAMES)
def test_relative_magnitudes_by_the_critical_values_drawn_there(name: str) -> None:
    """All but their noise, which is up to a standard error where the first stage decides.

    With one period in the window the port does not truncate at the first stage's value.
    """
    study, given = study_of(name), read("studies")["studies"][name]
    for size, theirs in zip(given["relative"], answers(name), strict=True):
        moments = Moments.of(study, np.array([size]), 0.95)
        drawn = np.broadcast_to(in_our_order(theirs["critical"]), moments.critical.shape)
        low, high = replace(moments, critical=1.2 * np.maximum(drawn, moments.critical)).reach()
        used = np.full_like(drawn, np.inf) if len(study.weights) == 1 else drawn
        by_theirs = replace(moments, critical=used)
        ends = [float(outermost(by_theirs, study.estimate, end)[0]) for end in (low, high)]
        np.testing.assert_allclose(ends, theirs["interval"], atol=RELATIVE)


@pytest.mark.parametrize("name", NAMES)
def test_their_critical_values_are_draws_around_ours(name: str) -> None:
    """The share that exceeds the 995th of 1,000 is Beta(6, 995): one case in 100,000 is out."""
    study = study_of(name)
    for size, theirs in zip(
        read("studies")["studies"][name]["relative"], answers(name), strict=True
    ):
        moments = Moments.of(study, np.array([size]), 0.95)
        drawn = in_our_order(theirs["critical"])
        share = [float(beta.ppf(tail, 6, 995)) for tail in (5e-6, 1 - 5e-6)]
        low, high = [
            least_favourable(moments.vertices, moments.covariances, one)[0] for one in share[::-1]
        ]
        assert np.all((low <= drawn) & (drawn <= high))


def test_relative_magnitudes_of_the_shipped_example() -> None:
    """End to end, where the first stage hardly decides."""
    sizes = read("studies")["studies"][SHIPPED]["relative"]
    bounds = relative_magnitude_bounds(study_of(SHIPPED), sizes, 0.95)
    ours = [(interval.low, interval.high) for interval in bounds.intervals]
    theirs = [each["interval"] for each in answers(SHIPPED)]
    np.testing.assert_allclose(ours, theirs, atol=RELATIVE)


def answers(name: str) -> list[dict[str, Any]]:
    relative: list[dict[str, Any]] = read("values")["studies"][name]["relative"]
    return relative


def in_our_order(critical: list[float]) -> Array:
    """There a move up and its like down stand side by side; without a move all are one."""
    values = np.array(critical)
    return values if len(values) == 1 else np.concatenate([values[::2], values[1::2]])
