"""Published figures that follow from others: recomputed over all numbers that print as those do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from evaluator.claims.claim import Claim, Figure, Standing, said
from evaluator.claims.like import FACETS, Differing, as_published, differing, named
from evaluator.experiment.printed import Printed
from evaluator.experiment.protocol import Span
from evaluator.experiment.published import Arithmetic, OfCounts, Operation, Published
from evaluator.results import NotRun

LENGTHS = "Windows of different length"
"""Name under which changes between windows of unlike lengths stand, brought to a day of each."""

Ends = tuple[float, float]
"""Least and greatest number that print so."""
COMPARED: Mapping[Operation, Sequence[str]] = {
    Operation.SAME: FACETS,
    Operation.SUM: ("unit", "window"),
    Operation.MEAN: ("unit", "window"),
    Operation.DIFFERENCE: ("unit", "window"),
    Operation.RATIO: ("window",),
    Operation.FACTOR: FACETS[1:],
    Operation.PERCENT: FACETS[1:],
    Operation.PER_DAY: FACETS[2:],
}
"""Facets in which a claim and what it follows from have to be alike. A part of a sum is of part
of the population; a factor has another unit than the change it is; a ratio has any."""
READINGS: Mapping[Operation, str] = {
    Operation.SAME: "the same as",
    Operation.FACTOR: "as a factor:",
    Operation.PERCENT: "in per cent:",
    Operation.PER_DAY: "a day of each window:",
    **{
        name: f"{name.value} of"
        for name in (Operation.SUM, Operation.MEAN, Operation.DIFFERENCE, Operation.RATIO)
    },
}


def arithmetic_claim(
    claim: Published, follows: Arithmetic, others: Mapping[str, Published]
) -> Claim:
    """A published figure beside what the others give.

    It does not hold only where no numbers that print as the others do can give one that prints
    as this does: rounding refutes nothing.
    """
    printed = claim.printed
    if printed is None:
        raise TypeError("arithmetic recomputes a figure")
    operands = [others[name] for name in follows.of]
    values = [own.printed for own in operands]
    unlike = differing(claim, operands, COMPARED[follows.operation])
    if any(value is None or value.readings for value in values):
        return _row(claim, follows, Standing.INCOMPARABLE, "what it follows from is no figure")
    known = [value for value in values if value is not None]
    result = _result(follows.operation, claim, operands, known)
    if isinstance(result, NotRun):
        return _row(claim, follows, Standing.INCOMPARABLE, result.reason)
    value, (low, high) = result
    # The arithmetic itself rounds: ends that touch are not apart.
    slack = 1e-9 * max(abs(value), 1.0)
    apart = high < printed.low - slack or low > printed.high + slack
    standing = Standing.FAILS if apart else Standing.HOLDS
    given = _written(follows.operation, known)
    if follows.operation is not Operation.SAME:
        given += f" {said(value)}"
    given += f", not {printed.text}" if apart else ""
    why = "; ".join((given, *map(str, unlike)))
    figure = Figure(value, claim.unit)
    return _row(claim, follows, Standing.INCOMPARABLE if unlike else standing, why, figure, unlike)


def of_unlike_lengths(claims: Sequence[Published]) -> Iterator[Claim]:
    """Changes in per cent between windows of different lengths, all of a pair in one row."""
    changes = [claim for claim in claims if _is_change(claim) and _are_unlike(claim)]
    changes.sort(key=lambda claim: _spans(claim)[0].start)
    for (window, before), group in groupby(changes, key=_spans):
        own = list(group)
        told = []
        for claim in own:
            printed = claim.printed
            if printed is not None:
                percent = _per_day(printed.value, *_lengths(claim))
                told.append(f"{claim.name} {printed.text} is {_rise(percent)} a day")
        why = f"{window.days} days against {before.days}: {', '.join(told)}"
        yield Claim(
            name=LENGTHS,
            about=f"{window} against {before}",
            reading=f"{window.days} against {before.days} days",
            holds=Standing.INCOMPARABLE,
            why=why,
            differs=("window",),
            source=own[0].source,
        )


def _rise(percent: float) -> str:
    return f"{'+' * (percent > 0)}{said(percent)}%"


def _is_change(claim: Published) -> bool:
    printed = claim.printed
    if claim.window is None or claim.before is None or printed is None or printed.readings:
        return False
    derived = isinstance(claim.recompute, Arithmetic)
    return claim.unit.startswith("%") and not derived


def _are_unlike(claim: Published) -> bool:
    """Whether its windows differ in days; a mean over weekdays has each once, in either."""
    window, before = _lengths(claim)
    return window != before and not (isinstance(of := claim.recompute, OfCounts) and of.by_weekday)


def _lengths(claim: Published) -> tuple[int, int]:
    """Days of its two windows; of a change on some weekdays, those."""
    of = claim.recompute
    weekdays = of.weekdays if isinstance(of, OfCounts) else ()
    window, before = (_counting(span, weekdays) for span in _spans(claim))
    return window, before


def _counting(span: Span, weekdays: Sequence[int]) -> int:
    days = (span.start.weekday() + day for day in range(span.days))
    return sum(not weekdays or day % 7 in weekdays for day in days)


def _spans(claim: Published) -> tuple[Span, Span]:
    if claim.window is None or claim.before is None:
        raise TypeError("a change has two windows")
    return claim.window, claim.before


def _result(
    operation: Operation, claim: Published, operands: Sequence[Published], values: list[Printed]
) -> tuple[float, Ends] | NotRun:
    """The figure, and its ends over all numbers that print as the operands do."""
    percent = claim.unit.startswith("%")
    if operation is Operation.PER_DAY:
        window, before = operands[0].window, operands[0].before
        if window is None or before is None:
            return NotRun("the windows of what it follows from are not published")

        def a_day(change: float) -> float:
            return _per_day(change, window.days, before.days)

        return _mapped(a_day, values[0])
    if operation is Operation.SAME:
        return _mapped(lambda value: value, values[0])
    if operation is Operation.FACTOR:
        return _mapped(lambda change: 1 + change / 100, values[0])
    if operation is Operation.PERCENT:
        return _mapped(lambda factor: 100 * (factor - 1), values[0])
    if operation in (Operation.SUM, Operation.MEAN):
        each = 1.0 if operation is Operation.SUM else 1 / len(values)
        ends = (each * sum(v.low for v in values), each * sum(v.high for v in values))
        return each * sum(v.value for v in values), ends
    first, second = values
    if operation is Operation.DIFFERENCE:
        return first.value - second.value, (first.low - second.high, first.high - second.low)
    scale = 100.0 if percent else 1.0
    if second.low <= 0 or first.low < 0:
        return NotRun("a ratio is taken of positive figures")
    return scale * first.value / second.value, (
        scale * first.low / second.high,
        scale * first.high / second.low,
    )


def _mapped(rising: Callable[[float], float], printed: Printed) -> tuple[float, Ends]:
    return rising(printed.value), (rising(printed.low), rising(printed.high))


def _per_day(change: float, days: int, before: int) -> float:
    return 100 * ((1 + change / 100) * before / days - 1)


def _written(operation: Operation, values: Sequence[Printed]) -> str:
    texts = [value.text for value in values]
    listed = ", ".join(texts)
    return {
        Operation.SAME: "published elsewhere as",
        Operation.SUM: f"the sum of {listed} is",
        Operation.MEAN: f"the unweighted mean of {listed} is",
        Operation.DIFFERENCE: f"{' less '.join(texts)} is",
        Operation.RATIO: f"{' over '.join(texts)} is",
        Operation.FACTOR: f"{listed} is a factor of",
        Operation.PERCENT: f"{listed} is in per cent",
        Operation.PER_DAY: f"{listed} is, a day of each window,",
    }[operation]


def _row(
    claim: Published,
    follows: Arithmetic,
    holds: Standing,
    why: str,
    figure: Figure | None = None,
    unlike: Sequence[Differing] = (),
) -> Claim:
    names = "”, “".join(follows.of)
    reading = f"{READINGS[follows.operation]} “{names}”"
    row = as_published(claim, reading, holds, why)
    return replace(row, about=", ".join(follows.of), recomputed=figure, differs=named(unlike))
