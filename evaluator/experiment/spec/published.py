"""The tables of published claims and of testable advice as written, and what they mean.

A claim says what was printed, and at most one of its tables says what recomputes it: `proportion`
(how far those asked leave a share open), `arithmetic` (from other claims), `counts` (from the
counts of the outcome), `row` (beside a row of the evaluation), `design` (from waves and arms),
`exposed` (from the two arms under [exposure]). Where unit, window, population or definition of
the two sides differ, the answer is that they cannot be compared, and in what.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from evaluator.experiment.protocol import Question, Span
from evaluator.experiment.published import (
    Arithmetic,
    Intervention,
    Obtained,
    OfCounts,
    OfDesign,
    OfExposure,
    OfRow,
    Operation,
    Proportion,
    Published,
    Recomputed,
    Untouched,
)
from evaluator.experiment.spec.judged import SpanTable
from evaluator.experiment.spec.table import Table, Text, Texts

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# A file holds text where Python holds an enum: these alone are not read strictly.
AnOperation = Annotated[Operation, Field(strict=False)]
AQuestion = Annotated[Question, Field(strict=False)]
Untouchable = Annotated[Untouched, Field(strict=False)]
AWayObtained = Annotated[Obtained, Field(strict=False)]


class ProportionTable(Table):
    """The claim is a share of those asked: its interval is Wilson's."""

    of: float | Text | None = Field(
        None, description='How many were asked, as printed: 250, "100+"; left out: not stated.'
    )
    random: bool = Field(False, description="Whether the source says that chance drew them.")
    against: Text | None = Field(
        None, description="Name of another claim: a share that this one is set beside."
    )


class ArithmeticTable(Table):
    """The claim follows from other claims."""

    operation: AnOperation = Field(
        description="same: published elsewhere; sum; mean; difference: first less second; ratio:"
        " first over second; factor: a change in per cent as a factor; percent: the reverse;"
        " per_day: a change between two windows, a day of each."
    )
    of: Texts = Field(min_length=1, description="Names of the claims it follows from.")


class CountsTable(Table):
    """The claim counts the outcome in its window, or says how much more it is than `before`."""

    courses: Texts = Field(min_length=1, description="Courses (or series) that are added up.")
    weekdays: list[Weekday] = Field([], description="Days of the week that count; none: all.")
    per_day: bool = Field(False, description="Whether means a day are compared, not totals.")
    by_weekday: bool = Field(
        False, description="Whether it is the mean of the changes by weekday, each alike."
    )


class RowTable(Table):
    """The claim is set beside a row of the evaluation: it is compared only with an effect."""

    question: AQuestion = Field(description="Question of the row.")
    course: Text = Field("all", description='Course of the row, or "all".')
    channel: Text = Field("all", description='Channel of the row, or "all".')
    arm: Text = Field("all", description='Arm of the row, or "all".')
    method: str = Field("", description="Method of the row; left out: its headline.")
    figure: Literal["extra", "lift", "percent"] = Field(
        "extra", description="extra enrolments, the lift as a factor, or the lift in per cent."
    )


class DesignTable(Table):
    """The claim is about the design: recomputed from waves, arms and previous campaigns."""

    untouched: list[Untouchable] = Field(
        [], description="What is said to have been left alone: a control group, a time before."
    )
    apart: Texts = Field([], description="Channels whose effects are told apart, by name.")


class ExposedTable(Table):
    """The claim is a figure of the two arms under [exposure]."""

    name: Text = Field(description="Name of a proportion or an invariant.")
    figure: Literal[
        "treated", "other", "difference", "se", "low", "high", "share", "sign_days", "sign_p"
    ] = Field(
        description="proportion of an arm, difference, its pooled standard error and interval;"
        " of an invariant: share of the treated arm, low and high of what chance leaves open;"
        " sign_days: days on which the treated arm is above; sign_p: two-sided."
    )


class PublishedTable(Table):
    """What somebody published. What the source does not say is left out."""

    name: Text = Field(description="Short name of the claim, as shown.")
    value: float | Text | None = Field(
        None,
        description='As printed: 96, "96%", "3 in 5", "over 70%", "100+", "almost double"; a figure'
        " that is malformed is written as it stands.",
    )
    unit: str = Field("", description='What one is, after the number: "% of marketers", "×".')
    window: SpanTable | None = Field(None, description="Days that it is about.")
    before: SpanTable | None = Field(None, description="Days that it is a change from.")
    population: str = Field("", description="Of whom, in the source's words.")
    definition: str = Field("", description="What is counted, in the source's words.")
    obtained: AWayObtained = Field(
        Obtained.COUNTED, description="How whoever published it came by it."
    )
    effect: bool = Field(
        False, description="Whether the source says it as the effect of something."
    )
    source: Text = Field(description="Where it stands: document, section, line.")
    quote: str = Field("", description="The words of the source.")
    published: date | None = Field(None, description="Day on which it was published.")
    proportion: ProportionTable | None = Field(None, description="It is a share of those asked.")
    arithmetic: ArithmeticTable | None = Field(None, description="It follows from other claims.")
    counts: CountsTable | None = Field(None, description="It counts the outcome.")
    row: RowTable | None = Field(None, description="It is set beside a row.")
    design: DesignTable | None = Field(None, description="It is about the design.")
    exposed: ExposedTable | None = Field(None, description="It is a figure of two arms.")


class InterventionTable(Table):
    """Advice as an intervention that can be tested."""

    name: Text = Field(description="The advice, short.")
    change: Text = Field(description="What is done otherwise than now.")
    outcome: Text = Field(description="What it is to move.")
    comparison: Text = Field(description="What is compared with what, and who decides.")
    template: Text = Field(description="Template of `evaluator init` that plans it.")


def concrete_claim(table: PublishedTable) -> Published:
    """What the tables of a claim mean."""
    return Published(
        name=table.name,
        value=table.value,
        unit=table.unit,
        window=_span(table.window),
        before=_span(table.before),
        population=table.population,
        definition=table.definition,
        obtained=table.obtained,
        effect=table.effect,
        source=table.source,
        quote=table.quote,
        published=table.published,
        recompute=_recompute(table),
    )


def concrete_intervention(table: InterventionTable) -> Intervention:
    """What the table of an intervention means."""
    return Intervention(**table.model_dump())


def _recompute(table: PublishedTable) -> Recomputed | None:
    if table.proportion:
        return Proportion(**table.proportion.model_dump())
    if table.arithmetic:
        return Arithmetic(table.arithmetic.operation, tuple(table.arithmetic.of))
    if table.counts:
        days = tuple(sorted(WEEKDAYS.index(day) for day in table.counts.weekdays))
        own = table.counts
        return OfCounts(tuple(own.courses), days, own.per_day, own.by_weekday)
    if table.row:
        return OfRow(**(table.row.model_dump() | {"question": table.row.question.value}))
    if table.design:
        return OfDesign(tuple(table.design.untouched), tuple(table.design.apart))
    return OfExposure(table.exposed.name, table.exposed.figure) if table.exposed else None


def _span(table: SpanTable | None) -> Span | None:
    return Span(table.start, table.end) if table else None
