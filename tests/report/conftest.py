"""A hand-made evaluation: one row of each kind."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluator import Result
from evaluator.comparisons.wording import raised_by
from evaluator.evaluation import Accounting, Evaluation, Series
from evaluator.experiment.planned import Mailing, PlannedChannel, PlannedMarkets, plan_of
from evaluator.experiment.protocol import Course, DataKind, Event, Others, Protocol, Question, Span
from evaluator.inference.distributions import StudentT
from evaluator.planning.bought import Bought
from evaluator.planning.budget import Cell, expected, split, yields
from evaluator.planning.prospect import Prospect
from evaluator.planning.prospect import prospect as prospect_of
from evaluator.planning.varied import Axis
from evaluator.report.page import to_html
from evaluator.resampling.simulate import simulate
from evaluator.results import (
    Amount,
    Beside,
    Bounds,
    Effect,
    Estimand,
    EventStudy,
    Evidence,
    Extra,
    Finding,
    Interval,
    Lead,
    Measured,
    Placebos,
    Row,
    RowKey,
    RowRole,
    RowStatus,
    Simultaneous,
    Status,
    Verdict,
    Without,
)
from tests.worlds import Small, met, protocol_of, world_of

ESTIMAND = Estimand(
    "log lift",
    "this with that",
    "being promoted",
    ("parallel trends",),
    "the rest",
    raised_by("individual promotion"),
)
QUESTION = "promoted_vs_other"


@pytest.fixture
def make_row() -> Callable[..., Row]:
    """A row of one course with a t(10) effect; fields can be replaced."""

    def make(course: str = "OLD", log_lift: float = 0.7, scale: float = 0.1, **other: Any) -> Row:
        law = StudentT(np.asarray(log_lift), np.asarray(scale), 10.0)
        row = Row(
            RowKey(QUESTION, course, method="size_adjusted_ratio"),
            RowRole.HEADLINE,
            RowStatus.ESTIMATED,
            ESTIMAND,
            Verdict.RAISED,
            level=0.95,
            effect=Effect(log_lift, law, ESTIMAND),
            extra=Extra(amount(1234.5, 1000.2, 1456.8), amount(1234.5, 900.0, 1500.0)),
            observed=2468.0,
            n_reference=8,
            n_window=12,
        )
        return replace(row, **other)

    return make


@pytest.fixture
def believed(make_row: Callable[..., Row]) -> Row:
    """A row that was looked at closely: every kind of evidence, two wider intervals."""
    weeks = tuple(
        Lead(week, log_lift, around(log_lift, 0.2), around(log_lift, 0.3))
        for week, log_lift in zip(range(-8, 4), [0.0] * 8 + [0.7] * 4, strict=True)
    )
    sizes = (0.0, 1.0, 2.0)
    placebos = Placebos("in space", tuple(-0.19 + 0.02 * n for n in range(20)), 1 / 21)
    evidence = Evidence(
        EventStudy(weeks, 0.9, 0.001, Interval(-0.01, 0.012, 0.95), 0.05, 0.83),
        (
            Bounds(
                "relative magnitudes", sizes, tuple(around(0.7, 0.2 + 0.4 * m) for m in sizes), 1.4
            ),
            Bounds("smoothness", sizes, tuple(around(0.7, 0.2 + 0.1 * m) for m in sizes), math.inf),
        ),
        (placebos, replace(placebos, kind="in time", p=0.04)),
        (Without("course", "OTHER", 0.5), Without("week", "3 Jan 2022", 0.8)),
        (
            Measured("placebo", 1.0, 1000, 0.946, 0.012, 0.05, 0.22, 1.1),
            Measured("fitted", 1.5, 1000, 0.951, 0.007, 0.31, 0.23, 1.0),
        ),
    )
    beside = (
        Beside("stretched to its measured coverage", 1.5),
        Beside("allowing for trends", interval=Interval(-0.05, 1.2, 0.95)),
    )
    return make_row(
        verdict=Verdict.NOT_PRECISE,
        coverage=0.946,
        coverage_se=0.012,
        beside=beside,
        breakdown=1.4,
        evidence=evidence,
    )


@pytest.fixture
def refused() -> Row:
    reason = "no history, so nothing to compare with"
    key = RowKey(QUESTION, "NEW", method="size_adjusted_ratio")
    return Row(
        key,
        RowRole.HEADLINE,
        RowStatus.REFUSED,
        ESTIMAND,
        Verdict.REFUSED,
        level=0.95,
        observed=99.0,
        reason=reason,
    )


@pytest.fixture
def warning() -> Finding:
    return Finding("calendar", Status.WARN, "the other courses peak", "declare it", -0.5)


@pytest.fixture
def evaluation(make_row: Callable[..., Row], refused: Row, warning: Finding) -> Evaluation:
    """A pooled row, a course with a simultaneous effect, its sensitivity, and a refused course."""
    pooled = make_row("all")
    course = make_row("OLD", findings=(warning,))
    assert course.effect is not None
    course = replace(course, simultaneous=Simultaneous(course.effect, 2.0, 0.004))
    other = make_row(
        "OLD",
        0.5,
        key=replace(course.key, variant="reference: last 4 weeks"),
        role=RowRole.SENSITIVITY,
    )
    ranked = make_row(
        "OLD", 0.6, key=replace(course.key, method="ranked_ratio"), role=RowRole.ROBUSTNESS
    )
    shown = Series(
        *(course.key, (date(2022, 1, 3),), (5.0,), (4.0,), (3.0,), (6.0,)),
        *((True,), (False,), (7,), (50.0,)),
    )
    accounting = Accounting(
        arm="all",
        total=2567.0,
        identified=2468.0,
        identified_courses=("OLD",),
        descriptive=0.0,
        descriptive_courses=(),
        not_identifiable=99.0,
        not_identifiable_courses=("NEW",),
        extra=amount(1234.5, 1000.2, 1456.8),
    )
    rows = (pooled, course, other, ranked, refused)
    data = Finding("identical events", Status.PASS, "no two events are identical")
    return Evaluation(
        protocol(), "b" * 64, "c" * 64, rows, (data,), accounting, (shown,), (("OLD", ("KE",)),)
    )


def around(value: float, reach: float) -> Interval:
    return Interval(value - reach, value + reach, 0.95)


def amount(value: float, low: float, high: float) -> Amount:
    return Amount(value, Interval(low, high, 0.95), 0.001)


def protocol() -> Protocol:
    return Protocol(
        name="small",
        title="A small experiment",
        path=Path("experiments/small/experiment.toml"),
        as_of=date(2022, 4, 1),
        timezone="UTC",
        data_kind=DataKind.SYNTHETIC,
        seed=1,
        window=Span(date(2022, 1, 3), date(2022, 3, 27)),
        courses=(
            Course("OLD", "Old"),
            Course("NEW", "New", available_from=date(2022, 1, 3), status="new"),
        ),
        others=Others(("X",)),
        arms=None,
        channels=(),
        waves=(),
        sources=(),
        questions=(Question.PROMOTED_VS_OTHER,),
    )


@pytest.fixture(scope="session")
def page(flagship: Result) -> str:
    """report.html of the shipped experiment."""
    return to_html(flagship.evaluation)


@pytest.fixture(scope="session")
def read() -> Callable[[str], Any]:
    """The root element of a page: where something is not closed, that is an error."""
    return lambda text: Tree(text).open[0]


@pytest.fixture(scope="session")
def tree(page: str, read: Callable[[str], Any]) -> Any:
    return read(page)


VOID = {"meta", "link", "br", "line", "circle", "rect", "path"}


@dataclass
class Node:
    tag: str
    attributes: Mapping[str, str | None]
    children: list["Node | str"] = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def find(self, tag: str, name: str = "") -> list["Node"]:
        """Elements of this tag and, if one is given, of this class."""
        return [
            node
            for node in self.walk()
            if node.tag == tag and (not name or name in (node["class"] or "").split())
        ]

    def text(self) -> str:
        parts = [child if isinstance(child, str) else child.text() for child in self.children]
        return "" if self.tag in ("svg", "style") else " ".join(" ".join(parts).split())

    def __getitem__(self, name: str) -> str | None:
        return self.attributes.get(name)


class Tree(HTMLParser):
    """The elements of a page; an element that is not closed where it should be is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open = [Node("", {})]
        self.feed(text)
        assert len(self.open) == 1, self.open[-1].tag

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, dict(attrs))
        assert len(node.attributes) == len(attrs), f"<{tag}> says something twice: {attrs}"
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


@pytest.fixture(scope="session")
def prospect() -> Prospect:
    """The next of a small experiment, with all that a plan may ask for."""
    small = Small()
    past = met(protocol_of(small), simulate(world_of(small), np.random.default_rng(8)))
    own = past.protocol
    costs = {"ads": 100.0}
    plan = replace(
        plan_of(own),
        questions=(Question.PROMOTED_VS_OTHER, Question.A_VS_B),
        weeks=8,
        budget=2000.0,
        currency="EUR",
        channels=tuple(
            PlannedChannel(c.name, c.kind, c.network, c.tag, costs.get(c.name))
            for c in own.channels
        ),
        no_ads=0.25,
        left_out=4,
        mailing=Mailing(4000, 0.2, 0.02),
        markets=PlannedMarkets((2,), (4,), (1.2, 1.5, 2.0, 3.0)),
        minimum_cell=0,
        power=0.5,
    )
    plan = replace(plan, holidays=(Event("Easter", Span(plan.start, plan.start)),))
    found = prospect_of(replace(past, protocol=replace(own, plan=plan)), 50, None, [Axis.WEEKS])
    cells = [
        Cell("ads", course, 50.0, extra, 9.0)
        for course, extra in zip(small.codes, (80, 40, 60), strict=True)
    ]
    known, spend = yields(cells, 1), {("ads", course): 100.0 for course in small.codes}
    money = Bought(
        known,
        spend,
        expected(known, spend, 0.95),
        tuple(spend),
        split(known, 2000.0, small.codes, 0.95),
    )
    return replace(found, bought=money)
