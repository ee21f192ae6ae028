"""Figures of a channel: what its tag counts, what it delivered, and one divided by the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaluator.claims.claim import Claim, Figure, Standing, Told, against, said, same
from evaluator.claims.cost import Dose, attributed, spend_by
from evaluator.claims.figures import amounts
from evaluator.comparisons import ALL
from evaluator.experiment.kpi import Kpi, OfChannel
from evaluator.resolve import Resolved

ONE = {"attributed": "attributed", "clicks": "click", "reach": "person reached"}
"""What a figure is divided by, one of it."""
READINGS = {"attributed": "attributed, last touch", "spend": "spend", "reach": "reach of all waves"}
NOT_LIFT = "last touch: not lift"
ATTRIBUTED = "attributed: {}"
"""Name under which what carries the tag of a channel adds up."""
TWICE = "who was reached twice counts twice"


def channel_claims(kpi: Kpi, measure: OfChannel, resolved: Resolved) -> Iterator[Claim]:
    """The number, or the rate by each denominator that the published one may have."""
    seen = _seen(kpi, measure, resolved)
    if not measure.per:
        yield _number(seen)
    for position, per in enumerate(measure.per):
        yield _rate(seen, per, measure.definition if position == 0 else "")


@dataclass(frozen=True, slots=True)
class _Seen:
    """A figure with what the data know of its channel; None where they do not."""

    kpi: Kpi
    measure: OfChannel
    known: dict[str, float | None]
    """`attributed`, `spend`, `clicks` and `reach`."""
    currency: str
    twice: bool
    """Whether the reach adds up several deliveries."""
    tells: tuple[Told, ...]

    @property
    def about(self) -> str:
        return ", ".join((self.measure.name, *self.measure.courses))

    @property
    def published(self) -> Figure | None:
        result = self.kpi.result
        if result is None:
            return None
        unit = f"{self.kpi.unit} or more" if self.measure.at_least else self.kpi.unit
        return Figure(100 * result, f"% {unit}") if self.measure.is_rate else Figure(result, unit)

    def claim(self, reading: str, holds: Standing, why: str, own: Figure | None) -> Claim:
        if self.published is None:
            holds, why = Standing.NOT_REPORTED, f"no figure was published; {why}"
        claim = Claim(self.kpi.name, self.about, reading, holds, why, self.published, own)
        if own is None:
            return claim
        apart = ("definition",) if holds is Standing.INCOMPARABLE else ()
        return replace(claim, differs=apart, tells=self.tells)

    def unknown(self, reading: str, definition: str, *names: str) -> Claim:
        missing = " and no ".join(name for name in names if not self.known[name])
        why = _joined(definition, f"the data have no {missing} of {self.measure.name}")
        return self.claim(reading, Standing.INCOMPARABLE, why, None)

    def stands(self, value: float) -> Standing:
        """Beside the published figure, in its own unit."""
        published = self.published
        if published is None:
            return Standing.NOT_REPORTED
        if self.measure.at_least:
            return against(Figure(value, published.unit), published.value)
        return same(value, published.value)


def _number(seen: _Seen) -> Claim:
    count = seen.measure.count
    value, reading = seen.known[count], READINGS[count]
    if value is None:
        return seen.unknown(reading, seen.measure.definition, count)
    own = Figure(value, seen.kpi.unit)
    holds = seen.stands(value)
    if count == "reach" and seen.twice:
        # The sum bounds the number of people from above: it can refute a figure, not confirm it.
        short = seen.published is not None and value < seen.published.value
        holds = Standing.FAILS if short else Standing.INCOMPARABLE
        why = _joined(seen.measure.definition, f"{TWICE}: at most so many people")
        return seen.claim(reading, holds, why, own)
    why = _joined(seen.measure.definition, NOT_LIFT * (count == "attributed"))
    return seen.claim(reading, holds, why, own)


def _rate(seen: _Seen, per: str, definition: str) -> Claim:
    count = seen.measure.count
    reading = f"{count} per {ONE[per]}"
    part, whole = seen.known[count], seen.known[per]
    if part is None or not whole:
        return seen.unknown(reading, definition, count, per)
    share = seen.measure.is_rate
    value = (100 if share else 1) * part / whole
    unit = f"% of {per}" if share else f"{seen.currency} per {ONE[per]}".strip()
    holds, given = seen.stands(value), ""
    if len(seen.measure.per) > 1:
        given = "read so, the data give the published figure" * (holds is Standing.HOLDS)
        holds = Standing.INCOMPARABLE
    why = _joined(
        definition,
        f"{_amount(seen, count)} over {_amount(seen, per)}",
        given,
        NOT_LIFT * ("attributed" in (count, per)),
        TWICE * (per == "reach" and seen.twice),
    )
    return seen.claim(reading, holds, why, Figure(value, unit))


def _amount(seen: _Seen, name: str) -> str:
    value = seen.known[name] or 0.0
    if name == "spend":
        return f"{seen.currency} {value:,.2f}".strip()
    return f"{said(value)} {'people reached' if name == 'reach' else name}"


def _joined(*notes: str) -> str:
    return "; ".join(filter(None, notes))


def _seen(kpi: Kpi, measure: OfChannel, resolved: Resolved) -> _Seen:
    courses = measure.courses or resolved.promoted
    doses = _delivered(measure, resolved, courses)
    dose = sum(doses, Dose())
    reached = [] if dose.reach is not None else _posts(measure, resolved)
    known = {
        "attributed": attributed(resolved, measure.name, courses),
        "spend": dose.spend,
        "clicks": dose.clicks,
        "reach": sum(reached) if reached else dose.reach,
    }
    twice = len(doses) + len(reached) > 1
    return _Seen(kpi, measure, known, dose.currency, twice, tuple(_tells(measure, known, resolved)))


def _tells(
    measure: OfChannel, known: Mapping[str, float | None], resolved: Resolved
) -> Iterator[Told]:
    """What the figure and what it is divided by count, of people or of what they did."""
    for name in {measure.count, *measure.per} - {"spend"}:
        if name == "attributed":
            courses = measure.courses or resolved.promoted
            parts = ((one, attributed(resolved, measure.name, [one]) or 0.0) for one in courses)
            days = resolved.protocol.window, ()
            yield Told(ATTRIBUTED.format(measure.name), tuple(parts), days)
        elif (count := known[name]) is not None:
            yield Told(f"{name}: {measure.name}", ((", ".join(measure.courses), count),))


def _delivered(measure: OfChannel, resolved: Resolved, courses: Sequence[str]) -> list[Dose]:
    table = resolved.tables.get("delivery")
    if table is None:
        return []
    wanted = courses if measure.courses else (*courses, ALL)
    doses = spend_by(resolved.protocol, table).items()
    return [
        dose
        for (channel, course, arm), dose in doses
        if channel == measure.name and course in wanted and arm == ALL
    ]


def _posts(measure: OfChannel, resolved: Resolved) -> list[float]:
    """Reach of each post, for a channel that is posts."""
    table = resolved.tables.get("posts")
    kinds = {channel.name: channel.kind for channel in resolved.protocol.channels}
    if table is None or "reach" not in table.columns or kinds[measure.name] != "organic":
        return []
    posts = table[table["course"].isin(measure.courses)] if measure.courses else table
    values = amounts(posts, "reach")
    return [float(value) for value in values[np.isfinite(values)]]
