"""What must hold of declared assignments, and of the courses left out of every promotion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from evaluator.errors import did_you_mean
from evaluator.experiment.faults import Fault, dotted, wrong
from evaluator.experiment.positions import Keys
from evaluator.experiment.tables import Document, tables, texts_of, value_of

PARTS = ("courses", "countries", "order", "weeks")
NEEDS_GROUPS = ("stratified", "matched pairs")
HAS_NO_GROUPS = ("simple", "none")


def left_out_faults(document: Document) -> Iterator[Fault]:
    """Courses left out of every promotion are other courses, and no wave names them."""
    promoted = _codes(document)
    for keys, others in tables(document, "others"):
        listed = [code for _, code in texts_of(keys, others, "codes")]
        for place, code in texts_of(keys, others, "left_out"):
            if code in promoted:
                rule = "a course left out of every promotion is not under [[courses]]"
                yield wrong(place, code, "is also a promoted course", rule)
            elif listed and code not in listed:
                rule = "courses left out are among the other courses: others.codes"
                yield wrong(place, code, "is no other course", rule, did_you_mean(code, listed))
    left_out = left_out_courses(document)
    for keys, wave in tables(document, "waves"):
        for place, code in texts_of(keys, wave, "courses"):
            if code in left_out and code not in promoted:
                rule = "others.left_out holds courses that no wave advertises"
                yield wrong(place, code, "is left out of every promotion", rule)


def left_out_courses(document: Document) -> list[str]:
    """Codes under `others.left_out`."""
    return [
        code
        for keys, others in tables(document, "others")
        for _, code in texts_of(keys, others, "left_out")
    ]


def assignment_faults(document: Document) -> Iterator[Fault]:
    """Every rule of `[assignment]` that the document breaks."""
    for keys, assignment in tables(document, "assignment"):
        if not any(part in assignment for part in PARTS):
            rule = f"[assignment] says how one of {', '.join(PARTS)} was decided"
            yield Fault(keys, "assignment assigns nothing", rule)
        for part in PARTS:
            for inner, drawn in tables(assignment, part):
                place = (*keys, *inner)
                yield from _groups(place, drawn)
                yield from _names(place, drawn, part, document)
        for inner, drawn in tables(assignment, "order"):
            yield from _network((*keys, *inner), drawn, document)
    yield from _something_to_assign(document)


def _groups(keys: Keys, drawn: Document) -> Iterator[Fault]:
    """Strata have two members at least, pairs two, and nobody is in two groups."""
    rule, groups = value_of(drawn, "rule", str), _members(keys, drawn)
    if rule in NEEDS_GROUPS and not groups:
        what = f"{dotted(keys)} has no groups"
        yield Fault(keys, what, f'rule "{rule}" says within which groups it was drawn')
    if rule in HAS_NO_GROUPS and groups:
        what = f"{dotted((*keys, 'groups'))} is not used"
        yield Fault((*keys, "groups"), what, f'rule "{rule}" draws within no groups')
    first: dict[str, Keys] = {}
    for place, members in groups:
        if rule == "matched pairs" and len(members) != 2:
            what = f"{dotted(place)} has {len(members)} members"
            yield Fault(place, what, "a pair has two")
        elif len(members) < 2:
            what = f"{dotted(place)} has {len(members)} members"
            yield Fault(place, what, "within a group of fewer than two nothing is drawn")
        for position, name in enumerate(members):
            if first.setdefault(name, place) != place:
                said = f"{dotted(first[name])} has it too"
                yield wrong((*place, position), name, "is in two groups", said)


def _names(keys: Keys, drawn: Document, part: str, document: Document) -> Iterator[Fault]:
    """Groups name what is declared; a catalogue's courses are known only with the data."""
    known = _codes(document)
    if part == "courses":
        for _, others in tables(document, "others"):
            if "catalogue" in others:
                return
            known += [code for _, code in texts_of((), others, "codes")]
    elif part == "countries":
        yield from _one_of_a_pair_in_a(keys, drawn, document)
        return
    elif part == "weeks":
        yield from _couples(keys, drawn, document)
        return
    what = "is not a declared promoted course" if part == "order" else "is not a declared course"
    for place, members in _members(keys, drawn):
        for position, name in enumerate(members):
            if name not in known:
                declared = f"declared: {', '.join(known)}"
                yield wrong((*place, position), name, what, declared, did_you_mean(name, known))


def _couples(keys: Keys, drawn: Document, document: Document) -> Iterator[Fault]:
    """Weeks are drawn in couples: two first days inside the window, a week apart at least."""
    spans = [own for _, own in tables(document, "window")]
    start, end = (next((own.get(name) for own in spans), None) for name in ("start", "end"))
    if value_of(drawn, "rule", str) in ("simple", "re-randomised") and "groups" not in drawn:
        yield Fault(keys, f"{dotted(keys)} has no groups", "of two weeks one is drawn")
    for place, members in _members(keys, drawn):
        days = [_day(name) for name in members]
        if len(days) != 2:
            what = f"{dotted(place)} has {len(days)} members"
            yield Fault(place, what, "of two weeks one is drawn")
        for position, (name, day) in enumerate(zip(members, days, strict=True)):
            if day is None:
                rule = "a week is named by its first day, as 2023-03-06"
                yield wrong((*place, position), name, "is no day", rule)
            elif isinstance(start, date) and isinstance(end, date):
                if not start <= day <= end - timedelta(6):
                    yield wrong((*place, position), name, "begins no week of the window", "")
        known = sorted(day for day in days if day is not None)
        if len(known) == 2 and (known[1] - known[0]).days < 7:
            yield Fault(place, f"{dotted(place)} holds weeks that overlap", "seven days each")


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None


def _network(keys: Keys, drawn: Document, document: Document) -> Iterator[Fault]:
    """An order was drawn on a network that is advertised on."""
    network = value_of(drawn, "network", str)
    paid = [own for _, own in tables(document, "channels") if own.get("kind") == "paid"]
    names = [name for own in paid if (name := value_of(own, "network", str))]
    if network is not None and network.casefold() not in map(str.casefold, names):
        rule = f"networks of paid channels: {', '.join(names) or 'none'}"
        place = (*keys, "network")
        yield wrong(
            place, network, "is no network of a paid channel", rule, did_you_mean(network, names)
        )


def _one_of_a_pair_in_a(keys: Keys, drawn: Document, document: Document) -> Iterator[Fault]:
    """Of two matched countries one is arm A, where one list of arm A holds for every course."""
    listed = [
        {name for _, name in texts_of((), table, "countries")}
        for _, table in tables(document, "arms", "listed")
        if not table.get("by_course")
    ]
    if value_of(drawn, "rule", str) != "matched pairs" or not listed:
        return
    for place, members in _members(keys, drawn):
        inside = [name for name in members if name in listed[0]]
        if len(members) == 2 and len(inside) != 1:
            what = f"{dotted(place)} has {len(inside)} countries in arm A"
            yield Fault(place, what, "of a matched pair one is drawn: arms.listed.countries")


def _something_to_assign(document: Document) -> Iterator[Fault]:
    for keys, _ in tables(document, "assignment", "countries"):
        if "arms" not in document:
            what = f"{dotted(keys)} assigns countries to no arms"
            yield Fault(keys, what, "[arms] says which came out as arm A")


def _members(keys: Keys, drawn: Document) -> Sequence[tuple[Keys, list[str]]]:
    groups = value_of(drawn, "groups", list) or []
    return [
        ((*keys, "groups", position), [name for name in group if isinstance(name, str)])
        for position, group in enumerate(groups)
        if isinstance(group, list)
    ]


def _codes(document: Document) -> list[str]:
    found = (value_of(course, "code", str) for _, course in tables(document, "courses"))
    return [code for code in found if code is not None]
