"""The gallery of shipped experiments prints what the program says of each, and names them all."""

import re
from pathlib import Path

import pytest

import evaluator
from evaluator.api import load_experiment, target
from evaluator.report.targeting.terminal import render as render_targeting
from evaluator.report.targeting.write import document_of
from evaluator.report.terminal import render_answer

SECTION = re.compile(r"^## \[(?P<name>[\w-]+)\].*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def sections(root: Path) -> dict[str, str]:
    gallery = (root / "experiments" / "README.md").read_text("utf-8")
    return {found["name"]: found[0] for found in SECTION.finditer(gallery)}


def blocks(section: str, language: str) -> list[str]:
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    return found


def test_names_every_experiment(sections: dict[str, str], root: Path) -> None:
    shipped = {path.parent.name for path in (root / "experiments").glob("*/experiment.toml")}
    assert set(sections) == shipped


def test_headline_of_the_flagship(sections: dict[str, str], flagship: evaluator.Result) -> None:
    (headline,) = blocks(sections["itcilo-2022"], "text")
    assert headline.strip() in render_answer(flagship.evaluation)


@pytest.mark.parametrize("name", ["employee-advocacy-2022", "social-media-survey-2011"])
def test_headline_of_an_evaluation(sections: dict[str, str], root: Path, name: str) -> None:
    (headline,) = blocks(sections[name], "text")
    found = evaluator.evaluate(load_experiment(root / "experiments" / name))
    assert headline.strip() in render_answer(found.evaluation)


def test_headline_of_a_list(sections: dict[str, str], root: Path) -> None:
    (headline,) = blocks(sections["newsletter-holdout"], "text")
    answer = target(load_experiment(root / "experiments" / "newsletter-holdout"))
    assert headline.strip() in render_targeting(document_of(answer))


def test_commands_and_links_lead_somewhere(sections: dict[str, str], root: Path) -> None:
    folder = root / "experiments"
    for name, section in sections.items():
        for link in re.findall(r"\]\(([^)#]+)\)", section):
            assert (folder / link).exists(), link
        for command in blocks(section, "sh")[0].splitlines():
            program, verb, experiment = command.split()
            assert (program, experiment) == (".venv/bin/evaluator", f"experiments/{name}")
            assert verb in ("run", "plan", "target")
