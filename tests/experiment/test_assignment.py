"""Declared assignments, and courses left out of every promotion."""

from collections.abc import Callable

import pytest

from evaluator.errors import DeclarationError
from evaluator.experiment.assignment import AssignmentRule, Drawn
from evaluator.experiment.protocol import Protocol

Load = Callable[[str], Protocol]

ORDER = """
[assignment]
seed = 7

[assignment.order]
rule = "matched pairs"
groups = [["LAW", "OSH"]]
"""
COUNTRIES = """
[assignment.countries]
rule = "stratified"
groups = [["IT", "FR", "ES"]]
"""
WEEKS = """
[assignment.weeks]
rule = "stratified"
groups = [["2024-03-04", "2024-03-11"]]
"""
LISTED = ('[arms.top]\nn = 10\nsource = "participants"', '[arms.listed]\ncountries = ["IT"]')


def test_left_out_and_assignment_become_part_of_the_protocol(spring: str, load: Load) -> None:
    text = spring.replace('codes = ["TAX", "ART"]', 'codes = ["TAX", "ART"]\nleft_out = ["ART"]')
    protocol = load(text + ORDER + COUNTRIES)
    assert protocol.others.left_out == ("ART",)
    assert protocol.assignment is not None
    assert protocol.assignment.seed == 7
    assert protocol.assignment.order == Drawn(AssignmentRule.MATCHED_PAIRS, (("LAW", "OSH"),))
    assert protocol.assignment.countries is not None
    assert protocol.assignment.countries.group_of("ES") == 0
    assert protocol.assignment.courses is None
    assert load(spring).assignment is None
    assert protocol.hash != load(text + ORDER).hash


CASES = {
    "left out and promoted": (
        ('codes = ["TAX", "ART"]', 'codes = ["TAX", "ART"]\nleft_out = ["LAW"]'),
        "",
        'others.left_out[0] = "LAW" is also a promoted course',
        "not under [[courses]]",
    ),
    "left out and no other course": (
        ('codes = ["TAX", "ART"]', 'codes = ["TAX", "ART"]\nleft_out = ["ARTS"]'),
        "",
        'others.left_out[0] = "ARTS" is no other course',
        'did you mean "ART"?',
    ),
    "left out and advertised": (
        ('courses = ["LAW"]\nstart', 'courses = ["ART"]\nstart'),
        "",
        'waves[0].courses[0] = "ART" is left out of every promotion',
        "no wave advertises",
    ),
    "nothing assigned": (None, "[assignment]\nseed = 1\n", "assigns nothing", "courses, countries"),
    "pairs without pairs": (
        None,
        '[assignment.order]\nrule = "matched pairs"\n',
        "assignment.order has no groups",
        "within which groups",
    ),
    "a pair of three": (
        LISTED,
        COUNTRIES.replace("stratified", "matched pairs"),
        "assignment.countries.groups[0] has 3 members",
        "a pair has two",
    ),
    "a stratum of one": (
        None,
        ORDER.replace("matched pairs", "stratified").replace('"LAW", "OSH"', '"LAW"'),
        "assignment.order.groups[0] has 1 member",
        "nothing is drawn",
    ),
    "groups that the rule does not use": (
        None,
        ORDER.replace("matched pairs", "simple"),
        "assignment.order.groups is not used",
        'rule "simple" draws within no groups',
    ),
    "in two groups": (
        None,
        COUNTRIES.replace('"ES"]]', '"ES"], ["IT", "PT"]]'),
        'assignment.countries.groups[1][0] = "IT" is in two groups',
        "assignment.countries.groups[0] has it too",
    ),
    "order of a course that is not promoted": (
        None,
        ORDER.replace("OSH", "OHS"),
        'assignment.order.groups[0][1] = "OHS" is not a declared promoted course',
        'did you mean "OSH"?',
    ),
    "order on a network that nobody advertises on": (
        ('kind = "paid"', 'kind = "paid"\nnetwork = "Facebook"'),
        ORDER + 'network = "Facebok"\n',
        'assignment.order.network = "Facebok" is no network of a paid channel',
        'did you mean "Facebook"?',
    ),
    "a course that nobody declares": (
        None,
        ORDER.replace("assignment.order", "assignment.courses").replace("OSH", "TAXX"),
        'assignment.courses.groups[0][1] = "TAXX" is not a declared course',
        'did you mean "TAX"?',
    ),
    "weeks without couples": (
        None,
        '[assignment.weeks]\nrule = "simple"\n',
        "assignment.weeks has no groups",
        "of two weeks one is drawn",
    ),
    "weeks that are no days": (
        None,
        WEEKS.replace("2024-03-11", "week 2"),
        'assignment.weeks.groups[0][1] = "week 2" is no day',
        "by its first day",
    ),
    "weeks outside the window": (
        None,
        WEEKS.replace("2024-03-11", "2021-03-11"),
        'assignment.weeks.groups[0][1] = "2021-03-11" begins no week of the window',
        "",
    ),
    "three weeks": (
        None,
        WEEKS.replace('"2024-03-11"', '"2024-03-11", "2024-03-18"'),
        "assignment.weeks.groups[0] has 3 members",
        "of two weeks one is drawn",
    ),
    "weeks that overlap": (
        None,
        WEEKS.replace("2024-03-11", "2024-03-08"),
        "assignment.weeks.groups[0] holds weeks that overlap",
        "seven days each",
    ),
    "both of a pair in arm A": (
        ('[arms.top]\nn = 10\nsource = "participants"', '[arms.listed]\ncountries = ["IT", "FR"]'),
        '[assignment.countries]\nrule = "matched pairs"\ngroups = [["IT", "FR"]]\n',
        "assignment.countries.groups[0] has 2 countries in arm A",
        "of a matched pair one is drawn",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_contradicts_is_told_with_its_line(name: str, spring: str, load: Load) -> None:
    change, added, what, rule = CASES[name]
    text = spring
    if name == "left out and advertised":
        text = text.replace('codes = ["TAX", "ART"]', 'codes = ["TAX", "ART"]\nleft_out = ["ART"]')
    if change is not None:
        assert change[0] in text
        text = text.replace(change[0], change[1], 1)
    with pytest.raises(DeclarationError) as caught:
        load(text + "\n" + added)
    problems = [str(problem) for problem in caught.value.problems]
    assert any(what in problem and rule in problem for problem in problems), problems


def test_countries_without_arms_are_assigned_to_nothing(spring: str, load: Load) -> None:
    start, end = spring.index("[arms]"), spring.index("[[channels]]")
    with pytest.raises(DeclarationError, match="assigns countries to no arms"):
        load(spring[:start] + spring[end:] + COUNTRIES)
