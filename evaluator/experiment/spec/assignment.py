"""The table `[assignment]` as written."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evaluator.experiment.assignment import Assignment, AssignmentRule, Drawn
from evaluator.experiment.spec.table import Table, Text, Texts

# A file holds text where Python holds an enum: this alone is not read strictly.
ARule = Annotated[AssignmentRule, Field(strict=False)]


class DrawnTable(Table):
    """How one part of the design was assigned."""

    rule: ARule = Field(description="How it was decided; none: somebody chose.")
    groups: list[Texts] = Field([], description="Strata or pairs within which it was drawn.")
    criterion: Text | None = Field(
        None, description="The balance at which redrawing stopped, in words."
    )


class DrawnOrderTable(DrawnTable):
    """How the order of paid and organic promotion was assigned."""

    network: Text | None = Field(
        None, description="Network on which it was drawn; by default all that have both orders."
    )


class AssignmentTable(Table):
    """What was drawn by chance; what came out stands under waves, arms and others."""

    seed: int | None = Field(None, ge=0, description="From which the draws can be made again.")
    courses: DrawnTable | None = Field(None, description="Which courses are promoted or left out.")
    countries: DrawnTable | None = Field(None, description="Which units are arm A.")
    order: DrawnOrderTable | None = Field(
        None, description="Which promoted courses have paid promotion first, which organic."
    )
    weeks: DrawnTable | None = Field(None, description="Which weeks are promoted.")


def concrete_assignment(table: AssignmentTable) -> Assignment:
    """What the tables mean."""
    return Assignment(
        table.seed,
        *(_drawn(own) for own in (table.courses, table.countries, table.order, table.weeks)),
    )


def _drawn(table: DrawnTable | None) -> Drawn | None:
    if table is None:
        return None
    network = table.network if isinstance(table, DrawnOrderTable) else None
    groups = tuple(map(tuple, table.groups))
    return Drawn(table.rule, groups, table.criterion or "", network or "")
