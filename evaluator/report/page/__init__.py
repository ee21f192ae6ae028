"""report.html: one self-contained file without a script, the same bytes for the same inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from evaluator.evaluation import Evaluation
from evaluator.experiment.nouns import spoken
from evaluator.report import numbers
from evaluator.report.answer import audited, banner
from evaluator.report.belief import tally
from evaluator.report.believed import Believed, believed
from evaluator.report.claims import not_effects
from evaluator.report.notes import notes
from evaluator.report.page import cells
from evaluator.report.page.behind import Grid, costs, grids, lists
from evaluator.report.page.causes import causes
from evaluator.report.page.choices import choices
from evaluator.report.page.closely import closely
from evaluator.report.page.curve import curves
from evaluator.report.page.figures import (
    Panel,
    course_forests,
    grid_forests,
    part_forests,
    weekly_panels,
)
from evaluator.report.page.funnel import decays, funnels
from evaluator.report.page.questions import Section, anchor, sections
from evaluator.report.page.rendering import rendered
from evaluator.report.page.top import top
from evaluator.report.sealed import NOT_SEALED
from evaluator.report.to_json import to_dict
from evaluator.report.words import asked, counted, method_title, question_title
from evaluator.results import RowRole, Status

CHANNELS = "channels"
"""The question with a forest for each channel."""
FILTERS: tuple[Callable[..., Any], ...] = (
    *(cells.lift, cells.lift_interval, cells.own_lift_interval, cells.p_value),
    *(cells.shrunk, cells.shrunk_interval, cells.extra, cells.extra_interval),
    *(cells.share, cells.share_interval, cells.money, cells.cost_interval, cells.figure),
    *(cells.coverage, cells.amount_interval, cells.stage_interval, cells.unbroken),
    cells.exactly,
    *(numbers.count, numbers.factor, numbers.percent, anchor, counted, question_title, asked),
    method_title,
)
"""What the templates may do with a value, by the names of the functions."""


def to_html(evaluation: Evaluation) -> str:
    """The page, in the words of the experiment. Its numbers are those of results.json."""
    results = to_dict(evaluation)
    records = results["rows"]
    about = sections(evaluation, results)
    cells_of = tuple(grids(evaluation.rows, records))
    specified = choices(evaluation.rows, records)
    page = rendered(
        "page.html",
        (*FILTERS, tallied, groupby_in_order),
        protocol=evaluation.protocol,
        results=results,
        banner=banner(evaluation.protocol),
        top=top(evaluation, records),
        sections=about,
        courses=course_forests(about),
        together=any(record["lift_low_sim"] is not None for record in records),
        covered=any(record["coverage"] is not None for record in records),
        forests=_forests(cells_of, about),
        parted=part_forests(about),
        weeks=weekly_panels(results, evaluation.protocol),
        causes=causes(evaluation.graph),
        looked=closely(evaluation.rows, records),
        belief=_believed(evaluation),
        grids=cells_of,
        lists=lists(evaluation.rows, records),
        costs=costs(evaluation.rows, records),
        choices=specified,
        curves=curves(specified, results["specifications"]),
        funnels=funnels(results["funnel"]),
        decays=decays(results["decay"]),
        not_sealed=NOT_SEALED,
        audited=audited(evaluation.claims),
        not_effects=not_effects(evaluation.claims).capitalize(),
        unidentified=_by_data(results["not_identified"]),
    )
    return spoken(page, evaluation.protocol.series)


def _believed(evaluation: Evaluation) -> Believed:
    shown = [row for row in evaluation.rows if row.role is RowRole.HEADLINE]
    return believed(evaluation, shown, notes(shown, evaluation.findings))


def _by_data(left: Sequence[Mapping[str, Any]]) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Data that would identify something → all that they would identify."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for one in left:
        found.setdefault(one["needed"], []).append(one)
    return found


def _forests(
    found: Sequence[Grid], about: Sequence[Section]
) -> Mapping[tuple[str, str], tuple[Panel, ...]]:
    """(question, method) → forests of its grid; the means of the channels before the first."""
    means = next((section for section in about if CHANNELS in section.questions), None)
    drawn: dict[tuple[str, str], tuple[Panel, ...]] = {}
    for grid in found:
        first = grid.question == CHANNELS and not any(name == CHANNELS for name, _ in drawn)
        drawn[grid.question, grid.method] = grid_forests(grid, means if first else None)
    return drawn


def tallied(statuses: Iterable[str]) -> str:
    """How many findings there are of each kind."""
    return tally(map(Status, statuses))


def groupby_in_order(items: Sequence[Mapping[str, Any]], name: str) -> list[tuple[str, list[Any]]]:
    """What follows each other with the same value of a name, under it."""
    return [(key, list(group)) for key, group in groupby(items, key=itemgetter(name))]
