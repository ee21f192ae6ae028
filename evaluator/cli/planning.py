"""For the experiment after this one: `plan`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evaluator.cli.shared import Declared, show

if TYPE_CHECKING:
    from evaluator.planning.prospect import Prospect


def plan(
    experiment: Declared,
    write: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write it: experiments/next/experiment.toml."),
    ] = None,
    preanalysis: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a pre-analysis plan in Markdown.")
    ] = None,
    worlds: Annotated[int, typer.Option(min=100, help="Campaigns of each power.")] = 200,
    force: Annotated[
        bool, typer.Option("--force", help="Replace files that are there; never what is sealed.")
    ] = False,
) -> None:
    """Design the next experiment from [plan], with its power; write it as a file that runs."""
    from evaluator import api
    from evaluator.planning.writing import check_free
    from evaluator.report.planning.summary import render_prospect
    from evaluator.report.progress import shown_progress

    declared = api.load_experiment(experiment)
    for file in filter(None, (write, preanalysis)):
        check_free(file, force=force)  # before the long work
    with shown_progress() as progress:
        found = api.plan(declared, worlds=worlds, progress=progress)
    written = [
        *(_experiment(found, write, force=force) if write else ()),
        *(_preanalysis(found, preanalysis) if preanalysis else ()),
    ]
    show(render_prospect(found, written))


def _experiment(found: Prospect, file: Path, *, force: bool) -> tuple[Path, ...]:
    from evaluator.planning.next_file import draft_of
    from evaluator.planning.writing import write_experiment

    draft = draft_of(found.past, found.designed.protocol, found.plan, found.noticed, file)
    return write_experiment(draft, file, force=force)


def _preanalysis(found: Prospect, file: Path) -> tuple[Path, ...]:
    from evaluator.planning.next import template
    from evaluator.report.planning.preanalysis import write_preanalysis

    return write_preanalysis(template(found.past, found.designed.protocol), file, found.noticed)
