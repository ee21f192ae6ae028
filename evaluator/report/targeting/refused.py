"""Why nothing could be learned, and what to do instead."""

from __future__ import annotations

from evaluator.report.numbers import count
from evaluator.report.targeting.document import Document, Table
from evaluator.targeting import NoUplift


def refused(answer: NoUplift) -> Document:
    """The document of a refusal."""
    tables = (_detectable(answer),) if answer.detectable else ()
    return Document(
        answer.protocol,
        False,
        "Whom to contact next: refused",
        ("No uplift can be learned from this experiment.", *answer.reasons),
        tables,
        steps=answer.design,
        provenance=(("experiment", answer.protocol.name), ("protocol", answer.protocol.hash)),
    )


def _detectable(answer: NoUplift) -> Table:
    rows = tuple(
        (
            f"{one.share:.0%}",
            f"{one.rate:.0%}",
            f"{100 * one.effect:.1f}",
            f"{100 * one.between:.1f}",
        )
        for one in answer.detectable
    )
    people = count(answer.people or 0)
    note = (
        f"Smallest effect, per 100 people, that a list of {people} would notice four times in five"
        " at 5%: on all, and as a difference between two halves of the list."
    )
    head = ("held out", "rate without", "on all", "between halves")
    return Table("What a hold-out would notice", note, head, rows)
