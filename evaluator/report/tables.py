"""Rows as flat records: what a data frame, a CSV file and the JSON file have in common."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from evaluator.evaluation import Evaluation
from evaluator.experiment.protocol import Protocol
from evaluator.report.belief import widest
from evaluator.report.conclusion import conclusion, subject_of
from evaluator.results import (
    Amount,
    Effect,
    Extra,
    Interval,
    Row,
    Share,
    Shrunk,
    Simultaneous,
    Status,
)

Record = Mapping[str, Any]

COLUMNS = (
    *("question", "course", "channel", "arm", "estimand", "method", "variant", "role"),
    *("log_lift", "lift", "lift_low", "lift_high", "lift_low_sim", "lift_high_sim"),
    *("extra_realised", "extra_realised_low", "extra_realised_high"),
    *("extra_realised_low_sim", "extra_realised_high_sim"),
    *("extra_expected", "extra_expected_low", "extra_expected_high"),
    *("p", "p_extra", "p_extra_expected", "p_adjusted", "verdict", "status", "reason"),
    *("n_reference", "n_window", "coverage", "coverage_se", "observed", "level", "data_kind"),
    *("lift_shrunk", "lift_shrunk_low", "lift_shrunk_high", "weight_on_own"),
    *("extra_shrunk", "extra_shrunk_low", "extra_shrunk_high"),
    *("attributed", "spend", "cost_per_attributed"),
    *("cost_per_extra", "cost_per_extra_low", "cost_per_extra_high", "cost_note"),
    *("share", "share_low", "share_high", "share_of"),
    *("lift_low_beside", "lift_high_beside", "breakdown", "conclusion"),
    "findings",
)
"""Of every table that a machine reads, in this order.

Lifts are multiples, `*_sim` hold for a family of rows together, `coverage` is a share of campaigns
at no lift, `*_beside` are the ends of the smallest interval around all wider ones that the verdict
had to hold in, `breakdown` is the departure from parallel trends (as a multiple of the largest
before the window) from which no effect is not excluded: inf where it always is. `conclusion` is the
verdict as a sentence, `findings` names what did not pass.
"""

SIGNIFICANT_DIGITS = 12
"""Further digits differ between processors and linear-algebra libraries."""


def records(evaluation: Evaluation) -> list[dict[str, Any]]:
    """One record a row, in the order of the table.

    Numbers that a row does not have are None; `findings` names what did not pass.
    """
    return [_record(row, evaluation.protocol) for row in evaluation.rows]


def rounded(value: float) -> float:
    """The same value on every machine.

    >>> rounded(0.1 + 0.2)
    0.3
    """
    return float(f"{float(value):.{SIGNIFICANT_DIGITS}g}")


def _record(row: Row, protocol: Protocol) -> dict[str, Any]:
    record = {
        **{name: getattr(row.key, name) for name in ("question", "course", "channel", "arm")},
        "estimand": row.estimand.name,
        "method": row.key.method,
        "variant": row.key.variant,
        "role": row.role.value,
        **_lifts(row.effect, row.simultaneous, row.level),
        **_extras(row.extra, row.extra_simultaneous),
        "p_adjusted": row.simultaneous.p_adjusted if row.simultaneous else None,
        "verdict": row.verdict.value,
        "status": row.status.value,
        "reason": row.reason,
        **{name: getattr(row, name) for name in ("n_reference", "n_window", "observed", "level")},
        "coverage": row.coverage,
        "coverage_se": row.coverage_se,
        "data_kind": protocol.data_kind.value,
        **_shrunk(row.shrunk),
        **_costs(row),
        **_share(row.share),
        **_beside(row),
        "breakdown": row.breakdown,
        "conclusion": conclusion(row, subject_of(row, protocol)),
        "findings": "; ".join(
            f"{finding.name}: {finding.status}"
            for finding in row.findings
            if finding.status is not Status.PASS
        ),
    }
    return {
        name: rounded(record[name]) if isinstance(record[name], float) else record[name]
        for name in COLUMNS
    }


def _lifts(
    effect: Effect | None, simultaneous: Simultaneous | None, level: float
) -> dict[str, float | None]:
    own = effect.interval(level).exp() if effect else None
    together = simultaneous.interval(level).exp() if simultaneous else None
    return {
        "log_lift": effect.log_lift if effect else None,
        "lift": effect.lift if effect else None,
        "lift_low": own.low if own else None,
        "lift_high": own.high if own else None,
        "lift_low_sim": together.low if together else None,
        "lift_high_sim": together.high if together else None,
        "p": effect.p_value() if effect else None,
    }


def _extras(extra: Extra | None, together: Interval | None) -> dict[str, float | None]:
    return {
        **_ends("extra_realised", extra.realised if extra else None),
        "extra_realised_low_sim": together.low if together else None,
        "extra_realised_high_sim": together.high if together else None,
        **_ends("extra_expected", extra.expected if extra else None),
        "p_extra": extra.realised.p if extra else None,
        "p_extra_expected": extra.expected.p if extra else None,
    }


def _beside(row: Row) -> dict[str, float | None]:
    ends = widest(row)
    lifts = ends.exp() if ends else None
    return {
        "lift_low_beside": lifts.low if lifts else None,
        "lift_high_beside": lifts.high if lifts else None,
    }


def _shrunk(shrunk: Shrunk | None) -> dict[str, float | None]:
    ends = shrunk.interval.exp() if shrunk else None
    return {
        "lift_shrunk": math.exp(shrunk.log_lift) if shrunk else None,
        "lift_shrunk_low": ends.low if ends else None,
        "lift_shrunk_high": ends.high if ends else None,
        "weight_on_own": shrunk.weight_on_own if shrunk else None,
        "extra_shrunk": shrunk.extra_value if shrunk else None,
        "extra_shrunk_low": shrunk.extra.low if shrunk and shrunk.extra else None,
        "extra_shrunk_high": shrunk.extra.high if shrunk and shrunk.extra else None,
    }


def _costs(row: Row) -> dict[str, float | str | None]:
    own = row.cost_per_extra_interval
    return {
        **{name: getattr(row, name) for name in ("attributed", "spend", "cost_per_attributed")},
        "cost_per_extra": row.cost_per_extra,
        "cost_note": row.cost_note,
        "cost_per_extra_low": own.low if own else None,
        "cost_per_extra_high": own.high if own else None,
    }


def _share(share: Share | None) -> dict[str, float | None]:
    return {
        "share": share.value if share else None,
        "share_low": share.interval.low if share else None,
        "share_high": share.interval.high if share else None,
        "share_of": share.of if share else None,
    }


def _ends(name: str, value: Amount | None) -> dict[str, float | None]:
    return {
        name: value.value if value else None,
        f"{name}_low": value.interval.low if value else None,
        f"{name}_high": value.interval.high if value else None,
    }
