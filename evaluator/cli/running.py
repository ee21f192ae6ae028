"""The main job: `run`, and what it is about to do: `validate`, `explain`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evaluator.cli.shared import Declared, show, wants_colour
from evaluator.report.formats import Format


def run(
    experiment: Declared,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where results go.", show_default="results/<name>"),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Show robustness and sensitivity rows too.")
    ] = False,
    formats: Annotated[
        list[Format],
        typer.Option(
            "--format", help="Of the report; say it twice for both. One not named is removed."
        ),
    ] = [Format.HTML],  # noqa: B006 - typer reads it, nobody writes to it
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the answer alone.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print results.json.")] = False,
) -> None:
    """Estimate what an experiment declares; write results.json, effects.csv and a report."""
    from evaluator.api import evaluate, load_experiment
    from evaluator.report.progress import shown_progress

    declared = load_experiment(experiment)
    with shown_progress() as progress:
        evaluation = evaluate(declared, progress).evaluation
    # Imported here, where there is something to show.
    from evaluator.report.terminal import render, render_answer
    from evaluator.report.to_json import to_json
    from evaluator.report.write import write_results

    folder = out or Path("results", declared.protocol.name)
    written = write_results(evaluation, folder, formats)
    colour = wants_colour()
    if as_json:
        show(to_json(evaluation))
    elif quiet:
        show(render_answer(evaluation, colour=colour))
    else:
        show(render(evaluation, all_rows=every, written=written, colour=colour))


def validate(experiment: Declared) -> None:
    """Check an experiment file, without reading its data."""
    import textwrap

    from evaluator.experiment import load_protocol
    from evaluator.experiment.nouns import plural

    protocol = load_protocol(experiment)
    counts = {
        f"promoted {protocol.series}": len(protocol.courses),
        "wave": len(protocol.waves),
        "question": len(protocol.questions),
        "source": len(protocol.sources),
        "published claim": len(protocol.claims),
    }
    told = [f"{n} {what if n == 1 else plural(what)}" for what, n in counts.items() if n]
    assumed = sum(wave.assumed for wave in protocol.waves)
    dates = f"; dates assumed for {assumed} waves" if assumed else ""
    listed = textwrap.fill(", ".join(told) + dates, 78)
    show(f"{protocol.name}: the declaration is valid; its data were not read\n")
    if protocol.of_claims_alone:
        show("  it asks nothing of a panel: `run` audits what was published\n")
    show(textwrap.indent(f"{listed}\nprotocol {protocol.hash}\n", "  "))


def explain(
    experiment: Declared,
    rows: Annotated[
        bool, typer.Option("--rows", help="List every row too: weeks, or why it is refused.")
    ] = False,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="As Markdown, to be pasted into a paper.")
    ] = False,
) -> None:
    """Say as a methods section what will be estimated, how, what that identifies, and why."""
    from evaluator.api import load_experiment
    from evaluator.comparisons import planned_rows
    from evaluator.report import explain as methods

    resolved = load_experiment(experiment).resolved()
    planned = planned_rows(resolved)
    if as_markdown:
        show(methods.to_markdown(resolved, planned))
    else:
        show(methods.explain(resolved, planned, rows=rows, colour=wants_colour()))
