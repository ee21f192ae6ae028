"""Statements about a design, recomputed from waves, arms and previous campaigns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

from evaluator.claims.claim import Claim, Standing
from evaluator.claims.like import as_published
from evaluator.comparisons.waves import WEEKS_AFTER
from evaluator.experiment.protocol import Protocol, Span, Wave
from evaluator.experiment.published import OfDesign, Published, Untouched

Said = tuple[Standing, str]
"""Whether a statement holds of the declared design, and why."""
READINGS = {
    Untouched.ARM_B: "arm B untouched",
    Untouched.OTHER_COURSES: "other courses untouched",
    Untouched.HISTORY: "weeks before untouched",
}


def design_claims(claim: Published, of: OfDesign, protocol: Protocol) -> Iterator[Claim]:
    """What is said to be untouched, one by one; then what is said to be apart."""
    for what in of.untouched:
        yield _claim(claim, READINGS[what], *UNTOUCHED[what](protocol))
    if of.apart:
        pairs = {pair: _in_common(*pair, protocol) for pair in combinations(of.apart, 2)}
        yield _together(claim, of, pairs)
        for (one, other), courses in pairs.items():
            holds, why = _pair(courses)
            yield _claim(claim, f"{one} and {other}", holds, why, detail=True)


def _arm_b(protocol: Protocol) -> Said:
    arms = protocol.arms
    if arms is None:
        return Standing.INCOMPARABLE, "no arms are declared"
    went = [wave for wave in protocol.waves if "B" in wave.arms]
    if "B" not in arms.exposed:
        return Standing.HOLDS, "the declaration has arm A alone exposed"
    return (
        Standing.FAILS,
        f"arm B saw the campaign: {len(went)} of {len(protocol.waves)} waves went to it",
    )


def _other_courses(protocol: Protocol) -> Said:
    waves = [w for w in protocol.waves if w.portfolio and w.span.overlaps(protocol.window)]
    told = [f"{wave.id} ({wave.span.start:%-d %b %Y})" for wave in _by_day(waves)]
    if not waves:
        return Standing.HOLDS, "no declared wave reached them"
    if protocol.others.left_out:
        kept = len(protocol.others.left_out)
        return Standing.HOLDS, f"{kept} courses were left out of {', '.join(told)}"
    return Standing.FAILS, f"they were promoted too: {', '.join(told)}"


def _history(protocol: Protocol) -> Said:
    since = protocol.history_from or date.min
    before = [
        event
        for event in protocol.previous_campaigns
        if event.span.start < protocol.window.start and event.span.end >= since
    ]
    if not before:
        return Standing.HOLDS, "no earlier campaign is declared in them"
    return Standing.FAILS, "; ".join(f"“{event.name}”, {event.span}" for event in before)


UNTOUCHED: Mapping[Untouched, Callable[[Protocol], Said]] = {
    Untouched.ARM_B: _arm_b,
    Untouched.OTHER_COURSES: _other_courses,
    Untouched.HISTORY: _history,
}


def _in_common(one: str, other: str, protocol: Protocol) -> dict[str, bool]:
    """Courses that two channels reached at once, and whether on the days themselves.

    Or else within the two weeks that the daily model gives every wave: what the first left
    behind is then there when the second comes.
    """
    found: dict[str, bool] = {}
    for course in (course.code for course in protocol.courses):
        first, second = (_reached(name, course, protocol) for name in (one, other))
        pairs = [(a, b) for a in first for b in second]
        if any(a.span.overlaps(b.span) for a, b in pairs):
            found[course] = True
        elif any(_with_after(a.span).overlaps(_with_after(b.span)) for a, b in pairs):
            found[course] = False
    return found


def _reached(channel: str, course: str, protocol: Protocol) -> list[Wave]:
    """Waves of a channel that reached a course, by its name or with the whole portfolio."""
    return [
        wave
        for wave in protocol.waves
        if wave.channel == channel
        and (course in wave.courses or wave.portfolio or not wave.courses)
    ]


def _with_after(span: Span) -> Span:
    """A wave has a week at least, and leaves something behind."""
    end = max(span.end, span.start + timedelta(6))
    return Span(span.start, end + timedelta(7 * WEEKS_AFTER))


def _together(
    claim: Published, of: OfDesign, pairs: Mapping[tuple[str, str], Mapping[str, bool]]
) -> Claim:
    told = [
        f"{one} and {other} ({_pair(courses)[1]})"
        for (one, other), courses in pairs.items()
        if courses
    ]
    reading = f"{len(of.apart)} channels apart in time"
    if not told:
        why = "no two of them reached a course within two weeks of each other"
        return _claim(claim, reading, Standing.HOLDS, why)
    why = f"{len(told)} of {len(pairs)} pairs overlap: {'; '.join(told)}"
    return _claim(claim, reading, Standing.FAILS, why)


def _pair(courses: Mapping[str, bool]) -> Said:
    if not courses:
        return Standing.HOLDS, "no course within two weeks of each other"
    days = sum(courses.values())
    after = len(courses) - days
    told = [f"{days} on the same days"] * bool(days)
    told += [f"{after} within two weeks"] * bool(after)
    return Standing.FAILS, f"courses: {', '.join(told)}"


def _by_day(waves: list[Wave]) -> list[Wave]:
    return sorted(waves, key=lambda wave: wave.span.start)


def _claim(
    claim: Published, reading: str, holds: Standing, why: str, *, detail: bool = False
) -> Claim:
    row = as_published(claim, reading, holds, why)
    return replace(row, about=claim.definition, detail=detail)
