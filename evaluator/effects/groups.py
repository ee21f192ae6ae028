"""Groups of units: a group's lift over courses, and the same against the rest."""

from __future__ import annotations

from evaluator.comparisons.design import Comparison
from evaluator.effects.facts import window_and_reference
from evaluator.effects.law import Law, Setting
from evaluator.inference.groups import expected_in_window, lift_over_courses


def group_lift(comparison: Comparison, _: Setting) -> Law:
    """The first of the comparison's two units, the group, alone."""
    return _law(comparison, cells=1)


def group_against_rest(comparison: Comparison, _: Setting) -> Law:
    """The group less the second unit, the rest."""
    return _law(comparison, cells=2)


def _law(comparison: Comparison, cells: int) -> Law:
    treated, other = window_and_reference(comparison)
    pooled = other.sum(axis=2)
    expected = expected_in_window(treated[1], pooled[0], pooled[1])
    law = lift_over_courses(treated[0][:, :cells], expected[:, :cells])
    return Law(float(law.location), law)
