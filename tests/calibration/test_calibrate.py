"""The whole of it on the shipped experiment: processes, scripts and the verb agree to the byte."""

import subprocess
import sys
from pathlib import Path

import pytest

from evaluator import api
from evaluator.calibration.stored import FILE_NAME, to_text
from evaluator.errors import UsageError

WORLDS = 50
SCRIPT = """
from evaluator import api
from evaluator.calibration.stored import to_text

experiment = api.load_experiment({experiment!r})
print(to_text(api.calibrate(experiment, {worlds}, processes=2)), end="")
"""


@pytest.mark.long
def test_shared_work_is_the_same_work(root: Path, tmp_path: Path) -> None:
    """A script without a main guard, that asks for two processes, starts two and not a thousand."""
    experiment = root / "experiments" / "itcilo-2022"
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(experiment=str(experiment), worlds=WORLDS), "utf-8")
    alone = to_text(api.calibrate(api.load_experiment(experiment), WORLDS))
    ran = subprocess.run([sys.executable, script], capture_output=True, check=True, text=True)
    assert (ran.stdout, ran.stderr) == (alone, "")
    verb = ["calibrate", str(experiment), "--worlds", str(WORLDS), "--out", str(tmp_path)]
    subprocess.run([sys.executable, "-m", "evaluator", *verb], check=True, capture_output=True)
    assert (tmp_path / FILE_NAME).read_text("utf-8") == alone


def test_where_no_row_decides_there_is_nothing_to_measure(root: Path) -> None:
    described = api.load_experiment(root / "experiments" / "employee-advocacy-2022")
    with pytest.raises(UsageError, match="no row of it decides"):
        api.calibrate(described, WORLDS)
