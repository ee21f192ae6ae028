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
BETWEEN = "Newcombe: the same of a difference of two shares"
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
        stated = "how many were asked is not stated: no interval, and nothing to check it by"
        return as_published(claim, "of those asked", Standing.INCOMPARABLE, stated)
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


def _interval(printed: Printed, n: float, level: float) -> Interval:
    """Of the share itself where it is rounded; of every share that a bound or a range admits."""
    ends = _ends(printed)
    if ends[1] - ends[0] <= ROUNDED:
        ends = printed.value, printed.value
    low, high = (share_interval(end / 100 * n, n, level) for end in ends)
    return Interval(100 * low.low, 100 * high.high, level)


def _ends(printed: Printed) -> tuple[float, float]:
    """What prints so, in per cent, as far as it is a share."""
    return min(max(printed.low, 0.0), 100.0), min(max(printed.high, 0.0), 100.0)


def _beside(claim: Published, asked: Proportion, other: Published, level: float) -> Claim:
    own, its = claim.printed, other.printed
    if own is None or its is None:
        raise TypeError("two shares have figures")
    reading = f"beside “{other.name}”"
    figure = Figure(own.value - its.value, POINTS)
    apart = f"{_apart(own, its)} between {own.text} and {its.text}"
    unlike = differing(claim, [other])
    if unlike:
        why = f"{apart}; {'; '.join(map(str, unlike))}"
        row = as_published(claim, reading, Standing.INCOMPARABLE, why)
        return replace(row, recomputed=figure, differs=named(unlike))
    theirs = other.recompute.asked if isinstance(other.recompute, Proportion) else None
    n, m = fewest(asked.asked), fewest(theirs)
    if n is None or m is None:
        why = f"{apart}; how many were asked is not stated: chance cannot be told from it"
        row = as_published(claim, reading, Standing.INCOMPARABLE, why)
        return replace(row, recomputed=figure)
    shares = [
        Share(printed.value / 100, share_interval(printed.value / 100 * size, size, level), size)
        for printed, size in ((own, n), (its, m))
    ]
    ends = hybrid_interval(shares[0], shares[1], level)
    interval = Interval(100 * ends.low, 100 * ends.high, level)
    figure = Figure(figure.value, figure.unit, None, interval, BETWEEN)
    holds = Standing.WITHIN_NOISE if 0.0 in interval else Standing.HOLDS
    return replace(as_published(claim, reading, holds, apart), recomputed=figure)


def _apart(own: Printed, its: Printed) -> str:
    (low, high), (least, most) = _ends(own), _ends(its)
    if max(high - low, most - least) <= ROUNDED:
        return points(own.value - its.value)
    nearest = max(low - most, least - high, 0.0)
    return f"at least {points(nearest)}" if nearest else "no distance that is certain"
