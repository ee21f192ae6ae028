"""Effects in groups of people: declared ones, and those that the predictions make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from evaluator.estimators.arrays import Array, Flags
from evaluator.experiment.geography import CountryGroup
from evaluator.experiment.targeting import Role
from evaluator.sources.loaded import UNKNOWN
from evaluator.targeting.contacts import Codes, Column, Contacts
from evaluator.targeting.scores import Mean, mean_of, together

FIFTHS = 5
OTHER = "other countries"


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """A feature's groups."""

    name: str
    role: Role
    labels: tuple[str, ...]
    of: Codes
    """Group of each person. (people,)"""


@dataclass(frozen=True, slots=True)
class GroupEffect:
    """Mean effect of an arm on the people of a group."""

    grouping: str
    group: str
    people: int
    effect: Mean | None
    """None: suppressed, the group is too small."""


@dataclass(frozen=True, slots=True)
class Fifth:
    """People whose predicted effect is alike: what was predicted, and what happened."""

    position: int
    """From 1, the smallest predictions."""
    people: int
    predicted: float
    realised: Mean


@dataclass(frozen=True, slots=True)
class Linear:
    """Best linear predictor of the effect: realised = mean + slope × (predicted − its mean)."""

    slope: Mean
    """1: predictions are right in size; 0: they tell people apart in nothing."""


def groupings(contacts: Contacts, country_groups: Sequence[CountryGroup]) -> tuple[Grouping, ...]:
    """Groups of every feature that makes some: values of a category, cuts of a number."""
    return tuple(
        _named(column, country_groups)
        for column in contacts.columns
        if column.is_category or column.feature.cuts
    )


def group_effects(
    groups: Sequence[Grouping], scores: Array, smallest: int, level: float, seed: int
) -> tuple[GroupEffect, ...]:
    """Effect in every group, with intervals that hold for all groups at once.

    Parameters
    ----------
    scores : of one arm. (people,)
    smallest : groups of fewer people are suppressed
    """
    members = [
        (own, label, own.of == position)
        for own in groups
        for position, label in enumerate(own.labels)
    ]
    shown = [inside for _, _, inside in members if inside.sum() >= smallest]
    means = [mean_of(scores[inside]) for inside in shown]
    held = iter(together(means, _influence(shown, scores), level, seed))
    return tuple(
        GroupEffect(
            own.name,
            label,
            int(inside.sum()),
            next(held) if inside.sum() >= smallest else None,
        )
        for own, label, inside in members
    )


def fifths(
    predicted: Array, scores: Array, fold: Codes, level: float, seed: int
) -> tuple[Fifth, ...]:
    """Realised effect by fifths of the predicted one (grouped effects, GATES).

    People are ranked among those whom the same model predicts: predictions of different thirds
    are not alike in level, and ranked together they would tell of the thirds.

    Parameters
    ----------
    predicted : by models that have not seen the person. (people,)
    """
    at = np.minimum((ranks(predicted, fold) * FIFTHS).astype(int), FIFTHS - 1)
    inside = [at == position for position in range(FIFTHS)]
    inside = [own for own in inside if own.sum() > 1]
    means = together(
        [mean_of(scores[own]) for own in inside], _influence(inside, scores), level, seed
    )
    return tuple(
        Fifth(position, int(own.sum()), float(predicted[own].mean()), mean)
        for position, (own, mean) in enumerate(zip(inside, means, strict=True), 1)
    )


def best_linear(predicted: Array, scores: Array, fold: Codes) -> Linear | None:
    """Slope of realised on predicted effects; None where all predictions are alike.

    Chernozhukov, Demirer, Duflo & Fernández-Val (2025): least squares of the scores on the
    predictions, each less its mean in its third; robust standard error (HC1).
    """
    centred = predicted - _fold_means(predicted, fold)
    variation = float((centred**2).sum())
    if variation <= 1e-12 * max(float((predicted**2).sum()), 1e-12):
        return None
    slope = float((centred * scores).sum()) / variation
    residual = scores - scores.mean() - slope * centred
    n = len(scores)
    se = float(np.sqrt((centred**2 * residual**2).sum() * n / (n - 2))) / variation
    return Linear(Mean(slope, se, n - 2.0))


def ranks(predicted: Array, fold: Codes) -> Array:
    """Rank among those of the same fold, from 0 to 1; ties share theirs. (people,)"""
    from scipy import stats

    ranked = np.empty(len(predicted))
    for held in np.unique(fold):
        own = fold == held
        ranked[own] = (stats.rankdata(predicted[own]) - 0.5) / own.sum()
    return ranked


def _fold_means(values: Array, fold: Codes) -> Array:
    sums, counts = np.bincount(fold, weights=values), np.bincount(fold)
    means: Array = (sums / np.maximum(counts, 1))[fold]
    return means


def _influence(inside: Sequence[Flags], scores: Array) -> Array:
    """What each person adds to the mean of each group. (people, groups)"""
    columns = [np.where(own, (scores - scores[own].mean()) / own.sum(), 0.0) for own in inside]
    return np.column_stack(columns) if columns else np.empty((len(scores), 0))


def _named(column: Column, country_groups: Sequence[CountryGroup]) -> Grouping:
    feature = column.feature
    if column.is_category:
        named = np.array(column.levels)
        if feature.role is Role.COUNTRY and country_groups:
            home = {country: own.name for own in country_groups for country in own.countries}
            named = np.array([home.get(level, OTHER) for level in column.levels])
            names = [own.name for own in country_groups] + [OTHER]
            labels = [name for name in names if name in named]
            return _placed(column, labels, named[column.codes])
        return _placed(column, column.levels, named[column.codes])
    labels = [*_cut_labels(column), UNKNOWN]
    blank = np.isnan(column.values)
    at = np.where(blank, len(labels) - 1, np.searchsorted(feature.cuts, column.values, "right"))
    found = np.array(labels)[at]
    return _placed(column, [label for label in labels if label in set(found)], found)


def _placed(column: Column, labels: Sequence[str], of: NDArray[np.str_]) -> Grouping:
    position = {label: index for index, label in enumerate(labels)}
    codes = np.array([position[label] for label in of], dtype=np.intp)
    return Grouping(column.feature.name, column.feature.role, tuple(labels), codes)


def _cut_labels(column: Column) -> Iterator[str]:
    """Of whole numbers "0", "1–3", "4+"; of others "<1", "1 to <4", "4+"."""
    cuts = column.feature.cuts
    values = column.values[~np.isnan(column.values)]
    whole = bool((values == np.round(values)).all()) and all(cut == round(cut) for cut in cuts)
    lowest = float(values.min())
    yield _range(lowest, cuts[0], whole=whole, first=True)
    for low, high in pairwise(cuts):
        yield _range(low, high, whole=whole)
    yield f"{cuts[-1]:g}+"


def _range(low: float, high: float, *, whole: bool, first: bool = False) -> str:
    if whole:
        return f"{low:g}" if high - low <= 1 else f"{low:g}–{high - 1:g}"
    return f"<{high:g}" if first else f"{low:g} to <{high:g}"
