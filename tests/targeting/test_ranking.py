import numpy as np
import pytest

from evaluator.targeting.ranking import SHARES, ranking

ONE_FOLD = np.zeros(4, dtype=np.intp)


def test_areas_on_paper() -> None:
    """Four people, predicted 4, 3, 2, 1, with scores 4, 0, 0, 0.

    Ranks 7/8, 5/8, 3/8, 1/8: the area is 4 · (7/8) / 4 = 7/8; the mean score is 1, so that the
    area against random is 7/8 − 1/2, and against everyone 7/8 − 1.
    """
    found = ranking(np.array([4.0, 3, 2, 1]), np.array([4.0, 0, 0, 0]), ONE_FOLD, 0.95, 1)
    assert found.area.value == pytest.approx(7 / 8)
    assert found.qini.value == pytest.approx(3 / 8)
    assert found.against_everyone.value == pytest.approx(-1 / 8)
    assert [point.share for point in found.points] == list(SHARES)
    assert found.points[-1].gain.value == pytest.approx(1)
    assert found.points[4].gain.value == pytest.approx(1)
    assert found.points[4].against_random.value == pytest.approx(0.5)


def test_is_that_of_raw_outcomes_where_half_are_contacted() -> None:
    """CausalML's cumulative gain, of raw outcomes: the same area, up to chance."""
    import pandas as pd
    from causalml.metrics import get_cumgain

    rng = np.random.default_rng(1)
    n = 20_000
    w, effect = rng.integers(0, 2, n), rng.normal(1, 1, n)
    y = w * effect + rng.normal(size=n)
    frame = pd.DataFrame({"y": y, "w": w, "model": effect})
    gain = get_cumgain(frame, outcome_col="y", treatment_col="w")["model"].to_numpy() / n
    scores = y * (w - 0.5) / 0.25
    found = ranking(effect, scores, np.zeros(n, dtype=np.intp), 0.95, 1)
    assert abs(found.area.value - gain.mean()) < 3 * found.area.se
    assert abs(found.points[2].gain.value - gain[int(0.3 * n)]) < 3 * found.points[2].gain.se


def test_standard_errors_are_right() -> None:
    """Spread of the estimates over 80 lists; ±30% of it is four standard errors of a spread."""
    areas, qinis, gains = [], [], []
    for seed in range(80):
        rng = np.random.default_rng(seed)
        effect = rng.normal(1, 1, 600)
        scores = effect + rng.normal(0, 2, 600)
        found = ranking(effect, scores, np.zeros(600, dtype=np.intp), 0.95, 1)
        areas.append((found.area.value, found.area.se))
        qinis.append((found.qini.value, found.qini.se))
        gains.append((found.points[2].gain.value, found.points[2].gain.se))
    for values in (areas, qinis, gains):
        estimates, errors = np.array(values).T
        assert errors.mean() == pytest.approx(estimates.std(), rel=0.3)


def test_ties_are_let_in_at_random() -> None:
    """One third predicts nothing: its people gain what as many at random do, in any order."""
    rng = np.random.default_rng(1)
    scores, fold = rng.normal(1, 1, 90), np.repeat([0, 1, 2], 30)
    found = ranking(np.where(fold == 2, 0.0, 1.0), scores, fold, 0.95, 1)
    for point in found.points:
        assert point.against_random.value == pytest.approx(0, abs=1e-12)
    assert found.qini.value == pytest.approx(0, abs=1e-12)
    order = rng.permutation(90)
    again = ranking(np.ones(90), scores[order], fold[order], 0.95, 1)
    assert again.qini.se == pytest.approx(found.qini.se)
