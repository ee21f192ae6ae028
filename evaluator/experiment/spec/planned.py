"""The table `[plan]` as written."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from evaluator.experiment.protocol import Question
from evaluator.experiment.spec.compared import CourseTable
from evaluator.experiment.spec.judged import SpanTable
from evaluator.experiment.spec.promotion import ChannelKind
from evaluator.experiment.spec.table import Table, Text, Texts

# A file holds text where Python holds an enum: this alone is not read strictly.
AQuestion = Annotated[Question, Field(strict=False)]


class PlannedChannelTable(Table):
    """A channel that the next experiment may use, and what it costs."""

    name: Text = Field(description="Name of the channel; one declared above needs no kind.")
    kind: ChannelKind | None = Field(None, description="How a new channel reaches people.")
    network: str = Field("", description="Network or pages of a new channel, for people.")
    tag: Text | None = Field(None, description="Last-touch label of a new channel.")
    per_wave: float | None = Field(None, ge=0, description="Cost of one wave of one course.")
    per_enrolment: float | None = Field(
        None, ge=0, description="Cost of one enrolment that the channel is credited with."
    )
    assumed: bool = Field(False, description="Whether the cost is assumed, not quoted or paid.")


class MailingTable(Table):
    """A mailing list of which chance is to hold a part out."""

    recipients: int = Field(ge=2, description="People on the list.")
    holdout: float = Field(0.2, gt=0, lt=1, description="Share of them that is sent nothing.")
    response: float | None = Field(
        None, gt=0, lt=1, description="Share expected to enrol without being sent anything."
    )
    assumed: bool = Field(False, description="Whether the response is assumed, not counted.")


class MarketsTable(Table):
    """Countries of which some are to be chosen, to promote in these alone."""

    sizes: list[Annotated[int, Field(ge=1)]] = Field(
        min_length=1, description="Numbers of countries to promote in, as [2, 3]."
    )
    weeks: list[Annotated[int, Field(ge=1)]] = Field(
        min_length=1, description="Lengths of the campaign to try, as [4, 8]."
    )
    lifts: list[Annotated[float, Field(gt=0)]] = Field(
        [1.05, 1.1, 1.15, 1.2, 1.25, 1.5, 2.0],
        min_length=1,
        description="Lifts to try; below 1 where promotion is to be taken away.",
    )
    include: Texts = Field([], description="Countries in every set.")
    exclude: Texts = Field([], description="Countries in none; they are compared with.")
    cost_per_extra: float | None = Field(
        None, gt=0, description="Money for one extra enrolment; by it the budget limits the sets."
    )


class HolidayTable(Table):
    """Days unlike others, on which no wave is to run."""

    name: Text = Field(description="What they are, in a few words.")
    start: date = Field(description="First day.")
    end: date | None = Field(None, description="Last day, included; by default the first.")


class PlanTable(Table):
    """The next experiment: what it is to answer, with what means, under which constraints."""

    name: str | None = Field(
        None, pattern=r"^\w[\w.-]*$", description="Its name; by default this one's and -next."
    )
    questions: list[AQuestion] | None = Field(
        None, min_length=1, description="Questions it is to answer; by default this one's."
    )
    start: date | None = Field(
        None,
        description="First day of its window; by default the first Monday after all that is known,"
        " and the washout.",
    )
    weeks: int | None = Field(
        None, ge=1, description="Length of its window; by default this one's, in whole weeks."
    )
    budget: float | None = Field(None, gt=0, description="For all channels; by default no limit.")
    currency: str = Field("", description="Currency of budget and costs, as EUR.")
    channels: list[PlannedChannelTable] = Field(
        [], description="Channels it may use; by default those of this one, costs unknown."
    )
    courses: int | None = Field(
        None, ge=1, description="Courses to promote individually; by default as many as here."
    )
    candidates: Texts = Field(
        [], description="Courses to choose from; by default the promoted ones of this one."
    )
    new_courses: list[CourseTable] = Field(
        [], description="Courses without history that are promoted whatever is chosen."
    )
    left_out: int = Field(0, ge=0, description="Other courses left out of every promotion.")
    no_ads: float = Field(0.0, ge=0, lt=1, description="Share of units that see no paid ads.")
    mailing: MailingTable | None = Field(None, description="A mailing list, part of it held out.")
    markets: MarketsTable | None = Field(
        None, description="A selection of countries to promote in alone; by default none."
    )
    blackouts: list[SpanTable] = Field([], description="Days on which nothing can be promoted.")
    holidays: list[HolidayTable] = Field([], description="Days unlike others, with their names.")
    minimum_cell: int | None = Field(
        None,
        ge=0,
        description="Enrolments expected in the window that a course needs in each arm; by default"
        " sharing.minimum_cell.",
    )
    power: float = Field(
        0.8, gt=0, lt=1, description="Chance of finding the smallest lift that is wanted."
    )
    smallest_lift: float | None = Field(
        None, gt=1, description="Smallest lift worth finding; by default decision.smallest_lift."
    )
    washout_weeks: int = Field(
        1, ge=0, description="Whole weeks between two waves of one course, to wear off."
    )
    seed: int | None = Field(
        None, ge=0, description="Of assignment and draws; by default experiment.seed + 1."
    )
