"""Published claims about groups of countries, set against the verdicts of their rows.

"Weak" is read as a lower lift than elsewhere. It may have meant fewer people reached or a
higher cost, which only a table of delivery by country would tell; the finding says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from evaluator.comparisons import ALL, geography
from evaluator.experiment.protocol import Protocol
from evaluator.results import Finding, Row, RowRole, RowStatus, Status, Verdict

NAME = "claimed to be weak"
READING = "read as a lower lift than elsewhere, not as fewer people reached or a higher cost"
CONFIRMED = (Verdict.LOWERED, Verdict.LOWERED_UNCERTAIN)
WORDS: Mapping[Verdict, tuple[Status, str]] = {
    **dict.fromkeys(CONFIRMED, (Status.PASS, "confirmed")),
    **dict.fromkeys((Verdict.RAISED, Verdict.RAISED_UNCERTAIN), (Status.WARN, "contradicted")),
    Verdict.NO_EFFECT: (Status.WARN, "not confirmed"),
    Verdict.NOT_PRECISE: (Status.WARN, "not precise enough to say"),
    Verdict.REFUSED: (Status.NOT_RUN, "not to be told from these data"),
}
"""What the verdict of a group against the rest says about the claim."""


def with_claims(rows: Sequence[Row], protocol: Protocol) -> list[Row]:
    """Rows of the groups that were claimed to be weak, each with what became of the claim.

    The verdict is that of the row of the group against the rest, after false-discovery control;
    the row of the group's own lift carries the same sentence, the channel's row those of all.
    """
    claimed = {
        (channel, geography.arm_of(group))
        for group in protocol.country_groups
        for channel in group.claimed_weak
    }
    found = {
        about: _finding(row)
        for row in rows
        if row.key.method == geography.AGAINST
        and row.role is RowRole.EXPLORATORY
        and (about := (row.key.channel, row.key.arm)) in claimed
    }
    return [replace(row, findings=(*_about(row, found), *row.findings)) for row in rows]


def _about(row: Row, found: Mapping[tuple[str, str], Finding]) -> list[Finding]:
    if row.key.question != geography.QUESTION or row.role is RowRole.SENSITIVITY:
        return []
    return [
        finding
        for (channel, arm), finding in found.items()
        if channel == row.key.channel and row.key.arm in (arm, ALL)
    ]


def _finding(row: Row) -> Finding:
    status, word = WORDS[row.verdict]
    group = row.key.arm.removeprefix("group: ")
    sentence = f"{group} is published as weak on {row.key.channel}, {READING}: {word}"
    if row.status is RowStatus.REFUSED or row.effect is None:
        return Finding(NAME, status, f"{sentence} ({row.reason})")
    ends = (row.simultaneous or row.effect).interval(row.level).exp()
    return Finding(
        NAME,
        status,
        f"{sentence}: its lift is ×{row.effect.lift:.2f} [{ends.low:.2f}; {ends.high:.2f}] of that"
        " in the rest of the world",
    )
