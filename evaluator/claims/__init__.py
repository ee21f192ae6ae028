"""Published figures like for like, and what an enrolment cost."""

from evaluator.claims.claim import Claim, Figure, Standing
from evaluator.claims.exposed import Exposed, exposed
from evaluator.claims.kpis import kpi_claims
from evaluator.claims.published import check_claims, published_claims

__all__ = [
    "Claim",
    "Exposed",
    "Figure",
    "Standing",
    "check_claims",
    "exposed",
    "kpi_claims",
    "published_claims",
]
