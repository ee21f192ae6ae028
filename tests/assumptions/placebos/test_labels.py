"""The label “promoted” redrawn: by hand, against the estimator, and in counts that refute it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import combinations
from types import MappingProxyType

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.assumptions import Looked
from evaluator.assumptions.placebos.contrast import Contrast, contrast
from evaluator.assumptions.placebos.labels import IN_SPACE, PERMUTED, labels_redrawn, redrawn
from evaluator.effects import Setting, estimate
from evaluator.estimators.ratio import fitted_scale
from evaluator.inference.permuted import share_beyond
from evaluator.resolve import Resolved
from evaluator.results import NotRun, Status

Small = Callable[..., Resolved]
LookedAt = Callable[[Resolved, str, str], Looked]
Counts = dict[str, NDArray[np.float64]]
Paint = Callable[[Counts, int], None]
TWICE: Mapping[str, tuple[float, float]] = MappingProxyType({"P": (2.0, 2.0), "Q": (2.0, 2.0)})
IN_A: Mapping[str, tuple[float, float]] = MappingProxyType({"P": (2.0, 1.0), "Q": (2.0, 1.0)})


def arm_a_wide(counts: Counts, window: int) -> None:
    """A shock to the countries of P's arm A that every course has."""
    for daily in counts.values():
        daily[:6, window:] *= 1.5


def leaps(*codes: str) -> Paint:
    """P leaps, and so do some of the other courses, by chance."""

    def paint(counts: Counts, window: int) -> None:
        for code in ("P", *codes):
            counts[code][:, window:] *= 1.5 if code == "P" else 1.7

    return paint


def nothing(counts: Counts, window: int) -> None:
    del counts, window


CASES = {
    "an effect of both": (TWICE, nothing, "all", "these_courses", PERMUTED, Status.PASS),
    "an effect of one": (TWICE, nothing, "P", "size_adjusted_ratio", IN_SPACE, Status.PASS),
    "no effect": ({}, nothing, "P", "size_adjusted_ratio", IN_SPACE, Status.NOT_RUN),
    "two leap as far": ({}, leaps("O45", "O48"), "P", "size_adjusted_ratio", IN_SPACE, Status.PASS),
    "arm A, net": (IN_A, nothing, "all", "triple_difference", PERMUTED, Status.PASS),
    "arm A": (IN_A, nothing, "P", "arms_wider", IN_SPACE, Status.PASS),
    "a shock that all have": ({}, arm_a_wide, "P", "arms_wider", IN_SPACE, Status.FAIL),
    "a forecast": (TWICE, nothing, "P", "controlled_its", IN_SPACE, Status.PASS),
}


@pytest.mark.parametrize(
    ("lifts", "paint", "course", "method", "name", "status"), CASES.values(), ids=CASES.keys()
)
def test_whether_the_rank_bears_the_row_out(
    small: Small,
    looked_at: LookedAt,
    rough: Paint,
    lifts: Mapping[str, tuple[float, float]],
    paint: Paint,
    course: str,
    method: str,
    name: str,
    status: Status,
) -> None:
    def both(counts: Counts, window: int) -> None:
        rough(counts, window)
        paint(counts, window)

    looked = looked_at(small(lifts=lifts, others=50, paint=both), course, method)
    (finding,) = labels_redrawn(looked).findings
    assert (finding.name, finding.status) == (name, status), finding.sentence
    assert (finding.margin is None) == (status is Status.NOT_RUN)
    assert finding.margin is None or (finding.margin >= 0) == (status is Status.PASS)


@pytest.mark.parametrize(("others", "said"), [(12, "no smaller with so few"), (0, "there is none")])
def test_few_courses_have_no_rank(
    small: Small, looked_at: LookedAt, others: int, said: str
) -> None:
    looked = looked_at(small(lifts=IN_A, others=others), "P", "arms_wider")
    (finding,) = labels_redrawn(looked).findings
    assert finding.status is Status.NOT_RUN
    assert said in finding.sentence


def test_all_sets_of_courses_are_handed_on(small: Small, looked_at: LookedAt) -> None:
    """Twenty-two courses, two of them promoted, and no other two as far."""
    looked = looked_at(small(others=20, lifts=TWICE), "all", "these_courses")
    (permuted,) = labels_redrawn(looked).evidence.placebos
    assert (permuted.kind, len(permuted.log_lifts)) == ("permuted", 22 * 21 // 2 - 1)
    assert list(permuted.log_lifts) == sorted(permuted.log_lifts)
    assert permuted.p == pytest.approx(1 / 231)


def test_labels_redrawn_are_campaigns_of_other_courses(small: Small, looked_at: LookedAt) -> None:
    """The fast path against the estimator, one labelling at a time."""
    looked = looked_at(small(lifts=TWICE, others=10), "all", "these_courses")
    totals = contrast(looked.comparison, "these_courses")
    assert totals is not None
    log_lifts, t = redrawn(totals, np.random.default_rng(1))
    daily = np.concatenate([looked.comparison.treated, looked.comparison.other])
    own = np.concatenate([totals.promoted, totals.other[:, 0]], axis=1).sum(axis=-1)
    rest = own.sum(axis=1, keepdims=True) - own
    scale = fitted_scale(totals.log_lift(own, rest), totals.noise(own))
    for position, labelled in enumerate(combinations(range(12), 2)):
        others = [course for course in range(12) if course not in labelled]
        again = replace(looked.comparison, treated=daily[list(labelled)], other=daily[others])
        outcome = estimate(again, looked.planned.key, Setting())
        assert not isinstance(outcome, NotRun)
        assert log_lifts[position] == pytest.approx(outcome.effect.log_lift, abs=1e-9)
        noise = totals.noise(own[:, list(labelled)])
        error = np.sqrt(np.sum(scale.kappa + scale.phi * noise)) / 2
        assert t[position] == pytest.approx(outcome.effect.log_lift / error, rel=1e-6)


def test_the_p_value_is_uniform_where_nothing_was_promoted() -> None:
    """Size at most .05 + 3 Monte-Carlo errors (.0345) at p ≤ .05 in 400 draws."""
    rng = np.random.default_rng(3)
    level = rng.lognormal(5, 0.5, 30)
    p = []
    for _ in range(400):
        counts = rng.poisson(level * np.exp(0.1 * rng.normal(size=(2, 30)))).astype(float)
        first, rest = counts[:, None, :1, None], counts[:, None, 1:, None]
        signs, base = np.array([1.0, -1.0]), np.array([0.0, 1.0])
        totals = Contrast(signs, base, first[:, 0], first, rest, net=True)
        p.append(share_beyond(redrawn(totals, rng)[1]))
    assert np.mean(np.array(p) <= 0.05) < 0.085
    assert 0.4 < np.mean(p) < 0.6


def test_the_same_twice(small: Small, looked_at: LookedAt) -> None:
    resolved = small(lifts=TWICE, others=70)
    first, second = (labels_redrawn(looked_at(resolved, "all", "these_courses")) for _ in range(2))
    assert first == second
