"""What `plan` prints: the design in a few lines, what it would notice, what was written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from evaluator.experiment.load import shown_path
from evaluator.planning.next_file import named
from evaluator.planning.prospect import Prospect
from evaluator.report import numbers
from evaluator.report.answer import banner
from evaluator.report.words import counted


def render_prospect(found: Prospect, written: Sequence[Path]) -> str:
    """The whole text."""
    return "\n".join([*_design(found), "", *_noticed(found), *_written(written)]) + "\n"


def _design(found: Prospect) -> Iterator[str]:
    own, plan = found.designed.protocol, found.plan
    if banner(own):
        yield banner(own)
    yield f"{own.name}: {own.window}, {counted(plan.weeks, 'week')}"
    courses = ", ".join(course.code for course in own.courses)
    yield f"  promoted: {courses}"
    if own.others.left_out:
        yield f"  left out of every promotion: {', '.join(own.others.left_out)}"
    waves = counted(len(own.waves), "wave")
    yield f"  {waves}, {found.designed.winner.candidate.name}; cost {_money(found)}"
    yield from (f"  {remark}" for remark in found.designed.remarks)


def _money(found: Prospect) -> str:
    budget = found.plan.budget
    limit = f" of {budget:,.0f}" if budget is not None else ""
    return f"{found.designed.cost:,.0f}{limit} {found.plan.currency}".rstrip()


def _noticed(found: Prospect) -> Iterator[str]:
    """A line a row: power at the smallest lift worth finding, and the lift that is noticed."""
    least = {own.key: own for own in found.detectable}
    wanted = numbers.lift(found.plan.smallest_lift)
    yield f"power at {wanted}, and the lift noticed with power {found.plan.power:g}:"
    names = [named(own.key) for own in found.powers]
    for name, own in zip(names, found.powers, strict=True):
        noticed = least.get(own.key)
        if own.reason:
            yield f"  {name}: {own.reason}"
        else:
            lift = (noticed.reason or numbers.lift(noticed.lift)) if noticed else ""
            yield f"  {name:<{max(map(len, names))}}  {own.power:.2f}  {lift}"


def _written(written: Sequence[Path]) -> Iterator[str]:
    if written:
        yield ""
        yield f"written: {', '.join(shown_path(path.absolute()) for path in written)}"
