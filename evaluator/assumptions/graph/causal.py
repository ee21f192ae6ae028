"""What a causal graph is: nodes with a place, arrows, and what becomes of each arrow.

The outcome of every graph is a *difference* of logs. A cause whose effect is the same on both
sides of the difference cancels there: its arrow is kept, marked with what cancels it, because on
levels it would stand.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from evaluator.results import Estimand


class Kind(StrEnum):
    """What is known of a node."""

    TREATMENT = "treatment"
    OUTCOME = "outcome"
    OBSERVED = "observed"
    UNOBSERVED = "unobserved"
    INSEPARABLE = "never without the treatment"
    """Known, but nothing is left to compare when it is held fixed."""


class Standing(StrEnum):
    """What becomes of an arrow in the comparison."""

    STANDS = "stands"
    CANCELS = "cancels"
    ASSUMED_AWAY = "assumed away"


@dataclass(frozen=True, slots=True)
class Node:
    """A variable, with its place in the drawing."""

    name: str
    kind: Kind
    row: float
    """From the top, 0, 1 …"""
    column: int
    """From the left: 0, 1 or 2."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """A direct cause."""

    tail: str
    head: str
    standing: Standing = Standing.STANDS
    why: str = ""
    """What cancels it, or the assumption that there is none."""


@dataclass(frozen=True, slots=True)
class CausalGraph:
    """The causes behind one comparison."""

    question: str
    about: str
    """The channel or the estimand, where a question has several graphs; otherwise empty."""
    unit: str
    """What varies: a course, a country …"""
    estimand: Estimand
    """Of the comparison that the graph is about: the comparison owns it."""
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    held: tuple[str, ...] = ()
    """What the comparison holds fixed by its design."""
    decides: bool = False
    """Whether a row of the comparison draws a conclusion."""

    def named(self, kind: Kind) -> tuple[str, ...]:
        return tuple(node.name for node in self.nodes if node.kind is kind)

    @property
    def treatment(self) -> str:
        return self.named(Kind.TREATMENT)[0]

    @property
    def outcome(self) -> str:
        return self.named(Kind.OUTCOME)[0]

    def standing(self, kept: Collection[Standing]) -> tuple[Arrow, ...]:
        return tuple(arrow for arrow in self.arrows if arrow.standing in kept)

    @property
    def cancelled_by(self) -> tuple[str, ...]:
        """What cancels, each once, in the order of the arrows."""
        return tuple(dict.fromkeys(a.why for a in self.standing([Standing.CANCELS])))


@dataclass(frozen=True, slots=True)
class Identified:
    """What DoWhy finds in a graph: sets of variables to hold fixed; None where there is no set."""

    compared: tuple[str, ...] | None
    """As the comparison takes the difference."""
    levels: tuple[str, ...] | None
    """Without any difference: what cancels stands."""
    doubted: tuple[str, ...] | None
    """If what is assumed away is there."""
    reaches: bool = True
    """Whether the treatment has any way to the outcome of the comparison."""
