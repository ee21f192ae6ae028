"""Published figures and two arms, as they may be shared: without what tells a small count.

Rows are settled first. A claim is then shared where what it tells, together with the rows, the
accounting line and the claims before it, tells no small count that they do not tell already: by
itself, as the difference of one count and another that is a part of it, or as the solution of the
sums that are shown. So an earlier claim is kept rather than a later one.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import chain, permutations, product

import numpy as np

from evaluator.claims import Claim, Exposed, Standing
from evaluator.claims.claim import Days, Told
from evaluator.claims.exposed import Outcome, Split
from evaluator.claims.of_channel import ATTRIBUTED
from evaluator.comparisons import ALL
from evaluator.evaluation.accounting import Accounting
from evaluator.evaluation.funnel import Funnel
from evaluator.experiment.protocol import Span
from evaluator.results import Row, RowKey

KINDS = ("identified", "descriptive", "not_identifiable")


def shared_claims(
    claims: Sequence[Claim], shown: Sequence[Told], minimum: int, gone: Collection[RowKey | str]
) -> tuple[Claim, ...]:
    """Claims, those that would tell a small count without their figures.

    Parameters
    ----------
    shown : what the rest of the report tells, see `told_by_rows` and `told_by_kinds`
    gone : rows, and names of what two arms say, of which nothing may be shown
    """
    known, shared = list(shown), list[Claim]()
    for claim in claims:
        fits = claim.beside not in gone and not _tells_small(claim.tells, known, minimum)
        shared.append(claim if fits else _without(claim, minimum))
        known += claim.tells if fits else ()
    return tuple(shared)


def shared_arms(arms: Exposed | None, minimum: int) -> Exposed | None:
    """Two arms without the outcomes and splits that would tell a small count."""
    if arms is None:
        return None
    every: tuple[Split | Outcome, ...] = (*arms.splits, *arms.outcomes)
    counts = {own.name: _of_arms(own) for own in every}
    lost = {
        name
        for name, own in counts.items()
        for other in counts.values()
        # One may be a part of the other: who enrolled and did not pay is their difference.
        if any(0 < abs(a - b) < minimum for a, b in zip(own, other, strict=False))
        or any(0 < count < minimum for count in own)
    }
    return replace(
        arms,
        splits=tuple(own for own in arms.splits if own.name not in lost),
        outcomes=tuple(own for own in arms.outcomes if own.name not in lost),
        suppressed=tuple(name for name in counts if name in lost),
    )


def shared_accounting(
    accounting: Accounting, shown: Sequence[Told], minimum: int, window: Span
) -> Accounting:
    """The accounting line, without its counts where rows leave one of its courses to be told."""
    if not _tells_small(told_by_kinds(accounting, window), shown, minimum):
        return accounting
    none = math.nan
    return replace(accounting, total=none, identified=none, descriptive=none, not_identifiable=none)


def told_by_rows(rows: Sequence[Row], funnels: Sequence[Funnel], window: Span) -> list[Told]:
    """What rows and funnels, as they are shared, count of courses in the window."""
    days = window, ()
    found: dict[Told, None] = {}
    for row in rows:
        key = row.key
        if key.course == ALL or key.question.startswith("secondary"):
            continue
        if key.channel == ALL and row.observed is not None:
            found[_sum_of(_in_arm(key.arm), (key.course,), row.observed, days)] = None
        if (key.channel, key.arm) != (ALL, ALL) and row.attributed is not None:
            of = ATTRIBUTED.format(key.channel)
            found[_sum_of(of, (key.course,), row.attributed, days)] = None
    tagged = (
        _sum_of(ATTRIBUTED.format(own.channel), own.courses, own.attributed, days)
        for own in funnels
        if own.attributed is not None and own.courses
    )
    return [*found, *tagged]


def told_by_kinds(accounting: Accounting, window: Span) -> list[Told]:
    """What the accounting line counts: its kinds, of which the total is the sum."""
    return [
        _sum_of(_in_arm(accounting.arm), courses, count, (window, ()))
        for kind in KINDS
        if (courses := getattr(accounting, f"{kind}_courses"))
        and not math.isnan(count := getattr(accounting, kind))
    ]


def _in_arm(arm: str) -> str:
    return "" if arm == ALL else f"arm {arm}"


def _sum_of(of: str, courses: Sequence[str], total: float, days: Days) -> Told:
    """A sum of which only the whole is known: whichever part is said to have it all."""
    return Told(of, ((courses[0], total), *((course, 0.0) for course in courses[1:])), days)


def _of_arms(own: Split | Outcome) -> tuple[float, ...]:
    """All, of each arm; then those with and without success."""
    if isinstance(own, Split):
        return own.treated, own.other
    (part, whole), (its, all_its) = own.treated, own.other
    return whole, all_its, part, its, whole - part, all_its - its


def _tells_small(new: Sequence[Told], known: Sequence[Told], minimum: int) -> bool:
    """Whether these tell a small count, by themselves or beside what is known."""
    if any(0 < own.count < minimum for own in new):
        return True
    pairs = chain(product(new, known), product(known, new), permutations(new, 2))
    if any(_within(part, all) and 0.5 <= all.count - part.count < minimum for all, part in pairs):
        return True
    for of, days in {(own.of, own.days) for own in new}:
        before = [own for own in known if (own.of, own.days) == (of, days)]
        alike = [*before, *(own for own in new if (own.of, own.days) == (of, days))]
        if set(_solved(alike, minimum)) - set(_solved(before, minimum)):
            return True
    return False


def _solved(alike: Sequence[Told], minimum: int) -> Iterator[str]:
    """Small parts that follow from the sums that are shown."""
    if not alike:
        return
    names = sorted({name for own in alike for name, _ in own.parts})
    matrix = np.array([[name in dict(own.parts) for name in names] for own in alike], dtype=float)
    totals = np.array([own.count for own in alike])
    _, sizes, directions = np.linalg.svd(matrix)
    free = directions[int(np.sum(sizes > 1e-9)) :]  # changes of the parts that no sum notices
    values = np.linalg.lstsq(matrix, totals)[0]
    for position, name in enumerate(names):
        if not np.any(np.abs(free[:, position]) > 1e-9) and 0.5 <= values[position] < minimum:
            yield name


def _within(part: Told, whole: Told) -> bool:
    """Whether all that one counts is counted in the other too."""
    if part.of != whole.of or not {n for n, _ in part.parts} <= {n for n, _ in whole.parts}:
        return False
    if part.days is None or whole.days is None:
        return part.days == whole.days
    (inner, own), (outer, its) = part.days, whole.days
    weekdays = not its or (bool(own) and set(own) <= set(its))
    return outer.contains(inner) and weekdays


def _without(claim: Claim, minimum: int) -> Claim:
    published = claim.published
    few = published is not None and 0 < published.value < minimum
    return replace(
        claim,
        holds=Standing.INCOMPARABLE,
        why=f"suppressed: it would tell a count below {minimum}",
        published=None if few else published,
        recomputed=None,
        differs=(),
        tells=(),
    )
