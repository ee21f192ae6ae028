"""Published shares of those asked: how far so many leave them open, alone and beside another."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

from evaluator.claims.claim import POINTS, Claim, Figure, Standing, points, said
from evaluator.claims.like import as_published, differing, named
from evaluator.claims.two_shares import hybrid_interval
from evaluator.experiment.printed import Printed
from evaluator.experiment.published import Proportion, Published
from evaluator.inference.shares import share_interval
from evaluator.results import Interval, Share

LAW = "Wilson: what so many asked leave open, had chance drawn them"
BETWEEN = "Newcombe: the same of a difference of two shares, as if other people were asked"
Ends = tuple[float, float]
"""Least and greatest share, in per cent."""
UNCERTAIN = "no distance that is certain"
ROUNDED = 1.0
"""Points within which a share is printed as one number."""
NOT_DRAWN = "it speaks for those asked: that chance drew them is not stated"


def proportion_claims(
    claim: Published, asked: Proportion, level: float, others: Mapping[str, Published]
) -> Iterator[Claim]:
    """A share among those asked; then beside the share that it is set against."""
    yield _alone(claim, asked, level)
    if asked.against is not None:
        yield _beside(claim, asked, others[asked.against], level)


def fewest(asked: Printed | None) -> float | None:
    """The least number that may have been asked: with it an interval is widest."""
    if asked is None or asked.readings or not math.isfinite(asked.low):
        return None
    # A number printed as it is was counted, not rounded.
    return asked.value if asked.high - asked.low <= 1 else math.ceil(asked.low)


def can_give(share: Printed, asked: Printed) -> bool:
    """Whether some number of those asked prints as this share, in per cent."""
    least = fewest(asked)
    if least is None or not math.isfinite(asked.high) or asked.high - asked.low > 1:
        return True
    first = math.ceil(least * max(share.low, 0.0) / 100 - 1e-9)
    return first <= least and 100 * first / least in share


def _alone(claim: Published, asked: Proportion, level: float) -> Claim:
    printed = claim.printed
    if printed is None:
        raise TypeError("a share has a figure")
    n = fewest(asked.asked)
    if n is None or asked.asked is None:
        unknown = f"{_unknown(asked)}: no interval, and nothing to check it by"
        return as_published(claim, "of those asked", Standing.INCOMPARABLE, unknown)
    interval = _interval(printed, n, level)
    figure = Figure(printed.value, claim.unit, None, interval, LAW)
    widest = "" if asked.asked.high - asked.asked.low <= 1 else f" of {asked.asked.text}"
    drawn = "" if asked.random else f"; {NOT_DRAWN}"
    if not can_give(printed, asked.asked):
        why = f"no number of {said(n)} prints as {printed.text}"
        failed = as_published(claim, "of those asked", Standing.FAILS, why)
        return replace(failed, recomputed=figure)
    why = f"the interval is at {said(n)} asked" + (
        f", the fewest{widest}: widest" if widest else ""
    )
    held = as_published(claim, "of those asked", Standing.HOLDS, why + drawn)
    return replace(held, recomputed=figure)


def _unknown(asked: Proportion) -> str:
    """Why it is not known how many were asked at least."""
    if asked.asked is None:
        return "how many were asked is not stated"
    if asked.asked.readings:
        return f"how many were asked, “{asked.asked.text}”, is no number"
    return f"how many were asked at least is not stated ({asked.asked.text})"


def _interval(printed: Printed, n: float, level: float) -> Interval:
    """Of the share itself where it is rounded; of every share that a bound or a range admits."""
    low, high = (_share_of(end, n, level).interval for end in _meant(printed))
    return Interval(100 * low.low, 100 * high.high, level)


def _meant(printed: Printed) -> Ends:
    low, high = _ends(printed)
    return (low, high) if high - low > ROUNDED else (printed.value, printed.value)


def _ends(printed: Printed) -> Ends:
    """What prints so, in per cent, as far as it is a share."""
    return min(max(printed.low, 0.0), 100.0), min(max(printed.high, 0.0), 100.0)


def _share_of(percent: float, n: float, level: float) -> Share:
    return Share(percent / 100, share_interval(percent / 100 * n, n, level), n)


def _beside(claim: Published, asked: Proportion, other: Published, level: float) -> Claim:
    own, its = claim.printed, other.printed
    if own is None or its is None:
        raise TypeError("two shares have figures")
    row = as_published(claim, f"beside “{other.name}”", Standing.INCOMPARABLE, "")
    if its.readings:
        return replace(row, why=f"“{its.text}” is no number")
    figure, apart = Figure(own.value - its.value, POINTS), _apart(own, its)
    said_apart = f"{apart} between {own.text} and {its.text}"
    if unlike := differing(claim, [other]):
        why = "; ".join((said_apart, *map(str, unlike)))
        return replace(row, why=why, recomputed=figure, differs=named(unlike))
    theirs = other.recompute if isinstance(other.recompute, Proportion) else Proportion()
    n, m = fewest(asked.asked), fewest(theirs.asked)
    if n is None or m is None:
        unknown = _unknown(asked if n is None else theirs)
        why = f"{said_apart}; {unknown}: chance cannot be told from it"
        return replace(row, why=why, recomputed=figure)
    if apart == UNCERTAIN:
        return replace(row, why=said_apart, recomputed=figure)
    interval = _between((own, n), (its, m), level)
    return replace(
        row,
        holds=Standing.WITHIN_NOISE if 0.0 in interval else Standing.HOLDS,
        why=said_apart if asked.random and theirs.random else f"{said_apart}; {NOT_DRAWN}",
        recomputed=replace(figure, interval=interval, law=BETWEEN),
    )


def _between(own: tuple[Printed, float], its: tuple[Printed, float], level: float) -> Interval:
    """Of the difference of two shares of so many asked, over all shares that print so."""
    (printed, n), (other, m) = own, its
    (low, high), (least, most) = _meant(printed), _meant(other)
    below, above = (
        hybrid_interval(_share_of(first, n, level), _share_of(second, m, level), level)
        for first, second in ((low, most), (high, least))
    )
    return Interval(100 * below.low, 100 * above.high, level)


def _apart(own: Printed, its: Printed) -> str:
    (low, high), (least, most) = _ends(own), _ends(its)
    if max(high - low, most - least) <= ROUNDED:
        return points(own.value - its.value)
    nearest = max(low - most, least - high, 0.0)
    return f"at least {points(nearest)}" if nearest else UNCERTAIN
