"""Simulated data in the form of the exports that will replace them: a file a source."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from evaluator.experiment.protocol import Protocol, Source
from evaluator.experiment.targeting import FeatureKind, OutcomeKind, Targeting
from evaluator.planning.ordinary import Ordinary, world_of
from evaluator.resampling.simulate import Counts, simulate, tagged
from evaluator.resampling.worlds import Array, Mask

Columns = dict[str, Sequence[Any]]

RETURNING = 0.3
"""Share of the enrolments that are of somebody who had enrolled before; made up."""
CONVERTED, LATER = 0.04, 20.0
"""Share of the enrolments that are followed by a conversion, and the mean days until then."""
PEOPLE, RESPONSE = 6000, 0.06
"""Of a contact list, and the share of those held out who enrol; made up."""
PACKED = 6
"""Level of gzip: a third of the time of the highest, for a twentieth more bytes."""
CATEGORIES = {
    "country": ("KE", "NG", "IN", "PH", "IT", "FR", "MX", "SN"),
    "language": ("en", "fr", "es"),
    "persona": ("trade union officer", "employers' staff", "public servant", "trainer"),
}


def simulated_files(
    protocol: Protocol, ordinary: Ordinary | None, lift: float, after: float | None = None
) -> dict[str, bytes]:
    """The file of every source that the experiment reads, drawn from its own seed.

    Parameters
    ----------
    ordinary : how people enrol where nothing is promoted; None: no source counts
    lift : planted on the days of every wave, and by what is sent to a list
    after : of the chance that who enrolled on these days goes on; by default `lift`

    Returns
    -------
    Name of the file → its content; the same protocol, the same bytes.

    Raises
    ------
    ValueError : a source of a kind that is not simulated
    """
    of_counts, of_people, of_list = np.random.default_rng([protocol.seed, 7]).spawn(3)
    tables: dict[str, Columns] = {}
    if ordinary is not None:
        simulated = simulate(world_of(protocol, ordinary, lift), of_counts)
        events = _events(ordinary, *tagged(simulated, of_counts))
        tables["events"] = events
        if protocol.secondary:
            more = np.where(_reached(events, protocol), after or lift, 1.0)
            events |= _learners(more, of_people)
            tables["conversions"] = _conversions(events, more, protocol.as_of, of_people)
    if protocol.targeting is not None:
        tables["contacts"] = _contacts(protocol, protocol.targeting, lift, of_list)
    return {source.paths[0].name: _csv(tables, source) for source in protocol.sources}


def _events(ordinary: Ordinary, tags: Sequence[str], counts: Counts) -> Columns:
    """A row an enrolment, by day."""
    tag, course, unit, day = np.nonzero(counts)
    cells = np.repeat(np.array([day, course, unit, tag]).T, counts[tag, course, unit, day], axis=0)
    cells = cells[np.argsort(cells[:, 0], kind="stable")]
    days = [(ordinary.start + timedelta(number)).isoformat() for number in range(counts.shape[-1])]
    return {
        "day": [days[number] for number in cells[:, 0]],
        "course": [ordinary.courses[number] for number in cells[:, 1]],
        "country": [ordinary.units[number] for number in cells[:, 2]],
        "tag": [tags[number] for number in cells[:, 3]],
    }


def _reached(events: Columns, protocol: Protocol) -> Mask:
    """(rows,) whether the course of an enrolment had a wave of its own on the day."""
    spans: dict[str, list[tuple[str, str]]] = {}
    for wave in protocol.waves:
        for course in wave.courses:
            own = (wave.span.start.isoformat(), wave.span.end.isoformat())
            spans.setdefault(course, []).append(own)
    rows = zip(events["day"], events["course"], strict=True)
    return np.array(
        [any(first <= day <= last for first, last in spans.get(own, ())) for day, own in rows]
    )


def _learners(more: Array, rng: np.random.Generator) -> Columns:
    """Keys of learners: some are of somebody who enrolled on an earlier row.

    Parameters
    ----------
    more : (rows,) so many times the ordinary chance that whoever enrolled there enrols again
    """
    size = len(more)
    returns = rng.random(size) < RETURNING
    laid = np.concatenate([[0.0], np.cumsum(more)])
    earlier = np.searchsorted(laid, rng.random(size) * laid[:-1], side="right") - 1
    learner = list(range(size))
    for row in np.flatnonzero(returns[1:]).tolist():
        learner[row + 1] = learner[earlier[row + 1]]
    keys = [f"s{key:06d}" for key in learner]
    return {"learner": keys, "returning": ["yes" if own else "no" for own in returns.tolist()]}


def _conversions(events: Columns, more: Array, last: date, rng: np.random.Generator) -> Columns:
    """Day on which learners joined a fee-based course, up to the last day of the data."""
    joins = np.flatnonzero(rng.random(len(more)) < CONVERTED * more).tolist()
    later = rng.geometric(1 / LATER, len(joins)).tolist()
    found = sorted(
        (date.fromisoformat(events["day"][row]) + timedelta(after), events["learner"][row])
        for row, after in zip(joins, later, strict=True)
    )
    kept = [(day.isoformat(), learner) for day, learner in found if day <= last]
    return {"day": [day for day, _ in kept], "learner": [learner for _, learner in kept]}


def _contacts(
    protocol: Protocol, targeting: Targeting, lift: float, rng: np.random.Generator
) -> Columns:
    """A list that chance divided: each arm after the first moves people more, none all alike."""
    arms = (targeting.holdout, *targeting.arms)
    shares = np.array([arm.share or 1 / len(arms) for arm in arms])
    arm = rng.choice(len(arms), PEOPLE, p=shares / shares.sum())
    known = {own.name: _known(own.name, own.kind, own.cuts, rng) for own in targeting.features}
    moved: Array = np.log(lift) * arm / max(len(arms) - 1, 1) * rng.uniform(0.5, 1.5, PEOPLE)
    enrols = rng.random(PEOPLE) < RESPONSE * np.exp(moved)
    after = rng.integers(0, protocol.window.days, PEOPLE).tolist()
    outcome = [
        _outcome(targeting.outcome, protocol.window.start + timedelta(days), happened=happened)
        for days, happened in zip(after, enrols.tolist(), strict=True)
    ]
    keys = [f"c{number:05d}" for number in rng.permutation(PEOPLE).tolist()]
    named = {"contact": keys, **known, "arm": [arms[own].name for own in arm.tolist()]}
    return {**named, "outcome": outcome}


def _outcome(kind: OutcomeKind, day: date, *, happened: bool) -> str:
    if kind is OutcomeKind.NUMBER:
        return str(int(happened))
    return day.isoformat() if happened else ""


def _known(
    name: str, kind: FeatureKind, cuts: Sequence[float], rng: np.random.Generator
) -> list[Any]:
    if kind is FeatureKind.CATEGORY:
        values = CATEGORIES.get(name, ("yes", "no"))
        return [values[number] for number in rng.integers(0, len(values), PEOPLE).tolist()]
    top = max(cuts, default=4.0)
    return list(map(int, rng.poisson(top / 2, PEOPLE)))


def _csv(tables: Mapping[str, Columns], source: Source) -> bytes:
    """Text of a table under the names that the source declares, packed where its name says so."""
    if source.kind not in tables:
        raise ValueError(f"sources of kind {source.kind} are not simulated")
    columns, called = tables[source.kind], dict(source.columns)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([called.get(name, name) for name in columns])
    writer.writerows(zip(*columns.values(), strict=True))
    content = text.getvalue().encode()
    return gzip.compress(content, PACKED, mtime=0) if source.paths[0].suffix == ".gz" else content
