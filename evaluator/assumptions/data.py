"""Findings about the data as a whole: what was counted against what was declared."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.errors import did_you_mean
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status

UNTAGGED = frozenset({"none", "direct", "all", "unknown"})
"""Labels of enrolments that no channel is credited with."""


def data_findings(resolved: Resolved) -> tuple[Finding, ...]:
    """Published totals and tags, looked at."""
    return (*_published_totals(resolved), *_tags(resolved))


def _published_totals(resolved: Resolved) -> Iterator[Finding]:
    panel, window = resolved.panel, resolved.protocol.window
    for course in resolved.protocol.courses:
        if course.published_total is None:
            continue
        daily = panel.array("day", course=[course.code])
        counted = float(daily[panel.day(window.start) : panel.day(window.end) + 1].sum())
        gap = round(counted - course.published_total)
        yield Finding(
            f"published total: {course.code}",
            Status.WARN if gap else Status.PASS,
            f"{course.code}: {counted:,.0f} counted in the window, {course.published_total:,}"
            " published",
            "find out which enrolments one of the two leaves out" if gap else "",
            -float(abs(gap)),
        )


def _tags(resolved: Resolved) -> Iterator[Finding]:
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
        -float(len(unknown)),
    )
