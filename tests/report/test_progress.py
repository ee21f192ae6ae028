import io
import sys

import pytest

from evaluator.report import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_nothing_is_shown_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.shown_progress() as report:
        assert report is None
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("patience", "shown"), [(60.0, False), (0.0, True)])
def test_only_a_long_step_is_shown(
    monkeypatch: pytest.MonkeyPatch, patience: float, shown: bool
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "PATIENCE", patience)
    with progress.shown_progress() as report:
        assert report is not None
        if shown:
            wait_for(lambda: "\x1b" in terminal.getvalue() or "reading" in terminal.getvalue())
        report(0, 0, "reading the data")
        report(3, 10, "a_vs_b")
    assert ("a_vs_b" in terminal.getvalue()) == shown


def wait_for(condition: object) -> None:
    import time

    assert callable(condition)
    until = time.monotonic() + 5
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)
