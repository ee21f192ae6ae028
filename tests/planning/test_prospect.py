"""From the shipped experiment to its successor, evaluated on what is simulated for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluator.api import evaluate, load_experiment
from evaluator.errors import DataError, NotIdentified
from evaluator.planning import prospect as module
from evaluator.planning.next_file import draft_of
from evaluator.planning.prospect import prospect
from evaluator.planning.writing import write_experiment
from evaluator.resolve import Resolved
from evaluator.results import RowStatus


def test_a_plan_that_does_not_fit_is_no_bug(
    experiment_2: Resolved, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise NotIdentified("the open weeks do not hold the waves")

    monkeypatch.setattr(module, "design", refused)
    with pytest.raises(DataError, match="plan: the open weeks do not hold the waves"):
        prospect(experiment_2)


@pytest.mark.long
def test_what_is_planned_runs(experiment_2: Resolved, tmp_path: Path) -> None:
    """Order, the effect in A and that of the portfolio are rows with numbers, not refusals."""
    found = prospect(experiment_2, worlds=100)
    draft = draft_of(
        found.past, found.designed.protocol, found.plan, found.noticed, tmp_path / "experiment.toml"
    )
    path, *_ = write_experiment(draft, tmp_path / "experiment.toml")
    evaluation = evaluate(load_experiment(path)).evaluation
    rows = [row for row in evaluation.rows if row.status is RowStatus.ESTIMATED]
    methods = {(row.key.question, row.key.method) for row in rows}
    assert ("order", "order_of_waves") in methods
    assert ("a_vs_b", "triple_difference") in methods
    assert ("portfolio", "against_left_out") in methods
