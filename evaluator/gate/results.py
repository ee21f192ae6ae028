"""Rows against the approved ones.

With the data as approved nothing may move a result but rounding, whatever happened to code or
declaration. New data may: a row fails when they move it both far and by more than new data would,
or make it much wider, or flip its verdict.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from scipy.special import ndtri

from evaluator.experiment.limits import Gate as Limits
from evaluator.gate.items import Gate, Item
from evaluator.gate.lock import Lock, LockedRow
from evaluator.results import Status

SAME, SAME_ELSEWHERE = 1e-8, 1e-6
"""Relative change that is rounding: on one machine; with another Python, NumPy or BLAS."""
DRAWN = 0.05
"""Of its interval's width: what another seed may change of an end that is drawn. Of 20,000 draws
two runs differ by .006, one standard error; extra enrolments over courses are drawn."""
EXTRA = ("extra", "extra_low", "extra_high")
LIFTS = ("log_lift", "low", "high", "low_sim", "high_sim")


@dataclass(frozen=True, slots=True)
class Rules:
    """By what a change of a row is judged."""

    limits: Limits
    level: float
    """Of the intervals."""
    data_moved: bool
    environment_moved: bool
    seed_moved: bool
    alarm: float
    """False alarms that a single statistical item may give."""


def rows_kept(approved: Lock, now: Lock, rules: Rules) -> Iterator[Item]:
    """One item a row: those approved, then those that nobody has approved yet."""
    for name, old in approved.rows.items():
        new = now.rows.get(name)
        if new is None:
            sentence = "the row is missing: the declaration no longer asks for it, or it is lost"
            yield Item(
                Gate.RESULTS, name, Status.FAIL, sentence, _brief(old), "missing", row=old.key
            )
        else:
            yield _kept(name, old, new, rules)
    for name, new in now.rows.items():
        if name not in approved.rows:
            sentence = "nobody has approved this row yet: it cannot be compared"
            yield Item(Gate.RESULTS, name, Status.NOT_RUN, sentence, "", _brief(new), row=new.key)


def standard_error(row: LockedRow, level: float) -> float:
    """Of a normal law with an interval as wide as the row's."""
    reach = 2 * float(ndtri((1 + level) / 2))
    return (row.numbers["high"] - row.numbers["low"]) / reach


def _kept(name: str, old: LockedRow, new: LockedRow, rules: Rules) -> Item:
    told = list(_failures(old, new, rules))
    status = Status.FAIL if told else Status.PASS
    before, after = _both(old, new) if told else ("", "")
    sentence = "; ".join(told) or "as approved" + _moved_by(old, new, rules)
    return Item(Gate.RESULTS, name, status, sentence, before, after, row=new.key)


def _failures(old: LockedRow, new: LockedRow, rules: Rules) -> Iterator[str]:
    if new.verdict is not old.verdict:
        yield f"the verdict flipped: {old.verdict} → {new.verdict}"
    if new.status is not old.status:
        yield f"the row is {new.status}, and was {old.status}"
    if set(new.numbers) != set(old.numbers):
        changed = sorted(set(new.numbers) ^ set(old.numbers))
        yield f"it has other numbers than approved: {', '.join(changed)}"
    elif not rules.data_moved:
        yield from _not_the_same(old, new, rules)
    elif "log_lift" in old.numbers:
        yield from _shifted(old, new, rules)
    if "low" in old.numbers and "low" in new.numbers:
        yield from _wider(old, new, rules)


def _not_the_same(old: LockedRow, new: LockedRow, rules: Rules) -> Iterator[str]:
    """The data are the approved ones: only rounding may differ."""
    tolerated = SAME_ELSEWHERE if rules.environment_moved else SAME
    changes = {
        name: _relative(name, old, new)
        for name in old.numbers
        if not (rules.seed_moved and name in EXTRA and _drawn_alike(name, old, new))
    }
    away = {name: change for name, change in changes.items() if change > tolerated}
    if not away:
        return
    most = max(away, key=lambda name: away[name])
    by = _in_errors(old, new, rules)
    yield (
        f"{most} changed by {away[most]:.2g} of itself with the data as approved "
        f"(rounding: {tolerated:g}){f'; the estimate moved by {by:.2g} s.e.' if by else ''}"
    )


def _shifted(old: LockedRow, new: LockedRow, rules: Rules) -> Iterator[str]:
    """Far in approved standard errors, and further than the data that were added explain.

    The variance of the difference is that of Hausman's test, |V_new − V_old|: exact where the
    approved estimate uses a part of what the new one uses, and is no less efficient than any
    mixture of the two. Where values were changed rather than added it is too small, so that
    `max_shift` alone decides: an edited past is to be approved by a person anyway.

    References
    ----------
    Hausman (1978).
    """
    moved = new.numbers["log_lift"] - old.numbers["log_lift"]
    errors = [standard_error(row, rules.level) for row in (old, new)]
    if not all(map(math.isfinite, (moved, *errors))):
        return
    of_difference = math.sqrt(abs(errors[1] ** 2 - errors[0] ** 2))
    reach = -float(ndtri(rules.alarm / 2)) * of_difference
    if abs(moved) > max(rules.limits.max_shift * errors[0], reach):
        yield (
            f"the new data moved the estimate by {moved / errors[0]:+.2g} approved s.e. "
            f"({rules.limits.max_shift:g} allowed), more than their addition explains "
            f"(±{reach / errors[0]:.2g})"
        )


def _wider(old: LockedRow, new: LockedRow, rules: Rules) -> Iterator[str]:
    before, after = (row.numbers["high"] - row.numbers["low"] for row in (old, new))
    if after > rules.limits.max_width * before:
        yield (
            f"the interval is {after / before:.3g} × as wide as approved "
            f"({rules.limits.max_width:g} × allowed)"
        )


def _relative(name: str, old: LockedRow, new: LockedRow) -> float:
    """Change over the size of the number; of a log lift at least over that of its interval."""
    before, after = old.numbers[name], new.numbers[name]
    if before == after:
        return 0.0
    if not (math.isfinite(before) and math.isfinite(after)):
        return math.inf
    size = max(abs(before), abs(after))
    if name in LIFTS:
        width = old.numbers["high"] - old.numbers["low"]
        size = max(size, width if math.isfinite(width) else 1.0)
    elif name.startswith("p"):
        size = 1.0
    return abs(after - before) / size


def _drawn_alike(name: str, old: LockedRow, new: LockedRow) -> bool:
    width = old.numbers["extra_high"] - old.numbers["extra_low"]
    return abs(new.numbers[name] - old.numbers[name]) <= DRAWN * width


def _in_errors(old: LockedRow, new: LockedRow, rules: Rules) -> float:
    if "log_lift" not in old.numbers or "log_lift" not in new.numbers:
        return 0.0
    error = standard_error(old, rules.level)
    moved = abs(new.numbers["log_lift"] - old.numbers["log_lift"])
    return moved / error if error > 0 and math.isfinite(error) else 0.0


def _moved_by(old: LockedRow, new: LockedRow, rules: Rules) -> str:
    by = _in_errors(old, new, rules) if rules.data_moved else 0.0
    return f", within {by:.2g} s.e." if by else ""


def _both(old: LockedRow, new: LockedRow) -> tuple[str, str]:
    """Both in brief, with as many digits as it takes to tell them apart."""
    for digits in (3, 5, 8, 12):
        before, after = _brief(old, digits), _brief(new, digits)
        if before != after:
            return before, after
    beside = [name for name in old.numbers if old.numbers[name] != new.numbers.get(name)]
    told = [
        ", ".join(
            [str(row.status), *(f"{n} {row.numbers[n]:.12g}" for n in beside if n in row.numbers)]
        )
        for row in (old, new)
    ]
    return told[0], told[1]


def _brief(row: LockedRow, digits: int = 3) -> str:
    """A row in a few words: `×2.43 [2.11; 2.80], raised`."""
    numbers = row.numbers
    if "log_lift" not in numbers:
        counted = (
            f"{numbers['observed']:.{max(digits, 6)}g} counted, " if "observed" in numbers else ""
        )
        return f"{counted}{row.verdict}"
    ends = ("low_sim", "high_sim") if "low_sim" in numbers else ("low", "high")
    lift, low, high = (
        f"{math.exp(min(numbers[name], 700)):.{digits}g}" for name in ("log_lift", *ends)
    )
    extra = f", {numbers['extra']:.{max(digits, 4)}g} extra" if "extra" in numbers else ""
    return f"×{lift} [{low}; {high}]{extra}, {row.verdict}"
