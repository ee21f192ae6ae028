"""Beside the lift of a channel: attributed counts, costs, cells drawn together, overlaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from evaluator.comparisons.channels import AFTER
from evaluator.report import numbers
from evaluator.report.layout import NOTHING, Line, laid_out
from evaluator.report.words import cell_label, channel_label, row_label
from evaluator.results import Part, Row, RowKey, RowRole

EXPLORED = RowRole.EXPLORATORY
OWN = (RowRole.HEADLINE, EXPLORED)


def costs(shown: Sequence[Row], rows: Sequence[Row], currency: str) -> Iterator[RenderableType]:
    """Attributed counts beside the extra that is priced, and what one of each cost.

    Parameters
    ----------
    shown : rows with a line in the table above
    rows : all rows of the question, among them those with the weeks after the waves
    """
    after = {_cell(row.key): row for row in rows if row.key.variant == AFTER}
    priced = [row for row in shown if row.attributed is not None and row.role in OWN]
    if not priced:
        return
    sign = numbers.currency_sign(currency)
    each = ("attributed", "extra with the\ntwo weeks after", f"{sign} per\nattributed")
    head = Line("", (*each, f"{sign} per\nextra"))
    lines = [(row, _priced(row, after.get(_cell(row.key)))) for row in priced]
    yield Text("Attributed and extra, and what one cost")
    yield laid_out(head, list(_under_channels(lines)))
    yield Text(
        "attributed (last touch, whole window) is not lift; the extra is of the wave and the two"
        " weeks after it, which the spend bought; “all” is the courses whose extra is identified",
        style="dim",
    )


def shrunk(shown: Sequence[Row]) -> Iterator[RenderableType]:
    """Each cell drawn towards the mean of its kind, with the weight on its own estimate."""
    lines = []
    for row in shown:
        if row.effect is not None and row.shrunk is not None and row.role is EXPLORED:
            drawn = row.shrunk
            lift = f"{numbers.log_lift(drawn.log_lift)} {numbers.lift_interval(drawn.interval)}"
            weight = f"{drawn.weight_on_own:.0%}"
            extra = numbers.count(drawn.extra_value) if drawn.extra_value is not None else ""
            lines.append((row, (numbers.lift(row.effect.lift), lift, extra, weight)))
    if lines:
        head = Line("", ("lift", "drawn to the mean", "its extra", "weight on own"))
        yield Text("Cells drawn towards the mean of their channel")
        yield laid_out(head, list(_under_channels(lines)))


def overlaps(shown: Sequence[Row]) -> Iterator[RenderableType]:
    """A line for each overlap whose extra is split by convention."""
    split = [row for row in shown if row.parts and row.effect is not None]
    if split:
        yield Text("Overlaps: the joint lift is estimated; the split of its extra is a convention")
        yield Text("(Shapley), between what a channel adds alone and what it adds last", "dim")
    for row in split:
        assert row.effect is not None
        lift = numbers.lift_and_interval(row.effect, row.simultaneous or row.effect, row.level)
        yield Text(f"{row_label(row.key)}: {lift}: {'; '.join(map(_part, row.parts))}")


def _part(part: Part) -> str:
    low, high = sorted((part.alone, part.last))
    ends = f"{numbers.count(low)} to {numbers.count(high)}"
    return f"{channel_label(part.channel)} {numbers.count(part.shapley)} ({ends})"


def _priced(row: Row, after: Row | None) -> tuple[str, ...]:
    extra = NOTHING
    if after is not None and after.extra is not None:
        extra = numbers.amount(after.extra.realised, after.extra_simultaneous)
    return (
        numbers.count(row.attributed) if row.attributed is not None else NOTHING,
        extra,
        numbers.cost(row.cost_per_attributed) or NOTHING,
        numbers.cost(row.cost_per_extra, row.cost_per_extra_interval) or NOTHING,
    )


def _cell(key: RowKey) -> tuple[str, ...]:
    return key.channel, key.course, key.arm


def _under_channels(lines: Sequence[tuple[Row, tuple[str, ...]]]) -> Iterator[Line]:
    """A line for each channel; or, where one has several, these beneath its name."""
    several = len({(row.key.course, row.key.arm) for row, _ in lines}) > 1
    heading = ""
    for row, values in lines:
        channel = channel_label(row.key.channel)
        if several and channel != heading:
            heading = channel
            yield Line(channel)
        yield Line(f"  {cell_label(row.key)}" if several else channel, values)
