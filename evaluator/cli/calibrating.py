"""How often intervals cover on the user's own panel: `calibrate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evaluator.cli.shared import Declared, show, wants_colour


def calibrate(
    experiment: Declared,
    worlds: Annotated[int, typer.Option(min=50, help="Campaigns of each kind, a row.")] = 1000,
    seed: Annotated[
        int | None, typer.Option(help="Of the draws.", show_default="the declaration's")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Where calibration.json goes; `run` looks beside the experiment file.",
            show_default="beside the experiment file",
        ),
    ] = None,
    processes: Annotated[int, typer.Option(min=1, help="How many share the work.")] = 2,
) -> None:
    """Measure how often the intervals cover on your own panel; write calibration.json."""
    from evaluator import api
    from evaluator.report.progress import shown_progress

    declared = api.load_experiment(experiment)
    with shown_progress() as progress:
        found = api.calibrate(declared, worlds, seed, processes=processes, progress=progress)
    from evaluator.calibration import write
    from evaluator.report.calibrated import render_calibration

    written = write(found, out or declared.protocol.path.parent)
    show(render_calibration(found, written, colour=wants_colour()))
