"""Findings of the rows by group of countries."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.comparisons import Comparison, Planned, geography
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status


def of_groups(planned: Planned, comparison: Comparison, resolved: Resolved) -> Iterator[Finding]:
    """Whether the dates of the waves are known, and what was counted outside all groups."""
    if planned.key.question != geography.QUESTION:
        return
    waves = geography.waves_of(resolved, planned.key.channel)
    assumed = [wave.id for wave in waves if wave.assumed]
    yield Finding(
        "dates of the waves",
        Status.WARN if assumed else Status.PASS,
        f"the dates of {len(assumed)} of {len(waves)} {planned.key.channel} waves are assumed, not"
        " published"
        if assumed
        else "published dates",
        "read the rows with the waves a week earlier and later" if assumed else "",
    )
    if planned.key.arm == "all":
        yield _ungrouped(comparison, resolved)


def _ungrouped(comparison: Comparison, resolved: Resolved) -> Finding:
    grouped = {c for group in resolved.protocol.country_groups for c in group.countries}
    units = [unit for unit in resolved.panel.countries if unit not in grouped]
    missed = float(comparison.treated[:, 1].sum())
    return Finding(
        "units in no group",
        Status.WARN if missed else Status.PASS,
        f"{missed:,.0f} {resolved.protocol.outcome} of the promoted courses come from no declared"
        f" group ({', '.join(units[:8])})"
        if missed
        else f"every {resolved.protocol.unit} that counts is in a group",
        "declare a group for them" if missed else "",
    )
