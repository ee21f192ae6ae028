"""What the numbers of a record look like in the page; the template uses these as filters.

A record is a row of results.json, where the end that an interval does not have is None.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from evaluator.claims.claim import in_unit, said
from evaluator.report import numbers
from evaluator.report.tables import Record

INTERVAL = re.compile(r"\S+ \[[^\[\]]*; [^\[\]]*\]")
"""A number and its interval, in a sentence."""
Figure = Mapping[str, Any]
"""A published or recomputed figure, as results.json has it."""


def lift(record: Record) -> str:
    return numbers.lift(record["lift"])


def lift_interval(record: Record) -> str:
    """The interval that decides: simultaneous where the row is read with others."""
    name = "lift_low_sim" if record["lift_low_sim"] is not None else "lift_low"
    return _between(record, name, numbers.factor)


def own_lift_interval(record: Record) -> str:
    return _between(record, "lift_low", numbers.factor)


def shrunk(record: Record) -> str:
    return numbers.lift(record["lift_shrunk"])


def shrunk_interval(record: Record) -> str:
    return _between(record, "lift_shrunk_low", numbers.factor)


def extra(record: Record) -> str:
    return numbers.count(record["extra_realised"])


def extra_interval(record: Record) -> str:
    """The interval that decides, or is at the level of the one that does."""
    together = "extra_realised_low_sim", "extra_realised_high_sim"
    known = any(record[name] is not None for name in together)
    return _between(record, together[0] if known else "extra_realised_low", numbers.count)


def p_value(record: Record) -> str:
    return numbers.p_value(record["p" if record["p_adjusted"] is None else "p_adjusted"])


def share(record: Record) -> str:
    return _percentage(record["share"])


def share_interval(record: Record) -> str:
    return _between(record, "share_low", _percentage)


def money(value: float) -> str:
    """An amount in the currency of the table.

    >>> money(0.2764), money(1234.5)
    ('0.28', '1,234.50')
    """
    return f"{value:,.2f}" if math.isfinite(value) else numbers.INFINITE


def cost_interval(record: Record) -> str:
    return _between(record, "cost_per_extra_low", money)


def amount_interval(record: Record) -> str:
    return _between(record, "extra_low", numbers.count)


def stage_interval(record: Record) -> str:
    return _between(record, "low", _percentage)


def figure(one: Figure) -> str:
    """A published figure, or the same recomputed."""
    shown = partial(said, decimals=one["decimals"])
    known = one["low"] is not None or one["high"] is not None
    ends = f" {_between(one, 'low', shown)}" if known else ""
    return f"{in_unit(one['printed'] or shown(one['value']), one['unit'])}{ends}"


def exactly(value: float) -> str:
    """A share, or a difference of two, to four decimals.

    >>> exactly(0.50064), exactly(-0.02055)
    ('0.5006', '−0.0205')
    """
    return f"{value:.4f}".replace("-", numbers.MINUS)


def unbroken(sentence: str) -> str:
    """A sentence in which no line ends inside an interval.

    >>> unbroken("×2 [1; 3] of all") == "×2\\u00a0[1;\\u00a03] of all"
    True
    """
    return INTERVAL.sub(lambda found: found.group().replace(" ", "\u00a0"), sentence)


def coverage(record: Record) -> str:
    """Measured coverage, with its error."""
    error = record["coverage_se"]
    around = f" ± {numbers.probability(error)}" if error is not None else ""
    return f"{numbers.probability(record['coverage'])}{around}"


def between(low: float, high: float) -> str:
    """An interval of lifts."""
    return f"[{_end(low, numbers.factor)}; {_end(high, numbers.factor)}]"


def signed(week: int) -> str:
    """A week before the window, or in it.

    >>> signed(-3), signed(0)
    ('−3', '0')
    """
    return str(week).replace("-", numbers.MINUS)


def percentage(log_points: float) -> str:
    """A small change on the log scale.

    >>> percentage(-0.0123), percentage(-0.0001)
    ('−1.2%', '0.0%')
    """
    return f"{round(100 * log_points, 1) + 0.0:.1f}%".replace("-", numbers.MINUS)


def percentage_interval(low: float | None, high: float | None) -> str:
    ends = -math.inf if low is None else low, math.inf if high is None else high
    return f"[{_end(ends[0], percentage)}; {_end(ends[1], percentage)}]"


def _between(record: Record, low: str, shown: Callable[[float], str]) -> str:
    """From the column of the low end to that of the high end."""
    ends = record[low], record[low.replace("low", "high")]
    down = -math.inf if ends[0] is None else ends[0]
    up = math.inf if ends[1] is None else ends[1]
    return f"[{_end(down, shown)}; {_end(up, shown)}]"


def _end(value: float, shown: Callable[[float], str]) -> str:
    if math.isfinite(value):
        return shown(value)
    return numbers.INFINITE if value > 0 else numbers.MINUS + numbers.INFINITE


def _percentage(value: float) -> str:
    return f"{100 * value:.1f}%"
