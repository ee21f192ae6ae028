"""Before the first day: `seal`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from evaluator.cli.shared import Declared, show


def seal(
    experiment: Declared,
    day: Annotated[
        datetime | None,
        typer.Option(
            "--date",
            metavar="DATE",
            formats=["%Y-%m-%d"],
            help="Day that is written on it.",
            show_default="today",
        ),
    ] = None,
    by: Annotated[
        str, typer.Option(metavar="NAME", help="Who seals it.", show_default="as git knows you")
    ] = "",
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it stands in the seal.")] = "",
    again: Annotated[
        bool, typer.Option("--again", help="Seal what was changed; what was sealed stays.")
    ] = False,
    preanalysis: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a pre-analysis plan in Markdown; reads the data."),
    ] = None,
) -> None:
    """Hash and date an experiment's protocol: write seal.json; `run` lists later deviations."""
    from evaluator import api
    from evaluator.report.sealed import render_sealed

    declared = api.load_experiment(experiment)
    on = day.date() if day else None
    seals = api.seal(declared, on, author=by, reason=reason, again=again)
    show(render_sealed(declared.protocol, seals))
    if preanalysis is not None:
        from evaluator.experiment.deviations import registered
        from evaluator.report.planning.preanalysis import write_preanalysis

        sealed = registered(declared.protocol)
        write_preanalysis(declared.resolved(), preanalysis, sealed=sealed)
        show(f"  written: {preanalysis}\n")
