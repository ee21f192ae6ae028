"""What stands below the table of a question: families, refusals, ranges, what is identified."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from evaluator.comparisons import ALL
from evaluator.comparisons.arms import ARM
from evaluator.comparisons.channels import AFTER
from evaluator.comparisons.wording import CAUSED
from evaluator.report import numbers
from evaluator.report.belief import belief_remarks
from evaluator.report.conclusion import verdicts_say
from evaluator.report.layout import NOTHING
from evaluator.report.specification import DEPARTURES, departure
from evaluator.report.words import of_any_channel, outcome_label, row_label, wave_label, weekday_of
from evaluator.results import Row, RowKey, RowRole, RowStatus

TOGETHER = (
    "weekdays: lift, extra and p adj. hold together for the seven of one series (Holm); p is of no"
    " change, whatever changed it"
)
MEANS = (
    *("these_courses", "courses_like_these", "triple_difference"),
    *("channel_mean", "channel_like_these"),
)
"""Methods whose lift of all is the mean of the courses, while the extra is their sum."""


def remarks(shown: Sequence[Row], rows: Sequence[Row]) -> Iterator[RenderableType]:
    """Sentences about the rows of a table.

    Parameters
    ----------
    shown : rows with a line in the table
    rows : all rows of the question
    """
    if any(row.status is RowStatus.ESTIMATED for row in rows):
        yield from (Text(line, style="dim") for line in _families(shown))
    if any(weekday_of(row.key) and row.simultaneous is not None for row in shown):
        yield Text(TOGETHER, style="dim")
    yield from (Text(line, style="dim") for line in _legend(shown))
    yield from (Text(line, style="dim") for line in belief_remarks(shown))
    yield from refusals(shown)
    yield from map(Text, _others(shown, rows))
    yield from _identified(shown)
    yield from map(Text, said_otherwise(shown))


def refusals(shown: Sequence[Row]) -> Iterator[RenderableType]:
    """Why rows have no number, each reason once; and what is counted where nothing is estimated."""
    yield from map(Text, _refused(shown))
    yield from map(Text, _described(shown))


def range_of(headline: Row, rows: Sequence[Row]) -> tuple[str, int]:
    """Smallest and largest lift of a row under other choices, and how many these are."""
    if headline.role is not RowRole.HEADLINE:
        return "", 0
    lifts = _elsewhere(headline, rows)
    if not lifts:
        return NOTHING, 0
    ends = dict.fromkeys(numbers.factor(lift) for lift in (min(lifts), max(lifts)))
    return " to ".join(ends), len(lifts)


def ranged_over(rows: Sequence[Row]) -> str:
    """What the sensitivity rows of a question do otherwise: references, dates, or both."""
    variants = {row.key.variant for row in rows if row.role is RowRole.SENSITIVITY}
    for start, name in (("reference", "references"), ("waves", "dates")):
        if variants and all(variant.startswith(start) for variant in variants):
            return name
    return "choices"


def said_otherwise(shown: Sequence[Row]) -> Iterator[str]:
    """What “raised” and “lowered” mean in a table where they are not said of a cause."""
    estimated = [row for row in shown if row.status is RowStatus.ESTIMATED]
    wordings = dict.fromkeys(row.estimand.wording for row in estimated)
    for own in wordings:
        if own.up != CAUSED:
            yield f"“raised”, “lowered”: {verdicts_say(own)}"


def _elsewhere(headline: Row, rows: Sequence[Row]) -> list[float]:
    """Lifts of the same estimand: that of a wave with the weeks after it is another."""
    return [
        row.effect.lift
        for row in rows
        if row.role is RowRole.SENSITIVITY
        and row.effect is not None
        and row.key.variant != AFTER
        and _about(row.key) == _about(headline.key)
    ]


def _about(key: RowKey) -> tuple[str, ...]:
    return key.question, key.course, key.channel, key.arm


def _families(shown: Sequence[Row]) -> Iterator[str]:
    """How the p of a table are adjusted, family by family."""
    tested = [row for row in shown if row.effect is not None]
    adjusted = [row for row in tested if row.simultaneous is not None]
    if any(row.role is RowRole.HEADLINE for row in adjusted):
        gate = " behind “all”" if any(map(_pooled, tested)) else ""
        yield f"courses: lift, extra and p adj. hold together (Holm{gate})"
    if any(row.role is not RowRole.HEADLINE for row in adjusted):
        yield (
            "cells: exploratory: lift, extra and p adj. under false-discovery control"
            " (Benjamini–Hochberg)"
        )
    held = {row.key.question for row in adjusted if row.role is RowRole.HEADLINE}
    alone = dict.fromkeys(
        _kind(row)
        for row in tested
        if row.simultaneous is None and not (_pooled(row) and row.key.question in held)
    )
    if alone:
        about = f"{', '.join(alone)}: " if adjusted else ""
        yield f"{about}p not adjusted"


def _pooled(row: Row) -> bool:
    return row.role is RowRole.HEADLINE and row.key.course == ALL and row.effect is not None


def _kind(row: Row) -> str:
    """Of a row whose p stands alone."""
    if row.role in DEPARTURES:
        return "rows under other choices"
    if _pooled(row):
        return "“all”"
    return "descriptive rows" if row.status is RowStatus.DESCRIPTIVE else "other rows"


def _legend(shown: Sequence[Row]) -> Iterator[str]:
    found = [row for row in shown if row.extra is not None]
    if any(_pooled(row) and row.key.method in MEANS for row in found):
        yield "“all”: lift is the mean of the courses, extra their sum (each with its own p)"
    in_arm = [row for row in found if row.key.arm == ARM]
    if in_arm:
        about = "extra" if len(in_arm) == len(found) else "extra of “A over B”"
        yield f"{about}: in arm A"


def _refused(shown: Sequence[Row]) -> Iterator[str]:
    by_reason: dict[str, dict[str, list[str]]] = {}
    for row in shown:
        if row.status is RowStatus.REFUSED:
            counted_here = row.observed is not None and not _waves_or_outcomes(row)
            seen = f" ({numbers.count(row.observed or 0)} counted)" if counted_here else ""
            names = by_reason.setdefault(row.reason, {}).setdefault(departure(row), [])
            names.append(f"{row_label(row.key)}{'' if departure(row) else seen}")
    for reason, groups in by_reason.items():
        for otherwise, names in groups.items():
            once = dict.fromkeys((*names, *filter(None, [otherwise])))
            mark = "; " if any(", " in name for name in once) else ", "
            yield f"refused: {mark.join(once)}: {reason}"


def _waves_or_outcomes(row: Row) -> bool:
    return bool(wave_label(row.key) or outcome_label(row.key.question))


def _described(shown: Sequence[Row]) -> Iterator[str]:
    yield from dict.fromkeys(
        f"{row_label(row.key)}: {row.reason}"
        for row in shown
        if row.status is RowStatus.DESCRIPTIVE and row.effect is None
    )


def _others(shown: Sequence[Row], rows: Sequence[Row]) -> Iterator[str]:
    """The range of lifts under other choices, and how many rows stand behind the headline."""
    ranges: list[str] = []
    outcome = ""
    for row in shown:
        span, number = range_of(row, rows)
        if row.status is RowStatus.ESTIMATED and number:
            named = outcome_label(row.key.question)
            about = f"{named}: " if named != outcome else ""
            outcome = named
            ranges.append(f"{about}{row_label(row.key)} ×{span} ({number}{_outside(row, rows)})")
    if ranges:
        yield f"sensitivity, lift under other choices: {'; '.join(ranges)}"
    behind = Counter(row.role for row in rows if row not in shown and row.effect is not None)
    hidden = [
        f"{role} {behind[role]}"
        for role in (RowRole.ROBUSTNESS, RowRole.EXPLORATORY)
        if behind[role]
    ]
    if hidden:
        yield f"rows behind these: {', '.join(hidden)} (--all, results.json)"


def _outside(headline: Row, rows: Sequence[Row]) -> str:
    """Said where a row lies outside the range of its own alternatives."""
    lifts = _elsewhere(headline, rows)
    if headline.effect is None or len(lifts) < 2:
        return ""
    own, low, high = (round(x, 2) for x in (headline.effect.lift, min(lifts), max(lifts)))
    inside = low <= own <= high  # as printed
    return "" if inside else f"; its own {numbers.lift(headline.effect.lift)} lies outside"


def _identified(shown: Sequence[Row]) -> Iterator[RenderableType]:
    """What each estimand of a table identifies, by its name where there are several."""
    found: dict[str, tuple[str, dict[str, None]]] = {}
    for row in shown:
        estimand = row.estimand
        said = of_any_channel(estimand.identifies, row.key)
        name = of_any_channel(estimand.name, row.key)
        missing = found.setdefault(said, (name, {}))[1]
        if estimand.not_identified:
            missing[of_any_channel(estimand.not_identified, row.key)] = None
    for said, (name, missing) in found.items():
        if len(found) > 1:
            yield Text(f"{name}:")
        lines = (f"identifies: {said}", *(f"does not identify: {other}" for other in missing))
        yield Padding(Text("\n".join(lines)), (0, 0, 0, 2 if len(found) > 1 else 0))
