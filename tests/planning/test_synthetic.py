"""Simplex weights: worked out on paper, against a general solver, and batch = loop."""

import numpy as np
import pytest
from scipy.optimize import nnls

from evaluator.planning.synthetic import residuals, simplex_weights


def test_weights_of_paper() -> None:
    """y = ¼a + ¾b is inside the simplex; of a and y = 2a all weight goes to a."""
    Q = np.eye(2)
    assert simplex_weights(Q, np.array([0.25, 0.75])) == pytest.approx([0.25, 0.75], abs=1e-7)
    assert simplex_weights(Q, np.array([2.0, 0.0])) == pytest.approx([1.0, 0.0], abs=1e-7)


def test_against_a_general_solver() -> None:
    """Least squares with weights ≥ 0 and a heavy row for their sum; 30 problems of 12 donors."""
    rng = np.random.default_rng(2)
    outcomes = rng.normal(size=(14, 40)) * rng.uniform(1, 50, size=(14, 1)) + 100
    donors = np.tile(np.arange(12), (30, 1))
    treated = outcomes[12] + rng.normal(size=(30, 40)) * 5 + 0.5 * outcomes[3]
    left, weights = residuals(outcomes, treated, donors, 30)
    centred = outcomes - outcomes[:, :30].mean(axis=1, keepdims=True)
    for own, found, rest in zip(treated, weights, left, strict=True):
        y = own - own[:30].mean()
        A = np.vstack([centred[:12, :30].T, np.full(12, 1e5)])
        plain = nnls(A, np.append(y[:30], 1e5), maxiter=1000)[0]
        assert found == pytest.approx(plain, abs=1e-4)
        assert rest == pytest.approx(y - plain @ centred[:12], abs=0.02)


def test_a_batch_is_its_problems() -> None:
    rng = np.random.default_rng(3)
    X = rng.normal(size=(5, 8, 20))
    Q, q = X @ np.swapaxes(X, 1, 2), rng.normal(size=(5, 8)) * 10
    together = simplex_weights(Q, q)
    assert together == pytest.approx(
        np.stack([simplex_weights(*own) for own in zip(Q, q, strict=True)]), abs=1e-6
    )
    assert together.sum(axis=1) == pytest.approx(1)
    assert together.min() >= 0


def test_no_weight_moves_the_objective_down() -> None:
    """At the optimum no donor's slope lies below the mean slope (the KKT conditions)."""
    rng = np.random.default_rng(4)
    X = rng.normal(size=(6, 30, 25))
    Q, q = X @ np.swapaxes(X, 1, 2), rng.normal(size=(6, 30)) * 30
    w = simplex_weights(Q, q)
    slope = (Q @ w[..., None])[..., 0] - q
    assert np.all(slope - np.sum(slope * w, axis=1, keepdims=True) > -1e-6)
