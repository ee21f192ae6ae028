"""What each wave spent by arm, against the split that was planned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from evaluator.assumptions.data.counting import some
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status

if TYPE_CHECKING:
    import pandas as pd

BUDGET = "delivered against planned budget"
TOLERANCE = 0.05
"""Share of a wave's money that may go to the other arm than planned."""


def delivered(resolved: Resolved) -> Iterator[Finding]:
    """Spend of each wave by arm, against the split that was planned."""
    planned = {wave.id: wave.budget for wave in resolved.protocol.waves if wave.budget}
    if not planned:
        return
    delivery = resolved.tables.get("delivery")
    shares = _shares_of_a(delivery) if delivery is not None else {}
    told = {wave: shares[wave] - budget.a for wave, budget in planned.items() if wave in shares}
    if not told:
        yield Finding(
            BUDGET,
            Status.NOT_RUN,
            "what each wave spent by arm is not known",
            "export the delivery of each wave by arm, with its cost",
        )
        return
    away = {wave: off for wave, off in told.items() if abs(off) > TOLERANCE}
    most = max(told.values(), key=abs)
    listed = some([f"{wave} ({planned[wave].a + off:.0%} to A)" for wave, off in away.items()])
    assumed = " (assumed)" if any(planned[wave].assumed for wave in told) else ""
    yield Finding(
        BUDGET,
        Status.WARN if away else Status.PASS,
        f"{len(away)} of {len(told)} waves spent more than {TOLERANCE:.0%} of their money in"
        f" another arm than planned{assumed}: {listed}"
        if away
        else f"{len(told)} waves spent as planned{assumed} by arm, within {abs(most):.1%} of the"
        f" money ({TOLERANCE:.0%} are allowed)",
        "read a difference between the arms as one of dose too" if away else "",
        TOLERANCE - abs(most),
    )


def _shares_of_a(delivery: pd.DataFrame) -> Mapping[str, float]:
    """Wave → arm A's share of what it spent, where the table tells both."""
    import pandas as pd

    column = next((name for name in delivery.columns if str(name).split("_")[0] == "spend"), None)
    if column is None or not {"wave", "arm"} <= set(delivery.columns):
        return {}
    spent = pd.to_numeric(delivery[column], errors="coerce").groupby(
        [delivery["wave"], delivery["arm"]]
    )
    by_arm = spent.sum().unstack(fill_value=0)
    if not {"A", "B"} <= set(by_arm.columns):
        return {}
    both = by_arm["A"] + by_arm["B"]
    return {str(wave): float(by_arm["A"][wave] / both[wave]) for wave in both.index[both > 0]}
