"""The next experiment as a file: concrete, whole, and running on what is simulated beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from evaluator.api import load_experiment
from evaluator.comparisons import Comparison, planned_rows
from evaluator.experiment.planned import Plan, plan_of
from evaluator.experiment.protocol import DataKind, Listed, Protocol, Question, Span
from evaluator.planning.next import template
from evaluator.planning.next_file import ENROLMENTS, draft_of
from evaluator.planning.ordinary import ordinary_of, world_of
from evaluator.planning.writing import write_experiment
from evaluator.resolve import Resolved

START = date(2023, 3, 6)
LATER = START - date(2022, 10, 31)


def moved(protocol: Protocol) -> Protocol:
    """The same campaign once more, 18 weeks later, of the courses that have a history then."""

    def later(span: Span) -> Span:
        return span.shifted(LATER.days)

    questions = tuple(q for q in protocol.questions if q is not Question.SECONDARY)
    return replace(
        protocol,
        name="again",
        as_of=later(protocol.window).end,
        window=later(protocol.window),
        waves=tuple(
            replace(wave, span=later(wave.span), bounds=None, assumed=False)
            for wave in protocol.waves
        ),
        courses=tuple(replace(c, published_total=None) for c in protocol.courses),
        questions=questions,
        others=replace(protocol.others, left_out=("OC02", "OC07")),
        incidents=(),
        kpis=(),
        facts=(),
        claims=(),
        contradictions=(),
        plan=None,
    )


@pytest.fixture(scope="module")
def plan(experiment_2: Resolved) -> Plan:
    return plan_of(experiment_2.protocol)


@pytest.fixture(scope="module")
def following(experiment_2: Resolved) -> Protocol:
    return moved(experiment_2.protocol)


@pytest.fixture(scope="module")
def written(
    experiment_2: Resolved,
    following: Protocol,
    plan: Plan,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    file = tmp_path_factory.mktemp("next") / "next" / "experiment.toml"
    draft = draft_of(experiment_2, following, plan, (), file)
    path, *_ = write_experiment(draft, file)
    return path


def test_rules_stand_as_what_they_became(
    experiment_2: Resolved, following: Protocol, written: Path
) -> None:
    protocol = load_experiment(written).protocol
    assert protocol.data_kind is DataKind.SYNTHETIC
    assert protocol.others.catalogue is None
    assert set(protocol.others.codes) == {*experiment_2.others}
    assert protocol.others.left_out == ("OC02", "OC07")
    assert protocol.arms is not None
    rule = protocol.arms.rule
    assert isinstance(rule, Listed)
    assert dict(rule.by_course) == dict(template(experiment_2, following).arm_a)
    facts = dict(protocol.facts)
    assert "size_adjusted_ratio" in facts["estimator: promoted_vs_other"]


def test_it_runs_at_once(written: Path) -> None:
    resolved = load_experiment(written).resolved()
    assert resolved.panel.end == resolved.protocol.window.end
    rows = [row for row in planned_rows(resolved) if isinstance(row.comparison, Comparison)]
    asked = {row.key.question for row in rows}
    assert {"promoted_vs_other", "a_vs_b", "channels", "pre_vs_campaign"} <= asked


def test_another_path_is_all_that_replaces_the_data(written: Path, tmp_path: Path) -> None:
    """The export under a name of its own, its label set right: nothing else is edited."""
    text = written.read_text().replace('data_kind = "synthetic"', 'data_kind = "observed"')
    (tmp_path / "experiment.toml").write_text(text.replace(ENROLMENTS, "export.csv.gz"))
    (tmp_path / "export.csv.gz").write_bytes((written.parent / ENROLMENTS).read_bytes())
    before, after = load_experiment(written).resolved(), load_experiment(tmp_path).resolved()
    assert after.protocol.data_kind is DataKind.OBSERVED
    assert after.panel.fingerprint() == before.panel.fingerprint()


def test_the_same_past_gives_the_same_bytes(
    experiment_2: Resolved, following: Protocol, plan: Plan, written: Path, tmp_path: Path
) -> None:
    draft = draft_of(experiment_2, following, plan, (), tmp_path / "experiment.toml")
    paths = write_experiment(draft, tmp_path / "experiment.toml")
    for path in paths:
        assert path.read_bytes() == (written.parent / path.name).read_bytes()


def test_worlds_are_fitted_to_the_past(experiment_2: Resolved, following: Protocol) -> None:
    """Levels are the weekly means of the history; shares lie between a course's and everybody's."""
    resolved = template(experiment_2, following)
    ordinary = ordinary_of(resolved)
    panel = resolved.panel
    days = panel.day(resolved.protocol.window.start)
    row = ordinary.courses.index("OC01")
    counts = panel.array("country", "day", course=["OC01"])[:, :days]
    assert ordinary.levels[row] == pytest.approx(7 * counts.sum() / days)
    own = counts.sum(axis=1) / counts.sum()
    everybody = panel.array("country", "day")[:, :days].sum(axis=1)
    pooled = everybody / everybody.sum()
    low, high = np.minimum(own, pooled) - 1e-12, np.maximum(own, pooled) + 1e-12
    assert ((low <= ordinary.shares[row]) & (ordinary.shares[row] <= high)).all()
    assert ordinary.weekdays.mean() == pytest.approx(1)
    mondays = panel.array("day")[(-panel.start.weekday()) % 7 : days : 7].mean()
    assert ordinary.weekdays[0] == pytest.approx(
        mondays / (panel.array("day")[:days].mean()), rel=0.02
    )


def test_every_wave_lifts_what_it_reaches(experiment_2: Resolved, following: Protocol) -> None:
    """ODPS on the first day of its first wave; OC01 by the portfolio; OC02 is left out."""
    resolved = template(experiment_2, following)
    arm_a = Listed((), tuple(resolved.arm_a.items()))
    assert following.arms is not None
    concrete = replace(following, arms=replace(following.arms, rule=arm_a))
    world = world_of(concrete, ordinary_of(resolved), 1.5)
    lift = np.exp(world.log_lift())
    first = (START - world.start).days
    assert lift[world.courses.index("ODPS"), :, first] == pytest.approx(1.5)
    assert lift[world.courses.index("ODPS"), :, first - 1] == pytest.approx(1)
    post = first + (date(2022, 11, 15) - date(2022, 10, 31)).days
    assert lift[world.courses.index("OC01"), :, post].min() > 1.49
    assert lift[world.courses.index("OC02")].max() == 1
