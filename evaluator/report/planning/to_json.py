"""plan.json: the next experiment in plain types, the same bytes on every run."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any

from evaluator.experiment.protocol import Wave
from evaluator.planning.assignment import Assigned
from evaluator.planning.curves import Curve
from evaluator.planning.design import Designed
from evaluator.planning.detectable import Detectable
from evaluator.planning.power import Power
from evaluator.planning.prospect import Prospect, concludes_of_nothing
from evaluator.planning.varied import Axis
from evaluator.report.planning.weighed import alternative, budget, markets, trade
from evaluator.report.provenance import DISTRIBUTION
from evaluator.report.tables import rounded
from evaluator.results import RowKey

SCHEMA_VERSION = 1


def to_dict(found: Prospect) -> dict[str, Any]:
    """Everything that a prospect holds."""
    designed, past = found.designed, found.past
    content = {
        "schema_version": SCHEMA_VERSION,
        "data_kind": past.protocol.data_kind.value,
        "evaluator": version(DISTRIBUTION),
        "past": {
            "name": past.protocol.name,
            "title": past.protocol.title,
            "protocol_hash": past.protocol.hash,
            "data_fingerprint": past.panel.fingerprint(),
        },
        "experiment": _experiment(found),
        "design": _design(found),
        "identified": list(_identified(found)),
        "assignment": [_assigned(part, own) for part, own in designed.assigned.items()],
        "power": list(_powers(found)),
        "curves": [_curve(curve) for curve in found.curves],
        "formulas": [
            {**_row(own.key), "name": own.name, "people": own.people,
             "points": [{"value": value, "power": power} for value, power in own.points]}
            for own in found.formulas
        ],
        "alternatives": [alternative(own) for own in (designed.winner, *designed.alternatives)],
        "trades": [trade(own) for own in found.trades],
        "budget": budget(found.bought, past.protocol.decision.level),
        "markets": markets(found.markets),
        "remarks": [*designed.remarks, *found.remarks],
        "axes_not_drawn": _not_drawn(found),
    }  # fmt: skip
    plain: dict[str, Any] = _plain(content)
    return plain


def to_json(plan: Mapping[str, Any]) -> str:
    """The content as text: UTF-8, two spaces, a newline at the end."""
    return json.dumps(plan, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _experiment(found: Prospect) -> dict[str, Any]:
    own, plan = found.designed.protocol, found.plan
    return {
        "name": own.name,
        "title": own.title,
        "window": [own.window.start.isoformat(), own.window.end.isoformat()],
        "weeks": plan.weeks,
        "outcome": own.outcome,
        "questions": [question.value for question in own.questions],
        "seed": plan.seed,
        "level": own.decision.level,
        "power": plan.power,
        "smallest_lift": plan.smallest_lift,
        "washout_weeks": plan.washout_weeks,
        "campaigns": found.worlds,
        "protocol_hash": own.hash,
    }


def _design(found: Prospect) -> dict[str, Any]:
    own, plan, designed = found.designed.protocol, found.plan, found.designed
    countries = designed.assigned.get("countries")
    shares = {c.name: c.by_week for c in designed.separability.contrasts}
    return {
        "schedule": designed.winner.candidate.name,
        "courses": [course.code for course in own.courses],
        "left_out": list(own.others.left_out),
        "arms": {arm: list(countries.members(arm)) for arm in "AB"} if countries else None,
        "cost": designed.cost,
        "budget": plan.budget,
        "currency": plan.currency,
        "channels": [{"name": c.name, "kind": c.kind} for c in own.channels],
        "waves": [_wave(wave) for wave in own.waves],
        "weeks": [
            {
                "start": week.start.isoformat(),
                "closed": week.closed,
                "waves": list(week.waves),
                "identifies": list(week.identifies),
                "information": {name: own[number] for name, own in shares.items()},
            }
            for number, week in enumerate(designed.weeks)
        ],
        **_separability(designed),
    }


def _wave(wave: Wave) -> dict[str, Any]:
    return {
        "id": wave.id,
        "channel": wave.channel,
        "courses": list(wave.courses),
        "portfolio": wave.portfolio,
        "start": wave.span.start.isoformat(),
        "end": wave.span.end.isoformat(),
        "arms": list(wave.arms),
    }


def _separability(designed: Designed) -> dict[str, Any]:
    own = designed.separability
    return {
        "columns": own.columns,
        "rank": own.rank,
        "efficiency": own.efficiency,
        "washout": own.washout,
    }


def _identified(found: Prospect) -> Iterator[dict[str, Any]]:
    """Contrast by contrast: what the past experiment told apart, and what this one does."""
    before = {own.name: own for own in found.before}
    for own in found.designed.separability.contrasts:
        past = before.get(own.name)
        yield {
            "name": own.name,
            "before": past.identified if past else False,
            "after": own.identified,
            "inflation": own.inflation,
            "in_daily_model": own.in_daily_model,
            "reason": own.reason,
            "reason_before": past.reason if past else "no such contrast was there",
        }


def _assigned(part: str, own: Assigned) -> dict[str, Any]:
    return {
        "part": part,
        "rule": own.drawn.rule.value,
        "groups": [
            {"name": name, "members": list(own.members(name))} for name, _ in own.rule.groups
        ],
        "blocks": len(set(own.units.blocks)) or 1,
        "seed": list(own.rule.seed),
        "draws": own.rule.draws,
        "draw": own.looked_at,
        "imbalance": own.imbalance,
        "threshold": own.threshold,
        "allocations": own.allocations,
        "smallest_p": 1 / own.allocations,
    }


def _powers(found: Prospect) -> Iterator[dict[str, Any]]:
    level = found.designed.protocol.decision.level
    for own, least in zip(found.powers, found.detectable, strict=True):
        yield {
            **_row(own.key),
            **_power(own),
            "concludes_of_nothing": concludes_of_nothing(own, level),
            "detectable": _detectable(least),
        }


def _row(key: RowKey) -> dict[str, Any]:
    names = ("question", "course", "channel", "arm", "method", "variant")
    return {name: getattr(key, name) for name in names}


def _power(own: Power) -> dict[str, Any]:
    known = bool(own.campaigns)
    return {
        "lift": own.lift,
        "truth": own.truth if known else None,
        "campaigns": own.campaigns,
        "power": own.power if known else None,
        "power_low": own.power_low if known else None,
        "power_high": own.power_high if known else None,
        "promised_low": own.promised.low if known else None,
        "promised_high": own.promised.high if known else None,
        "false_positive": own.false_positive if known else None,
        "half_width": own.half_width,
        "low": own.low if known else None,
        "high": own.high,
        "sign_error": own.sign_error,
        "exaggeration": own.exaggeration,
        "not_precise": own.not_precise if known else None,
        "refused": own.refused,
        "verdicts": {verdict.value: share for verdict, share in own.verdicts},
        "reason": own.reason,
        "notes": list(own.notes),
    }


def _detectable(own: Detectable) -> dict[str, Any]:
    return {
        "lift": own.lift,
        "low": own.low,
        "high": own.high,
        "truth": own.truth,
        "reason": own.reason,
    }


def _curve(curve: Curve) -> dict[str, Any]:
    points = [point for point in curve.points if point.power.campaigns]
    planted = None if curve.axis is Axis.LIFT or not points else points[0].power.lift
    return {
        **_row(curve.key),
        "axis": curve.axis.value,
        "lift": planted,
        "points": [
            {
                "value": point.value,
                "power": point.power.power,
                "low": point.power.promised.low,
                "high": point.power.promised.high,
                "campaigns": point.power.campaigns,
            }
            for point in points
        ],
    }


def _not_drawn(found: Prospect) -> list[str]:
    drawn = {curve.axis for curve in found.curves}
    return [axis.name.lower() for axis in Axis if axis not in drawn]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return rounded(value) if math.isfinite(value) else None
    return value
