"""What the layouts of account days share: a record tells some metrics of an account on one day.

What belongs here: the metrics' names, how a day is written, and the reader that a table of columns
makes. What does not: any platform's headers (its own module) and the year of a day that is written
without one, which follows from the capture (`dbt_project/`).
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from ingest.layouts import cells
from ingest.layouts.cells import Cell

#: Metrics of an account on one day.
METRICS = (
    *("comments", "engaged_viewers", "follower_change", "followers", "impressions", "interactions"),
    *("likes", "link_clicks", "lost_followers", "new_followers", "new_viewers", "posts"),
    *("profile_visits", "reach", "replies", "returning_viewers", "saves", "shares", "views"),
)
_CHANGES = ("follower_change",)

_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            ("january", "januari", "enero"),
            ("february", "februari", "febrero"),
            ("march", "maret", "marzo"),
            ("april", "abril"),
            ("may", "mei", "mayo"),
            ("june", "juni", "junio"),
            ("july", "juli", "julio"),
            ("august", "agustus", "agosto"),
            ("september", "septiembre", "setiembre"),
            ("october", "oktober", "octubre"),
            ("november", "noviembre"),
            ("december", "desember", "diciembre"),
        ),
        start=1,
    )
    for name in names
}
_DAYS_OF_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def reader(
    dates: Callable[[str], dict[str, Cell]], metrics: dict[str, str], net: tuple[str, ...] = ()
) -> Callable[[frozenset[str]], dict[str, Cell]]:
    """A reader of records with a day in `date` and a column per metric.

    Args:
        dates: how the day is written.
        metrics: metric to the field that tells it.
        net: metrics that are a day's gains less its losses, so that they can be negative.
    """

    def read(fields: frozenset[str]) -> dict[str, Cell]:
        counters = {
            f"metric:{metric}": (change if metric in (*_CHANGES, *net) else cells.count)(column)
            for metric, column in metrics.items()
            if column in fields
        }
        return {**dates("date"), **counters}

    return read


def change(field: str) -> Cell:
    """A whole number that may be negative."""
    raw = cells.text(field)
    value = raw.str.extract(r"^([+-]?[0-9]{1,13})(?:\.0+)?$").cast(pl.Int64, strict=False)
    problem = pl.when(raw.is_not_null() & value.is_null()).then(pl.lit("unreadable_count"))
    return Cell(value, problem, pl.format("{} = {}", pl.lit(field), raw))


def iso_day(field: str) -> dict[str, Cell]:
    """`2025-08-01`, `2025/08/01` or `2025-08-01T01:00:00`, whose hour is the zone's doing."""
    raw = cells.text(field)
    groups = raw.str.extract_groups(
        r"^(20[0-9]{2})[-/]([0-9]{2})[-/]([0-9]{2})(?:T[0-9]{2}:[0-9]{2}:[0-9]{2})?$"
    )
    parts = [groups.struct.field(str(number)) for number in (1, 2, 3)]
    day = pl.format("{}-{}-{}", *parts).str.to_date("%Y-%m-%d", strict=False)
    problem = pl.when(day.is_null()).then(pl.lit("unreadable_date"))
    return {"date": Cell(day, problem, pl.format("{} = {}", pl.lit(field), raw.fill_null("")))}


def written_day(field: str) -> dict[str, Cell]:
    """`Tue, Feb 18, 2025`: a day with its year, the month as a word."""
    return {"date": cells.written_date(field)}


def yearless_day(field: str) -> dict[str, Cell]:
    """`February 28`, `28 Februari`, `28 de febrero`: month and day, in any of the languages."""
    raw = cells.text(field)
    words = raw.str.to_lowercase()
    first = words.str.extract_groups(r"^(?<month>\p{L}+) (?<day>[0-9]{1,2})$")
    last = words.str.extract_groups(r"^(?<day>[0-9]{1,2}) (?:de )?(?<month>\p{L}+)$")
    name = pl.coalesce(first.struct.field("month"), last.struct.field("month"))
    day = pl.coalesce(first.struct.field("day"), last.struct.field("day")).cast(pl.Int64)
    month = name.replace_strict(_MONTHS, default=None, return_dtype=pl.Int64)
    longest = month.replace_strict(dict(enumerate(_DAYS_OF_MONTH, start=1)), default=None)
    is_day = (day.is_between(1, longest)).fill_null(value=False)
    problem = pl.when(~is_day).then(pl.lit("unreadable_date"))
    detail = pl.format("{} = {}", pl.lit(field), raw.fill_null(""))
    return {"month": Cell(month, problem, detail), "day": Cell(day)}
