import math

import numpy as np
import pytest
from scipy import stats

from evaluator.inference.distributions import Drawn, Each, Either, Mixture, Ranked, StudentT

POSITIONS = (-3.0, -0.2, 0.0, 0.4, 2.5)
PROBABILITIES = (0.001, 0.025, 0.3, 0.5, 0.9, 0.975)


def test_student_t_on_paper() -> None:
    """t(1) is Cauchy's law: ¾ of it lies below location + scale."""
    law = StudentT(np.asarray(2.0), np.asarray(3.0), 1)
    assert law.cdf(5.0) == pytest.approx(0.75)
    assert law.quantile(0.75) == pytest.approx(5)


def test_student_t_against_scipy() -> None:
    law, scipy = StudentT(np.asarray(0.3), np.asarray(0.2), 10), stats.t(10, 0.3, 0.2)
    assert [law.cdf(x) for x in POSITIONS] == pytest.approx(scipy.cdf(POSITIONS))
    assert [law.quantile(p) for p in PROBABILITIES] == pytest.approx(scipy.ppf(PROBABILITIES))


def test_a_mixture_on_paper() -> None:
    """Cauchy's laws about −1 and 1, weighed alike: symmetric, and at 1 it is (¾+¼ / 2 + …)/2.

    P(x < 1) = ½ · (½ + arctan(2)/π) + ½ · ½; the median is 0.
    """
    law = Mixture(np.array([-1.0, 1]), np.ones(2), np.array([0.5, 0.5]), 1)
    assert law.cdf(1.0) == pytest.approx(0.5 + math.atan(2) / math.pi / 2)
    assert law.quantile(0.5) == pytest.approx(0, abs=1e-12)
    assert law.quantile(float(law.cdf(1.0))) == pytest.approx(1)
    assert law.location == 0


def test_a_mixture_of_one_component_is_that_component() -> None:
    one = StudentT(np.asarray(0.3), np.asarray(0.2), 4)
    alike = Mixture(np.array([0.3, 0.3]), np.array([0.2, 0.2]), np.array([0.2, 0.8]), 4)
    for p in PROBABILITIES:
        assert alike.quantile(p) == pytest.approx(one.quantile(p))
    for x in POSITIONS:
        assert alike.cdf(x) == pytest.approx(one.cdf(x))


def test_ranked_on_paper() -> None:
    """19 placebos 1 … 19, location 5, scale ½.

    At 95% the half-width is the ⌈.95 · 20⌉ = 19th: 9.5. At 90% the 18th: 9. Beyond that level
    nothing is finite. Zero is 10 scales away, which 10 placebos reach: p = 11/20.
    """
    law = Ranked(5, 0.5, tuple(float(z) for z in range(1, 20)))
    assert [law.quantile(p) for p in (0.025, 0.975)] == [-4.5, 14.5]
    assert [law.quantile(p) for p in (0.05, 0.95)] == [-4, 14]
    assert [law.quantile(p) for p in (0.02, 0.98)] == [-math.inf, math.inf]
    assert 2 * law.cdf(0) == pytest.approx(11 / 20)
    assert 2 * (1 - law.cdf(10)) == pytest.approx(11 / 20)


def test_drawn_on_paper() -> None:
    """Draws 1 … 39: 95% leaves out the rank .025 · 40 = 1 at each end, and includes it.

    Two of 39 draws are at most 2: a tail of (1 + 2)/40; the same from above.
    """
    law = Drawn(np.arange(1.0, 40))
    assert [law.quantile(p) for p in (0.025, 0.975)] == [1, 39]
    assert [law.quantile(p) for p in (0.05, 0.95)] == [2, 38]
    assert [law.quantile(p) for p in (0.02, 0.98)] == [-math.inf, math.inf]
    assert law.cdf(2) == pytest.approx(3 / 40)
    assert 1 - law.cdf(38) == pytest.approx(3 / 40)
    assert law.cdf(0) == pytest.approx(1 / 40)


def test_ends_are_infinite() -> None:
    t = StudentT(np.asarray(0.3), np.asarray(0.2), 4)
    mixture = Mixture(np.array([0.0, 1]), np.ones(2), np.array([0.5, 0.5]), 4)
    for law in (t, mixture, Ranked(0, 1, (1.0,)), Drawn(np.ones(3))):
        assert [float(law.quantile(p)) for p in (0, 1)] == [-math.inf, math.inf]


def test_one_of_many_laws() -> None:
    """`at` picks a law; the many and the one agree, although quantiles are found differently."""
    rng = np.random.default_rng(4)
    locations, scales = rng.normal(size=(3, 5)), rng.uniform(0.1, 1, size=(3, 5))
    many = Mixture(locations, scales, rng.dirichlet(np.ones(5), size=3), 6)
    t = StudentT(locations, scales, 6)
    for p in PROBABILITIES:
        assert many.quantile(p)[1] == pytest.approx(float(many.at(1).quantile(p)), abs=1e-12)
        assert t.quantile(p)[2, 3] == pytest.approx(float(t.at((2, 3)).quantile(p)))
    assert many.cdf(0.1)[1] == pytest.approx(float(many.at(1).cdf(0.1)))


def test_many_laws_at_a_probability_each() -> None:
    """Whatever they are made of, the quantile of each is that of the law by itself; ends too."""
    rng = np.random.default_rng(5)
    locations, scales = rng.normal(size=(6, 5)), rng.uniform(0.1, 1, size=(6, 5))
    mixture = Mixture(locations, scales, rng.dirichlet(np.ones(5), size=6), 6)
    t = StudentT(locations[:, 0], scales[:, 0], 6)
    chosen = np.arange(6) % 2 == 0
    each = Each(tuple(t.at(i) for i in range(6)), (6,))
    for many in (mixture, t, each, Either(t, mixture, chosen)):
        found = many.quantile(np.array([0.0, *PROBABILITIES[:4], 1.0]))
        for i, p in enumerate((0.0, *PROBABILITIES[:4], 1.0)):
            law = {Mixture: mixture, Either: mixture if chosen[i] else t}.get(type(many), t)
            assert found[i] == pytest.approx(float(law.at(i).quantile(p)), abs=1e-12)
    np.testing.assert_allclose(each.cdf(0.1), t.cdf(0.1))
