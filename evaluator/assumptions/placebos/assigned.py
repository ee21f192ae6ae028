"""What chance decided, decided again: the randomisation test of a declared assignment."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations, product

import numpy as np

from evaluator.assumptions.looked import Looked, Seen
from evaluator.assumptions.placebos.labels import AGREES
from evaluator.assumptions.placebos.weeks import Weeks
from evaluator.comparisons import weeks_drawn
from evaluator.comparisons.design import Comparison
from evaluator.effects.facts import window_and_reference
from evaluator.effects.ratios import totals_of
from evaluator.estimators.arrays import Array, Flags
from evaluator.estimators.clusters import arm_ratios, triple_ratios
from evaluator.experiment.assignment import AssignmentRule, Drawn
from evaluator.inference.permuted import MOST, share_beyond
from evaluator.results import Finding, Status
from evaluator.sources import UNKNOWN

NAME = "assignment redrawn"
AT_ONCE = 200
BY_COUNTRY = frozenset({"arms_by_unit", "arms_wider", "arms_wider_summed", "triple_difference"})


def assignment_redrawn(looked: Looked) -> Seen:
    """How seldom chance alone, by the declared rule, would have given as large a difference.

    Orders or weeks are given to the same courses again, or countries to the arms, within the
    declared groups, no effect imposed; nothing is assumed of how courses or countries move.

    References
    ----------
    Fisher (1935); Li, Ding & Rubin (2018): after re-randomisation the plain test errs to the
    safe side.
    """
    drawn = _drawn(looked)
    if drawn is None or looked.effect is None:
        return Seen(())
    comparison, rng = looked.comparison, looked.setting.generator(looked.planned.key)
    if comparison.first is not None:
        strata = list(comparison.strata)
        kinds = redrawn(comparison.first, strata, rng)
        p = share_beyond(_differences(comparison, kinds))
    elif looked.planned.key.method == weeks_drawn.METHOD:
        weeks = Weeks.of(comparison, drawn)
        strata = weeks.couple.tolist()
        kinds = redrawn(weeks.early, strata, rng)
        p = share_beyond(weeks.statistics(kinds))
    elif comparison.in_a is not None and len(np.unique(comparison.in_a, axis=0)) == 1:
        strata = _redrawable(looked.resolved.panel.countries, drawn)
        kinds = redrawn(comparison.in_a[0], strata, rng)
        triple = looked.planned.key.method == "triple_difference"
        # In parts: every draw is an array of all courses and countries.
        parts = np.array_split(kinds, -(-len(kinds) // AT_ONCE))
        p = share_beyond(np.concatenate([_arms(comparison, own, triple=triple) for own in parts]))
    else:
        sentence = "every course has countries of its own in arm A: redrawn together they are not"
        return Seen((Finding(NAME, Status.NOT_RUN, sentence),))
    # The mirror image is as large where every stratum is half of each kind; that of countries has
    # another variance.
    mirrored = comparison.in_a is None and _mirrored(kinds[0], strata)
    smallest = (2 if mirrored else 1) / len(kinds)
    return Seen((_finding(looked, drawn, p, (len(kinds), smallest)),))


def redrawn(kind: Flags, strata: Sequence[int], rng: np.random.Generator) -> Flags:
    """Kinds that chance might have given within strata, the true ones first.

    All of them where they are at most `MOST`, otherwise as many drawn.

    Parameters
    ----------
    kind : (U,) of which kind each unit is
    strata : (U,) its stratum

    Returns
    -------
    (draws, U)
    """
    groups = [np.flatnonzero(np.asarray(strata) == name) for name in dict.fromkeys(strata)]
    counts = [int(kind[group].sum()) for group in groups]
    whole = math.prod(math.comb(len(g), c) for g, c in zip(groups, counts, strict=True))
    if whole <= MOST:
        each = [list(combinations(g, c)) for g, c in zip(groups, counts, strict=True)]
        every = np.zeros((whole, len(kind)), dtype=bool)
        for row, chosen in enumerate(product(*each)):
            every[row, [unit for part in chosen for unit in part]] = True
        own = np.flatnonzero((every == kind).all(axis=1))
        return np.concatenate([every[own], np.delete(every, own, axis=0)])
    draws = np.zeros((MOST, len(kind)), dtype=bool)
    draws[0] = kind
    for group, count in zip(groups, counts, strict=True):
        order = np.argsort(rng.random((MOST - 1, len(group))), axis=1)[:, :count]
        np.put_along_axis(draws[1:], group[order], True, axis=1)
    return draws


def _drawn(looked: Looked) -> Drawn | None:
    """How chance decided what the row compares; None where it did not, or nothing is declared."""
    assignment = looked.resolved.protocol.assignment
    if assignment is None:
        return None
    method = looked.planned.key.method
    drawn = assignment.countries if method in BY_COUNTRY else None
    drawn = assignment.weeks if method == weeks_drawn.METHOD else drawn
    drawn = assignment.order if looked.comparison.first is not None else drawn
    return drawn if drawn is not None and drawn.random else None


def _redrawable(units: Sequence[str], drawn: Drawn) -> list[int]:
    """Of each unit its stratum; those of no declared group, and those that nobody could assign,
    stay where they are: each is a stratum of its own."""
    strata = [drawn.group_of(unit) if drawn.groups else 0 for unit in units]
    return [
        own if own >= 0 and name != UNKNOWN else -1 - unit
        for unit, (name, own) in enumerate(zip(units, strata, strict=True))
    ]


def _mirrored(kind: Flags, strata: Sequence[int]) -> bool:
    """Whether the two kinds may change places in every stratum."""
    own = np.asarray(strata)
    return all(2 * kind[own == name].sum() == (own == name).sum() for name in np.unique(own))


def _differences(comparison: Comparison, kinds: Flags) -> Array:
    """(draws,) difference of kinds within strata; its rank is that of its t."""
    log_lifts = totals_of(comparison).ratios().log_lift
    strata = np.asarray(comparison.strata)
    weights = kinds.astype(float)
    for name in np.unique(strata):
        weights[:, strata == name] -= weights[:, strata == name].mean(axis=1, keepdims=True)
    return np.asarray(weights @ log_lifts / np.sum(weights[0] ** 2))


def _arms(comparison: Comparison, kinds: Flags, *, triple: bool) -> Array:
    """(draws,) t of the mean log ratio of arms over the series."""
    treated, other = window_and_reference(comparison)
    in_a = np.broadcast_to(kinds[:, None, :], (len(kinds), *treated[0].shape))
    ratios = arm_ratios(treated[0], treated[1], in_a)
    if triple:
        pooled = other.sum(axis=-2)
        ratios = triple_ratios(ratios, arm_ratios(pooled[0], pooled[1], in_a))
    return np.asarray(
        ratios.log_lift.mean(axis=-1) / np.sqrt(ratios.covariance().mean(axis=(-2, -1)))
    )


def _finding(looked: Looked, drawn: Drawn, p: float, draws: tuple[int, float]) -> Finding:
    """An effect that is claimed at α has a p near α by chance alone.

    Parameters
    ----------
    draws : how many assignments there are, and the smallest p that they allow
    """
    assert looked.effect is not None
    alpha, (number, smallest) = 1 - looked.setting.level, draws
    rule = drawn.rule.value
    rule += " (as if without its criterion)" * (drawn.rule is AssignmentRule.RE_RANDOMISED)
    said = f"of {number:,} assignments that chance might have made, {rule}: p = {p:.2g}"
    if smallest > alpha:
        return Finding(NAME, Status.NOT_RUN, f"{said}, which can be no smaller than {smallest:.2g}")
    own = looked.effect.p_value()
    margin = AGREES * alpha - p
    if own > alpha or margin >= 0:
        return Finding(NAME, Status.PASS, said, "", margin if own <= alpha else None)
    sentence = f"{said}, where the row's own law gives {own:.2g}"
    return Finding(NAME, Status.FAIL, sentence, "trust the test by chance: it assumes less", margin)
