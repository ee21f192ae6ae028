"""What all tests share: the repository, the shipped experiment evaluated once, the long tests."""

from pathlib import Path

import pytest

import evaluator

ROOT = Path(__file__).parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the tests marked long as well")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: takes minutes; runs with --long only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Name what is not run: a long test is skipped with a reason, never silently left out."""
    if config.getoption("--long"):
        return
    not_run = pytest.mark.skip(reason="not run: long (pytest --long)")
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(not_run)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def flagship() -> evaluator.Result:
    """The shipped experiment, evaluated."""
    return evaluator.evaluate(evaluator.load_experiment(ROOT / "experiments" / "itcilo-2022"))
