"""How much to believe a row: its measured coverage, its wider intervals, what was looked at."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from evaluator.report import numbers
from evaluator.report.words import counted, row_label
from evaluator.results import Interval, Measured, Row, Status

PLACEBO = "placebo"
"""Name of the campaigns that were held out of this panel."""
WORLDS = {
    PLACEBO: ("{} placebo campaigns", ", if promoted courses behave like the others"),
    "fitted": ("{} worlds fitted to the promoted courses' own weeks", ""),
}
"""Where coverage was measured → what these are, what that takes for granted; elsewhere something
was broken on purpose."""
TALLIED = (Status.FAIL, Status.NOT_RUN, Status.WARN, Status.PASS)
UNLESS = "no effect is excluded unless trends differ in the window by more than"
LARGEST = "the largest difference before it"


def deciding(row: Row) -> Interval | None:
    """The interval of the log lift from which the verdict is drawn."""
    return (row.simultaneous or row.effect).interval(row.level) if row.effect else None


def wider(row: Row) -> tuple[tuple[str, Interval], ...]:
    """Name and interval of the log lift of each wider one that the verdict must hold in."""
    own = deciding(row)
    if row.effect is None or own is None:
        return ()
    return tuple((one.name, one.around(row.effect.log_lift, own)) for one in row.beside)


def widest(row: Row) -> Interval | None:
    """The smallest interval that holds all of these; None where there is none."""
    found = [interval for _, interval in wider(row)]
    if not found:
        return None
    return Interval(min(i.low for i in found), max(i.high for i in found), row.level)


def tally(statuses: Iterable[Status]) -> str:
    """How many findings have each status, the worst first.

    >>> tally([Status.PASS, Status.WARN, Status.PASS])
    '1 warn, 2 pass'
    """
    counts = Counter(statuses)
    return ", ".join(f"{counts[status]} {status}" for status in TALLIED if counts[status])


def about_interval(row: Row) -> Iterator[str]:
    """Sentences about how well the interval of one row is known to do."""
    yield from _measured(row.evidence.measured)
    if not row.evidence.measured and row.coverage is not None:
        yield f"the interval covers {_covers(row.coverage, row.coverage_se)} of placebo campaigns"
    for name, interval in wider(row):
        yield f"the wider interval beside it is {numbers.lift_interval(interval)}: {name}"
    if row.breakdown is not None:
        yield f"breakdown {numbers.factor(row.breakdown)}: {broken_at(row.breakdown)}"


def broken_at(breakdown: float) -> str:
    """What a breakdown value says.

    >>> broken_at(0.0)
    'no effect is not excluded, even with parallel trends'
    """
    if breakdown == 0:
        return "no effect is not excluded, even with parallel trends"
    if math.isinf(breakdown):
        return "no effect is excluded whatever difference in trends was allowed"
    return f"{UNLESS} {numbers.factor(breakdown)} × {LARGEST}"


def belief_remarks(shown: Sequence[Row]) -> Iterator[str]:
    """What stands below a table about the intervals in it."""
    covered = [row for row in shown if row.coverage is not None]
    if covered:
        measured = [one for row in covered for one in row.evidence.measured]
        campaigns = {one.campaigns for one in measured if one.world == PLACEBO}
        ends = sorted({min(campaigns), max(campaigns)}) if campaigns else []
        of = "".join((" to ".join(f"{number:,}" for number in ends), " " * bool(ends)))
        errors = [row.coverage_se for row in covered if row.coverage_se is not None]
        plus = f" (± {numbers.probability(max(errors))} at most)" if errors else ""
        yield (
            f"coverage: share of {of}placebo campaigns that the interval held{plus}, if promoted"
            " courses behave like the others"
        )
    beside = [f"{row_label(row.key)} {_all_wider(row)}" for row in shown if row.beside]
    if beside:
        yield f"wider beside (a verdict holds in these too): {'; '.join(beside)}"
    broken = [
        f"{row_label(row.key)} {numbers.factor(row.breakdown)}"
        for row in shown
        if row.breakdown is not None
    ]
    if broken:
        yield f"breakdown ({UNLESS} so many times {LARGEST}): {'; '.join(broken)}"


def tallied(rows: Sequence[Row], what: str) -> str:
    """One line about all findings of these rows."""
    found = [finding.status for row in rows for finding in row.findings]
    return f"{counted(len(found), 'finding')} about {what}: {tally(found)}" if found else ""


def _measured(measured: Sequence[Measured]) -> Iterator[str]:
    """A sentence for each place, and one for all that was broken on purpose."""
    for world, (campaigns, given) in WORLDS.items():
        own = [one for one in measured if one.world == world]
        if own:
            where = campaigns.format(f"{own[0].campaigns:,}")
            yield f"the interval covers {_least(own)} of {where}{given}; finds {_found(own)}"
    broken = [one for one in measured if one.world not in WORLDS]
    if broken:
        told = (f"{_covers(one.coverage, one.coverage_se)} with {one.world}" for one in broken)
        yield f"with an assumption broken on purpose it covers {', '.join(told)}"


def _least(measured: Sequence[Measured]) -> str:
    """In worlds the lowest over the lifts; in placebos that at no lift, where nothing is drawn."""
    unlifted = [one for one in measured if one.world == PLACEBO and one.lift == 1]
    least = min(unlifted or measured, key=lambda one: one.coverage)
    several = "" if unlifted or len(measured) == 1 else "at least "
    return f"{several}{_covers(least.coverage, least.coverage_se)}"


def _found(measured: Sequence[Measured]) -> str:
    return ", ".join(
        f"{'an effect where there is none' if one.lift == 1 else numbers.lift(one.lift)} in"
        f" {numbers.rate(one.found)}"
        for one in measured
    )


def _all_wider(row: Row) -> str:
    return ", ".join(f"{numbers.lift_interval(own)} {name}" for name, own in wider(row))


def _covers(coverage: float, error: float | None) -> str:
    around = f" ± {100 * error:.1f}" if error is not None else ""
    return f"{100 * coverage:.1f}%{around}"
