"""The funnel of a channel: from who saw it to who shared it, as the tables count them.

A stage is a plain count; its share of the stage before is a description, never an effect. The
share has an interval where the one count is a part of the other, and else a reason by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from evaluator.claims.cost import attributed
from evaluator.claims.figures import amounts
from evaluator.experiment.kpi import Posted
from evaluator.experiment.protocol import Channel, Wave
from evaluator.inference.shares import share_interval
from evaluator.resolve import Resolved
from evaluator.results import Interval

if TYPE_CHECKING:
    import pandas as pd

AWARENESS, ENGAGEMENT, ACQUISITION = "awareness", "engagement", "acquisition"
ENROLMENT, REFERRAL = "enrolment", "referral"
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "delivery": {
        AWARENESS: "reach",
        ENGAGEMENT: "engagements",
        ACQUISITION: "clicks",
        REFERRAL: "shares",
    },
    "posts": {
        AWARENESS: "reach",
        ENGAGEMENT: "engagements",
        ACQUISITION: "clicks",
        REFERRAL: "shares",
    },
    "email": {
        AWARENESS: "recipients",
        ENGAGEMENT: "opens",
        ACQUISITION: "clicks",
        REFERRAL: "forwards",
    },
}
"""Table → stage → its column."""
UNITS = {
    "reach": "people reached",
    "recipients": "recipients",
    "opens": "recipients who opened",
    "clicks": "clicks on the course link",
    "shares": "shares",
    "forwards": "forwards",
}
TWICE = {
    "clicks": "one person may click twice",
    "shares": "one person may share twice",
}
"""Column of events, not people → why; other events of a post are engagements."""
BEFORE = {
    ENGAGEMENT: (AWARENESS,),
    ACQUISITION: (ENGAGEMENT, AWARENESS),
    ENROLMENT: (ACQUISITION, ENGAGEMENT, AWARENESS),
    REFERRAL: (ACQUISITION, ENGAGEMENT, AWARENESS),
}
"""Stage → of which its share is taken: the nearest that is counted. Who shares need not enrol."""
FULL = {"delivery": "waves", "posts": "posts", "email": "e-mails"}
"""Table → what its people are added over."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One count of a funnel, and its share of an earlier one."""

    stage: str
    unit: str
    """What is counted, plural."""
    count: float | None = None
    """None: not counted, and `note` says why."""
    of: float | None = None
    of_stage: str = ""
    share: float | None = None
    interval: Interval | None = None
    """Wilson's; None where the count is no part of the other, and `note` says why."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ChannelStages:
    """The five stages of a channel, in order."""

    channel: Channel
    courses: tuple[str, ...]
    """Whose tagged enrolments are counted: those that its waves advertise."""
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class _Counted:
    """A count with what keeps it from being a number of people."""

    unit: str
    count: float | None
    why: str = ""
    """Not counted: because."""
    added: str = ""
    """Why one person may be in it twice."""
    apart: str = ""
    """Why it is no part of an earlier stage."""
    pages: str = ""
    """Where it was counted, if that is not all of the channel."""


def channel_stages(resolved: Resolved) -> tuple[ChannelStages, ...]:
    """The funnel of every declared channel; none where no stage of any is counted.

    Raises
    ------
    DataError : a figure of a table is none; all of the column are listed
    """
    level = resolved.protocol.decision.level
    found = []
    for channel in resolved.protocol.channels:
        waves = [wave for wave in resolved.protocol.waves if wave.channel == channel.name]
        courses = _advertised(waves, resolved)
        counted = {
            **_delivered(channel, waves, resolved),
            ENROLMENT: _enrolled(channel, courses, resolved),
        }
        stages = tuple(_staged(stage, counted, level) for stage in (AWARENESS, *BEFORE))
        found.append(ChannelStages(channel, courses, stages))
    told = any(stage.count is not None for own in found for stage in own.stages)
    return tuple(found) if told else ()


def _staged(stage: str, counted: Mapping[str, _Counted], level: float) -> Stage:
    own = counted[stage]
    if own.count is None:
        return Stage(stage, own.unit, note=own.why)
    before = BEFORE.get(stage, ())
    of_stage = next((name for name in before if counted[name].count), "")
    if not of_stage:
        return Stage(stage, own.unit, own.count, note=own.added)
    whole = counted[of_stage]
    assert whole.count is not None
    # A click brings one enrolment at most, so twice the same clicker are two clicks there.
    twice = "" if stage == ENROLMENT and of_stage == ACQUISITION else whole.added
    reasons = [twice, own.added, own.apart, *_elsewhere(whole, own)]
    part = own.count <= whole.count
    reasons += [] if part else [f"more than the {whole.unit}: no part of them"]
    note = "; ".join(dict.fromkeys(filter(None, reasons)))
    interval = None if note else share_interval(own.count, whole.count, level)
    share = own.count / whole.count if part else None
    return Stage(stage, own.unit, own.count, whole.count, of_stage, share, interval, note)


def _elsewhere(whole: _Counted, own: _Counted) -> list[str]:
    if whole.pages == own.pages:
        return []
    sides = (whole, own)
    return [f"the {side.unit} are those of {side.pages} alone" for side in sides if side.pages]


def _advertised(waves: Sequence[Wave], resolved: Resolved) -> tuple[str, ...]:
    named = {course for wave in waves for course in wave.courses}
    everyone = any(wave.portfolio or not wave.courses for wave in waves)
    promoted = (course for course in resolved.promoted if everyone or course in named)
    return (*promoted, *(resolved.others if everyone else ()))


def _enrolled(channel: Channel, courses: Sequence[str], resolved: Resolved) -> _Counted:
    protocol = resolved.protocol
    unit = f"{protocol.outcome}, last touch"
    count = attributed(resolved, channel.name, courses) if courses else None
    if count is None:
        why = "no enrolment carries a tag of it" if channel.tag else "it has no tag"
        return _Counted(unit, None, why)
    sharing = [
        other.name
        for other in protocol.channels
        if other.tag == channel.tag and other.name != channel.name
    ]
    apart = f"the tag “{channel.tag}” is that of {', '.join(sharing)} too" if sharing else ""
    return _Counted(unit, count, apart=apart)


def _delivered(channel: Channel, waves: Sequence[Wave], resolved: Resolved) -> dict[str, _Counted]:
    """The stages that a side table counts, by the table that has the channel."""
    for kind, rows in _rows(channel, waves, resolved):
        if len(rows):
            return {
                stage: _stage_of(kind, stage, rows, channel, resolved) for stage in COLUMNS[kind]
            }
    why = "no table of delivery, posts or e-mails has it"
    return {stage: _Counted("", None, why) for stage in COLUMNS["delivery"]}


def _rows(
    channel: Channel, waves: Sequence[Wave], resolved: Resolved
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Rows of each table that are about the channel."""
    tables = resolved.tables
    if "delivery" in tables:
        names = {wave.id for wave in waves}
        yield "delivery", tables["delivery"][tables["delivery"]["wave"].isin(names)]
    if "posts" in tables and channel.kind == "organic":
        posts = tables["posts"]
        promoted = posts["course"].isin(resolved.promoted)
        named = posts["course"].where(promoted, "")
        ours = [_posted(waves, *row) for row in zip(named, posts["date"], strict=True)]
        yield "posts", posts[np.array(ours, dtype=bool)]
    if "email" in tables and channel.kind == "email":
        days = {day for wave in waves for day in _days(wave)}
        yield "email", tables["email"][tables["email"]["sent"].isin(days)]


def _posted(waves: Sequence[Wave], course: str, day: str) -> bool:
    """Whether a post of a course, or without one of the portfolio, is in one of the waves."""
    return any(
        day in _days(wave) and (course in wave.courses if course else wave.portfolio)
        for wave in waves
    )


def _days(wave: Wave) -> set[str]:
    span = wave.span
    return {(span.start + timedelta(day)).isoformat() for day in range(span.days)}


def _stage_of(
    kind: str, stage: str, rows: pd.DataFrame, channel: Channel, resolved: Resolved
) -> _Counted:
    column = COLUMNS[kind][stage]
    if kind == "posts" and stage == ENGAGEMENT:
        column = _engagement(resolved) or column
    unit = UNITS.get(column, "engagements")
    if column not in rows.columns:
        return _Counted(unit, None, f"the table of {FULL[kind]} has no column {column}")
    values = amounts(rows, column)
    told = np.isfinite(values)
    if not told.any():
        return _Counted(unit, None, f"blank in the table of {FULL[kind]}")
    if kind == "email":
        return _mailed(stage, unit, rows.assign(value=values))
    parts = len(set(rows["wave"][told])) if kind == "delivery" else int(told.sum())
    added = f"added over {parts} {FULL[kind]}: who saw two counts twice" if parts > 1 else ""
    if stage != AWARENESS:
        added = TWICE.get(column, "one person may like, comment and share")
    pages = _pages(channel, rows[told]) if kind == "posts" else ""
    return _Counted(unit, float(values[told].sum()), added=added, pages=pages)


def _mailed(stage: str, unit: str, rows: pd.DataFrame) -> _Counted:
    """A send may have a row for each link: people are then repeated, clicks add up."""
    sends = rows.groupby("sent")["value"]
    by_link = stage == ACQUISITION
    count = float((sends.sum() if by_link else sends.first()).sum())
    added = ""
    if by_link and bool((sends.size() > 1).any()):
        added = "added over links: one person may click several"
    elif len(sends) > 1:
        added = f"added over {len(sends)} e-mails: who got two counts twice"
    return _Counted(unit, count, added=added)


def _engagement(resolved: Resolved) -> str:
    """The column that a declared indicator calls engagement: one with a definition in parts."""
    measures = (kpi.measure for kpi in resolved.protocol.kpis)
    return next((m.figure for m in measures if isinstance(m, Posted) and m.definition), "")


def _pages(channel: Channel, rows: pd.DataFrame) -> str:
    if "page" not in rows.columns:
        return ""
    pages = sorted(set(rows["page"].dropna()))
    named = set(re.split(r"\W+", channel.network)) - {"and", "pages", "page", ""}
    return "" if named == set(pages) else ", ".join(pages)
