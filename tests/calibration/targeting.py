"""What the targeting verb promises, measured: `python tests/calibration/targeting.py STUDY [N]`.

Each study is printed as the table that `targeting.toml` beside this file holds:

`null [N [PEOPLE]]`: on lists whose effects are the same for everybody, how often choosing people is
advised; `breakeven`: the same where each contact is worth exactly what it costs, the hard case;
`free`: effects differ, but a contact costs nothing, so that everyone is as good as any choice.
`groups`: how often intervals of declared groups hold what is planted.
`simulators`: on CausalML's simulators, how often intervals hold the truth they are about, and
what a policy was promised to be worth, was measured to be worth, and is worth.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluator.experiment import load_protocol
from evaluator.experiment.protocol import Protocol
from evaluator.experiment.targeting import (
    ContactArm,
    Feature,
    FeatureKind,
    OutcomeKind,
    Role,
    Targeting,
)
from evaluator.targeting.contacts import Column, Contacts
from evaluator.targeting.crossfit import Sample, folds_of, nuisances
from evaluator.targeting.features import coding_of
from evaluator.targeting.groups import FIFTHS, group_effects, groupings, ranks
from evaluator.targeting.policy import Advice
from evaluator.targeting.scores import effect_scores
from evaluator.targeting.targeted import Targeted, learn

ROOT = Path(__file__).resolve().parents[2]
Array = NDArray[np.float64]
LEVEL = 0.95


def null_lists(kind: str, seeds: range, people: int) -> Iterator[Targeted]:
    """Answers of lists of the newsletter fixture on which choosing people is worth nothing more.

    Parameters
    ----------
    kind : "null": all have the same effect, worth more than its cost. "breakeven": and worth just
        that. "free": effects differ, none is below zero, and a contact costs nothing.
    """
    make = _fixture()
    protocol = load_protocol(ROOT / "experiments" / "newsletter-holdout")
    chance = make.drawn(np.random.default_rng(1), planted=False, people=2).chance[0]
    assert protocol.targeting is not None
    value = protocol.targeting.value
    costs = {
        "null": (0.08, 0.08),
        "breakeven": [value * float(rate - chance[0]) for rate in chance[1:]],
        "free": (0.0, 0.0),
    }
    arms = tuple(
        dataclasses.replace(arm, cost=cost)
        for arm, cost in zip(protocol.targeting.arms, costs[kind], strict=True)
    )
    targeting = dataclasses.replace(protocol.targeting, arms=arms)
    for seed in seeds:
        own = dataclasses.replace(protocol, seed=seed, targeting=targeting)
        rng = np.random.default_rng([seed, 8])
        made = make.drawn(rng, planted=kind == "free", people=people)
        yield learn(_contacts(made.table, own), own)


@dataclasses.dataclass(frozen=True)
class Simulated:
    """What came of one data set of a simulator, against its truth."""

    own: list[bool]
    """Whether the interval of each fifth holds its true effect."""
    together: bool
    """Whether all simultaneous intervals of the fifths do."""
    all_: bool
    """Whether the interval of the effect on all does."""
    promised: float
    measured: float
    realised: float
    policy: bool
    """Whether the interval of the policy's worth holds what it is worth."""


def simulated(simulator: str, seed: int, people: int = 2000) -> Simulated:
    """One data set: half of the people contacted, five features, effects between −2 and 2."""
    from causalml.dataset import regression

    np.random.seed(seed)  # noqa: NPY002 - the simulator reads the global generator
    outcome, X, w, tau, _, _ = getattr(regression, simulator)(n=people, p=5, sigma=1.0)
    cost = float(np.median(tau))
    contacts = Contacts(
        np.arange(people).astype(str),
        w.astype(np.intp),
        outcome,
        tuple(_number(f"x{k}", X[:, k]) for k in range(5)),
        ("out", "in"),
    )
    answer = learn(contacts, _protocol(seed, cost))
    arm, policy = answer.arms[0], answer.policy
    truths = _true_fifths(answer, tau)
    own = [
        truth in fifth.realised.interval(LEVEL)
        for fifth, truth in zip(arm.fifths, truths, strict=True)
    ]
    together = all(
        truth in fifth.realised.simultaneous(LEVEL)
        for fifth, truth in zip(arm.fifths, truths, strict=True)
    )
    realised = float(np.where(policy.action == 1, tau - cost, 0.0).mean())
    return Simulated(
        own,
        together,
        float(tau.mean()) in arm.adjusted.interval(LEVEL),
        policy.promised,
        policy.value.value,
        realised,
        realised in policy.value.interval(LEVEL),
    )


def groups_held(seed: int, people: int) -> Iterator[tuple[list[bool], bool]]:
    """Of each arm: whether its groups' own intervals hold their effects; and all at once."""
    made = _fixture().drawn(np.random.default_rng([seed, 9]), planted=True, people=people)
    protocol = load_protocol(ROOT / "experiments" / "newsletter-holdout")
    contacts = _contacts(made.table, protocol)
    X = coding_of(contacts).matrix(contacts.columns)
    shares = np.tile([0.30, 0.35, 0.35], (people, 1))
    sample = Sample(X, contacts.arm, contacts.outcome, shares)
    scores = effect_scores(sample, nuisances(sample, folds_of(sample, seed)))
    groups = groupings(contacts, protocol.country_groups)
    for k in range(2):
        truth = made.chance[:, k + 1] - made.chance[:, 0]
        own, together = [], []
        for one in group_effects(groups, scores[:, k], 50, LEVEL, seed):
            (grouping,) = (each for each in groups if each.name == one.grouping)
            inside = grouping.of == grouping.labels.index(one.group)
            if one.effect is not None:
                effect = float(truth[inside].mean())
                own.append(effect in one.effect.interval(LEVEL))
                together.append(effect in one.effect.simultaneous(LEVEL))
        yield own, all(together)


def _true_fifths(answer: Targeted, tau: Array) -> list[float]:
    """True mean effect of the people of each fifth."""
    crossfitted = answer.learned.crossfitted
    predicted, fold = crossfitted.uplift[:, 0], crossfitted.fold
    at = np.minimum((ranks(predicted, fold) * FIFTHS).astype(int), FIFTHS - 1)
    return [float(tau[at == k].mean()) for k in range(FIFTHS) if (at == k).sum() > 1]


def _number(name: str, values: Array) -> Column:
    return Column(_feature(name), values)


def _feature(name: str) -> Feature:
    return Feature(name, FeatureKind.NUMBER, date(2022, 12, 1), Role.BEHAVIOUR)


def _protocol(seed: int, cost: float) -> Protocol:
    protocol = load_protocol(ROOT / "experiments" / "newsletter-holdout")
    targeting = Targeting(
        source="contacts",
        outcome=OutcomeKind.NUMBER,
        value=1.0,
        holdout=ContactArm("out", 0.5),
        arms=(ContactArm("in", 0.5, cost),),
        features=tuple(_feature(f"x{k}") for k in range(5)),
    )
    return dataclasses.replace(protocol, seed=seed, targeting=targeting)


def _contacts(table: Any, protocol: Protocol) -> Contacts:
    """The list as the program would read it from a file."""
    from evaluator.targeting.contacts import Sheet, contacts_of

    cells = table.rename(columns={"enrolled_on": "outcome"}).astype(str).replace("", None)
    return contacts_of(Sheet(cells, ("drawn",), {}), protocol)


def _fixture() -> ModuleType:
    path = ROOT / "fixtures" / "newsletter-holdout" / "make.py"
    spec = importlib.util.spec_from_file_location("make_newsletter_holdout", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def study_null(kind: str, sets: int, people: int) -> None:
    answers = list(null_lists(kind, range(sets), people))
    print(f"[{kind}_{people}]\nsets = {sets}")
    for advice in Advice:
        said = sum(answer.policy.advice is advice for answer in answers)
        print(f"{advice.name.lower()} = {said}")
    print(f"heterogeneity = {sum(a.heterogeneity.found for a in answers)}")
    one = sum(all(learner.name == "one effect" for learner in a.in_thirds) for a in answers)
    print(f"one_effect_in_all_thirds = {one}")
    if kind == "breakeven":
        print(f"worth_held = {sum(0.0 in a.policy.value.interval(LEVEL) for a in answers)}")
        worth = np.array([a.policy.value.value for a in answers])
        print(f"worth = {worth.mean():.4f}  # in truth 0")
        print(f"worth_se = {worth.std() / sets**0.5:.4f}")
    print(flush=True)


def study_groups(sets: int, people: int) -> None:
    found = [hits for seed in range(sets) for hits in groups_held(seed, people)]
    print(f"[groups]\npeople = {people}\nsets = {sets}\narms = {len(found)}")
    print(f"groups = {sum(len(hits) for hits, _ in found)}")
    print(f"groups_held = {sum(sum(hits) for hits, _ in found)}")
    print(f"all_groups_held = {sum(together for _, together in found)}\n")


def study_simulators(sets: int) -> None:
    # Of CausalML's simulators this one is a trial; another has no effect that differs.
    for simulator in ("simulate_randomized_trial",):
        found = [simulated(simulator, seed) for seed in range(sets)]
        own = [hit for one in found for hit in one.own]
        print(f"[{simulator}]\npeople = 2000\nsets = {sets}")
        print(f"fifths = {len(own)}\nfifths_held = {sum(own)}")
        print(f"all_fifths_held = {sum(one.together for one in found)}")
        print(f"effect_on_all_held = {sum(one.all_ for one in found)}")
        print(f"policy_held = {sum(one.policy for one in found)}")
        for name in ("promised", "measured", "realised"):
            values = np.array([getattr(one, name) for one in found])
            print(f"{name} = {values.mean():.4f}  # s.e. {values.std() / sets**0.5:.4f}")
        print()


def main(study: str, sets: int = 200, people: int = 2936) -> None:
    if study in ("null", "breakeven", "free"):
        study_null(study, sets, people)
    elif study == "groups":
        study_groups(sets, people)
    else:
        study_simulators(sets)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
