"""Findings: what a row assumes, looked at, with a sentence and what to do about it."""

from evaluator.assumptions.closely import closely_seen
from evaluator.assumptions.data import data_findings
from evaluator.assumptions.looked import Looked, Seen
from evaluator.assumptions.rows import row_findings

__all__ = ["Looked", "Seen", "closely_seen", "data_findings", "row_findings"]
