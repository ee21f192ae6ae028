"""Experiments to begin with: each a question, a design that identifies its answer, and words.

A template is a TOML file beside this one: its words, its channels, and the name of one of the
designs in `designs.py`, which gives it courses, arms, waves and assignment.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from evaluator.errors import Problem, UsageError, did_you_mean
from evaluator.experiment.protocol import Channel
from evaluator.experiment.targeting import ContactArm

DEFAULT = "campaign"


@dataclass(frozen=True, slots=True)
class Template:
    """A question worth an experiment, in words, and which design answers it."""

    name: str
    title: str
    design: str
    """One of `designs.DESIGNS`."""
    asks: str
    change: str
    """The intervention: what is done otherwise than now."""
    comparison: str
    """What is compared with what, and that chance decides."""
    outcome: str
    refuted: str
    """What result would say that it does not work."""
    assumed: str
    export: str
    """What data it needs afterwards."""
    origin: str = ""
    """Who asks for it."""
    unit: str = "country"
    channels: tuple[Channel, ...] = ()
    arms: tuple[ContactArm, ...] = ()
    """Of a list of contacts, beside those held out."""


@lru_cache(maxsize=1)
def templates() -> Mapping[str, Template]:
    """Every template by name, the default first."""
    here = files(__package__)
    names = sorted(file.name.removesuffix(".toml") for file in here.iterdir() if _is_one(file.name))
    ordered = [DEFAULT, *(name for name in names if name != DEFAULT)]
    return {name: _read(name, (here / f"{name}.toml").read_text("utf-8")) for name in ordered}


def template_named(name: str) -> Template:
    """The template of this name.

    Raises
    ------
    UsageError : there is none
    """
    known = templates()
    if name not in known:
        what = f'there is no template "{name}"'
        listed = f"templates: {', '.join(known)}"
        raise UsageError(Problem("--template", what, listed, did_you_mean(name, list(known))))
    return known[name]


def _is_one(file: str) -> bool:
    return file.endswith(".toml")


def _read(name: str, text: str) -> Template:
    told = tomllib.loads(text)
    channels = tuple(Channel(**channel) for channel in told.pop("channels", ()))
    arms = tuple(ContactArm(**arm) for arm in told.pop("arms", ()))
    return Template(name, **told, channels=channels, arms=arms)
