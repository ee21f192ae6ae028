"""Whom to contact, with what, and what that is worth: measured on people no model has seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from evaluator.estimators.arrays import Array
from evaluator.targeting.contacts import Codes
from evaluator.targeting.groups import Grouping
from evaluator.targeting.scores import Mean, mean_of, together

NO_ONE = 0


class Advice(StrEnum):
    """What the list says about whom to contact next."""

    CHOOSE = "choose people"
    EVERYONE = "everyone"
    NO_ONE = "no one"
    OPEN = "not settled"
    WITHHELD = "withheld"
    """The data contradict what the list is said to be."""


@dataclass(frozen=True, slots=True)
class Uniform:
    """Everybody treated alike: one arm for all."""

    arm: int
    """0: no one is contacted."""
    value: Mean
    """Per person of the list, against contacting no one."""
    gain: Mean
    """What choosing people adds to it."""


@dataclass(frozen=True, slots=True)
class Fall:
    """How often the policy contacts the people of a group."""

    grouping: str
    group: str
    people: int
    share: float | None
    """Contacted; None: suppressed."""


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """Each person gets the arm whose predicted effect is worth most, or none."""

    action: Codes
    """(people,)"""
    value: Mean
    """Per person of the list, against contacting no one."""
    promised: float
    """The same as the predictions have it."""
    contacted: tuple[float, ...]
    """Share of the list by arm, no one first."""
    uniform: tuple[Uniform, ...]
    """No one, then everyone by arm."""
    falls: tuple[Fall, ...]
    advice: Advice
    advised: int
    """Arm for everyone, where the advice is that; else 0."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What decides about a policy besides its predictions."""

    level: float
    seed: int
    smallest: int
    """Groups of fewer people are suppressed."""
    heterogeneity: bool
    """Whether effects were found to differ between people."""
    sound: bool = True
    """Whether nothing that was found about the list fails."""


def policy(predicted: Array, worth: Array, groups: Sequence[Grouping], setting: Setting) -> Policy:
    """The policy of these predictions and its value.

    Parameters
    ----------
    predicted : worth of each arm for each person, its cost subtracted, by models that have not
        seen the person. (people, arms)
    worth : score of the same, whose mean is the worth. (people, arms)
    """
    action = actions(predicted)
    row = np.arange(len(action))
    of_arm, promised = (np.column_stack([np.zeros(len(row)), own]) for own in (worth, predicted))
    own = of_arm[row, action]
    values = together([mean_of(column) for column in worth.T], worth, setting.level, setting.seed)
    gains = [mean_of(own - column) for column in of_arm.T]
    nothing = Mean(0.0, 0.0, np.inf)
    uniform = tuple(
        Uniform(arm, value, gain)
        for arm, (value, gain) in enumerate(zip([nothing, *values], gains, strict=True))
    )
    shares = np.bincount(action, minlength=of_arm.shape[1]) / len(action)
    advice, advised = _advice(uniform, setting)
    return Policy(
        action,
        mean_of(own),
        float(promised[row, action].mean()),
        tuple(float(share) for share in shares),
        uniform,
        falls(action, groups, setting.smallest),
        advice,
        advised,
    )


def actions(predicted: Array) -> Codes:
    """Arm worth most to each person, 0 where none is worth its cost. (people, arms) → (people,)"""
    best: Codes = predicted.argmax(axis=1) + 1
    return np.where(predicted.max(axis=1) > 0, best, NO_ONE)


def falls(action: Codes, groups: Sequence[Grouping], smallest: int) -> tuple[Fall, ...]:
    """Share of each group that is contacted."""
    contacted = action != NO_ONE
    found = []
    for own in groups:
        for position, label in enumerate(own.labels):
            inside = own.of == position
            people = int(inside.sum())
            share = float(contacted[inside].mean()) if people >= smallest else None
            found.append(Fall(own.name, label, people, share))
    return tuple(found)


def _advice(uniform: Sequence[Uniform], setting: Setting) -> tuple[Advice, int]:
    """Choose people only where that beats every way of treating all alike, surely.

    Each comparison is at the declared level, so that choosing is advised where it is worth
    nothing with a probability of at most half of one minus the level.
    """
    if not setting.sound:
        return Advice.WITHHELD, NO_ONE
    if setting.heterogeneity and all(own.gain.interval(setting.level).low > 0 for own in uniform):
        return Advice.CHOOSE, NO_ONE
    arms = uniform[1:]
    best = max(arms, key=lambda own: own.value.value)
    if best.value.simultaneous(setting.level).low > 0:
        return Advice.EVERYONE, best.arm
    if all(own.value.simultaneous(setting.level).high < 0 for own in arms):
        return Advice.NO_ONE, NO_ONE
    return Advice.OPEN, NO_ONE
