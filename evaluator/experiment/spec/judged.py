"""What is evaluated, when, against which weeks, and how it is judged."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from evaluator.experiment.protocol import (
    Assumptions,
    Bin,
    DataKind,
    Decision,
    Question,
    Reference,
)
from evaluator.experiment.spec.table import Table, Text

# A file holds text where Python holds an enum: these alone are not read strictly.
AQuestion = Annotated[Question, Field(strict=False)]
ABin = Annotated[Bin, Field(strict=False)]
ADataKind = Annotated[DataKind, Field(strict=False)]


def _weeks(value: Any) -> Any:
    if value == "all" or (type(value) is int and value >= 1):
        return value
    raise PydanticCustomError("weeks", 'must be a whole number of weeks, 1 or more, or "all"')


Weeks = Annotated[Annotated[int, Field(ge=1)] | Literal["all"], BeforeValidator(_weeks)]


class ExperimentTable(Table):
    """What is evaluated, and as of when."""

    name: str = Field(pattern=r"^\w[\w.-]*$", description="Short name, as in results/<name>/.")
    title: str = Field("", description="Title for people; by default the name.")
    as_of: date = Field(description="Last day of data that the evaluation may use.")
    timezone: Text = Field("UTC", description="IANA zone in which a day begins and ends.")
    data_kind: ADataKind = Field(description="Whether the numbers were observed or made.")
    seed: int = Field(1, ge=0, description="Seed of every random draw.")
    questions: list[AQuestion] = Field(description="Questions that become rows.")
    bin: ABin = Field(Bin.WEEK, description="Length of a period of the weekly-series comparisons.")
    outcome: Text = Field("enrolments", description="What is counted, plural, for sentences.")
    unit: Text = Field("country", description="What the units of an arm are, singular.")
    series: Text = Field("course", description="What is called a course here, singular.")
    history_from: date | None = Field(
        None, description="First day to read; by default the first day in the data."
    )
    closed_days: list[date] = Field(
        [], description="Days on which nothing could be counted: a gap there is no error."
    )


class SpanTable(Table):
    """Days from start to end, both included."""

    start: date = Field(description="First day.")
    end: date = Field(description="Last day, included.")


class ReferenceTable(Table):
    """The weeks before the window that are used as base."""

    weeks: Weeks = Field(
        Reference().weeks or "all", description='Weeks used as base, or "all" of history.'
    )
    sensitivity: list[Weeks] = Field(
        [weeks or "all" for weeks in Reference().sensitivity],
        description="Other lengths to show beside it.",
    )
    its_weeks: int = Field(
        Reference().its_weeks,
        ge=1,
        description="Reference of the interrupted time series, at most, in weeks.",
    )


class DecisionTable(Table):
    """The rule that turns an interval into a verdict."""

    level: float = Field(Decision().level, gt=0.5, lt=1, description="Level of the intervals.")
    smallest_lift: float = Field(
        Decision().smallest_lift,
        gt=1,
        description="Smallest lift worth having, multiplicative: 1.1 is +10%.",
    )
    precision: float = Field(
        Decision().precision,
        gt=1,
        description="A size is known when lift / low and high / lift are at most this factor.",
    )


class AssumptionsTable(Table):
    """Which of the longer looks at assumptions are taken."""

    causal_graph: bool = Field(
        Assumptions().causal_graph,
        description="Whether DoWhy reads the causal graph, beside the estimation.",
    )
