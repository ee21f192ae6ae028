"""What a question needs to have declared before it can be answered."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.experiment.faults import Fault, wrong
from evaluator.experiment.tables import Document, tables, texts_of, value_of

APART = ("pre_vs_campaign", "weekdays")
"""Questions that are asked of one course at a time."""


def questions_possible(document: Document) -> Iterator[Fault]:
    """Questions that the rest of the file leaves without an answer."""
    needs = _needs(document)
    for keys, experiment in tables(document, "experiment"):
        for place, question in texts_of(keys, experiment, "questions"):
            need, there = needs.get(question, ("", True))
            if not there:
                hint = "declare it, or leave the question out"
                yield wrong(place, question, "cannot be answered", f"it needs {need}", hint)
            elif question not in APART and not _alike(document):
                rule = "it adds courses up, and these count different things (courses.outcome)"
                hint = f"ask {' or '.join(APART)}, which take each by itself"
                yield wrong(place, question, "cannot be answered", rule, hint)


def asked(document: Document) -> list[str]:
    """The questions of a file."""
    return [
        question
        for keys, experiment in tables(document, "experiment")
        for _, question in texts_of(keys, experiment, "questions")
    ]


def _needs(document: Document) -> dict[str, tuple[str, bool]]:
    """Question → what it needs, and whether that is there."""
    paid = _has_waves(document, "paid")
    return {
        "a_vs_b": ("[arms], which is missing", "arms" in document),
        "promoted_vs_other": (
            "[others] with codes or a catalogue",
            any(o.get("codes") or "catalogue" in o for _, o in tables(document, "others")),
        ),
        "portfolio": (
            "a wave with portfolio = true",
            any(wave.get("portfolio") for _, wave in tables(document, "waves")),
        ),
        "order": ("paid and organic waves", paid and _has_waves(document, "organic")),
        "geography": (
            "[[country_groups]], and paid waves",
            paid and "country_groups" in document,
        ),
        "secondary": (
            "[[secondary]], and the question promoted_vs_other beside it",
            "secondary" in document and "promoted_vs_other" in asked(document),
        ),
    }


def _alike(document: Document) -> bool:
    """Whether all courses count the same thing."""
    counted = {value_of(course, "outcome", str) for _, course in tables(document, "courses")}
    return len(counted) < 2


def _has_waves(document: Document, kind: str) -> bool:
    """Whether a wave runs on a channel of this kind, or on one that nobody declares."""
    kinds = {
        value_of(channel, "name", str): value_of(channel, "kind", str)
        for _, channel in tables(document, "channels")
    }
    return any(
        kinds.get(value_of(wave, "channel", str), kind) == kind
        for _, wave in tables(document, "waves")
    )
