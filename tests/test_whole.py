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


def test_what_an_earlier_writing_left_goes(tmp_path: Path) -> None:
    write_whole(OLD | {"mine.txt": "mine"}, tmp_path)
    write_whole({"a.txt": "new a"}, tmp_path, instead_of=["a.txt", "b.txt", "never.txt"])
    assert contents(tmp_path) == {"a.txt": "new a", "mine.txt": "mine"}


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


def test_what_was_to_go_stays_where_the_rest_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new file is in its place, one of two earlier ones is gone: all come back."""
    write_whole(OLD | {"c.txt": "old c"}, tmp_path)
    unlink, gone = Path.unlink, list[Path]()

    def interrupted(self: Path, missing_ok: bool = False) -> None:
        if self.parent == tmp_path and gone:
            raise KeyboardInterrupt
        gone.extend([self] if self.parent == tmp_path else [])
        unlink(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole({"a.txt": "new a"}, tmp_path, instead_of=["b.txt", "c.txt"])
    assert gone == [tmp_path / "b.txt"]
    assert contents(tmp_path) == OLD | {"c.txt": "old c"}


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole(OLD, tmp_path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("evaluator.whole.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(NEW, tmp_path)
    assert contents(tmp_path) == OLD
