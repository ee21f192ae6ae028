import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import evaluator
from evaluator import cli
from evaluator.cli.shared import CLOSED_PIPE, folders
from evaluator.errors import DataError, DeclarationError, Problem, TooFewPeriods, UsageError
from evaluator.report.progress import shown_progress
from evaluator.report.terminal import render, render_answer
from evaluator.report.to_csv import to_csv
from evaluator.report.to_json import to_json

EXPERIMENT = "experiments/itcilo-2022"


def run(
    root: Path, *arguments: str, expect: int = 0, **environment: str
) -> subprocess.CompletedProcess[str]:
    """`python -m evaluator …` in the repository."""
    done = subprocess.run(
        [sys.executable, "-m", "evaluator", *arguments],
        cwd=root,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == expect, done.stderr
    return done


def called(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Exit code of the command line in this process."""
    monkeypatch.setattr(sys, "argv", ["evaluator", *arguments])
    with pytest.raises(SystemExit) as exit_:
        cli.main()
    return int(exit_.value.code or 0)


@pytest.fixture
def evaluated(
    flagship: evaluator.Result, root: Path, monkeypatch: pytest.MonkeyPatch
) -> evaluator.Result:
    """Commands in this process run in the repository and find the experiment evaluated."""
    monkeypatch.chdir(root)
    monkeypatch.setattr("evaluator.api.evaluate", lambda *_: flagship)
    return flagship


# ── the main job ──────────────────────────────────────────────────────────────────────────


def test_two_runs_agree_to_the_byte(root: Path, tmp_path: Path) -> None:
    """Another time zone, another hash seed, another folder, another process."""
    first, second = tmp_path / "first", tmp_path / "second"
    shown = run(root, "run", EXPERIMENT, "--out", str(first), TZ="UTC", PYTHONHASHSEED="1")
    absolute = str(root / EXPERIMENT)
    run(
        root, "run", absolute, "--out", str(second), "--quiet",
        TZ="Pacific/Auckland", PYTHONHASHSEED="2",
    )  # fmt: skip
    for name in ("results.json", "effects.csv", "report.html"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
        assert str(root).encode() not in (first / name).read_bytes()
    assert shown.stdout.startswith("╭")
    assert "\x1b" not in shown.stdout
    assert shown.stderr == ""


@pytest.mark.parametrize(
    ("options", "rendered"),
    [
        (("--json",), to_json),
        (("--quiet",), render_answer),
    ],
)
def test_other_outputs(
    evaluated: evaluator.Result,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    options: tuple[str, ...],
    rendered: object,
) -> None:
    assert callable(rendered)
    assert called(monkeypatch, "run", EXPERIMENT, "--out", str(tmp_path), *options) == 0
    assert capsys.readouterr().out == rendered(evaluated.evaluation)
    assert (tmp_path / "results.json").read_text("utf-8") == to_json(evaluated.evaluation)
    assert (tmp_path / "effects.csv").read_text("utf-8") == to_csv(evaluated.evaluation)


def test_all_rows_on_demand(
    evaluated: evaluator.Result,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    assert called(monkeypatch, "run", EXPERIMENT, "--out", str(tmp_path), "--all") == 0
    shown = capsys.readouterr().out
    assert shown.startswith(render(evaluated.evaluation, all_rows=True))


@pytest.mark.usefixtures("evaluated")
@pytest.mark.parametrize(
    ("no_colour", "escaped"), [("", True), ("1", False)], ids=["terminal", "NO_COLOR"]
)
def test_colour_is_for_terminals_that_want_it(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    no_colour: str,
    escaped: bool,
) -> None:
    monkeypatch.setenv("NO_COLOR", no_colour)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert called(monkeypatch, "run", EXPERIMENT, "--out", str(tmp_path)) == 0
    assert ("\x1b" in capsys.readouterr().out) == escaped


@pytest.mark.usefixtures("evaluated")
def test_the_default_folder_is_named_after_the_experiment(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert called(monkeypatch, "run", str(root / EXPERIMENT)) == 0
    assert (tmp_path / "results" / "itcilo-2022" / "effects.csv").is_file()
    last = capsys.readouterr().out.splitlines()[-2:]
    assert "results/itcilo-2022/effects.csv" in " ".join(last)


# ── the light verbs ───────────────────────────────────────────────────────────────────────


def test_validate_reads_no_data(root: Path) -> None:
    shown = run(root, "validate", EXPERIMENT).stdout
    assert "itcilo-2022: the declaration is valid; its data were not read" in shown
    assert "7 promoted courses" in shown


def test_schema_is_that_of_the_declaration(root: Path) -> None:
    from evaluator.experiment.schema import json_schema

    assert json.loads(run(root, "schema").stdout) == json_schema()


def test_explain_announces_the_questions(root: Path) -> None:
    shown = run(root, "explain", f"{EXPERIMENT}/experiment.toml", "--rows").stdout
    assert "Promoted courses against other courses. The estimand is" in shown
    assert "Question: Promoted courses against other courses" in shown
    assert "size_adjusted_ratio (decides)" in shown
    pasted = run(root, "explain", EXPERIMENT, "--markdown").stdout
    assert "## Estimands\n\nPromoted courses against other courses. The estimand is" in pasted


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize("verb", ["run", "check"])
def test_a_shell_completes_experiment_folders(root: Path, shell: str, verb: str) -> None:
    typed = f"evaluator {verb} experiments/itc"
    done = run(
        root,
        _EVALUATOR_COMPLETE=f"complete_{shell}",
        COMP_WORDS=typed,
        COMP_CWORD="2",
        _TYPER_COMPLETE_ARGS=typed,
        _TYPER_COMPLETE_FISH_ACTION="get-args",
    )
    assert EXPERIMENT in done.stdout
    assert "experiments/newsletter-holdout" not in done.stdout


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["experiments/one", "experiments/two", "three"]),
        ("exp", ["experiments/one", "experiments/two"]),
        ("experiments/", ["experiments/one", "experiments/two"]),
        ("experiments/o", ["experiments/one"]),
        ("nowhere/", []),
    ],
)
def test_folders_with_an_experiment_are_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, found: list[str]
) -> None:
    for name in ("experiments/one", "experiments/two", "three", "experiments/empty"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("experiments/one", "experiments/two", "three"):
        (tmp_path / name / "experiment.toml").touch()
    monkeypatch.chdir(tmp_path)
    assert folders(typed) == found


def test_help_names_every_verb_and_exit_code(root: Path) -> None:
    shown = " ".join(run(root, "--help").stdout.split())
    for word in ("run", "validate", "explain", "schema", "0 fine", "4 bug"):
        assert word in shown


# ── what goes wrong ───────────────────────────────────────────────────────────────────────

PROBLEM = Problem("here:3", "is wrong", "a rule", "do this")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError(PROBLEM), 2),
        (DeclarationError([PROBLEM, PROBLEM]), 2),
        (DataError(PROBLEM), 3),
        (TooFewPeriods("two weeks"), 4),
        (ZeroDivisionError("by zero"), 4),
        (KeyboardInterrupt(), 130),
    ],
)
def test_exit_codes(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
) -> None:
    def raised(**_: object) -> None:
        raise error

    monkeypatch.setattr(cli, "app", raised)
    assert called(monkeypatch, "run") == code
    shown = capfd.readouterr().err
    assert "Traceback" not in shown
    if code in (2, 3):
        assert "here:3: is wrong\n  a rule\n  do this" in shown


def test_a_bug_is_kept_for_its_report(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "app", lambda **_: 1 // 0)
    assert called(monkeypatch, "run") == 4
    shown = capfd.readouterr().err
    assert "Sorry, this is a bug in evaluator: ZeroDivisionError" in shown
    kept = re.search(r"the details are in (\S+)", shown)
    assert kept is not None
    text = Path(kept[1]).read_text("utf-8")
    Path(kept[1]).unlink()
    assert "Traceback (most recent call last)" in text
    assert "1 // 0" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "experiments/nowhere"), "there is no experiment file here"),
        (("run",), "Missing argument"),
        (("estimate", EXPERIMENT), "No such command"),
        (("run", EXPERIMENT, "--fast"), "No such option"),
    ],
)
def test_wrong_usage_says_so(root: Path, arguments: tuple[str, ...], said: str) -> None:
    assert said in run(root, *arguments, expect=2).stderr


def test_missing_data_are_named(root: Path, tmp_path: Path) -> None:
    """The shipped declaration, far from its data."""
    copy = tmp_path / "alone"
    copy.mkdir()
    text = (root / EXPERIMENT / "experiment.toml").read_text("utf-8")
    (copy / "experiment.toml").write_text(text, "utf-8")
    done = run(root, "run", str(copy), "--out", str(tmp_path / "out"), expect=3)
    assert "enrolments.parquet" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_reader_who_leaves_early_is_no_error(root: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "evaluator", "schema"],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == CLOSED_PIPE


def test_a_disk_that_is_full_is_named(root: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("not run: there is no /dev/full here")
    with full.open("w") as output:
        done = subprocess.run(
            [sys.executable, "-m", "evaluator", "schema"],
            cwd=root,
            stdout=output,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith("standard output: the output cannot be written: No space left")


def test_what_a_terminal_lacks_is_said_in_plain_signs(root: Path) -> None:
    """A minus or a times sign that became a question mark would be another number."""
    text = "−28 [−1; 2] ×1.5 – € § “a” → b\N{SNOWMAN}"
    script = f"from evaluator.cli.shared import show; show({text!r})"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=root,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    assert done.stdout == b'-28 [-1; 2] x1.5 - EUR  section  "a" -> b?'


@pytest.mark.parametrize(("terminal", "shown"), [("dumb", False), ("xterm", True)])
def test_progress_is_for_terminals_that_can_take_a_line_back(
    monkeypatch: pytest.MonkeyPatch, terminal: str, shown: bool
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", terminal)
    with shown_progress() as progress:
        assert (progress is not None) == shown
