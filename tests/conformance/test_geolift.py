"""The walk-through that GeoLift publishes, from an experiment file, without a special case."""

from pathlib import Path

import pytest

from evaluator.evaluation import Evaluation, evaluate
from evaluator.experiment import load_protocol
from evaluator.resolve import resolve
from evaluator.results import RowStatus, Verdict
from evaluator.sources import load

PUBLISHED = 1.054
"""Lift of the two cities by GeoLift's synthetic control, p = .01."""


@pytest.fixture
def evaluation(shared_data: Path) -> Evaluation:
    """The file names its data relative to itself, in the folder of the fixture."""
    assert (shared_data / "geo_geolift" / "GeoLift_Test.csv").is_file()
    protocol = load_protocol(Path(__file__).parent / "geolift")
    return evaluate(resolve(protocol, load(protocol)))


def test_the_two_series_are_quoted(evaluation: Evaluation) -> None:
    """Two cities in arm A are too few for a law by city; the two series answer."""
    row = evaluation.row("a_vs_b", "sales", method="arms_wider", variant="default")
    series = evaluation.row("a_vs_b", "sales", method="arms_two_series", variant="default")
    by_city = evaluation.row("a_vs_b", "sales", method="arms_by_unit", variant="default")
    assert row.status is RowStatus.ESTIMATED
    assert "series" in row.reason
    assert row.effect is not None
    assert series.effect is not None
    assert row.effect.interval(row.level) == series.effect.interval(row.level)
    assert by_city.status is RowStatus.REFUSED
    assert "2 units in arm A" in by_city.reason


def test_the_interval_holds_the_published_lift(evaluation: Evaluation) -> None:
    row = evaluation.row("a_vs_b", "sales")
    assert row.effect is not None
    interval = row.effect.interval(0.95).exp()
    assert 1 not in interval
    assert PUBLISHED in interval
    assert (interval.high - interval.low) / 2 <= 0.06
    assert row.verdict is Verdict.RAISED
