"""A seal: made once, chained, dated; what counts as made in time; what notices tampering."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from evaluator.errors import UsageError
from evaluator.experiment.protocol import Protocol
from evaluator.experiment.seal import SealError, Seals, read_seals, seal, seal_path

Load = Callable[[str], Protocol]
Edit = Callable[[list[dict[str, object]]], object]

WINDOW = date(2024, 3, 1)  # of the spring experiment
EARLY, LATER, LATE = date(2024, 2, 1), date(2024, 2, 20), date(2024, 3, 1)


def changed(spring: str) -> str:
    return spring.replace("level = 0.9", "level = 0.8")


@pytest.fixture
def sealed(spring: str, load: Load) -> Protocol:
    protocol = load(spring)
    seal(protocol, EARLY, "Ada")
    return protocol


def test_a_seal_is_read_as_it_was_made(sealed: Protocol) -> None:
    found = read_seals(seal_path(sealed.path))
    assert found is not None
    assert found.broken == ()
    (only,) = found.seals
    assert (only.on, only.author, only.reason) == (EARLY, "Ada", "")
    assert only.protocol == sealed.to_dict()
    assert only.protocol_hash == sealed.hash
    assert only.starts == WINDOW


def test_the_same_protocol_day_and_author_give_the_same_bytes(
    spring: str, load: Load, sealed: Protocol
) -> None:
    path = seal_path(sealed.path)
    before = path.read_bytes()
    path.unlink()
    seal(load(spring), EARLY, "Ada")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("day", "in_time"), [(EARLY, True), (date(2024, 2, 29), True), (LATE, False)]
)
def test_only_before_the_window_it_is_a_pre_registration(
    spring: str, load: Load, day: date, in_time: bool
) -> None:
    assert seal(load(spring), day, "Ada").is_before is in_time


@pytest.mark.parametrize(("day", "counts"), [(LATER, 1), (LATE, 0)])
def test_one_may_change_ones_mind_until_it_begins(
    spring: str, load: Load, sealed: Protocol, day: date, counts: int
) -> None:
    """Sealed again in time, the second counts; after the first day, the first does."""
    seals = seal(load(changed(spring)), day, "Ada", "smaller", again=True)
    assert seals.registered is seals.seals[counts]
    assert seals.seals[0].protocol == sealed.to_dict()


@pytest.mark.usefixtures("sealed")
def test_a_window_moved_after_it_began_is_not_in_time(spring: str, load: Load) -> None:
    """Sealed on 1 March with a window from 4 March: the sealed one had begun."""
    window = "[window]\nstart = 2024-03-"
    moved = load(spring.replace(f"{window}01", f"{window}04"))
    assert moved.window.start == date(2024, 3, 4)
    seals = seal(moved, LATE, "Ada", "postponed", again=True)
    assert seals.registered is seals.seals[0]


REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "twice": ({"reason": "why not"}, "is sealed since 2024-02-01"),
    "without a reason": ({"again": True, "reason": " "}, "--reason: says nothing"),
    "backwards": (
        {"again": True, "reason": "a typing error", "on": date(2024, 1, 31)},
        "2024-01-31 is before the last seal",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_sealed_again(case: str, spring: str, load: Load, sealed: Protocol) -> None:
    options, words = REFUSED[case]
    given = {"on": LATER, "author": "Ada", **options}
    before = seal_path(sealed.path).read_bytes()
    with pytest.raises(UsageError, match=words):
        seal(load(changed(spring)), **given)  # type: ignore[arg-type]
    assert seal_path(sealed.path).read_bytes() == before


def test_nothing_changed_is_not_sealed_again(sealed: Protocol) -> None:
    with pytest.raises(UsageError, match="nothing was changed since the seal of 2024-02-01"):
        seal(sealed, LATER, "Ada", "to be sure", again=True)


def test_what_is_not_sealed_cannot_be_sealed_again(spring: str, load: Load) -> None:
    with pytest.raises(UsageError, match="there is no seal yet"):
        seal(load(spring), EARLY, "Ada", "why", again=True)


def tampered(sealed: Protocol, edit: Edit) -> Seals:
    path = seal_path(sealed.path)
    content = json.loads(path.read_text())
    edit(content["seals"])
    path.write_text(json.dumps(content))
    found = read_seals(path)
    assert found is not None
    return found


TAMPERED: dict[str, tuple[Edit, str]] = {
    "the date": (lambda seals: seals[0].update(on="2024-01-01"), "seal 1, .* was edited"),
    "the reason": (lambda seals: seals[1].update(reason="x"), "seal 2, .* was edited"),
    "the protocol": (
        lambda seals: seals[0].update(protocol={"window": {"start": "2024-03-01"}}),
        "seal 1, .* was edited",
    ),
    "the hash": (lambda seals: seals[0].update(hash="0" * 64), "seal 2, .* does not follow"),
    "one taken out": (lambda seals: seals.pop(0), "seal 1, .* does not follow the one before"),
    "the order": (lambda seals: seals.reverse(), "is dated before the one that it follows"),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_a_rewritten_history_is_noticed(
    case: str, spring: str, load: Load, sealed: Protocol
) -> None:
    edit, words = TAMPERED[case]
    again = load(changed(spring))
    seal(again, LATER, "Ada", "smaller", again=True)
    broken = tampered(sealed, edit).broken
    assert re.search(words, "\n".join(broken)), broken
    with pytest.raises(SealError, match="restore git's last version"):
        seal(load(spring), LATE, "Ada", "and again", again=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<<<<<<<", "is not a seal that this version wrote"),
        ('{"schema_version": 1, "seals": []}', "it holds no seal"),
        ('{"schema_version": 2, "seals": []}', "has schema 2"),
        ('{"schema_version": 1, "seals": [{}]}', "it lacks 'on'"),
        (
            '{"schema_version": 1, "seals": [{"on": "2024-02-01", "by": "", "reason": "", "hash":'
            ' "", "after": "", "protocol_hash": "", "protocol": {}}]}',
            "it lacks 'window'",
        ),
    ],
)
def test_what_is_no_seal(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "seal.json"
    path.write_text(text)
    with pytest.raises(SealError, match=words):
        read_seals(path)
