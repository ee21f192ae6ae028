"""Power: how often the next experiment would conclude, by the rows and the rule that judge it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaluator.calibration.rows import Kind
from evaluator.comparisons import Planned, planned_rows, seen_by
from evaluator.effects import Setting
from evaluator.estimators.arrays import Array, Flags
from evaluator.experiment.protocol import Protocol, Question
from evaluator.planning.asked import Asked, drawn_together
from evaluator.planning.bands import BAND, monte_carlo, promised
from evaluator.planning.campaigns import campaigns_of
from evaluator.planning.concluded import Concluded, concluded
from evaluator.planning.next import template
from evaluator.resolve import Resolved
from evaluator.results import Interval, NotRun, RowKey, RowRole, Verdict
from evaluator.verdict import CONCLUDED

QUESTIONS = (
    Question.PROMOTED_VS_OTHER,
    Question.A_VS_B,
    Question.PRE_VS_CAMPAIGN,
    Question.CHANNELS,
)
"""Those with rows from which a conclusion is drawn."""
UP = (Verdict.RAISED, Verdict.RAISED_UNCERTAIN)
DOWN = (Verdict.LOWERED, Verdict.LOWERED_UNCERTAIN)
NOTHING = 1.0
"""A lift that is none."""


@dataclass(frozen=True, slots=True)
class Power:
    """What one row of the next experiment would say, over many campaigns of one planted lift."""

    key: RowKey
    lift: float
    """Planted in the cells that the next protocol promotes: on the days of its waves."""
    truth: float
    """The row's own lift then: over its whole window, averaged over its courses."""
    kind: Kind
    """Worlds fitted to the panel, or placebo resamples of it."""
    campaigns: int
    """0 where none could be drawn, for the `reason` given."""
    verdicts: tuple[tuple[Verdict, float], ...]
    """Share of the campaigns that end with each verdict; they add up to 1."""
    power: float
    """Share with `raised` or `raised, size uncertain`."""
    power_low: float
    power_high: float
    """Ends of its 95% Monte-Carlo interval."""
    false_positive: float
    """Share with a direction where nothing is planted."""
    half_width: float
    """Median half-width of the interval that decides, log scale."""
    low: float
    high: float
    """Median ends of that interval, as lifts."""
    sign_error: float | None
    """Of the campaigns with a direction, the share with the wrong one (type S); None where none
    has a direction, or nothing is planted."""
    exaggeration: float | None
    """Of the campaigns with a direction, mean |log lift| over the true one (type M); None as
    above."""
    not_precise: float
    """Share with `not precise enough`."""
    refused: float
    """Share that the row refuses for what was counted."""
    reason: str = ""
    """Why the row is refused or could not be drawn."""
    notes: tuple[str, ...] = ()
    """What the worlds rest on beside the course's own history."""

    @property
    def question(self) -> str:
        return self.key.question

    @property
    def promised(self) -> Interval:
        """Band in which the power lies: the simulation's error, and that of the one panel that
        all of its worlds are fitted to."""
        simulated = Interval(self.power_low, self.power_high, BAND)
        return promised(self.power, simulated) if self.campaigns else simulated


def powers(
    past: Resolved,
    following: Protocol,
    lifts: Sequence[float],
    worlds: int,
    setting: Setting,
    kind: Kind = Kind.FITTED,
) -> tuple[Power, ...]:
    """Power of every row of the next experiment that decides, at each lift.

    The same noise carries every lift (common random numbers), so that differences between lifts
    are seen better than the band of each. Campaigns are judged by the decision rule alone: what
    a finding may take away from a verdict is not in it.

    Parameters
    ----------
    past : the experiment whose panel says how courses move by themselves
    following : the next experiment; its questions are those asked
    lifts : planted in turn, on the days of the waves of each promoted course (its whole window
        where no wave names it), in arm A where arms are compared; above 0
    worlds : campaigns
    setting : level, and the seed from which each question draws streams of its own

    Returns
    -------
    By row in the order of the table, then by lift as given.

    Raises
    ------
    DataError : see `template`
    """
    resolved = template(past, following)
    notes = tuple(finding.sentence for finding in resolved.findings)
    found: list[Power] = []
    for rows in _by_question(resolved):
        judged: dict[RowKey, Judged | str] = {}
        for group, own in enumerate(drawn_together(rows)):
            seen = seen_by(own[0], resolved)
            drawn = tuple(dict.fromkeys((NOTHING, *lifts)))
            judged |= _judged(Asked(seen, own, drawn, worlds, setting, kind, group))
        for row in rows:
            if not row.descriptive:
                found.extend(_of_row(row, judged.get(row.key), kind, lifts))
    return tuple(replace(one, notes=notes) for one in found)


def _by_question(resolved: Resolved) -> Iterator[tuple[Planned, ...]]:
    """Headline rows, question by question."""
    asked = tuple(question for question in resolved.protocol.questions if question in QUESTIONS)
    rows = planned_rows(replace(resolved, protocol=replace(resolved.protocol, questions=asked)))
    for question in dict.fromkeys(row.key.question for row in rows):
        own = [row for row in rows if row.key.question == question]
        yield tuple(row for row in own if row.role is RowRole.HEADLINE)


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """All campaigns of one row, at K lifts of which one is none."""

    lifts: tuple[float, ...]
    log_lifts: tuple[float, ...]
    """The row's own."""
    campaigns: Concluded
    """(K, R)"""
    kind: Kind
    kernel: Array | None = None
    """(R, R) what campaigns have in common, see `evaluator.calibration.measuring.Sharing`."""


def _judged(asked: Asked) -> dict[RowKey, Judged | str]:
    drawn = campaigns_of(asked)
    if isinstance(drawn, str):
        return {row.key: drawn for row in asked.rows}
    decision = asked.resolved.protocol.decision
    parts = [concluded(asked.rows, batch, asked.setting, decision) for batch in drawn.batches]
    kernel = drawn.sharing.kernel() if drawn.sharing is not None else None
    return {
        row.key: Judged(asked.lifts, log_lifts, _joined(own), asked.kind, kernel)
        for row, log_lifts, own in zip(
            asked.rows, drawn.log_lifts, zip(*parts, strict=True), strict=True
        )
    }


def _joined(parts: Sequence[Concluded]) -> Concluded:
    """Batches one after the other, along the last of their axes; then (K, R)."""

    def whole(name: str) -> Array:
        joined = np.concatenate([getattr(part, name) for part in parts], axis=-1)
        return np.asarray(joined.reshape(len(joined), -1))

    verdict = whole("verdict").astype(np.intp)
    return Concluded(whole("log_lift"), whole("low"), whole("high"), verdict)


def _of_row(
    row: Planned, judged: Judged | str | None, kind: Kind, lifts: Sequence[float]
) -> Iterator[Power]:
    for lift in lifts:
        if isinstance(row.comparison, NotRun):
            yield _unknown(row.key, lift, kind, row.comparison.reason, refused=True)
        elif isinstance(judged, str):
            yield _unknown(row.key, lift, kind, judged, refused=False)
        elif judged is not None:
            yield power_of(row.key, lift, judged)


def power_of(key: RowKey, lift: float, judged: Judged) -> Power:
    """What a row would say at one of the lifts."""
    place, campaigns = judged.lifts.index(lift), judged.campaigns
    nothing = campaigns.verdict[judged.lifts.index(NOTHING)]
    verdicts = campaigns.verdict[place]
    up, refused = _among(verdicts, UP), _among(verdicts, (Verdict.REFUSED,))
    band = monte_carlo(up, judged.kernel)
    kept = ~refused
    low, high = campaigns.low[place][kept], campaigns.high[place][kept]
    middle = [float(np.median(ends)) if len(ends) else 0.0 for ends in (low, high, high - low)]
    truth = judged.log_lifts[place]
    sign, exaggeration = _errors(campaigns.log_lift[place], up, _among(verdicts, DOWN), truth)
    return Power(
        key=key,
        lift=lift,
        truth=float(np.exp(truth)),
        kind=judged.kind,
        campaigns=len(verdicts),
        verdicts=tuple(
            (verdict, float(_among(verdicts, (verdict,)).mean())) for verdict in CONCLUDED
        ),
        power=float(up.mean()),
        power_low=band.low,
        power_high=band.high,
        false_positive=float(_among(nothing, (*UP, *DOWN)).mean()),
        half_width=middle[2] / 2,
        low=float(np.exp(middle[0])),
        high=float(np.exp(middle[1])),
        sign_error=sign,
        exaggeration=exaggeration,
        not_precise=float(_among(verdicts, (Verdict.NOT_PRECISE,)).mean()),
        refused=float(refused.mean()),
    )


def _errors(
    log_lift: Array, up: Flags, down: Flags, truth: float
) -> tuple[float | None, float | None]:
    """Gelman and Carlin's type S and type M.

    References
    ----------
    Gelman & Carlin (2014).
    """
    said = up | down
    if truth == 0 or not said.any():
        return None, None
    wrong = down if truth > 0 else up
    return float(wrong[said].mean()), float(np.abs(log_lift[said]).mean() / abs(truth))


def _among(verdicts: Array, wanted: Sequence[Verdict]) -> Flags:
    return np.isin(verdicts, [CONCLUDED.index(verdict) for verdict in wanted])


def _unknown(key: RowKey, lift: float, kind: Kind, reason: str, *, refused: bool) -> Power:
    """A row that is refused whatever is counted, or of which no campaign could be drawn."""
    verdicts = ((Verdict.REFUSED, 1.0),) if refused else ()
    high = 0.0 if refused else 1.0
    return Power(
        key=key,
        lift=lift,
        truth=lift,
        kind=kind,
        campaigns=0,
        verdicts=verdicts,
        power=0.0,
        power_low=0.0,
        power_high=high,
        false_positive=0.0,
        half_width=float("inf"),
        low=0.0,
        high=float("inf"),
        sign_error=None,
        exaggeration=None,
        not_precise=0.0,
        refused=float(refused),
        reason=reason,
    )
