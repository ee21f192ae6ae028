"""An experiment of claims alone, and two arms, through every verb that applies to them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evaluator.cli import app
from evaluator.cli.shared import GATE_FAILED

TEMPLATES = {
    *("conversation", "learner-insight", "where-the-audience-is", "useful-content"),
    *("learners-as-stars", "prompt-conversations", "align-and-master"),
}
ARMS = """\
[experiment]
name = "arms"
as_of = 2024-06-30
data_kind = "observed"
questions = []

[exposure]
randomised = {randomised}
unit = "reader"

[[exposure.invariants]]
name = "sent"
treated = 1000
other = 1010

[[exposure.proportions]]
name = "enrolled"
treated = {{ successes = 120, trials = 1000 }}
other = {{ successes = 80, trials = 1010 }}
"""


def said(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())


@pytest.fixture
def survey(root: Path, tmp_path: Path) -> Path:
    """A copy of the shipped survey, without its lock."""
    text = (root / "experiments/social-media-survey-2011/experiment.toml").read_text("utf-8")
    (tmp_path / "experiment.toml").write_text(text, "utf-8")
    return tmp_path


def test_validate_and_explain_say_what_applies(survey: Path) -> None:
    assert "it asks nothing of a panel" in said("validate", survey)
    methods = said("explain", survey)
    assert "Claims alone nothing is asked of a panel of courses: what follows" in methods
    assert "3 in 5 of marketers (S2); a share of those asked, not stated" in methods
    assert "Promoted courses" not in methods
    assert "looked at closely" not in methods


def test_the_answer_is_what_the_audit_found(survey: Path) -> None:
    shown = said("run", survey, "--out", survey / "out")
    assert "Of 8 readings of 6 published figures: 1 holds," in shown
    assert "7 cannot be compared" in shown
    assert "as of 22 Feb 2011 · 95% intervals" in shown
    assert "22 Feb 2011 – 22 Feb 2011" not in shown
    for part in ("96% [90.2; 98.4]", "1,600,000 or 16,000,000", "definition differs (plan to use"):
        assert part in shown


def test_everything_is_written(survey: Path) -> None:
    said("run", survey, "--out", survey / "out", "--quiet")
    results = json.loads((survey / "out/results.json").read_text("utf-8"))
    effects = (survey / "out/effects.csv").read_text("utf-8").splitlines()
    assert results["rows"] == []
    assert len(effects) == 1, "the header alone"
    assert "<h1" in (survey / "out/report.html").read_text("utf-8")
    share, *_ = results["claims"]
    assert share["published"]["value"] == 96
    assert (share["recomputed"]["low"], share["recomputed"]["high"]) == pytest.approx(
        (90.163, 98.434), abs=0.001
    )
    plans = next(own for own in results["claims"] if own["differs"])
    assert plans["differs"] == ["definition"]
    malformed = results["claims"][-1]
    assert malformed["source"] == "S2"
    assert malformed["quote"] == "1, 600, 0000 hits"


def test_the_seven_lessons_are_testable(survey: Path) -> None:
    shown = said("run", survey, "--out", survey / "out")
    results = json.loads((survey / "out/results.json").read_text("utf-8"))
    assert {own["template"] for own in results["interventions"]} == TEMPLATES
    assert shown.count("to be tested by") == 7
    assert said("explain", survey).count("to be tested by") == 7


def test_a_changed_claim_fails_the_check(survey: Path) -> None:
    assert "there is no lock.json" in said("check", survey, code=GATE_FAILED)
    said("accept", survey, "--reason", "the survey as it was printed")
    assert "passes" in said("check", survey)
    file = survey / "experiment.toml"
    file.write_text(file.read_text("utf-8").replace('of = "100+"', "of = 30"), "utf-8")
    failed = said("check", survey, code=GATE_FAILED)
    assert "of those asked: holds” is no longer looked at" in failed


def test_two_arms_from_declared_counts(tmp_path: Path) -> None:
    file = tmp_path / "experiment.toml"
    file.write_text(ARMS.format(randomised="true"), "utf-8")
    shown = said("run", file, "--out", tmp_path / "out")
    found = json.loads((tmp_path / "out/results.json").read_text("utf-8"))["exposed"]
    (split,), (enrolled,) = found["splits"], found["proportions"]
    assert split["as_planned"]
    assert enrolled["difference"] == pytest.approx(0.12 - 80 / 1010)
    assert enrolled["verdict"] == "raised, size uncertain"
    numbers = (
        *(f"a share of {split['share']:.4f}", f"difference {enrolled['difference']:+.4f}"),
        f"by score [{enrolled['hybrid_low']:+.4f}; {enrolled['hybrid_high']:+.4f}]",
    )
    for number in numbers:
        assert number in shown
    assert "two score intervals (Newcombe 1998)" in said("explain", file)


def test_arms_that_chance_did_not_make_only_describe(tmp_path: Path) -> None:
    file = tmp_path / "experiment.toml"
    file.write_text(ARMS.format(randomised="false"), "utf-8")
    shown = said("run", file, "--out", tmp_path / "out")
    assert "enrolled: descriptive" in shown
    assert "the difference is an association" in shown


# value, unit, figure, whether it is said as an effect → standing with exposure by chance, without
FIGURES = [
    ("0.041", "", "difference", "false", "holds", "holds"),
    ("4.1%", "% of readers", "difference", "false", "holds", "holds"),
    ("4.1", "percentage points", "difference", "false", "holds", "holds"),
    ("0.04", "percentage points", "difference", "false", "does not hold", "does not hold"),
    ("4.1", "percentage points", "difference", "true", "holds", "cannot be compared"),
]


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("randomised", [True, False])
def test_a_figure_of_two_arms(
    tmp_path: Path, figure: tuple[str, str, str, str, str, str], randomised: bool
) -> None:
    """120/1000 less 80/1010 = .0408; an effect is one only where chance decided."""
    value, unit, name, effect, *holds = figure
    claim = (
        f'[[claims]]\nname = "it"\nvalue = "{value}"\nunit = "{unit}"\nsource = "p. 1"\n'
        f'effect = {effect}\nexposed = {{ name = "enrolled", figure = "{name}" }}\n'
    )
    file = tmp_path / "experiment.toml"
    file.write_text(ARMS.format(randomised=str(randomised).lower()) + claim, "utf-8")
    said("run", file, "--out", tmp_path / "out")
    (own,) = json.loads((tmp_path / "out/results.json").read_text("utf-8"))["claims"]
    assert own["holds"] == holds[0 if randomised else 1]
    assert own["differs"] == (["definition"] if own["holds"] == "cannot be compared" else [])
    assert "the two arms give" in own["why"]
