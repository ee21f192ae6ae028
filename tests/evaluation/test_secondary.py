"""Secondary outcomes of the shipped experiment, against pandas and against what was planted."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from scipy.stats import binomtest

from evaluator import Result
from evaluator.results import Row, RowStatus

FOLDER = Path(__file__).parents[2] / "fixtures" / "itcilo-2022"
DAYS, LAST = 30, pd.Timestamp("2022-12-28")
JOINED_IN_TIME = 1 - (1 - 1 / 20) ** DAYS
"""Share of those who join a fee-based course, 20 days later on average, who do so in time."""


@pytest.fixture(scope="module")
def enrolments() -> pd.DataFrame:
    """Every row, with whether the learner enrolled again within 30 days, and first contacts."""
    frame = pd.read_parquet(FOLDER / "enrolments.parquet")
    frame["day"] = pd.to_datetime(frame["day"])
    days = frame[["learner", "day"]].drop_duplicates().sort_values(["learner", "day"])
    days["again"] = (days.groupby("learner")["day"].shift(-1) - days["day"]).dt.days <= DAYS
    frame = frame.merge(days, on=["learner", "day"])
    in_order = frame.sort_values("day", kind="stable")
    frame["first"] = ~frame["returning"] & ~in_order.duplicated("learner").reindex(frame.index)
    return frame[frame["day"].between("2022-10-31", LAST)]


def rows_of(flagship: Result, question: str) -> list[Row]:
    rows = [row for row in flagship.evaluation.rows if row.key.question == question]
    return [row for row in rows if row.key.variant == "default"]


def test_counts_are_those_of_pandas(flagship: Result, enrolments: pd.DataFrame) -> None:
    rows = rows_of(flagship, "secondary: enrolled again in 30 days")
    observed = {row.key.course: row.observed for row in rows if row.key.course != "all"}
    again = enrolments[enrolments["again"]].groupby("course").size()
    assert observed == {course: again[course] for course in observed}
    assert len(observed) == 7


def test_shares_are_those_of_pandas(flagship: Result, enrolments: pd.DataFrame) -> None:
    promoted = {course.code for course in flagship.evaluation.protocol.courses}
    first = enrolments[enrolments["first"] & enrolments["course"].isin(promoted)]
    by_tag = first.groupby("tag")["again"].agg(["mean", "size"])
    for row in rows_of(flagship, "secondary by channel: enrolled again in 30 days"):
        assert row.share is not None
        tag = "none" if row.key.channel == "untagged" else row.key.channel
        expected = (by_tag.loc[tag, "mean"], by_tag.loc[tag, "size"])
        assert (row.share.value, row.share.of) == pytest.approx(expected)
        assert row.status is RowStatus.DESCRIPTIVE


def test_shares_agree_with_what_was_planted(flagship: Result) -> None:
    planted = json.loads((FOLDER / "truth.json").read_text("utf-8"))["fee_based"]
    rows = rows_of(flagship, "secondary by channel: fee-based in 30 days")
    assert len(rows) == 5
    for row in rows:
        assert row.share is not None
        tag = "none" if row.key.channel == "untagged" else row.key.channel
        share = planted.get(tag, planted["ads"]) * JOINED_IN_TIME
        test = binomtest(round(row.share.value * row.share.of), int(row.share.of), share)
        assert test.pvalue > 0.01, (tag, row.share.value, share)
