"""The order of paid and organic promotion where chance gave each course its own.

Both orders on one network and in the same weeks: then nothing but the order differs, on average,
between the courses with one and those with the other. The outcome is cumulative, over both waves
and the weeks after them, because an order moves enrolments between weeks as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np

from evaluator.comparisons import promoted
from evaluator.comparisons.design import LEFT_OUT, WINDOW, Codes, Comparison, span_days
from evaluator.comparisons.waves import WEEKS_AFTER
from evaluator.comparisons.wording import raised_by
from evaluator.experiment.assignment import Drawn
from evaluator.experiment.protocol import Span, Wave
from evaluator.inference.assigned import MIN_EACH
from evaluator.resolve import Resolved
from evaluator.results import Estimand, NotRun

OTHER_ORDER = "what they would have been in the other order"


def comparison(
    resolved: Resolved, network: str, first: Mapping[str, bool], waves: Mapping[str, list[Wave]]
) -> Comparison | NotRun:
    """Each course over both of its waves and the weeks after, on the same weeks in both orders.

    Parameters
    ----------
    network : on which the orders ran
    first : course → whether its paid wave came first
    waves : course → its waves on the network, paid and organic
    """
    drawn = drawn_order(resolved)
    if drawn is None:
        return NotRun("nothing is declared of how the orders were assigned to the courses")
    whole = [course for course in first if promoted.has_whole_reference(resolved, course)]
    spans = {course: _days(resolved, waves[course]) for course in whole}
    strata = {
        course: (drawn.group_of(course), spans[course].start, spans[course].end) for course in whole
    }
    both = {s for c, s in strata.items() if first[c]} & {
        s for c, s in strata.items() if not first[c]
    }
    kept = [course for course in whole if strata[course] in both]
    reason = _too_few(kept, first, len(whole))
    if reason is not None:
        return reason
    weeks = resolved.protocol.reference.weeks
    base = {c: span for c in kept if (span := resolved.reference(c, weeks)) is not None}
    # All others: what reached some of them reached the courses of both orders alike.
    seen = replace(resolved, others=(*resolved.others, *resolved.left_out))
    built = promoted.comparison(seen, base, order_effect_estimand(network, drawn))
    numbers = {stratum: number for number, stratum in enumerate(sorted(both))}
    return replace(
        built,
        codes=_in_its_waves(resolved, built.codes, [spans[course] for course in kept]),
        first=np.array([first[course] for course in kept]),
        strata=tuple(numbers[strata[course]] for course in kept),
    )


def _in_its_waves(resolved: Resolved, codes: Codes, spans: Sequence[Span]) -> Codes:
    """Codes whose window is each course's own days."""
    own = np.where(codes == WINDOW, LEFT_OUT, codes).astype(np.int8)
    for position, span in enumerate(spans):
        own[position, span_days(resolved, [span]) == 1] = WINDOW
    return own


def drawn_order(resolved: Resolved) -> Drawn | None:
    """How chance assigned the orders, where the declaration says that it did."""
    assignment = resolved.protocol.assignment
    drawn = assignment.order if assignment is not None else None
    return drawn if drawn is not None and drawn.random else None


def _days(resolved: Resolved, waves: list[Wave]) -> Span:
    """From a course's first wave to the end of what its last one leaves behind."""
    start = min(wave.span.start for wave in waves)
    last = max(max(wave.span.end, wave.span.start + timedelta(6)) for wave in waves)
    return Span(start, min(last + timedelta(7 * WEEKS_AFTER), resolved.protocol.window.end))


def _too_few(kept: list[str], first: Mapping[str, bool], whole: int) -> NotRun | None:
    number = sum(first[course] for course in kept)
    if min(number, len(kept) - number) >= MIN_EACH:
        return None
    return NotRun(
        f"of {whole} courses with weeks before, {number} had paid promotion first and"
        f" {len(kept) - number} organic first in the same weeks and the same group: {MIN_EACH} of"
        " each are needed"
    )


def order_effect_estimand(network: str, drawn: Drawn) -> Estimand:
    """Log lift over both waves, paid first, less the same with organic first."""
    cause = f"having paid promotion before organic on {network}"
    return Estimand(
        name="log lift of paid before organic − log lift of organic before paid",
        compares="enrolments from a course's first wave to two weeks after its second, against its"
        " reference and relative to all other courses, in courses with paid promotion first and"
        " in courses with organic first, in the same weeks",
        identifies=f"the effect of {cause}, on both waves and the weeks after them together",
        needs=(
            f"chance gave each course its order ({drawn.rule.value}, declared)",
            "two weeks hold what the last wave leaves behind",
            "the order of one course moves no enrolment of another",
        ),
        not_identified="which of the two waves the order changed; the order on other networks",
        wording=raised_by(cause, OTHER_ORDER),
    )
