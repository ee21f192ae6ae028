"""Waves in weeks: constraints kept, cohorts in both orders, and the best of all schedules."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.comparisons.waves import WEEKS_AFTER
from evaluator.errors import NotIdentified
from evaluator.experiment.planned import Plan, PlannedChannel
from evaluator.experiment.protocol import Event, Question, Span
from evaluator.planning.exchange import (
    Information,
    cohort_sizes,
    scheduled,
    sequences,
    switched,
)
from evaluator.planning.schedule import Schedule, Slot, Wanted, calendar_of

MONDAY = date(2024, 1, 1)
NAMES = ("ads", "posts", "mail")
KINDS = {"ads": "paid", "posts": "organic", "mail": "email", "wide": "organic"}
PLAN = Plan(
    name="next",
    questions=(Question.CHANNELS, Question.ORDER),
    start=MONDAY,
    weeks=12,
    channels=tuple(PlannedChannel(name, KINDS[name]) for name in NAMES),
    courses=6,
    candidates=tuple("PQRSTU"),
    holidays=(Event("Fair", Span(date(2024, 1, 18), date(2024, 1, 18))),),
    blackouts=(Span(date(2024, 2, 12), date(2024, 2, 25)),),
)
WANTED = Wanted(NAMES, ("wide",), ("ads", "posts"), 6, 20, 4, 1)


def waves_of(schedule: Schedule) -> list[list[tuple[int, str]]]:
    return [[(slot.week, slot.channel) for slot in track.slots] for track in schedule.tracks]


def test_a_closed_day_closes_its_week() -> None:
    closed = calendar_of(PLAN).closed
    assert [number for number, why in enumerate(closed) if why] == [2, 6, 7]
    assert closed[2] == "Fair"


@pytest.mark.parametrize("cohorts", [1, 2, 3])
def test_constraints_are_kept(cohorts: int) -> None:
    schedule = scheduled(PLAN, WANTED, cohorts)
    weeks = [slot.week for track in schedule.tracks for slot in track.slots]
    assert set(weeks) <= set(schedule.calendar.open)
    assert max(weeks) < PLAN.weeks - PLAN.washout_weeks
    for track in waves_of(schedule):
        assert sorted(channel for _, channel in track) == sorted(NAMES)
        gaps = np.diff([week for week, _ in sorted(track)])
        assert gaps.min() > 2, "no wave stands in the two weeks after another"


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    weeks=st.integers(4, 16),
    closed=st.sets(st.integers(0, 15), max_size=4),
    washout=st.integers(0, 3),
    channels=st.integers(1, 3),
    asked=st.booleans(),
    courses=st.integers(2, 7),
    left_out=st.sampled_from((0, 4)),
    cohorts=st.integers(1, 3),
)
def test_any_schedule_keeps_its_constraints_or_is_refused(
    weeks: int,
    closed: set[int],
    washout: int,
    channels: int,
    asked: bool,
    courses: int,
    left_out: int,
    cohorts: int,
) -> None:
    days = [MONDAY + timedelta(7 * week + week % 7) for week in sorted(closed)]
    plan = replace(PLAN, weeks=weeks, blackouts=tuple(Span(d, d) for d in days), holidays=())
    swapped = ("ads", "posts") if asked and channels > 1 else None
    wanted = Wanted(NAMES[:channels], ("wide",), swapped, courses, 20, left_out, washout)
    try:
        schedule = scheduled(plan, wanted, min(cohorts, courses))
    except NotIdentified:
        usable = [week for week in range(weeks - washout) if week not in closed]
        assert not any(
            min(np.diff(chosen), default=99) > washout for chosen in combinations(usable, channels)
        )
        return
    assert len(schedule.tracks) == courses
    first = [track.paid_first for track in schedule.tracks]
    assert abs(first.count(True) - first.count(False)) <= 1
    assert (first.count(None) == courses) is (swapped is None)
    for track in waves_of(schedule):
        assert sorted(channel for _, channel in track) == sorted(NAMES[:channels])
        taken = sorted(week for week, _ in track)
        assert not set(taken) & closed
        assert taken[-1] < weeks - washout
        assert min(np.diff(taken), default=99) > washout
    ((wide, week),) = [(slot.channel, slot.week) for slot in schedule.portfolio]
    assert wide == "wide"
    assert week not in closed
    assert week < weeks - washout


def test_the_portfolio_has_days_of_its_own_where_the_window_holds_them() -> None:
    """Three waves and their weeks after fill nine weeks: a tenth is the portfolio's alone."""
    plan = replace(PLAN, weeks=11, holidays=(), blackouts=())
    for weeks, clear in ((11, True), (8, False)):
        schedule = scheduled(replace(plan, weeks=weeks), WANTED, 2)
        (slot,) = schedule.portfolio
        gaps = [slot.week - own.week for track in schedule.tracks for own in track.slots]
        assert all(gap < 0 or gap > WEEKS_AFTER for gap in gaps) is clear


def test_half_of_a_cohort_has_the_other_order_in_the_same_weeks() -> None:
    schedule = scheduled(PLAN, WANTED, 2)
    for cohort in range(2):
        own = [t for t in schedule.tracks if t.cohort == cohort]
        assert sorted(bool(t.paid_first) for t in own) in (
            [False, False, True],
            [False, True, True],
        )
        assert len({tuple(slot.week for slot in t.slots) for t in own}) == 1
        for track in own:
            order = [slot.channel for slot in track.slots if slot.channel != "mail"]
            assert order == (["ads", "posts"] if track.paid_first else ["posts", "ads"])
    assert sum(bool(t.paid_first) for t in schedule.tracks) == 3


def test_exchange_finds_the_best_of_all_schedules() -> None:
    """Two cohorts, every pair of sequences, the portfolio in the week that was taken for it."""
    plan, wanted = replace(PLAN, weeks=10), replace(WANTED, courses=5)
    schedule = scheduled(plan, wanted, 2)
    every = list(sequences(schedule.calendar, wanted, 2))
    information = Information(schedule.calendar, wanted, every)
    weights = cohort_sizes(wanted, 2)

    def value(chosen: tuple[int, ...]) -> float:
        return information.value(weights, chosen, schedule.portfolio)

    best = max(value(pair) for pair in product(range(len(every)), repeat=2))
    plain = [track.slots for track in schedule.tracks if track.paid_first]
    taken = tuple(every.index(slots) for slots in dict.fromkeys(plain))
    # D-efficiency against the best, of 4 channels: a hundredth is a hundredth of the courses.
    assert np.exp((value((taken[0], taken[-1])) - best) / 4) > 0.99


def test_an_email_is_one_message_and_the_portfolio_one_wave() -> None:
    schedule = scheduled(PLAN, WANTED, 2)
    waves = schedule.waves(tuple("PQRSTU"), KINDS, ("A",))
    mails = [wave for wave in waves if wave.channel == "mail"]
    assert len(mails) == len({wave.span.start for wave in mails})
    assert sum(len(wave.courses) for wave in mails) == 6
    (wide,) = [wave for wave in waves if wave.channel == "wide"]
    assert wide.portfolio
    assert not wide.courses
    assert {wave.arms for wave in waves if wave.channel == "ads"} == {("A",)}
    assert len({wave.id for wave in waves}) == len(waves)


def test_a_window_too_short_says_what_it_takes() -> None:
    with pytest.raises(
        NotIdentified, match=r"4 open weeks of 5, of which Fair close some.* takes 6"
    ):
        scheduled(replace(PLAN, weeks=5), WANTED, 2)


@pytest.mark.parametrize(("washout", "couples"), [
    (0, ((0, 1), (3, 4), (5, 8))),
    (1, ((0, 3), (5, 8))),
    (3, ((0, 4),)),
    (7, ()),
])  # fmt: skip
def test_switched_on_and_off_in_couples_of_weeks(
    washout: int, couples: tuple[tuple[int, int], ...]
) -> None:
    """Open are 0, 1, 3, 4, 5, 8, 9 of ten weeks; between any two lies the washout."""
    wanted = Wanted(("ads",), (), None, 6, 20, 0, washout)
    schedule = switched(replace(PLAN, weeks=10), wanted)
    if not couples:
        assert schedule is None
        return
    assert schedule is not None
    assert schedule.couples == couples
    on = np.array([[Slot("ads", w) in t.slots for w in range(10)] for t in schedule.tracks])
    used = np.array(couples).ravel()
    assert np.all(on[:, used].sum(axis=0) == 3)
    assert np.all(on[:, used[::2]] ^ on[:, used[1::2]])
    assert on.sum() == 6 * len(couples)
