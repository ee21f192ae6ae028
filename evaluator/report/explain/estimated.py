"""Estimands, estimators and inference in sentences, question by question."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from evaluator.comparisons import ALL, Comparison, Described, Planned
from evaluator.experiment.protocol import Protocol
from evaluator.report import numbers
from evaluator.report.conclusion import capital
from evaluator.report.explain.rows import refused_for, weeks_of
from evaluator.report.words import (
    METHODS,
    REASONS,
    block_of,
    block_title,
    listed,
    row_label,
)
from evaluator.results import Estimand, RowRole

OWN = (RowRole.HEADLINE, RowRole.EXPLORATORY)
MANY = 4
"""More bases than these are told as a range."""
GROUP = "group: "
"""What the arm of a row about a group of countries begins with."""


def estimands(planned: Sequence[Planned]) -> Iterator[str]:
    """What the rows of each question compare, what that identifies, and what it needs.

    An estimand that an earlier question has too is named, not told again.
    """
    told: dict[str, str] = {}
    for title, rows in _questions(planned):
        alike: dict[tuple[str, str], list[Estimand]] = {}
        for row in rows:
            if row.role in OWN:
                own = _of_any(row)
                alike.setdefault((own.name, own.identifies), []).append(own)
        said = ((own[0].name, _estimand(own)) for own in alike.values())
        sentences = [
            f"The estimand {name} is that of “{told[text]}”." if text in told else text
            for name, text in said
        ]
        told = dict.fromkeys(sentences, title) | told
        yield f"{title}. {' '.join(sentences)}"


def estimators(planned: Sequence[Planned]) -> Iterator[str]:
    """How the deciding rows of each question are estimated, on which weeks; what is beside them."""
    known: set[str] = set()
    for title, rows in _questions(planned):
        told = [f"{title}.", *_methods(rows, known)]
        known |= {row.key.method for row in rows if row.role in OWN}
        told += [*_compared(rows, known), *_otherwise(rows)]
        known |= {row.key.method for row in rows}
        yield " ".join(told)


def inference(protocol: Protocol) -> Iterator[str]:
    """What is common to all rows."""
    level = numbers.percent(protocol.decision.level)
    yield (
        f"Each row has one distribution; its {level} interval and its p-value are both read from"
        " it, so that the interval leaves out no effect exactly where the p-value is small enough."
        f" Lifts are multiplicative and estimated as logarithms. Extra {protocol.outcome}"
        " are given beside every lift: realised, what was counted less what the lift's interval"
        " says would have been; and expected, which adds the noise of the count itself (MOVER)."
    )
    yield (
        "How often the intervals hold the truth is measured, on this panel: on campaigns put where"
        " nothing was promoted, and in worlds fitted to the promoted courses' own weeks, without"
        " and with an assumption broken on purpose (`evaluator calibrate`). It stands beside each"
        " row that decides, and can weaken its verdict, never strengthen it. Every draw comes from"
        f" the seed {protocol.seed}."
    )


def _questions(planned: Sequence[Planned]) -> Iterator[tuple[str, list[Planned]]]:
    found: dict[str, list[Planned]] = {}
    for row in planned:
        found.setdefault(block_of(row.key.question), []).append(row)
    for rows in found.values():
        yield block_title(rows[0].key.question), rows


def _of_any(row: Planned) -> Estimand:
    """The estimand without the name of the channel or group that it is about, where it has one."""
    if isinstance(row.comparison, Described):
        return row.estimand
    names = {"the group": row.key.arm.removeprefix(GROUP)} if row.key.arm.startswith(GROUP) else {}
    if row.key.channel != ALL:
        general = ("the channel", "the other")
        names |= dict(zip(general, row.key.channel.split(" & "), strict=False))

    def said(text: str) -> str:
        for any_, name in names.items():
            text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", any_, text)
        return text

    own = row.estimand
    wording = replace(own.wording, by=said(own.wording.by))
    texts = {n: said(getattr(own, n)) for n in ("name", "compares", "identifies", "not_identified")}
    return replace(own, **texts, needs=tuple(map(said, own.needs)), wording=wording)


def _estimand(alike: Sequence[Estimand]) -> str:
    """One of them in sentences, with all that any of them needs or leaves open."""
    own = alike[0]
    needs = "; ".join(dict.fromkeys(need for each in alike for need in each.needs))
    missing = "; ".join(dict.fromkeys(e.not_identified for e in alike if e.not_identified))
    return (
        f"The estimand is: {own.name}. It compares {own.compares}; that identifies"
        f" {own.identifies}.{f' It rests on this: {needs}.' if needs else ''}"
        f"{f' It does not identify {missing}.' if missing else ''}"
    )


def _methods(rows: Sequence[Planned], known: Collection[str]) -> Iterator[str]:
    """A sentence or two a method, with the weeks on which its rows are estimated.

    Parameters
    ----------
    known : methods that an earlier question was told to use: how they work is not said again
    """
    own = [
        row
        for row in rows
        if row.role in OWN
        and not refused_for(row)
        and (row.role is RowRole.HEADLINE or not isinstance(row.comparison, Described))
    ]
    for method in dict.fromkeys(row.key.method for row in own):
        group = [row for row in own if row.key.method == method]
        how = METHODS.get(method, "")
        reason = "" if method in known else REASONS.get(method, "")
        why = f" It is the default because {reason}." if reason else ""
        told = f"Method {method}: {'as above' if method in known else how}. " if how else ""
        yield f"{told}{capital(_based(group))}.{why}"


def _based(group: Sequence[Planned]) -> str:
    """On which weeks these rows are estimated; from which to which where they are many."""
    weeks: dict[str, list[str]] = {}
    for row in group:
        weeks.setdefault(weeks_of(row), []).append(row_label(row.key))
    built = [row.comparison for row in group if isinstance(row.comparison, Comparison)]
    if len(weeks) <= MANY or len(built) < len(group):
        return "; ".join(f"{_few(labels)}: {basis}" for basis, labels in weeks.items())
    references = [each.reference_weeks for each in built]
    windows = [each.window_weeks for each in built]
    kind = ", descriptive" if all(row.descriptive for row in group) else ""
    return (
        f"{len(group)} rows: {min(references):.3g} to {max(references):.3g} reference weeks,"
        f" {min(windows):.3g} to {max(windows):.3g} in the window{kind}"
    )


def _compared(rows: Sequence[Planned], known: Collection[str]) -> Iterator[str]:
    own = [row.key.method for row in rows if row.role is RowRole.ROBUSTNESS]
    told = [
        method if method in known else f"{method} ({METHODS[method]})"
        for method in dict.fromkeys(own)
        if method in METHODS
    ]
    if told:
        yield f"Beside these stand, for comparison and without a verdict, {'; '.join(told)}."


def _otherwise(rows: Sequence[Planned]) -> Iterator[str]:
    variants = dict.fromkeys(
        row.key.variant for row in rows if row.role is RowRole.SENSITIVITY and not refused_for(row)
    )
    if variants:
        yield f"The same under other choices: {'; '.join(variants)}."


def _few(labels: Sequence[str], most: int = 4) -> str:
    """Names, or how many there are."""
    own = list(dict.fromkeys(labels))
    return listed(own) if len(own) <= most else f"{len(own)} rows"
