"""What a design was chosen from, what it costs and what it buys, in plain types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evaluator.planning.bought import Bought
from evaluator.planning.geo import Market
from evaluator.planning.search import Score, Scored
from evaluator.planning.trade import Trade
from evaluator.results import Amount, Interval, NotRun


def alternative(own: Scored) -> dict[str, Any]:
    """A schedule that was considered, with its scores."""
    candidate = own.candidate
    contrasts = candidate.separability.contrasts
    return {
        "name": candidate.name,
        "cost": candidate.cost,
        "identified": sum(contrast.identified for contrast in contrasts),
        "contrasts": len(contrasts),
        "efficiency": candidate.separability.efficiency,
        "washout": candidate.separability.washout,
        "searched": _score(own.searched),
        "fresh": _score(own.fresh),
    }


def _score(own: Score | None) -> dict[str, Any] | None:
    if own is None:
        return None
    return {
        "power": own.power,
        "error": own.error,
        "half_width": own.half_width,
        "campaigns": own.worlds,
    }


def trade(own: Trade) -> dict[str, Any]:
    """A choice of the plan: what it buys, and what it costs."""
    return {
        "what": own.what,
        "identifies": list(own.identifies),
        "power": own.power,
        "error": own.error,
        "money": own.money,
        "forgone": _known(own.forgone),
    }


def budget(own: Bought | NotRun, level: float) -> dict[str, Any]:
    """What money bought, and what it is expected to buy."""
    if isinstance(own, NotRun):
        return {"reason": own.reason}
    split = own.split
    shares = {share.channel: share for share in split.shares} if split else {}
    return {
        "reason": "",
        "extra": _amount(own.extra),
        "beyond": [list(key) for key in own.beyond],
        "split": _amount(split.extra) if split else None,
        "even": _amount(split.even) if split else None,
        "channels": [
            {
                "name": known.channel,
                "cost_per_extra": known.cost_per_extra(level)[0],
                "cost_interval": _ends(known.cost_per_extra(level)[1]),
                "courses": [
                    {"course": course, "dose": dose, "own": raw, "shrunk": shrunk}
                    for course, dose, raw, shrunk in zip(
                        known.courses, known.doses, known.own, known.shrunk, strict=True
                    )
                ],
                "spend": sum(m for (name, _), m in own.spend.items() if name == known.channel),
                "share": shares[known.channel].share if split else None,
                "split_spend": shares[known.channel].spend if split else None,
                "split_extra": _amount(shares[known.channel].extra) if split else None,
                "split_beyond": shares[known.channel].beyond if split else None,
            }
            for known in own.known
        ],
    }


def markets(found: Sequence[Market] | NotRun | None) -> Any:
    """Sets of countries, best first; None where none were asked for."""
    if found is None or isinstance(found, NotRun):
        return None if found is None else {"reason": found.reason}
    names = ("duration", "effect", "power", "imbalance", "investment", "detected", "rank")
    return {
        "reason": "",
        "sets": [
            {"countries": list(own.names), **{name: getattr(own, name) for name in names},
             "share": own.share, "lift": 1 + own.effect}
            for own in found
        ],
    }  # fmt: skip


def _known(own: Amount | NotRun) -> dict[str, Any]:
    return {"reason": own.reason} if isinstance(own, NotRun) else _amount(own)


def _amount(own: Amount) -> dict[str, Any]:
    return {"value": own.value, "low": own.interval.low, "high": own.interval.high}


def _ends(own: Interval | None) -> list[float] | None:
    return None if own is None else [own.low, own.high]
