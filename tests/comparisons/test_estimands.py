"""What a row says it compares, and what it says it cannot tell."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import evaluator
from evaluator.comparisons import Planned, planned_rows
from evaluator.comparisons.wording import only_described
from evaluator.experiment.protocol import Arms, Course, Listed, Span, Wave
from evaluator.resolve import Resolved
from evaluator.results import Estimand, Wording

Small = Callable[..., Resolved]


@pytest.fixture(scope="module")
def flagship_planned(root: Path) -> list[Planned]:
    """Every row of the shipped experiment, which asks all questions."""
    return planned_rows(evaluator.load_experiment(root / "experiments" / "itcilo-2022").resolved())


A = Listed(tuple(f"C{number:02d}" for number in range(6)))
ADVERTISING = "the effect of advertising (arm B was exposed too)"
PERSONA = "the effect of persona targeting (both arms have it)"

# changed declaration, row → what it identifies, a part of what it needs, what it does not identify
WORDINGS: dict[str, tuple[str, tuple[str, str], tuple[str, str, str]]] = {
    "nobody promoted the portfolio": (
        "",
        ("promoted_vs_other", "size_adjusted_ratio"),
        ("being promoted individually", "moved in parallel", ""),
    ),
    "the portfolio was promoted too": (
        "portfolio",
        ("promoted_vs_other", "size_adjusted_ratio"),
        (
            "being promoted individually, over and above what the other courses also received"
            " (newsletter)",
            "cannibalisation",
            "the total effect of all promotion (this one is biased toward no effect)",
        ),
    ),
    "courses like these": (
        "",
        ("promoted_vs_other", "courses_like_these"),
        (
            "what individual promotion would do, on average, for courses like these",
            "these courses are a sample of the courses asked about",
            "",
        ),
    ),
    "both arms were exposed": (
        "",
        ("a_vs_b", "arms_wider"),
        (
            "how much more the same campaign moved arm A than arm B",
            "no shock specific to arm A",
            f"{ADVERTISING}; {PERSONA}",
        ),
    ),
    "the persona was of arm A alone": (
        "persona A",
        ("a_vs_b", "arms_wider"),
        ("how much more the same campaign moved arm A than arm B", "stable shares", ADVERTISING),
    ),
    "arm A alone was exposed": (
        "exposed A",
        ("a_vs_b", "arms_wider"),
        (
            "the effect of the campaign, which only arm A received",
            "no shock specific to arm A",
            "",
        ),
    ),
    "arm A alone had the advertisements": (
        "ads in A",
        ("a_vs_b", "arms_wider"),
        (
            "the effect of ads, which only arm A received, over and above what both arms received"
            " (posts)",
            "what both arms received (posts) moved both alike",
            f"the effect of posts (both arms received it); {PERSONA}",
        ),
    ),
    "triple difference": (
        "",
        ("a_vs_b", "triple_difference"),
        (
            "how much more the same campaign moved arm A than arm B",
            "that the other courses do not share",
            f"{ADVERTISING}; {PERSONA}",
        ),
    ),
    "controlled series": (
        "portfolio",
        ("pre_vs_campaign", "controlled_its"),
        (
            "being promoted individually, given the other courses",
            "would have gone on as before",
            "what promotion of the whole portfolio added to all courses alike",
        ),
    ),
    "single series": (
        "",
        ("pre_vs_campaign", "single_its"),
        (
            "a change at the start of the window, season and launch news included",
            "nothing else changed",
            "an effect of promotion: nothing that nobody promoted is compared",
        ),
    ),
    "within the campaign": (
        "",
        ("within_campaign", "within_campaign"),
        (
            "a difference between weeks of the campaign",
            "launch interest decays log-linearly",
            "before against during the campaign: the course did not exist before",
        ),
    ),
    "arms within the campaign": (
        "",
        ("within_campaign", "arms_within_campaign"),
        (
            "how much more the wave moved arm A than arm B",
            "no shock specific to arm A in these weeks",
            f"{ADVERTISING}; {PERSONA}",
        ),
    ),
}


@pytest.mark.parametrize(("change", "row", "expected"), WORDINGS.values(), ids=WORDINGS)
def test_wording(
    small: Small, change: str, row: tuple[str, str], expected: tuple[str, str, str]
) -> None:
    estimand = estimand_of(declared(small, change), *row)
    identifies, needs, not_identified = expected
    assert estimand.identifies == identifies
    assert needs in "; ".join(estimand.needs)
    assert estimand.not_identified == not_identified


def test_outcomes_are_called_what_the_declaration_calls_them(small: Small) -> None:
    for planned in planned_rows(small(outcome="registrations")):
        if planned.key.method != "level_shift":  # which compares ratios
            assert "registrations" in planned.estimand.compares


def test_every_estimand_has_the_words_of_its_verdict(flagship_planned: list[Planned]) -> None:
    """A row that only describes names no cause; what is left as it is says too little."""
    described = 0
    for planned in flagship_planned:
        said = planned.estimand.wording
        assert said != Wording()
        assert said.base
        if planned.descriptive:
            described += 1
            assert not re.search("raise|lower|cause", " ".join((said.verb, said.up, said.by)))
    assert described > 100


CAUSES = {
    "promoted against other courses": (
        ("promoted_vs_other", "size_adjusted_ratio"),
        "were raised or lowered by individual promotion",
    ),
    "courses like these": (
        ("promoted_vs_other", "courses_like_these"),
        "would be raised or lowered by individual promotion, in courses like these",
    ),
    "arms": (("a_vs_b", "arms_wider"), "moved more or less in arm A than in arm B"),
    "controlled series": (
        ("pre_vs_campaign", "controlled_its"),
        "were raised or lowered by individual promotion, given what the other courses did",
    ),
    "single series": (("pre_vs_campaign", "single_its"), "rose or fell together with the campaign"),
    "within the campaign": (
        ("within_campaign", "within_campaign"),
        "rose or fell together with its paid wave, against its other campaign weeks",
    ),
}


@pytest.mark.parametrize(("row", "said"), CAUSES.values(), ids=CAUSES)
def test_a_verdict_says_no_more_than_is_identified(
    small: Small, row: tuple[str, str], said: str
) -> None:
    own = estimand_of(declared(small, ""), *row).wording
    assert " ".join(filter(None, (own.verb, f"{own.up} or {own.down}", own.by))) == said


def test_a_cause_becomes_a_coincidence_where_the_design_does_not_carry_it(small: Small) -> None:
    causal = estimand_of(declared(small, "portfolio"), "promoted_vs_other", "size_adjusted_ratio")
    described = only_described(causal)
    assert described.wording.by == causal.wording.by.replace("by ", "together with ", 1)
    assert (described.wording.verb, described.wording.up) == ("", "rose")
    assert only_described(described) == described


def declared(small: Small, change: str) -> Resolved:
    """P exists, W opens with the window and has a paid wave in its third week."""
    start = small().protocol.window.start
    third = Span(start + timedelta(14), start + timedelta(20))
    reached = ("A",) if change == "ads in A" else ("A", "B")
    waves = [Wave("own", "ads", ("W",), portfolio=False, span=third, arms=reached)]
    changes: dict[str, Any] = {}
    if change in ("portfolio", "ads in A"):
        waves.append(Wave("newsletter", "posts", (), portfolio=True, span=third))
    if change.startswith("persona"):
        changes["arms"] = Arms(A, persona=("A",))
    if change.startswith("exposed"):
        changes["arms"] = Arms(A, exposed=("A",))
    courses = (Course("P", "Promoted"), Course("Q", "Too"), Course("W", "New", start))
    return small(courses=courses, waves=tuple(waves), **changes)


def estimand_of(resolved: Resolved, question: str, method: str) -> Estimand:
    return next(
        planned.estimand
        for planned in planned_rows(resolved)
        if (planned.key.question, planned.key.method) == (question, method)
    )
