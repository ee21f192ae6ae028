"""The plugin, in pytest runs of its own; the checks it shows are made up, but for one."""

import json
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest

# A run inside this process forgets what it imported, and NumPy cannot be imported twice.
import evaluator.report.checked
import evaluator.testing.stored  # noqa: F401

pytest_plugins = ["pytester"]

MADE_UP = """
import pytest
from evaluator import pytest_plugin
from evaluator.errors import DataError, Problem
from evaluator.gate.items import Checked, Gate, Item, Part
from evaluator.results import Status

EXPECTED = (
    (Gate.DATA, "history"), (Gate.ASSUMPTIONS, "channels/ODPS/ads"),
    (Gate.RESULTS, "channels/ODPS/ads"), (Gate.RESULTS, "channels/SEE/ads"),
    (Gate.CALIBRATION, "channels/ODPS/ads"),
)
FOUND = (
    Item(*EXPECTED[0], Status.PASS, "as approved"),
    Item(*EXPECTED[1], Status.WARN, "nearer to its boundary"),
    Item(
        *EXPECTED[2], Status.FAIL, "the verdict flipped", "x2.96, raised", "x1.80, not precise",
        "evaluator accept spring --only ODPS/ads",
    ),
    Item(*EXPECTED[4], Status.NOT_RUN, "no campaigns in the lock"),
)
PARTS = (Part("data", True, "ODPS in the week of 3 Oct 2022"), Part("code", False))

def checked(path):
    with (path.parent / "evaluations").open("a") as file:
        file.write("x")
    if path.parent.name == "unread":
        raise DataError(Problem("enrolments.csv", "is not there", hint="export it"))
    if path.parent.name == "bug":
        raise ZeroDivisionError("by zero")
    more = (Item(Gate.RESULTS, "new/row", Status.NOT_RUN, "nobody has approved it"),)
    return Checked("spring", PARTS, FOUND + (more if path.parent.name == "more" else ()))

def pytest_configure(config):
    patch = pytest.MonkeyPatch()
    patch.setattr(pytest_plugin, "_expected", lambda path: EXPECTED)
    patch.setattr(pytest_plugin, "_checked", checked)
    config.add_cleanup(patch.undo)
"""


@pytest.fixture
def spring(pytester: pytest.Pytester) -> pytest.Pytester:
    """One experiment with a lock and one without, beside an ordinary test."""
    pytester.makeconftest(MADE_UP)
    experiment(pytester, "spring")
    pytester.mkdir("experiments/unlocked")
    pytester.path.joinpath("experiments/unlocked/experiment.toml").touch()
    pytester.makepyfile(test_ordinary="def test_it(): pass")
    return pytester


def experiment(pytester: pytest.Pytester, name: str) -> None:
    folder = pytester.path / "experiments" / name
    folder.mkdir(parents=True)
    for file in ("experiment.toml", "lock.json", "notes.toml", "README.md"):
        (folder / file).touch()


def test_every_part_of_a_lock_is_a_test(spring: pytest.Pytester) -> None:
    result = spring.runpytest_inprocess("--collect-only", "-q", "experiments/")
    result.stdout.fnmatch_lines(["6 tests collected*"])
    result.stdout.fnmatch_lines(
        [
            f"experiments/spring/experiment.toml::{name}"
            for name in (
                "data[history]",
                "assumptions[channels/ODPS/ads]",
                "results[channels/ODPS/ads]",
                "results[channels/SEE/ads]",
                "calibration[channels/ODPS/ads]",
                "everything else",
            )
        ],
        consecutive=True,
    )
    assert not (spring.path / "experiments/spring/evaluations").exists()


def test_what_was_not_run_is_an_error_and_a_failure_has_no_traceback(
    spring: pytest.Pytester,
) -> None:
    result = spring.runpytest_inprocess("experiments/")
    # The row of which nothing was said was not run either.
    result.assert_outcomes(passed=3, failed=1, errors=2, warnings=1)
    result.stdout.fnmatch_lines(
        [
            "*not run: it could not be compared, see 'everything else'*",
            "*not run: no campaigns in the lock*",
            "the verdict flipped",
            "as approved: x2.96, raised",
            "now: x1.80, not precise",
            "evaluator accept spring --only ODPS/ads",
            "moved: data (ODPS in the week of 3 Oct 2022); unmoved: code",
            "*GateWarning: nearer to its boundary*",
        ]
    )
    result.stdout.no_fnmatch_line("*pytest_plugin.py:*")
    assert (spring.path / "experiments/spring/evaluations").read_text() == "x"


def test_one_is_chosen_by_name(spring: pytest.Pytester) -> None:
    spring.runpytest_inprocess("-k", "results and ODPS").assert_outcomes(failed=1, deselected=6)
    one = "experiments/spring/experiment.toml::data[history]"
    spring.runpytest_inprocess(one).assert_outcomes(passed=1)


def test_warnings_fail_where_that_was_asked_for(spring: pytest.Pytester) -> None:
    arguments = ("-o", "evaluator_fail_on=warn", "-k", "assumptions")
    result = spring.runpytest_inprocess(*arguments)
    result.assert_outcomes(failed=1, deselected=6)


def test_a_misspelt_setting_is_told_before_anything_runs(spring: pytest.Pytester) -> None:
    result = spring.runpytest_inprocess("-o", "evaluator_fail_on=warning")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*evaluator_fail_on = 'warning' is none of ('warn', 'fail')"])


def test_junit_tells_errors_from_failures(spring: pytest.Pytester) -> None:
    spring.runpytest_inprocess("experiments/", "--junit-xml=junit.xml")
    suite = ET.parse(spring.path / "junit.xml").getroot()[0]
    counts = [suite.get(name) for name in ("tests", "failures", "errors", "skipped")]
    assert counts == ["6", "1", "2", "0"]


def test_what_nobody_approved_is_in_the_rest(spring: pytest.Pytester) -> None:
    experiment(spring, "more")
    result = spring.runpytest_inprocess("experiments/more", "-k", "everything")
    result.assert_outcomes(failed=1, deselected=5)
    result.stdout.fnmatch_lines(["nobody has approved it"])


@pytest.mark.parametrize(
    ("name", "said"),
    [("unread", "enrolments.csv: is not there"), ("bug", "*ZeroDivisionError: by zero")],
)
def test_an_experiment_that_cannot_be_checked_is_tried_once(
    spring: pytest.Pytester, name: str, said: str
) -> None:
    experiment(spring, name)
    result = spring.runpytest_inprocess(f"experiments/{name}")
    result.assert_outcomes(errors=6)
    result.stdout.fnmatch_lines([said])
    assert (spring.path / f"experiments/{name}/evaluations").read_text() == "x"


def test_workers_collect_alike_and_evaluate_once_each(spring: pytest.Pytester) -> None:
    result = spring.runpytest_subprocess("-n2", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=4, failed=1, errors=2, warnings=1)
    evaluated = (spring.path / "experiments/spring/evaluations").read_text()
    assert evaluated in ("x", "xx")


# ── fixtures ──────────────────────────────────────────────────────────────────────────────

MINE = """
def test_lifts(golden):
    golden("lifts", {"ODPS": %s}, rtol=1e-3)

def test_coverage(calibrate, golden):
    found = calibrate(lambda c: (%s, 2), draws=50)
    golden.held("mine", found)
    found.assert_coverage(conservative=True)
"""


def test_numbers_are_approved_then_held(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_mine=MINE % (2.96, 0))
    pytester.runpytest_inprocess().assert_outcomes(failed=2)
    pytester.runpytest_inprocess("--update-golden").assert_outcomes(passed=2)
    approved = json.loads((pytester.path / "test_mine.golden.json").read_text("utf-8"))
    assert approved["test_lifts"] == {"lifts": {"ODPS": 2.96}}
    pytester.makepyfile(test_mine=MINE % (2.9601, 0))
    pytester.runpytest_inprocess().assert_outcomes(passed=2)
    pytester.makepyfile(test_mine=MINE % (2.97, 1.5))
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*ODPS: 2.96 → 2.97*", "*50 lost, 0 gained*"])


def test_approving_by_several_workers_is_refused(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_mine=MINE % (2.96, 0))
    result = pytester.runpytest_subprocess("-n1", "--update-golden")
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["*run it without -n*"])


def test_an_experiment_is_evaluated_once_for_a_suite(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("""
        import evaluator.api
        evaluator.api.load_experiment = lambda path: path
        evaluator.api.evaluate = lambda path: [path]
        """)
    pytester.makepyfile("""
        import pytest
        from pathlib import Path

        @pytest.mark.parametrize("path", ["x/y", "./x/../x/y"])
        def test_it(evaluate, path):
            found = evaluate(path)
            assert found == [Path(__file__).parent / "x/y"]
            found.append("seen")
            assert found is evaluate("x/y")
            found.pop()

        def test_covers(assert_interval_covers):
            assert callable(assert_interval_covers)
        """)
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=3)


def test_an_ordinary_run_imports_nothing_heavy() -> None:
    heavy = "numpy scipy pandas pydantic evaluator.errors evaluator.testing evaluator.gate"
    program = (
        "import sys, evaluator.pytest_plugin;"
        f"print(*(name for name in '{heavy}'.split() if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.split() == []
