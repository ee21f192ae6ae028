"""Groups of countries: where the same campaign may have worked more or less."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CountryGroup:
    """Countries that are looked at together."""

    name: str
    countries: tuple[str, ...]
    claimed_weak: tuple[str, ...] = ()
    """Channels that somebody published as weak here: a claim to be looked at, not a fact."""
