"""The README says what the program does: its commands, its excerpt, its example."""

import doctest
import re
from pathlib import Path

import pytest

import evaluator
from evaluator.report.terminal import render

SHELL, TEXT, PYTHON = "sh", "text", "pycon"


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    return (root / "README.md").read_text("utf-8")


def blocks(readme: str, language: str) -> list[str]:
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", readme, re.DOTALL)
    return found


def test_fits_on_a_screen(readme: str) -> None:
    assert len(readme.splitlines()) <= 80


def test_the_excerpt_is_printed(readme: str, flagship: evaluator.Result) -> None:
    """Word for word and line by line; `…` marks what is left out."""
    (excerpt,) = blocks(readme, TEXT)
    printed = render(flagship.evaluation)
    parts = [part.strip("\n") for part in excerpt.split("…") if part.strip()]
    assert parts
    for part in parts:
        assert part in printed


def test_the_example_runs(
    readme: str, root: Path, flagship: evaluator.Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    monkeypatch.setattr("evaluator.api.evaluate", lambda _: flagship)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    for example in blocks(readme, PYTHON):
        test = doctest.DocTestParser().get_doctest(example, {}, "README.md", "README.md", 0)
        runner.run(test)
    assert runner.summarize(verbose=False) == doctest.TestResults(0, 4 + 3)


def test_ci_installs_as_the_readme_says(readme: str, root: Path) -> None:
    commands = blocks(readme, SHELL)
    script = (root / ".ci" / "run").read_text("utf-8")
    for command in commands:
        make, pip, install, main_job = command.strip().split(" && ")
        assert make == "python3 -m venv .venv"
        assert f"\n{pip}\n" in script
        assert install.removesuffix(" -e .").removesuffix(" -e '.[test]'") in script
        assert main_job.split()[0] in script
    assert " -e '.[test]'\n" in script
    assert commands[0].strip().endswith("run experiments/itcilo-2022")
    assert commands[1].strip().endswith(".venv/bin/pytest")


def test_links_lead_somewhere(readme: str, root: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", readme)
    assert links
    for link in links:
        assert (root / link).exists(), link
