"""What was counted against what was published, and tags against declared channels."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.errors import did_you_mean
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status

UNTAGGED = frozenset({"none", "direct", "all", "unknown"})
"""Labels of enrolments that no channel is credited with."""


def published_totals(resolved: Resolved) -> Iterator[Finding]:
    panel, window = resolved.panel, resolved.protocol.window
    published = {c.code: c.published_total for c in resolved.protocol.courses}
    gaps = {}
    for course, total in published.items():
        if total is not None:
            daily = panel.array("day", course=[course])
            counted = float(daily[panel.day(window.start) : panel.day(window.end) + 1].sum())
            gaps[course] = (round(counted - total), f"{counted:,.0f} of {total:,}")
    if not gaps:
        return
    off = [f"{course} {told}" for course, (gap, told) in gaps.items() if gap]
    yield Finding(
        "published totals",
        Status.WARN if off else Status.PASS,
        f"counted in the window of what was published: {', '.join(off)}"
        if off
        else f"the counts of {len(gaps)} courses in the window are the published ones",
        "find out which enrolments one of the two leaves out" if off else "",
        float(-max(abs(gap) for gap, _ in gaps.values())),
    )


def tags(resolved: Resolved) -> Iterator[Finding]:
    declared = sorted({c.tag for c in resolved.protocol.channels if c.tag is not None})
    unknown = [tag for tag in resolved.panel.tags if tag not in {*declared, *UNTAGGED}]
    if not declared:
        return
    listed = "; ".join(f"“{tag}” {did_you_mean(tag, declared)}".strip() for tag in unknown)
    yield Finding(
        "last-touch tags",
        Status.WARN if unknown else Status.PASS,
        f"tags that no channel declares: {listed}"
        if unknown
        else "every tag is that of a declared channel, or none",
        "declare the channel, or mend the label in the export" if unknown else "",
        float(-len(unknown)),
    )
