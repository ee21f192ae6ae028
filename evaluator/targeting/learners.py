"""Learners of uplift, from the simplest to the most complex; all but the first are CausalML's.

Each learns from one arm and those held out: `w` is 1 in the arm, and `p` the known probability
of that among the two. The propensity is always passed: without it CausalML estimates one, and
the doubly robust learner is then far off.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from evaluator.estimators.arrays import Array

PENALTIES = tuple(10.0**power for power in range(1, 6))
"""Of ridge regressions on standardised columns; chosen by generalised cross-validation."""


class Model(Protocol):
    """A learner that has learned."""

    def uplift(self, X: Array, p: Array) -> Array:
        """Predicted effect of a contact on each person. (people, columns), (people,) → (people,)"""
        ...


Fit = Callable[[Array, Array, Array, Array, int], Model]
"""(X, w, y, p, seed) → model; (people, columns), then (people,) each."""


@dataclass(frozen=True, slots=True)
class Learner:
    """A way to learn uplift."""

    name: str
    about: str
    fit: Fit
    binary_only: bool = False
    """Whether it can learn only from outcomes that are 0 or 1."""


def learners_for(outcome: Array) -> tuple[Learner, ...]:
    """Learners that can learn from these outcomes, simple before complex."""
    binary = bool(np.isin(outcome, (0.0, 1.0)).all())
    return tuple(learner for learner in LEARNERS if binary or not learner.binary_only)


@contextmanager
def one_thread() -> Iterator[None]:
    """Sums come out the same to the last bit on every machine, however busy it is."""
    # Only libraries that are there already can be told.
    import sklearn.ensemble  # noqa: F401
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield


def ridge(seed: int) -> Any:  # noqa: ARG001
    """A linear regression, not fitted."""
    from sklearn.linear_model import RidgeCV

    return RidgeCV(alphas=PENALTIES)


def boosted(seed: int) -> Any:
    """A regression by boosted trees, not fitted."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    return HistGradientBoostingRegressor(
        max_iter=30,
        max_depth=3,
        learning_rate=0.15,
        min_samples_leaf=50,
        early_stopping=False,
        random_state=seed,
    )


@dataclass(frozen=True, slots=True)
class _Constant:
    effect: float

    def uplift(self, X: Array, p: Array) -> Array:  # noqa: ARG002
        return np.full(len(X), self.effect)


@dataclass(frozen=True, slots=True)
class _Meta:
    learner: Any

    def uplift(self, X: Array, p: Array) -> Array:
        predicted: Array = self.learner.predict(X=X, p=p)[:, 0]
        return predicted


@dataclass(frozen=True, slots=True)
class _Forest:
    forest: Any

    def uplift(self, X: Array, p: Array) -> Array:  # noqa: ARG002
        predicted = np.asarray(self.forest.predict(X=X), dtype=float)[:, 0]
        # A leaf without people of one arm says nothing: no effect.
        return np.where(np.isnan(predicted), 0.0, predicted)


def _constant(X: Array, w: Array, y: Array, p: Array, seed: int) -> Model:  # noqa: ARG001
    return _Constant(float(np.average(y, weights=w / p) - np.average(y, weights=(1 - w) / (1 - p))))


def _meta(name: str, regression: Callable[[int], Any]) -> Fit:
    def fit(X: Array, w: Array, y: Array, p: Array, seed: int) -> Model:
        _hush()
        from causalml.inference import meta
        from causalml.inference.meta.rlearner import BaseRLearner

        kinds: dict[str, Callable[[], Any]] = {
            "S": lambda: meta.BaseSRegressor(learner=regression(seed)),
            "T": lambda: meta.BaseTRegressor(learner=regression(seed)),
            "X": lambda: meta.BaseXRegressor(learner=regression(seed)),
            "R": lambda: BaseRLearner(learner=regression(seed), random_state=seed, cv_n_jobs=1),
            "DR": lambda: meta.BaseDRRegressor(learner=regression(seed)),
        }
        learner = kinds[name]()
        own = {"seed": seed} if name == "DR" else {"verbose": False} if name == "R" else {}
        learner.fit(X=X, treatment=w.astype(int), y=y, p=p, **own)
        return _Meta(learner)

    return fit


def _forest(X: Array, w: Array, y: Array, p: Array, seed: int) -> Model:  # noqa: ARG001
    _hush()
    from causalml.inference.tree import UpliftRandomForestClassifier

    forest = UpliftRandomForestClassifier(
        control_name="out",
        n_estimators=10,
        max_depth=4,
        min_samples_leaf=max(100, len(y) // 100),
        min_samples_treatment=50,
        n_reg=100,
        random_state=seed,
        # One thread: trees are summed in the order in which they end.
        n_jobs=1,
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        forest.fit(X=X, treatment=np.where(w == 1, "in", "out"), y=y.astype(int))
    return _Forest(forest)


def _hush() -> None:
    """A package that CausalML imports reports, as an error, one that it can do without."""
    logging.getLogger("duecredit").setLevel(logging.CRITICAL)


LEARNERS: Sequence[Learner] = (
    Learner("one effect", "the same effect for everybody", _constant),
    Learner("R linear", "R-learner, ridge regressions", _meta("R", ridge)),
    Learner("DR linear", "doubly robust learner, ridge regressions", _meta("DR", ridge)),
    Learner("T linear", "T-learner, ridge regressions", _meta("T", ridge)),
    Learner("S boosted", "S-learner, boosted trees", _meta("S", boosted)),
    Learner("X boosted", "X-learner, boosted trees", _meta("X", boosted)),
    Learner("forest", "uplift forest", _forest, binary_only=True),
)
CONSTANT = LEARNERS[0]
