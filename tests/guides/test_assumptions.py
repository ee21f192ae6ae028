"""The guide to the findings: every finding is in it, and its links lead somewhere."""

import re
from pathlib import Path

import pytest

import evaluator
from evaluator.assumptions.closely import LONG_LOOKS
from evaluator.inference.refusals import RULES

GUIDES = Path(__file__).parents[2] / "evaluator" / "guides"
GUIDE = (GUIDES / "assumptions.md").read_text("utf-8")
FLAGS = {rule.name for rule in RULES}
"""These are explained where it is said what is flagged."""


def test_every_finding_of_the_shipped_experiment_is_explained(flagship: evaluator.Result) -> None:
    found = flagship.evaluation
    every = [*found.findings, *(finding for row in found.rows for finding in row.findings)]
    names = {finding.name.partition(":")[0] for finding in every} - FLAGS
    assert len(names) > len(LONG_LOOKS)
    assert not sorted(name for name in names if name not in GUIDE)


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)]+)\)", GUIDE))
def test_a_link_leads_to_a_heading(link: str) -> None:
    name, _, anchor = link.partition("#")
    text = (GUIDES / (name or "assumptions.md")).read_text("utf-8")
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    assert not anchor or anchor in anchors
