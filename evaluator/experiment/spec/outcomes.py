"""What is counted beside enrolments: published indicators, secondary and negative outcomes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from evaluator.experiment.secondary import SecondaryKind
from evaluator.experiment.spec.judged import SpanTable
from evaluator.experiment.spec.table import Table, Text, Texts

Period = Literal["day", "week", "month", "year"]
# A file holds text where Python holds an enum: this alone is not read strictly.
ASecondaryKind = Annotated[SecondaryKind, Field(strict=False)]


class CountedTable(Table):
    """A mean of the promoted courses, recomputed from the counts of the outcome."""

    per: Period = Field(description="Unit of time of KPI baseline and target.")
    result_days: float | None = Field(
        None, gt=0, description="Days over which the result was counted; by default one unit."
    )
    increase_percent: float | None = Field(
        None, description="Increase over the KPI baseline, as the target was worded."
    )
    baseline_span: SpanTable | None = Field(None, description="Days of the KPI baseline.")
    baseline_courses: Literal["promoted", "all"] = Field(
        "promoted", description="Courses of which the KPI baseline is the mean."
    )


class PostedTable(Table):
    """A figure of posts, recomputed from a source of kind "posts"."""

    figure: Text = Field(description="Column of the figure.")
    of: Literal["courses", "portfolio"] = Field(
        "courses", description="Posts of the promoted courses, or all others."
    )
    page: Text | None = Field(None, description="Page the posts were on; by default any.")
    shown: Text | None = Field(
        None, description="Column of the same figure as published a second time."
    )
    definition: Texts = Field(
        [], description="Columns that by the published definition add up to the figure."
    )


class MailedTable(Table):
    """A share of the recipients, from a source of kind "email"; published ones are 0 to 1."""

    figure: Literal["opens", "clicks"] = Field(description="What recipients did.")


class OfChannelTable(Table):
    """A figure of a channel, from last-touch tags and delivery; published rates are 0 to 1."""

    name: Text = Field(description="Name of a declared channel.")
    count: Literal["attributed", "spend", "reach"] = Field(description="What is counted.")
    per: list[Literal["attributed", "clicks", "reach"]] = Field(
        [], description="What it is divided by; several: the source does not settle which."
    )
    courses: Texts = Field([], description="Promoted courses concerned; none: all.")
    at_least: bool = Field(False, description='Whether it was published as "more than".')
    definition: str = Field("", description="What the source says that it is, in words.")


class KpiTable(Table):
    """A published indicator, as published: what nobody published is left out."""

    name: Text = Field(description="Name of the indicator.")
    baseline: float | None = Field(None, description="KPI baseline.")
    target: float | None = Field(None, description="Target.")
    result: float | None = Field(None, description="Result.")
    by_course: dict[str, float] = Field({}, description="Results published course by course.")
    unit: Text = Field(description="Unit, with its period and its population.")
    note: str = Field("", description="Anything a reader should know.")
    counted: CountedTable | None = Field(None, description="It counts the outcome.")
    posts: PostedTable | None = Field(None, description="It is a figure of posts.")
    email: MailedTable | None = Field(None, description="It is a share of recipients.")
    channel: OfChannelTable | None = Field(None, description="It is a figure of a channel.")


class SecondaryTable(Table):
    """What else became of the people who enrolled."""

    name: Text = Field(description="Short name of the outcome, as shown.")
    kind: ASecondaryKind = Field(description="What makes an enrolment count.")
    days: int | None = Field(None, ge=1, description="Within how many days after the enrolment.")
    source: Text | None = Field(None, description='Name of the source of kind "conversions".')


class NegativeControlTable(Table):
    """An outcome of the same courses that the campaign cannot have moved."""

    name: Text = Field(description="Short name of the outcome, as shown.")
    source: Text = Field(description='Name of the source of kind "negative_control".')
