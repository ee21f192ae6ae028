"""What the targeting verb promises, measured: `python tests/calibration/targeting.py STUDY [N]`.

Two studies, each printed as the table that `targeting.toml` beside this file holds:

`null`: on lists whose effects are the same for everybody, how often choosing people is advised.
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
from evaluator.targeting.groups import FIFTHS, ranks
from evaluator.targeting.policy import Advice
from evaluator.targeting.targeted import Targeted, learn

ROOT = Path(__file__).resolve().parents[2]
Array = NDArray[np.float64]
LEVEL = 0.95


def null_lists(seeds: range, people: int) -> Iterator[Targeted]:
    """Answers of lists of the newsletter fixture on which everybody has the same effect."""
    make = _fixture()
    protocol = load_protocol(ROOT / "experiments" / "newsletter-holdout")
    for seed in seeds:
        made = make.drawn(np.random.default_rng([seed, 8]), planted=False, people=people)
        contacts = _contacts(made.table, protocol)
        yield learn(contacts, dataclasses.replace(protocol, seed=seed))


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


def study_null(sets: int, people: int) -> None:
    answers = list(null_lists(range(sets), people))
    print(f"[null]\npeople = {people}\nsets = {sets}")
    print(f"choose = {sum(a.policy.advice is Advice.CHOOSE for a in answers)}")
    print(f"heterogeneity = {sum(a.heterogeneity.found for a in answers)}")
    one = sum(all(learner.name == "one effect" for learner in a.in_thirds) for a in answers)
    print(f"one_effect_in_all_thirds = {one}\n")


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


if __name__ == "__main__":
    number = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    if sys.argv[1] == "null":
        study_null(number, int(sys.argv[3]) if len(sys.argv) > 3 else 2936)
    else:
        study_simulators(number)
