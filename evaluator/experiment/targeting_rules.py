"""What must hold between the keys of a contact list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from evaluator.experiment.faults import Fault, dotted, wrong
from evaluator.experiment.positions import Keys
from evaluator.experiment.tables import Document, tables, value_of

READ = ("contact", "arm", "outcome")
"""Columns that a list has besides its features."""


def targeting_faults(document: Document) -> Iterator[Fault]:
    """Every rule of `[targeting]` that the document breaks."""
    for keys, targeting in tables(document, "targeting"):
        arms = [*tables(targeting, "holdout"), *tables(targeting, "arms")]
        features = list(tables(targeting, "features"))
        yield from _named_once(keys, arms, "arm")
        yield from _named_once(keys, features, "feature")
        yield from _shares(keys, [table for _, table in arms])
        for inner, feature in features:
            yield from _feature((*keys, *inner), feature, _sent(document))


def _named_once(outer: Keys, found: list[tuple[Keys, Document]], what: str) -> Iterator[Fault]:
    first: dict[str, Keys] = {}
    for keys, table in found:
        name = value_of(table, "name", str)
        if name is not None and first.setdefault(name, keys) != keys:
            rule = f"{dotted((*outer, *first[name]))} has this name"
            yield wrong((*outer, *keys, "name"), name, f"names a second {what}", rule)


def _shares(keys: Keys, arms: list[Document]) -> Iterator[Fault]:
    """Chance has a probability for every arm, or for none; and they add up."""
    shares = [float(arm["share"]) for arm in arms if isinstance(arm.get("share"), int | float)]
    if shares and len(shares) < len(arms):
        what = f"{dotted(keys)} has a share for {len(shares)} of {len(arms)} arms"
        rule = "where chance decided, the hold-out and every arm have a share; else none has"
        yield Fault(keys, what, rule)
    elif shares and abs(sum(shares) - 1) > 1e-6:
        what = f"the shares of {dotted(keys)} add up to {sum(shares):g}"
        yield Fault(keys, what, "everybody is in one arm, or held out: shares add up to 1")


def _feature(keys: Keys, feature: Document, sent: date | None) -> Iterator[Fault]:
    known, name = value_of(feature, "known", date), value_of(feature, "name", str)
    if known and sent and known >= sent:
        rule = f"window.start = {sent} is the day of sending: what is known later may be its effect"
        hint = f"take {name} as it was before, or leave the feature out"
        yield wrong((*keys, "known"), known, "is not before the sending", rule, hint)
    if name in READ:
        yield wrong((*keys, "name"), name, "is a column of every list", "a feature is another")
    cuts = feature.get("cuts", [])
    if cuts and feature.get("kind") == "category":
        what = f"{dotted((*keys, 'cuts'))} is not used"
        yield Fault((*keys, "cuts"), what, "the groups of a category are its values")
    elif isinstance(cuts, list) and all(isinstance(cut, int | float) for cut in cuts):
        if cuts != sorted(cuts):
            yield wrong((*keys, "cuts"), cuts, "is not in order", "cuts go up")


def _sent(document: Document) -> date | None:
    return next((value_of(window, "start", date) for _, window in tables(document, "window")), None)
