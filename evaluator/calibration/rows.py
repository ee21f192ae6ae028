"""Which rows are calibrated, and one row's campaigns from first to last."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum

import numpy as np

from evaluator.calibration.channels import channel_placebos, channel_worlds
from evaluator.calibration.drawn import fitted
from evaluator.calibration.measuring import Campaigns, measured
from evaluator.calibration.placebos import placebos
from evaluator.calibration.planting import Truth, lifts_planted
from evaluator.calibration.stored import Found
from evaluator.comparisons import Comparison, Planned, planned_rows
from evaluator.effects import Estimated, Many, Setting, estimate, estimate_many
from evaluator.estimators.arrays import Array, Flags
from evaluator.resolve import Resolved
from evaluator.results import RowKey, RowRole


class Kind(StrEnum):
    """Where campaigns come from; each is a piece of work of its own."""

    PLACEBO = "placebo"
    FITTED = "fitted"


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Rows whose campaigns are drawn together: the channels', or one row by itself."""

    rows: tuple[Planned, ...]
    lifts: tuple[tuple[float, ...], ...]
    """Planted, a row."""

    @property
    def comparisons(self) -> list[Comparison]:
        return [row.comparison for row in self.rows if isinstance(row.comparison, Comparison)]


def calibrated_groups(resolved: Resolved) -> list[Group]:
    """Headline rows from which a conclusion is drawn, in the order of the table."""
    decision = resolved.protocol.decision
    setting = Setting(decision.level, resolved.protocol.seed)
    found: list[tuple[Planned, tuple[float, ...]]] = []
    for row in planned_rows(resolved):
        if row.role is not RowRole.HEADLINE or row.descriptive:
            continue
        if isinstance(row.comparison, Comparison):
            outcome = estimate(row.comparison, row.key, setting)
            if isinstance(outcome, Estimated):
                found.append((row, lifts_planted(decision.smallest_lift, outcome.effect.lift)))
    return _grouped(found)


def unlifted_groups(rows: Iterable[Planned]) -> list[Group]:
    """Rows to be calibrated without a lift: their campaigns do not hang on their estimates."""
    return _grouped((row, (1.0,)) for row in rows)


def held_of(group: Group, campaigns: int, setting: Setting) -> Iterator[tuple[RowKey, Flags, str]]:
    """Of each row, which fitted campaigns at its first lift its interval holds, one by one.

    A refused campaign counts as held: nothing false is said of it.

    Returns
    -------
    (row, (R,) whether it held, checksum of what was drawn): where the checksums of two calls
    are alike, their campaigns are
    """
    rng = setting.generator(replace(group.rows[0].key, variant="paired"))
    drawn = _drawn(group, Kind.FITTED, campaigns, rng)
    if isinstance(drawn, str):
        return
    held: list[list[Flags]] = [[] for _ in group.rows]
    sums: list[float] = []
    for batch in drawn.batches:
        sums.extend(_sums_of(batch[0]))
        for row, truths, comparison, own in zip(group.rows, drawn.truths, batch, held, strict=True):
            place, truth = truths[0]
            many = _of_kind(estimate_many(comparison, row.key, setting), place)
            inside = (many.low <= truth.log_lift) & (truth.log_lift <= many.high)
            own.append((inside | many.refused).ravel())
    checksum = f"{zlib.crc32(repr(sums).encode()):08x}"
    for row, own in zip(group.rows, held, strict=True):
        yield row.key, np.concatenate(own)[:campaigns], checksum


def campaigns_of(group: Group, kind: Kind, worlds: int, setting: Setting) -> tuple[Found, ...]:
    """Draw a group's campaigns of one kind, estimate each as its row is, and measure.

    The draws depend on the setting's seed, the group's first row and the kind alone.
    """
    first = group.rows[0].key
    rng = setting.generator(replace(first, variant=f"{first.variant}: {kind.value}"))
    drawn = _drawn(group, kind, worlds, rng)
    if isinstance(drawn, str):
        return tuple(Found(row.key, (), (drawn,)) for row in group.rows)
    found: list[list[Many]] = [[] for _ in group.rows]
    for batch in drawn.batches:
        for row, comparison, own in zip(group.rows, batch, found, strict=True):
            own.append(estimate_many(comparison, row.key, setting))
    kernel = drawn.sharing.kernel() if drawn.sharing else None
    return tuple(
        _judged(row.key, truths, own, kernel, setting.level)
        for row, truths, own in zip(group.rows, drawn.truths, found, strict=True)
    )


def _drawn(group: Group, kind: Kind, worlds: int, rng: np.random.Generator) -> Campaigns | str:
    if _by_channel(group.rows[0]):
        draw = channel_placebos if kind is Kind.PLACEBO else channel_worlds
        return draw(group.comparisons, group.lifts, worlds, rng)
    (comparison,), (lifts,), key = group.comparisons, group.lifts, group.rows[0].key
    if kind is Kind.PLACEBO:
        return placebos(comparison, key, lifts, worlds, rng)
    return fitted(comparison, key, lifts, worlds, rng)


def _judged(
    key: RowKey,
    truths: Sequence[tuple[int, Truth]],
    found: Sequence[Many],
    kernel: Array | None,
    level: float,
) -> Found:
    whole = [_joined([_of_kind(many, place) for many in found]) for place, _ in truths]
    pairs = zip(truths, whole, strict=True)
    judged = [measured(truth, many, kernel, level) for (_, truth), many in pairs]
    kept = tuple(one for one in judged if one is not None)
    reasons = () if kept else ("too few of its campaigns could be estimated",)
    return Found(key, kept, reasons)


def _of_kind(many: Many, place: int) -> Many:
    return Many(*(getattr(many, field.name)[place] for field in fields(many)))


def _joined(parts: Sequence[Many]) -> Many:
    """Batches one after the other, along the last of their axes, then flat."""
    names = [field.name for field in fields(Many)]
    return Many(*(np.concatenate([getattr(p, n) for p in parts], axis=-1).ravel() for n in names))


def _grouped(rows: Iterable[tuple[Planned, tuple[float, ...]]]) -> list[Group]:
    """The rows of channels that see the same other courses together, every other by itself."""
    together: dict[str, list[tuple[Planned, tuple[float, ...]]]] = {}
    for row, lifts in rows:
        name = f"{row.key.method}: {_compared(row)}" if _by_channel(row) else str(row.key)
        together.setdefault(name, []).append((row, lifts))
    return [Group(*zip(*own, strict=True)) for own in together.values()]


def _compared(row: Planned) -> int:
    """With how many courses: rows that are drawn together are compared with the same."""
    return len(row.comparison.other) if isinstance(row.comparison, Comparison) else 0


def _sums_of(comparison: Comparison) -> Iterator[float]:
    """Totals of all that was drawn: counts, so exact in any order."""
    yield float(comparison.treated.sum())
    yield float(comparison.other.sum())
    for companion in comparison.companions:
        yield from _sums_of(companion)


def _by_channel(row: Planned) -> bool:
    return row.key.method == "channel_mean"
