"""Negative-control outcomes as declared."""

from collections.abc import Callable

import pytest

from evaluator.errors import DeclarationError
from evaluator.experiment.negative import NegativeControl
from evaluator.experiment.protocol import Protocol

Load = Callable[[str], Protocol]
DECLARED = """
[[negative_controls]]
name = 'certificates'
source = 'certificates'

[[sources]]
name = 'certificates'
kind = 'negative_control'
path = 'certificates.csv'

[facts]
"""


def test_it_is_read_and_part_of_the_hash(load: Load, spring: str) -> None:
    plain = load(spring)
    declared = load(spring.replace("\n[facts]\n", DECLARED))
    assert plain.negative_controls == ()
    assert declared.negative_controls == (NegativeControl("certificates", "certificates"),)
    assert declared.hash != plain.hash


@pytest.mark.parametrize(
    ("old", "new", "what", "advice"),
    [
        (
            "source = 'certificates'",
            "source = 'certificate'",
            'negative_controls[0].source = "certificate" is not a declared source',
            'did you mean "certificates"?',
        ),
        (
            "source = 'certificates'",
            "source = 'enrolments'",
            'is a source of kind "events", not "negative_control"',
            'sources of kind "negative_control": certificates',
        ),
        (
            "[[negative_controls]]\nname = 'certificates'\nsource = 'certificates'\n",
            "",
            "sources[3] is read by no negative control",
            "named under [[negative_controls]]",
        ),
        ("source = ", "days = 3\nsource = ", "negative_controls[0].days is not a known key", ""),
    ],
)
def test_what_is_wrong_is_said(
    load: Load, spring: str, old: str, new: str, what: str, advice: str
) -> None:
    text = spring.replace("\n[facts]\n", DECLARED.replace(old, new))
    with pytest.raises(DeclarationError) as raised:
        load(text)
    first = str(raised.value.problems[0])
    assert what in first
    assert advice in first


def test_it_counts_nothing_of_the_outcome_itself(load: Load, spring: str) -> None:
    text = spring.replace("\n[facts]\n", DECLARED).replace('kind = "events"', 'kind = "posts"')
    with pytest.raises(DeclarationError, match="no source counts anything"):
        load(text)
