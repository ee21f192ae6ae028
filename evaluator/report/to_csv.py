"""effects.csv: one line a row (RFC 4180, with Unix line ends)."""

from __future__ import annotations

import csv
import io

from evaluator.evaluation import Evaluation
from evaluator.report.tables import COLUMNS, records


def to_csv(evaluation: Evaluation) -> str:
    """The records as text. An empty cell is a number that the row does not have."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(records(evaluation))
    return text.getvalue()
