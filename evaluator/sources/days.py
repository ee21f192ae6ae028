"""Local days from text, in the engine.

A day or a time without an offset is local already. A time with an offset, or Unix seconds, is an
instant: it falls on the day of the experiment's own time zone. Casting an instant to a zone and
taking its date gives the UTC day on DuckDB and PostgreSQL; `timezone(zone, instant)`, which both
have, gives the local clock.
"""

from __future__ import annotations

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

WRITTEN = "2022-10-31, 2022-10-31 14:05:00, 2022-10-31T14:05:00+01:00 or ten-digit Unix seconds"
"""What a day may look like, for messages."""

_DAY = r"\d{4}-\d{2}-\d{2}"
_LOCAL = rf"^{_DAY}([ T]\d{{2}}:\d{{2}}(:\d{{2}}(\.\d+)?)?)?$"
_OFFSET = rf"^{_DAY}[ T]\d{{2}}:\d{{2}}:\d{{2}}(\.\d+)?(Z|[+-]\d{{2}}(:?\d{{2}})?)$"
_SECONDS = r"^\d{10}$"

_INSTANT = dt.Timestamp(timezone="UTC")


def local_day(written: ir.StringValue, zone: str) -> ir.DateValue:
    """The day in `zone`; null where the text is none of the forms of `WRITTEN`."""
    return ibis.cases(
        (written.re_search(_LOCAL), written.try_cast(dt.timestamp).date()),
        (written.re_search(_OFFSET), timezone(zone, written.try_cast(_INSTANT)).date()),
        (
            written.re_search(_SECONDS),
            timezone(zone, to_timestamp(written.try_cast(dt.float64))).date(),
        ),
    )


def instants(written: ir.StringValue) -> ir.BooleanValue:
    """Whether the text says by itself which instant it means."""
    return written.re_search(_OFFSET) | written.re_search(_SECONDS)


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def timezone(zone: str, instant: _INSTANT) -> dt.timestamp:  # type: ignore[valid-type]
    """Local clock of an instant: the engine's own function."""


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def to_timestamp(seconds: float) -> _INSTANT:  # type: ignore[valid-type]
    """Instant of Unix seconds: the engine's own function."""
