from collections.abc import Callable

import numpy as np
import pytest

from evaluator.inference.honest import EventCoefficients


@pytest.fixture
def made() -> Callable[..., EventCoefficients]:
    """Builder: periods that move as an AR(1), less the one before the window; mean of the window.

    The same coefficients for the same arguments; `effect` is added to each of the window.
    """

    def build(n_pre: int, n_post: int, effect: float = 0.4) -> EventCoefficients:
        n = n_pre + 1 + n_post
        at = np.arange(n)
        of_path = 0.01 * 0.5 ** np.abs(at[:, None] - at)
        less = np.delete(np.eye(n), n_pre, axis=0)
        less[:, n_pre] = -1
        rng = np.random.default_rng([n_pre, n_post])
        coefficients = less @ rng.multivariate_normal(np.zeros(n), of_path)
        coefficients[n_pre:] += effect
        weights = np.full(n_post, 1 / n_post)
        return EventCoefficients(coefficients, less @ of_path @ less.T, n_pre, weights)

    return build
