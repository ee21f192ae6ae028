"""What must hold between the keys of published claims, of testable advice and of two arms."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from evaluator.errors import did_you_mean
from evaluator.experiment.exposure import OTHER, TREATED
from evaluator.experiment.faults import Fault, dotted, wrong
from evaluator.experiment.positions import Keys
from evaluator.experiment.printed import FORMS, Printed, read_printed
from evaluator.experiment.questions import asked
from evaluator.experiment.tables import Document, tables, texts_of, value_of

WAYS = ("proportion", "arithmetic", "counts", "row", "design", "exposed")
OPERANDS = {"same": 1, "factor": 1, "percent": 1, "per_day": 1, "difference": 2, "ratio": 2}
"""Operations with a fixed number of claims; the others take any."""
INVARIANT_FIGURES = ("share", "low", "high")
SHARE = "a share is in per cent: its unit begins with %"
ROW_UNITS = {"extra": "", "lift": "×", "percent": "%"}
"""Figure of a row → how the unit of a claim beside it begins."""


def published_faults(document: Document) -> Iterator[Fault]:
    """Every rule of `[[claims]]` that the document breaks."""
    names = [value_of(claim, "name", str) for _, claim in tables(document, "claims")]
    for keys, claim in tables(document, "claims"):
        yield from _figures(keys, claim)
        yield from _one_way(keys, claim)
        yield from _share(keys, claim, document)
        yield from _other_claims(keys, claim, [name for name in names if name])
        yield from _windows(keys, claim)
        yield from _row(keys, claim, document)
        yield from _exposed(keys, claim, document)
    yield from _circles(document)


def exposure_faults(document: Document) -> Iterator[Fault]:
    """Every rule of `[exposure]` that the document breaks."""
    for keys, exposure in tables(document, "exposure"):
        read = "source" in exposure
        columns = (("invariants", ("column",)), ("proportions", ("successes", "trials")))
        for name, given in columns:
            for inner, table in tables(exposure, name):
                place = (*keys, *inner)
                wanted, unused = (
                    (given, ("treated", "other")) if read else (("treated", "other"), given)
                )
                yield from _counted(place, table, wanted, unused, read=read)
        arms = [value_of(exposure, arm, str) or arm for arm in (TREATED, OTHER)]
        if len(set(arms)) < len(arms):
            yield Fault((*keys, "other"), f"{dotted(keys)} has one arm", "two arms have two names")
        yield from _counts_in_range(keys, exposure)


def _figures(keys: Keys, claim: Document) -> Iterator[Fault]:
    places = [((*keys, "value"), claim.get("value"))]
    places += [((*keys, *k, "of"), own.get("of")) for k, own in tables(claim, "proportion")]
    for place, value in places:
        if isinstance(value, str) and value and read_printed(value) is None:
            yield wrong(place, value, "is no figure", f"a figure as {FORMS}")


def _one_way(keys: Keys, claim: Document) -> Iterator[Fault]:
    ways = [name for name in WAYS if name in claim]
    if len(ways) > 1:
        what = f"{dotted(keys)} has {' and '.join(ways)}"
        yield Fault(keys, what, "a claim is recomputed in one way, or in none")
    if "value" not in claim and ways and ways[0] != "design":
        what = f"{dotted(keys)} has {ways[0]}, and no value"
        yield Fault(keys, what, "a claim without a figure is about the design, or is in words")
    for place, design in tables(claim, "design"):
        if not design.get("untouched") and not design.get("apart"):
            what = f"{dotted((*keys, *place))} says nothing"
            yield Fault((*keys, *place), what, "it has untouched, or apart")
        if len(set(texts := [name for _, name in texts_of((), design, "apart")])) == 1:
            yield wrong(
                (*keys, *place, "apart"), texts, "has one channel", "two at least are apart"
            )


def _share(keys: Keys, claim: Document, document: Document) -> Iterator[Fault]:
    """A share, of how many, and beside what."""
    unit, value = value_of(claim, "unit", str) or "", claim.get("value")
    for inner, table in tables(claim, "proportion"):
        place = (*keys, *inner)
        if not unit.startswith("%"):
            yield wrong((*keys, "unit"), unit, "is no unit of a share", SHARE)
        elif (printed := _read(value, unit)) and not (printed.readings or _is_percent(printed)):
            yield wrong((*keys, "value"), value, "is no share", "it lies between 0 and 100")
        asked = table.get("of")
        if (own := _read(asked)) and not own.readings and not _is_number_of_people(own):
            rule = 'how many were asked is a whole number, 1 or more: 250, "100+"'
            yield wrong((*place, "of"), asked, "is no number of people", rule)
        for where, name in texts_of(place, table, "against"):
            for _, other in tables(document, "claims"):
                of_share = str(other.get("unit", "")).startswith("%") and "value" in other
                if other.get("name") == name and not of_share:
                    yield wrong(where, name, "is no share", SHARE)


def _read(value: object, unit: str = "") -> Printed | None:
    if isinstance(value, str):
        return read_printed(value, unit) if value else None
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        return None
    return read_printed(value, unit)


def _is_percent(printed: Printed) -> bool:
    return 0 <= printed.value <= 100


def _is_number_of_people(printed: Printed) -> bool:
    whole = printed.value >= 1 and printed.value.is_integer()
    return whole and not re.search(r"%|\d in \d", printed.text)


def _circles(document: Document) -> Iterator[Fault]:
    """Claims that follow from each other: neither is then recomputed from anything else."""
    follows = {
        value_of(claim, "name", str): [name for _, name in texts_of((), table, "of")]
        for _, claim in tables(document, "claims")
        for _, table in tables(claim, "arithmetic")
    }
    for keys, claim in tables(document, "claims"):
        name = value_of(claim, "name", str)
        reached, last = set[str](), set(follows.get(name, ())) - {name}
        while last - reached:
            reached |= last
            last = {of for own in last for of in follows.get(own, ())}
        if name in reached and "arithmetic" in claim:
            place = (*keys, "arithmetic", "of")
            what = f"{dotted(place)} follows from the claim itself"
            yield Fault(place, what, "one of a circle is where the others come from: declare it so")


def _other_claims(keys: Keys, claim: Document, names: list[str]) -> Iterator[Fault]:
    own = value_of(claim, "name", str)
    for inner, table in tables(claim, "arithmetic"):
        place = (*keys, *inner)
        of = list(texts_of(place, table, "of"))
        for where, name in of:
            yield from _other_claim(where, name, own, names)
        operation = value_of(table, "operation", str)
        wanted = OPERANDS.get(operation or "")
        if wanted is not None and of and len(of) != wanted:
            what = f"{dotted((*place, 'of'))} names {len(of)} claims"
            yield Fault((*place, "of"), what, f'operation "{operation}" takes {wanted}')
    for inner, table in tables(claim, "proportion"):
        for where, name in texts_of((*keys, *inner), table, "against"):
            yield from _other_claim(where, name, own, names)


def _other_claim(keys: Keys, name: str, own: str | None, names: list[str]) -> Iterator[Fault]:
    if name == own:
        yield wrong(keys, name, "is the claim itself")
    elif name not in names:
        known = f"declared: {', '.join(names)}"
        yield wrong(keys, name, "is not a declared claim", known, did_you_mean(name, names))


def _windows(keys: Keys, claim: Document) -> Iterator[Fault]:
    if "counts" in claim and "window" not in claim:
        what = f"{dotted(keys)} counts in no window"
        yield Fault(keys, what, "counts are those of the window of the claim")
    for inner, counts in tables(claim, "counts"):
        if counts.get("by_weekday") is True and "before" not in claim:
            place = (*keys, *inner, "by_weekday")
            rule = "it is a mean of changes, from the days under before"
            yield Fault(place, f"{dotted(keys)} is a change from nothing", rule, "add before")
    if "before" in claim and "window" not in claim:
        yield Fault((*keys, "before"), f"{dotted(keys)} is a change to no window", "add window")


def _row(keys: Keys, claim: Document, document: Document) -> Iterator[Fault]:
    for inner, row in tables(claim, "row"):
        for where, question in texts_of((*keys, *inner), row, "question"):
            if question not in asked(document):
                rule = "a row is there only where its question is asked"
                yield wrong(where, question, "is not among experiment.questions", rule)
        figure, unit = str(row.get("figure", "extra")), str(claim.get("unit", ""))
        begins = unit[:1] if unit[:1] in ("%", "×") else ""
        if "value" in claim and begins != ROW_UNITS.get(figure, begins):
            what = f'{dotted((*keys, "unit"))} = "{unit}" is no unit of {figure}'
            rule = "extra is a number; lift is in ×, percent in %"
            yield Fault((*keys, "unit"), what, rule, "name the figure of the row")


def _exposed(keys: Keys, claim: Document, document: Document) -> Iterator[Fault]:
    declared = {
        kind: [value_of(own, "name", str) or "" for _, own in tables(document, "exposure", kind)]
        for kind in ("proportions", "invariants")
    }
    every = [name for names in declared.values() for name in names]
    for inner, table in tables(claim, "exposed"):
        place = (*keys, *inner)
        for where, name in texts_of(place, table, "name"):
            if name not in every:
                known = f"declared under [exposure]: {', '.join(every) or 'nothing'}"
                yield wrong(
                    where, name, "is no proportion or invariant", known, did_you_mean(name, every)
                )
                continue
            figure = value_of(table, "figure", str)
            of_invariant = name in declared["invariants"]
            fits = figure in INVARIANT_FIGURES if of_invariant else figure != "share"
            if figure is not None and not fits:
                rule = f"an invariant has {', '.join(INVARIANT_FIGURES)}; a proportion the others"
                yield wrong((*place, "figure"), figure, f"is no figure of {name}", rule)


def _counted(
    keys: Keys, table: Document, wanted: tuple[str, ...], unused: tuple[str, ...], *, read: bool
) -> Iterator[Fault]:
    where = "in the source" if read else "here: [exposure] names no source"
    for key in wanted:
        if key not in table:
            yield Fault(
                (*keys, key), f"{dotted((*keys, key))} is missing", f"it is counted {where}"
            )
    for key in unused:
        if key in table:
            yield Fault(
                (*keys, key), f"{dotted((*keys, key))} is not used", f"it is counted {where}"
            )


def _counts_in_range(keys: Keys, exposure: Document) -> Iterator[Fault]:
    for arm in ("treated", "other"):
        for inner, table in tables(exposure, "proportions", arm):
            part, whole = table.get("successes"), table.get("trials")
            if isinstance(part, int | float) and isinstance(whole, int | float) and part > whole:
                place = (*keys, *inner, "successes")
                yield wrong(place, part, "is more than its trials", f"trials = {whole:g}")
