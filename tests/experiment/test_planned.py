"""The plan of the next experiment: what is filled in, what is refused, what it does not touch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from evaluator.errors import DeclarationError
from evaluator.experiment import load_protocol
from evaluator.experiment.planned import PlannedChannel, plan_of
from evaluator.experiment.protocol import Protocol, Question

Load = Callable[[str], Protocol]

REFUSED = {
    "before this one is over": (
        "start = 2024-05-31",
        "plan.start = 2024-05-31 is not after the window",
        "window.end = 2024-05-31",
    ),
    "a channel nobody declared": (
        'channels = [{ name = "facebok_ads" }]',
        'plan.channels[0].name = "facebok_ads" is not a declared channel',
        'did you mean "facebook_ads"?',
    ),
    "a new channel without a kind": (
        'channels = [{ name = "google" }]',
        'plan.channels[0].name = "google" is not a declared channel',
        "give a new channel its kind",
    ),
    "a channel twice": (
        'channels = [{ name = "newsletter" }, { name = "newsletter", per_wave = 1 }]',
        'plan.channels[1].name = "newsletter" names a second channel',
        "plan.channels[0] has this name",
    ),
    "two costs": (
        'channels = [{ name = "newsletter", per_wave = 1, per_enrolment = 1 }]',
        "plan.channels[0] has two costs",
        "so much per wave, or per enrolment",
    ),
    "a new course that is old": (
        'new_courses = [{ code = "LAW", available_from = 2024-09-01 }]',
        'plan.new_courses[0].code = "LAW" is no new course',
        "name it in candidates",
    ),
    "a new course that never opens": (
        'new_courses = [{ code = "NEW" }]',
        "plan.new_courses[0] has no available_from",
        "a day on which it opens",
    ),
    "more courses than there are": (
        'courses = 4\ncandidates = ["LAW", "TAX"]\n'
        'new_courses = [{ code = "NEW", available_from = 2024-09-01 }]',
        "plan.courses = 4 is more than there are",
        "2 candidates and 1 new courses",
    ),
    "a holiday that ends before it starts": (
        'holidays = [{ name = "August", start = 2024-08-20, end = 2024-08-01 }]',
        "plan.holidays[0].end = 2024-08-01 is before its start",
        "start = 2024-08-20",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_planned(case: str, spring: str, load: Load, tmp_path: Path) -> None:
    plan, what, hint = REFUSED[case]
    text = f"{spring}\n[plan]\n{plan}\n"
    with pytest.raises(DeclarationError) as caught:
        load(text)
    (problem,) = caught.value.problems
    assert what in str(problem)
    assert hint in str(problem)
    line = int(problem.where.rpartition(":")[2])
    assert line > text[: text.index("[plan]")].count("\n")
    assert str(tmp_path / "experiment.toml") in problem.where


def test_a_plan_does_not_move_the_experiment(spring: str, load: Load) -> None:
    """Its hash is what a lock and a seal rest on."""
    without = load(spring)
    planned = load(f"{spring}\n[plan]\nweeks = 6\n")
    assert planned.plan is not None
    assert planned.hash == without.hash
    assert planned.to_dict() == without.to_dict()
    assert replace(planned, plan=None) == without


def test_what_is_not_said_is_as_in_this_experiment(spring: str, load: Load) -> None:
    """Everything known ends on Sunday 30 June; a week of rest; Monday 8 July."""
    plan = plan_of(load(spring))
    assert plan == load(f"{spring}\n[plan]\n").plan
    assert plan.name == "spring-next"
    assert (plan.start, plan.weeks, plan.end) == (date(2024, 7, 8), 13, date(2024, 10, 6))
    assert plan.candidates == ("LAW", "OSH")
    assert plan.courses == 2
    assert plan.questions[:2] == (Question.PORTFOLIO, Question.GEOGRAPHY)
    assert plan.channels[1] == PlannedChannel("newsletter", "email", tag="mail")


def test_a_longer_washout_starts_later(spring: str, load: Load) -> None:
    plan = load(f"{spring}\n[plan]\nwashout_weeks = 3\n").plan
    assert plan is not None
    assert plan.start == date(2024, 7, 22)


def test_fewer_candidates_ask_for_fewer_courses(spring: str, load: Load) -> None:
    plan = load(f'{spring}\n[plan]\ncandidates = ["TAX"]\n').plan
    assert plan is not None
    assert plan.courses == 1


def test_the_shipped_experiment_marks_its_costs_as_assumed(root: Path) -> None:
    plan = load_protocol(root / "experiments" / "itcilo-2022").plan
    assert plan is not None
    assert all(channel.assumed for channel in plan.channels if channel.per_wave is not None)
    assert plan.mailing is not None
    assert plan.mailing.assumed
