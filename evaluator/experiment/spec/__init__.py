"""The experiment file as written: its tables, keys, types and ranges.

`Spec` says what a file may hold; what a file means is `concrete.py`, and what must hold between
its tables is `rules.py`. Every description here reaches the JSON Schema, hence the editor.
"""

from __future__ import annotations

from pydantic import Field

from evaluator.experiment.spec.assignment import AssignmentTable
from evaluator.experiment.spec.compared import ArmsTable, CourseTable, OthersTable
from evaluator.experiment.spec.exposure import ExposureTable
from evaluator.experiment.spec.judged import (
    AssumptionsTable,
    DecisionTable,
    ExperimentTable,
    ReferenceTable,
    SpanTable,
)
from evaluator.experiment.spec.limits import GateTable, SharingTable
from evaluator.experiment.spec.outcomes import KpiTable, NegativeControlTable, SecondaryTable
from evaluator.experiment.spec.planned import PlanTable
from evaluator.experiment.spec.promotion import (
    ChannelTable,
    CountryGroupTable,
    EventTable,
    WaveTable,
)
from evaluator.experiment.spec.published import InterventionTable, PublishedTable
from evaluator.experiment.spec.sources import SourceTable
from evaluator.experiment.spec.table import Table, Text
from evaluator.experiment.spec.targeting import TargetingTable


class Spec(Table):
    """A declared experiment: what was promoted, when, to whom, and how it is to be judged."""

    experiment: ExperimentTable = Field(description="What is evaluated, and as of when.")
    window: SpanTable | None = Field(None, description="The campaign window.")
    reference: ReferenceTable = Field(ReferenceTable(), description="The weeks used as base.")
    decision: DecisionTable = Field(DecisionTable(), description="From interval to verdict.")
    assumptions: AssumptionsTable = Field(
        AssumptionsTable(), description="Looks at the assumptions that can be left out."
    )
    gate: GateTable = Field(GateTable(), description="When a changed result fails a check.")
    sharing: SharingTable = Field(SharingTable(), description="Which counts are shown to others.")
    courses: list[CourseTable] = Field([], min_length=1, description="The promoted courses.")
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
    assignment: AssignmentTable | None = Field(None, description="What was drawn by chance.")
    targeting: TargetingTable | None = Field(None, description="Whom to contact next.")
    plan: PlanTable | None = Field(
        None, description="The next experiment; no part of what this one declares."
    )
    claims: list[PublishedTable] = Field([], description="What somebody published.")
    interventions: list[InterventionTable] = Field([], description="Advice that can be tested.")
    exposure: ExposureTable | None = Field(
        None, description="Two arms without weeks before: what each counted."
    )
    sources: list[SourceTable] = Field([], min_length=1, description="Tables of data.")
    facts: dict[str, Text] = Field({}, description="Facts that no estimate uses.")
    contradictions: dict[str, Text] = Field(
        {}, description="What was published in two ways that cannot both be, in words."
    )
