"""YouTube Studio: `Table data`, one row per video.

Seen 2021 to 2026 with 9 to 29 columns in any order; only the content, its title and its publish
date are always there, so a counter that an office did not choose is not reported. The first row is
a total that need not equal the sum; at YouTube's cap the last row says so. The export names no
account, and the day has no time. The same file can list countries or dates instead of videos: the
IDs tell. Since late August 2026 views count from the start of playback.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from ingest.fields import dates, numbers, values
from ingest.fields.layout import Column, Counter, Layout, Measure, Platform, Prose, header_set
from ingest.fields.values import Cell

PLATFORM = Platform(
    "youtube",
    "YouTube",
    published_precision="day",
    range_time_zone="America/Los_Angeles",
    # Inferred: the last 90 and 365 days were handed out as `2026-03-06_2026-06-04` and
    # `2025-06-15_2026-06-15`.
    is_end_in_names_exclusive=True,
    names_accounts=False,
)


def _find_repeated(frame: pl.DataFrame) -> pl.DataFrame:
    """A table by day and video, whose column of days nobody knows, is no table by video."""
    return frame.with_columns(is_repeated=pl.len().over("file", "content") > 1)


_DERIVED = (
    values.rounded_ids_step("content"),
    dates.written_date_step("publish_time"),
    _find_repeated,
)


#: The contract's counter to the field that tells it.
_COUNTERS = {
    "view_count": "views",
    "impression_count": "impressions",
    "reach_count": "viewers",
    "like_count": "likes",
    "comment_count": "comments",
    "share_count": "shares",
}


def _read(fields: frozenset[str]) -> dict[str, Cell]:
    known = values.identifier("content", "[A-Za-z0-9_-]{11}")
    is_repeated = pl.col("is_repeated")
    repeated = pl.when(known.value.is_not_null() & is_repeated).then(pl.lit("video_stands_twice"))
    is_good = known.value.is_not_null() & ~is_repeated
    video = Cell(known.value, pl.coalesce(known.problem, repeated), known.text, is_good)
    day = dates.written_date("publish_time")
    return {
        "post_id": video,
        "delivered_post_id": Cell(video.value),
        "text": Cell(values.prose("title")),
        "published_date": day,
        "published_precision": Cell(pl.lit("day")),
        "published_source": Cell(pl.lit("printed")),
        **numbers.counts(_COUNTERS, fields),
    }


TABLE = Layout(
    platform=PLATFORM,
    kind="youtube_table",
    seen="2021 to 2026",
    read=_read,
    derived=_DERIVED,
    columns=(
        Column("content", en="Content", id="Konten", es="Contenido"),
        Prose("title", en="Video title", id="Judul video", es="Título del video"),
        Column(
            "publish_time",
            en="Video publish time",
            id="Waktu publikasi video",
            es="Hora de publicación del video",
        ),
        # "Tayangan" is Views on Meta and Impressions here.
        Counter("views", required=False, en="Views", id="Penayangan", es="Vistas"),
        Counter("impressions", required=False, en="Impressions", id="Tayangan", es="Impresiones"),
        Counter("viewers", required=False, en="Unique viewers", id="Penonton unik"),
        Counter("likes", required=False, en="Likes", id="Suka"),
        Counter("comments", required=False, en="Comments added", id="Komentar ditambahkan"),
        Counter("shares", required=False, en="Shares", id="Pembagian"),
        # Not read; their fractions show how the file writes decimals.
        Measure(
            "hours",
            required=False,
            en="Watch time (hours)",
            id="Waktu tonton (jam)",
            es="Tiempo de visualización (horas)",
        ),
        Measure(
            "click_rate",
            required=False,
            en="Impressions click-through rate (%)",
            id="Rasio klik-tayang dari tayangan (%)",
        ),
    ),
    # The chart's data: one row per day and video.
    forbidden_headers=header_set("Date", "Tanggal", "Fecha"),
    forbids_unknown_days=True,
    totals=("content", r"(?i)^total$"),
    cap_notice=(
        "content",
        r"(?i)^(showing top [0-9.,]+ results|menampilkan [0-9.,]+ hasil teratas)",
    ),
    ignored_headers=header_set(
        "Duration",
        "Durasi",
        "Subscribers",
        "Subscriber",
        "Suscriptores",
        "Dislikes",
        "Tidak suka",
        "Average view duration",
        "Engaged views",
        "Average percentage viewed (%)",
        "Stayed to watch (%)",
        "Average views per viewer",
        "New viewers",
        "Returning viewers",
        "Casual viewers",
        "Regular viewers",
        "Hypes",
        "Hype points",
        "Subscribers gained",
        "Subscribers lost",
        "Likes (vs dislikes) (%)",
        "Likes (vs. dislikes) (%)",
        "Post subscribers",
        "YouTube Premium views",
        "Shown in feed",
        "Viewed (vs. swiped away) (%)",
        "Estimated revenue (USD)",
    ),
)

_DATE = Column("date", en="Date", id="Tanggal")
_VIEWS = Counter("views", en=("Views", "Engaged views"), id="Penayangan")
_COUNTRY = Column("country", en="Geography", id="Geografi")
_SOURCE = Column("source", en="Traffic source", id="Sumber traffic")
_MIXED = (TABLE.columns[0], _COUNTRY, _SOURCE)
#: Their headers in each language in which all are known.
_MIXED_HEADERS: dict[str, Any] = {
    locale: tuple(column.headers[locale][0] for column in _MIXED)
    for locale in _MIXED[0].headers
    if all(locale in column.headers for column in _MIXED)
}
_ANY = Column("dimension", **_MIXED_HEADERS)


def _by(kind: str, what: str, *columns: Column, forbidden: frozenset[str] = frozenset()) -> Layout:
    """A table of the same export by another dimension, which is known and not read."""
    names = {column.field for column in columns}
    return Layout(
        platform=PLATFORM,
        kind=kind,
        seen="2021 to 2026",
        record_type="nothing",
        note=f"YouTube's views by {what}: they hold no posts and no account's day",
        columns=columns,
        first_field=columns[0].field,
        forbidden_headers=forbidden,
        ignored_headers=TABLE.ignored_headers.union(
            *(
                column.locales
                for column in TABLE.columns
                if column.is_number and column.field not in names
            )
        ),
    )


OTHER_TABLES = (
    _by("youtube_by_day", "day", _DATE, _VIEWS, forbidden=frozenset(_ANY.locales)),
    _by("youtube_chart", "day and content, country or source", _DATE, _ANY, _VIEWS),
    _by("youtube_by_country", "country", _COUNTRY, _VIEWS),
    _by("youtube_by_source", "traffic source", _SOURCE, _VIEWS),
)

LAYOUTS = (TABLE, *OTHER_TABLES)
