"""Findings of secondary outcomes: for whom it was over by `as_of`, and before the window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from evaluator.comparisons import Comparison, Planned, secondary
from evaluator.comparisons.design import REFERENCE
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status


def settled(planned: Planned, comparison: Comparison, resolved: Resolved) -> Iterator[Finding]:
    """Whether the whole window is followed up, and whether the base was before it."""
    protocol = resolved.protocol
    outcome = secondary.declared(protocol, planned.key.question)
    window = outcome and secondary.settled_window(protocol, outcome)
    if not outcome or not window or outcome.days is None:
        return
    missing = (protocol.window.end - window.end).days
    yield Finding(
        "follow-up over",
        Status.WARN if missing else Status.PASS,
        f"{outcome.days} days are over by {protocol.as_of:%-d %b %Y} only for people of"
        f" {window}: {window.days} of the {protocol.window.days} days of the window"
        if missing
        else "the days of everybody in the window are over",
        f"evaluate again with data up to {protocol.as_of + timedelta(missing):%-d %b %Y}"
        if missing
        else "",
        -float(missing),
    )
    base = np.flatnonzero(np.any(comparison.codes == REFERENCE, axis=0))
    if len(base):
        gap = resolved.panel.day(protocol.window.start) - 1 - int(base[-1])
        reaching = max(outcome.days - gap, 0)
        yield Finding(
            "follow-up of the reference",
            Status.WARN if reaching else Status.PASS,
            f"what became of the people of the last {reaching} reference days was decided in the"
            " campaign, which may have raised the base"
            if reaching
            else "what became of the people of the reference was over before the window",
            f"compare the row “{secondary.SETTLED}”" if reaching else "",
            float(gap - outcome.days),
        )
