"""The table of markets that GeoLift's walk-through prints, number by number.

Source: facebookincubator/GeoLift (MIT licence), vignettes/GeoLift_Walkthrough.md at commit
02c00ea1e88c22f521e9828d65f321dcde6570c9, "Understanding Power Function Parameters":
`GeoLiftMarketSelection` on GeoLift_PreTest with chicago included, honolulu excluded, a cost of
7.50 an extra unit and a budget of 100,000. Rows are: markets; days; effect; scaled L2;
investment; ATT; detected effect; share; absolute lift in zero; hold-out; rank.
"""

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evaluator.estimators.arrays import Array
from evaluator.planning.geo import Market, Markets, select_markets

PUBLISHED = (
    ("atlanta, chicago, cleveland, las vegas, reno", 10, -0.05, 0.4536741, 69300.00, -174.5213,
     -0.04735064, 0.10714670, 0.003, 0.10714670, 1),
    ("chicago, cincinnati, houston, portland", 15, 0.05, 0.1971864, 74118.38, 159.3627,
     0.04829913, 0.07576405, 0.002, 0.92423595, 1),
    ("chicago, portland", 15, -0.10, 0.1738778, 64563.75, -283.8929,
     -0.09904014, 0.03306537, 0.001, 0.03306537, 1),
    ("chicago, portland", 10, -0.10, 0.1682310, 43646.25, -281.0099,
     -0.09690716, 0.03306537, 0.003, 0.03306537, 4),
    ("chicago, cincinnati, houston, portland", 10, -0.10, 0.1966996, 99027.75, -343.5646,
     -0.10365826, 0.07576405, 0.004, 0.07576405, 5),
    ("chicago, houston, portland", 10, -0.10, 0.2305628, 75389.25, -319.8125,
     -0.09588481, 0.05797087, 0.004, 0.05797087, 5),
)  # fmt: skip
STEPS = tuple(-0.25 + 0.05 * step for step in range(11))
"""As R's seq(-0.25, 0.25, 0.05) makes them: −.05 and .05 differ in the last bit."""


@pytest.fixture(scope="module")
def history(shared_data: Path) -> tuple[tuple[str, ...], Array]:
    """(markets), (markets, days)"""
    file = shared_data / "geo_geolift" / "GeoLift_PreTest.csv"
    if not file.is_file():
        pytest.skip(f"not run: {file.name} of GeoLift is not in ../shared/data")
    series: dict[str, dict[str, float]] = {}
    with file.open() as lines:
        for row in csv.DictReader(lines):
            series.setdefault(row["location"], {})[row["date"]] = float(row["Y"])
    names = tuple(sorted(series))
    return names, np.array([[series[n][day] for day in sorted(series[n])] for n in names])


@pytest.fixture(scope="module")
def asked(history: tuple[tuple[str, ...], Array]) -> Markets:
    return Markets(
        history[0], (2, 3, 4, 5), (10, 15), STEPS, ("chicago",), ("honolulu",), 7.5, 100_000.0
    )


@pytest.fixture(scope="module")
def found(history: tuple[tuple[str, ...], Array], asked: Markets) -> tuple[Market, ...]:
    return select_markets(history[1], asked)


def rows(found: tuple[Market, ...]) -> Iterator[tuple[object, ...]]:
    for own in found:
        yield (
            ", ".join(own.names), own.duration, own.effect, own.imbalance, own.investment,
            own.att, own.detected, own.share, own.abs_lift_in_zero, own.holdout, own.rank,
        )  # fmt: skip


def test_the_published_table(found: tuple[Market, ...]) -> None:
    """All 66 numbers of the six rows, and their order; every power is 1."""
    for ours, published in zip(rows(found), PUBLISHED, strict=False):
        assert ours[:2] == published[:2]
        assert list(ours[2:]) == pytest.approx(list(published[2:]), rel=2e-6, abs=5e-8)
    assert {own.power for own in found} == {1.0}


def test_ties_of_the_published_ranks_are_the_last_bit_of_a_step(
    history: tuple[tuple[str, ...], Array], asked: Markets, found: tuple[Market, ...]
) -> None:
    """With exact steps −.05 and .05 are one size of effect: two rows share rank 1, not three."""
    exact = select_markets(history[1], replace(asked, effects=tuple(np.round(STEPS, 2))))
    best = [(own.names, own.duration) for own in exact if own.rank == 1]
    assert [own.rank for own in found[:6]] == [1, 1, 1, 4, 5, 5]
    assert best == [
        (("chicago", "cincinnati", "houston", "portland"), 15),
        (("chicago", "portland"), 15),
    ]
