"""Dose by arm: which part of what a channel delivered and cost went to each arm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluator.claims.cost import Dose, DoseKey
from evaluator.comparisons import ALL
from evaluator.results import Finding, Status

NAME = "dose by arm"
ARMS = ("A", "B")
TOLERANCE = 0.01
"""Parts that differ from equal ones by less are called equal."""


@dataclass(frozen=True, slots=True)
class ArmDose:
    """What one arm received of one channel, and its part of what both did."""

    channel: str
    arm: str
    dose: Dose
    part_of_spend: float | None
    part_of_impressions: float | None

    @property
    def impressions_per_reached(self) -> float | None:
        shown, reached = self.dose.impressions, self.dose.reach
        return shown / reached if shown is not None and reached else None


def doses_by_arm(doses: Mapping[DoseKey, Dose], courses: Sequence[str]) -> tuple[ArmDose, ...]:
    """Both arms of every channel that delivered to them, over the waves of these courses.

    Parameters
    ----------
    doses : by channel, course and arm; a wave of several courses belongs to each of them
    """
    summed: dict[tuple[str, str], Dose] = {}
    for (channel, course, arm), dose in doses.items():
        if arm in ARMS and course in (*courses, ALL):
            summed[channel, arm] = summed.get((channel, arm), Dose()) + dose
    return tuple(
        ArmDose(
            channel,
            arm,
            own,
            _part(own.spend, both.spend),
            _part(own.impressions, both.impressions),
        )
        for channel in dict.fromkeys(channel for channel, _ in summed)
        for both in [summed.get((channel, "A"), Dose()) + summed.get((channel, "B"), Dose())]
        for arm in ARMS
        for own in [summed.get((channel, arm), Dose())]
    )


def dose_finding(doses: Sequence[ArmDose]) -> Finding:
    """Whether arm A received as much as arm B: without that, a difference is also one of dose."""
    told = [dose for dose in doses if dose.arm == "A" and _parts(dose)]
    if not told:
        return Finding(
            NAME,
            Status.NOT_RUN,
            "what each arm was shown is not known: the arms may have received different doses",
            "export the delivery of each wave by arm",
        )
    away = max(abs(part - 0.5) for dose in told for part in _parts(dose).values())
    unequal = away > TOLERANCE
    shown = "; ".join(f"on {dose.channel} {_shown(dose)}" for dose in told)
    return Finding(
        NAME,
        Status.WARN if unequal else Status.PASS,
        f"arm A received {shown}: {'not the same as' if unequal else 'as much as'} arm B",
        "read the difference as one of arms and doses together" if unequal else "",
        TOLERANCE - away,
    )


def _parts(dose: ArmDose) -> dict[str, float]:
    parts = {"the spend": dose.part_of_spend, "the impressions": dose.part_of_impressions}
    return {of: part for of, part in parts.items() if part is not None}


def _shown(dose: ArmDose) -> str:
    return " and ".join(f"{part:.0%} of {of}" for of, part in _parts(dose).items())


def _part(own: float | None, both: float | None) -> float | None:
    return (own or 0.0) / both if both else None
