import csv
import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evaluator.errors import UsageError
from evaluator.experiment import load_protocol
from evaluator.experiment.protocol import Protocol
from evaluator.experiment.targeting import ContactArm
from evaluator.report.targeting.to_json import to_dict, to_json
from evaluator.report.targeting.write import document_of, write_scores
from evaluator.results import Status
from evaluator.targeting import NoUplift, Targeted, target, targeted
from evaluator.targeting.contacts import read_contacts
from evaluator.targeting.learners import LEARNERS

Build = Callable[..., Protocol]
QUICK = [learner for learner in LEARNERS if learner.name in ("one effect", "R linear")]


def drawn_by_nobody(protocol: Protocol) -> dict[str, object]:
    """The declaration of a list without probabilities."""
    own = protocol.targeting
    assert own is not None
    arms = tuple(ContactArm(arm.name, None, arm.cost) for arm in own.arms)
    return {"holdout": ContactArm(own.holdout.name), "arms": arms}


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of a JSON value, inner ones as well."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from objects(item)


def test_the_effect_is_the_plain_comparison_of_arms(answer: Targeted, longer: pd.DataFrame) -> None:
    enrolled = pd.to_datetime(longer["enrolled_on"]).between("2022-12-07", "2023-01-03")
    rates = enrolled.groupby(longer["arm"]).mean()
    for arm in answer.arms:
        assert arm.plain.value == pytest.approx(rates[arm.arm] - rates["none"])
        assert abs(arm.adjusted.value - arm.plain.value) < arm.plain.se
    (between,) = answer.between
    assert between.effect.value == pytest.approx(rates["portfolio"] - rates["own_topic"])
    names = [finding.name for finding in answer.findings]
    assert names.count("scores agree with arms") == 2


def test_what_was_planted_is_found(answer: Targeted) -> None:
    """8,000 people: own_topic moves two personae by ten in a hundred, and hardly the others."""
    assert answer.heterogeneity.found
    (own_topic,) = (arm for arm in answer.arms if arm.arm == "own_topic")
    effects = {own.group: own.effect for own in own_topic.groups if own.grouping == "persona"}
    moved, unmoved = effects["trade union officer"], effects["public servant"]
    assert moved is not None
    assert unmoved is not None
    assert moved.value > unmoved.value
    assert answer.importance[0].feature == "persona"


def test_the_same_list_the_same_bytes(
    answer: Targeted, people: pd.DataFrame, with_list: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(targeted, "learners_for", lambda _: QUICK)
    protocol = dataclasses.replace(answer.protocol)
    contacts = read_contacts(with_list(people))
    first, second = (targeted.learn(contacts, protocol) for _ in range(2))
    assert to_json(first, document_of(first)) == to_json(second, document_of(second))


def test_no_result_holds_a_key(answer: Targeted, longer: pd.DataFrame) -> None:
    text = to_json(answer, document_of(answer))
    assert not any(key in text for key in longer["contact"])


def test_scores_are_a_key_and_a_segment(
    longer: pd.DataFrame, make: ModuleType, with_list: Build, answer: Targeted, tmp_path: Path
) -> None:
    upcoming = make.drawn(np.random.default_rng(9), planted=True, people=300).table
    protocol = with_list(longer, upcoming)
    scored = dataclasses.replace(answer, protocol=protocol)
    for advice in ("choose people", "everyone"):
        policy = dataclasses.replace(
            answer.policy, advice=type(answer.policy.advice)(advice), advised=2
        )
        file = tmp_path / f"{advice}.csv"
        write_scores(dataclasses.replace(scored, policy=policy), file)
        with file.open(encoding="utf-8") as lines:
            head, *rows = list(csv.reader(lines))
        assert head == ["contact", "segment"]
        assert [key for key, _ in rows] == upcoming["contact"].tolist()
        counted = Counter(segment for _, segment in rows)
        assert set(counted) <= {"none", "portfolio", "own_topic"}
        assert (len(counted) > 1) == (advice == "choose people")


def test_without_a_holdout_it_is_refused(root: Path) -> None:
    """Experiment no. 2: the newsletter went to all; nobody can be compared."""
    protocol = load_protocol(root / "experiments" / "itcilo-2022")
    answer = target(protocol)
    assert isinstance(answer, NoUplift)
    assert answer.people == 11_742
    said = " ".join(answer.reasons)
    for words in ("all 11,742 recipients: nobody was held out", "the networks chose who saw them"):
        assert words in said
    document = document_of(answer)
    assert any("hold some out" in step for step in document.steps)
    assert to_dict(answer, document)["status"] == "refused"
    with pytest.raises(UsageError, match="nobody can be scored"):
        write_scores(answer, Path("scores.csv"))


def test_a_holdout_halves_the_error_with_four_times_the_people(root: Path) -> None:
    """n = 11,742, one in ten held out, 3%: 2.8 √(.0291/11,742 · (1/.1 + 1/.9)) = .0147."""
    answer = target(load_protocol(root / "experiments" / "itcilo-2022"))
    assert isinstance(answer, NoUplift)
    (one,) = (own for own in answer.detectable if (own.share, own.rate) == (0.1, 0.03))
    assert one.effect == pytest.approx(0.0147, abs=0.00005)
    assert one.between == 2 * one.effect


def test_a_list_that_chance_did_not_draw_is_refused(
    declared: Protocol, people: pd.DataFrame, with_list: Build
) -> None:
    answer = target(with_list(people, **drawn_by_nobody(declared)))
    assert isinstance(answer, NoUplift)
    assert "--observational" in answer.reasons[-1]


def test_observational_is_associational_everywhere(
    declared: Protocol, people: pd.DataFrame, with_list: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Contacted were those who open: the plain difference is far off, the weighted one is not."""
    monkeypatch.setattr(targeted, "learners_for", lambda _: QUICK)
    protocol = with_list(people, **drawn_by_nobody(declared))
    answer = target(protocol, observational=True)
    assert isinstance(answer, Targeted)
    assert answer.associational
    names = {finding.name: finding for finding in answer.findings}
    assert {"overlap", "balance", "identification"} == set(names)
    assert names["balance"].status is Status.PASS
    assert "DoWhy" in names["identification"].sentence
    document = document_of(answer)
    assert all("associational" in table.heading for table in document.tables)
    assert "associational" in document.sentences[0]
    assert "ssociational" in document.sentences[-1]
    content = to_dict(answer, document)
    assert content["reading"] == "associational"
    parts = ("arms", "between", "heterogeneity", "policy", "importance", "learners")
    rows = [row for name in parts for row in objects(content[name])]
    assert len(rows) > 100
    assert all(row["reading"] == "associational" for row in rows)
    with pytest.raises(UsageError, match="nobody is scored by associations"):
        write_scores(answer, Path("scores.csv"))
