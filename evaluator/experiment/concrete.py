"""From the file as written to what it means: `Spec` → `Protocol`."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from evaluator.experiment.budget import Budget
from evaluator.experiment.geography import CountryGroup
from evaluator.experiment.kpi import Counted, Kpi, Mailed, OfChannel, Posted
from evaluator.experiment.limits import Gate, Sharing
from evaluator.experiment.negative import NegativeControl
from evaluator.experiment.planned import (
    Mailing,
    Plan,
    PlannedChannel,
    PlannedMarkets,
    next_start,
    plan_of,
)
from evaluator.experiment.protocol import (
    Arms,
    Assumptions,
    Channel,
    Course,
    Decision,
    Event,
    Listed,
    Others,
    Protocol,
    Reference,
    Source,
    Span,
    TopCountries,
    Wave,
)
from evaluator.experiment.secondary import Secondary
from evaluator.experiment.spec import Spec
from evaluator.experiment.spec.assignment import concrete_assignment
from evaluator.experiment.spec.compared import ArmsTable, CourseTable, ListedTable
from evaluator.experiment.spec.exposure import concrete_exposure
from evaluator.experiment.spec.judged import ReferenceTable
from evaluator.experiment.spec.outcomes import KpiTable
from evaluator.experiment.spec.planned import MarketsTable, PlannedChannelTable, PlanTable
from evaluator.experiment.spec.promotion import CountryGroupTable, EventTable, WaveTable
from evaluator.experiment.spec.published import concrete_claim, concrete_intervention
from evaluator.experiment.spec.sources import SourceTable
from evaluator.experiment.spec.targeting import concrete_targeting


def concrete(spec: Spec, path: Path) -> Protocol:
    """Protocol of a file whose rules hold.

    Parameters
    ----------
    spec : the file as written
    path : absolute path of the file; the paths of sources are relative to its folder
    """
    experiment = spec.experiment
    protocol = Protocol(
        name=experiment.name,
        title=experiment.title or experiment.name,
        path=path,
        as_of=experiment.as_of,
        timezone=experiment.timezone,
        data_kind=experiment.data_kind,
        seed=experiment.seed,
        window=_window(spec),
        courses=tuple(map(_course, spec.courses)),
        others=Others(tuple(spec.others.codes), spec.others.catalogue, tuple(spec.others.left_out)),
        arms=_arms(spec.arms) if spec.arms else None,
        channels=tuple(Channel(**channel.model_dump()) for channel in spec.channels),
        waves=tuple(map(_wave, spec.waves)),
        sources=tuple(_source(source, path.parent) for source in spec.sources),
        questions=tuple(experiment.questions),
        bin=experiment.bin,
        outcome=experiment.outcome,
        unit=experiment.unit,
        series=experiment.series,
        history_from=experiment.history_from,
        closed_days=tuple(sorted(experiment.closed_days)),
        reference=_reference(spec.reference),
        decision=Decision(**spec.decision.model_dump()),
        assumptions=Assumptions(**spec.assumptions.model_dump()),
        gate=Gate(**spec.gate.model_dump()),
        sharing=Sharing(**spec.sharing.model_dump()),
        previous_campaigns=tuple(map(_event, spec.previous_campaigns)),
        incidents=tuple(map(_event, spec.incidents)),
        deadlines=tuple(map(_event, spec.deadlines)),
        country_groups=tuple(map(_country_group, spec.country_groups)),
        kpis=tuple(map(_kpi, spec.kpis)),
        secondary=tuple(Secondary(**outcome.model_dump()) for outcome in spec.secondary),
        negative_controls=tuple(
            NegativeControl(table.name, table.source) for table in spec.negative_controls
        ),
        targeting=concrete_targeting(spec.targeting) if spec.targeting else None,
        assignment=concrete_assignment(spec.assignment) if spec.assignment else None,
        claims=tuple(map(concrete_claim, spec.claims)),
        interventions=tuple(map(concrete_intervention, spec.interventions)),
        exposure=concrete_exposure(spec.exposure) if spec.exposure else None,
        facts=tuple(spec.facts.items()),
        contradictions=tuple(spec.contradictions.items()),
    )
    return replace(protocol, plan=_plan(spec.plan, protocol)) if spec.plan else protocol


def _span(start: date, end: date | None) -> Span:
    return Span(start, end or start)


def _window(spec: Spec) -> Span:
    """As declared; of claims alone, which have no campaign, the day on which they are audited."""
    if spec.window is None:
        return _span(spec.experiment.as_of, None)
    return _span(spec.window.start, spec.window.end)


def _weeks(weeks: int | Literal["all"]) -> int | None:
    return None if weeks == "all" else weeks


def _reference(table: ReferenceTable) -> Reference:
    return Reference(_weeks(table.weeks), tuple(map(_weeks, table.sensitivity)), table.its_weeks)


def _course(table: CourseTable) -> Course:
    return Course(**(table.model_dump() | {"title": table.title or table.code}))


def _arms(table: ArmsTable) -> Arms:
    rule: TopCountries | Listed
    if table.top:
        rule = TopCountries(table.top.n, table.top.source)
    else:
        listed = table.listed or ListedTable()
        by_course = {course: tuple(names) for course, names in listed.by_course.items()}
        rule = Listed(tuple(listed.countries), tuple(by_course.items()))
    return Arms(rule, tuple(table.exposed), tuple(table.persona), table.reading, table.quoted)


def _wave(table: WaveTable) -> Wave:
    return Wave(
        id=table.id,
        channel=table.channel,
        courses=tuple(table.courses),
        portfolio=table.portfolio,
        span=_span(table.start, table.end),
        arms=tuple(table.arms),
        assumed=table.assumed,
        bounds=_span(table.bounds.start, table.bounds.end) if table.bounds else None,
        budget=Budget(table.budget.A, table.budget.assumed) if table.budget else None,
    )


def _event(table: EventTable) -> Event:
    span = _span(table.start, table.end)
    return Event(table.name, span, tuple(table.courses), table.note, table.left_out)


def _country_group(table: CountryGroupTable) -> CountryGroup:
    return CountryGroup(table.name, tuple(table.countries), tuple(table.claimed_weak))


def _kpi(table: KpiTable) -> Kpi:
    return Kpi(
        name=table.name,
        baseline=table.baseline,
        target=table.target,
        result=table.result,
        unit=table.unit,
        note=table.note,
        by_course=tuple(table.by_course.items()),
        measure=_measure(table),
    )


def _measure(table: KpiTable) -> Counted | Posted | Mailed | OfChannel | None:
    if table.counted:
        span = table.counted.baseline_span
        whole = _span(span.start, span.end) if span else None
        return Counted(**(table.counted.model_dump() | {"baseline_span": whole}))
    if table.posts:
        definition = tuple(table.posts.definition)
        return Posted(**(table.posts.model_dump() | {"definition": definition}))
    if table.channel:
        lists = {"per": tuple(table.channel.per), "courses": tuple(table.channel.courses)}
        return OfChannel(**(table.channel.model_dump() | lists))
    return Mailed(table.email.figure) if table.email else None


def _source(table: SourceTable, folder: Path) -> Source:
    paths = [table.path] if isinstance(table.path, str) else table.path
    return Source(
        name=table.name,
        kind=table.kind,
        paths=tuple(Path(os.path.normpath(folder / path)) for path in paths),
        columns=tuple(table.columns.items()),
        course=table.course,
        absent_is_zero=table.absent_is_zero,
    )


def _plan(table: PlanTable, protocol: Protocol) -> Plan:
    """What the table says; the rest as it would be without the table."""
    default = plan_of(protocol)
    given: dict[str, Any] = {
        "name": table.name,
        "questions": tuple(table.questions) if table.questions else None,
        "weeks": table.weeks,
        "channels": tuple(_planned_channel(own, protocol) for own in table.channels) or None,
        "courses": table.courses or _as_many(table, default),
        "candidates": tuple(table.candidates) or None,
        "minimum_cell": table.minimum_cell,
        "smallest_lift": table.smallest_lift,
        "seed": table.seed,
    }
    return replace(
        default,
        **{name: value for name, value in given.items() if value is not None},
        start=table.start or next_start(protocol, table.washout_weeks),
        new_courses=tuple(map(_course, table.new_courses)),
        budget=table.budget,
        currency=table.currency,
        left_out=table.left_out,
        no_ads=table.no_ads,
        mailing=Mailing(**table.mailing.model_dump()) if table.mailing else None,
        markets=_markets(table.markets) if table.markets else None,
        blackouts=tuple(_span(span.start, span.end) for span in table.blackouts),
        holidays=tuple(Event(day.name, _span(day.start, day.end)) for day in table.holidays),
        power=table.power,
        washout_weeks=table.washout_weeks,
    )


def _markets(table: MarketsTable) -> PlannedMarkets:
    return PlannedMarkets(
        tuple(table.sizes),
        tuple(table.weeks),
        tuple(table.lifts),
        tuple(table.include),
        tuple(table.exclude),
        table.cost_per_extra,
    )


def _as_many(table: PlanTable, default: Plan) -> int:
    """As many courses as before, or as there are to choose from."""
    candidates = table.candidates or default.candidates
    return min(default.courses, len(candidates) + len(table.new_courses))


def _planned_channel(table: PlannedChannelTable, protocol: Protocol) -> PlannedChannel:
    """A channel of this experiment with its cost, or a new one."""
    known = next((own for own in protocol.channels if own.name == table.name), None)
    return PlannedChannel(
        name=table.name,
        kind=table.kind or (known.kind if known else ""),
        network=table.network or (known.network if known else ""),
        tag=table.tag or (known.tag if known else None),
        per_wave=table.per_wave,
        per_enrolment=table.per_enrolment,
        assumed=table.assumed,
    )
