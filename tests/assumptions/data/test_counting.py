"""Days, cells, batches and late reports, each broken on purpose beside what is as it should be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.assumptions.data.counting import counting_findings
from evaluator.resolve import Resolved
from evaluator.results import Status

Small = Callable[..., Resolved]
Counts = dict[str, NDArray[np.float64]]
PASS, WARN = Status.PASS, Status.WARN


def as_it_should_be(counts: Counts, _: int) -> None:
    """Poisson counts of about three a day and country, one by one."""
    rng = np.random.default_rng(1)
    for own in counts.values():
        own[:] = rng.poisson(own * 40 / own.sum(axis=0).mean())


def empty_day(counts: Counts, window: int) -> None:
    as_it_should_be(counts, window)
    for own in counts.values():
        own[:, 30] = 0


def few(counts: Counts, window: int) -> None:
    as_it_should_be(counts, window)
    counts["P"][:6, window:] = 0
    counts["P"][0, window] = 4


def empty_weeks(counts: Counts, window: int) -> None:
    as_it_should_be(counts, window)
    for week in range(0, window // 7, 4):
        counts["O03"][:, 7 * week : 7 * week + 7] = 0


def by_the_class(counts: Counts, window: int) -> None:
    as_it_should_be(counts, window)
    counts["O05"][2, 100] += 150


def in_batches(counts: Counts, window: int) -> None:
    as_it_should_be(counts, window)
    rng = np.random.default_rng(2)
    for own in counts.values():
        own *= np.repeat(rng.gamma(0.4, 2.5, own.shape[1] // 7 + 1), 7)[: own.shape[1]].round()


def late(counts: Counts, window: int) -> None:
    as_it_should_be(counts, window)
    for own in counts.values():
        own[:, -7:] = (own[:, -7:] * 0.4).round()


# what happens to the counts, the finding, its status, and part of its sentence
FOUND: dict[str, tuple[Callable[[Counts, int], None], str, Status, str]] = {
    "every day": (as_it_should_be, "days not fully counted", PASS, "every day has its share"),
    "a day without": (empty_day, "days not fully counted", WARN, "1 days have less than 10%"),
    "enough in each": (as_it_should_be, "small cells", PASS, "is below 5, by arm"),
    "few in arm A": (few, "small cells", WARN, "1 of 8 totals behind the rows are below 5: P A"),
    "one by one": (as_it_should_be, "batch enrolment", PASS, "fill one by one"),
    "empty weeks": (empty_weeks, "batch enrolment", WARN, "20% of the weeks are empty: O03"),
    "a class": (by_the_class, "batch enrolment", WARN, "many on one day: O05 on 12 Apr 2023"),
    "batches": (in_batches, "batch enrolment", WARN, "weekly over-dispersion"),
    "complete": (as_it_should_be, "reporting delay", PASS, "as full as is usual"),
    "late": (late, "reporting delay", WARN, "the last 7 days before 10 Sep 2023 have"),
}


@pytest.mark.parametrize(("paint", "name", "status", "sentence"), FOUND.values(), ids=FOUND)
def test_what_the_counts_say(
    small: Small, paint: Callable[[Counts, int], None], name: str, status: Status, sentence: str
) -> None:
    resolved = small(paint=paint, others=24, season=False)
    (found,) = (f for f in counting_findings(resolved) if f.name == name)
    assert (found.status, sentence in found.sentence) == (status, True), found
    assert (found.todo == "") == (status is PASS)
    assert found.margin is not None
    assert (found.margin >= 0) == (status is PASS)


def test_a_closed_day_is_no_gap(small: Small) -> None:
    day = small().panel.start + timedelta(30)
    for closed, status in (((), WARN), ((day,), PASS)):
        resolved = small(paint=empty_day, season=False, closed_days=closed)
        assert next(counting_findings(resolved)).status is status
