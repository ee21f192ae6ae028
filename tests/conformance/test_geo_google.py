"""Google's geo experiment: the published increment and return, from an experiment file."""

from pathlib import Path

import numpy as np
import pytest

from evaluator.claims.cost import cost
from evaluator.evaluation import Evaluation, evaluate
from evaluator.experiment import load_protocol
from evaluator.resolve import resolve
from evaluator.sources import load

INCREMENT, IROAS, PRECISION, SPEND = 147337.12168, 2.9467424337, 0.120548014, 50_000.0
"""Published with the example (time-based regression): one-sided at 90%, so 80% two-sided."""


@pytest.fixture(scope="module")
def evaluation(shared_data: Path) -> Evaluation:
    assert shared_data.is_dir()
    protocol = load_protocol(Path(__file__).parent / "geo_google")
    return evaluate(resolve(protocol, load(protocol)))


def test_the_published_increment_lies_inside_an_interval_as_sharp(evaluation: Evaluation) -> None:
    row = evaluation.row("a_vs_b", "sales")
    assert row.key.method == "arms_two_series"
    assert row.extra is not None
    interval = row.extra.realised.interval
    assert interval.level == pytest.approx(0.80)
    assert INCREMENT in interval
    assert 0.0 not in interval
    assert interval.low / SPEND <= IROAS <= interval.high / SPEND
    assert interval.high - interval.low <= 2 * (2 * PRECISION * SPEND)


def test_the_cost_of_an_extra_unit_agrees_with_the_return(evaluation: Evaluation) -> None:
    row = evaluation.row("a_vs_b", "sales")
    assert row.extra is not None
    priced = cost(SPEND, None, row.extra.realised)
    assert priced.per_extra is not None
    assert priced.interval is not None
    assert 1 / IROAS in priced.interval
    assert priced.per_extra == pytest.approx(SPEND / row.extra.realised.value)
    assert np.isfinite(priced.interval.high)


def test_by_unit_agrees_and_is_wider(evaluation: Evaluation) -> None:
    """Regions respond differently, which a jackknife over them sees and a series does not."""
    series = evaluation.row("a_vs_b", "sales").extra
    units = evaluation.row("a_vs_b", "sales", method="arms_by_unit").extra
    assert series is not None
    assert units is not None
    assert INCREMENT in units.realised.interval
    widths = [e.realised.interval.high - e.realised.interval.low for e in (series, units)]
    assert widths[1] > widths[0]
