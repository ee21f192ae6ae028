"""What is known of a course (or a country) before the campaign that may move its change in it."""

from __future__ import annotations

import numpy as np

from evaluator.comparisons.design import EARLIER, REFERENCE, WINDOW, Codes
from evaluator.estimators.arrays import Array
from evaluator.estimators.ratio import HALF

YEAR = 364
"""Days: whole weeks, so that weekdays meet weekdays."""
SHORTEST = 28
"""Days of history before the reference from which a growth is read."""


def growth_before(daily: Array, codes: Codes) -> Array | None:
    """Log of the second half of the days before the reference over their first half.

    As many days as the reference has on either side, fewer where history is shorter: what the
    same length of time did before.

    Parameters
    ----------
    daily : (..., D) outcomes
    codes : (D,) see `comparisons.design`

    Returns
    -------
    (...,) natural-log units; None where there is no history before the reference
    """
    before = np.flatnonzero(codes == EARLIER)
    half = min(len(before) // 2, int(np.sum(codes == REFERENCE)))
    if 2 * half < SHORTEST:
        return None
    late, early = before[-half:], before[-2 * half : -half]
    return _log(daily, late) - _log(daily, early)


def same_weeks_a_year_before(daily: Array, codes: Codes) -> Array | None:
    """Log of the window over the reference, both a year earlier: a season of its own.

    Returns
    -------
    (...,) natural-log units; None where the data do not reach back so far
    """
    window, base = (np.flatnonzero(codes == code) - YEAR for code in (WINDOW, REFERENCE))
    if base[0] < 0 or codes[base[0]] != EARLIER:
        return None
    return _log(daily, window) - _log(daily, base)


def size(daily: Array, codes: Codes) -> Array | None:
    """Log of all days before the reference, (...,).

    Not of the reference itself: its chance is part of the change, which would seem to depend on it.
    """
    before = np.flatnonzero(codes == EARLIER)
    return _log(daily, before) if len(before) >= SHORTEST else None


def _log(daily: Array, days: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Array:
    logs: Array = np.log(daily[..., days].sum(axis=-1) + HALF)
    return logs
