"""The pytest plugin: experiments with a lock as tests, and fixtures for a suite of one's own.

Every pytest run of an environment imports this module; what it needs it imports when there is
an experiment to check or a fixture is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from evaluator.api import Result
    from evaluator.gate.items import Checked, Gate, Item
    from evaluator.testing import Calibrated
    from evaluator.testing.stored import Golden

DECLARATION, LOCK = "experiment.toml", "lock.json"
FAIL_ON = "evaluator_fail_on"
STATUSES = ("warn", "fail")
THE_REST = "everything else"
CHECKED = pytest.StashKey[dict[Path, "Checked | Exception"]]()


class GateWarning(UserWarning):
    """A check against the lock that warns, and stops nothing."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("evaluator")
    group.addoption(
        "--update-golden",
        action="store_true",
        help="approve the numbers that tests compare by the golden fixture",
    )
    parser.addini(
        FAIL_ON, f"status from which a check of an experiment fails: {STATUSES}", default="fail"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getini(FAIL_ON) not in STATUSES:
        raise pytest.UsageError(f"{FAIL_ON} = {config.getini(FAIL_ON)!r} is none of {STATUSES}")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """An experiment file with a lock beside it; no other file is looked at."""
    if file_path.name == DECLARATION and file_path.with_name(LOCK).is_file():
        collector: pytest.Collector = LockedExperiment.from_parent(parent, path=file_path)
        return collector
    return None


class LockedExperiment(pytest.File):
    """An experiment: a test for each thing that its lock holds, known without reading data."""

    def collect(self) -> Iterable[pytest.Item]:
        expected = _expected(self.path.with_name(LOCK))
        for about in expected:
            gate, name = about
            yield CheckedItem.from_parent(self, name=f"{gate}[{name}]", about=about)
        yield TheRest.from_parent(self, name=THE_REST, collected=frozenset(expected))

    def checked(self) -> Checked:
        """The experiment against its lock: evaluated once in a process, for all of its tests.

        Raises
        ------
        EvaluatorError : it cannot be checked
        """
        known = self.config.stash.setdefault(CHECKED, {})
        if self.path not in known:
            try:
                known[self.path] = _checked(self.path)
            except Exception as error:
                known[self.path] = error
        found = known[self.path]
        if isinstance(found, Exception):
            raise found
        return found


class _Compared(pytest.Item):
    """Something said of an experiment. What was not run is an error of its setup, which no
    report counts as a pass."""

    parent: LockedExperiment

    def setup(self) -> None:
        from evaluator.errors import EvaluatorError

        try:
            self.parent.checked()
        except EvaluatorError as error:
            pytest.fail(str(error), pytrace=False)

    def runtest(self) -> None:
        from evaluator.gate.items import FailOn

        fail_on = FailOn(self.config.getini(FAIL_ON))
        stopping = [item for item in self.items() if item.stops(fail_on)]
        if stopping:
            pytest.fail(self.told(stopping), pytrace=False)
        warning = [item for item in self.items() if item.status == "warn"]
        if warning:
            self.warn(GateWarning(self.told(warning)))

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name

    def items(self) -> list[Item]:
        raise NotImplementedError

    def told(self, items: Iterable[Item]) -> str:
        """Items in full, and which of the parts of the experiment moved."""
        from evaluator.report.checked.order import told, what_moved

        moved = what_moved(self.parent.checked())
        return "\n".join(part for part in (*map(told, items), moved) if part)


class CheckedItem(_Compared):
    """One thing that the lock holds."""

    def __init__(self, *, about: tuple[Gate, str], **rest: Any) -> None:
        super().__init__(**rest)
        self.about = about

    def setup(self) -> None:
        super().setup()
        items = self.items()
        if not items:
            pytest.fail(f"not run: it could not be compared, see {THE_REST!r}", pytrace=False)
        if items[0].status == "not run":
            pytest.fail(f"not run: {self.told(items)}", pytrace=False)

    def items(self) -> list[Item]:
        items = self.parent.checked().items
        return [item for item in items if (item.gate, item.name) == self.about]


class TheRest(_Compared):
    """What is not in the lock: rows that nobody has approved; data, or a lock, that cannot be
    read."""

    def __init__(self, *, collected: frozenset[tuple[Gate, str]], **rest: Any) -> None:
        super().__init__(**rest)
        self.collected = collected

    def items(self) -> list[Item]:
        items = self.parent.checked().items
        return [item for item in items if (item.gate, item.name) not in self.collected]


def _expected(lock: Path) -> tuple[tuple[Gate, str], ...]:
    """What a lock holds; nothing, if it cannot be read: the check will say so."""
    from evaluator.gate.expected import expected
    from evaluator.gate.stored import LockError, read_lock

    try:
        approved = read_lock(lock)
    except LockError:
        return ()
    return expected(approved) if approved else ()


def _checked(path: Path) -> Checked:
    from evaluator.api import check, load_experiment

    return check(load_experiment(path))


@pytest.fixture(scope="session")
def evaluate(request: pytest.FixtureRequest) -> Callable[[Path | str], Result]:
    """Evaluates an experiment, once in a session: path, from pytest's root, → `Result`."""
    from evaluator.api import evaluate as evaluated
    from evaluator.api import load_experiment

    known: dict[Path, Result] = {}

    def evaluate_once(path: Path | str) -> Result:
        whole = (request.config.rootpath / path).resolve()
        if whole not in known:
            known[whole] = evaluated(load_experiment(whole))
        return known[whole]

    return evaluate_once


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compares numbers with approved ones in `<test file>.golden.json`, beside the test."""
    from evaluator.testing.stored import Golden

    update = bool(request.config.getoption("--update-golden"))
    if update and hasattr(request.config, "workerinput"):
        pytest.fail("--update-golden writes files: run it without -n", pytrace=False)
    path = request.path.with_name(f"{request.path.stem}.golden.json")
    return Golden(path, request.node.nodeid.partition("::")[2], update)


@pytest.fixture(scope="session")
def calibrate() -> Callable[..., Calibrated]:
    """`evaluator.testing.calibrate`: tries an estimator on simulated worlds."""
    from evaluator.testing import calibrate as calibrated

    return calibrated


@pytest.fixture(scope="session")
def assert_interval_covers() -> Callable[..., None]:
    """`evaluator.testing.assert_interval_covers`: a row covers a known lift, beyond doubt."""
    from evaluator.testing import assert_interval_covers as covers

    return covers
