"""YouTube Studio's exports: the table of videos, and tables by another dimension."""

from __future__ import annotations

import base64
from datetime import datetime
from random import Random

from ingest.sample import responses
from ingest.sample.fixture import (
    PlatformFixture,
    PostIds,
    WorldShare,
    base64_digits,
    scattered,
)
from ingest.sample.formats import ExportFormat
from ingest.sample.months import INDONESIAN_MONTHS, SPANISH_MONTHS
from ingest.sample.truth import AccountRow


def _ids(row: AccountRow, instant: datetime, serial: int, is_story: bool) -> PostIds:
    """Eleven characters that tell nothing."""
    video = base64_digits(scattered(serial))
    return PostIds(video, video, video)


def _account_number(rng: Random) -> str:
    """A channel's ID; no export shows it."""
    return "UC" + base64.urlsafe_b64encode(rng.randbytes(18)).decode()[:22]


_WORLD_FORMATS = (
    ExportFormat(
        kind="youtube_table",
        locale="en",
        time_zone="Asia/Jakarta",
        time_form="{t:%b} {t.day}, {t.year}",
        file_name="Table data.csv",
        fixed_columns=3,
        has_total_row=True,
        left_out_at_times=("likes",),
        columns=(
            ("Content", "id"),
            ("Video title", "text"),
            ("Video publish time", "time"),
            ("Duration", "seconds"),
            ("Views", "views"),
            ("Watch time (hours)", "few"),
            ("Subscribers", "zero"),
            ("Impressions", "impressions"),
            ("Impressions click-through rate (%)", "rate"),
            ("Likes", "likes"),
            ("Comments added", "comments"),
            ("Shares", "shares"),
        ),
    ),
    ExportFormat(
        kind="youtube_table",
        locale="id",
        time_zone="Asia/Jakarta",
        time_form="{t.day} {month:.3} {t.year}",
        months=INDONESIAN_MONTHS,
        file_name="Table data.csv",
        fixed_columns=3,
        fixed_cells={"rate": "5,0%"},
        has_total_row=True,
        left_out_at_times=("likes",),
        columns=(
            ("Konten", "id"),
            ("Judul video", "text"),
            ("Waktu publikasi video", "time"),
            ("Durasi", "seconds"),
            ("Penayangan", "views"),
            ("Waktu tonton (jam)", "few"),
            ("Subscriber", "zero"),
            ("Tayangan", "impressions"),
            ("Rasio klik-tayang dari tayangan (%)", "rate"),
            ("Suka", "likes"),
            ("Komentar ditambahkan", "comments"),
            ("Pembagian", "shares"),
        ),
    ),
)

_FURTHER_FORMATS = (
    ExportFormat(
        kind="youtube_table",
        locale="en",
        time_zone="Asia/Jakarta",
        time_form="{t:%b} {t.day}, {t.year}",
        file_name="Table data.csv",
        fixed_columns=1,
        has_total_row=True,
        left_out_at_times=("likes",),
        columns=(
            ("Content", "id"),
            ("Video title", "text"),
            ("Video publish time", "time"),
            ("Duration", "seconds"),
            ("Engaged views", "few"),
            ("Views", "views"),
            ("Watch time (hours)", "few"),
            ("Subscribers", "zero"),
            ("Average view duration", "seconds"),
            ("Average percentage viewed (%)", "rate"),
            ("Unique viewers", "reach"),
            ("New viewers", "few"),
            ("Returning viewers", "few"),
            ("Subscribers gained", "zero"),
            ("Subscribers lost", "zero"),
            ("Likes", "likes"),
            ("Dislikes", "zero"),
            ("Likes (vs. dislikes) (%)", ""),
            ("Shares", "shares"),
            ("Comments added", "comments"),
            ("YouTube Premium views", "zero"),
            ("Hypes", "zero"),
            ("Hype points", "zero"),
            ("Estimated revenue (USD)", ""),
            ("Impressions", "impressions"),
            ("Impressions click-through rate (%)", "rate"),
        ),
    ),
    ExportFormat(
        kind="youtube_table",
        locale="id",
        time_zone="Asia/Jakarta",
        time_form="{t.day} {month} {t.year}",
        months=INDONESIAN_MONTHS,
        file_name="Table data.csv",
        fixed_columns=1,
        fixed_cells={"rate": "5,0%"},
        has_total_row=True,
        left_out_at_times=("likes",),
        columns=(
            ("Konten", "id"),
            ("Judul video", "text"),
            ("Waktu publikasi video", "time"),
            ("Durasi", "seconds"),
            ("Penayangan", "views"),
            ("Penonton unik", "reach"),
            ("Suka", "likes"),
            ("Tidak suka", "zero"),
            ("Pembagian", "shares"),
            ("Komentar ditambahkan", "comments"),
            ("Waktu tonton (jam)", "few"),
            ("Subscriber", "zero"),
            ("Tayangan", "impressions"),
            ("Rasio klik-tayang dari tayangan (%)", "rate"),
        ),
    ),
    ExportFormat(
        kind="youtube_table",
        locale="es",
        time_zone="Asia/Jakarta",
        time_form="{t.day} {month:.3} {t.year}",
        months=SPANISH_MONTHS,
        file_name="Table data.csv",
        fixed_columns=1,
        has_total_row=True,
        left_out_at_times=("likes",),
        columns=(
            ("Contenido", "id"),
            ("Título del video", "text"),
            ("Hora de publicación del video", "time"),
            ("Vistas", "views"),
            ("Tiempo de visualización (horas)", "few"),
            ("Suscriptores", "zero"),
            ("Impresiones", "impressions"),
        ),
    ),
    ExportFormat(
        kind="youtube_by_day",
        loads_nothing=True,
        locale="en",
        time_form="{t:%Y-%m-%d}",
        file_name="Totals.csv",
        columns=(
            ("Date", "day"),
            ("Views", "views"),
        ),
    ),
    ExportFormat(
        kind="youtube_by_day",
        loads_nothing=True,
        locale="en",
        time_form="{t:%Y-%m-%d}",
        file_name="Totals.csv",
        columns=(
            ("Date", "day"),
            ("Engaged views", "views"),
        ),
    ),
    ExportFormat(
        kind="youtube_by_day",
        loads_nothing=True,
        locale="id",
        time_form="{t:%Y-%m-%d}",
        file_name="Totals.csv",
        columns=(
            ("Tanggal", "day"),
            ("Penayangan", "views"),
        ),
    ),
    ExportFormat(
        kind="youtube_chart",
        loads_nothing=True,
        locale="en",
        time_form="{t:%Y-%m-%d}",
        file_name="Chart data.csv",
        columns=(
            ("Date", "day"),
            ("Content", "video"),
            ("Video title", "text"),
            ("Video publish time", "published"),
            ("Duration", "zero"),
            ("Views", "views"),
        ),
    ),
    ExportFormat(
        kind="youtube_chart",
        loads_nothing=True,
        locale="en",
        time_form="{t:%Y-%m-%d}",
        file_name="Chart data.csv",
        columns=(
            ("Date", "day"),
            ("Geography", "country"),
            ("Views", "views"),
        ),
    ),
    ExportFormat(
        kind="youtube_chart",
        loads_nothing=True,
        locale="en",
        time_form="{t:%Y-%m-%d}",
        file_name="Chart data.csv",
        columns=(
            ("Date", "day"),
            ("Traffic source", "source"),
            ("Engaged views", "views"),
        ),
    ),
    ExportFormat(
        kind="youtube_chart",
        loads_nothing=True,
        locale="id",
        time_form="{t:%Y-%m-%d}",
        file_name="Chart data.csv",
        columns=(
            ("Tanggal", "day"),
            ("Konten", "video"),
            ("Penayangan", "views"),
        ),
    ),
    ExportFormat(
        kind="youtube_chart",
        loads_nothing=True,
        locale="id",
        time_form="{t:%Y-%m-%d}",
        file_name="Chart data.csv",
        columns=(
            ("Tanggal", "day"),
            ("Geografi", "country"),
            ("Penayangan", "views"),
        ),
    ),
    ExportFormat(
        kind="youtube_chart",
        loads_nothing=True,
        locale="id",
        time_form="{t:%Y-%m-%d}",
        file_name="Chart data.csv",
        columns=(
            ("Tanggal", "day"),
            ("Sumber traffic", "source"),
            ("Penayangan", "views"),
        ),
    ),
    ExportFormat(
        kind="youtube_by_country",
        loads_nothing=True,
        locale="en",
        file_name="Table data.csv",
        columns=(
            ("Geography", "country"),
            ("Views", "views"),
            ("Watch time (hours)", "zero"),
        ),
    ),
    ExportFormat(
        kind="youtube_by_country",
        loads_nothing=True,
        locale="en",
        file_name="Table data.csv",
        columns=(
            ("Geography", "country"),
            ("Engaged views", "views"),
        ),
    ),
    ExportFormat(
        kind="youtube_by_country",
        loads_nothing=True,
        locale="id",
        file_name="Table data.csv",
        columns=(
            ("Geografi", "country"),
            ("Penayangan", "views"),
            ("Waktu tonton (jam)", "zero"),
        ),
    ),
    ExportFormat(
        kind="youtube_by_source",
        loads_nothing=True,
        locale="en",
        file_name="Table data.csv",
        columns=(
            ("Traffic source", "source"),
            ("Views", "views"),
            ("Watch time (hours)", "zero"),
        ),
    ),
    ExportFormat(
        kind="youtube_by_source",
        loads_nothing=True,
        locale="en",
        file_name="Table data.csv",
        columns=(
            ("Traffic source", "source"),
            ("Engaged views", "views"),
        ),
    ),
    ExportFormat(
        kind="youtube_by_source",
        loads_nothing=True,
        locale="id",
        file_name="Table data.csv",
        columns=(
            ("Sumber traffic", "source"),
            ("Penayangan", "views"),
            ("Waktu tonton (jam)", "zero"),
        ),
    ),
)

FIXTURE = PlatformFixture(
    platform="youtube",
    world_formats=_WORLD_FORMATS,
    further_formats=(*_FURTHER_FORMATS, *responses.YOUTUBE),
    post_types=("video",),
    links={},
    ids=_ids,
    account_number=_account_number,
    published_precision="day",
    published_source="printed",
    names_account=False,
    names_account_by_handle=False,
    has_line_ends=False,
    world=WorldShare(
        place=5,
        offices=0.2,
        posts=0.5,
        handle_prefix="kemkum",
        fates=(),
    ),
)
