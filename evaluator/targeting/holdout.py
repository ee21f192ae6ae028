"""Why no uplift can be learned from an experiment, and the hold-out from which it could."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from evaluator.experiment.protocol import Protocol, Wave

SHARES = (0.1, 0.2, 0.5)
RATES = (0.01, 0.03, 0.05)
"""Of the outcome among people held out: before the first hold-out nobody knows it."""
DETECTED = 2.8
"""Standard errors of an effect that a test at .05 notices with power .8."""
DESIGN = (
    "Fix the list of people and what is known of them on a day before the sending: past courses,"
    " country, language, months since the last course, newsletters opened.",
    "Let chance hold some out: by a keyed hash of the contact key, so that it can be checked, and"
    " whatever anybody believes about them.",
    "Send to the others; send those held out the same later, when the window is over.",
    "Count enrolments of everybody in the window, of those held out as well.",
    "Declare the list under [targeting] in the experiment file, and run this command again.",
)


@dataclass(frozen=True, slots=True)
class Detectable:
    """Smallest effect that a hold-out of this share would notice."""

    share: float
    rate: float
    """Of the outcome among people held out."""
    effect: float
    """On all: four in five such effects are noticed."""
    between: float
    """Difference of effects between two halves of the list."""


@dataclass(frozen=True, slots=True)
class NoUplift:
    """A refusal with its reasons, and the design that would answer."""

    protocol: Protocol
    reasons: tuple[str, ...]
    people: int | None
    """On the list that a source of kind `email` speaks of."""
    detectable: tuple[Detectable, ...] = ()
    design: tuple[str, ...] = DESIGN


def no_uplift(protocol: Protocol, *, observational: bool) -> NoUplift:
    """Why the declared experiment cannot teach whom to contact."""
    people = _recipients(protocol)
    reasons = tuple(_reasons(protocol, people, observational=observational))
    return NoUplift(protocol, reasons, people, _detectable(people) if people else ())


def detectable(people: int, share: float, rate: float) -> Detectable:
    """Effect that is noticed with power .8, at this rate of the outcome."""
    variance = rate * (1 - rate) / people * (1 / share + 1 / (1 - share))
    effect = DETECTED * variance**0.5
    return Detectable(share, rate, effect, 2 * effect)


def _detectable(people: int) -> tuple[Detectable, ...]:
    return tuple(detectable(people, share, rate) for share in SHARES for rate in RATES)


def _reasons(protocol: Protocol, people: int | None, *, observational: bool) -> Iterator[str]:
    yield (
        "Uplift is the difference between what people do when contacted and what the same people"
        " do when not. It needs people like them who were not contacted, by chance."
    )
    if protocol.targeting is not None:
        yield (
            "The declared list has no shares: nothing says that chance decided who was contacted."
            " Those who were may have been chosen because they enrol anyway."
            " --observational describes the list, and calls it associational."
        )
        return
    kinds = {channel.name: channel.kind for channel in protocol.channels}
    mailed = [wave for wave in protocol.waves if kinds.get(wave.channel) == "email"]
    if mailed:
        yield _mailed(mailed, people)
    if any(kinds.get(wave.channel) == "paid" for wave in protocol.waves):
        exposed = protocol.arms.exposed if protocol.arms else ()
        both = " in both arms" if len(exposed) > 1 else ""
        yield (
            f"Advertisements ran{both}; the networks chose who saw them, by who was likely to act,"
            " and report totals, not persons."
        )
    counted = {"events": "enrolments", "counts": "counts of enrolments"}
    kept = sorted({counted[own.kind] for own in protocol.sources if own.kind in counted})
    yield (
        f"The declared data are {' and '.join(kept) or 'no list of people'}: people who enrolled."
        " Nobody in them was contacted and did not enrol, or enrolled without any contact."
    )
    if observational:
        yield "--observational needs a list of people, contacted or not: none is declared."


def _mailed(waves: list[Wave], people: int | None) -> str:
    days = " and ".join(f"{wave.span.start:%-d %B %Y}" for wave in waves)
    everybody = f"all {people:,} recipients" if people else "everybody on its list"
    return (
        f"The newsletter of {days} went to {everybody}: nobody was held out, so that who opened,"
        " clicked or enrolled tells who is interested, not whom the newsletter moved."
    )


def _recipients(protocol: Protocol) -> int | None:
    """Largest number of recipients that the sources of kind `email` name."""
    emails = protocol.source("email")
    if not emails:
        return None
    import ibis
    import pandas as pd

    from evaluator.sources.tables import read_tables

    connection = ibis.duckdb.connect(threads=1)
    try:
        tables, _ = read_tables(connection, dataclasses.replace(protocol, sources=emails))
    finally:
        connection.disconnect()
    table = tables.get("email")
    if table is None or "recipients" not in table:
        return None
    return int(pd.to_numeric(table["recipients"], errors="coerce").max())
