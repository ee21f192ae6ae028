"""What is approved, and whether it still stands: `check`, `accept`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from evaluator.cli.shared import GATE_FAILED, NO_DATA, Declared, folders, show, wants_colour
from evaluator.gate.items import FailOn


def check(
    experiments: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[EXPERIMENT]...",
            help="Folders or files.",
            show_default="all",
            autocompletion=folders,
        ),
    ] = None,
    only: Annotated[
        str, typer.Option(metavar="ROW", help="Check one row alone, by its name in lock.json.")
    ] = "",
    today: Annotated[
        datetime | None,
        typer.Option(metavar="DATE", formats=["%Y-%m-%d"], help="Warn if as_of is long ago."),
    ] = None,
    fail_on: Annotated[FailOn, typer.Option(help="Status from which it fails.")] = FailOn.FAIL,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Write JUnit XML.")] = None,
    as_json: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write JSON.")
    ] = None,
    markdown: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a summary for a pull request.")
    ] = None,
    code_quality: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write GitLab's code-quality JSON.")
    ] = None,
    annotations: Annotated[
        bool, typer.Option("--annotations", help="Print GitHub's annotations.")
    ] = False,
) -> None:
    """Compare experiments with their approved locks: data, assumptions, results, calibration."""
    from evaluator import api
    from evaluator.report import checked as reports
    from evaluator.report.gate import render_checked
    from evaluator.report.progress import shown_progress

    day = today.date() if today else None
    declared = api.load_experiments(experiments)
    with shown_progress() as progress:
        found = [api.check(each, only=only, today=day, progress=progress) for each in declared]
    files: dict[reports.Rendering, Path | None] = {
        reports.to_junit: junit,
        reports.to_json: as_json,
        reports.to_markdown: markdown,
        reports.to_code_quality: code_quality,
    }
    reports.write_checked(found, fail_on, files)
    shown = render_checked(found, fail_on, colour=wants_colour())
    show(shown + (reports.to_annotations(found, fail_on) if annotations else ""))
    if any(each.unreadable for each in found):
        raise typer.Exit(NO_DATA)
    if any(each.fails(fail_on) for each in found):
        raise typer.Exit(GATE_FAILED)


def accept(
    experiment: Declared,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why this is right; it is logged.")],
    only: Annotated[
        str, typer.Option(metavar="ROW", help="Accept one row alone, by its name in lock.json.")
    ] = "",
) -> None:
    """Approve what an experiment says now: write lock.json beside its file."""
    from evaluator import api
    from evaluator.report.gate import render_accepted
    from evaluator.report.progress import shown_progress

    with shown_progress() as progress:
        path = api.accept(api.load_experiment(experiment), reason, only=only, progress=progress)
    show(render_accepted(path, reason))
