"""What each arm received: beside every row that compares arm A with arm B."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from evaluator.claims.cost import Dose, DoseKey, spend_by
from evaluator.claims.dose import ArmDose, dose_finding, doses_by_arm
from evaluator.comparisons import ALL
from evaluator.comparisons.arms import ARM
from evaluator.resolve import Resolved
from evaluator.results import Row, RowStatus


def arm_doses(resolved: Resolved) -> tuple[ArmDose, ...]:
    """Every channel over all promoted courses; none where not both arms were exposed."""
    return doses_by_arm(_delivered(resolved), resolved.promoted) if _both(resolved) else ()


def with_doses(rows: Sequence[Row], resolved: Resolved) -> list[Row]:
    """Rows of arm A against arm B with a finding about what each received."""
    if not _both(resolved):
        return list(rows)
    doses = _delivered(resolved)
    return [_dosed(row, resolved, doses) for row in rows]


def _dosed(row: Row, resolved: Resolved, doses: Mapping[DoseKey, Dose]) -> Row:
    if row.key.arm != ARM or row.status is RowStatus.REFUSED:
        return row
    courses = resolved.promoted if row.key.course == ALL else (row.key.course,)
    own = [dose for dose in doses_by_arm(doses, courses) if row.key.channel in (ALL, dose.channel)]
    return replace(row, findings=(*row.findings, dose_finding(own)))


def _both(resolved: Resolved) -> bool:
    arms = resolved.protocol.arms
    return arms is not None and set(arms.exposed) == {"A", "B"}


def _delivered(resolved: Resolved) -> Mapping[DoseKey, Dose]:
    delivery = resolved.tables.get("delivery")
    return spend_by(resolved.protocol, delivery) if delivery is not None else {}
