import csv
import io

from evaluator.evaluation import Evaluation
from evaluator.report.tables import COLUMNS, records
from evaluator.report.to_csv import to_csv


def test_reads_back_as_the_records(evaluation: Evaluation) -> None:
    text = to_csv(evaluation)
    header, *lines = csv.reader(io.StringIO(text, newline=""))
    assert tuple(header) == COLUMNS
    for line, record in zip(lines, records(evaluation), strict=True):
        assert line == ["" if value is None else str(value) for value in record.values()]


def test_line_ends_are_those_of_unix_and_commas_are_quoted(evaluation: Evaluation) -> None:
    text = to_csv(evaluation)
    assert "\r" not in text
    assert text.endswith("\n")
    assert '"no history, so nothing to compare with"' in text
