"""Groups of units: a group's lift over courses, and that against the rest."""

from __future__ import annotations

from evaluator.comparisons.design import Comparison
from evaluator.effects.facts import window_and_reference
from evaluator.effects.law import Law, Setting
from evaluator.estimators.arrays import Array
from evaluator.inference import groups as laws


def group_lift(comparison: Comparison, _: Setting) -> Law:
    """The first of the comparison's two units, the group, alone."""
    observed, expected = _window(comparison)
    law = laws.lift_over_courses(observed[:, 0], expected[:, 0])
    return Law(law.location, law)


def group_against_rest(comparison: Comparison, _: Setting) -> Law:
    """The group, each course's lift taken relative to its lift in the rest."""
    law = laws.against_rest(*_window(comparison))
    return Law(law.location, law)


def _window(comparison: Comparison) -> tuple[Array, Array]:
    """Counted in the window, and expected from the reference and the other courses: (S, 2)."""
    treated, other = window_and_reference(comparison)
    pooled = other.sum(axis=2)
    return treated[0], laws.carried(treated[1], pooled[0], pooled[1])
