"""The examples in docstrings run."""

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WITH_EXAMPLES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "evaluator").rglob("*.py")
    if ">>> " in path.read_text("utf-8") and path.name != "__init__.py"
)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_in(name: str) -> None:
    assert not doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS).failed
