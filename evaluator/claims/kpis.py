"""Every declared indicator, as published and like for like."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.claims.claim import Claim, Figure, Standing
from evaluator.claims.counted import counted_claims
from evaluator.claims.mailed import mailed_claims
from evaluator.claims.of_channel import channel_claims
from evaluator.claims.posted import posted_claims
from evaluator.experiment.kpi import Counted, Kpi, Mailed, OfChannel, Posted
from evaluator.resolve import Resolved

IN_WORDS = "Published in two ways"
"""Name under which contradictions of words stand, which nothing in the data recomputes."""


def kpi_claims(resolved: Resolved) -> tuple[Claim, ...]:
    """Claims of every declared indicator, in declared order, then what contradicts itself.

    Raises
    ------
    DataError : a side table lacks a figure that a declaration names, or has it wrong
    """
    protocol = resolved.protocol
    recomputed = (claim for kpi in protocol.kpis for claim in _claims(kpi, resolved))
    written = (
        Claim(IN_WORDS, "", about, Standing.FAILS, why) for about, why in protocol.contradictions
    )
    return (*recomputed, *written)


def _claims(kpi: Kpi, resolved: Resolved) -> Iterator[Claim]:
    match kpi.measure:
        case Counted() as measure:
            yield from counted_claims(kpi, measure, resolved)
        case Posted() as measure if "posts" in resolved.tables:
            yield from posted_claims(kpi, measure, resolved)
        case Mailed() as measure if "email" in resolved.tables:
            yield from mailed_claims(kpi, measure, resolved)
        case OfChannel() as measure:
            yield from channel_claims(kpi, measure, resolved)
        case _:
            yield _not_measured(kpi)


def _not_measured(kpi: Kpi) -> Claim:
    """What the data cannot recompute: not reported, or reported and not to be checked."""
    if kpi.result is None and not kpi.by_course:
        why = "declared as an indicator, and no figure was published"
        return Claim(kpi.name, "", "as published", Standing.NOT_REPORTED, why)
    published = None if kpi.result is None else Figure(kpi.result, kpi.unit)
    needed = None if kpi.target is None else Figure(kpi.target, kpi.unit)
    why = "nothing in the data recomputes it"
    return Claim(kpi.name, "", "as published", Standing.INCOMPARABLE, why, published, None, needed)
