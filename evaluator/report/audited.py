"""Two arms without weeks before, and advice to be tested: in results.json, terminal and methods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from evaluator.claims import Exposed, Figure
from evaluator.claims.exposed import ASSOCIATION, Outcome, Split
from evaluator.experiment.exposure import Exposure
from evaluator.experiment.protocol import Protocol
from evaluator.experiment.published import (
    Arithmetic,
    OfCounts,
    OfDesign,
    OfExposure,
    OfRow,
    Proportion,
    Published,
)
from evaluator.report import numbers
from evaluator.results import Interval, Share

ARMS = "Two arms, no weeks before"
SUPPRESSED = "suppressed: it would tell a small count"
TESTED = "Advice that can be tested"
METHODS_OF_ARMS = (
    "split: what exposure cannot have moved, beside the planned share ± 1.96 standard errors",
    "difference of shares: pooled standard error ± 1.96, as published, and the interval from the"
    " two score intervals (Newcombe 1998): both take every unit as independent of the others; where"
    " days are given, also the interval from how the difference varies by day (linearised ratio, t"
    " with one less than the days); a verdict has to hold in each",
    "coverage at .95, exact, for 20 to 1,000 an arm: .756 to 1.000 pooled, .943 to 1.000 by score;"
    " where a day has 750 units an arm, two of them correlated by .001: .86 of either, .95 by day;"
    " by .01: .51 and .95",
    "signs: days on which the treated arm is above, two-sided binomial",
)


def exposed_dict(arms: Exposed | None) -> dict[str, Any] | None:
    """Splits, differences and signs of two arms; None where none are declared."""
    if arms is None:
        return None
    exposure = arms.exposure
    return {
        "randomised": exposure.randomised,
        "planned_share": exposure.share,
        "unit": exposure.unit,
        "treated": exposure.treated,
        "other": exposure.other,
        "splits": [_split(split) for split in arms.splits],
        "proportions": [_outcome(outcome) for outcome in arms.outcomes],
        "suppressed": list(arms.suppressed),
    }


def intervention_dicts(protocol: Protocol) -> list[dict[str, str]]:
    """Advice to be tested, in declared order."""
    return [asdict(own) for own in protocol.interventions]


def exposed_block(arms: Exposed | None) -> Iterator[RenderableType]:
    """The arms in a terminal: how they split, then each difference with both intervals."""
    if arms is None:
        return
    yield Text()
    yield Text(ARMS, style="bold")
    yield Text(how_exposed(arms.exposure), style="dim")
    for split in arms.splits:
        yield Padding(Text(f"{split.name}: {split_said(split)}"), (0, 0, 0, 2))
    for outcome in arms.outcomes:
        yield Text(f"  {outcome.name}: {outcome.verdict}")
        for line in difference_said(outcome):
            yield Padding(Text(line, style="dim"), (0, 0, 0, 4))
    for name in arms.suppressed:
        yield Text(f"  {name}: {SUPPRESSED}")


def arms_said(arms: Exposed | None) -> Iterator[str]:
    """A sentence a proportion, with the wider interval at each end, and its verdict."""
    if arms is None:
        return
    for own in arms.outcomes:
        found = own.found
        whom = f"{arms.exposure.treated} against {arms.exposure.other}"
        yield (
            f"{own.name}, {whom}: {_signed(found.value)} {_ends(found.wider)}"
            f" ({numbers.percent(found.pooled.level)} interval). Verdict: {own.verdict}."
            f" {own.why[0].upper()}{own.why[1:]}."
        )


def interventions_block(protocol: Protocol) -> Iterator[RenderableType]:
    """What would test each advice."""
    if not protocol.interventions:
        return
    yield Text()
    yield Text(TESTED, style="bold")
    for line in interventions_said(protocol):
        yield Padding(Text(line), (0, 0, 0, 2))


def interventions_said(protocol: Protocol) -> Iterator[str]:
    """A sentence an advice, with the template that plans its test."""
    for own in protocol.interventions:
        yield (
            f"{own.name}: {own.change}; moves {own.outcome}; to be tested by {own.comparison}"
            f" (template {own.template})"
        )


def how_exposed(exposure: Exposure) -> str:
    """Who decided which arm a unit was in."""
    whom = f"{exposure.treated} against {exposure.other}"
    if not exposure.randomised:
        return f"{whom}; {ASSOCIATION}"
    return f"{whom}; chance put {numbers.percent(exposure.share)} of {exposure.unit}s in the first"


def audits(protocol: Protocol) -> Iterator[tuple[str, list[str]]]:
    """Titles and lines of a methods section: claims, two arms, and what would test advice."""
    if protocol.of_claims_alone:
        asked = "nothing is asked of a panel of courses: what follows is all that is declared"
        yield "Claims alone", [asked, f"protocol {protocol.hash[:12]}"]
    if protocol.claims:
        yield "Published claims", [_how_recomputed(claim) for claim in protocol.claims]
    if protocol.exposure is not None:
        yield ARMS, [how_exposed(protocol.exposure), *METHODS_OF_ARMS]
    if protocol.interventions:
        yield TESTED, list(interventions_said(protocol))


def _how_recomputed(claim: Published) -> str:
    """What was printed, and what recomputes it."""
    value = claim.printed
    unit = claim.unit
    figure = Figure(value.value, unit, printed=value.text).text if value else "in words"
    return f"{claim.name}: {figure} ({claim.source}); {_way(claim)}"


def _way(claim: Published) -> str:
    match claim.recompute:
        case Proportion(of=of):
            return "a share of those asked" + (f", {of}" if of is not None else ", not stated")
        case Arithmetic() as own:
            names = "”, “".join(own.of)
            return f"{own.operation.value.replace('_', ' ')} of “{names}”"
        case OfCounts() as own:
            return f"from the counts of {', '.join(own.courses)}"
        case OfRow() as own:
            return f"beside the row of {own.question}"
        case OfDesign():
            return "from waves, arms and previous campaigns"
        case OfExposure() as own:
            return f"{own.figure.replace('_', ' ')} of {own.name}, from two arms"
        case _:
            return "nothing recomputes it"


def split_said(split: Split) -> str:
    """Whether what exposure cannot have moved split as planned."""
    low, high = split.expected.low, split.expected.high
    verdict = "as planned" if split.as_planned else "NOT as planned"
    return (
        f"{numbers.count(split.treated)} and {numbers.count(split.other)}: a share of"
        f" {split.share:.4f}, planned [{low:.4f}; {high:.4f}]: {verdict}"
    )


def difference_said(outcome: Outcome) -> Iterator[str]:
    """Both shares, the difference with the published and the better interval, and the signs."""
    found = outcome.found
    yield f"{_share_said(found.treated)} against {_share_said(found.other)}"
    yield (
        f"difference {_signed(found.value)}, s.e. {found.standard_error:.4f} (pooled),"
        f" {_ends(found.pooled)}; by score {_ends(found.hybrid)}"
    )
    yield (
        f"by day {_ends(found.by_day)}, where units of a day may be alike"
        if found.by_day
        else "every unit is taken as independent of the others"
    )
    if outcome.signs is not None:
        days = outcome.signs.above + outcome.signs.below
        yield f"above on {outcome.signs.above} of {days} days: sign test p {outcome.signs.p:.4f}"
    yield outcome.why


def _share_said(share: Share) -> str:
    return f"{share.value:.4f} of {numbers.count(share.of)}"


def _ends(interval: Interval) -> str:
    return f"[{_signed(interval.low)}; {_signed(interval.high)}]"


def _signed(value: float) -> str:
    """A difference of two shares.

    >>> _signed(-0.02055), _signed(0.0019)
    ('−0.0205', '+0.0019')
    """
    return f"{value:+.4f}".replace("-", numbers.MINUS)


def _split(split: Split) -> dict[str, Any]:
    return {
        "name": split.name,
        "treated": split.treated,
        "other": split.other,
        "share": split.share,
        "expected_low": split.expected.low,
        "expected_high": split.expected.high,
        "as_planned": split.as_planned,
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    found, signs = outcome.found, outcome.signs
    return {
        "name": outcome.name,
        "treated_successes": outcome.treated[0],
        "treated_trials": outcome.treated[1],
        "other_successes": outcome.other[0],
        "other_trials": outcome.other[1],
        "treated": found.treated.value,
        "other": found.other.value,
        "difference": found.value,
        "standard_error": found.standard_error,
        "level": found.pooled.level,
        "pooled_low": found.pooled.low,
        "pooled_high": found.pooled.high,
        "hybrid_low": found.hybrid.low,
        "hybrid_high": found.hybrid.high,
        "by_day_low": found.by_day.low if found.by_day else None,
        "by_day_high": found.by_day.high if found.by_day else None,
        "low": found.wider.low,
        "high": found.wider.high,
        "days_above": signs.above if signs else None,
        "days_below": signs.below if signs else None,
        "sign_p": signs.p if signs else None,
        "verdict": outcome.verdict.value,
        "why": outcome.why,
    }
