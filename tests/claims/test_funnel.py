"""Funnels worked out by hand: the experiment of `conftest.py` with a page of each kind of channel.

In the window 60 enrolments of OLD and 20 of NEW carry the tag of the ads, 3 of OLD that of the
posts, and 6 of OLD and 5 of X that of the mail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from evaluator.claims.funnel import Stage, channel_stages
from evaluator.errors import DataError
from evaluator.experiment.protocol import Channel, Span, Wave
from evaluator.panel import panel_from_cells
from evaluator.resolve import Resolved

Make = Callable[..., Resolved]

ADS = Channel("ads", "paid", "Net", "ads")
POSTS = Channel("posts", "organic", "Net and Gram pages", "page")
MAIL = Channel("mail", "email", "Mailer", "mail")
LINKS = Channel("links", "page")
FIRST, SECOND = date(2023, 4, 11), date(2023, 4, 18)
ONE_WAVE = (Wave("w-old", "ads", ("OLD",), False, Span(FIRST, date(2023, 4, 17))),)
POST = Wave("p-old", "posts", ("OLD",), False, Span(FIRST, FIRST))
SEND = Wave("mail", "mail", ("OLD", "NEW"), True, Span(FIRST, FIRST))
CELLS = [
    ("OLD", "ads", date(2023, 4, 12), 60.0),
    ("NEW", "ads", date(2023, 4, 22), 20.0),
    ("OLD", "ads", date(2023, 4, 1), 7.0),  # before the window
    ("OLD", "page", date(2023, 4, 12), 3.0),
    ("OLD", "mail", date(2023, 4, 12), 6.0),
    ("X", "mail", date(2023, 4, 12), 5.0),
    ("Y", "none", date(2023, 1, 1), 1.0),
    ("OLD", "none", date(2023, 4, 30), 1.0),
]
DELIVERY = pd.DataFrame(
    {
        "wave": ["w-old", "w-old", "w-both"],
        "arm": ["A", "B", "all"],
        "clicks": ["200", "40", "160"],
        "reach": ["1000", "500", "500"],
        "source": "delivery",
    }
)
POSTED = pd.DataFrame(
    {
        "date": ["2023-04-11", "2023-04-11", "2023-04-12"],
        "course": ["OLD", "portfolio", "OLD"],
        "page": ["Net", "Net", "Net"],
        "reach": ["100", "900", "700"],
        "engagements": ["40", "9", "7"],
        "shares": ["", "1", "2"],
        "source": "posts",
    }
)
MAILED = pd.DataFrame(
    {
        "sent": ["2023-04-11", "2023-04-11", "2023-04-12"],
        "recipients": ["1000", "1000", "77"],
        "opens": ["300", "300", "7"],
        "link": ["OLD", "portfolio", "OLD"],
        "clicks": ["20", "10", "7"],
        "source": "email",
    }
)

SAW_TWICE = "added over 2 waves: who saw two counts twice"
CASES: dict[str, tuple[Channel, tuple[Wave, ...], dict[str, tuple[object, ...]]]] = {
    "ads of two waves": (
        ADS,
        (*ONE_WAVE, Wave("w-both", "ads", ("OLD", "NEW"), False, Span(SECOND, SECOND))),
        {
            "awareness": (2000, None, "", None, SAW_TWICE),
            "engagement": (None, None, "", None, "the table of waves has no column engagements"),
            "acquisition": (
                400,
                2000,
                "awareness",
                0.2,
                f"{SAW_TWICE}; one person may click twice",
            ),
            "enrolment": (80, 400, "acquisition", 0.2, ""),
            "referral": (None, None, "", None, "the table of waves has no column shares"),
        },
    ),
    "ads of one wave": (
        ADS,
        ONE_WAVE,
        {
            "awareness": (1500, None, "", None, ""),
            "acquisition": (240, 1500, "awareness", 0.16, "one person may click twice"),
            "enrolment": (60, 240, "acquisition", 0.25, ""),
        },
    ),
    "the post of its day": (
        POSTS,
        (POST,),
        {
            "awareness": (100, None, "", None, ""),
            "engagement": (40, 100, "awareness", 0.4, "one person may like, comment and share"),
            "acquisition": (None, None, "", None, "the table of posts has no column clicks"),
            "enrolment": (
                *(3, 40, "engagement", 0.075),
                "one person may like, comment and share; the engagements are those of Net alone",
            ),
            "referral": (None, None, "", None, "blank in the table of posts"),
        },
    ),
    "an e-mail to everyone": (
        MAIL,
        (SEND,),
        {
            "awareness": (1000, None, "", None, ""),
            "engagement": (300, 1000, "awareness", 0.3, ""),
            "acquisition": (
                *(30, 300, "engagement", 0.1),
                "added over links: one person may click several",
            ),
            "enrolment": (11, 30, "acquisition", 11 / 30, ""),
        },
    ),
    "links on pages": (
        LINKS,
        ONE_WAVE,  # the ads', which make it a funnel at all
        {
            "awareness": (None, None, "", None, "no table of delivery, posts or e-mails has it"),
            "enrolment": (None, None, "", None, "it has no tag"),
        },
    ),
}


@pytest.fixture
def stages_of(make: Make) -> Callable[..., Mapping[str, Stage]]:
    """Stages of one channel, by name."""

    def stages(
        channel: Channel, waves: tuple[Wave, ...], *more: Channel, **tables: pd.DataFrame
    ) -> Mapping[str, Stage]:
        given = {"delivery": DELIVERY, "posts": POSTED, "email": MAILED} | tables
        cells = [(course, "all", tag, day, n) for course, tag, day, n in CELLS]
        resolved = make(tables=given)
        declared = replace(resolved.protocol, channels=(channel, ADS, *more), waves=waves)
        panel = panel_from_cells(*zip(*cells, strict=True))
        found = channel_stages(replace(resolved, protocol=declared, panel=panel))[0]
        return {stage.stage: stage for stage in found.stages}

    return stages


@pytest.mark.parametrize("case", CASES)
def test_a_stage_is_a_share_of_the_one_before(
    stages_of: Callable[..., Mapping[str, Stage]], case: str
) -> None:
    channel, waves, expected = CASES[case]
    stages = stages_of(channel, waves)
    assert list(stages) == ["awareness", "engagement", "acquisition", "enrolment", "referral"]
    for name, (count, of, of_stage, share, note) in expected.items():
        own = stages[name]
        assert (own.count, own.of, own.of_stage, own.note) == (count, of, of_stage, note), name
        assert own.share == (None if share is None else pytest.approx(share)), name
        assert (own.interval is None) == (own.share is None or bool(own.note)), name


def test_a_share_with_an_interval_has_wilsons(
    stages_of: Callable[..., Mapping[str, Stage]],
) -> None:
    """60 of 240 clicks: (60 + z²/2 ± z √(60·180/240 + z²/4)) / (240 + z²), z = 1.96."""
    interval = stages_of(ADS, ONE_WAVE)["enrolment"].interval
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((0.1994, 0.3084), abs=1e-4)


def test_a_tag_of_two_channels_is_no_part_of_either(
    stages_of: Callable[..., Mapping[str, Stage]],
) -> None:
    own = stages_of(ADS, ONE_WAVE, Channel("more ads", "paid", "Net", "ads"))["enrolment"]
    assert (own.interval, own.share) == (None, 0.25)
    assert own.note == "the tag “ads” is that of more ads too"


def test_what_is_more_than_the_stage_before_has_no_share(
    stages_of: Callable[..., Mapping[str, Stage]],
) -> None:
    few = DELIVERY.assign(clicks=["3", "4", "5"])
    own = stages_of(ADS, ONE_WAVE, delivery=few)["enrolment"]
    assert (own.count, own.of, own.share) == (60, 7, None)
    assert own.note == "more than the clicks on the course link: no part of them"


def test_a_column_of_the_table_is_a_stage(
    stages_of: Callable[..., Mapping[str, Stage]],
) -> None:
    """Who shares need not enrol: shares are a part of the clicks, like enrolments."""
    own = stages_of(ADS, ONE_WAVE, delivery=DELIVERY.assign(shares=["10", "2", "9"]))["referral"]
    assert (own.count, own.of, own.of_stage) == (12, 240, "acquisition")


def test_what_is_no_figure_is_told(stages_of: Callable[..., Mapping[str, Stage]]) -> None:
    with pytest.raises(DataError, match='row 2, column clicks: "many" is no figure'):
        stages_of(ADS, ONE_WAVE, delivery=DELIVERY.assign(clicks=["1", "many", "2"]))


def test_nothing_counted_is_no_funnel(make: Make) -> None:
    resolved = make()
    declared = replace(resolved.protocol, channels=(LINKS,), waves=())
    assert channel_stages(replace(resolved, protocol=declared)) == ()
