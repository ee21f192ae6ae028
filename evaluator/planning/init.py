"""A folder with an experiment to begin with, from a template."""

from __future__ import annotations

import os
import textwrap
from datetime import date
from pathlib import Path

from evaluator.errors import Problem, UsageError
from evaluator.experiment.load import FILE_NAME
from evaluator.planning.templates import Template
from evaluator.planning.templates.designs import protocol_of
from evaluator.planning.templates.frame import COUNTRIES, Frame
from evaluator.planning.writing import Draft, write_experiment

START = date(2027, 1, 4)
"""A Monday, where no other day is given."""
SEED = 20270105
LIFT = 2.0
"""Planted in what is simulated, on the days of the waves."""
WIDTH = 96


def init(
    template: Template,
    folder: Path,
    start: date = START,
    *,
    simulate: bool = False,
    force: bool = False,
) -> tuple[Path, ...]:
    """Write the experiment of a template into a folder; returns the paths, the file first.

    Parameters
    ----------
    start : first day of its window
    simulate : whether to draw data for it, so that it runs at once
    force : whether files that are there may be replaced; a sealed experiment never is

    Raises
    ------
    UsageError : something is there, it is sealed, the folder cannot be written, or the calendar
        ends too soon
    """
    path = Path(os.path.abspath(folder / FILE_NAME))  # noqa: PTH100
    return write_experiment(draft_of(template, path, start, simulate=simulate), path, force=force)


def draft_of(template: Template, path: Path, start: date, *, simulate: bool) -> Draft:
    """What `init` writes."""
    frame = Frame(template, start, SEED, path, simulate)
    try:
        protocol = protocol_of(frame)
    except OverflowError:
        what = f"{start} leaves no room for a year before it and the weeks after"
        raise UsageError(Problem("--start", what, hint=f"a day such as {START}")) from None
    files: dict[str, bytes] = {}
    if simulate:
        # Imported here: who only wants the file does not wait for what draws.
        from evaluator.planning.exports import simulated_files
        from evaluator.planning.ordinary import declared_ordinary

        units = COUNTRIES if protocol.targeting else frame.units()
        since = protocol.history_from
        ordinary = declared_ordinary(protocol, since, units) if since else None
        # What is done after an enrolment moves none.
        lift = 1.0 if template.design == "follow-up" else LIFT
        files = simulated_files(protocol, ordinary, lift, LIFT)
    return Draft(protocol, _heading(template, simulate=simulate), _notes(template), files)


def _heading(template: Template, *, simulate: bool) -> str:
    verb = "target" if template.design == "list" else "run"
    parts = [
        f"{template.title}.",
        template.asks,
        f"Why: {template.origin}" if template.origin else "",
        f"What is done: {template.change}",
        f"What is compared: {template.comparison}",
        f"What is counted: {template.outcome}",
        f"What would refute it: {template.refuted}",
        f"What is assumed: {template.assumed}",
        f"What to export: {template.export}",
        "Courses, countries, days and costs are stand-ins: put your own, then seal it before the "
        f"first day (`evaluator seal`); when it is over, `evaluator {verb}`.",
        f"The data beside it are SIMULATED, with a planted lift of ×{LIFT:g}; replace the path "
        'under [[sources]] by your export, and data_kind by "observed".'
        if simulate
        else "",
    ]
    return "\n\n".join("\n".join(textwrap.wrap(part, WIDTH)) for part in parts if part)


def _notes(template: Template) -> dict[str, str]:
    """Comments on the tables."""
    drawn = "What chance decided. Draw again among your own, and write down by which seed."
    return {
        "experiment.as_of": "last day of the data: that of the window, and of a follow-up",
        "experiment.seed": "of the assignment below and of every draw; take one of your own",
        "experiment.timezone": "in which a day begins",
        "experiment.history_from": "a year before the window",
        "window": "The weeks in which an enrolment counts: whole weeks from the first day.",
        "reference": "The weeks used as base, fixed before the window.",
        "decision": "From interval to verdict.",
        "decision.smallest_lift": "the smallest lift worth having: what would pay for it?",
        "courses": "The courses that chance took, or that are all promoted.",
        "others": "Courses that nobody promotes one by one: what the others are compared with.",
        "others.left_out": "no promotion reaches these, that of the portfolio neither",
        "arms": f"Where it is done: arm A. Arm B is every other {template.unit}.",
        "channels": "Give the links of each channel a tag of its own.",
        "waves": "When it is done.",
        "secondary": "What became of those who enrolled, and within how many days.",
        "targeting": "Who is on the list, what each part was sent, what was known before.",
        "targeting.value": "assumed: what an enrolment is worth; the cost of a message below",
        "targeting.holdout": "Sent nothing until the window is over.",
        "assignment": drawn,
        "interventions": "In words, for the report.",
        "facts": "What was said beforehand: sealed with the rest.",
    }
