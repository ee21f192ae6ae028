"""Every declared claim, recomputed like for like by the table that says how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from evaluator.claims.arithmetic import arithmetic_claim, of_unlike_lengths
from evaluator.claims.by_weekday import weekdays_claim
from evaluator.claims.claim import POINTS, Claim, Figure, Standing, in_unit, said
from evaluator.claims.exposed import ASSOCIATION, Exposed
from evaluator.claims.like import Differing, as_published, named, windows
from evaluator.claims.of_counts import counts_claim, unknown_courses
from evaluator.claims.of_design import design_claims
from evaluator.claims.of_row import OBTAINED, row_claim, unknown_row
from evaluator.claims.proportions import proportion_claims
from evaluator.comparisons import Planned
from evaluator.errors import DataError, Problem
from evaluator.experiment.published import (
    Arithmetic,
    Obtained,
    OfCounts,
    OfDesign,
    OfExposure,
    OfRow,
    Proportion,
    Published,
)
from evaluator.resolve import Resolved
from evaluator.results import Row

FIGURES = {
    "treated": "share in the treated arm",
    "other": "share in the other arm",
    "se": "pooled standard error of the difference",
    "low": "lower end",
    "high": "upper end",
    "share": "part of the treated arm",
    "sign_days": "days above",
    "sign_p": "p of the sign test",
}
"""Figure of two arms → how it is read; the others by their own name."""


def check_claims(resolved: Resolved, planned: Sequence[Planned]) -> None:
    """Whether the data hold what claims count, and the plan the rows that they stand beside.

    Parameters
    ----------
    planned : all rows, before anything is estimated

    Raises
    ------
    DataError : a course or a row that is not there; all are listed
    """
    problems: list[Problem] = []
    for claim in resolved.protocol.claims:
        match claim.recompute:
            case OfCounts() as of:
                problems += unknown_courses(claim, of, resolved)
            case OfRow() as of:
                problems += unknown_row(claim, of, planned)
    if problems:
        raise DataError(problems)


def published_claims(
    resolved: Resolved, rows: Sequence[Row], arms: Exposed | None
) -> tuple[Claim, ...]:
    """Claims in declared order, each with what its own words contradict.

    Parameters
    ----------
    rows : of the evaluation, for claims that are set beside one
    arms : what two arms without weeks before say, where they are declared
    """
    claims = resolved.protocol.claims
    found = [
        _to_the_digit(row, claim)
        for claim in claims
        for row in _claims(claim, resolved, rows, arms)
    ]
    return (*found, *of_unlike_lengths(claims))


def _to_the_digit(row: Claim, claim: Published) -> Claim:
    """With as many decimals as were published: fewer would not show whether they agree."""
    if row.recomputed is None or claim.printed is None:
        return row
    return replace(row, recomputed=replace(row.recomputed, decimals=claim.printed.decimals))


def _claims(
    claim: Published, resolved: Resolved, rows: Sequence[Row], arms: Exposed | None
) -> Iterator[Claim]:
    printed, protocol = claim.printed, resolved.protocol
    if printed is not None and printed.readings:
        yield _malformed(claim)
        return
    if claim.published is not None and claim.window and claim.window.end > claim.published:
        why = f"it is about {windows(claim)}, and was published on {claim.published:%-d %b %Y}"
        reading = "published before its window ended"
        yield replace(as_published(claim, reading, Standing.INCOMPARABLE, why), differs=("window",))
    others = {other.name: other for other in protocol.claims}
    match claim.recompute:
        case Proportion() as asked:
            yield from proportion_claims(claim, asked, protocol.decision.level, others)
        case Arithmetic() as follows:
            yield arithmetic_claim(claim, follows, others)
        case OfCounts(by_weekday=True) as of:
            yield weekdays_claim(claim, of, resolved)
        case OfCounts() as of:
            yield counts_claim(claim, of, resolved)
        case OfRow() as of:
            yield row_claim(claim, of, protocol, rows)
        case OfDesign() as of:
            yield from design_claims(claim, of, protocol)
        case OfExposure() as of if arms is not None:
            yield _exposed(claim, of, arms)
        case _:
            yield replace(_not_recomputed(claim), detail=_is_used(claim, others))


def _malformed(claim: Published) -> Claim:
    printed = claim.printed
    if printed is None:
        raise TypeError("a malformed figure is a figure")
    readings = " or ".join(f"{reading:,.0f}" for reading in printed.readings)
    why = f"“{printed.text}” is no number: {readings}"
    return as_published(claim, "as printed", Standing.INCOMPARABLE, why)


def _exposed(claim: Published, of: OfExposure, arms: Exposed) -> Claim:
    printed = claim.printed
    if printed is None:
        raise TypeError("a figure of two arms is a figure")
    in_percent = claim.unit.startswith("%") or claim.unit == POINTS
    value = arms.figure(of.name, of.figure)
    value *= 100.0 if in_percent and not of.figure.startswith("sign_") else 1.0
    holds = Standing.HOLDS if value in printed else Standing.FAILS
    decimals = 0 if value.is_integer() else printed.decimals + 1
    given = in_unit(said(value, decimals), claim.unit)
    why = f"the two arms give {given}" + f", not {printed.text}" * (holds is Standing.FAILS)
    unlike = []
    if claim.effect and not arms.exposure.randomised:
        holds, unlike = Standing.INCOMPARABLE, [Differing("definition", "an effect", ASSOCIATION)]
    reading = f"{FIGURES.get(of.figure, of.figure)} of {of.name}"
    return replace(
        as_published(claim, reading, holds, "; ".join((why, *map(str, unlike)))),
        differs=named(unlike),
        about=of.name,
        recomputed=Figure(value, claim.unit),
        beside=of.name,
    )


def _is_used(claim: Published, others: Mapping[str, Published]) -> bool:
    """Whether another claim is set against it, and says there what there is to say."""
    used = [own.recompute for own in others.values()]
    return any(
        (isinstance(own, Arithmetic) and claim.name in own.of)
        or (isinstance(own, Proportion) and claim.name == own.against)
        for own in used
    )


def _not_recomputed(claim: Published) -> Claim:
    """Not reported, or reported and not to be checked: with how it was obtained, where stated."""
    if claim.value is None:
        why = "declared, and no figure was published"
        return as_published(claim, "as published", Standing.NOT_REPORTED, why)
    why = "nothing in the data or in other figures recomputes it"
    if claim.obtained is not Obtained.COUNTED:
        why += f"; {OBTAINED[claim.obtained]}"
    return as_published(claim, "as published", Standing.INCOMPARABLE, why)
