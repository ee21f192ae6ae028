"""What is said of a seal: when it is made, in the results, and where there is none."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from evaluator.evaluation import Evaluation
from evaluator.experiment import load_protocol
from evaluator.experiment.deviations import registered
from evaluator.experiment.protocol import Protocol
from evaluator.experiment.seal import seal
from evaluator.report.sealed import NOT_SEALED, render_sealed, sealed_lines, sealing
from evaluator.report.terminal import render
from evaluator.report.to_json import to_dict, to_json

RULE = "smallest_lift = 1.1"


@pytest.fixture
def file(root: Path, tmp_path: Path) -> Path:
    """The shipped experiment's declaration in a folder of its own."""
    path = tmp_path / "experiment.toml"
    path.write_bytes((root / "experiments/itcilo-2022/experiment.toml").read_bytes())
    return path


def sealed_and_changed(file: Path, on: date) -> Protocol:
    seal(load_protocol(file), on, "Ada")
    file.write_text(file.read_text().replace(RULE, "smallest_lift = 1.3", 1))
    return load_protocol(file)


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2022, 10, 30), "before its window, which begins on 31 Oct 2022: a pre-registration"),
        (date(2022, 10, 31), "its window began on 31 Oct 2022: not a pre-registration"),
    ],
)
def test_a_seal_says_whether_it_came_in_time(file: Path, on: date, words: str) -> None:
    protocol = load_protocol(file)
    shown = render_sealed(protocol, seal(protocol, on, "Ada"))
    assert words in shown
    assert protocol.hash in shown
    assert f"sealed on {on:%-d %b %Y} by Ada" in shown


def test_a_seal_after_the_first_day_does_not_count(file: Path) -> None:
    protocol = sealed_and_changed(file, date(2022, 10, 1))
    seals = seal(protocol, date(2022, 12, 1), "Ada", "a new aim", again=True)
    assert "deviations are told from the seal of 1 Oct 2022" in render_sealed(protocol, seals)
    found = registered(protocol)
    assert found is not None
    assert [deviation.what for deviation in found.deviations] == ["decision.smallest_lift"]
    assert "sealed again on 1 Dec 2022 by Ada: a new aim" in list(sealed_lines(found))


def test_results_hold_the_seal_and_every_deviation(evaluation: Evaluation, file: Path) -> None:
    found = registered(sealed_and_changed(file, date(2022, 10, 1)))
    content = to_dict(replace(evaluation, registered=found))
    assert content["sealed"]["before_window"] is True
    assert content["sealed"]["on"] == "2022-10-01"
    (told,) = content["deviations"]
    assert (told["sealed"], told["now"], told["about"]) == ("1.1", "1.3", "design")
    assert file.read_text().splitlines()[told["line"] - 1].startswith("smallest_lift = 1.3")
    json.loads(to_json(replace(evaluation, registered=found)))


def test_the_terminal_tells_deviations_and_nothing_without_a_seal(
    evaluation: Evaluation, file: Path
) -> None:
    found = registered(sealed_and_changed(file, date(2022, 10, 1)))
    shown = " ".join(render(replace(evaluation, registered=found)).split())
    assert (
        "sealed on 1 Oct 2022, before its window began; deviations since: 1 in the design" in shown
    )
    assert "decision.smallest_lift is 1.3; sealed as 1.1" in shown
    without = replace(evaluation, registered=None)
    assert "sealed" not in render(without)
    assert to_dict(without)["sealed"] is None
    assert sealing(None) == NOT_SEALED
