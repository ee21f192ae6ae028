"""Findings: what a row assumes, looked at, with a sentence and what to do about it."""

from evaluator.assumptions.data import data_findings
from evaluator.assumptions.rows import row_findings

__all__ = ["data_findings", "row_findings"]
