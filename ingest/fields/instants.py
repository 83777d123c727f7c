"""Instants as the platforms' APIs write them: with their offset from UTC, or in it.

What belongs here: ISO 8601 with an offset, seconds since 1970, and UTC without a mark. What does
not: times that are printed in a zone of their own (`platforms/meta/publish_time.py`), days
(`dates.py`) and times that an ID encodes (the platforms' modules).

All are truncated to whole seconds, UTC without a zone mark.
"""

from __future__ import annotations

import polars as pl

from ingest.fields.values import Cell, plausible, seconds, text

_ISO = (
    r"^(?<wall>20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]{1,9})?"
    r"(?:Z|(?<sign>[+-])(?<hours>[01][0-9]):?(?<minutes>[0-5][0-9]))$"
)
_UTC = r"^(20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2})$"


def iso(field: str) -> Cell:
    """`2025-07-31T17:30:15+0000`, `…+07:00`, `…Z`, `….000Z`; without an offset it is unreadable."""
    parts = text(field).str.extract_groups(_ISO).struct
    wall = parts.field("wall").str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False, time_unit="us")
    hours, minutes = (parts.field(n).cast(pl.Int64).fill_null(0) for n in ("hours", "minutes"))
    sign = pl.when(parts.field("sign") == "-").then(-1).otherwise(1)
    return _told(field, wall - pl.duration(minutes=sign * (hours * 60 + minutes)))


def unix(field: str) -> Cell:
    """Seconds since 1970."""
    raw = text(field)
    whole = pl.when(raw.str.contains("^[0-9]{9,10}$")).then(raw).cast(pl.Int64, strict=False)
    return _told(field, seconds(whole * 1000))


def utc(field: str) -> Cell:
    """`2025-07-31 17:30:15`, which is said to be UTC."""
    wall = text(field).str.extract(_UTC)
    return _told(field, wall.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="us"))


def _told(field: str, instant: pl.Expr) -> Cell:
    value = plausible(instant)
    problem = pl.when(value.is_null()).then(pl.lit("unreadable_time"))
    detail = pl.format("{} = {}", pl.lit(field), text(field).fill_null(""))
    return Cell(value, problem, detail, value.is_not_null())
