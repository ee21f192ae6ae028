"""A small paired calibration: whether the intervals hold the campaigns that they held.

Each row that decides is estimated on campaigns of worlds fitted to its own courses, drawn from the
experiment's seed. Where the campaigns are the approved ones, two states are compared campaign by
campaign (McNemar's exact test), which sees changes of coverage far below its Monte-Carlo error.
Where another NumPy, other data or another declaration drew others, the two shares are compared as
two samples (Fisher's exact test: the approved share is itself a count, so a binomial band around
it would alarm too often). The rows' campaigns are drawn independently, so that they are also
compared all together: what moves every interval a little is seen there first.

References
----------
McNemar (1947); Fisher (1935).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import bdtr

from evaluator.calibration.rows import held_of, unlifted_groups
from evaluator.comparisons import Planned
from evaluator.effects import Setting
from evaluator.experiment.protocol import Protocol
from evaluator.gate.items import Gate, Item
from evaluator.gate.lock import Bits, Lock
from evaluator.gate.names import row_name
from evaluator.results import Row, RowKey, RowRole, RowStatus, Status

LEVEL = 0.8
"""Of the intervals that are judged, whatever the declared one: a change of an interval's scale
changes the share that it holds by 2zφ(z) of itself, which is twice as much at 80% as at 95%."""
TOGETHER = "all rows together"


def coverage_bits(
    rows: Sequence[Row], planned: Iterable[Planned], protocol: Protocol
) -> dict[str, Bits]:
    """Of each row that decides, which of its drawn campaigns its interval holds.

    Parameters
    ----------
    planned : these rows, among others
    """
    setting = Setting(LEVEL, protocol.seed)
    deciding = {
        row.key
        for row in rows
        if row.role is RowRole.HEADLINE and row.status is RowStatus.ESTIMATED
    }
    return {
        row_name(key, RowRole.HEADLINE): Bits(tuple(held.tolist()), drawn)
        for group in unlifted_groups(row for row in planned if row.key in deciding)
        for key, held, drawn in held_of(group, protocol.gate.campaigns, setting)
    }


def coverage_kept(approved: Lock, now: Lock, alarm: float) -> Iterator[Item]:
    """One item a row, and one for all of them together.

    Parameters
    ----------
    alarm : false alarms that a single item may give
    """
    pairs: dict[str, Pair] = {}
    for name, old in approved.coverage.items():
        new, row = now.coverage.get(name), now.rows.get(name)
        key = row.key if row else None
        if new is None:
            sentence = "its coverage is no longer measured: the row is not estimated"
            before = _share(sum(old.held), len(old.held))
            yield Item(Gate.CALIBRATION, name, Status.NOT_RUN, sentence, before, "–", row=key)
        else:
            pair = Pair.of(old, new)
            pairs.setdefault(new.drawn, pair)  # rows of channels share campaigns: they count once
            yield _item(name, pair, alarm, key)
    for name in now.coverage:
        if name not in approved.coverage:
            sentence = "nobody has approved the coverage of this row yet: it cannot be compared"
            key = now.rows[name].key
            yield Item(Gate.CALIBRATION, name, Status.NOT_RUN, sentence, row=key)
    if len(pairs) > 1:
        yield _item(TOGETHER, Pair.together(list(pairs.values())), alarm, None)


def number_of_tests(approved: Lock, now: Lock) -> int:
    """How many tests `coverage_kept` makes."""
    both = approved.coverage.keys() & now.coverage.keys()
    return len(both) + (len({now.coverage[name].drawn for name in both}) > 1)


@dataclass(frozen=True, slots=True)
class Pair:
    """Campaigns that were held before and are held now."""

    campaigns: tuple[int, int]
    held: tuple[int, int]
    discordant: tuple[int, int] | None
    """Lost and gained, where the campaigns are the same."""

    @classmethod
    def of(cls, old: Bits, new: Bits) -> Pair:
        campaigns, held = (len(old.held), len(new.held)), (sum(old.held), sum(new.held))
        if old.drawn != new.drawn or campaigns[0] != campaigns[1]:
            return cls(campaigns, held, None)
        pairs = list(zip(old.held, new.held, strict=True))
        return cls(campaigns, held, (pairs.count((True, False)), pairs.count((False, True))))

    @classmethod
    def together(cls, pairs: Sequence[Pair]) -> Pair:
        """All as one; campaign by campaign only if each can be."""
        apart = [pair.discordant for pair in pairs if pair.discordant is not None]
        return cls(
            _added(pair.campaigns for pair in pairs),
            _added(pair.held for pair in pairs),
            _added(apart) if len(apart) == len(pairs) else None,
        )

    def chance(self) -> float:
        """Two-sided p-value of an unchanged coverage."""
        if self.discordant is not None:
            # Both tails alike: the law of either count is symmetric.
            return min(1.0, 2 * float(bdtr(min(self.discordant), sum(self.discordant), 0.5)))
        from scipy.stats import fisher_exact  # late: it takes half a second

        table = [[k, n - k] for k, n in zip(self.held, self.campaigns, strict=True)]
        return float(fisher_exact(np.array(table)).pvalue)


def _item(name: str, pair: Pair, alarm: float, key: RowKey | None) -> Item:
    p = pair.chance()
    old, new = (_share(k, n) for k, n in zip(pair.held, pair.campaigns, strict=True))
    if pair.discordant is None:
        how = "other campaigns were drawn than those approved: two samples, Fisher's exact test"
    else:
        lost, gained = pair.discordant
        how = f"campaign by campaign: {lost} lost, {gained} gained, McNemar's exact test"
    status = Status.FAIL if p < alarm else Status.PASS
    says = "the interval covers" if name != TOGETHER else "the intervals cover"
    less = "less" if pair.held[1] * pair.campaigns[0] < pair.held[0] * pair.campaigns[1] else "more"
    sentence = f"{says} {less} than approved" if p < alarm else f"{says} as approved"
    return Item(
        Gate.CALIBRATION,
        name,
        status,
        f"{sentence} ({how}: p = {p:.2g}, alarm below {alarm:.2g})",
        old,
        new,
        row=key,
    )


def _share(held: int, campaigns: int) -> str:
    return f"{held} of {campaigns} held at {LEVEL:.0%}"


def _added(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    first, second = zip(*pairs, strict=True)
    return sum(first), sum(second)
