"""A known cause with a known slope: its bias is worked out on paper."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.assumptions import Looked
from evaluator.assumptions.placebos.contrast import contrast
from evaluator.assumptions.refutations.common_cause import covariates
from evaluator.resolve import Resolved

Counts = dict[str, NDArray[np.float64]]
SLOPE = 0.2


def test_slope_times_unevenness_is_what_the_estimate_owes(
    small: Callable[..., Resolved], looked_at: Callable[[Resolved, str, str], Looked]
) -> None:
    """Every course's change is .2 × log size, and nothing was promoted: the whole estimate is its
    doing. The other courses enter by their totals, so the two differ in the second order."""

    def by_size(counts: Counts, window: int) -> None:
        for daily in counts.values():
            daily[:, window:] *= (daily.mean() / 1e5) ** SLOPE

    looked = looked_at(small(paint=by_size, others=24), "all", "these_courses")
    totals = contrast(looked.comparison, "these_courses")
    assert totals is not None
    assert looked.effect is not None
    (size,) = covariates(looked.comparison, totals)
    assert size.name == "size"
    assert size.bias == pytest.approx(looked.effect.log_lift, rel=0.1)
    assert size.t > 10
