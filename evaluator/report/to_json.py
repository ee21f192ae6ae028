"""results.json: the whole evaluation in plain types, the same bytes on every run."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from evaluator.assumptions.graph import Drawn, Identified
from evaluator.claims import Claim, Figure
from evaluator.claims.dose import ArmDose
from evaluator.evaluation import Accounting, Evaluation, Series
from evaluator.report.audited import exposed_dict, intervention_dicts
from evaluator.report.evidence import beside_of, evidence_of, or_infinite
from evaluator.report.funnel import decay_of, funnel_of
from evaluator.report.provenance import DISTRIBUTION, provenance_of
from evaluator.report.sealed import deviation_dict, sealed_dict
from evaluator.report.specification import specification_dicts
from evaluator.report.tables import Record, records, rounded
from evaluator.report.tallies import tallies_of
from evaluator.report.unidentified import unidentified
from evaluator.results import Finding, Row

SCHEMA_VERSION = 1
"""Raised when a reader of an earlier file would misread a later one; new keys do not raise it."""


def to_dict(evaluation: Evaluation) -> dict[str, Any]:
    """Everything that an evaluation holds, in plain types.

    A number that is not finite (an interval without an end) is None. Nothing in it depends on
    the clock, the machine, or where the experiment file lies; which libraries calculated is
    part of it, under `provenance`.
    """
    protocol = evaluation.protocol
    table = records(evaluation)
    content = {
        "schema_version": SCHEMA_VERSION,
        "data_kind": protocol.data_kind.value,
        "evaluator": version(DISTRIBUTION),
        "experiment": _experiment(evaluation),
        "provenance": provenance_of(evaluation),
        "accounting": _accounting(evaluation.accounting),
        "rows": [_row(row, record) for row, record in zip(evaluation.rows, table, strict=True)],
        "specifications": specification_dicts(evaluation.rows, table),
        "findings": [_finding(finding) for finding in evaluation.findings],
        "tallies": tallies_of(evaluation),
        "not_identified": [asdict(one) for one in unidentified(evaluation.rows)],
        "claims": [_claim(claim) for claim in evaluation.claims],
        "funnel": [funnel_of(funnel) for funnel in evaluation.funnel],
        "decay": [decay_of(decay) for decay in evaluation.decay],
        "exposed": exposed_dict(evaluation.exposed),
        "interventions": intervention_dicts(protocol),
        "doses": [_dose(dose) for dose in evaluation.doses],
        "series": [_series(series) for series in evaluation.series],
        "graphs": [_graph(drawn) for drawn in evaluation.graph],
        "arm_a": {course: list(units) for course, units in evaluation.arm_a},
        "others": list(evaluation.others),
        "sealed": sealed_dict(found := evaluation.registered),
        "deviations": [deviation_dict(own) for own in found.deviations] if found else [],
    }
    plain: dict[str, Any] = _plain(content)
    return plain


def to_json(evaluation: Evaluation) -> str:
    """`to_dict` as text: UTF-8, two spaces, a newline at the end."""
    text = json.dumps(to_dict(evaluation), indent=2, ensure_ascii=False, allow_nan=False)
    return text + "\n"


def _experiment(evaluation: Evaluation) -> dict[str, Any]:
    protocol = evaluation.protocol
    return {
        "name": protocol.name,
        "title": protocol.title,
        "as_of": protocol.as_of.isoformat(),
        "window": [protocol.window.start.isoformat(), protocol.window.end.isoformat()],
        "outcome": protocol.outcome,
        "protocol_hash": protocol.hash,
        "resolved_hash": evaluation.resolved_hash,
        "data_fingerprint": evaluation.data_fingerprint,
    }


def _row(row: Row, record: Record) -> dict[str, Any]:
    about = row.estimand
    return {
        **record,
        "breakdown": or_infinite(record["breakdown"]),
        "compares": about.compares,
        "identifies": about.identifies,
        "needs": list(about.needs),
        "not_identified": about.not_identified,
        "parts": [asdict(part) for part in row.parts],
        "beside": beside_of(row),
        "evidence": evidence_of(row.evidence),
        "findings": [_finding(finding) for finding in row.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "name": finding.name,
        "status": finding.status.value,
        "sentence": finding.sentence,
        "todo": finding.todo,
        "margin": finding.margin,
        "power": finding.power,
    }


def _dose(dose: ArmDose) -> dict[str, Any]:
    given = ("spend", "impressions", "reach", "clicks", "currency")
    return {
        "channel": dose.channel,
        "arm": dose.arm,
        **{name: getattr(dose.dose, name) for name in given},
        "impressions_per_reached": dose.impressions_per_reached,
        "part_of_spend": dose.part_of_spend,
        "part_of_impressions": dose.part_of_impressions,
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "name": claim.name,
        "about": claim.about,
        "reading": claim.reading,
        "holds": claim.holds.value,
        "met": claim.met,
        "why": claim.why,
        "published": _figure(claim.published),
        "recomputed": _figure(claim.recomputed),
        "needed": _figure(claim.needed),
        "detail": claim.detail,
        "differs": list(claim.differs),
        "source": claim.source,
        "quote": claim.quote,
    }


def _figure(figure: Figure | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    ends = figure.interval
    return {
        "value": figure.value,
        "unit": figure.unit,
        "printed": figure.printed,
        "decimals": figure.decimals,
        "days": figure.days,
        "low": ends.low if ends else None,
        "high": ends.high if ends else None,
        "level": ends.level if ends else None,
        "law": figure.law,
    }


def _graph(drawn: Drawn) -> dict[str, Any]:
    graph, found = drawn.graph, drawn.identified
    return {
        "question": graph.question,
        "about": graph.about,
        "unit": graph.unit,
        "estimand": graph.estimand.name,
        "nodes": {node.name: node.kind.value for node in graph.nodes},
        "arrows": [asdict(arrow) for arrow in graph.arrows],
        "held_fixed": list(graph.held),
        "identified": asdict(found) if isinstance(found, Identified) else None,
        "finding": drawn.finding.name,
    }


def _accounting(accounting: Accounting) -> dict[str, Any]:
    extra = accounting.extra
    return {
        "total": accounting.total,
        "identified": accounting.identified,
        "identified_courses": accounting.identified_courses,
        "descriptive": accounting.descriptive,
        "descriptive_courses": accounting.descriptive_courses,
        "not_identifiable": accounting.not_identifiable,
        "not_identifiable_courses": accounting.not_identifiable_courses,
        "extra_realised": extra.value if extra else None,
        "extra_realised_low": extra.interval.low if extra else None,
        "extra_realised_high": extra.interval.high if extra else None,
    }


def _series(series: Series) -> dict[str, Any]:
    key = series.key
    return {
        **{name: getattr(key, name) for name in ("question", "course", "channel", "arm")},
        "method": key.method,
        "variant": key.variant,
        "start": [start.isoformat() for start in series.starts],
        "days": series.days,
        "window": series.window,
        "after": series.after,
        "observed": series.observed,
        "beside": series.beside,
        "counterfactual": series.counterfactual,
        "low": series.low,
        "high": series.high,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return rounded(value) if math.isfinite(value) else None
    return value
