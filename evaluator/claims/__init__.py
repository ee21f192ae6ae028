"""Published figures like for like, and what an enrolment cost."""

from evaluator.claims.claim import Claim, Figure, Standing
from evaluator.claims.kpis import kpi_claims

__all__ = ["Claim", "Figure", "Standing", "kpi_claims"]
