"""Lists of the newsletter fixture, drawn again: short ones, and what is wrong with them."""

from __future__ import annotations

import dataclasses
import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evaluator.experiment import load_protocol
from evaluator.experiment.protocol import Protocol
from evaluator.targeting import Targeted, targeted
from evaluator.targeting.contacts import read_contacts
from evaluator.targeting.learners import LEARNERS, one_thread

QUICK = [learner for learner in LEARNERS if learner.name in ("one effect", "R linear", "T linear")]


@pytest.fixture(scope="session", autouse=True)
def alone() -> Iterator[None]:
    """As in the verb: threads that wait for each other on a busy machine take minutes."""
    with one_thread():
        yield


@pytest.fixture(scope="session")
def make(root: Path) -> ModuleType:
    """The program that made the shipped lists."""
    path = root / "fixtures" / "newsletter-holdout" / "make.py"
    spec = importlib.util.spec_from_file_location("make_newsletter_holdout", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def declared(root: Path) -> Protocol:
    return load_protocol(root / "experiments" / "newsletter-holdout")


@pytest.fixture(scope="session")
def people(make: ModuleType) -> pd.DataFrame:
    """A list of 2,400 people whose effects differ."""
    table: pd.DataFrame = make.drawn(np.random.default_rng(1), planted=True, people=2400).table
    return table


@pytest.fixture(scope="session")
def with_list(
    declared: Protocol, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Protocol]:
    """The declared experiment with another list, and other declarations about it."""

    def build(
        table: pd.DataFrame, upcoming: pd.DataFrame | None = None, **changes: Any
    ) -> Protocol:
        folder = tmp_path_factory.mktemp("list")
        files = {"contacts": table, "next": upcoming}
        sources = []
        for source in declared.sources:
            own = files[source.name]
            path = folder / f"{source.name}.csv"
            if own is not None:
                own.to_csv(path, index=False)
                sources.append(dataclasses.replace(source, paths=(path,)))
        targeting = declared.targeting
        assert targeting is not None
        given = {"next": "next" if upcoming is not None else None} | changes
        return dataclasses.replace(
            declared,
            path=folder / "experiment.toml",
            sources=tuple(sources),
            targeting=dataclasses.replace(targeting, **given),
        )

    return build


@pytest.fixture(scope="session")
def longer(make: ModuleType) -> pd.DataFrame:
    """A list of 8,000 people whose effects differ."""
    table: pd.DataFrame = make.drawn(np.random.default_rng(2), planted=True, people=8000).table
    return table


@pytest.fixture(scope="session")
def answer(longer: pd.DataFrame, with_list: Callable[..., Protocol]) -> Targeted:
    """What the longer list says, by three quick learners."""
    protocol = with_list(longer)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(targeted, "learners_for", lambda _: QUICK)
        return targeted.learn(read_contacts(protocol), protocol)
