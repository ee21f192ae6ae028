"""Files on disk: all of them, or none."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path


def write_whole(
    files: Mapping[str, str | bytes], folder: Path, instead_of: Collection[str] = ()
) -> tuple[Path, ...]:
    """Put these contents into a folder, so that it holds all of them or what it held before.

    Everything is written beside its place first; then the files change places by renaming. An
    interruption while they do puts the earlier files back. Other files in the folder stay.

    Parameters
    ----------
    instead_of : names that an earlier writing may have left and this one does not write: they go,
        so that nothing of two runs stands side by side
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Inside the folder: a rename is only atomic on one file system.
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=folder) as staging:
        new, old = Path(staging, "new"), Path(staging, "old")
        new.mkdir()
        old.mkdir()
        for name, content in files.items():
            _write(new / name, content)
        stale = [name for name in instead_of if name not in files and (folder / name).is_file()]
        for name in stale:
            shutil.copyfile(folder / name, old / name)
        try:
            for name in files:
                if (folder / name).exists():
                    shutil.copyfile(folder / name, old / name)
                (new / name).replace(folder / name)
            for name in stale:
                (folder / name).unlink()
        except BaseException:
            _put_back([*files, *stale], old, new, folder)
            raise
    return tuple(folder / name for name in files)


def _write(path: Path, content: str | bytes) -> None:
    with path.open("wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())


def _put_back(names: Collection[str], old: Path, new: Path, folder: Path) -> None:
    for name in names:
        if (old / name).exists():
            (old / name).replace(folder / name)
        elif not (new / name).exists():
            (folder / name).unlink(missing_ok=True)
