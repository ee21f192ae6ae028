"""What is compared: the promoted courses, the other courses, the arms."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from evaluator.experiment.protocol import Quoted
from evaluator.experiment.spec.table import Arm, Table, Text, Texts

CourseStatus = Literal["existing", "newly published", "new"]
# A file holds text where Python holds an enum: this alone is not read strictly.
AQuoted = Annotated[Quoted, Field(strict=False)]


class CourseTable(Table):
    """One promoted course."""

    code: Text = Field(description="Code under which the data know the course.")
    title: str = Field("", description="Title for people; by default the code.")
    status: CourseStatus = Field("existing", description="What the course was before.")
    available_from: date | None = Field(
        None, description="First day on which anybody could enrol; by default before the data."
    )
    assumed: bool = Field(False, description="Whether available_from is assumed.")
    published_total: int | None = Field(
        None, ge=0, description="Total published for the window, where somebody published it."
    )
    own_deadlines: bool = Field(
        False, description="Whether the course has a deadline calendar of its own."
    )
    outcome: Text | None = Field(
        None, description="What is counted of it, plural, if not experiment.outcome."
    )


class OthersTable(Table):
    """The courses that nobody promoted individually: listed, or named by a catalogue."""

    codes: Texts = Field([], description="Their codes, listed here.")
    catalogue: Text | None = Field(
        None, description='Name of the source of kind "courses" that lists them.'
    )
    left_out: Texts = Field(
        [], description="Which of them no promotion reaches, not even that of the portfolio."
    )


class TopTable(Table):
    """Arm A by rule: the units with most participants in the topic of the course."""

    n: int = Field(ge=1, description="How many units.")
    source: Text = Field(description='Name of the source of kind "participants".')


class ListedTable(Table):
    """Arm A by name."""

    countries: Texts = Field([], description="Units of arm A for every course not named below.")
    by_course: dict[str, Texts] = Field({}, description="Units of arm A, course by course.")


class ArmsTable(Table):
    """How the units split into arm A and arm B (all the rest): by `top` or by `listed`."""

    top: TopTable | None = Field(None, description="Arm A by rule.")
    listed: ListedTable | None = Field(None, description="Arm A by name.")
    exposed: list[Arm] = Field(["A", "B"], description="Arms that saw the campaign.")
    persona: list[Arm] = Field(["A", "B"], description="Arms to which the persona applied.")
    reading: str = Field("", description="Which reading of the source this takes, in words.")
    quoted: AQuoted = Field(
        Quoted.WIDER, description="Estimate quoted for a course: by unit, as series, or the wider."
    )
