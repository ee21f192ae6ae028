"""A room imports only rooms listed before it; heavy libraries stay out of where they are barred."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOMS = (
    *("errors", "whole", "results", "experiment", "panel", "sources", "resolve", "resampling"),
    *("estimators", "inference", "comparisons", "effects", "calibration", "assumptions"),
    *("verdict", "claims", "targeting", "evaluation", "planning", "testing", "gate", "report"),
    *("api", "pytest_plugin", "cli"),
    *("__init__", "__main__"),
)
"""From the ground up. `__init__` hands out the names of `api`, `__main__` calls `cli`."""

PACKAGE = Path(__file__).parents[1] / "evaluator"
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))
BARRED_FROM_ESTIMATORS = {
    *("pandas", "ibis", "duckdb", "pyarrow", "polars"),
    *("io", "os", "pathlib", "csv", "json", "logging", "random", "datetime"),
}


def room_of(path: Path) -> str:
    return path.parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """Dotted names of everything a module imports, at the top or inside functions."""
    for node in ast.walk(ast.parse((PACKAGE / path).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_room_imports_only_rooms_below_it(path: Path) -> None:
    room = room_of(path)
    assert room in ROOMS, f"{path}: give the room its place in the list"
    below = ROOMS[: ROOMS.index(room) + 1]
    for name in imported(path):
        package, *inner = name.split(".")
        if package == "evaluator":
            assert inner, f"{path} imports the package that hands it out"
            assert inner[0] in below, f"{path} imports {name}"


@pytest.mark.parametrize(
    "path", [path for path in MODULES if room_of(path) == "estimators"], ids=str
)
def test_estimators_know_arrays_only(path: Path) -> None:
    barred = {name for name in imported(path) if name.split(".")[0] in BARRED_FROM_ESTIMATORS}
    assert not barred
    calls = {
        node.func.id
        for node in ast.walk(ast.parse((PACKAGE / path).read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not calls & {"open", "print", "input"}


def test_the_list_is_enforced() -> None:
    """The modules of the floors that matter most are there to be looked at."""
    found = {room_of(path) for path in MODULES}
    assert {"estimators", "comparisons", "effects", "evaluation", "report", "cli"} <= found
