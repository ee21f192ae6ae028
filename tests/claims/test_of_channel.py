"""Figures of a channel on two courses whose tags, clicks and spend are known.

In the window 60 enrolments of OLD and 20 of NEW carry the tag of the ads. OLD's first wave cost
12 and had 240 clicks and a reach of 1,000 and 500; the wave of both cost 8, 160 clicks, 500.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from evaluator.claims import Claim, Standing, kpi_claims
from evaluator.experiment.kpi import Kpi, OfChannel
from evaluator.experiment.protocol import Channel
from evaluator.panel import panel_from_cells
from evaluator.resolve import Resolved

Make = Callable[..., Resolved]

DELIVERY = pd.DataFrame(
    {
        "wave": ["w-old", "w-old", "w-both"],
        "arm": ["A", "B", "all"],
        "spend_eur": ["8", "4", "8"],
        "clicks": ["200", "40", "160"],
        "reach": ["1000", "500", "500"],
        "source": "delivery",
    }
)
POSTS = pd.DataFrame(
    {"course": ["OLD", "NEW", "portfolio"], "reach": ["10", "20", ""], "source": "posts"}
)
CELLS = [
    ("OLD", "ads", date(2023, 4, 12), 60.0),
    ("NEW", "ads", date(2023, 4, 22), 20.0),
    ("OLD", "ads", date(2023, 4, 1), 7.0),  # before the window
    ("X", "ads", date(2023, 4, 12), 5.0),  # nobody's wave
    ("OLD", "page", date(2023, 4, 12), 3.0),
    ("OLD", "none", date(2023, 1, 1), 1.0),
    ("OLD", "none", date(2023, 4, 30), 1.0),
]

HOLDS, FAILS, OPEN = Standing.HOLDS, Standing.FAILS, Standing.INCOMPARABLE
CASES: dict[str, tuple[OfChannel, float | None, list[tuple[str, float | None, Standing]]]] = {
    "attributed": (
        OfChannel("ads", "attributed"),
        80,
        [("attributed, last touch", 80, HOLDS)],
    ),
    "attributed, of a course": (
        OfChannel("ads", "attributed", courses=("OLD",)),
        80,
        [("attributed, last touch", 60, FAILS)],
    ),
    "attributed, more than": (
        OfChannel("ads", "attributed", at_least=True),
        70,
        [("attributed, last touch", 80, HOLDS)],
    ),
    "cost": (
        OfChannel("ads", "spend", ("attributed",)),
        0.25,
        [("spend per attributed", 0.25, HOLDS)],
    ),
    "cost of a course, its own waves only": (
        OfChannel("ads", "spend", ("attributed",), ("OLD",)),
        0.25,
        [("spend per attributed", 0.2, FAILS)],
    ),
    "cost of one or the other": (
        OfChannel("ads", "spend", ("clicks", "attributed")),
        0.25,
        [("spend per click", 0.05, OPEN), ("spend per attributed", 0.25, OPEN)],
    ),
    "rate": (
        OfChannel("ads", "attributed", ("clicks",)),
        0.2,
        [("attributed per click", 20, HOLDS)],
    ),
    "reach counts people twice": (
        OfChannel("ads", "reach"),
        2000,
        [("reach of all waves", 2000, OPEN)],
    ),
    "even so it is not enough": (
        OfChannel("ads", "reach", at_least=True),
        2001,
        [("reach of all waves", 2000, FAILS)],
    ),
    "posts have a reach and no clicks": (
        OfChannel("page", "attributed", ("clicks", "reach")),
        0.1,
        [
            ("attributed per click", None, OPEN),
            ("attributed per person reached", 10, OPEN),
        ],
    ),
    "a channel without a tag": (
        OfChannel("mute", "attributed"),
        5,
        [("attributed, last touch", None, OPEN)],
    ),
    "nothing published": (
        OfChannel("ads", "attributed"),
        None,
        [("attributed, last touch", 80, Standing.NOT_REPORTED)],
    ),
}


@pytest.mark.parametrize(("measure", "result", "found"), CASES.values(), ids=CASES)
def test_figure(
    make: Make,
    measure: OfChannel,
    result: float | None,
    found: list[tuple[str, float | None, Standing]],
) -> None:
    shown = claims(make, measure, result)
    assert [(c.reading, c.recomputed and c.recomputed.value, c.holds) for c in shown] == [
        (reading, value and pytest.approx(value), holds) for reading, value, holds in found
    ]


def test_says_what_was_divided_and_what_it_is_not(make: Make) -> None:
    unclear = OfChannel("ads", "spend", ("clicks", "attributed"), definition="unclear")
    per_click, per_attributed = claims(make, unclear, 0.25)
    assert per_click.why == "unclear; EUR 20.00 over 400 clicks"
    assert per_attributed.why == (
        "EUR 20.00 over 80 attributed; read so, the data give the published figure;"
        " last touch: not lift"
    )
    assert per_attributed.recomputed is not None
    assert per_attributed.recomputed.unit == "EUR per attributed"


def test_a_rate_is_published_as_a_share_and_shown_in_per_cent(make: Make) -> None:
    (claim,) = claims(make, OfChannel("page", "attributed", ("reach",)), 0.35)
    assert claim.published is not None
    assert (claim.published.value, claim.published.unit) == (35, "% of something")
    assert claim.why == (
        "3 attributed over 30 people reached; last touch: not lift;"
        " who was reached twice counts twice"
    )


def claims(make: Make, measure: OfChannel, result: float | None) -> list[Claim]:
    kpi = Kpi("Figure", None, None, result, "of something", measure=measure)
    made = make(kpi, tables={"delivery": DELIVERY, "posts": POSTS})
    channels = (
        Channel("ads", "paid", tag="ads"),
        Channel("page", "organic", tag="page"),
        Channel("mute", "page"),
    )
    columns: list[Any] = list(zip(*CELLS, strict=True))
    panel = panel_from_cells(columns[0], ["all"] * len(CELLS), *columns[1:])
    protocol = replace(made.protocol, channels=channels)
    return list(kpi_claims(replace(made, protocol=protocol, panel=panel)))
