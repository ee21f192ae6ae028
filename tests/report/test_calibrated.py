from pathlib import Path

from evaluator.calibration import Calibration, Found
from evaluator.report.calibrated import render_calibration
from evaluator.results import Measured, RowKey


def test_a_line_a_row_and_the_reasons() -> None:
    """Placebos covered at .956, fitted at .921, shocked at .702; the second has no placebo."""
    measured = (
        Measured("placebo", 1.0, 1000, 0.956, 0.009, 0.04, 0.2, 0.97),
        Measured("placebo", 1.5, 1000, 0.95, 0.009, 0.31, 0.2, 0.97),
        Measured("fitted", 1.0, 1000, 0.921, 0.009, 0.08, 0.2, 1.1),
        Measured("a shock", 1.0, 1000, 0.702, 0.014, 0.3, 0.2, 2.0),
        Measured("a trend", 1.0, 1000, 0.66, 0.014, 0.3, 0.2, 2.0),
    )
    rows = (
        Found(RowKey("promoted_vs_other", "all", method="these_courses"), measured),
        Found(RowKey("a_vs_b", "P", arm="A", method="arms_wider"), measured[2:], ("no others",)),
    )
    found = Calibration("p", "r", "d", 1, 1000, (), rows)
    text = render_calibration(found, Path("calibration.json"), colour=False)
    lines = [line.split() for line in text.splitlines()]
    assert ["all", ".96", ".92", ".70", ".66", "31%"] in lines
    assert ["P", "–", ".92", ".70", ".66", "–"] in lines
    assert "Arm A against arm B, P: no others" in text
    assert text.splitlines()[-1] == "written: calibration.json"
