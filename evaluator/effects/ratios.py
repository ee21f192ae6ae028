"""Promoted courses against the other courses: ratios of totals."""

from __future__ import annotations

import numpy as np

from evaluator.comparisons.design import Comparison
from evaluator.effects.facts import window_and_reference
from evaluator.effects.law import Joint, Law, Setting
from evaluator.inference import ratios as laws
from evaluator.inference.assigned import difference


def totals_of(comparison: Comparison) -> laws.Totals:
    treated, other = window_and_reference(comparison)
    return laws.Totals(
        treated[0].sum(axis=-1),
        treated[1].sum(axis=-1),
        other[0].sum(axis=-1),
        other[1].sum(axis=-1),
    )


def size_adjusted(comparison: Comparison, _: Setting) -> Law:
    law = laws.size_adjusted(totals_of(comparison)).at((..., 0))
    return Law(law.location, law)


def ranked(comparison: Comparison, _: Setting) -> Law:
    law = laws.ranked(totals_of(comparison))
    return Law(np.asarray(law.location), law)


def these_courses(comparison: Comparison, _: Setting) -> Law:
    totals = totals_of(comparison)
    law = laws.these_courses(totals)
    joint = Joint(totals.ratios().log_lift, laws.joint_covariance(totals), law.dof)
    return Law(law.location, law, joint)


def against_left_out(comparison: Comparison, _: Setting) -> Law:
    totals = totals_of(comparison)
    law = laws.against_few(totals)
    joint = Joint(totals.ratios().log_lift, laws.covariance_against_few(totals), law.dof)
    return Law(law.location, law, joint)


def order_of_waves(comparison: Comparison, _: Setting) -> Law:
    if comparison.first is None:
        raise TypeError("a difference between kinds of courses needs the kind of each")
    log_lifts = totals_of(comparison).ratios().log_lift
    law = difference(log_lifts, comparison.first, comparison.strata)
    return Law(law.location, law)


def courses_like_these(comparison: Comparison, _: Setting) -> Law:
    law = laws.courses_like_these(totals_of(comparison))
    return Law(law.location, law)
