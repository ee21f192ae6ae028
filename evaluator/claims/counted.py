"""Indicators that count the outcome: a mean of the promoted courses, per unit of time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from evaluator.claims.baseline import baseline_claims, baseline_doubts
from evaluator.claims.claim import MINUS, Claim, Figure, Standing, Told, against, said, same
from evaluator.claims.rates import PERIODS, Rates, days_in, rates_on
from evaluator.experiment.kpi import Counted, Kpi
from evaluator.experiment.protocol import Span
from evaluator.resolve import Resolved


def counted_claims(kpi: Kpi, measure: Counted, resolved: Resolved) -> Iterator[Claim]:
    """The result as published, each reading of its target, and what its KPI baseline is."""
    window = days_in(resolved, resolved.protocol.window)
    seen = _Seen(
        kpi,
        measure,
        rates_on(resolved, resolved.promoted, window),
        resolved.protocol.decision.level,
        resolved.protocol.window,
    )
    if kpi.result is not None:
        yield from _as_published(seen, kpi.result)
    yield from _readings(seen)
    if kpi.baseline is not None:
        yield _beside_baseline(seen, kpi.baseline, baseline_doubts(measure, resolved))
        yield from baseline_claims(kpi, measure, seen.rates, resolved)
    yield from _courses(seen)


@dataclass(frozen=True, slots=True)
class _Seen:
    """An indicator with what the data counted for it."""

    kpi: Kpi
    measure: Counted
    rates: Rates
    level: float
    window: Span

    def tells(self, *courses: str) -> tuple[Told, ...]:
        """What the mean tells, and what is said of some courses beside it."""
        return tuple(self.rates.only(*names).told("", self.window) for names in self._sets(courses))

    def _sets(self, courses: Sequence[str]) -> Iterator[Sequence[str]]:
        yield self.rates.courses
        yield from ((course,) for course in courses)

    @property
    def period(self) -> float:
        return PERIODS[self.measure.per]

    @property
    def by_course(self) -> dict[str, float]:
        """Each course in the unit of the target."""
        return dict(zip(self.rates.courses, self.rates.per(self.period).tolist(), strict=True))

    @property
    def exposure(self) -> float:
        return self.measure.result_days or self.period

    @property
    def mixed(self) -> bool:
        """Whether result and target were published in different units of time."""
        return self.exposure != self.period

    @property
    def own_unit(self) -> str:
        return f"in {self.exposure:g} days" if self.mixed else self.unit

    @property
    def unit(self) -> str:
        return f"a {self.measure.per}"

    @property
    def about(self) -> str:
        return f"mean of {len(self.rates.courses)} courses"

    @property
    def published(self) -> Figure | None:
        result = self.kpi.result
        return None if result is None else Figure(result, self.own_unit, self.exposure)

    def needed(self, value: float) -> Figure:
        return Figure(value, self.unit, self.period)

    def own(self) -> Figure:
        """The mean as the result was published, in its own exposure."""
        return self.rates.mean(self.exposure, self.own_unit, self.level)


def _as_published(seen: _Seen, result: float) -> Iterator[Claim]:
    own = seen.own()
    holds = same(own.value, result)
    agree = (
        "the counts of the data give it"
        if holds is Standing.HOLDS
        else (f"the counts of the data give {said(own.value)}")
    )
    yield Claim(
        *(seen.kpi.name, seen.about, "as counted", holds, agree, seen.published, own),
        detail=True,
        tells=seen.tells(),
    )
    if seen.kpi.target is None or not seen.mixed:
        return
    needed = seen.needed(seen.kpi.target)
    over = seen.kpi.target * seen.exposure / seen.period
    why = (
        f"unit differs: {said(result)} counts {seen.exposure:g} days, the target"
        f" {said(needed.value)} one {seen.measure.per}: over {seen.exposure:g} days it would be"
        f" {said(over)}"
    )
    reading = "as reported, units mixed"
    mixed = Standing.INCOMPARABLE
    claim = Claim(seen.kpi.name, seen.about, reading, mixed, why, seen.published, own, needed)
    yield replace(claim, differs=("unit",), tells=seen.tells())
    yield from _hinges(seen, needed)


def _hinges(seen: _Seen, needed: Figure) -> Iterator[Claim]:
    """The same without the largest course, where the target is met because of it alone."""
    rates = seen.rates
    if len(rates.courses) < 2:
        return
    share, largest = max(zip(rates.counts / rates.counts.sum(), rates.courses, strict=True))
    rest = rates.without(largest).mean(seen.exposure, seen.own_unit, seen.level)
    if not rest.value < needed.value <= seen.own().value:
        return
    why = (
        f"{largest} is {share:.0%} of all; without it the mean is {said(rest.value)}, below"
        f" {said(needed.value)} even in the published units"
    )
    about = f"mean of {len(rates.courses) - 1} courses"
    reading = f"as reported, without {largest}"
    claim = Claim(seen.kpi.name, about, reading, Standing.INCOMPARABLE, why, None, rest, needed)
    yield replace(claim, differs=("unit",), tells=seen.tells(largest))


def _readings(seen: _Seen) -> Iterator[Claim]:
    """Each reading of the target, in its own unit of time."""
    mean = seen.rates.mean(seen.period, seen.unit, seen.level)
    for position, (reading, target) in enumerate(_targets(seen)):
        share = f"{said(mean.value)} is {mean.value / target:.0%} of {said(target)}"
        why = f"{share}; {_spread_of_courses(seen, target)}" if position == 0 else share
        named = [*_over(seen, target), _least(seen)] if position == 0 else []
        claim = _reading(seen, reading, target, mean, why)
        yield replace(claim, tells=seen.tells(*named))
        if position == 0 and len(seen.rates.courses) > 1:
            like = seen.rates.mean_of_like(seen.period, seen.unit, seen.level)
            why = "the courses differ so much that a mean of others like them is hardly known"
            yield _reading(seen, f"{reading}, courses like these", target, like, why)


def _reading(seen: _Seen, reading: str, target: float, mean: Figure, why: str) -> Claim:
    holds = against(mean, target)
    return Claim(
        *(seen.kpi.name, seen.about, reading, holds, why, seen.published, mean),
        needed=seen.needed(target),
        tells=seen.tells(),
    )


def _targets(seen: _Seen) -> Iterator[tuple[str, float]]:
    """The target as computed, then as worded where that is another."""
    kpi, increase = seen.kpi, seen.measure.increase_percent
    if kpi.target is not None:
        times = f"×{kpi.target / kpi.baseline:.3g} " if kpi.baseline else "target "
        yield f"{times}{seen.unit}", kpi.target
    if kpi.baseline is None or increase is None:
        return
    worded = kpi.baseline * (1 + increase / 100)
    if kpi.target is None or same(worded, kpi.target) is Standing.FAILS:
        rise = f"{increase:+g}%".replace("-", MINUS)
        yield f"{rise}: ×{1 + increase / 100:.3g} {seen.unit}", worded


def _spread_of_courses(seen: _Seen, target: float) -> str:
    over = [f"{course} ({said(rate)})" for course, rate in _over(seen, target).items()]
    rates, least = seen.by_course, _least(seen)
    low = f"least is {least} ({said(rates[least])}"
    if seen.kpi.baseline:
        low += f", {rates[least] / seen.kpi.baseline:.2f} × the KPI baseline"
    few = "only " if len(over) == 1 else ""
    return f"{few}{', '.join(over) or 'none'} over it; {low})"


def _over(seen: _Seen, target: float) -> dict[str, float]:
    return {course: rate for course, rate in seen.by_course.items() if rate >= target}


def _least(seen: _Seen) -> str:
    rates = seen.by_course
    return min(rates, key=lambda course: rates[course])


def _beside_baseline(seen: _Seen, baseline: float, doubts: Mapping[str, str]) -> Claim:
    mean = seen.rates.mean(seen.period, seen.unit, seen.level)
    why = f"{mean.value / baseline:.2f} × the KPI baseline"
    holds = Standing.INCOMPARABLE if doubts else against(mean, baseline)
    differing = "; ".join(f"{facet} differs: {doubt}" for facet, doubt in doubts.items())
    return Claim(
        name=seen.kpi.name,
        about=seen.about,
        reading="against the KPI baseline",
        holds=holds,
        why="; ".join(filter(None, (why, differing))),
        published=seen.published,
        recomputed=mean,
        needed=seen.needed(baseline),
        differs=tuple(doubts),
        tells=seen.tells(),
    )


def _courses(seen: _Seen) -> Iterator[Claim]:
    """Each course by itself against the target as computed."""
    if seen.kpi.target is None:
        return
    published = dict(seen.kpi.by_course)
    for course in seen.rates.courses:
        alone = seen.rates.only(course)
        rate = alone.mean(seen.period, seen.unit, seen.level)
        own = published.get(course)
        why = (
            f"{rate.value / seen.kpi.baseline:.2f} × the KPI baseline" if seen.kpi.baseline else ""
        )
        yield Claim(
            name=seen.kpi.name,
            about=course,
            reading=f"{course} {seen.unit}",
            holds=against(rate, seen.kpi.target),
            why=why,
            published=None if own is None else Figure(own, seen.own_unit, seen.exposure),
            recomputed=rate,
            needed=seen.needed(seen.kpi.target),
            detail=True,
            tells=(alone.told("", seen.window),),
        )
