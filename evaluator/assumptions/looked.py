"""What a finding looks at: a planned row, its comparison, and what was estimated for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from evaluator.calibration import NOT_CALIBRATED, Calibration
from evaluator.comparisons import Comparison, Planned
from evaluator.effects import Estimated, Setting, effect_alone
from evaluator.resolve import Resolved
from evaluator.results import Beside, Effect, Evidence, Finding, Measured, NotRun, RowRole


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """A row with its comparison and its estimate."""

    planned: Planned
    comparison: Comparison
    resolved: Resolved
    outcome: Estimated | NotRun
    calibration: Calibration | NotRun = NOT_CALIBRATED

    @property
    def effect(self) -> Effect | None:
        return self.outcome.effect if isinstance(self.outcome, Estimated) else None

    @property
    def setting(self) -> Setting:
        """Level and seed with which the row itself was estimated."""
        protocol = self.resolved.protocol
        return Setting(protocol.decision.level, protocol.seed)

    @property
    def decides(self) -> bool:
        """Whether a conclusion is drawn from the row: it is worth the longer looks."""
        headline = self.planned.role is RowRole.HEADLINE
        return headline and not self.planned.descriptive and self.effect is not None


@dataclass(frozen=True, slots=True)
class Seen:
    """Findings of a longer look, with the numbers behind them."""

    findings: tuple[Finding, ...]
    evidence: Evidence = field(default=Evidence())
    beside: tuple[Beside, ...] = ()
    breakdown: float | None = None
    coverage: Measured | None = None
    """On placebo campaigns, at no lift."""


LongLook = Callable[[Looked], Seen]
"""For rows that decide."""


def estimated_as(looked: Looked, comparison: Comparison, method: str = "") -> Effect | NotRun:
    """The effect of another comparison by the row's own method, or the one that is named."""
    return effect_alone(comparison, method or looked.planned.key.method, looked.setting)
