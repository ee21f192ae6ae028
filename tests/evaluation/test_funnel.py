"""Attributed beside extra, what is left after promotion, and what of both may be shared."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

import evaluator
from evaluator.evaluation import Evaluation, Series, evaluate
from evaluator.evaluation.shared_funnel import shared_decay, shared_funnels
from evaluator.evaluation.suppression import suppressed
from evaluator.experiment.limits import Sharing
from evaluator.experiment.protocol import Channel, Question, Span, Wave
from evaluator.report.to_json import to_dict
from evaluator.resolve import Resolved
from evaluator.results import Row

START = date(2023, 7, 31)
"""First day of the small experiment's window."""
WAVES = {"P": 7, "Q": 14}
"""Course → days from there to its one wave, a week long."""
LIFTS = (3.0, 2.0, 1.5)
"""In the wave, the week after it and the second week after."""

Build = Callable[..., Resolved]


@pytest.fixture
def waved(small: Build) -> Resolved:
    """Two courses with a wave each of a channel that leaves half of itself behind, and less."""

    def paint(counts: dict[str, np.ndarray], window: int) -> None:
        for course, first in WAVES.items():
            for week, lift in enumerate(LIFTS):
                start = window + first + 7 * week
                counts[course][:, start : start + 7] *= lift

    waves = tuple(
        Wave(f"ads-{course}", "ads", (course,), False, _week(first))
        for course, first in WAVES.items()
    )
    return small(paint=paint, waves=waves, questions=(Question.CHANNELS,))


def _week(first: int) -> Span:
    return Span(START + timedelta(first), START + timedelta(first + 6))


def test_decay_is_what_was_planted_week_by_week(waved: Resolved) -> None:
    """Nothing is random, so the lifts are exact; posts have no wave, so no decay."""
    (decay,) = evaluate(waved).decay
    assert decay.channel == "ads"
    for own, lift in zip(decay.weeks, LIFTS, strict=True):
        assert own.courses == ("P", "Q")
        assert own.log_lift == pytest.approx(math.log(lift), abs=0.03)
        assert own.interval is not None
        assert own.interval.low < (own.log_lift or 0.0) < own.interval.high


def test_a_week_that_no_wave_has_is_named(small: Build) -> None:
    """A wave in the last week of the window has no week after it there."""
    waves = (Wave("ads", "ads", ("P",), False, _week(35)),)
    (decay,) = evaluate(small(waves=waves, questions=(Question.CHANNELS,))).decay
    assert [own.log_lift is None for own in decay.weeks] == [False, True, True]
    assert decay.weeks[1].reason == "no wave has that week after it inside the window"


def test_a_series_goes_on_to_the_end_of_the_data(small: Build) -> None:
    """×2 in four weeks of window and the sixteen days after: two weeks and a part of two days."""
    long = Span(START, START + timedelta(43))
    resolved = small(lifts={"P": (2.0, 2.0)}, window=long)
    window = Span(START, START + timedelta(27))
    resolved = replace(resolved, protocol=replace(resolved.protocol, window=window))
    series = _series(evaluate(resolved), "promoted_vs_other", "P")
    behind = [place for place, after in enumerate(series.after) if after]
    assert [series.days[place] for place in behind] == [7, 7, 2]
    assert series.starts[behind[0]] == window.end + timedelta(1)
    assert not any(series.window[place] for place in behind)
    for place in behind:
        low, without, high = (
            series.low[place],
            series.counterfactual[place],
            series.high[place],
        )
        assert low is not None
        assert without is not None
        assert high is not None
        assert without == pytest.approx(series.observed[place] / 2, rel=0.02)
        assert low < without < high


def _series(evaluation: Evaluation, question: str, course: str) -> Series:
    keys = {(own.key.question, own.key.course): own for own in evaluation.series}
    return keys[question, course]


def test_attributed_stands_beside_the_extra_of_the_same_courses(
    flagship: evaluator.Result,
) -> None:
    """The spend of Facebook Ads is published: €698.74, €0.31 an attributed enrolment."""
    evaluation = flagship.evaluation
    funnels = {own.channel: own for own in evaluation.funnel}
    assert list(funnels) == [channel.name for channel in evaluation.protocol.channels]
    ads = funnels["facebook_ads"]
    assert (ads.attributed, ads.currency) == (2254, "EUR")
    assert ads.spend is not None
    assert ads.extra is not None
    assert ads.spend == pytest.approx(698.74)
    row = _after(evaluation, "facebook_ads")
    assert row.extra is not None
    assert ads.extra == row.extra.realised.value
    assert ads.extra_interval == (row.extra_simultaneous or row.extra.realised.interval)
    assert ads.cost_per_extra == pytest.approx(ads.spend / ads.extra)
    # ODPS' week is the newsletter's own: its enrolments are on the side of neither count.
    assert "ODPS" not in funnels["organic"].courses
    assert funnels["portfolio_post"].extra is None
    assert funnels["portfolio_post"].extra_note


def test_nothing_is_extra_where_nobody_asked(waved: Resolved) -> None:
    tagged = Channel("ads", "paid", tag="all")
    asked = (Question.PROMOTED_VS_OTHER,)
    declared = replace(waved.protocol, questions=asked, channels=(tagged,))
    (own,) = evaluate(replace(waved, protocol=declared)).funnel
    assert own.extra is None
    assert own.extra_note == "the question about channels was not asked"


def _after(evaluation: Evaluation, channel: str) -> Row:
    return evaluation.row(
        "channels",
        "all",
        channel=channel,
        method="channel_mean",
        variant="with the two weeks after",
    )


def test_a_small_count_is_not_shared(flagship: evaluator.Result) -> None:
    """A minimum of 10,000 hides all that is counted by channel but what is more than that."""
    evaluation = flagship.evaluation
    declared = replace(evaluation.protocol, sharing=Sharing(10_000))
    shared = suppressed(replace(evaluation, protocol=declared))
    for own in shared.funnel:
        assert (own.attributed, own.extra, own.cost_per_attributed) == (None, None, None)
        for stage in own.stages:
            assert stage.count is None or stage.count >= 10_000
            assert stage.of is None or stage.of >= 10_000
    assert all(week.log_lift is None for own in shared.decay for week in own.weeks)


@pytest.mark.parametrize(
    ("minimum", "told"),
    [(1, True), (60, False)],
    ids=["nothing small", "a course is small"],
)
def test_a_sum_does_not_tell_a_small_part(
    flagship: evaluator.Result, minimum: int, *, told: bool
) -> None:
    """LinkedIn Ads brought fewer than 60 in several courses, 553 in all: neither is told then."""
    evaluation = flagship.evaluation
    funnels = shared_funnels(evaluation.funnel, evaluation.rows, minimum, ())
    ads = next(own for own in funnels if own.channel == "linkedin_ads")
    enrolled = next(stage for stage in ads.stages if stage.stage == "enrolment")
    assert (ads.attributed == 553) is told
    assert (enrolled.count == 553) is told
    assert ads.extra is not None


def test_a_channel_whose_row_is_hidden_has_no_decay(flagship: evaluator.Result) -> None:
    evaluation = flagship.evaluation
    decay = evaluation.decay[0]
    gone = {_after(evaluation, decay.channel).key}
    shared = shared_decay(decay, 1, gone)
    assert [week.log_lift for week in shared.weeks] == [None] * 3
    assert shared_decay(decay, 1, ()) == decay


def test_results_hold_them_in_plain_types(flagship: evaluator.Result) -> None:
    content = to_dict(flagship.evaluation)
    ads = content["funnel"][0]
    assert [stage["stage"] for stage in ads["stages"]] == [
        *("awareness", "engagement", "acquisition", "enrolment", "referral")
    ]
    enrolled = ads["stages"][3]
    assert enrolled["low"] < enrolled["share"] < enrolled["high"]
    assert ads["cost_per_extra_low"] < ads["cost_per_extra"] < ads["cost_per_extra_high"]
    weeks = content["decay"][0]["weeks"]
    assert [week["week"] for week in weeks] == [0, 1, 2]
    rows = [row for row in content["rows"] if row["channel"] == "facebook_ads"]
    assert weeks[0]["lift"] == rows[0]["lift"]
    origin = content["provenance"]
    assert origin["protocol_hash"] == content["experiment"]["protocol_hash"]
    assert origin["seed"] == flagship.evaluation.protocol.seed
    assert {"numpy", "scipy", "pandas", "statsmodels"} == set(origin["libraries"])
    assert "platform" not in origin
