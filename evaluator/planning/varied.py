"""The next protocol with one thing about it changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from evaluator.errors import Problem, UsageError
from evaluator.experiment.protocol import Course, Listed, Protocol, Reference, Span, Wave
from evaluator.planning.next import arm_a_of
from evaluator.resolve import Resolved


class Axis(StrEnum):
    """What varies along a curve."""

    LIFT = "lift"
    WEEKS = "weeks of the window"
    COURSES = "promoted courses"
    WAVES = "waves of a course"
    REFERENCE = "weeks of the reference"
    COUNTRIES = "countries of arm A"


def varied(past: Resolved, following: Protocol, axis: Axis, value: float) -> Protocol:
    """The next protocol with another length, number of courses, waves or countries.

    Parameters
    ----------
    value : a whole number from 1 up; on the axis of lifts nothing about the protocol changes

    Raises
    ------
    UsageError : no such protocol can be made of the declared one
    """
    if axis is Axis.LIFT:
        return following
    if value != int(value) or value < 1:
        raise _impossible(axis, value, "a whole number from 1 up")
    return VARY[axis](past, following, int(value))


def _weeks(_: Resolved, following: Protocol, weeks: int) -> Protocol:
    """Waves keep their length and their place in the window, by whole weeks."""
    old = following.window
    window = Span(old.start, old.start + timedelta(7 * weeks - 1))
    waves = [_moved(wave, old, window) for wave in following.waves if wave.span.overlaps(old)]
    return replace(following, window=window, waves=tuple(waves))


def _moved(wave: Wave, old: Span, new: Span) -> Wave:
    after, room = (wave.span.start - old.start).days, new.days - 7
    week = min(round(after // 7 * new.days / old.days), room // 7) if after >= 0 else 0
    start = new.start + timedelta(7 * week + max(after, 0) % 7)
    span = Span(start, min(start + timedelta(wave.span.days - 1), new.end))
    return replace(wave, span=span, bounds=None)


def _courses(past: Resolved, following: Protocol, courses: int) -> Protocol:
    """The first of the declared courses; further ones from the largest other courses.

    Those take the waves of the declared ones, in turn.
    """
    kept = following.courses[:courses]
    more = _largest_others(past, following)[: courses - len(kept)]
    if len(kept) + len(more) < courses:
        what = f"{len(following.courses)} are declared, and {len(more)} others could be promoted"
        raise _impossible(Axis.COURSES, courses, what)
    waves = [own for wave in following.waves for own in _without(wave, kept)]
    for place, code in enumerate(more):
        like = following.courses[place % len(following.courses)].code
        waves += [
            replace(wave, id=f"{wave.id}-{code}", courses=(code,))
            for wave in following.waves
            if like in wave.courses and not wave.portfolio
        ]
    others = replace(
        following.others,
        codes=tuple(code for code in following.others.codes if code not in more),
    )
    promoted = (*kept, *(Course(code, code) for code in more))
    return replace(following, courses=promoted, waves=tuple(waves), others=others)


def _without(wave: Wave, kept: tuple[Course, ...]) -> Iterator[Wave]:
    """A wave for the courses that are kept; none where it has lost all of them."""
    codes = {course.code for course in kept}
    courses = tuple(code for code in wave.courses if code in codes)
    if courses or wave.portfolio or not wave.courses:
        yield replace(wave, courses=courses)


def _largest_others(past: Resolved, following: Protocol) -> list[str]:
    panel, before = past.panel, past.panel.day(past.protocol.window.start)
    declared = {course.code for course in following.courses}
    codes = [code for code in past.others if code not in declared]
    totals = {code: panel.array("day", course=[code])[:before].sum() for code in codes}
    return sorted(codes, key=lambda code: (-totals[code], code))


def _waves(_: Resolved, following: Protocol, waves: int) -> Protocol:
    """The first waves of each course; further ones follow its last, a week between them."""
    found: list[Wave] = [wave for wave in following.waves if wave.portfolio or not wave.courses]
    for course in following.courses:
        named = [w for w in following.waves if course.code in w.courses and not w.portfolio]
        own = sorted(named, key=lambda wave: (wave.span.start, wave.id))
        if not own:
            continue
        kept = [replace(w, id=f"{w.id}-{course.code}", courses=(course.code,)) for w in own[:waves]]
        while len(kept) < waves:
            kept.append(_after(kept, len(kept), following, waves))
        found.extend(kept)
    return replace(following, waves=tuple(found))


def _after(kept: list[Wave], number: int, following: Protocol, waves: int) -> Wave:
    """A copy of an earlier wave, two weeks after the end of the last."""
    like, last = kept[number % len(kept)], max(wave.span.end for wave in kept)
    moved = (last - like.span.start).days // 7 * 7 + 14
    span = like.span.shifted(moved)
    if not following.window.contains(span):
        what = f"{number} waves of {', '.join(like.courses)} and a week after each fit the window"
        raise _impossible(Axis.WAVES, waves, what)
    return replace(like, id=f"{like.id}+{number}", span=span, bounds=None)


def _reference(_: Resolved, following: Protocol, weeks: int) -> Protocol:
    """Of every question: the series get as many weeks."""
    reference = Reference(weeks, following.reference.sensitivity, weeks)
    return replace(following, reference=reference)


def _countries(past: Resolved, following: Protocol, countries: int) -> Protocol:
    """The first so many of each course's ranking."""
    if following.arms is None:
        raise _impossible(Axis.COUNTRIES, countries, "the protocol has no arms")
    ranked = arm_a_of(past, following, countries)
    if min(len(own) for own in ranked.values()) < countries:
        held = len(past.panel.countries)
        raise _impossible(Axis.COUNTRIES, countries, f"the past panel has {held}")
    rule = Listed(by_course=tuple(ranked.items()))
    return replace(following, arms=replace(following.arms, rule=rule))


def _impossible(axis: Axis, value: float, why: str) -> UsageError:
    return UsageError(Problem(axis.value, f"{value:g} is not possible", why))


VARY: Mapping[Axis, Callable[[Resolved, Protocol, int], Protocol]] = {
    Axis.WEEKS: _weeks,
    Axis.COURSES: _courses,
    Axis.WAVES: _waves,
    Axis.REFERENCE: _reference,
    Axis.COUNTRIES: _countries,
}
