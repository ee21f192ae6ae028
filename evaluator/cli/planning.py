"""For the experiment after this one: `plan`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evaluator.cli.shared import Declared, show, wants_colour

if TYPE_CHECKING:
    from evaluator.planning.prospect import Prospect


class Along(StrEnum):
    """What power is drawn over, beside lifts."""

    WEEKS = "weeks"
    COURSES = "courses"
    WAVES = "waves"
    REFERENCE = "reference"
    COUNTRIES = "countries"


def plan(
    experiment: Declared,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where results go.", show_default="results/<name>"),
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write it: experiments/next/experiment.toml."),
    ] = None,
    preanalysis: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a pre-analysis plan in Markdown.")
    ] = None,
    curve: Annotated[
        list[Along], typer.Option("--curve", help="Draw power over it too; may be said again.")
    ] = [Along.WEEKS],  # noqa: B006 - typer reads it, nobody writes to it
    worlds: Annotated[int, typer.Option(min=100, help="Campaigns of each power.")] = 200,
    as_json: Annotated[bool, typer.Option("--json", help="Print plan.json.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace files that are there; never what is sealed.")
    ] = False,
) -> None:
    """Design the next experiment from [plan], with its power; write it as a file that runs."""
    from evaluator import api
    from evaluator.planning.varied import Axis
    from evaluator.planning.writing import check_free
    from evaluator.report.planning.assembled import assembled
    from evaluator.report.planning.terminal import render
    from evaluator.report.planning.to_json import to_dict, to_json
    from evaluator.report.planning.write import write_plan
    from evaluator.report.progress import shown_progress

    declared = api.load_experiment(experiment)
    for file in filter(None, (write, preanalysis)):
        check_free(file, force=force)  # before the long work
    axes = [Axis[own.name] for own in dict.fromkeys(curve)]
    with shown_progress() as progress:
        found = api.plan(declared, worlds=worlds, axes=axes, progress=progress)
    content = to_dict(found)
    written = [
        *write_plan(content, out or Path("results", declared.protocol.name)),
        *(_experiment(found, write, force=force) if write else ()),
        *(_preanalysis(found, preanalysis) if preanalysis else ()),
    ]
    if as_json:
        show(to_json(content))
    else:
        show(render(assembled(content), written=written, colour=wants_colour()))


def _experiment(found: Prospect, file: Path, *, force: bool) -> tuple[Path, ...]:
    from evaluator.planning.next_file import draft_of
    from evaluator.planning.writing import write_experiment

    draft = draft_of(found.past, found.designed.protocol, found.plan, found.noticed, file)
    return write_experiment(draft, file, force=force)


def _preanalysis(found: Prospect, file: Path) -> tuple[Path, ...]:
    from evaluator.planning.next import template
    from evaluator.report.planning.preanalysis import write_preanalysis

    return write_preanalysis(template(found.past, found.designed.protocol), file, found.noticed)
