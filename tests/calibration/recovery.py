"""Recovery of planted lifts: every default, on free worlds of the flagship's configuration.

`python tests/calibration/recovery.py [WORLDS] [SEED]` prints the table; the test beside it
holds the figures in their exact binomial bands.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluator.comparisons import ALL, Comparison, Planned, channels, planned_rows
from evaluator.comparisons.design import REFERENCE, WINDOW
from evaluator.effects import Estimated, Setting, estimate
from evaluator.experiment import load_protocol
from evaluator.experiment.protocol import Protocol
from evaluator.inference.family import adjusted_together
from evaluator.resampling.flagship import STORY, flagship_world
from evaluator.resampling.simulate import Simulated, as_panel, simulate, tagged
from evaluator.resampling.worlds import World
from evaluator.resolve import Resolved
from evaluator.results import Interval, NotRun, RowRole

FLAGSHIP = Path(__file__).parents[2] / "experiments" / "itcilo-2022"
LEVEL = 0.95
QUESTIONS = ("promoted_vs_other", "a_vs_b", "pre_vs_campaign", "within_campaign", "channels")

Array = NDArray[np.float64]


@dataclass(slots=True)
class Tally:
    """How often one row's interval held the truth, and how wide it was."""

    covered: int = 0
    worlds: int = 0
    half_widths: float = 0.0
    bias: float = 0.0
    false_alarms: int = 0

    @property
    def coverage(self) -> float:
        return self.covered / self.worlds


def recover(
    worlds: int,
    seed: int,
    *,
    lifted: bool,
    launch_burst: bool = True,
    arm_sd: float = 0.0,
    asked: Sequence[str] = QUESTIONS,
) -> dict[tuple[str, ...], Tally]:
    """Tallies by (question, course, channel, arm, method) over free worlds.

    Parameters
    ----------
    lifted : whether the flagship's lifts are planted, or none
    launch_burst : whether newly opened courses start with a burst that decays
    arm_sd : sd of a shock that hits every country of arm A together
    asked : questions to tally
    """
    declared = load_protocol(FLAGSHIP)
    # Worlds have counts alone: no question about what became of the learners.
    questions = tuple(question for question in declared.questions if question.value in asked)
    protocol = replace(declared, questions=questions)
    world = flagship_world(protocol, STORY if lifted else None)
    if not launch_burst:
        world = replace(world, launch=replace(world.launch, peak=1.0))
    world = replace(world, shocks=replace(world.shocks, arm_sd=arm_sd))
    tallies: dict[tuple[str, ...], Tally] = defaultdict(Tally)
    for own in np.random.SeedSequence(seed).spawn(worlds):
        simulated = simulate(world, np.random.default_rng(own))
        resolved = resolved_world(protocol, simulated)
        thinning = np.random.default_rng(own.spawn(1)[0])
        answers: list[Answer] = []
        for planned in planned_rows(resolved):
            wanted = planned.key.question in asked and _is_tallied(planned)
            answer = _answer(planned, simulated, thinning) if wanted else None
            if answer is not None:
                answers.append(answer)
                _tally(tallies, answer)
        _tally_families(tallies, answers)
        _tally_last_touch(tallies, answers, simulated, thinning)
    return dict(tallies)


def _is_tallied(planned: Planned) -> bool:
    """Defaults, and the channels with the weeks after their waves."""
    after = planned.key.variant == channels.AFTER and planned.key.course == ALL
    return planned.key.variant == "default" or after


@dataclass(frozen=True, slots=True)
class Answer:
    """A row estimated in one world, beside the truth of its world."""

    planned: Planned
    comparison: Comparison
    estimated: Estimated
    truths: tuple[float, ...]
    """True log lift of each series."""
    means: tuple[float, ...]
    """Expected outcome of each series in the window."""
    counts: tuple[float, ...]
    """What was counted."""
    anyway: tuple[float, ...]
    """What of that would have been counted anyway."""

    @property
    def truth(self) -> float:
        return float(np.mean(self.truths))


def resolved_world(protocol: Protocol, simulated: Simulated) -> Resolved:
    """A simulated world as if its counts had been read from files."""
    world = simulated.world
    return Resolved(
        protocol=protocol,
        panel=as_panel(simulated),
        promoted=tuple(course.code for course in protocol.courses),
        others=tuple(c for c in world.courses if c not in {k.code for k in protocol.courses}),
        arm_a=world.countries_of_arm_a(),
        first_day={
            c.code: max(c.available_from or world.start, world.start) for c in protocol.courses
        },
        findings=(),
    )


def _answer(planned: Planned, simulated: Simulated, rng: np.random.Generator) -> Answer | None:
    comparison = planned.comparison
    if not isinstance(comparison, Comparison):
        return None
    estimated = estimate(comparison, planned.key, Setting(LEVEL, 0))
    if isinstance(estimated, NotRun):
        return None
    means, counts, anyway = [], [], []
    for position, name in enumerate(comparison.series):
        rows = [simulated.world.courses.index(code) for code in name.split("+")]
        units = slice(None) if comparison.in_a is None else comparison.in_a[position]
        days = comparison.codes[position] == WINDOW
        mean, without, counted = (
            source.sum(axis=0)[units][:, days]
            for source in (
                simulated.mean[rows],
                _without(planned, simulated, rows),
                simulated.counts[rows],
            )
        )
        means.append(float(mean.sum()))
        counts.append(float(counted.sum()))
        kept = np.minimum(without / np.maximum(mean, 1e-300), 1.0)
        anyway.append(float(rng.binomial(counted, kept).sum()))
    truths = tuple(_truths(planned, comparison, simulated))
    return Answer(
        planned, comparison, estimated, truths, tuple(means), tuple(counts), tuple(anyway)
    )


def _without(planned: Planned, simulated: Simulated, rows: list[int]) -> Array:
    """Means without what the row is about: one channel, or all but the portfolio's promotion."""
    if planned.key.question == channels.QUESTION:
        lift = _lift_of(simulated.world, planned.key.channel)[rows]
        kept: Array = simulated.mean[rows] * np.exp(-lift)
        return kept
    other, other_base = _sums_of_others(simulated)
    return np.asarray(simulated.base[rows] * (other / other_base))


def _tally(tallies: dict[tuple[str, ...], Tally], answer: Answer) -> None:
    """Coverage of the lift, of the expected extra, and of the realised extra.

    The realised extra is known where the row compares with the other courses: what would have
    been counted anyway is what was counted, thinned day by day.
    """
    key, extra = answer.planned.key, answer.estimated.extra
    name: tuple[str, ...] = (key.question, key.course, key.channel, key.arm, key.method)
    name = (*name, key.variant) if key.variant == channels.AFTER else name
    _add(tallies[name], answer.estimated.effect.interval(LEVEL), answer.truth)
    if answer.planned.role in (RowRole.ROBUSTNESS, RowRole.EXPLORATORY) or extra is None:
        return
    lifts = np.array(answer.truths)
    expected = float(-(np.array(answer.means) * np.expm1(-lifts)).sum())
    _add(tallies[*name, "expected extra"], extra.expected.interval, expected)
    if answer.comparison.in_a is None and np.all(lifts >= 0):
        realised = sum(answer.counts) - sum(answer.anyway)
        _add(tallies[*name, "realised extra"], extra.realised.interval, realised)


def _tally_last_touch(
    tallies: dict[tuple[str, ...], Tally],
    answers: list[Answer],
    simulated: Simulated,
    rng: np.random.Generator,
) -> None:
    """How often the published kind of count, by last touch, lies inside the causal interval.

    Both of the same courses and days: the waves with the two weeks after them. Beside it stands
    how often the extra that the channel truly caused lies inside ("expected extra").
    """
    labels, counts = tagged(simulated, rng)
    for answer in answers:
        key, extra = answer.planned.key, answer.estimated.extra
        if key.variant != channels.AFTER or key.channel not in labels or extra is None:
            continue
        by_course = counts[labels.index(key.channel)].sum(axis=1)
        attributed = sum(
            float(by_course[simulated.world.courses.index(course)][codes == WINDOW].sum())
            for course, codes in zip(answer.comparison.series, answer.comparison.codes, strict=True)
        )
        name = (key.question, key.channel, "last-touch count inside the interval")
        _add(tallies[name], extra.expected.interval, attributed)


def _tally_families(tallies: dict[tuple[str, ...], Tally], answers: list[Answer]) -> None:
    """Joint coverage of the simultaneous intervals, and false alarms at no effect."""
    headline = [
        a for a in answers if a.planned.role is RowRole.HEADLINE and not a.planned.descriptive
    ]
    for question in dict.fromkeys(a.planned.key.question for a in headline):
        family = [
            a
            for a in headline
            if a.planned.key.question == question and a.planned.key.course != ALL
        ]
        gate = [
            a
            for a in headline
            if a.planned.key.question == question and a.planned.key.course == ALL
        ]
        if len(family) < 2:
            continue
        effects = [a.estimated.effect for a in family]
        together = adjusted_together(effects, gate[0].estimated.effect if gate else None, LEVEL)
        tally = tallies[question, "family", "simultaneous intervals"]
        tally.worlds += 1
        tally.covered += all(
            a.truth in own.interval(LEVEL) for a, own in zip(family, together, strict=True)
        )
        tally.false_alarms += any(
            own.p_adjusted <= 1 - LEVEL and abs(a.truth) < 1e-9
            for a, own in zip(family, together, strict=True)
        )


def _add(tally: Tally, interval: Interval, truth: float) -> None:
    tally.worlds += 1
    tally.covered += truth in interval
    tally.half_widths += (interval.high - interval.low) / 2
    tally.bias += (interval.high + interval.low) / 2 - truth


def _truths(planned: Planned, comparison: Comparison, simulated: Simulated) -> Iterator[float]:
    """The estimand of each series, computed from the means that the counts were drawn from."""
    world, method = simulated.world, planned.key.method
    other, other_base = _sums_of_others(simulated)
    for position, name in enumerate(comparison.series):
        rows = [world.courses.index(code) for code in name.split("+")]
        codes = comparison.codes[position]
        with_, without = (a[rows].sum(axis=0) for a in (simulated.mean, simulated.base))
        if comparison.in_a is not None:
            in_a = comparison.in_a[position]
            truth = _log_lift(with_[in_a], without[in_a], codes)
            truth -= _log_lift(with_[~in_a], without[~in_a], codes)
            if method == "triple_difference":
                truth -= _log_lift(other[in_a], other_base[in_a], codes)
                truth += _log_lift(other[~in_a], other_base[~in_a], codes)
        elif method in ("joint_daily", "channel_mean", "channel_like_these"):
            truth = _of_channel(simulated, rows, planned.key.channel, codes == WINDOW)
        elif method in ("level_shift", "within_campaign"):
            truth = _mean_weekly(
                with_.sum(0), without.sum(0), other.sum(0) / other_base.sum(0), codes
            )
        elif method in ("single_its", "segmented_newey_west"):
            truth = _log_lift(with_, without, codes)
        elif method == "controlled_its":
            carried = without.sum(0) * (other.sum(0) / other_base.sum(0))
            truth = _log_lift(with_.sum(0), carried, codes)
        else:
            truth = _log_lift(with_, without, codes) - _log_lift(other, other_base, codes)
        yield truth


def _of_channel(
    simulated: Simulated, rows: list[int], channel: str, days: NDArray[np.bool_]
) -> float:
    """Log lift of one channel on its wave days, less what it did for the other courses."""
    own = _lift_of(simulated.world, channel)
    lifts = []
    for chosen in (rows, _others(simulated.world)):
        mean = simulated.mean[chosen][:, :, days]
        lifts.append(np.log(mean.sum() / (mean * np.exp(-own[chosen][:, :, days])).sum()))
    return float(lifts[0] - lifts[1])


@lru_cache(maxsize=1)
def _sums_of_others(simulated: Simulated) -> tuple[Array, Array]:
    """(countries, days) means of the other courses together, with promotion and without."""
    others = _others(simulated.world)
    return simulated.mean[others].sum(axis=0), simulated.base[others].sum(axis=0)


@lru_cache(maxsize=8)
def _lift_of(world: World, channel: str) -> Array:
    return world.log_lift(channel=channel)


def _others(world: World) -> list[int]:
    return [world.courses.index(c) for c in world.courses if c.startswith("OC")]


def _log_lift(with_: Array, without: Array, codes: NDArray[np.int8]) -> float:
    """log(Σ_W with / Σ_W without), less the same over the reference."""
    inside, base = codes == WINDOW, codes == REFERENCE
    lift = np.log(with_[..., inside].sum() / without[..., inside].sum())
    return float(lift - np.log(with_[..., base].sum() / without[..., base].sum()))


def _mean_weekly(with_: Array, without: Array, portfolio: Array, codes: NDArray[np.int8]) -> float:
    """Mean daily log lift in the window less that in the reference, net of the portfolio's."""
    used = {code: codes == code for code in (WINDOW, REFERENCE)}
    means = {
        code: np.mean(np.log(with_[days] / without[days]) - np.log(portfolio[days]))
        for code, days in used.items()
    }
    return float(means[WINDOW] - means[REFERENCE])


def table(tallies: dict[tuple[str, ...], Tally]) -> str:
    """One line per row: worlds, coverage, Monte-Carlo error, bias, mean half-width."""
    lines = []
    for key, tally in tallies.items():
        p, n = tally.coverage, tally.worlds
        name = " ".join(part for part in key if part != ALL or part == key[1])
        lines.append(
            f"{name:<64} {n:>4} {p:.3f} ± {np.sqrt(p * (1 - p) / n):.3f}"
            f"  bias {tally.bias / n:+.3f}  half-width {tally.half_widths / n:.3f}"
            f"{f'  false alarms {tally.false_alarms / n:.3f}' if tally.false_alarms else ''}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    worlds, seed = (int(argument) for argument in (*sys.argv[1:], "300", "1")[:2])
    settings: list[dict[str, Any]] = [
        {"lifted": False},
        {"lifted": True},
        {"lifted": True, "launch_burst": False},
        {"lifted": True, "arm_sd": 0.2},
    ]
    for options in settings:
        print(f"\n{options}")
        print(table(recover(worlds, seed, **options)))
