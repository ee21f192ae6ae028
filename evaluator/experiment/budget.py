"""How the money of a wave was to be split."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """Planned split of a wave's money between the arms."""

    a: float
    """Share of arm A, 0 to 1; the rest is arm B's."""
    assumed: bool = False
    """Whether the split is assumed rather than published."""
