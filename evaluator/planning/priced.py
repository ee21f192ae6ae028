"""What a wave is expected to cost: by the wave, or by the enrolments that it is credited with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evaluator.experiment.planned import Plan, PlannedChannel
from evaluator.experiment.protocol import Protocol
from evaluator.resolve import Resolved


@dataclass(frozen=True, slots=True)
class Prices:
    """Money of one wave of one course."""

    each: Mapping[str, float]
    """Of every channel; 0 where nothing is paid, or nothing is known."""
    remarks: tuple[str, ...] = ()
    """Prices that are not known, or rest on what was counted."""

    @property
    def course(self) -> float:
        """Of one wave of every channel."""
        return sum(self.each.values())

    def of(self, protocol: Protocol) -> float:
        """Of all waves."""
        return float(sum(self.each[w.channel] * max(len(w.courses), 1) for w in protocol.waves))


def prices_of(past: Resolved, plan: Plan) -> Prices:
    """Prices of the planned channels.

    What is paid by enrolment is paid for as many as a past wave of one course was credited with:
    its tag, over the past window. A channel that had no wave, or no tag, has no price yet.
    """
    each, remarks = {}, []
    for channel in plan.channels:
        price, remark = _price(past, channel, plan.currency)
        each[channel.name] = price
        if remark:
            remarks.append(f"{channel.name}: {remark}")
    return Prices(each, tuple(remarks))


def _price(past: Resolved, channel: PlannedChannel, currency: str) -> tuple[float, str]:
    if channel.per_wave is not None:
        return channel.per_wave, ""
    if channel.per_enrolment is None:
        unknown = "what a wave costs is not declared; it is taken as free"
        return 0.0, unknown if channel.kind == "paid" else ""
    credited = credited_a_wave(past, channel)
    if credited is None:
        return 0.0, (
            "it is paid by enrolment, and no past wave says how many it is credited with; its cost"
            " is not in the budget"
        )
    price = credited * channel.per_enrolment
    return price, (
        f"paid by enrolment; a past wave of one course was credited with {credited:,.1f}, so one is"
        f" expected to cost {price:,.2f} {currency}".rstrip()
    )


def credited_a_wave(past: Resolved, channel: PlannedChannel) -> float | None:
    """Enrolments with the channel's tag in the past window, for each wave of one course.

    None where it had no wave of a promoted course, or its tag was never counted.
    """
    protocol, panel = past.protocol, past.panel
    waves = sum(
        len(set(wave.courses or past.promoted) & set(past.promoted))
        for wave in protocol.waves
        if wave.channel == channel.name
    )
    if not waves or channel.tag is None or channel.tag not in panel.tags:
        return None
    daily = panel.array("day", course=list(past.promoted), tag=[channel.tag])
    first, last = panel.day(protocol.window.start), panel.day(protocol.window.end)
    return float(daily[first : last + 1].sum()) / waves
