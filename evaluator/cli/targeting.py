"""Whom to contact next: `target`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evaluator.cli.shared import Declared, show, wants_colour


def target(
    experiment: Declared,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where results go.", show_default="results/<name>"),
    ] = None,
    observational: Annotated[
        bool,
        typer.Option("--observational", help="Describe a list that chance did not draw."),
    ] = False,
    scores: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write contact keys and segments."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print targeting.json.")] = False,
) -> None:
    """Learn from a list with a hold-out whom to contact next, or say why that cannot be."""
    from evaluator import api
    from evaluator.report.targeting.terminal import render
    from evaluator.report.targeting.to_json import to_json
    from evaluator.report.targeting.write import document_of, write_answer, write_scores

    declared = api.load_experiment(experiment)
    answer = api.target(declared, observational=observational)
    document = document_of(answer)
    written = write_answer(answer, document, out or Path("results", declared.protocol.name))
    if as_json:
        show(to_json(answer, document))
    else:
        show(render(document, written=written, colour=wants_colour()))
    if scores is not None:
        # Last: an answer by which nobody is scored is shown, and says why.
        (file,) = write_scores(answer, scores)
        if not as_json:
            show(f"written: {file}\n")
