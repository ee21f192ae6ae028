"""The small experiment, approved once: each test breaks its own copy of it."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from tests.gate.approved import Copy, approve


@pytest.fixture(scope="session")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return approve(tmp_path_factory.mktemp("approved") / "small")


@pytest.fixture
def copy(approved: Copy, tmp_path: Path) -> Copy:
    folder = Path(shutil.copytree(approved.folder, tmp_path / "small"))
    return dataclasses.replace(approved, folder=folder)
