from pathlib import Path

import pytest

from evaluator.whole import write_whole

OLD = {"a.txt": "old a", "b.txt": "old b"}
NEW = {"a.txt": "new a", "b.txt": "new b"}


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_replaces_its_own_files_only(tmp_path: Path) -> None:
    write_whole(OLD | {"mine.txt": "mine"}, tmp_path)
    write_whole(NEW, tmp_path)
    assert contents(tmp_path) == NEW | {"mine.txt": "mine"}


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError, SystemExit])
@pytest.mark.parametrize("survives", [0, 1])
@pytest.mark.parametrize("before", [OLD, {}], ids=["old results", "no results"])
def test_an_interruption_leaves_what_was_there(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: type[BaseException],
    survives: int,
    before: dict[str, str],
) -> None:
    """The renaming stops after `survives` files."""
    write_whole(before, tmp_path)
    replace, renamed = Path.replace, list[Path]()

    def interrupted(self: Path, target: Path) -> Path:
        if self.parent.name == "new":
            if len(renamed) == survives:
                raise error
            renamed.append(target)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(error):
        write_whole(NEW, tmp_path)
    assert contents(tmp_path) == before


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole(OLD, tmp_path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("evaluator.whole.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(NEW, tmp_path)
    assert contents(tmp_path) == OLD
