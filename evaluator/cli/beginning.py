"""For those who begin: `init`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from evaluator.cli.shared import show
from evaluator.errors import Problem, UsageError


def init(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Where the experiment goes.")
    ] = None,
    template: Annotated[
        str, typer.Option(metavar="NAME", help="What to begin with; --list names all.")
    ] = "campaign",
    listed: Annotated[bool, typer.Option("--list", help="List the templates.")] = False,
    start: Annotated[
        datetime | None,
        typer.Option(
            metavar="DATE",
            formats=["%Y-%m-%d"],
            help="First day of the window.",
            show_default="4 Jan 2027",
        ),
    ] = None,
    simulate: Annotated[
        bool, typer.Option("--simulate", help="Draw data for it, so that it runs at once.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace what is there; never what is sealed.")
    ] = False,
) -> None:
    """Write an experiment file to begin with: a question, a design that answers it, comments."""
    from evaluator.planning.templates import template_named
    from evaluator.report.begun import render_begun, render_templates

    if listed:
        show(render_templates())
        return
    if folder is None:
        what, hint = "says nowhere to put it", "evaluator init experiments/mine"
        raise UsageError(Problem("init", what, "name a folder", hint))
    chosen = template_named(template)
    from evaluator.planning.init import START
    from evaluator.planning.init import init as write

    day = start.date() if start else START
    written = write(chosen, folder, day, simulate=simulate, force=force)
    show(render_begun(chosen, written, simulated=simulate))
