"""Meta Business Suite: the daily series of a page's or an Instagram account's insights.

Seen 2025-01 to 2025-12: UTF-16 with a `sep=,` line, then a line that names the metric and sometimes
the platform, then `Date,Primary`; several such tables can stand in one file, and a spreadsheet
saves them with semicolons. `Audience` and `Top content formats` stack tables of another shape; they
hold nothing that is read here.

The reading makes `Table`, and the table's own columns, of them (`files/stacked_tables.py`).
"""

from __future__ import annotations

import polars as pl

from ingest.fields import dates, numbers, values
from ingest.fields.layout import Column, Counter, Layout
from ingest.fields.values import Cell

#: A table's name to the metric and, where the name tells it, the platform.
_SERIES = {
    "follows": ("new_followers", None),
    "facebook follows": ("new_followers", "facebook"),
    "instagram follows": ("new_followers", "instagram"),
    "reach": ("reach", None),
    "facebook reach": ("reach", "facebook"),
    "instagram reach": ("reach", "instagram"),
    "viewers": ("reach", None),
    "views": ("views", None),
    "content interactions": ("interactions", None),
    "visits": ("profile_visits", None),
    "facebook visits": ("profile_visits", "facebook"),
    "instagram profile visits": ("profile_visits", "instagram"),
    "link clicks": ("link_clicks", None),
}


def _read(fields: frozenset[str]) -> dict[str, Cell]:
    table = values.text("table").str.to_lowercase()
    metric = table.replace_strict(
        {name: metric for name, (metric, _) in _SERIES.items()}, default=None
    )
    platform = table.replace_strict(
        {name: platform for name, (_, platform) in _SERIES.items()},
        default=None,
        return_dtype=pl.String,
    )
    unknown = pl.when(metric.is_null()).then(pl.lit("unknown_metric"))
    return {
        **dates.iso_day("date"),
        "platform": Cell(platform, unknown, pl.format("table = {}", table.fill_null(""))),
        "metric": Cell(metric),
        "value": numbers.count("primary"),
    }


DAILY = Layout(
    platform=None,
    kind="meta_daily",
    seen="2025-01 to 2025-12",
    record_type="account_days",
    read=_read,
    columns=(
        Column("table", en="Table"),
        Column("date", en="Date", id="Tanggal", es="Fecha"),
        Counter("primary", en="Primary"),
    ),
)

TABLES = Layout(
    platform=None,
    kind="meta_tables",
    seen="2025-01 to 2025-12",
    record_type="nothing",
    note="Meta's tables by audience or format: they hold no posts and no days",
    columns=(Column("table", en="Table"), Column("record", en="Record")),
)

LAYOUTS = (DAILY, TABLES)
