"""Every template is whole, says what it is, runs on what is simulated for it, and finds it."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from evaluator.api import evaluate, load_experiment, target
from evaluator.comparisons import Comparison, planned_rows
from evaluator.errors import UsageError
from evaluator.evaluation import evaluate_row
from evaluator.experiment.protocol import DataKind, Question
from evaluator.experiment.seal import seal
from evaluator.planning.init import START, init
from evaluator.planning.templates import DEFAULT, template_named, templates
from evaluator.results import RowRole, RowStatus
from evaluator.targeting import Targeted

Begun = Callable[[str], tuple[Path, ...]]

ASKED = {
    *("google-ads", "follow-up-incentive", "language-email", "order", "newsletter-holdout"),
    *("portfolio-vs-single", "conversation", "learner-insight", "where-the-audience-is"),
    *("useful-content", "learners-as-stars", "prompt-conversations", "align-and-master"),
    DEFAULT,
}
DECIDES = {
    "courses": (Question.PROMOTED_VS_OTHER, "these_courses", 1.15),
    "units": (Question.A_VS_B, "triple_difference", 1.3),
    "alternating": (Question.CHANNELS, "channel_mean", 1.3),
    "order": (Question.ORDER, "order_of_waves", None),
    "portfolio": (Question.PORTFOLIO, "against_left_out", 1.1),
    "follow-up": (Question.PROMOTED_VS_OTHER, "these_courses", None),
}
"""Design → question and method of the row that answers it; the least lift it finds of the one
planted in the waves, whose days are a part of the window; None: nothing is planted in an order,
nor in enrolments where what is done comes after them."""
QUICK = ("google-ads", "follow-up-incentive", "newsletter-holdout")
"""Of units, of what follows, of a list: simulated in every run of the tests, the others in long."""


def long_but(quick: Iterable[str], names: Iterable[str]) -> list[object]:
    """All names as parameters; those that are not quick are long."""
    return [pytest.param(n, marks=() if n in quick else pytest.mark.long) for n in sorted(names)]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Begun:
    """Template → what `init` wrote with data, once in all."""

    @cache
    def written(name: str) -> tuple[Path, ...]:
        return init(template_named(name), tmp_path_factory.mktemp(name), simulate=True)

    return written


def test_the_templates_are_those_asked_for() -> None:
    assert set(templates()) == ASKED
    assert next(iter(templates())) == DEFAULT


@pytest.mark.parametrize("name", sorted(ASKED))
def test_a_template_is_whole_and_says_what_it_is(name: str, tmp_path: Path) -> None:
    template = template_named(name)
    path, *_ = init(template, tmp_path / "mine")
    protocol = load_experiment(path).protocol
    assert protocol.data_kind is DataKind.OBSERVED
    assert protocol.window.start == START
    text = path.read_text()
    flat = re.sub(r"\s*\n#\s*", " ", text)
    for said in (template.asks, template.change, template.comparison, template.outcome):
        assert said in flat
    assert template.refuted in flat
    assert "SIMULATED" not in text
    assert max(map(len, text.splitlines())) <= 140
    assert protocol.interventions[0].template == name
    assert protocol.assignment is not None or protocol.targeting is not None


def test_no_two_templates_say_the_same() -> None:
    for field in ("title", "asks", "change", "refuted", "assumed"):
        said = [getattr(template, field) for template in templates().values()]
        assert len(set(said)) == len(said), field


@pytest.mark.parametrize("name", long_but(QUICK, ASKED))
def test_what_is_simulated_is_read_without_a_remark_on_the_file(name: str, begun: Begun) -> None:
    path, *_ = begun(name)
    experiment = load_experiment(path)
    assert experiment.protocol.data_kind is DataKind.SYNTHETIC
    assert "SIMULATED" in path.read_text()
    if experiment.protocol.targeting is None:
        resolved = experiment.resolved()
        assert resolved.panel.end == experiment.protocol.as_of


@pytest.mark.parametrize("design", long_but(("units", "follow-up"), DECIDES))
def test_a_design_answers_its_question(design: str, begun: Begun) -> None:
    """Not refused; and where a lift is planted, it is found."""
    question, method, least = DECIDES[design]
    names = sorted(own.name for own in templates().values() if own.design == design)
    path, *_ = begun(next((name for name in QUICK if name in names), names[0]))
    resolved = load_experiment(path).resolved()
    planned = planned_rows(resolved)
    decisive = [
        row
        for row in planned
        if (row.key.question, row.key.method) == (question.value, method)
        and row.role is RowRole.HEADLINE
    ]
    assert decisive
    assert isinstance(decisive[0].comparison, Comparison)
    row = evaluate_row(decisive[0], planned, resolved)
    assert row.status is RowStatus.ESTIMATED
    assert row.effect is not None
    interval = row.effect.interval(0.95)
    if least is None:
        assert interval.low < 0 < interval.high
    else:
        assert interval.low > 0
        assert math.exp(row.effect.log_lift) > least


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(ASKED))
def test_every_template_runs_from_end_to_end(name: str, begun: Begun) -> None:
    path, *_ = begun(name)
    experiment = load_experiment(path)
    if experiment.protocol.targeting is not None:
        assert isinstance(target(experiment), Targeted)
        return
    rows = evaluate(experiment).evaluation.rows
    asked = {question.value for question in experiment.protocol.questions}
    found = {row.key.question for row in rows if row.status is RowStatus.ESTIMATED}
    # The outcomes of `secondary` have names of their own.
    assert asked - {"secondary"} <= found


def test_the_same_template_gives_the_same_bytes(begun: Begun, tmp_path: Path) -> None:
    again = init(template_named("follow-up-incentive"), tmp_path, simulate=True)
    first = begun("follow-up-incentive")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]


def test_only_what_draws_waits_for_numpy(tmp_path: Path) -> None:
    """The verb answers in the time of `validate`."""
    code = f"""
import sys
from evaluator.cli import main
sys.argv = ["evaluator", "init", {str(tmp_path)!r}]
try:
    main()
except SystemExit:
    print("numpy" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


@pytest.mark.parametrize("day", [date(9999, 12, 1), date(1, 2, 3)])
def test_days_beyond_the_calendar_are_refused(day: date, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--start"):
        init(template_named(DEFAULT), tmp_path, day)
    assert not list(tmp_path.iterdir())


def test_another_start_moves_every_day(tmp_path: Path) -> None:
    path, *_ = init(template_named("order"), tmp_path, date(2028, 2, 7))
    protocol = load_experiment(path).protocol
    assert protocol.window.start == date(2028, 2, 7)
    assert all(protocol.window.contains(wave.span) for wave in protocol.waves)


def test_an_unknown_template_is_met_with_the_nearest() -> None:
    with pytest.raises(UsageError, match='did you mean "google-ads"'):
        template_named("google-add")


def test_what_is_sealed_is_not_begun_again(tmp_path: Path) -> None:
    path, *_ = init(template_named(DEFAULT), tmp_path)
    seal(load_experiment(path).protocol, date(2026, 12, 1), "Ada")
    with pytest.raises(UsageError, match="is sealed"):
        init(template_named(DEFAULT), tmp_path, force=True)
