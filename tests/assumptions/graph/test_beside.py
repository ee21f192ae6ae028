"""A worker that dies, hangs or babbles is a reason, never a crash, and none is left behind."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import pytest

from evaluator.assumptions.graph.beside import asked_beside
from evaluator.results import NotRun

Module = Callable[[str], str]

BAD = {
    "dies": ("raise SystemExit(3)", "ended with code 3"),
    "hangs": ("import time; time.sleep(60)", "gave no answer in 0.2 seconds"),
    "babbles": ("print('Graph is acyclic')", "no readable answer"),
    "says why": ("""print('{"error": "ValueError: a cycle"}')""", "stopped: ValueError: a cycle"),
}


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Module:
    """Write a module that a process can run by its name."""

    def written(source: str) -> str:
        (tmp_path / "a_worker.py").write_text(source, "utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        return "a_worker"

    return written


@pytest.mark.parametrize(("source", "reason"), BAD.values(), ids=BAD.keys())
def test_a_bad_worker_is_a_reason(module: Module, source: str, reason: str) -> None:
    with asked_beside({}, module(source)) as asked:
        answer = asked.answer(0.2 if "sleep" in source else 10)
    assert isinstance(answer, NotRun)
    assert reason in answer.reason


def test_a_request_larger_than_a_pipe_comes_back(module: Module) -> None:
    request = {"numbers": list(range(40_000))}
    echo = "import json, sys; json.dump(json.load(sys.stdin), sys.stdout)"
    with asked_beside(request, module(echo)) as asked:
        assert asked.answer(10) == request


def test_the_worker_does_not_outlive_a_failure(module: Module) -> None:
    started: list[Popen[str]] = []

    def interrupted() -> None:
        with asked_beside({}, module(BAD["hangs"][0])) as asked:
            assert isinstance(asked.process, Popen)
            assert asked.process.poll() is None
            started.append(asked.process)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert started[0].poll() is not None


def test_without_a_python_there_is_no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    for nowhere in ("", "/nowhere/python"):
        monkeypatch.setattr(sys, "executable", nowhere)
        with asked_beside({}) as asked:
            assert isinstance(asked.answer(), NotRun)
