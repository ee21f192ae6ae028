"""The pre-analysis plan and the summary of `plan`: every row that will appear is in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from evaluator.api import load_experiment
from evaluator.calibration.rows import Kind
from evaluator.comparisons import planned_rows
from evaluator.experiment.deviations import registered
from evaluator.experiment.seal import seal
from evaluator.planning.detectable import Detectable
from evaluator.planning.init import init
from evaluator.planning.power import Power
from evaluator.planning.templates import template_named
from evaluator.report.markdown.syntax import escaped
from evaluator.report.planning.preanalysis import preanalysis
from evaluator.report.words import row_label
from evaluator.resolve import Resolved
from evaluator.results import RowKey, RowRole

KEY = RowKey("a_vs_b", "all", "all", "A", "triple_difference")
POWER = Power(
    KEY, 1.2, 1.15, Kind.FITTED, 400, (), 0.71, 0.66, 0.75, 0.04, 0.1, 1.0, 1.3, 0.0, 1.1, 0.2, 0.0
)
NOTICED = Detectable(KEY, 0.8, 1.27, 1.22, 1.33, 1.19)


@pytest.fixture(scope="module")
def resolved(tmp_path_factory: pytest.TempPathFactory) -> Resolved:
    folder = tmp_path_factory.mktemp("google")
    path, *_ = init(template_named("google-ads"), folder, simulate=True)
    return load_experiment(path).resolved()


def test_every_row_that_decides_is_in_the_plan(resolved: Resolved) -> None:
    planned = planned_rows(resolved)
    text = preanalysis(resolved, planned)
    for row in planned:
        if row.role is RowRole.HEADLINE:
            assert f"| {escaped(row_label(row.key))}" in text
            assert row.key.method in text
            assert escaped(row.estimand.compares) in text
    assert resolved.protocol.hash in text
    assert "countries: simple" in text
    assert "seed: 20270105" in text
    assert "SYNTHETIC" in text
    assert "not sealed" in text
    assert "Not computed" in text
    assert "unit of assignment: country" in text
    assert "refuted if: Arm A against arm B" in text
    assert text.count("Decision rule") == 1


def test_power_stands_with_its_band_and_the_lift_that_is_noticed(resolved: Resolved) -> None:
    text = preanalysis(resolved, planned_rows(resolved), (POWER, NOTICED))
    (line,) = [line for line in text.splitlines() if line.startswith("| Arm A against arm B: all ")]
    for cell in ("×1.20", r".71 \[.52; .85\]", ".04", "×1.27"):
        assert cell in line
    refused = replace(POWER, reason="too few weeks")
    text = preanalysis(resolved, planned_rows(resolved), (refused,))
    (line,) = [line for line in text.splitlines() if line.startswith("| Arm A against arm B: all ")]
    assert "too few weeks" in line
    assert "0.71" not in line


def test_a_sealed_plan_says_when(resolved: Resolved) -> None:
    protocol = resolved.protocol
    seal(protocol, date(2026, 12, 1), "Ada")
    text = preanalysis(resolved, planned_rows(resolved), (), registered(protocol))
    assert "sealed on 1 Dec 2026, before its window began; no deviation since" in text
    Path(protocol.path.parent, "seal.json").unlink()
