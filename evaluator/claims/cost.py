"""What was delivered and spent, and what an enrolment cost: attributed, and extra."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evaluator.claims.figures import amounts, check_columns
from evaluator.comparisons import ALL
from evaluator.errors import DataError, Problem, did_you_mean
from evaluator.experiment.protocol import Protocol, Wave
from evaluator.resolve import Resolved
from evaluator.results import Amount, Interval, NotRun

if TYPE_CHECKING:
    import pandas as pd

SPEND = re.compile(r"spend(?:_([a-z]{3}))?")
"""Column of what was spent; its ending is the currency."""


@dataclass(frozen=True, slots=True)
class Dose:
    """What was delivered of a campaign; None where the table does not say.

    Reach adds up over waves: who saw two of them counts twice.
    """

    spend: float | None = None
    impressions: float | None = None
    reach: float | None = None
    clicks: float | None = None
    currency: str = ""

    def __add__(self, other: Dose) -> Dose:
        return Dose(
            _sum(self.spend, other.spend),
            _sum(self.impressions, other.impressions),
            _sum(self.reach, other.reach),
            _sum(self.clicks, other.clicks),
            self.currency or other.currency,
        )


@dataclass(frozen=True, slots=True)
class Cost:
    """Spend per enrolment: of those attributed by last touch, and of those that are extra."""

    spend: float
    per_attributed: float | None
    """None where nothing was attributed, or nobody counted."""
    per_extra: float | None
    """None where there is no extra to divide by."""
    interval: Interval | None
    """Of `per_extra`; without an upper end where no extra at all is not excluded."""
    why: str
    """What the interval of the extra leaves open; empty where it excludes none."""


DoseKey = tuple[str, str, str]
"""Channel, course, arm; a wave of several courses is under the course `all`."""


def cost(spend: float, attributed: float | None, extra: Amount | NotRun | None) -> Cost:
    """Cost per attributed and per extra enrolment.

    The interval holds every cost `spend / e` with `e > 0` in the interval of the extra. The
    spend is a fact, so this is the extra's own interval, inverted (Fieller's with a fixed
    numerator): where it reaches 0, no cost is too high.

    Parameters
    ----------
    attributed : last-touch count; None where nobody counted
    extra : realised or expected extra enrolments, of the same courses and waves

    References
    ----------
    Fieller (1954).
    """
    share = spend / attributed if attributed else None
    if not isinstance(extra, Amount):
        why = extra.reason if extra else "no extra was estimated"
        return Cost(spend, share, None, None, why)
    low, high = extra.interval.low, extra.interval.high
    each = spend / extra.value if extra.value > 0 else None
    if high <= 0:
        return Cost(spend, share, None, None, "not identified: no extra was bought")
    least = 0.0 if math.isinf(high) else spend / high
    most = spend / low if low > 0 else math.inf
    why = "" if low > 0 else "no extra at all is not excluded: only the least cost is known"
    return Cost(spend, share, each, Interval(least, most, extra.interval.level), why)


def spend_by(protocol: Protocol, delivery: pd.DataFrame) -> dict[DoseKey, Dose]:
    """Dose by channel, course and arm; under the arm `all` their sum.

    Parameters
    ----------
    delivery : a row a wave and arm (or several, which add up)

    Raises
    ------
    DataError : an unknown wave, or a figure that is none; all problems are listed
    """
    check_columns(delivery, ("wave", "arm"))
    waves = {wave.id: wave for wave in protocol.waves}
    problems = list(_unknown(delivery, waves))
    if problems:
        raise DataError(problems)
    doses: dict[DoseKey, Dose] = {}
    rows = zip(delivery["wave"], delivery["arm"], _doses(delivery), strict=True)
    for wave, arm, dose in rows:
        for key in _keys(waves[str(wave)], str(arm)):
            doses[key] = doses.get(key, Dose()) + dose
    return doses


def attributed(resolved: Resolved, channel: str, courses: Sequence[str]) -> float | None:
    """Enrolments of the window with the channel's last-touch tag; None where it leaves none."""
    tags = {c.name: c.tag for c in resolved.protocol.channels}
    tag = tags.get(channel)
    if tag is None or tag not in resolved.panel.tags:
        return None
    panel, window = resolved.panel, resolved.protocol.window
    daily = panel.array("day", course=list(courses), tag=[tag])
    return float(daily[panel.day(window.start) : panel.day(window.end) + 1].sum())


def _keys(wave: Wave, arm: str) -> set[DoseKey]:
    """Of the arm, and of both; a row that tells no arms is given as `all`."""
    course = wave.courses[0] if len(wave.courses) == 1 and not wave.portfolio else ALL
    return {(wave.channel, course, arm), (wave.channel, course, ALL)}


def _doses(delivery: pd.DataFrame) -> Iterator[Dose]:
    names = [name for name in map(str, delivery.columns) if SPEND.fullmatch(name)]
    if len(names) > 1:
        rule = "one column is called spend, or spend_ and a currency"
        raise DataError(Problem('source of kind "delivery"', f"{', '.join(names)}", rule))
    spent = SPEND.fullmatch(names[0]) if names else None
    currency = (spent.group(1) or "").upper() if spent else ""
    columns = {"spend": names[0] if names else "spend"} | {
        name: name for name in ("impressions", "reach", "clicks")
    }
    values = {
        name: amounts(delivery, column)
        for name, column in columns.items()
        if column in delivery.columns
    }
    for row in range(len(delivery)):
        given = {name: float(column[row]) for name, column in values.items()}
        told = {name: value for name, value in given.items() if not np.isnan(value)}
        yield Dose(**told, currency=currency)


def _unknown(delivery: pd.DataFrame, waves: Mapping[str, Wave]) -> Iterator[Problem]:
    for row, wave in enumerate(delivery["wave"]):
        if str(wave) not in waves:
            where = f'source of kind "delivery", row {row + 1}, column wave'
            rule = f"declared: {', '.join(waves) or 'none'}"
            what = f'"{wave}" is not a declared wave'
            yield Problem(where, what, rule, did_you_mean(wave, list(waves)))


def _sum(one: float | None, other: float | None) -> float | None:
    return other if one is None else one if other is None else one + other
