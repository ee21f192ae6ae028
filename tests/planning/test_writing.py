"""A file is written whole or not at all, and never over what was sealed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from evaluator.errors import DeclarationError, UsageError
from evaluator.experiment import load_protocol
from evaluator.experiment.protocol import Protocol, Span
from evaluator.experiment.seal import seal
from evaluator.planning.writing import Draft, write_experiment


@pytest.fixture
def protocol(root: Path, tmp_path: Path) -> Protocol:
    declared = load_protocol(root / "experiments" / "itcilo-2022")
    return replace(declared, path=tmp_path / "next" / "experiment.toml")


def test_what_is_written_is_there_with_its_schema(protocol: Protocol) -> None:
    draft = Draft(protocol, "What it is.\n\nWhy.", {"window": "The weeks."}, {"data.csv": b"\x00"})
    paths = write_experiment(draft, protocol.path)
    assert [path.name for path in paths] == [
        "experiment.toml",
        "data.csv",
        "experiment.schema.json",
    ]
    assert load_protocol(protocol.path) == protocol
    text = protocol.path.read_text()
    assert text.startswith("#:schema experiment.schema.json\n\n# What it is.\n#\n# Why.\n\n[exper")
    assert "# The weeks.\n[window]\n" in text
    assert paths[1].read_bytes() == b"\x00"


def test_a_schema_that_is_there_is_used(protocol: Protocol, tmp_path: Path) -> None:
    (tmp_path / "experiment.schema.json").write_text("{}")
    (path,) = write_experiment(Draft(protocol), protocol.path)
    assert path.read_text().startswith("#:schema ../experiment.schema.json\n")


def test_the_same_draft_gives_the_same_bytes(protocol: Protocol) -> None:
    write_experiment(Draft(protocol), protocol.path)
    before = protocol.path.read_bytes()
    write_experiment(Draft(protocol), protocol.path, force=True)
    assert protocol.path.read_bytes() == before


def test_what_is_there_stays_unless_it_is_to_go(protocol: Protocol) -> None:
    write_experiment(Draft(protocol), protocol.path)
    other = Draft(replace(protocol, title="another"), files={"data.csv": "new"})
    with pytest.raises(UsageError, match=r"experiment\.toml is there already\n.*--force"):
        write_experiment(other, protocol.path)
    assert load_protocol(protocol.path) == protocol
    assert not (protocol.path.parent / "data.csv").exists()
    write_experiment(other, protocol.path, force=True)
    assert load_protocol(protocol.path).title == "another"


def test_a_sealed_experiment_is_never_replaced(protocol: Protocol) -> None:
    write_experiment(Draft(protocol), protocol.path)
    seal(protocol, date(2022, 10, 1), "Ada")
    with pytest.raises(UsageError, match="is sealed: its protocol stands"):
        write_experiment(Draft(protocol), protocol.path, force=True)


def test_what_breaks_a_rule_is_not_written(protocol: Protocol) -> None:
    backwards = replace(protocol, window=Span(date(2022, 12, 1), date(2022, 11, 1)))
    with pytest.raises(DeclarationError, match="is before its start"):
        write_experiment(Draft(backwards), protocol.path)
    assert not protocol.path.parent.exists()
