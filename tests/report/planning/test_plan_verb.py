"""`plan` as people call it: what it prints and writes; what it does not write over."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import evaluator
from evaluator import api, cli
from evaluator.calibration.rows import Kind
from evaluator.experiment.planned import plan_of
from evaluator.experiment.protocol import Protocol
from evaluator.planning.design import design
from evaluator.planning.detectable import Detectable
from evaluator.planning.power import Power
from evaluator.planning.prospect import Prospect
from evaluator.planning.search import Score
from evaluator.results import RowKey

KEY = RowKey("a_vs_b", "all", "all", "A", "triple_difference")
POWER = Power(
    KEY, 1.2, 1.15, Kind.FITTED, 400, (), 0.71, 0.66, 0.75, 0.04, 0.1, 1.0, 1.3, 0.0, 1.1, 0.2, 0.0
)
NOTICED = Detectable(KEY, 0.8, 1.27, 1.22, 1.33, 1.19)


def alike(protocol: Protocol, seed: int) -> Score:
    return Score(0.5 + 0 * seed, float(len(protocol.waves)), (), 1)


@pytest.fixture(scope="module")
def found(root: Path) -> Prospect:
    """The successor of the shipped experiment; its power is not computed here."""
    past = evaluator.load_experiment(root / "experiments" / "itcilo-2022").resolved()
    plan = plan_of(past.protocol)
    return Prospect(past, plan, design(past, plan, alike), (POWER,), (NOTICED,))


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["evaluator", *arguments])
    with pytest.raises(SystemExit) as exit_:
        cli.main()
    return int(exit_.value.code or 0)


def test_from_a_plan_to_files(
    found: Prospect,
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(api, "plan", lambda *_, **__: found)
    monkeypatch.chdir(tmp_path)
    past = str(root / "experiments" / "itcilo-2022")
    asked = ("plan", past, "--write", "next/experiment.toml", "--preanalysis", "plan.md")
    assert call(monkeypatch, *asked) == 0
    shown = capsys.readouterr().out
    assert "SYNTHETIC RECONSTRUCTION" in shown
    assert "4 Sep 2023 – 26 Nov 2023 (12 weeks)" in shown
    assert "noticed from ×1.27 [1.22; 1.33]" in shown
    assert all(len(line) <= 80 for line in shown.splitlines())
    for file in ("results/itcilo-2022/plan.json", "results/itcilo-2022/plan.html"):
        assert file in " ".join(shown.split())
        assert Path(file).is_file()
    assert "next/enrolments.simulated.csv.gz" in shown
    protocol = evaluator.load_experiment("next").protocol
    facts = dict(protocol.facts)
    assert facts["minimum detectable lift: a_vs_b · arm A"] == "×1.27 (×1.22 to ×1.33) at power 0.8"
    assert facts["power at ×1.2: a_vs_b · arm A"].startswith("0.71 (0.52 to 0.85), 400 campaigns")
    assert protocol.assignment is not None
    assert Path("plan.md").read_text().startswith("# Pre-analysis plan: ")
    assert call(monkeypatch, *asked) == 2
    assert "experiment.toml is there already" in capsys.readouterr().err
    assert call(monkeypatch, "seal", "next", "--date", "2023-09-01", "--preanalysis", "s.md") == 0
    assert "sealed on 1 Sep 2023, before its window began" in Path("s.md").read_text()
    assert call(monkeypatch, *asked, "--force") == 2
    assert "is sealed" in capsys.readouterr().err
