"""An estimator tried on simulated worlds whose truth is known."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count, islice
from typing import Any, TypeVar

import numpy as np

from evaluator.results import Row
from evaluator.testing.campaigns import campaigns
from evaluator.testing.exact import Band, Flags, lost_and_gained, unchanged

Data = TypeVar("Data")
Estimator = Callable[[Data], tuple[float, float]]
"""Data of one world → both ends of the interval, on the scale of the truth."""
World = Callable[[np.random.Generator], tuple[Data, float]]
"""Draws the data of one world, and its truth."""

DRAWS = 400
FALSE_ALARMS = 0.001


@dataclass(frozen=True, slots=True, eq=False)
class Calibrated:
    """In which worlds an interval held the truth."""

    held: Flags
    """(worlds,)"""

    @staticmethod
    def of(held: Iterable[bool]) -> Calibrated:
        return Calibrated(np.array([*held], bool))

    @property
    def coverage(self) -> float:
        return float(self.held.mean())

    def assert_coverage(
        self,
        level: float = 0.95,
        *,
        false_alarms: float = FALSE_ALARMS,
        conservative: bool = False,
    ) -> None:
        """Fail where so few, or so many, worlds held are too rare for an interval of this level.

        Parameters
        ----------
        false_alarms : how often this fails for an interval that covers exactly `level`
        conservative : allow an interval that covers more than it says

        Raises
        ------
        AssertionError : says the count, the exact band, and what coverage would be noticed
        """
        __tracebackhide__ = True
        band = Band(level, len(self.held), false_alarms, conservative)
        held = int(self.held.sum())
        if held not in band:
            low, high = band.ends
            raise AssertionError(
                f"the {_percent(level)} interval held the truth in {held} of {band.draws} worlds"
                f" ({self.coverage:.3f}).\n  One that covers {_percent(level)} holds it in {low} to"
                f" {high} of them, but for {_rarely(false_alarms)} (exact binomial);\n"
                f"  of intervals that cover {_percent(band.noticed())} this notices nine in ten."
            )

    def assert_as_before(self, before: Calibrated, *, false_alarms: float = FALSE_ALARMS) -> None:
        """Fail where worlds were lost and gained too unevenly for an unchanged coverage.

        Exact McNemar over the worlds that only one of the two versions held: with the same
        world, draws and seed this notices changes far smaller than the error of a coverage.

        Raises
        ------
        AssertionError : says both counts, and how many worlds were lost and gained
        """
        __tracebackhide__ = True
        if len(before.held) != len(self.held):
            lengths = f"{len(before.held)} worlds before, {len(self.held)} now"
            raise ValueError(f"{lengths}: pair the same world, draws and seed")
        p = unchanged(before.held, self.held)
        if p <= false_alarms:
            lost, gained = lost_and_gained(before.held, self.held)
            raise AssertionError(
                f"the interval held the truth in {self.held.sum()} of {len(self.held)} worlds,"
                f" before in {before.held.sum()}: {lost} lost, {gained} gained.\n"
                f"  So uneven by chance once in {1 / p:,.0f} times (exact McNemar); allowed:"
                f" {_rarely(false_alarms)}."
            )


def calibrate(
    estimator: Estimator[Any],
    world: World[Any] | None = None,
    *,
    seed: int = 0,
    draws: int = DRAWS,
) -> Calibrated:
    """Try an interval on simulated worlds.

    Parameters
    ----------
    estimator : data of one world → (low, high)
    world : draws data and truth; without one, `campaigns()`: a `Campaign` and its lift
    seed : of the worlds; the k-th world is the same for every estimator, however many are drawn
    draws : how many worlds

    Raises
    ------
    ValueError : the estimator returned no interval; says in which world
    """
    return Calibrated.of(islice(held_in_turn(estimator, world or campaigns(), seed), draws))


def held_in_turn(estimator: Estimator[Any], world: World[Any], seed: int) -> Iterator[bool]:
    """World after world, without end: whether the interval held the truth."""
    for number in count():
        data, truth = world(np.random.default_rng((seed, number)))
        low, high = (float(end) for end in estimator(data))
        if math.isnan(low) or math.isnan(high) or low > high:
            raise ValueError(f"world {number} of seed {seed}: [{low}; {high}] is no interval")
        yield low <= truth <= high


def assert_interval_covers(row: Row, lift: float, *, false_alarms: float = FALSE_ALARMS) -> None:
    """Fail where a result row excludes a known lift, as a planted one, beyond doubt.

    The row's own distribution is asked for its interval at level 1 − `false_alarms`, so that an
    honest row fails so rarely, and not once in twenty times.

    Raises
    ------
    AssertionError : says the interval and the lift
    """
    __tracebackhide__ = True
    about = f"{row.key.question} · {row.key.course}"
    if row.effect is None:
        raise AssertionError(f"{about}: the row has no interval: {row.reason}")
    ends = row.effect.interval(1 - false_alarms).exp()
    if lift not in ends:
        raise AssertionError(
            f"{about}: the lift ×{lift:g} is outside [{ends.low:.3g}; {ends.high:.3g}], the row's"
            f" interval that misses {_rarely(false_alarms)}"
        )


def _rarely(false_alarms: float) -> str:
    return f"1 time in {1 / false_alarms:,.0f}"


def _percent(level: float) -> str:
    return f"{100 * level:.4g}%"
