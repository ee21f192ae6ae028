"""The guide to CI: what it says to copy does what it says, in a repository with one experiment."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from evaluator import cli
from evaluator.experiment.limits import Gate
from evaluator.testing import exact

pytest_plugins = ["pytester"]

GUIDE = (Path(__file__).parents[2] / "evaluator" / "guides" / "ci.md").read_text("utf-8")
NETWORK = "pip install"
OUR_LIBRARY = """
import numpy as np

def interval(c):
    logs = np.log(c.counts[:, c.window].mean(axis=1) / c.counts[:, ~c.window].mean(axis=1))
    others = logs[~c.promoted]
    half = 2.09 * others.std(ddof=1) * np.sqrt(1 + 1 / len(others))
    middle = logs[c.promoted].mean() - others.mean()
    return np.exp(middle - half), np.exp(middle + half)
"""


def blocks(language: str) -> list[str]:
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    return found


def script_lines() -> Iterator[str]:
    """What a shell would be given: by the jobs, the hook, and the reader."""
    for block in blocks("sh"):
        yield from block.splitlines()
    for block in blocks("yaml"):
        key = ""
        for line in block.splitlines():
            named = re.match(r"\s*(?:- )?(\w+):(.*)", line)
            if named:
                key, rest = named.groups()
                if key == "entry":
                    yield rest.strip() + (" experiments/*/experiment.toml" * rest.endswith("--"))
            elif key in ("run", "script", "before_script"):
                yield line.strip().removeprefix("- ")


@pytest.fixture(scope="module")
def copy(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository, to be worked in, and a library of its owner's."""
    folder = tmp_path_factory.mktemp("copy") / "repository"
    shutil.copytree(repository, folder)
    (folder / "our_library.py").write_text(OUR_LIBRARY, "utf-8")
    return folder


@pytest.fixture
def run(
    copy: Path,
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[str], int]:
    """Exit code of a line in the copy: of a plain command in this process, else of bash."""
    monkeypatch.chdir(copy)
    monkeypatch.syspath_prepend(copy)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    monkeypatch.setenv("PYTHONPATH", str(copy))
    monkeypatch.setenv("GITHUB_PATH", str(copy / "path.txt"))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(copy / "summary.md"))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Reviewer")

    def run_line(line: str) -> int:
        command, *arguments = shlex.split(line)
        if command == "evaluator" and "$" not in line:
            monkeypatch.setattr(sys, "argv", [command, *arguments])
            with pytest.raises(SystemExit) as exit_:
                cli.main()
            return int(exit_.value.code or 0)
        if command == "pytest":
            return int(pytester.runpytest_inprocess(*arguments).ret)
        return subprocess.run(["bash", "-euc", line], check=False).returncode

    return run_line


@pytest.mark.parametrize("line", dict.fromkeys(script_lines()))
def test_every_line_to_copy_runs(line: str, run: Callable[[str], int]) -> None:
    if NETWORK in line:
        pytest.skip("not run: installs, which needs a network; .ci/run does it")
    assert run(line) == 0


def test_in_a_change_of_the_past_the_jobs_and_pytest_name_the_same(
    copy: Path, run: Callable[[str], int]
) -> None:
    counts = copy / "experiments" / "spring" / "counts.csv"
    text = counts.read_text("utf-8")
    counts.write_text(text.replace(",P,IT,", ",P,IT,9", 5), "utf-8")
    (job,) = [line for line in script_lines() if "GITHUB_STEP_SUMMARY" in line]
    assert run(job) == 1
    assert run("pytest experiments/ --junit-xml pytest.xml") == 1
    counts.write_text(text, "utf-8")
    assert (copy / "summary.md").read_text("utf-8").startswith("### spring: ")
    ours, pytests = (
        {
            (case.get("classname", "").rpartition(".")[2], case.get("name")): [
                part.tag for part in case if part.tag in ("failure", "error")
            ]
            for case in ET.parse(copy / name).iter("testcase")
        }
        for name in ("check.xml", "pytest.xml")
    )
    ours_named = {f"{gate}[{name}]": tags for (gate, name), tags in ours.items()}
    assert ours_named["data[history]"] == ["failure"]
    assert {name: tags for (_, name), tags in pytests.items()} == {
        **ours_named,
        "everything else": [],
    }


def test_the_examples_run(copy: Path, run: Callable[[str], int]) -> None:
    suite, nightly = blocks("python")
    (copy / "test_ours.py").write_text(suite, "utf-8")
    assert run("pytest test_ours.py") == 1  # nothing is approved yet
    assert run("pytest test_ours.py --update-golden") == 0
    assert run("pytest test_ours.py") == 0
    exec(nightly.replace("date.today().toordinal()", "1"), {})


def test_what_the_guide_says_of_limits_and_power_holds() -> None:
    limits = dict(re.findall(r"^(\w+) = ([\d.]+)", blocks("toml")[0], re.MULTILINE))
    assert {name: float(value) for name, value in limits.items()} == {
        name: getattr(Gate(), name) for name in Gate.__slots__
    }
    for draws in (400, 2000):
        assert f"{exact.Band(0.95, draws, 0.001).noticed():.1%} instead of 95%" in GUIDE
