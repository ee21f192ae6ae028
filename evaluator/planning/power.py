"""Power: how often the next experiment would conclude, by the rows and the rule that judge it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.calibration.rows import Kind
from evaluator.effects import Setting
from evaluator.experiment.protocol import Protocol
from evaluator.resolve import Resolved
from evaluator.results import RowKey, Verdict


@dataclass(frozen=True, slots=True)
class Power:
    """What one row of the next experiment would say, over many campaigns of one planted lift."""

    key: RowKey
    lift: float
    """Planted in the cells that the next protocol promotes: on the days of its waves."""
    truth: float
    """The row's own lift then: over its whole window, averaged over its courses."""
    kind: Kind
    """Worlds fitted to the panel, or placebo resamples of it."""
    campaigns: int
    """0 where none could be drawn, for the `reason` given."""
    verdicts: tuple[tuple[Verdict, float], ...]
    """Share of the campaigns that end with each verdict; they add up to 1."""
    power: float
    """Share with `raised` or `raised, size uncertain`."""
    power_low: float
    power_high: float
    """Ends of its 95% Monte-Carlo interval."""
    false_positive: float
    """Share with a direction where nothing is planted."""
    half_width: float
    """Expected half-width of the interval that decides, log scale."""
    low: float
    high: float
    """Expected ends of that interval, as lifts (means on the log scale)."""
    sign_error: float
    """Of the campaigns with a direction, the share with the wrong one (type S)."""
    exaggeration: float
    """Of the campaigns with a direction, mean |log lift| over the true one (type M)."""
    not_precise: float
    """Share with `not precise enough`."""
    refused: float
    """Share that the row refuses for what was counted."""
    reason: str = ""
    """Why the row is refused or could not be drawn."""
    notes: tuple[str, ...] = ()
    """What the worlds rest on beside the course's own history."""

    @property
    def question(self) -> str:
        return self.key.question


def powers(
    past: Resolved,
    following: Protocol,
    lifts: Sequence[float],
    worlds: int,
    setting: Setting,
    kind: Kind = Kind.FITTED,
) -> tuple[Power, ...]:
    """Power of every row of the next experiment that decides, at each lift.

    The same noise carries every lift (common random numbers), so that differences between lifts
    are seen better than the band of each.

    Parameters
    ----------
    past : the experiment whose panel says how courses move by themselves
    following : the next experiment; its questions are those asked
    lifts : planted in turn, on the days of the waves of each promoted course (its whole window
        where no wave names it); above 0
    worlds : campaigns
    setting : level, and the seed from which each question draws a stream of its own

    Returns
    -------
    By row in the order of the table, then by lift as given.
    """
    raise NotImplementedError
