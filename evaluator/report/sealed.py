"""What was sealed, and in what an experiment differs from it, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evaluator.experiment.deviations import About, Deviation, Registered
from evaluator.experiment.load import shown_path
from evaluator.experiment.protocol import Protocol
from evaluator.experiment.seal import Seal, Seals, seal_path

NOT_SEALED = "not sealed: nothing says that it was planned before its data were seen"


def render_sealed(protocol: Protocol, seals: Seals) -> str:
    """What `seal` prints."""
    last = seals.seals[-1]
    number = f", seal {len(seals.seals)}" if len(seals.seals) > 1 else ""
    lines = [
        f"{protocol.name}: sealed on {_day(last)} by {last.author}{number}",
        "",
        f"  protocol {last.protocol_hash}",
        f"  {_in_time(seals, last)}",
        f"  written: {shown_path(seal_path(protocol.path))}; commit it: the hash is a checksum, no "
        "signature",
    ]
    return "\n".join(lines) + "\n"


def sealing(found: Registered | None) -> str:
    """One line: when it was sealed, whether in time, how many deviations."""
    if found is None:
        return NOT_SEALED
    when = "before its window began" if found.seals.is_before else "after its window began"
    kind = "" if found.seals.is_before else ", so this is no pre-registration"
    return f"sealed on {_day(found.seal)}, {when}{kind}; {_counted(found)}"


def sealed_lines(found: Registered | None) -> Iterator[str]:
    """The same, then what is broken, sealed again, and every deviation; nothing if not sealed."""
    if found is None:
        return
    yield sealing(found)
    yield from (f"seal.json does not fit together: {broken}" for broken in found.seals.broken)
    for seal in found.seals.seals[1:]:
        yield f"sealed again on {_day(seal)} by {seal.author}: {seal.reason}"
    for deviation in found.deviations:
        yield f"{deviation.about.value}: {deviation.sentence} ({deviation.where})"


def sealed_dict(found: Registered | None) -> dict[str, Any] | None:
    """For results.json; None where nothing was sealed."""
    if found is None:
        return None
    return {
        "on": found.seal.on.isoformat(),
        "by": found.seal.author,
        "protocol_hash": found.seal.protocol_hash,
        "before_window": found.seals.is_before,
        "sentence": sealing(found),
        "broken": list(found.seals.broken),
        "seals": [
            {
                "on": seal.on.isoformat(),
                "by": seal.author,
                "reason": seal.reason,
                "protocol_hash": seal.protocol_hash,
            }
            for seal in found.seals.seals
        ],
    }


def deviation_dict(deviation: Deviation) -> dict[str, Any]:
    """For results.json: the line, not the place of the file, so that the bytes stay."""
    return {
        "what": deviation.what,
        "sealed": deviation.sealed,
        "now": deviation.now,
        "about": deviation.about.value,
        "line": deviation.line,
        "meaning": deviation.meaning,
        "sentence": deviation.sentence,
    }


def _counted(found: Registered) -> str:
    if not found.deviations:
        return "no deviation since"
    counts = [
        f"{len(found.about(about))} in {words}"
        for about, words in (
            (About.DESIGN, "the design"),
            (About.DATA, "where the data lie"),
            (About.WORDS, "words"),
        )
        if found.about(about)
    ]
    return f"deviations since: {', '.join(counts)}"


def _in_time(seals: Seals, last: Seal) -> str:
    if seals.registered is last and seals.is_before:
        return f"before its window, which begins on {last.starts:%-d %b %Y}: a pre-registration"
    if seals.is_before:
        return (
            f"the window had begun: deviations are told from the seal of {_day(seals.registered)}"
        )
    return (
        f"its window began on {last.starts:%-d %b %Y}: not a pre-registration, though what is "
        "changed from now on will be told"
    )


def _day(seal: Seal) -> str:
    return f"{seal.on:%-d %b %Y}"
