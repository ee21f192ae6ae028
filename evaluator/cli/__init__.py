"""The command line: verbs become calls; every error becomes an exit code in one place."""

from __future__ import annotations

import sys

import typer

from evaluator.cli.beginning import init
from evaluator.cli.calibrating import calibrate
from evaluator.cli.editing import schema
from evaluator.cli.gate import accept, check
from evaluator.cli.planning import plan
from evaluator.cli.running import explain, run, validate
from evaluator.cli.sealing import seal
from evaluator.cli.shared import BUG, INTERRUPTED
from evaluator.cli.targeting import target
from evaluator.errors import EvaluatorError, Refusal

VERBS = (run, check, accept, init, validate, explain, plan, seal, calibrate, target, schema)
"""In the order of `--help`."""

app = typer.Typer(
    help="Causal-inference evaluation of declared promotion experiments.",
    epilog="Exit codes: 0 fine, 1 a gate failed, 2 bad file or usage, 3 data missing or"
    " unreadable, 4 bug.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for verb in VERBS:
    app.command()(verb)


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
