"""The flagship with its data, and a small experiment made by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from evaluator.experiment import load_protocol
from evaluator.experiment.kpi import Kpi
from evaluator.experiment.protocol import (
    Course,
    DataKind,
    Event,
    Others,
    Protocol,
    Question,
    Span,
    Wave,
)
from evaluator.panel import panel_from_cells
from evaluator.resolve import Resolved, resolve
from evaluator.sources import load

FLAGSHIP = Path(__file__).parents[2] / "experiments/itcilo-2022"
JANUARY, APRIL = date(2023, 1, 1), date(2023, 4, 30)
OPENED = date(2023, 4, 21)
DAILY = {"OLD": 4.0, "NEW": 1.0, "X": 2.0, "Y": 6.0}

Make = Callable[..., Resolved]


@pytest.fixture(scope="session")
def flagship() -> Resolved:
    protocol = load_protocol(FLAGSHIP)
    return resolve(protocol, load(protocol))


@pytest.fixture(scope="session")
def make() -> Make:
    """An experiment of 120 days with a window of 20 and these indicators and side tables.

    Two promoted courses: OLD has 4 a day, 12 in the window; NEW opens ten days into the window
    and has 1 a day. Two others have 2 and 6 a day. January was a previous campaign.
    """

    def made(*kpis: Kpi, tables: Mapping[str, pd.DataFrame] | None = None) -> Resolved:
        protocol = _protocol(kpis)
        days = [JANUARY + timedelta(day) for day in range((APRIL - JANUARY).days + 1)]
        cells = [
            (course, "all", "all", day, each * (3 if _raised(course, day, protocol) else 1))
            for course, each in DAILY.items()
            for day in days
            if course != "NEW" or day >= OPENED
        ]
        panel = panel_from_cells(*zip(*cells, strict=True))
        first = {"OLD": JANUARY, "NEW": OPENED}
        return Resolved(
            protocol, panel, ("OLD", "NEW"), ("X", "Y"), {}, first, (), dict(tables or {})
        )

    return made


def _raised(course: str, day: date, protocol: Protocol) -> bool:
    return course == "OLD" and day >= protocol.window.start


def _protocol(kpis: tuple[Kpi, ...]) -> Protocol:
    return Protocol(
        name="hand",
        title="By hand",
        path=Path("experiment.toml"),
        as_of=APRIL,
        timezone="UTC",
        data_kind=DataKind.SYNTHETIC,
        seed=1,
        window=Span(date(2023, 4, 11), APRIL),
        courses=(Course("OLD", "Old"), Course("NEW", "New", OPENED, status="new")),
        others=Others(("X", "Y")),
        arms=None,
        channels=(),
        waves=(
            Wave("w-old", "ads", ("OLD",), False, Span(date(2023, 4, 11), date(2023, 4, 17))),
            Wave("w-old-2", "ads", ("OLD",), False, Span(date(2023, 4, 18), date(2023, 4, 24))),
            Wave("w-both", "ads", ("OLD", "NEW"), False, Span(date(2023, 4, 25), APRIL)),
        ),
        sources=(),
        questions=(Question.PRE_VS_CAMPAIGN,),
        previous_campaigns=(Event("Winter", Span(JANUARY, date(2023, 1, 31))),),
        kpis=kpis,
    )
