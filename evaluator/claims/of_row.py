"""Published figures read as effects, beside the row of the evaluation that estimates one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from evaluator.claims.claim import Claim, Figure, Standing, in_unit, said
from evaluator.claims.like import Differing, as_published, named
from evaluator.comparisons import ALL, Planned
from evaluator.errors import Problem, did_you_mean
from evaluator.experiment.printed import Printed
from evaluator.experiment.protocol import Protocol, Question
from evaluator.experiment.published import Obtained, OfRow, Published
from evaluator.results import Interval, Row, RowRole, RowStatus

OBTAINED = {
    Obtained.COUNTED: "a count of what happened, by whatever caused it",
    Obtained.LAST_TOUCH: "attributed by last touch, which asks not what would have been",
    Obtained.BEFORE_AFTER: "the same series before and during, with everything else that changed",
    Obtained.OBSERVATIONAL: "those who did beside those who did not, as they chose",
    Obtained.COMPARISON: "against what would have been",
}
ALONE = (Question.PRE_VS_CAMPAIGN.value, Question.WEEKDAYS.value)
"""Questions of a series with its own past alone: what they find compares before with during."""
EFFECT = "said as an effect, of which the row identifies none"
UNITS = {"extra": "extra", "lift": "×", "percent": "%"}
LAW = "the interval of the row"


def row_claim(claim: Published, of: OfRow, protocol: Protocol, rows: Sequence[Row]) -> Claim:
    """A published figure and the row's, both said; compared only where both are effects."""
    row = next(row for row in rows if _is_meant(of, row))
    return replace(_beside(claim, of, protocol, row), beside=row.key)


def _beside(claim: Published, of: OfRow, protocol: Protocol, row: Row) -> Claim:
    reading = f"beside the row of {of.question.replace('_', ' ')}"
    figure = _figure(of, row)
    if figure is None:
        why = ": ".join(part for part in ("the row has no such figure", row.reason) if part)
        return _claim(claim, of, reading, Standing.INCOMPARABLE, why)
    printed = claim.printed
    if printed is None:
        raise TypeError("a row is set beside a figure")
    unlike = list(_unlike(claim, of, row, protocol))
    both = f"{printed.text} published, {_said(figure)} by the row ({row.verdict})"
    why = "; ".join((both, *map(str, unlike)))
    if unlike:
        beside = _claim(claim, of, reading, Standing.INCOMPARABLE, why, figure)
        return replace(beside, differs=named(unlike))
    return _claim(claim, of, reading, _stands(printed, of, figure), why, figure)


def unknown_row(claim: Published, of: OfRow, rows: Sequence[Planned]) -> Iterator[Problem]:
    """A row that a claim stands beside and the evaluation does not have."""
    if any(_is_meant(of, row) for row in rows):
        return
    asked = [row.key for row in rows if row.key.question == of.question]
    where, rule = f'claim "{claim.name}"', "it stands beside a row of the evaluation"
    for part in ("course", "channel", "arm", "method"):
        wanted, known = getattr(of, part), sorted({getattr(key, part) for key in asked})
        if wanted and wanted not in known:
            what = f'no row of {of.question} has the {part} "{wanted}"'
            known_said = f"{rule}; these have: {', '.join(known)}"
            yield Problem(where, what, known_said, did_you_mean(wanted, known))
            return
    own = ", ".join(filter(None, (of.course, of.channel, of.arm, of.method)))
    yield Problem(where, f"no row of {of.question} is of {own} together", rule)


def _is_meant(of: OfRow, row: Row | Planned) -> bool:
    key = row.key
    if (key.question, key.course, key.channel, key.arm) != (
        *(of.question, of.course, of.channel, of.arm),
    ):
        return False
    if of.method:
        return of.method == key.method and key.variant == "default"
    return row.role in (RowRole.HEADLINE, RowRole.EXPLORATORY)


def _figure(of: OfRow, row: Row) -> Figure | None:
    """With the interval at which the row decides."""
    if of.figure == "extra":
        if row.extra is None:
            return None
        own = row.extra.realised
        return Figure(own.value, UNITS["extra"], None, row.extra_simultaneous or own.interval, LAW)
    if row.effect is None:
        return None
    ends = (row.simultaneous or row.effect).interval(row.level).exp()
    if of.figure == "lift":
        return Figure(row.effect.lift, UNITS["lift"], None, ends, LAW)
    low, high = (100 * (end - 1) for end in (ends.low, ends.high))
    interval = Interval(low, high, ends.level)
    return Figure(100 * (row.effect.lift - 1), UNITS["percent"], None, interval, LAW)


def _unlike(claim: Published, of: OfRow, row: Row, protocol: Protocol) -> Iterator[Differing]:
    """What keeps a published figure from being compared with an effect of the row."""
    compared = claim.obtained is Obtained.COMPARISON or (
        claim.obtained is Obtained.BEFORE_AFTER and row.key.question in ALONE
    )
    if not compared:
        yield Differing("definition", OBTAINED[claim.obtained], row.estimand.identifies)
    elif claim.effect and row.status is RowStatus.DESCRIPTIVE:
        yield Differing("definition", EFFECT, row.estimand.identifies)
    own = protocol.window
    if of.question == Question.CHANNELS.value and claim.window is not None:
        days = f"the wave days of {of.channel}"
        if claim.window == own:
            yield Differing("window", str(claim.window), days)
    elif claim.window is not None and claim.window != own:
        yield Differing("window", str(claim.window), str(own))


def _stands(printed: Printed, of: OfRow, figure: Figure) -> Standing:
    """Consistent with the row's interval, and with an effect at all."""
    ends = figure.interval
    if ends is None or ends.high < printed.low or ends.low > printed.high:
        return Standing.FAILS
    nothing = 1.0 if of.figure == "lift" else 0.0
    return Standing.WITHIN_NOISE if nothing in ends else Standing.HOLDS


def _said(figure: Figure) -> str:
    ends = figure.interval
    around = f" [{said(ends.low)}; {said(ends.high)}]" if ends else ""
    unit = f" {figure.unit}" if figure.unit == "extra" else ""
    return f"{in_unit(said(figure.value), figure.unit)}{around}{unit}"


def _claim(
    claim: Published,
    of: OfRow,
    reading: str,
    holds: Standing,
    why: str,
    figure: Figure | None = None,
) -> Claim:
    about = [part for part in (of.course, of.channel, of.arm) if part != ALL]
    row = as_published(claim, reading, holds, why)
    return replace(row, about=", ".join(about), recomputed=figure)
