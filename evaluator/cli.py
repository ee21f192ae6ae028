"""The command line: verbs become calls; every error becomes an exit code in one place."""

from __future__ import annotations

import io
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from evaluator.errors import EvaluatorError, Refusal
from evaluator.gate.items import FailOn

OK, GATE_FAILED, BAD_INPUT, NO_DATA, BUG = 0, 1, 2, 3, 4
"""Exit codes. 2 and 3 are the errors' own, see `evaluator.errors`."""
INTERRUPTED, CLOSED_PIPE = 130, 141

app = typer.Typer(
    help="Causal-inference evaluation of declared promotion experiments.",
    epilog="Exit codes: 0 fine, 1 a gate failed, 2 bad file or usage, 3 data missing or"
    " unreadable, 4 bug.",
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
Declared = Annotated[
    Path, typer.Argument(metavar="EXPERIMENT", help="Folder with an experiment.toml, or the file.")
]


@app.command()
def run(
    experiment: Declared,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where results go.", show_default="results/<name>"),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Show robustness and sensitivity rows too.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the answer alone.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print results.json.")] = False,
) -> None:
    """Estimate what an experiment declares; write results.json, effects.csv, report.html."""
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
    written = write_results(evaluation, folder)
    colour = _wants_colour()
    if as_json:
        _print(to_json(evaluation))
    elif quiet:
        _print(render_answer(evaluation, colour=colour))
    else:
        _print(render(evaluation, all_rows=every, written=written, colour=colour))


@app.command()
def check(
    experiments: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[EXPERIMENT]...", help="Folders or files.", show_default="all"),
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
    shown = render_checked(found, fail_on, colour=_wants_colour())
    _print(shown + (reports.to_annotations(found, fail_on) if annotations else ""))
    if any(each.unreadable for each in found):
        raise typer.Exit(NO_DATA)
    if any(each.fails(fail_on) for each in found):
        raise typer.Exit(GATE_FAILED)


@app.command()
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
    _print(render_accepted(path, reason))


@app.command()
def validate(experiment: Declared) -> None:
    """Check an experiment file, without reading its data."""
    from evaluator.experiment import load_protocol

    protocol = load_protocol(experiment)
    counts = {
        "promoted courses": len(protocol.courses),
        "waves": len(protocol.waves),
        "questions": len(protocol.questions),
        "sources": len(protocol.sources),
    }
    listed = ", ".join(f"{number} {what}" for what, number in counts.items())
    assumed = sum(wave.assumed for wave in protocol.waves)
    _print(f"{protocol.name}: the declaration is valid; its data were not read\n")
    _print(f"  {listed}; dates assumed for {assumed} waves\n  protocol {protocol.hash}\n")


@app.command()
def explain(experiment: Declared) -> None:
    """Say which rows will appear, how each is estimated, what it identifies, and why."""
    from evaluator.api import load_experiment
    from evaluator.comparisons import planned_rows
    from evaluator.report.explain import explain as explained

    resolved = load_experiment(experiment).resolved()
    _print(explained(resolved, planned_rows(resolved), colour=_wants_colour()))


@app.command()
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
    _print(render_calibration(found, written, colour=_wants_colour()))


@app.command()
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
        _print(to_json(answer, document))
    else:
        _print(render(document, written=written, colour=_wants_colour()))
    if scores is not None:
        # Last: an answer by which nobody is scored is shown, and says why.
        (file,) = write_scores(answer, scores)
        if not as_json:
            _print(f"written: {file}\n")


@app.command()
def schema() -> None:
    """Print the JSON Schema of an experiment file, for editors."""
    import json

    from evaluator.experiment.schema import json_schema

    _print(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n")


def main() -> None:
    """Run the command line; never returns."""
    try:
        app(prog_name="evaluator")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Refusal as refused:
        sys.exit(_report_bug(refused))
    except EvaluatorError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    except Exception as error:
        sys.exit(_report_bug(error))


def _report_bug(error: Exception) -> int:
    """Apologise, keep the traceback in a file, and say what to do with it."""
    import platform
    import tempfile
    import traceback
    from importlib.metadata import version

    versions = f"evaluator {version('campaign-evaluator')}, Python {platform.python_version()}"
    with tempfile.NamedTemporaryFile(
        "w", prefix="evaluator-bug-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.write(f"{versions}, {platform.platform()}\n")
        file.writelines(traceback.format_exception(error))
    print(
        f"Sorry, this is a bug in evaluator: {type(error).__name__}: {error}\n"
        f"  {versions}\n"
        f"  the details are in {file.name}\n"
        "  please report it to those who gave you evaluator, with that file",
        file=sys.stderr,
    )
    return BUG


def _print(text: str) -> None:
    """Text as it is, also on a terminal that lacks a sign, or to a reader who left early."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would complain once more when it flushes the closed stream at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(CLOSED_PIPE) from None


def _wants_colour() -> bool:
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not plain
