"""What all tests share: the shipped experiment, a small one to work out, the long tests."""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import evaluator
from evaluator.experiment.protocol import (
    Arms,
    Assumptions,
    Channel,
    Course,
    DataKind,
    Listed,
    Others,
    Protocol,
    Question,
    Span,
)
from evaluator.panel import Panel
from evaluator.resolve import Resolved

ROOT = Path(__file__).parents[1]

SMALL_WINDOW = Span(date(2023, 7, 31), date(2023, 9, 10))
"""Six weeks from a Monday."""
SMALL_HISTORY = 30
"""Weeks."""
SMALL_COUNTRIES = tuple(f"C{number:02d}" for number in range(14))
SMALL_WEEKDAYS = np.array([1.3, 1.2, 1.1, 1.0, 1.0, 0.7, 0.7])
Counts = dict[str, NDArray[np.float64]]
"""Course → (countries, days)."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the tests marked long as well")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: takes minutes; runs with --long only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Name what is not run: a long test is skipped with a reason, never silently left out."""
    if config.getoption("--long"):
        return
    not_run = pytest.mark.skip(reason="not run: long (pytest --long)")
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(not_run)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def flagship() -> evaluator.Result:
    """The shipped experiment, evaluated."""
    return evaluator.evaluate(evaluator.load_experiment(ROOT / "experiments" / "itcilo-2022"))


@pytest.fixture
def small() -> Callable[..., Resolved]:
    """Builder of a declared experiment that has met its data, of which nothing is random.

    Two existing courses, P and Q, and twelve others. P has arm A in C00 – C05 and Q in C04 – C09.
    All courses share weekdays and a season; a million enrolments a day make the ½ of the
    estimators vanish. In the window units move by a percent or two, in pairs that cancel in
    every total: intervals have a width, and estimates are exact.

    Parameters of the builder
    -------------------------
    lifts : promoted course → lift in its arm A, lift in its arm B
    paint : what else happens to the counts, done in place
    others : how many
    left_out : how many more, left out of every promotion
    season : whether there is one
    arm_a : promoted course → its countries of arm A
    changes : of the fields of the protocol; new courses count from the day they open
    """

    def build(
        *,
        lifts: Mapping[str, tuple[float, float]] = MappingProxyType({}),
        paint: Callable[[Counts, int], None] = lambda *_: None,
        others: int = 12,
        left_out: int = 0,
        season: bool = True,
        arm_a: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
        **changes: Any,
    ) -> Resolved:
        protocol = _small_protocol(others, left_out, **changes)
        start = protocol.window.start - timedelta(7 * SMALL_HISTORY)
        given = {"P": SMALL_COUNTRIES[:6], "Q": SMALL_COUNTRIES[4:10]} | dict(arm_a)
        arms = {c.code: given.get(c.code, SMALL_COUNTRIES[:6]) for c in protocol.courses}
        counts = _small_counts(protocol, start, arms, lifts, season=season)
        paint(counts, 7 * SMALL_HISTORY)
        return Resolved(
            protocol=protocol,
            panel=_small_panel(counts, start),
            promoted=tuple(course.code for course in protocol.courses),
            others=tuple(c for c in protocol.others.codes if c not in protocol.others.left_out),
            left_out=protocol.others.left_out,
            arm_a=arms if protocol.arms is not None else {},
            first_day={c.code: max(c.available_from or start, start) for c in protocol.courses},
            findings=(),
        )

    return build


def _small_protocol(others: int, left_out: int, **changes: Any) -> Protocol:
    codes = tuple(f"O{number:02d}" for number in range(others + left_out))
    protocol = Protocol(
        name="small",
        title="A small experiment",
        path=Path("experiment.toml"),
        as_of=SMALL_WINDOW.end,
        timezone="UTC",
        data_kind=DataKind.SYNTHETIC,
        seed=1,
        window=SMALL_WINDOW,
        courses=(Course("P", "Promoted"), Course("Q", "Also promoted")),
        others=Others(codes, left_out=codes[others:]),
        arms=Arms(Listed(SMALL_COUNTRIES[:6])),
        channels=(Channel("ads", "paid"), Channel("posts", "organic")),
        waves=(),
        sources=(),
        questions=(Question.PROMOTED_VS_OTHER, Question.A_VS_B, Question.PRE_VS_CAMPAIGN),
        assumptions=Assumptions(causal_graph=False),
    )
    return dataclasses.replace(protocol, **changes)


def _small_counts(
    protocol: Protocol,
    start: date,
    arms: Mapping[str, tuple[str, ...]],
    lifts: Mapping[str, tuple[float, float]],
    *,
    season: bool,
) -> Counts:
    window = 7 * SMALL_HISTORY
    day = np.arange(window + protocol.window.days)
    common = SMALL_WEEKDAYS[day % 7] * np.exp(0.3 * np.sin(day / 15) if season else 0.0)
    sign = (-1.0) ** np.arange(len(SMALL_COUNTRIES))
    counts: Counts = {}
    for position, course in enumerate(protocol.courses):
        own = np.outer(1 + 0 * sign, common) * 1e6 / len(sign)
        own[:, window:] *= 1 + 0.02 * sign[:, None] * (-1) ** position
        in_a = np.isin(SMALL_COUNTRIES, arms[course.code])
        lift_a, lift_b = lifts.get(course.code, (1.0, 1.0))
        own[:, window:] *= np.where(in_a, lift_a, lift_b)[:, None]
        own[:, : max(((course.available_from or start) - start).days, 0)] = 0
        counts[course.code] = own
    for position, code in enumerate(protocol.others.codes):
        own = np.outer(1 + 0 * sign, common) * 1e6 / len(sign) * (1 + position // 2)
        own[:, window:] *= 1 + 0.01 * (-1) ** position
        counts[code] = own
    return counts


def _small_panel(counts: Counts, start: date) -> Panel:
    dense = np.stack(list(counts.values()))
    course, country, day = np.nonzero(dense)
    cells = np.array([course, country, np.zeros_like(course), day])
    days = dense.shape[-1]
    return Panel(
        tuple(counts), SMALL_COUNTRIES, ("all",), start, days, cells, dense[course, country, day]
    )
