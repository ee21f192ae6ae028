import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def recovery() -> ModuleType:
    """The study of the shipped configuration, a program beside the tests."""
    return _program("recovery")


@pytest.fixture(scope="session")
def paired() -> ModuleType:
    """The coverage study in small."""
    return _program("paired")


@pytest.fixture(scope="session")
def successor() -> ModuleType:
    """The successor of the shipped experiment, and what it identifies."""
    return _program("successor")


@pytest.fixture(scope="session")
def switched() -> ModuleType:
    """Weeks on and off by chance."""
    return _program("switched")


@pytest.fixture(scope="session")
def power() -> ModuleType:
    """Promised power against realised."""
    return _program("power")


@pytest.fixture(scope="session")
def oulad() -> ModuleType:
    """Placebo campaigns on real series."""
    return _program("oulad")


def _program(name: str) -> ModuleType:
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where its dataclasses look their annotations up
    spec.loader.exec_module(module)
    return module
