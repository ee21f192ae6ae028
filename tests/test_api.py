import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import evaluator
from evaluator.errors import DeclarationError, UsageError
from evaluator.report.tables import COLUMNS, records


def test_public_names() -> None:
    assert set(evaluator.__all__) == {"Experiment", "Result", "evaluate", "load_experiment"}
    assert set(evaluator.__all__) <= set(dir(evaluator))
    for name in evaluator.__all__:
        assert callable(getattr(evaluator, name))
    with pytest.raises(AttributeError, match="no attribute 'estimate'"):
        evaluator.estimate  # noqa: B018


def test_a_data_frame_has_a_line_a_row_and_the_columns_of_the_file(
    flagship: evaluator.Result,
) -> None:
    frame = flagship.to_pandas()
    assert tuple(frame.columns) == COLUMNS
    assert len(frame) == len(flagship.evaluation.rows)
    assert pd.api.types.is_integer_dtype(frame["n_reference"])
    assert pd.api.types.is_float_dtype(frame["lift"])
    expected = [record["lift"] for record in records(flagship.evaluation)]
    assert frame["lift"].isna().tolist() == [lift is None for lift in expected]
    assert frame["lift"].dropna().tolist() == [lift for lift in expected if lift is not None]
    keys = ["question", "course", "channel", "arm", "method", "variant"]
    assert not frame.duplicated(keys).any()


def test_the_dictionary_is_plain(flagship: evaluator.Result) -> None:
    content = flagship.to_dict()
    assert json.loads(json.dumps(content, allow_nan=False)) == content


def test_progress_is_told_of_reading_and_of_every_row(root: Path) -> None:
    told: list[tuple[int, int, str]] = []
    experiment = evaluator.load_experiment(root / "experiments" / "itcilo-2022")
    result = evaluator.evaluate(experiment, lambda *step: told.append(step))
    assert told[0] == (0, 0, "reading the data")
    rows = len(result.evaluation.rows)
    assert [(done, total) for done, total, _ in told[1:]] == [(i, rows) for i in range(rows)]


def test_what_is_wrong_is_raised_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no experiment file here"):
        evaluator.load_experiment(tmp_path)
    (tmp_path / "experiment.toml").write_text("[experiment]\n")
    with pytest.raises(DeclarationError):
        evaluator.load_experiment(tmp_path)


@pytest.mark.parametrize(
    "statement",
    ["import evaluator", "import evaluator.experiment", "import evaluator.cli"],
)
def test_importing_is_light(statement: str) -> None:
    heavy = "pandas scipy ibis numpy duckdb statsmodels sklearn rich.table"
    program = f"{statement}; import sys; print(*(n for n in '{heavy}'.split() if n in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
