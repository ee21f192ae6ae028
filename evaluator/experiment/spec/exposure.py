"""Two arms without weeks before as written, and what they mean."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evaluator.experiment.exposure import Compared, Exposure, Invariant
from evaluator.experiment.spec.table import Table, Text

Count = Annotated[float, Field(ge=0)]


class CountsOfArmTable(Table):
    """Successes and trials of an arm, where no table of days is there."""

    successes: Count = Field(description="How many did it.")
    trials: Count = Field(gt=0, description="Of how many.")


class InvariantTable(Table):
    """A number that the exposure cannot have moved."""

    name: Text = Field(description="Short name, as shown.")
    column: Text | None = Field(None, description="Column of the source.")
    treated: Count | None = Field(None, description="Its count in the treated arm.")
    other: Count | None = Field(None, description="Its count in the other arm.")


class ComparedTable(Table):
    """A proportion of each arm."""

    name: Text = Field(description="Short name, as shown.")
    successes: Text | None = Field(None, description="Column of the source: how many did it.")
    trials: Text | None = Field(None, description="Column of the source: of how many.")
    treated: CountsOfArmTable | None = Field(None, description="Counts of the treated arm.")
    other: CountsOfArmTable | None = Field(None, description="Counts of the other arm.")
    smallest: float | None = Field(
        None, gt=0, lt=1, description="Smallest difference worth having, as a share: .01."
    )


class ExposureTable(Table):
    """Two arms without weeks before: what each counted, and whether chance made them."""

    randomised: bool = Field(description="Whether chance put each unit into an arm.")
    share: float = Field(
        0.5, gt=0, lt=1, description="Share of the units that chance was to treat."
    )
    unit: Text = Field("unit", description="What was put into an arm, singular.")
    treated: Text = Field("treated", description="What the source calls the treated arm.")
    other: Text = Field("other", description="What the source calls the other arm.")
    source: Text | None = Field(None, description='Name of the source of kind "arms".')
    invariants: list[InvariantTable] = Field([], description="What exposure cannot have moved.")
    proportions: list[ComparedTable] = Field(min_length=1, description="What is compared.")


def concrete_exposure(table: ExposureTable) -> Exposure:
    """What the table means."""
    return Exposure(
        randomised=table.randomised,
        share=table.share,
        unit=table.unit,
        treated=table.treated,
        other=table.other,
        source=table.source,
        invariants=tuple(Invariant(**own.model_dump()) for own in table.invariants),
        proportions=tuple(map(_compared, table.proportions)),
    )


def _compared(table: ComparedTable) -> Compared:
    treated, other = map(_counts, (table.treated, table.other))
    return Compared(table.name, table.successes, table.trials, treated, other, table.smallest)


def _counts(table: CountsOfArmTable | None) -> tuple[float, float] | None:
    return (table.successes, table.trials) if table else None
