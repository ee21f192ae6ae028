"""A mailing of which chance holds some people out: its power, by the estimator of `target`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtrit

from evaluator.calibration.rows import Kind
from evaluator.effects import Setting
from evaluator.errors import Problem, UsageError
from evaluator.estimators.arrays import Array
from evaluator.experiment.protocol import Decision
from evaluator.planning.concluded import Concluded
from evaluator.planning.power import NOTHING, Judged, Power, power_of
from evaluator.results import RowKey
from evaluator.verdict import conclude_many

KEY = RowKey("mailing_holdout", "all", method="difference")
FEWEST = 2
"""People of a group, without whom nobody differs from anybody."""
LEAST = 1e-9
"""A lift below which a lower end is drawn no lower: a difference may reach beyond −100%."""


@dataclass(frozen=True, slots=True)
class Mailing:
    """A list of people, the share held out, and how many of those enrol anyway."""

    people: int
    held_out: float
    """Share that chance does not write to."""
    rate: float
    """Of the outcome among people held out."""


def mailing_powers(
    mailing: Mailing,
    lifts: Sequence[float],
    worlds: int,
    setting: Setting,
    decision: Decision,
) -> tuple[Power, ...]:
    """Power of the difference of two means by Welch, as `evaluator target` quotes it.

    The lift is that of the rate; the interval of the difference is read as one of the lift by the
    rate of those held out, and concluded from by the rule of every row.

    Parameters
    ----------
    lifts : of the rate, in turn; above 0

    Raises
    ------
    UsageError : a lift that makes the rate more than 1
    """
    largest = max(lifts, default=NOTHING)
    if mailing.rate * largest > 1:
        what = f"a lift of {largest:g} makes a rate of {mailing.rate:g} more than 1"
        raise UsageError(Problem("mailing", what))
    asked = tuple(dict.fromkeys((NOTHING, *lifts)))
    rng = setting.generator(KEY)
    out = rng.binomial(mailing.people, mailing.held_out, worlds)
    anyway = rng.binomial(out, mailing.rate).astype(float)
    sent = mailing.people - out
    # The same stream for every lift: common random numbers.
    written = [
        setting.generator(replace(KEY, variant="written")).binomial(sent, mailing.rate * lift)
        for lift in asked
    ]
    counted = np.stack(written).astype(float)
    found = _concluded(
        (counted, sent.astype(float)), (anyway, out.astype(float)), setting, decision
    )
    judged = Judged(asked, tuple(np.log(asked).tolist()), found, Kind.FITTED)
    return tuple(power_of(KEY, lift, judged) for lift in lifts)


def _concluded(
    sent: tuple[Array, Array],
    held_out: tuple[Array, Array],
    setting: Setting,
    decision: Decision,
) -> Concluded:
    anyway, out = held_out
    value, se, df = welch(sent, held_out)
    # Groups of one or none, or in which nothing happened: nothing says how far it may be off.
    refused = (out < FEWEST) | (sent[1] < FEWEST) | (se == 0)
    rate = np.maximum(anyway, 0.5) / np.maximum(out, 1.0)
    reach = stdtrit(df, (1 + setting.level) / 2) * se
    log_lift, low, high = (
        np.log(np.maximum(1 + difference / rate, LEAST))
        for difference in (value, value - reach, value + reach)
    )
    return Concluded(log_lift, low, high, conclude_many(log_lift, low, high, refused, decision))


def welch(first: tuple[Array, Array], second: tuple[Array, Array]) -> tuple[Array, Array, Array]:
    """Difference of two shares, its standard error and degrees of freedom, from counts.

    What `evaluator.targeting.scores.difference` says of the people behind them.

    Parameters
    ----------
    first, second : (...,) counted and (...,) people of each group; two people or more

    References
    ----------
    Welch (1947).
    """
    shares, parts, spreads = [], [], []
    for counted, people in (first, second):
        share, fewer = counted / np.maximum(people, 1.0), np.maximum(people - 1, 1.0)
        shares.append(share)
        parts.append(share * (1 - share) / fewer)
        spreads.append(parts[-1] ** 2 / fewer)
    variance = parts[0] + parts[1]
    spread = spreads[0] + spreads[1]
    df = np.divide(variance**2, spread, out=np.full(variance.shape, np.inf), where=spread > 0)
    return shares[0] - shares[1], np.sqrt(variance), df
