import re
from pathlib import Path

import pytest

import evaluator
from evaluator.assumptions.closely import LONG_LOOKS
from evaluator.comparisons import Comparison, Planned, planned_rows
from evaluator.report.assumed import looked_at
from evaluator.report.explain import explain, to_markdown
from evaluator.report.explain.literature import OF_METHODS
from evaluator.report.explain.rows import refused_for
from evaluator.report.words import METHODS, block_title, of_any_channel
from evaluator.resolve import Resolved
from evaluator.results import NotRun, RowRole


@pytest.fixture(scope="module")
def resolved(root: Path) -> Resolved:
    return evaluator.load_experiment(root / "experiments" / "itcilo-2022").resolved()


@pytest.fixture(scope="module")
def planned(resolved: Resolved) -> list[Planned]:
    return planned_rows(resolved)


@pytest.fixture(scope="module")
def text(resolved: Resolved, planned: list[Planned]) -> str:
    """With every row, on one line."""
    return " ".join(explain(resolved, planned, rows=True).split())


@pytest.fixture(scope="module")
def section(resolved: Resolved, planned: list[Planned]) -> str:
    """The methods section alone."""
    return explain(resolved, planned)


SECTIONS = (
    "Estimands",
    "Design",
    "Estimators",
    "Inference",
    "Multiplicity",
    "Decision rule",
    "Assumptions, and how each is looked at",
    "What is refused, and why",
    "Published claims",
    "Declared, and used by no estimate",
    "References",
)


def test_it_is_a_methods_section_in_order(section: str) -> None:
    lines = section.splitlines()
    assert [line for line in lines if line in SECTIONS] == list(SECTIONS)
    assert max(map(len, lines)) <= 80


def test_every_estimand_is_a_sentence(section: str, planned: list[Planned]) -> None:
    """Of each question, in one paragraph; of any channel, not of the first that comes."""
    told = " ".join(section.partition("\nDesign\n")[0].split())
    for row in planned:
        if row.role in (RowRole.HEADLINE, RowRole.EXPLORATORY):
            assert block_title(row.key.question) in told
    assert "It rests on this: promoted and other courses would have moved in parallel" in told
    assert "log lift of the channel on its wave days" in told
    assert "the the" not in told
    assert "facebook_ads" not in told
    assert told.count("how much more the same waves moved these countries") == 1


def test_what_an_earlier_question_says_is_not_said_again(
    section: str, planned: list[Planned]
) -> None:
    """Of methods and estimands; where their rows stand on many weeks, from which to which."""
    told = " ".join(section.split())
    estimated, _, _ = told.partition("Estimators")[2].partition(" Inference ")
    for method in {row.key.method for row in planned} & METHODS.keys():
        assert estimated.count(METHODS[method]) <= 1, method
    assert "Method these_courses: as above." in estimated
    assert "The estimand log lift A − log lift B is that of “Arm A against arm B”." in told
    windows = [
        row.comparison.window_weeks
        for row in planned
        if row.key.method == "overlap_joint" and isinstance(row.comparison, Comparison)
    ]
    ends = f"{min(windows):.3g} to {max(windows):.3g} in the window"
    assert f"{len(windows)} rows: 11 to 19 reference weeks, {ends}" in estimated


def test_the_section_names_each_reason_of_a_refusal_once(
    section: str, planned: list[Planned]
) -> None:
    refused = " ".join(section.partition("and why\n")[2].partition("\nPublished")[0].split())
    for row in planned:
        if isinstance(row.comparison, NotRun):
            assert refused.count(f"{row.comparison.reason}.") <= 1
            assert row.comparison.reason in refused


def test_references_are_of_the_methods_that_are_used(
    resolved: Resolved, planned: list[Planned], section: str
) -> None:
    cited = " ".join(section.partition("\nReferences\n")[2].split())
    assert "Ferman & Pinto (2019)" in cited
    first = [row for row in planned if row.key.method == "size_adjusted_ratio"]
    fewer = explain(resolved, first).partition("\nReferences\n")[2]
    assert "Ferman & Pinto" in fewer
    assert "Firth" not in fewer
    assert set(OF_METHODS) <= set(METHODS)


def test_rows_are_listed_on_demand(section: str, text: str) -> None:
    assert "Question: " not in section
    assert "size_adjusted_ratio (decides)" in text


def test_it_can_be_pasted_into_a_paper(
    resolved: Resolved, planned: list[Planned], section: str
) -> None:
    """The same words, with headings; a list where lines are short."""
    pasted = to_markdown(resolved, planned)
    assert [line[3:] for line in pasted.splitlines() if line.startswith("## ")] == list(SECTIONS)
    bare = re.sub(r"\\(.)|(?m:^(?:#+|-|>) )|\*\*", r"\1", pasted)
    assert "".join(bare.split()) == "".join(section.split())


def test_every_row_is_announced_with_what_it_is(text: str, planned: list[Planned]) -> None:
    for row in planned:
        assert f"{row.key.method} (" in text
        assert f"{row.key.variant}: " in text
        assert of_any_channel(row.estimand.name, row.key) in text
        assert of_any_channel(row.estimand.identifies, row.key) in text


def test_what_is_looked_at_is_told_with_what_a_fail_does(section: str, text: str) -> None:
    """Before estimating: as it stands already. Closely: which rows, and every look by name."""
    assert "looked at before anything is estimated: not run: coverage" in text
    assert re.search("warn: previous campaign, other courses untouched, .*?pass: ", text)
    assert "looked at closely: all, ODPS, ILSGEN Question: Arm A" in text
    assert "looked at closely: nothing, no row decides" in text
    told = " ".join(section.split())
    assert "Looked at closely: all, ODPS, ILSGEN. Arm A" in told
    assert "Fail: the data contradict an assumption" in told
    for what in LONG_LOOKS.values():
        assert what in told


def test_rows_said_to_decide_are_those_looked_at_closely(
    resolved: Resolved, planned: list[Planned], flagship: evaluator.Result
) -> None:
    first = planned[0].key.question
    own = [row for row in planned if row.key.question == first]
    said = list(looked_at(own, resolved))[-1][1].removeprefix("looked at closely: ").split(", ")
    closely = [
        row.key.course
        for row in flagship.evaluation.rows
        if row.key.question == first and row.evidence.event_study
    ]
    assert said == closely


def test_what_a_verdict_will_say_is_told(text: str) -> None:
    assert "a verdict says that they were raised or lowered by individual promotion" in text
    assert "a verdict says that they rose or fell together with the campaign" in text


def test_a_row_that_will_be_refused_says_why(text: str, planned: list[Planned]) -> None:
    for row in planned:
        if isinstance(row.comparison, NotRun):
            assert f"will be refused: {row.comparison.reason}" in text
    assert "will be refused: slope on a short history" in text


def test_a_row_announced_as_refused_is_refused(
    planned: list[Planned], flagship: evaluator.Result
) -> None:
    refused = {row.key for row in flagship.evaluation.rows if row.effect is None}
    announced = {row.key for row in planned if refused_for(row)}
    assert announced
    assert announced <= refused


@pytest.mark.parametrize(
    "fact",
    [
        "SYNTHETIC RECONSTRUCTION",
        "ODPS (Introduction to Project Cycle Management: existing, open before the data begin)",
        "facebook_ads (paid, Facebook) had 7 waves: 31 Oct 2022 – 6 Nov 2022: ODPS and ILSGEN;",
        "newsletter (email, ActiveCampaign) had 1 wave: 7 Dec 2022: ODPS, ",
        "The dates of 7 of them are assumed, not published.",
        "Exposed were A and B",
        "Arm A is: of ODPS, KE, NG, UG, TZ, ZA, BD, ID, CM, LK, MX;",
        "Its reference is the last 8 weeks before it, or as many as a course has",
        "between ×0.91 and ×1.10, the smallest lift worth having",
        "previous campaign: Previous experiment, 1 Jun 2022 – 30 Sep 2022",
        "Every draw comes from the seed 20221031.",
        "order under test: Facebook: paid first",
    ],
)
def test_the_declaration_is_told(text: str, fact: str) -> None:
    assert fact in text
