"""What must hold between the plan of the next experiment and what is declared of this one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from evaluator.errors import did_you_mean
from evaluator.experiment.faults import Fault, dotted, wrong
from evaluator.experiment.positions import Keys
from evaluator.experiment.tables import Document, tables, texts_of, value_of


def plan_faults(document: Document) -> Iterator[Fault]:
    """Every rule of `[plan]` that the document breaks."""
    for keys, plan in tables(document, "plan"):
        yield from _after_this_one(document, keys, plan)
        yield from _channels(document, keys, plan)
        yield from _courses(document, keys, plan)
        yield from _markets(keys, plan)


def _after_this_one(document: Document, keys: Keys, plan: Document) -> Iterator[Fault]:
    start = value_of(plan, "start", date)
    for _, window in tables(document, "window"):
        end = value_of(window, "end", date)
        if start and end and start <= end:
            rule = f"window.end = {end}, and the next experiment comes after this one"
            yield wrong((*keys, "start"), start, "is not after the window", rule)


def _channels(document: Document, outer: Keys, plan: Document) -> Iterator[Fault]:
    declared = [name for _, c in tables(document, "channels") if (name := c.get("name"))]
    first: dict[str, Keys] = {}
    for inner, channel in tables(plan, "channels"):
        keys, name = (*outer, *inner), value_of(channel, "name", str)
        if name and first.setdefault(name, keys) != keys:
            rule = f"{dotted(first[name])} has this name"
            yield wrong((*keys, "name"), name, "names a second channel", rule)
        if name and name not in declared and "kind" not in channel:
            hint = did_you_mean(name, declared) or "give a new channel its kind"
            listed = f"declared: {', '.join(map(str, declared)) or 'none'}"
            yield wrong((*keys, "name"), name, "is not a declared channel", listed, hint)
        if "per_wave" in channel and "per_enrolment" in channel:
            what = f"{dotted(keys)} has two costs"
            rule = "a channel costs so much per wave, or per enrolment"
            yield Fault(keys, what, rule)


def _courses(document: Document, outer: Keys, plan: Document) -> Iterator[Fault]:
    """New courses are new, and there are candidates enough."""
    promoted = [code for _, c in tables(document, "courses") if (code := c.get("code"))]
    new = [value_of(course, "code", str) for _, course in tables(plan, "new_courses")]
    for (inner, course), code in zip(tables(plan, "new_courses"), new, strict=True):
        keys = (*outer, *inner)
        if code in promoted:
            rule = "a course without history was not promoted before: name it in candidates"
            yield wrong((*keys, "code"), code, "is no new course", rule)
        if "available_from" not in course:
            rule = "a course without history has a day on which it opens"
            yield Fault((*keys, "available_from"), f"{dotted(keys)} has no available_from", rule)
    candidates = {name for _, name in texts_of(outer, plan, "candidates")} or set(promoted)
    wanted, there = value_of(plan, "courses", int), len(candidates) + len(new)
    if wanted is not None and wanted > there:
        rule = f"{len(candidates)} candidates and {len(new)} new courses"
        hint = "name more candidates: other courses may be among them"
        yield wrong((*outer, "courses"), wanted, "is more than there are", rule, hint)


def _markets(outer: Keys, plan: Document) -> Iterator[Fault]:
    """A country is in every set or in none; a set holds those that are in every one."""
    for inner, markets in tables(plan, "markets"):
        keys = (*outer, *inner)
        included = {name for _, name in texts_of(keys, markets, "include")}
        for place, name in texts_of(keys, markets, "exclude"):
            if name in included:
                yield wrong(place, name, "is in every set and in none", "one list or the other")
        sizes = [size for size in markets.get("sizes") or () if isinstance(size, int)]
        if sizes and max(sizes) < len(included):
            rule = f"{len(included)} countries are in every set"
            yield wrong((*keys, "sizes"), max(sizes), "is the largest size", rule)
