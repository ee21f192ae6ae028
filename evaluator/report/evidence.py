"""What was looked at for a row, in plain types: lifts, not logarithms, where there is a choice."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from evaluator.report.belief import deciding
from evaluator.results import Bounds, EventStudy, Evidence, Interval, Lead, Placebos, Row


def beside_of(row: Row) -> list[dict[str, Any]]:
    """The wider intervals in which the verdict of a row has to hold."""
    own = deciding(row)
    if row.effect is None or own is None:
        return []
    return [
        {
            "name": one.name,
            "stretch": one.stretch,
            **_ends(one.around(row.effect.log_lift, own)),
        }
        for one in row.beside
    ]


def evidence_of(evidence: Evidence) -> dict[str, Any]:
    """The numbers behind the findings and the figures of a row."""
    study = evidence.event_study
    return {
        "event_study": _event_study(study) if study else None,
        "bounds": [_bounds(bounds) for bounds in evidence.bounds],
        "placebos": [_placebos(placebos) for placebos in evidence.placebos],
        "without": [
            {"kind": one.kind, "left_out": one.left_out, "lift": _lift(one.log_lift)}
            for one in evidence.without
        ],
        "measured": [asdict(measured) for measured in evidence.measured],
    }


def _event_study(study: EventStudy) -> dict[str, Any]:
    return {
        "weeks": [_week(lead) for lead in study.weeks],
        "p": study.p,
        "slope": study.slope,
        "slope_low": study.slope_interval.low,
        "slope_high": study.slope_interval.high,
        "overturning_slope": study.overturning,
        "power": study.power,
    }


def _week(lead: Lead) -> dict[str, Any]:
    return {
        "week": lead.week,
        "lift": _lift(lead.log_lift),
        **_ends(lead.interval),
        **_ends(lead.simultaneous, "_sim"),
    }


def or_infinite(value: float | None) -> float | str | None:
    """JSON has no infinite number: the word that the CSV has.

    >>> or_infinite(math.inf), or_infinite(1.4), or_infinite(None)
    ('inf', 1.4, None)
    """
    return "inf" if value is not None and math.isinf(value) else value


def _bounds(bounds: Bounds) -> dict[str, Any]:
    return {
        "kind": bounds.kind,
        "breakdown": or_infinite(bounds.breakdown),
        "intervals": [
            {"size": size, **_ends(interval)}
            for size, interval in zip(bounds.at, bounds.intervals, strict=True)
        ],
    }


def _placebos(placebos: Placebos) -> dict[str, Any]:
    lifts = [_lift(value) for value in placebos.log_lifts]
    return {"kind": placebos.kind, "p": placebos.p, "lifts": lifts}


def _ends(interval: Interval, suffix: str = "") -> dict[str, float]:
    lifts = interval.exp()
    return {f"lift_low{suffix}": lifts.low, f"lift_high{suffix}": lifts.high}


def _lift(log_lift: float) -> float:
    return math.exp(log_lift) if log_lift < 700 else math.inf
