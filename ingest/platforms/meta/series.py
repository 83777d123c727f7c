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

#: What a table's name says besides the platform, to the metric. English as seen; Indonesian is
#: inferred from the words of the page that shows the same numbers.
_METRICS = {
    "follows": "new_followers",
    "pengikut": "new_followers",
    "reach": "reach",
    "viewers": "reach",
    "jangkauan": "reach",
    "views": "views",
    "tayangan": "views",
    "content interactions": "interactions",
    "interaksi": "interactions",
    "interaksi konten": "interactions",
    "visits": "profile_visits",
    "profile visits": "profile_visits",
    "kunjungan": "profile_visits",
    "link clicks": "link_clicks",
    "klik tautan": "link_clicks",
}
#: Before the metric in English, behind it in Indonesian, or nowhere.
_PLATFORM = r"\b(facebook|instagram)\b"


def _read(fields: frozenset[str]) -> dict[str, Cell]:
    table = values.text("table").str.to_lowercase()
    platform = table.str.extract(_PLATFORM)
    words = table.str.replace(_PLATFORM, " ").str.replace_all(" +", " ").str.strip_chars()
    metric = words.replace_strict(_METRICS, default=None, return_dtype=pl.String)
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
