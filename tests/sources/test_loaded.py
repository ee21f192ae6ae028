"""Good exports, in every form they come in, are one and the same panel."""

from __future__ import annotations

import gzip
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from evaluator.experiment.protocol import Course, Others, Span
from evaluator.results import Status
from evaluator.sources import load

DST_DAY = date(2022, 10, 30)
SHARED = Path(__file__).parents[3] / "shared" / "data"


def test_events_become_daily_counts(tiny: Any) -> None:
    lines = [*tiny.events, "2022-10-02,P,KE,facebook,x", "2022-10-02 23:59:59,P,KE,facebook,y"]
    panel = tiny.load("export.csv", lines).panel
    assert panel.courses == ("P", "Q")
    assert panel.countries == ("KE", "NA")
    assert panel.tags == ("facebook", "none")
    assert (panel.start, panel.end) == (date(2022, 10, 1), date(2022, 10, 31))
    assert panel.array("day", course=["P"], country=["KE"])[:3].tolist() == [1, 3, 1]
    assert panel.array() == 126


def as_text(encoding: str, old: str = "", new: str = "") -> Callable[[Path, list[str]], Path]:
    def write(folder: Path, lines: list[str]) -> Path:
        content = "".join(f"{line}\n" for line in lines).replace(old, new) if old else None
        path = folder / "form.csv"
        path.write_bytes((content or "\n".join(lines)).encode(encoding))
        return path

    return write


def as_gzip(folder: Path, lines: list[str]) -> Path:
    path = folder / "form.csv.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    return path


def as_parquet(day: Any) -> Callable[[Path, list[str]], Path]:
    def write(folder: Path, lines: list[str]) -> Path:
        table = pyarrow.csv.read_csv(pa.BufferReader("\n".join(lines).encode()))
        days = table["day"].cast(pa.timestamp("s")).cast(day)
        table = table.set_column(0, "day", days)
        text = pa.array([line.split(",")[2] for line in lines[1:]]).dictionary_encode()
        path = folder / "form.parquet"
        pyarrow.parquet.write_table(table.set_column(2, "country", text), path)
        return path

    return write


FORMS = {
    "byte-order mark": as_text("utf-8-sig"),
    "semicolons": as_text("utf-8", ",", ";"),
    "tabs": as_text("utf-8", ",", "\t"),
    "windows lines": as_text("utf-8", "\n", "\r\n"),
    "blank lines": as_text("utf-8", "\n", "\n\n"),
    "blanks": as_text("utf-8", ",", " , "),
    "gzip": as_gzip,
    "parquet, days": as_parquet(pa.date32()),
    "parquet, local times": as_parquet(pa.timestamp("ns")),
    "parquet, instants": as_parquet(pa.timestamp("us", "UTC")),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_an_export_is_the_same_panel(tiny: Any, form: str) -> None:
    plain = tiny.load("plain.csv", tiny.events)
    path = FORMS[form](tiny.folder, tiny.events)
    loaded = load(tiny.protocol({"kind": "events", "paths": [path.name]}))
    assert loaded.fingerprint == plain.fingerprint


def test_identical_events_count_once_and_are_reported(tiny: Any) -> None:
    lines = tiny.events
    loaded = tiny.load("export.csv", [*lines, lines[5], lines[5], lines[9]])
    assert loaded.panel.array() == 124
    (finding,) = loaded.findings
    assert finding.status is Status.WARN
    assert finding.sentence.startswith("3 of 127 events repeat another in every column")


def test_without_a_learner_nothing_is_identical(tiny: Any) -> None:
    lines = [line.rpartition(",")[0] for line in tiny.events]
    loaded = tiny.load("export.csv", [*lines, lines[5]])
    assert loaded.panel.array() == 125
    (finding,) = loaded.findings
    assert finding.status is Status.NOT_RUN
    assert "learner" in finding.sentence


def test_events_whose_learner_is_blank_are_different_people(tiny: Any) -> None:
    loaded = tiny.load("export.csv", [*tiny.events, *["2022-10-02,P,KE,none,"] * 2])
    assert loaded.panel.array() == 126
    assert "2 have no learner key" in loaded.findings[0].sentence


def test_identical_counts_count_once(tiny: Any) -> None:
    loaded = tiny.load("counts.csv", [*tiny.counts, tiny.counts[5]], "counts")
    assert loaded.panel.array() == 2 * sum(range(32))
    assert loaded.findings[0].status is Status.WARN


def test_a_country_not_given_is_reported(tiny: Any) -> None:
    loaded = tiny.load("export.csv", [*tiny.events, "2022-10-02,P, ,none,x"])
    assert loaded.panel.countries == ("KE", "NA", "unknown")
    assert "1 counted in rows without a country" in loaded.findings[1].sentence


def test_sources_add_up(tiny: Any) -> None:
    tiny.write("export.csv", tiny.events)
    tiny.write("counts.csv", tiny.counts)
    sources = [
        {"kind": "events", "paths": ["export.csv"]},
        {"kind": "counts", "paths": ["counts.csv"]},
    ]
    panel = load(tiny.protocol(*sources)).panel
    assert panel.array("day", course=["P"], country=["KE"]).tolist() == list(range(2, 33))


def test_the_learner_goes_no_further_than_the_query(tiny: Any) -> None:
    lines = [line.replace(",k", ",secret") for line in tiny.events]
    loaded = tiny.load("export.csv", lines)
    assert "secret" not in repr(loaded.panel) + repr(loaded.findings)
    renamed = [line.replace(",k", ",other") for line in tiny.events]
    assert tiny.load("export.csv", renamed).fingerprint == loaded.fingerprint


def test_a_changed_count_changes_the_fingerprint(tiny: Any) -> None:
    plain = tiny.load("counts.csv", tiny.counts, "counts").fingerprint
    changed = [line.replace("2022-10-09,Q,KE,9", "2022-10-09,Q,KE,8") for line in tiny.counts]
    assert tiny.load("counts.csv", changed, "counts").fingerprint != plain


def test_the_machines_time_zone_and_hash_seed_do_not_matter(tiny: Any) -> None:
    """Midnight of Rome as instants, and local times near midnight, on two other clocks."""
    header, *rows = tiny.events
    midnight = [row.replace(",", "T22:00:00Z,", 1) for row in rows if row[:10] < "2022-10-30"]
    near = [row.replace(",", " 23:59:00,", 1) for row in rows]
    tiny.write("instants.csv", [header, *midnight])
    tiny.write("local.csv", [header, *near])
    instants = tiny.protocol({"kind": "events", "paths": ["instants.csv"]}, as_of=DST_DAY)
    local = tiny.protocol({"kind": "events", "paths": ["local.csv"]})
    here = [load(instants).fingerprint, load(local).fingerprint]
    (tiny.folder / "protocols").write_bytes(pickle.dumps([instants, local]))
    program = (
        "import pathlib, pickle, sys; from evaluator.sources import load\n"
        "protocols = pickle.loads(pathlib.Path(sys.argv[1]).read_bytes())\n"
        "print(*[load(protocol).fingerprint for protocol in protocols])"
    )
    for zone, seed in (("Pacific/Kiritimati", "1"), ("America/Los_Angeles", "2")):
        there = subprocess.run(
            [sys.executable, "-c", program, str(tiny.folder / "protocols")],
            env={**os.environ, "TZ": zone, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert there.stdout.split() == here


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data is not here")
def test_geolift_is_a_table_of_counts(tiny: Any) -> None:
    source = {
        "kind": "counts",
        "paths": [os.path.relpath(SHARED / "geo_geolift" / "GeoLift_Test.csv", tiny.folder)],
        "columns": {"country": "location", "day": "date", "value": "Y"},
        "course": "sales",
    }
    protocol = tiny.protocol(
        source,
        courses=(Course("sales", "Sales"),),
        others=Others(),
        window=Span(date(2021, 4, 1), date(2021, 4, 15)),
        as_of=date(2021, 4, 15),
    )
    panel = load(protocol).panel
    assert (panel.start, panel.days, len(panel.countries)) == (date(2021, 1, 1), 105, 40)
    assert panel.array("day", country=["new york"])[:3].tolist() == [3300, 3202, 4138]
