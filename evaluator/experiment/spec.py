"""The experiment file as written: its tables, keys, types and ranges.

`Spec` says what a file may hold; what a file means is `concrete.py`, and what must hold between
its tables is `rules.py`. Every description here reaches the JSON Schema, hence the editor.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from evaluator.experiment.limits_spec import GateTable, SharingTable
from evaluator.experiment.protocol import (
    Assumptions,
    Bin,
    DataKind,
    Decision,
    Question,
    Quoted,
    Reference,
)
from evaluator.experiment.secondary import SecondaryKind
from evaluator.experiment.targeting_spec import TargetingTable

Arm = Literal["A", "B"]
ChannelKind = Literal["paid", "organic", "email", "page"]
Period = Literal["day", "week", "month", "year"]
CourseStatus = Literal["existing", "newly published", "new"]
SourceKind = Literal[
    "events",
    "counts",
    "courses",
    "participants",
    "delivery",
    "posts",
    "email",
    "conversions",
    "contacts",
    "negative_control",
]

Text = Annotated[str, Field(min_length=1)]
Texts = list[Text]
# A file holds text where Python holds an enum: these alone are not read strictly.
AQuestion = Annotated[Question, Field(strict=False)]
ABin = Annotated[Bin, Field(strict=False)]
ADataKind = Annotated[DataKind, Field(strict=False)]
AQuoted = Annotated[Quoted, Field(strict=False)]
ASecondaryKind = Annotated[SecondaryKind, Field(strict=False)]


def _weeks(value: Any) -> Any:
    if value == "all" or (type(value) is int and value >= 1):
        return value
    raise PydanticCustomError("weeks", 'must be a whole number of weeks, 1 or more, or "all"')


def _paths(value: Any) -> Any:
    listed = [value] if isinstance(value, str) else value
    if isinstance(listed, list) and listed and all(isinstance(p, str) and p for p in listed):
        return value
    raise PydanticCustomError("paths", "must be a path or a list of paths, as text")


Weeks = Annotated[Annotated[int, Field(ge=1)] | Literal["all"], BeforeValidator(_weeks)]
Paths = Annotated[Text | Annotated[Texts, Field(min_length=1)], BeforeValidator(_paths)]


class Table(BaseModel):
    """What all tables share: no unknown keys, and no guessing of types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


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


class OthersTable(Table):
    """The courses that nobody promoted individually: listed, or named by a catalogue."""

    codes: Texts = Field([], description="Their codes, listed here.")
    catalogue: Text | None = Field(
        None, description='Name of the source of kind "courses" that lists them.'
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


class ChannelTable(Table):
    """A medium with waves."""

    name: Text = Field(description="Name that waves use.")
    kind: ChannelKind = Field(description="How it reaches people.")
    network: str = Field("", description="Network or pages, for people.")
    tag: Text | None = Field(None, description="Last-touch label of this channel on an enrolment.")


class BudgetTable(Table):
    """How the money of a wave was to be split; the shares add up to 1."""

    A: float = Field(ge=0, le=1, description="Share of arm A.")
    B: float = Field(ge=0, le=1, description="Share of arm B.")
    assumed: bool = Field(False, description="Whether the split is assumed, not published.")


class WaveTable(Table):
    """One burst of promotion on one channel."""

    id: Text = Field(description="Name of the wave, also in tables of delivery.")
    channel: Text = Field(description="Name of a declared channel.")
    courses: Texts = Field([], description="Promoted courses it advertises; none: the portfolio.")
    portfolio: bool = Field(
        False, description="Whether it also advertises courses nobody promoted individually."
    )
    start: date = Field(description="First day.")
    end: date | None = Field(None, description="Last day, included; by default the first.")
    arms: list[Arm] = Field(["A", "B"], min_length=1, description="Arms it went to.")
    assumed: bool = Field(False, description="Whether its dates are assumed, not published.")
    bounds: SpanTable | None = Field(None, description="Published bounds of assumed dates.")
    budget: BudgetTable | None = Field(None, description="Planned split of its money by arm.")


class CountryGroupTable(Table):
    """Countries that are looked at together."""

    name: Text = Field(description="Name of the group.")
    countries: Texts = Field(min_length=1, description="Its countries, as the data write them.")
    claimed_weak: Texts = Field([], description="Channels published as weak here.")


class EventTable(Table):
    """Something else that happened: a previous campaign, an incident, a deadline."""

    name: Text = Field(description="What happened, in a few words.")
    start: date = Field(description="First day.")
    end: date | None = Field(None, description="Last day, included; by default the first.")
    courses: Texts = Field([], description="Courses concerned; none: not known, possibly all.")
    note: str = Field("", description="Anything a reader should know.")


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


class SourceTable(Table):
    """One table of data: where it lies and what its columns are called."""

    name: Text = Field(description="Name under which this file speaks of it.")
    kind: SourceKind = Field(description="What a row is.")
    path: Paths = Field(description="File, pattern or list of them, relative to this file.")
    columns: dict[str, Text] = Field(
        {}, description="What the program calls a column = what the table calls it."
    )
    course: Text | None = Field(
        None, description="Course of every row, for a table without such a column."
    )
    absent_is_zero: bool = Field(
        False, description="Whether a table of counts leaves out its zeros: no gap where absent."
    )


class Spec(Table):
    """A declared experiment: what was promoted, when, to whom, and how it is to be judged."""

    experiment: ExperimentTable = Field(description="What is evaluated, and as of when.")
    window: SpanTable = Field(description="The campaign window.")
    reference: ReferenceTable = Field(ReferenceTable(), description="The weeks used as base.")
    decision: DecisionTable = Field(DecisionTable(), description="From interval to verdict.")
    assumptions: AssumptionsTable = Field(
        AssumptionsTable(), description="Looks at the assumptions that can be left out."
    )
    gate: GateTable = Field(GateTable(), description="When a changed result fails a check.")
    sharing: SharingTable = Field(SharingTable(), description="Which counts are shown to others.")
    courses: list[CourseTable] = Field(min_length=1, description="The promoted courses.")
    others: OthersTable = Field(OthersTable(), description="The courses nobody promoted.")
    arms: ArmsTable | None = Field(None, description="Arm A and arm B.")
    channels: list[ChannelTable] = Field([], description="Media with waves.")
    waves: list[WaveTable] = Field([], description="Bursts of promotion.")
    country_groups: list[CountryGroupTable] = Field([], description="Countries by region.")
    previous_campaigns: list[EventTable] = Field([], description="Campaigns before this one.")
    incidents: list[EventTable] = Field([], description="What went wrong meanwhile.")
    deadlines: list[EventTable] = Field([], description="Dates that move enrolments.")
    kpis: list[KpiTable] = Field([], description="Published indicators.")
    secondary: list[SecondaryTable] = Field([], description="Secondary outcomes.")
    negative_controls: list[NegativeControlTable] = Field(
        [], description="Outcomes that the campaign cannot have moved."
    )
    targeting: TargetingTable | None = Field(None, description="Whom to contact next.")
    sources: list[SourceTable] = Field(min_length=1, description="Tables of data.")
    facts: dict[str, Text] = Field({}, description="Facts that no estimate uses.")
    contradictions: dict[str, Text] = Field(
        {}, description="What was published in two ways that cannot both be, in words."
    )
