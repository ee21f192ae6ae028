"""One rule for every test of an assumption: is what it found, or may have missed, large enough?"""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.results import Effect, Status

ENOUGH_POWER = 0.8
"""A look that notices a bias of one standard error less often than this is not a pass."""
ONE_SE = 0.6827
"""Level of the interval that reaches one standard error to each side, for a normal law."""


@dataclass(frozen=True, slots=True)
class Departure:
    """By how much an assumption is seen to be off, as what it adds to the row's log lift."""

    bias: float
    low: float
    high: float
    """Ends of the interval of the bias."""
    rejected: bool
    """Whether the data contradict that it is 0."""
    power: float
    """Chance that a bias of one standard error of the row would have been noticed."""

    @property
    def reach(self) -> float:
        """The largest bias that is not excluded."""
        return max(abs(self.low), abs(self.high))

    def status(self, standard_error: float) -> Status:
        """Noticed and possibly as large as a standard error: FAIL; noticed and smaller: WARN."""
        if self.rejected:
            return Status.FAIL if self.reach >= standard_error else Status.WARN
        return Status.PASS if self.power >= ENOUGH_POWER else Status.NOT_RUN

    def margin(self, standard_error: float) -> float:
        """Standard errors of the row between the largest bias not excluded and one of them."""
        return 1 - self.reach / standard_error


def standard_error(effect: Effect) -> float:
    """Of the log lift, whatever its law: half the length of the interval at `ONE_SE`."""
    own = effect.interval(ONE_SE)
    return (own.high - own.low) / 2


def departure_of(found: Effect, error: float, level: float) -> Departure:
    """Where the departure is itself an estimate that would be no effect if the assumption held.

    Parameters
    ----------
    error : standard error of the row
    """
    own = found.interval(level)
    power = chance(found, error, level)
    return Departure(found.log_lift, own.low, own.high, 0.0 not in own, power)


def chance(effect: Effect, size: float, level: float) -> float:
    """Chance that an estimate with this law about a true `size` would exclude 0 from above.

    Parameters
    ----------
    effect : whose law, moved to `size`, the estimate follows
    size : true log lift, above 0
    level : of the two-sided interval that has to exclude 0
    """
    reach = effect.log_lift - effect.interval(level).low
    return 1 - float(effect.distribution.cdf(effect.log_lift + reach - size))
