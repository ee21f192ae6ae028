import math
from collections.abc import Callable
from dataclasses import replace

import pytest
from scipy import stats

from evaluator.evaluation import Evaluation
from evaluator.report.tables import COLUMNS, records, rounded
from evaluator.results import Row

ISSUE = {
    *("question", "course", "channel", "arm", "estimand", "method", "log_lift", "lift"),
    *("lift_low", "lift_high", "lift_low_sim", "lift_high_sim"),
    *("extra_realised", "extra_realised_low", "extra_realised_high"),
    *("extra_expected", "extra_expected_low", "extra_expected_high"),
    *("p", "p_adjusted", "verdict", "status", "reason", "n_reference", "n_window"),
    *("coverage", "coverage_se", "findings", "data_kind"),
}
"""What every table must have at least."""


def test_every_row_has_every_column_in_order(evaluation: Evaluation) -> None:
    for record in records(evaluation):
        assert tuple(record) == COLUMNS
    assert set(COLUMNS) >= ISSUE


def test_a_row_by_hand(evaluation: Evaluation) -> None:
    """log lift .7, scale .1, t(10): the 95% interval is .7 ± .1 t(.975), Bonferroni's over two
    rows .7 ± .1 t(.9875)."""
    record = records(evaluation)[1]
    own, both = (0.1 * stats.t.ppf(q, 10) for q in (0.975, 0.9875))
    expected = {
        "log_lift": 0.7,
        "lift": math.exp(0.7),
        "lift_low": math.exp(0.7 - own),
        "lift_high": math.exp(0.7 + own),
        "lift_low_sim": math.exp(0.7 - both),
        "lift_high_sim": math.exp(0.7 + both),
        "p": 2 * stats.t.sf(7, 10),
        "p_adjusted": 0.004,
        "p_extra": 0.001,
        "extra_realised_low": 1000.2,
        "extra_expected_high": 1500.0,
    }
    assert {name: record[name] for name in expected} == pytest.approx(expected)
    assert record["verdict"] == "raised"
    assert record["findings"] == "calendar: warn"
    assert record["data_kind"] == "synthetic"


def test_a_refused_row_has_its_reason_and_no_number(evaluation: Evaluation) -> None:
    record = records(evaluation)[-1]
    numbers = ("log_lift", "lift", "lift_low", "extra_realised", "p", "p_adjusted", "n_window")
    assert [record[name] for name in numbers] == [None] * len(numbers)
    assert record["status"] == "refused"
    assert record["reason"] == "no history, so nothing to compare with"
    assert record["observed"] == 99.0


def test_rounding_keeps_twelve_digits_whatever_the_size(
    evaluation: Evaluation, make_row: Callable[..., Row]
) -> None:
    assert rounded(1234.5678901234567) == 1234.56789012
    assert rounded(1.2345678901234567e-9) == 1.23456789012e-9
    third = replace(evaluation, rows=(make_row(log_lift=1 / 3),))
    assert records(third)[0]["log_lift"] == 0.333333333333
