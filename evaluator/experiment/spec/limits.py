"""The tables `[gate]` and `[sharing]` as written."""

from __future__ import annotations

from pydantic import Field

from evaluator.experiment.limits import Gate, Sharing
from evaluator.experiment.spec.table import Table


class GateTable(Table):
    """How far a result may move from the approved one before `evaluator check` fails."""

    max_shift: float = Field(
        Gate().max_shift,
        gt=0,
        description="Most that new data may move an estimate, in approved standard errors.",
    )
    max_width: float = Field(
        Gate().max_width, ge=1, description="Largest factor by which an interval may grow."
    )
    false_alarms: float = Field(
        Gate().false_alarms,
        gt=0,
        lt=1,
        description="Chance of any alarm in one check where nothing changed.",
    )
    campaigns: int = Field(
        Gate().campaigns, ge=50, description="Campaigns of the small paired calibration, a row."
    )
    stale_after: int = Field(
        Gate().stale_after, ge=0, description="Days after as_of from which --today warns."
    )


class SharingTable(Table):
    """What is meant to be shown to others: the page, Markdown and the lock."""

    minimum_cell: int = Field(
        Sharing().minimum_cell,
        ge=0,
        description="Smallest count that is shown; smaller ones, and what would give them away by"
        " subtraction, are suppressed.",
    )
