"""How many findings and published figures there are of each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from evaluator.claims import Claim, Standing
from evaluator.evaluation import Evaluation
from evaluator.report.answer import leading
from evaluator.results import Finding, RowRole, Status


def tallies_of(evaluation: Evaluation) -> dict[str, Any]:
    """Findings about the answer, about all headline rows and about the data; readings of claims."""
    headline = [row for row in evaluation.rows if row.role is RowRole.HEADLINE and row.findings]
    return {
        "answer": _found(finding for row in leading(evaluation) for finding in row.findings),
        "headline": {
            "rows": len(headline),
            **_found(finding for row in headline for finding in row.findings),
        },
        "data": _found(evaluation.findings),
        "claims": _read([claim for claim in evaluation.claims if not claim.detail]),
    }


def _found(findings: Iterable[Finding]) -> dict[str, int]:
    counts = Counter(finding.status for finding in findings)
    return {"findings": counts.total(), **{status.value: counts[status] for status in Status}}


def _read(claims: Sequence[Claim]) -> dict[str, int]:
    counts = Counter(claim.holds for claim in claims)
    figures = len({claim.name for claim in claims})
    by_standing = {standing.value: counts[standing] for standing in Standing}
    return {"readings": len(claims), "figures": figures, **by_standing}
