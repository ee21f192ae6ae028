"""The schedule: waves by channel and course, what is held out, and what each week identifies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from evaluator.report.page.figures import Panel
from evaluator.report.page.svg import (
    ACCENT,
    HATCHED,
    HATCHED_MUTED,
    INK,
    LINE,
    MUTED,
    NONE,
    SOFT,
    WASH,
    Axis,
    box,
    lines,
    svg,
    text,
)
from evaluator.report.planning import figures
from evaluator.report.words import counted, listed

Plan = Mapping[str, Any]
Record = Mapping[str, Any]
WIDTH, LABELS, LANE, GAP, TOP, NARROW = 820, 178, 13, 9, 34, 4
"""Pixels: of the drawing, its labels, a lane, between groups, above, and of the shortest wave."""
ARMS = {("A",): "arm A only", ("A", "B"): "both arms", ("B",): "arm B only"}
MUCH, SOME = 1.0, 0.5
"""Information of a week, in what it would carry if all weeks carried alike."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A line of the drawing."""

    label: str
    waves: tuple[Record, ...] = ()
    heading: bool = False
    held_out: bool = False
    """Whether the line is about those whom no wave reaches."""


def gantt(plan: Plan) -> Panel:
    """The whole window in one drawing."""
    design = plan["design"]
    days = 7 * len(design["weeks"])
    x = Axis(0, days, LABELS, WIDTH - 4)
    parts: list[str] = []
    top = float(TOP)
    for lane in _lanes(plan):
        top += GAP if lane.heading and top > TOP else 0
        parts += _drawn(lane, plan, x, top)
        top += LANE
    foot = top
    top += GAP + LANE
    names = [own["name"] for own in plan["identified"]]
    below = [text((0, top - 3), "identifies", "start", INK)]
    for name in names:
        below += _information(name, design["weeks"], x, top)
        top += LANE + 1
    drawn = [*_weeks(design["weeks"], x, foot), *parts, *below]
    return Panel("Waves by week", _finding(plan), svg(WIDTH, top + 4, drawn))


def _lanes(plan: Plan) -> Iterator[Lane]:
    design = plan["design"]
    for channel in design["channels"]:
        waves = [wave for wave in design["waves"] if wave["channel"] == channel["name"]]
        if not waves:
            yield Lane(f"{channel['name']} (no wave)", heading=True)
            continue
        arms = dict.fromkeys(ARMS.get(tuple(w["arms"]), " + ".join(w["arms"])) for w in waves)
        together = tuple(wave for wave in waves if not wave["courses"])
        yield Lane(f"{channel['name']}, {listed(arms)}", together, heading=True)
        for course in design["courses"]:
            own = tuple(wave for wave in waves if course in wave["courses"])
            if own:
                yield Lane(course, own)
    if design["left_out"]:
        yield Lane(f"{counted(len(design['left_out']), 'course')} left out", (), True, True)
    if design["arms"]:
        b = len(design["arms"]["B"])
        yield Lane(f"arm B: no ads in {b} countries", (), True, True)


def _drawn(lane: Lane, plan: Plan, x: Axis, top: float) -> Iterator[str]:
    said = lane.label if len(lane.label) < 30 else f"{lane.label[:28]}…"
    if lane.heading:
        yield text((0, top + LANE - 3), said, "start", INK, 10.5)
    else:
        yield text((LABELS - 8, top + LANE - 3), said, "end", MUTED, 10.5)
    if lane.held_out:
        yield box((x.at(0), top + 2), (x.at(x.high), top + LANE - 2), HATCHED_MUTED, MUTED)
    paid = {own["name"] for own in plan["design"]["channels"] if own["kind"] == "paid"}
    start = _day(plan["design"]["weeks"][0]["start"])
    for wave in lane.waves:
        first, last = _day(wave["start"]) - start, _day(wave["end"]) - start + 1
        end = x.at(last)
        rest = x.at(min(last + 7 * plan["experiment"]["washout_weeks"], x.high))
        yield box((end, top + 5), (rest, top + LANE - 5), SOFT)
        colour = ACCENT if wave["channel"] in paid else MUTED
        wide = max(end, x.at(first) + NARROW)
        yield box((x.at(first), top + 2), (wide, top + LANE - 2), colour)


def _weeks(weeks: Sequence[Record], x: Axis, foot: float) -> Iterator[str]:
    """Lines between weeks, their dates, and those that are closed."""
    for number, week in enumerate(weeks):
        left, right = x.at(7 * number), x.at(7 * number + 7)
        if week["closed"]:
            yield box((left, TOP - 6), (right, foot), WASH)
            yield box((left, TOP - 6), (right, TOP - 3), HATCHED, NONE)
        yield text(((left + right) / 2, 12), figures.day(week["start"], year=False), size=9.5)
        if week["closed"]:
            yield text(((left + right) / 2, 24), week["closed"][:11], fill=INK, size=9)
    edges = [x.at(7 * number) for number in range(len(weeks) + 1)]
    yield lines([((at, TOP - 6), (at, foot)) for at in edges], LINE, 1)


def _information(name: str, weeks: Sequence[Record], x: Axis, top: float) -> Iterator[str]:
    """A strip of what each week says about one contrast."""
    yield text((LABELS - 8, top + LANE - 3), name.replace("_", " "), "end", size=10.5)
    for number, week in enumerate(weeks):
        share = (week["information"].get(name) or 0.0) * len(weeks)
        tone = ACCENT if share > MUCH else SOFT if share > SOME else WASH
        yield box((x.at(7 * number) + 1, top + 2), (x.at(7 * number + 7) - 1, top + LANE - 2), tone)


def _finding(plan: Plan) -> str:
    """Which channel runs in which weeks, what is closed, and what the weeks are good for."""
    design = plan["design"]
    start = _day(design["weeks"][0]["start"])
    said = [f"{counted(len(design['waves']), 'wave')} in {counted(len(design['weeks']), 'week')}"]
    for channel in design["channels"]:
        own = [wave for wave in design["waves"] if wave["channel"] == channel["name"]]
        if own:
            weeks = sorted({(_day(wave["start"]) - start) // 7 for wave in own})
            said.append(f"{channel['name']} in {figures.weeks(weeks)}")
    closed = [number for number, week in enumerate(design["weeks"]) if week["closed"]]
    if closed:
        said.append(f"no wave in {figures.weeks(closed)}")
    for own in plan["identified"]:
        good = [n for n, week in enumerate(design["weeks"]) if own["name"] in week["identifies"]]
        if good and own["after"]:
            said.append(f"{own['name']} is told apart in {figures.weeks(good)}")
    return "; ".join(said)


def _day(iso: str) -> int:
    return date.fromisoformat(iso).toordinal()
