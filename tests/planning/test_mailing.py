"""A mailing with a hold-out, by the estimator of `target`."""

import numpy as np
import pytest

from evaluator.effects import Setting
from evaluator.errors import UsageError
from evaluator.experiment.protocol import Decision
from evaluator.planning.formulas import holdout_power
from evaluator.planning.mailing import Mailing, mailing_powers, welch
from evaluator.targeting.scores import difference

LIST = Mailing(people=11_742, held_out=0.2, rate=0.03)
SETTING, DECISION = Setting(seed=5), Decision()


def test_counts_say_what_people_say() -> None:
    """Welch's difference from four counts is that of `target` from one row a person."""
    rng = np.random.default_rng(1)
    for rate, share in ((0.03, 0.2), (0.4, 0.5), (0.001, 0.1)):
        outcome = (rng.random(4000) < rate).astype(float)
        out = rng.random(4000) < share
        theirs = difference(outcome[~out], outcome[out])
        groups = [(np.array(outcome[own].sum()), np.array(float(own.sum()))) for own in (~out, out)]
        value, se, df = welch(*groups)
        assert (value, se) == pytest.approx((theirs.value, theirs.se))
        assert df == pytest.approx(theirs.df)


@pytest.mark.parametrize("lift", [1.2, 1.4, 1.6])
def test_the_simulation_stands_beside_the_formula(lift: float) -> None:
    """Within four Monte-Carlo errors and .01 for the normal law of the formula."""
    (power,) = mailing_powers(LIST, [lift], 4000, SETTING, DECISION)
    expected = holdout_power(LIST.people, LIST.held_out, (LIST.rate, LIST.rate * lift))
    error = np.sqrt(expected * (1 - expected) / 4000)
    assert power.power == pytest.approx(expected, abs=4 * error + 0.01)
    assert power.truth == pytest.approx(lift)


def test_alarms_and_errors() -> None:
    nothing, weak = mailing_powers(LIST, [1.0, 1.1], 4000, SETTING, DECISION)
    assert nothing.false_positive == pytest.approx(0.05, abs=0.02)
    assert nothing.sign_error is None
    assert weak.sign_error is not None
    assert weak.exaggeration is not None
    assert weak.sign_error > 0
    assert weak.exaggeration > 1.5


def test_a_lift_has_the_same_power_whatever_lifts_stand_beside_it() -> None:
    both = mailing_powers(LIST, [1.3, 1.6], 300, SETTING, DECISION)
    assert both[1:] == mailing_powers(LIST, [1.6], 300, SETTING, DECISION)


def test_lists_too_small_to_judge_are_refused() -> None:
    """Of twenty people two are held out on average: often fewer than two, or nobody enrols."""
    (power,) = mailing_powers(Mailing(20, 0.1, 0.05), [2.0], 1000, SETTING, DECISION)
    assert 0.4 < power.refused < 0.9
    assert sum(share for _, share in power.verdicts) == pytest.approx(1)


def test_a_rate_is_no_more_than_one() -> None:
    with pytest.raises(UsageError, match="more than 1"):
        mailing_powers(LIST, [40.0], 10, SETTING, DECISION)
