"""What a contact list may not declare, by line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from evaluator.errors import DeclarationError
from evaluator.experiment import load_protocol
from evaluator.experiment.protocol import Protocol

CASES = {
    "a feature set after sending": (
        "cuts = [3, 7]\nknown = 2022-12-01",
        "cuts = [3, 7]\nknown = 2022-12-08",
        "targeting.features[5].known = 2022-12-08 is not before the sending",
        "take opens as it was before",
    ),
    "shares that do not add up": (
        "share = 0.30",
        "share = 0.40",
        "the shares of targeting add up to 1.1",
        "add up to 1",
    ),
    "a share missing": (
        "share = 0.30\n",
        "",
        "targeting has a share for 2 of 3 arms",
        "where chance decided",
    ),
    "an arm named like the hold-out": (
        'name = "none"',
        'name = "portfolio"',
        'targeting.arms[0].name = "portfolio" names a second arm',
        "targeting.holdout has this name",
    ),
    "cuts of a category": (
        'role = "language"',
        'role = "language"\ncuts = [1]',
        "targeting.features[2].cuts is not used",
        "the groups of a category are its values",
    ),
    "cuts out of order": ("cuts = [6, 18]", "cuts = [18, 6]", "is not in order", "cuts go up"),
    "a source of another kind": (
        'source = "contacts"',
        'source = "contract"',
        'targeting.source = "contract" is not a declared source',
        'did you mean "contacts"?',
    ),
    "a column of every list": (
        'name = "persona"\nkind',
        'name = "arm"\nkind',
        'targeting.features[0].name = "arm" is a column of every list',
        "a feature is another",
    ),
}


@pytest.fixture
def load(root: Path, tmp_path: Path) -> Callable[[str, str], Protocol]:
    text = (root / "experiments" / "newsletter-holdout" / "experiment.toml").read_text("utf-8")

    def edited(old: str, new: str) -> Protocol:
        assert old in text
        (tmp_path / "experiment.toml").write_text(text.replace(old, new, 1), "utf-8")
        return load_protocol(tmp_path)

    return edited


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_named(load: Callable[[str, str], Protocol], name: str) -> None:
    old, new, what, advice = CASES[name]
    with pytest.raises(DeclarationError) as raised:
        load(old, new)
    assert any(what in str(one) and advice in str(one) for one in raised.value.problems)


def test_no_question_needs_a_list(load: Callable[[str, str], Protocol]) -> None:
    protocol = load("seed = 20221207", "seed = 1")
    assert protocol.questions == ()
    assert protocol.targeting is not None
    assert protocol.targeting.randomised
