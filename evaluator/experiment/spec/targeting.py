"""The tables of a contact list as written, and what they mean."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from evaluator.experiment.spec.table import Table, Text
from evaluator.experiment.targeting import (
    ContactArm,
    Feature,
    FeatureKind,
    OutcomeKind,
    Role,
    Targeting,
)


class HoldoutTable(Table):
    """The part of the list that was sent nothing."""

    name: Text = Field(description="What the list calls it.")
    share: float | None = Field(
        None, gt=0, lt=1, description="Probability with which chance held a person out."
    )


class ContactArmTable(Table):
    """A part of the list that was sent something."""

    name: Text = Field(description="What the list calls it.")
    share: float | None = Field(
        None, gt=0, lt=1, description="Probability with which chance put a person here."
    )
    cost: float = Field(ge=0, description="Cost of one contact.")


class FeatureTable(Table):
    """Something known of a person before anything was sent."""

    name: Text = Field(description="Name of the feature, and of its column.")
    kind: Annotated[FeatureKind, Field(strict=False)] = Field(description="What its values are.")
    known: date = Field(description="Day on which it was known: before the window.")
    role: Annotated[Role, Field(strict=False)] = Field(
        Role.BEHAVIOUR, description="What it says of a person; effects are shown by its groups."
    )
    cuts: list[float] = Field(
        [], description="Where groups of a number begin, after the lowest: [1, 4] is 0, 1–3, 4+."
    )


class TargetingTable(Table):
    """Whom to contact next: a list of people of whom chance held some out."""

    source: Text = Field(description='Name of the source of kind "contacts".')
    next: Text | None = Field(
        None, description="Name of the source that lists whom to choose from next."
    )
    outcome: Annotated[OutcomeKind, Field(strict=False)] = Field(
        OutcomeKind.DAY, description="Whether the list has the day of the outcome or a number."
    )
    value: float = Field(gt=0, description="Value of one outcome, in the currency of the costs.")
    currency: str = Field("", description="Currency of value and costs, as EUR.")
    smallest_group: int = Field(
        50, ge=2, description="Groups of fewer people are shown as suppressed."
    )
    holdout: HoldoutTable = Field(description="The part of the list that was sent nothing.")
    arms: list[ContactArmTable] = Field(min_length=1, description="What the others were sent.")
    features: list[FeatureTable] = Field(min_length=1, description="What was known of people.")


def concrete_targeting(table: TargetingTable) -> Targeting:
    """What the tables mean."""
    return Targeting(
        source=table.source,
        outcome=table.outcome,
        value=table.value,
        holdout=ContactArm(table.holdout.name, table.holdout.share),
        arms=tuple(ContactArm(arm.name, arm.share, arm.cost) for arm in table.arms),
        features=tuple(
            Feature(own.name, own.kind, own.known, own.role, tuple(own.cuts))
            for own in table.features
        ),
        currency=table.currency,
        next=table.next,
        smallest_group=table.smallest_group,
    )
