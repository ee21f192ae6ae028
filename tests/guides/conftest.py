"""A repository with one small locked experiment, as the guides suppose it."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

import evaluator
from evaluator import api

SPRING = """\
[experiment]
name = "spring"
as_of = 2024-05-26
timezone = "UTC"
data_kind = "synthetic"
questions = ["promoted_vs_other"]

[window]
start = 2024-04-29
end = 2024-05-26

[[courses]]
code = "P"

[others]
codes = [{others}]

[assumptions]
causal_graph = false

[gate]
campaigns = 50

[[sources]]
name = "enrolments"
kind = "counts"
path = "counts.csv"
"""
OTHERS = [f"O{number:02d}" for number in range(14)]
START, WEEKS = date(2024, 1, 1), 21


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with experiments/spring: a promoted course, ×2 in its window, and its lock."""
    folder = tmp_path_factory.mktemp("repository")
    spring = folder / "experiments" / "spring"
    spring.mkdir(parents=True)
    others = ", ".join(f'"{code}"' for code in OTHERS)
    (spring / "experiment.toml").write_text(SPRING.replace("{others}", others), "utf-8")
    rng = np.random.default_rng(1)
    lines = ["day,course,country,value"]
    for day in range(7 * WEEKS):
        for code in ["P", *OTHERS]:
            mean = 40 if code == "P" and day >= 7 * (WEEKS - 4) else 20
            lines.append(f"{START + timedelta(day)},{code},IT,{rng.poisson(mean)}")
    (spring / "counts.csv").write_text("\n".join(lines) + "\n", "utf-8")
    api.accept(evaluator.load_experiment(spring), "first results")
    return folder
