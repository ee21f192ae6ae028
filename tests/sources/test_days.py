"""Local days around midnight and both clock changes of Rome."""

from __future__ import annotations

from typing import Any

import ibis
import pytest

from evaluator.sources.days import instants, local_day

ROME = {
    # Local days, whatever the clock did.
    "2022-10-30": "2022-10-30",
    "2022-10-30 02:30": "2022-10-30",
    "2022-03-27T23:59:59.999": "2022-03-27",
    # 27 March 2022, an hour short: midnight is 23:00 UTC before it and 22:00 UTC after it.
    "2022-03-26T22:59:59Z": "2022-03-26",
    "2022-03-26T23:00:00Z": "2022-03-27",
    "2022-03-27T21:59:59Z": "2022-03-27",
    "2022-03-27T22:00:00Z": "2022-03-28",
    # 30 October 2022, an hour long: 22:00 UTC before it, 23:00 UTC after it.
    "2022-10-29T21:59:59Z": "2022-10-29",
    "2022-10-29T22:00:00Z": "2022-10-30",
    "2022-10-30 22:59:59+00": "2022-10-30",
    "2022-10-30 23:00:00+0000": "2022-10-31",
    # The same instants by other clocks and as Unix seconds.
    "2022-10-30T00:30:00+02:00": "2022-10-30",
    "2022-10-30T23:30:00.5+01:00": "2022-10-30",
    "2022-10-30T18:30:00-05:00": "2022-10-31",
    "1667084399": "2022-10-30",
    "1667170799": "2022-10-30",
    "1667170800": "2022-10-31",
}


@pytest.fixture(scope="module")
def days() -> Any:
    connection = ibis.duckdb.connect()
    table = connection.create_table("t", ibis.memtable({"written": list(ROME)}).to_pyarrow())
    query = table.select(
        "written", day=local_day(table.written, "Europe/Rome"), instant=instants(table.written)
    )
    return {row["written"]: row for row in query.to_pyarrow().to_pylist()}


@pytest.mark.parametrize("written", ROME)
def test_local_day_in_rome(days: Any, written: str) -> None:
    assert str(days[written]["day"]) == ROME[written]
    assert days[written]["instant"] == (
        written[-1] == "Z" or "+" in written or "-05" in written or written.isdigit()
    )
