"""Kinds of verdict: what was raised, what moved more than something else, what only moved."""

from __future__ import annotations

from dataclasses import replace

from evaluator.results import Estimand, Wording

CAUSED = "raised"
"""The word of a verdict that names a cause."""
LIKE_OTHERS = "what they would have been had they moved like the other courses"


def raised_by(cause: str, base: str = LIKE_OTHERS) -> Wording:
    """Of an estimand that identifies an effect of `cause`."""
    return Wording(f"by {cause}", "were", CAUSED, "lowered", base)


def moved_more(where: str, base: str) -> Wording:
    """Of a difference between two lifts, as in `in arm A than in arm B`."""
    return Wording(where, "moved", "more", "less", base)


def moved_with(event: str, base: str) -> Wording:
    """Of a change that may have other reasons."""
    return Wording(f"together with {event}", base=base)


def only_described(estimand: Estimand) -> Estimand:
    """The same comparison where the design, of these courses, does not carry a cause."""
    own = estimand.wording
    if own.up != CAUSED:
        return estimand
    event = own.by.removeprefix("by ")
    return replace(estimand, wording=moved_with(event, own.base))
