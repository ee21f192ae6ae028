"""A published figure as a claim, and whether two are like for like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluator.claims.claim import Claim, Figure, Standing
from evaluator.experiment.protocol import Span
from evaluator.experiment.published import Published

FACETS = ("unit", "window", "population", "definition")


@dataclass(frozen=True, slots=True)
class Differing:
    """A facet in which two figures are not alike."""

    facet: str
    own: str
    other: str

    def __str__(self) -> str:
        return f"{self.facet} differs ({self.own}; {self.other})"


def as_published(claim: Published, reading: str, holds: Standing, why: str) -> Claim:
    """What was published, under one reading; a malformed figure has no value."""
    printed = claim.printed
    known = printed is not None and not printed.readings
    return Claim(
        name=claim.name,
        about=claim.population,
        reading=reading,
        holds=holds,
        why="; ".join(part for part in (why, printed.about if printed else "") if part),
        published=Figure(printed.value, claim.unit, printed=printed.text)
        if printed is not None and known
        else None,
        source=claim.source,
        quote=claim.quote,
    )


def differing(
    claim: Published, others: Sequence[Published], facets: Sequence[str] = FACETS
) -> list[Differing]:
    """Facets that both a claim and another state, and state differently; each once.

    What a source leaves unsaid is not taken to differ: where something is missing, the claim
    says so elsewhere.
    """
    found: dict[str, Differing] = {}
    for other in others:
        for facet in facets:
            own, its = _stated(claim, facet), _stated(other, facet)
            if own and its and own != its:
                found.setdefault(facet, Differing(facet, own, its))
    return list(found.values())


def named(found: Sequence[Differing]) -> tuple[str, ...]:
    return tuple(own.facet for own in found)


def windows(claim: Published) -> str:
    """Of what days a claim is; empty where it does not say."""
    return " against ".join(map(str, _windows(claim)))


def _windows(claim: Published) -> Iterator[Span]:
    if claim.window is not None:
        yield claim.window
    if claim.before is not None:
        yield claim.before


def _stated(claim: Published, facet: str) -> str:
    if facet == "window":
        return windows(claim)
    stated: str = getattr(claim, facet)
    return stated
