"""Measured coverage of a row that decides: what calibration.json says of its interval.

It can weaken a verdict, by a wider interval beside the row; it strengthens none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scipy.special import ndtr, ndtri

from evaluator.assumptions.looked import Looked, Seen
from evaluator.calibration import FITTED, PLACEBO
from evaluator.results import Beside, Evidence, Finding, Measured, NotRun, Status

NAME = "coverage"
CLEARLY = 2.6
"""Standard errors below the level: where the interval covers as it says, 1 in 200 is so low."""
WELL_BELOW = 0.05
"""A coverage so far below the level is that of another interval."""
POWER = 0.8
STRETCHED = "stretched to its measured coverage"


def coverage(looked: Looked) -> Seen:
    """How often the row's interval held what was planted in campaigns on this panel."""
    calibration = looked.calibration
    if isinstance(calibration, NotRun):
        return _not_run(calibration.reason)
    found = calibration.of(looked.planned.key)
    if found is None:
        return _not_run("the row was not there when the experiment was calibrated")
    level, placebo = looked.setting.level, _placebo(found.measured)
    short = [one for one in _judged(found.measured) if _is_short(one, level)]
    status, power = _status(placebo, short, level)
    said = "; ".join((*_in_words(found.measured), *found.reasons))
    todo = ""
    if short:
        todo = "read the wider interval beside it"
    elif status is Status.NOT_RUN:
        todo = "calibrate with more campaigns, or with more history and other courses"
    margin = min((one.coverage - level for one in _judged(found.measured)), default=None)
    finding = Finding(NAME, status, said, todo, margin, power)
    beside = (Beside(STRETCHED, max(one.stretch for one in short)),) if short else ()
    return Seen((finding,), Evidence(measured=found.measured), beside, coverage=placebo)


def _not_run(reason: str) -> Seen:
    todo = "run `evaluator calibrate` on this experiment"
    return Seen((Finding(NAME, Status.NOT_RUN, reason, todo),))


def _placebo(measured: Sequence[Measured]) -> Measured | None:
    """At no lift: there nothing is planted, and the counts are those of the panel."""
    return next((m for m in measured if m.world == PLACEBO and m.lift == 1), None)


def _judged(measured: Sequence[Measured]) -> list[Measured]:
    """Where the interval has to cover: placebos as they are, and fitted worlds at every lift.

    A lift in a placebo is planted with noise of its own, which is not the interval's fault; in
    violated worlds it is no fault of the interval either.
    """
    placebo = _placebo(measured)
    own = [one for one in measured if one.world == FITTED]
    return own if placebo is None else [placebo, *own]


def _is_short(measured: Measured, level: float) -> bool:
    return measured.coverage + CLEARLY * measured.coverage_se < level


def _status(
    placebo: Measured | None, short: Sequence[Measured], level: float
) -> tuple[Status, float | None]:
    power = None if placebo is None else _power(placebo.coverage_se, level)
    if any(one.coverage < level - WELL_BELOW for one in short):
        return Status.FAIL, power
    if short:
        return Status.WARN, power
    return Status.PASS if power is not None and power >= POWER else Status.NOT_RUN, power


def _power(error: float, level: float) -> float:
    """Chance to notice the coverage of an estimate that is off by one standard error."""
    reach = float(ndtri((1 + level) / 2))
    biased = float(ndtr(reach - 1) - ndtr(-reach - 1))
    return float(ndtr((level - CLEARLY * error - biased) / error))


def _in_words(measured: Sequence[Measured]) -> Iterator[str]:
    covers = {
        PLACEBO: "{} of {:,} placebo campaigns, if promoted courses behave like the others",
        FITTED: "{} of {:,} worlds fitted to the promoted courses' own weeks",
    }
    for one in measured:
        if one.world in covers and one.lift == 1:
            share = f"{100 * one.coverage:.1f}% ± {100 * one.coverage_se:.1f}"
            yield "covers " + covers[one.world].format(share, one.campaigns)
    found = [
        f"×{m.lift:.3g} in {m.found:.0%}" for m in measured if m.world == PLACEBO and m.lift != 1
    ]
    if found:
        yield f"finds {', '.join(found)}"
    violated = [f"{m.coverage:.0%} with {m.world}" for m in measured if m.world not in covers]
    if violated:
        yield f"would cover {', '.join(violated)}"
