import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def recovery() -> ModuleType:
    """The study, a program beside the tests."""
    path = Path(__file__).with_name("recovery.py")
    spec = importlib.util.spec_from_file_location("recovery", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where its dataclasses look their annotations up
    spec.loader.exec_module(module)
    return module
