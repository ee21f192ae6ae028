"""Indicators that are a share of the recipients of e-mails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from evaluator.claims.claim import Claim, Figure, Standing, Told, against, same
from evaluator.claims.figures import amounts, check_columns
from evaluator.errors import DataError, Problem
from evaluator.experiment.kpi import Kpi, Mailed
from evaluator.inference.shares import share_interval
from evaluator.resolve import Resolved
from evaluator.results import Interval

if TYPE_CHECKING:
    import pandas as pd

UNIT = "% of recipients"
LAW = "Wilson: what so many recipients leave open"


def mailed_claims(kpi: Kpi, measure: Mailed, resolved: Resolved) -> Iterator[Claim]:
    """The share, beside what was published and what it has to reach."""
    level = resolved.protocol.decision.level
    share, several, told = _share(resolved.tables["email"], measure.figure, level)
    published = None if kpi.result is None else Figure(100 * kpi.result, UNIT)
    if published is not None:
        holds = same(share.value, published.value)
        yield Claim(
            *(kpi.name, "e-mail", "as counted", holds, several, published, share),
            detail=True,
            tells=told,
        )
    needed = None if kpi.target is None else Figure(100 * kpi.target, UNIT)
    why = several
    if needed is None:
        missing = "no benchmark is declared" + ("" if published else ", no figure was published")
        why = f"{missing}; {several}" if several else missing
    yield Claim(
        name=kpi.name,
        about="e-mail",
        reading="against the benchmark",
        holds=_stands(share, published, needed),
        why=why,
        published=published,
        recomputed=share,
        needed=needed,
        tells=told,
    )


def _stands(share: Figure, published: Figure | None, needed: Figure | None) -> Standing:
    """Without a benchmark nothing is compared; without a result nothing was reported."""
    if published is None:
        return Standing.NOT_REPORTED
    return Standing.INCOMPARABLE if needed is None else against(share, needed.value)


def _share(table: pd.DataFrame, figure: str, level: float) -> tuple[Figure, str, tuple[Told, ...]]:
    """Share in per cent, what it counts more than once, and what it tells.

    A send may have a row for each link: recipients and opens are then repeated, clicks add up.
    """
    check_columns(table, ("sent", "recipients", figure))
    each = table.assign(
        recipients=amounts(table, "recipients"), figure=amounts(table, figure)
    ).groupby("sent")
    recipients = float(each["recipients"].first().sum())
    by_link = figure == "clicks"
    part = float((each["figure"].sum() if by_link else each["figure"].first()).sum())
    if not 0 <= part <= recipients or recipients == 0:
        what = f"{part:,.0f} {figure} of {recipients:,.0f} recipients are no share"
        raise DataError(Problem('source of kind "email"', what, f"{figure} ≤ recipients"))
    own = share_interval(part, recipients, level)
    interval = Interval(100 * own.low, 100 * own.high, level)
    links = by_link and bool((each.size() > 1).any())
    several = "clicks are added over links: one person may be in several" if links else ""
    told = tuple(
        Told("e-mail", ((who, count),))
        for who, count in ((figure, part), (f"no {figure}", recipients - part))
    )
    return Figure(100 * part / recipients, UNIT, None, interval, LAW), several, told
