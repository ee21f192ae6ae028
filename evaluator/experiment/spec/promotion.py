"""What was done: channels, waves, groups of countries; and what else happened."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from evaluator.experiment.spec.judged import SpanTable
from evaluator.experiment.spec.table import Arm, Table, Text, Texts

ChannelKind = Literal["paid", "organic", "email", "page"]


class ChannelTable(Table):
    """A medium with waves."""

    name: Text = Field(description="Name that waves use.")
    kind: ChannelKind = Field(description="How it reaches people.")
    network: str = Field("", description="Network or pages, for people.")
    tag: Text | None = Field(None, description="Last-touch label of this channel on an enrolment.")


class BudgetTable(Table):
    """How the money of a wave was to be split; the shares add up to 1."""

    A: float = Field(ge=0, le=1, description="Share of arm A.")
    B: float = Field(ge=0, le=1, description="Share of arm B.")
    assumed: bool = Field(False, description="Whether the split is assumed, not published.")


class WaveTable(Table):
    """One burst of promotion on one channel."""

    id: Text = Field(description="Name of the wave, also in tables of delivery.")
    channel: Text = Field(description="Name of a declared channel.")
    courses: Texts = Field([], description="Promoted courses it advertises; none: the portfolio.")
    portfolio: bool = Field(
        False, description="Whether it also advertises courses nobody promoted individually."
    )
    start: date = Field(description="First day.")
    end: date | None = Field(None, description="Last day, included; by default the first.")
    arms: list[Arm] = Field(["A", "B"], min_length=1, description="Arms it went to.")
    assumed: bool = Field(False, description="Whether its dates are assumed, not published.")
    bounds: SpanTable | None = Field(None, description="Published bounds of assumed dates.")
    budget: BudgetTable | None = Field(None, description="Planned split of its money by arm.")


class CountryGroupTable(Table):
    """Countries that are looked at together."""

    name: Text = Field(description="Name of the group.")
    countries: Texts = Field(min_length=1, description="Its countries, as the data write them.")
    claimed_weak: Texts = Field([], description="Channels published as weak here.")


class EventTable(Table):
    """Something else that happened: a previous campaign, an incident, a deadline."""

    name: Text = Field(description="What happened, in a few words.")
    start: date = Field(description="First day.")
    end: date | None = Field(None, description="Last day, included; by default the first.")
    courses: Texts = Field([], description="Courses concerned; none: not known, possibly all.")
    note: str = Field("", description="Anything a reader should know.")
    left_out: bool = Field(
        False, description="Whether series with only their own past leave out its days."
    )
