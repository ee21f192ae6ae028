"""targeting.json: the answer in plain types, the same bytes on every run."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from evaluator.report.provenance import DISTRIBUTION
from evaluator.report.tables import rounded
from evaluator.report.targeting.answered import ASSOCIATIONAL
from evaluator.report.targeting.document import Document
from evaluator.targeting import ArmEffect, NoUplift, Targeted
from evaluator.targeting.policy import Policy
from evaluator.targeting.ranking import Ranking
from evaluator.targeting.scores import Mean

SCHEMA_VERSION = 1


def to_dict(answer: Targeted | NoUplift, document: Document) -> dict[str, Any]:
    """Everything that an answer holds; of people, nothing but counts."""
    protocol = document.protocol
    content = {
        "schema_version": SCHEMA_VERSION,
        "data_kind": protocol.data_kind.value,
        "evaluator": version(DISTRIBUTION),
        "experiment": {
            "name": protocol.name,
            "title": protocol.title,
            "window": [protocol.window.start.isoformat(), protocol.window.end.isoformat()],
            "outcome": protocol.outcome,
            "protocol_hash": protocol.hash,
        },
        **(_refused(answer) if isinstance(answer, NoUplift) else _answered(answer)),
        "sentences": list(document.sentences),
    }
    plain: dict[str, Any] = _plain(content)
    return plain


def to_json(answer: Targeted | NoUplift, document: Document) -> str:
    """`to_dict` as text: UTF-8, two spaces, a newline at the end."""
    content = to_dict(answer, document)
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _refused(answer: NoUplift) -> dict[str, Any]:
    return {
        "status": "refused",
        "reasons": list(answer.reasons),
        "people": answer.people,
        "detectable": [
            {"share": d.share, "rate": d.rate, "effect": d.effect, "between": d.between}
            for d in answer.detectable
        ],
        "design": list(answer.design),
    }


def _answered(answer: Targeted) -> dict[str, Any]:
    level = answer.protocol.decision.level
    reading = ASSOCIATIONAL if answer.associational else "randomised"
    estimates = {
        "arms": [_arm(arm, level) for arm in answer.arms],
        "between": [
            {"arm": own.arm, "other": own.other, "effect": _mean(own.effect, level)}
            for own in answer.between
        ],
        "heterogeneity": {"found": answer.heterogeneity.found, "p": answer.heterogeneity.p},
        "policy": _policy(answer.policy, answer, level),
        "importance": [
            {"feature": own.feature, "loss": _mean(own.loss, level)} for own in answer.importance
        ],
        "learners": [
            {"name": own.learner.name, "about": own.learner.about, "loss": own.loss,
             "gain": own.gain, "gain_se": own.gain_se}
            for own in answer.tried
        ],
    }  # fmt: skip
    return {
        "status": "estimated",
        "reading": reading,
        "people": answer.people,
        "held_out": answer.held_out,
        "rate": answer.rate,
        "level": level,
        **{name: _read_as(part, reading) for name, part in estimates.items()},
        "learner": answer.learner.name,
        "in_thirds": [learner.name for learner in answer.in_thirds],
        "findings": [
            {"name": own.name, "status": own.status.value, "sentence": own.sentence,
             "todo": own.todo, "margin": own.margin, "power": own.power}
            for own in answer.findings
        ],
        "data_fingerprint": answer.fingerprint,
    }  # fmt: skip


def _arm(arm: ArmEffect, level: float) -> dict[str, Any]:
    return {
        "arm": arm.arm,
        "people": arm.people,
        "rate": arm.rate,
        "plain": _mean(arm.plain, level),
        "adjusted": _mean(arm.adjusted, level),
        "groups": [
            {
                "grouping": own.grouping,
                "group": own.group,
                "people": own.people,
                "effect": _mean(own.effect, level) if own.effect else "suppressed",
            }
            for own in arm.groups
        ],
        "fifths": [
            {
                "fifth": own.position,
                "people": own.people,
                "predicted": own.predicted,
                "realised": _mean(own.realised, level),
            }
            for own in arm.fifths
        ],
        "slope": _mean(arm.linear.slope, level) if arm.linear else None,
        "ranking": _ranking(arm.ranking, level) if arm.ranking else None,
    }


def _ranking(ranking: Ranking, level: float) -> dict[str, Any]:
    names = ("gain", "against_random", "against_everyone")
    return {
        "auuc": _mean(ranking.area, level),
        "qini": _mean(ranking.qini, level),
        "against_everyone": _mean(ranking.against_everyone, level),
        "points": [
            {"share": point.share, **{name: _mean(getattr(point, name), level) for name in names}}
            for point in ranking.points
        ],
    }


def _policy(policy: Policy, answer: Targeted, level: float) -> dict[str, Any]:
    names = answer.learned.contacts.arms
    return {
        "advice": policy.advice.value,
        "advised": names[policy.advised],
        "value": _mean(policy.value, level),
        "promised": policy.promised,
        "contacted": [
            {"arm": name, "share": share}
            for name, share in zip(names, policy.contacted, strict=True)
        ],
        "uniform": [
            {
                "arm": names[own.arm],
                "value": _mean(own.value, level),
                "gain": _mean(own.gain, level),
            }
            for own in policy.uniform
        ],
        "falls": [
            {
                "grouping": own.grouping,
                "group": own.group,
                "people": own.people,
                "contacted": "suppressed" if own.share is None else own.share,
            }
            for own in policy.falls
        ],
    }


def _mean(mean: Mean, level: float) -> dict[str, float]:
    own, all_ = mean.interval(level), mean.simultaneous(level)
    return {
        "value": mean.value,
        "se": mean.se,
        "low": own.low,
        "high": own.high,
        "low_sim": all_.low,
        "high_sim": all_.high,
    }


def _read_as(value: Any, reading: str) -> Any:
    """Each object says for itself how it is to be read: rows are copied one by one."""
    if isinstance(value, Mapping):
        inner = {name: _read_as(item, reading) for name, item in value.items()}
        return {"reading": reading, **inner}
    return [_read_as(item, reading) for item in value] if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return rounded(value) if math.isfinite(value) else None
    return value
