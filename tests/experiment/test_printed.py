"""Figures as they are printed: what they admit, and what they cannot be."""

from __future__ import annotations

import math

import pytest

from evaluator.experiment.printed import read_printed

READ: list[tuple[float | str, str, float, float, float]] = [
    # as written, unit, value, what prints so: from, to
    (96, "", 96, 95.5, 96.5),
    (0.31, "EUR", 0.31, 0.305, 0.315),
    (-0.25, "", -0.25, -0.255, -0.245),
    ("96%", "% of marketers", 96, 95.5, 96.5),
    ("+266%", "%", 266, 265.5, 266.5),
    ("−1.5%", "%", -1.5, -1.55, -1.45),
    (".49882", "", 0.49882, 0.498815, 0.498825),
    ("0.0120", "", 0.012, 0.01195, 0.01205),
    ("2,254", "enrolments", 2254, 2253.5, 2254.5),
    ("6.1K", "people", 6100, 6050, 6150),
    ("more than 2 million", "people", 2e6, 2e6, math.inf),
    ("3 in 5", "% of marketers", 60, 50, 70),
    ("3 in 5", "", 0.6, 0.5, 0.7),
    ("over 70%", "%", 70, 70, math.inf),
    ("fewer than 20%", "%", 20, -math.inf, 20),
    ("100+", "", 100, 100, math.inf),
    ("25–40%", "%", 32.5, 25, 40),
    ("almost half", "% of CMOs", 50, 45, 50),
    ("almost double", "×", 2, 1.8, 2),
    ("triple", "×", 3, 3, 3),
]


@pytest.mark.parametrize(("written", "unit", "value", "low", "high"), READ)
def test_read(written: float | str, unit: str, value: float, low: float, high: float) -> None:
    printed = read_printed(written, unit)
    assert printed is not None
    assert not printed.readings
    assert (printed.value, printed.low, printed.high) == pytest.approx((value, low, high))
    assert value in printed


@pytest.mark.parametrize(
    ("written", "readings"),
    [("1, 600, 0000", (1.6e6, 16e6)), ("12,34", (12340, 1234)), ("1234,567", (1234567,))],
)
def test_malformed_figures_have_readings(written: str, readings: tuple[float, ...]) -> None:
    printed = read_printed(written)
    assert printed is not None
    assert printed.readings == tuple(sorted(readings))


@pytest.mark.parametrize("written", ["many", "", "5 in 3", "40–25%", "over many", "almost", "+"])
def test_what_is_no_figure(written: str) -> None:
    assert read_printed(written) is None


def test_a_convention_is_said() -> None:
    printed = read_printed("almost triple", "×")
    assert printed is not None
    assert "a tenth below" in printed.about
    assert 3.66 not in printed
