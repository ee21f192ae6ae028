"""Small worlds for the studies: what is declared, a truth to draw counts from, and the two met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluator.assumptions import Looked, closely_seen, row_findings
from evaluator.comparisons import Comparison, Described, Planned
from evaluator.comparisons.design import REFERENCE, WINDOW
from evaluator.effects import Estimated
from evaluator.estimators.ratio import effective_number
from evaluator.experiment.protocol import (
    Arms,
    Channel,
    Course,
    DataKind,
    Listed,
    Others,
    Protocol,
    Question,
    Reference,
    Span,
    Wave,
)
from evaluator.resampling.flagship import WEEKDAYS
from evaluator.resampling.shocks import season
from evaluator.resampling.simulate import Simulated, as_panel
from evaluator.resampling.worlds import Launch, Pulse, Shocks, World
from evaluator.resolve import Resolved
from evaluator.results import Finding, NotRun, Row, RowStatus, Verdict

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

START = date(2022, 1, 3)
"""A Monday."""
QUESTIONS = (
    Question.PROMOTED_VS_OTHER,
    Question.A_VS_B,
    Question.PRE_VS_CAMPAIGN,
    Question.CHANNELS,
)


@dataclass(frozen=True, slots=True)
class Small:
    """Sizes of a small experiment; weeks where nothing else is said."""

    promoted: int = 3
    others: int = 24
    countries: int = 20
    in_a: int = 8
    lists_differ: bool = False
    """Whether each promoted course has an arm A of its own; otherwise all have the same."""
    history: int = 39
    reference: int = 8
    window: int = 12
    level: float = 40.0
    """Enrolments of a course in an ordinary week; the other courses' are spread about it."""

    @property
    def first(self) -> int:
        """Day index of the first window day."""
        return 7 * self.history

    @property
    def days(self) -> int:
        return 7 * (self.history + self.window)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(f"P{number}" for number in range(self.promoted))

    @property
    def span(self) -> Span:
        return self.week(0, self.window)

    def week(self, first: int, weeks: int = 1) -> Span:
        """Weeks counted from the first of the window; negative before it."""
        start = START + timedelta(self.first + 7 * first)
        return Span(start, start + timedelta(7 * weeks - 1))


def protocol_of(small: Small, **changes: Any) -> Protocol:
    """Waves of one week each: paid ones a week apart by course, then posts."""
    arms = Listed(by_course=tuple(zip(small.codes, _lists(small), strict=True)))
    protocol = Protocol(
        name="study",
        title="A small world",
        path=Path("experiment.toml"),
        as_of=small.span.end,
        timezone="UTC",
        data_kind=DataKind.SYNTHETIC,
        seed=1,
        window=small.span,
        courses=tuple(Course(code, code) for code in small.codes),
        others=Others(_others(small)),
        arms=Arms(arms) if small.in_a else None,
        channels=(Channel("ads", "paid"), Channel("posts", "organic")),
        waves=_waves(small),
        sources=(),
        questions=QUESTIONS if small.in_a else tuple(q for q in QUESTIONS if q.value != "a_vs_b"),
        reference=Reference(weeks=small.reference, sensitivity=()),
    )
    return replace(protocol, **changes)


def world_of(small: Small, shocks: Shocks | None = None) -> World:
    """The same as a truth, in which nothing is promoted yet."""
    courses, countries = small.promoted + small.others, _countries(small)
    arm_a = np.zeros((courses, small.countries), dtype=bool)
    for row, listed in enumerate(_lists(small)):
        arm_a[row] = np.isin(countries, listed)
    weights = 1 / (np.arange(small.countries) + 6.0)
    spread = np.exp(0.5 * np.linspace(-1.5, 1.5, small.others))
    return World(
        courses=(*small.codes, *_others(small)),
        countries=countries,
        start=START,
        days=small.days,
        promoted=np.arange(courses) < small.promoted,
        levels=small.level * np.concatenate([np.ones(small.promoted), spread / spread.mean()]),
        opens=np.zeros(courses, dtype=np.intp),
        launch=Launch(),
        shares=np.tile(weights / weights.sum(), (courses, 1)),
        arm_a=arm_a,
        weekdays=WEEKDAYS,
        season=season(START, small.days),
        anchor=small.first,
        shocks=shocks or Shocks(),
    )


def planted(
    world: World, protocol: Protocol, log_lifts: Sequence[float], arm_a: float, carry_over: float
) -> World:
    """The world with a lift in every declared wave.

    Parameters
    ----------
    log_lifts : of the paid waves in arm B, one a promoted course; those of the posts are half
    arm_a : log lift in arm A over that in arm B
    carry_over : share of a log lift left a week later
    """
    pulses = []
    for wave in protocol.waves:
        course = world.courses.index(wave.courses[0])
        strength = log_lifts[course] * (1.0 if wave.channel == "ads" else 0.5)
        first, last = ((day - world.start).days for day in (wave.span.start, wave.span.end))
        lift = strength * np.where(world.arm_a[course], arm_a, 1.0)
        a_day = carry_over ** (1 / 7)
        pulses.append(Pulse(wave.id, wave.channel, None, course, first, last, lift, a_day))
    return replace(world, pulses=(*world.pulses, *pulses))


def met(protocol: Protocol, simulated: Simulated) -> Resolved:
    """The declaration as if it had met these counts in files; arms are the declared ones."""
    world = simulated.world
    listed = protocol.arms.rule if protocol.arms is not None else None
    return Resolved(
        protocol=protocol,
        panel=as_panel(simulated),
        promoted=tuple(course.code for course in protocol.courses),
        others=protocol.others.codes,
        arm_a=dict(listed.by_course) if isinstance(listed, Listed) else {},
        first_day={course.code: world.start for course in protocol.courses},
        findings=(),
    )


def filled(comparison: Comparison, world: World, counts: Array) -> Comparison:
    """The comparison with the counts of many draws of its world, on a leading axis.

    Parameters
    ----------
    counts : (draws, courses, countries, days), or summed over countries (draws, courses, 1, days)
        where the comparison is of sums
    """
    # Views, not copies: of all arrays here the other courses' are by far the largest.
    other = counts[:, int(world.promoted.sum()) :]

    def with_counts(own: Comparison) -> Comparison:
        named = [[world.courses.index(code) for code in name.split("+")] for name in own.series]
        treated = [sum(counts[:, row] for row in rows) for rows in named]
        companions = tuple(with_counts(companion) for companion in own.companions)
        return replace(
            own,
            treated=np.stack(treated, axis=1),
            other=other,
            companions=companions,
            effective=effective_number(_reference(own, counts[:, named[0]])),
        )

    return with_counts(comparison)


def _reference(comparison: Comparison, counts: Array) -> Array:
    """(draws, courses) totals of the reference."""
    return np.asarray(counts[..., comparison.codes[0] == REFERENCE].sum(axis=(-2, -1)))


def truth(planned: Planned, simulated: Simulated) -> float:
    """The row's estimand on the means that the counts were drawn from, log scale.

    Right where the other courses are not promoted.
    """
    comparison, method = planned.comparison, planned.key.method
    assert isinstance(comparison, Comparison)
    lifts = []
    for position, name in enumerate(comparison.series):
        rows = [simulated.world.courses.index(code) for code in name.split("+")]
        days = comparison.codes[position] == WINDOW
        with_ = simulated.mean[rows].sum(axis=0)[:, days]
        without = simulated.base[rows].sum(axis=0)[:, days]
        if planned.key.channel != "all":
            own = simulated.world.log_lift(channel=planned.key.channel)[rows[0]][:, days]
            without = with_ * np.exp(-own)
        if method == "level_shift":
            weekly = [a.sum(axis=0).reshape(-1, 7).sum(axis=1) for a in (with_, without)]
            lifts.append(float(np.mean(np.log(weekly[0] / weekly[1]))))
        elif comparison.in_a is None:
            lifts.append(float(np.log(with_.sum() / without.sum())))
        else:
            in_a = comparison.in_a[position]
            ratios = [np.log(with_[u].sum() / without[u].sum()) for u in (in_a, ~in_a)]
            lifts.append(float(ratios[0] - ratios[1]))
    return float(np.mean(lifts))


def findings_of(
    planned: Planned, resolved: Resolved, outcome: Estimated | Described | NotRun
) -> tuple[Finding, ...]:
    """Everything the program says about an estimated row, the longer looks included."""
    if not isinstance(planned.comparison, Comparison) or not isinstance(outcome, Estimated):
        return ()
    row = Row(
        key=planned.key,
        role=planned.role,
        status=RowStatus.DESCRIPTIVE if planned.descriptive else RowStatus.ESTIMATED,
        estimand=planned.estimand,
        verdict=Verdict.REFUSED,
        level=resolved.protocol.decision.level,
        effect=outcome.effect,
        findings=row_findings(planned, resolved),
    )
    looked = Looked(planned, planned.comparison, resolved, outcome)
    return closely_seen(row, looked).findings


def _countries(small: Small) -> tuple[str, ...]:
    return tuple(f"C{number:02d}" for number in range(small.countries))


def _others(small: Small) -> tuple[str, ...]:
    return tuple(f"O{number:02d}" for number in range(small.others))


def _lists(small: Small) -> list[tuple[str, ...]]:
    """Arm A by promoted course: every other country from the largest on, shifted where lists
    differ."""
    countries, size = _countries(small), small.in_a
    shifts = [3 * course * small.lists_differ for course in range(small.promoted)]
    return [
        tuple(countries[(2 * rank + shift) % small.countries] for rank in range(size))
        for shift in shifts
    ]


def _waves(small: Small) -> tuple[Wave, ...]:
    """In a window of fewer than eight weeks there is room for the paid ones only."""
    waves = []
    for position, code in enumerate(small.codes):
        week = position % max(small.window - 2, 1)
        waves.append(Wave(f"ads-{code}", "ads", (code,), False, small.week(week)))
        if small.window >= 8:
            week = 4 + (2 * position) % (small.window - 6)
            waves.append(Wave(f"posts-{code}", "posts", (code,), False, small.week(week)))
    return tuple(waves)
