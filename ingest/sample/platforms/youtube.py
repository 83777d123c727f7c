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
from ingest.sample.months import (
    FRENCH_MONTHS,
    GERMAN_MONTHS,
    INDONESIAN_MONTHS,
    PORTUGUESE_MONTHS,
    SPANISH_MONTHS,
)
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
        total_word="Total",
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
        total_word="Total",
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

#: What fills the columns of a table with every counter, in order.
_FIELDS = (
    "id",
    "text",
    "time",
    "seconds",
    "views",
    "few",
    "zero",
    "impressions",
    "rate",
    "reach",
    "likes",
    "comments",
    "shares",
)


def _table(
    locale: str,
    total: str,
    time_form: str,
    months: tuple[str, ...],
    *headers: str,
) -> ExportFormat:
    """The table of videos in a further language; of the chosen columns no file was seen."""
    return ExportFormat(
        kind="youtube_table",
        locale=locale,
        is_inferred=True,
        time_zone="Asia/Jakarta",
        time_form=time_form,
        months=months,
        file_name="Table data.csv",
        fixed_columns=3,
        fixed_cells={"rate": "5,0"},
        total_word=total,
        columns=tuple(zip(headers, _FIELDS, strict=True)),
    )


_TABLES = (
    _table(
        "es",
        "Total",
        "{t.day} {month:.3} {t.year}",
        SPANISH_MONTHS,
        "Contenido",
        "Título del vídeo",
        "Hora de publicación del vídeo",
        "Duración",
        "Visualizaciones",
        "Tiempo de visualización (horas)",
        "Suscriptores",
        "Impresiones",
        "Porcentaje de clics de las impresiones (%)",
        "Usuarios únicos",
        "Me gusta",
        "Comentarios añadidos",
        "Veces compartido",
    ),
    _table(
        "es",
        "Total",
        "{t.day} {month:.3} {t.year}",
        SPANISH_MONTHS,
        "Contenido",
        "Título del video",
        "Hora de publicación del video",
        "Duración",
        "Vistas",
        "Tiempo de visualización (horas)",
        "Suscriptores",
        "Impresiones",
        "Porcentaje de clics de las impresiones (%)",
        "Usuarios únicos",
        "Me gusta",
        "Comentarios agregados",
        "Veces compartido",
    ),
    _table(
        "pt",
        "Total",
        "{t.day} de {month:.3}. de {t.year}",
        PORTUGUESE_MONTHS,
        "Conteúdo",
        "Título do vídeo",
        "Horário de publicação do vídeo",
        "Duração",
        "Visualizações",
        "Tempo de exibição (horas)",
        "Inscritos",
        "Impressões",
        "Taxa de cliques de impressões (%)",
        "Espectadores únicos",
        'Marcações "Gostei"',
        "Comentários adicionados",
        "Compartilhamentos",
    ),
    _table(
        "pt",
        "Total",
        "{t.day} de {month} de {t.year}",
        PORTUGUESE_MONTHS,
        "Conteúdo",
        "Título do vídeo",
        "Horário de publicação do vídeo",
        "Duração",
        "Visualizações",
        "Tempo de exibição (horas)",
        "Inscritos",
        "Impressões",
        "Taxa de cliques de impressões (%)",
        "Espectadores únicos",
        "Curtidas",
        "Comentários adicionados",
        "Compartilhamentos",
    ),
    _table(
        "de",
        "Gesamt",
        "{t.day}. {month} {t.year}",
        GERMAN_MONTHS,
        "In\u00adhal\u00adte",
        "Video\u00adtitel",
        "Veröffent\u00adlichungs\u00adzeitpunkt des Videos",
        "Dauer",
        "Auf\u00adrufe",
        "Wieder\u00adgabe\u00adzeit (Stunden)",
        "Abonnenten",
        "Impres\u00adsionen",
        "Klick\u00adrate der Impres\u00adsionen (%)",
        "Einzelne Zuschauer",
        "„Mag ich“-Bewertungen",
        "Hinzugefügte Kommentare",
        "Geteilte Inhalte",
    ),
    _table(
        "de",
        "Gesamt",
        "{t.day}. {month:.3}. {t.year}",
        GERMAN_MONTHS,
        "Videos",
        "Videotitel",
        "Veröffentlichungszeitpunkt des Videos",
        "Dauer",
        "Aufrufe",
        "Wiedergabezeit (Stunden)",
        "Abonnenten",
        "Impressionen",
        "Klickrate der Impressionen (%)",
        "Einzelne Zuschauer",
        "„Mag ich“-Bewertungen",
        "Hinzugefügte Kommentare",
        "Geteilte Inhalte",
    ),
    _table(
        "fr",
        "Total",
        "{t.day} {month} {t.year}",
        FRENCH_MONTHS,
        "Contenu",
        "Titre de la vidéo",
        "Heure de publication de la vidéo",
        "Durée",
        "Vues",
        "Durée de visionnage (heures)",
        "Abonnés",
        "Impressions",
        "Taux de clics par impression (%)",
        "Spectateurs uniques",
        "J’aime",
        "Commentaires ajoutés",
        "Partages",
    ),
)


def _by(kind: str, locale: str, *headers: str) -> ExportFormat:
    """A table or a chart by another dimension: days and dimensions first, then a metric."""
    first = {"youtube_by_day": ("day",), "youtube_chart": ("day", "video")}
    fields = first.get(kind) or (
        ("day", "country") if kind.startswith("youtube_chart") else ("country",)
    )
    return ExportFormat(
        kind=kind,
        loads_nothing=True,
        locale=locale,
        time_form="{t:%Y-%m-%d}",
        file_name="Chart data.csv" if fields[0] == "day" else "Table data.csv",
        columns=tuple(zip(headers, (*fields, "views"), strict=True)),
    )


#: Languages, with their words for a day, content, country, traffic source and a metric; of the
#: last ones no table by country or source was seen.
_LANGUAGES = (
    ("en", "Date", "Content", "Geography", "Traffic source", "Average view duration"),
    ("id", "Tanggal", "Konten", "Geografi", "Sumber traffic", "Suka"),
    ("es", "Fecha", "Contenido", "", "", "Vistas"),
    ("pt", "Data", "Conteúdo", "", "", "Visualizações"),
    ("de", "Datum", "Inhalte", "", "", "Aufrufe"),
    ("de", "Datum", "Videos", "", "", "Aufrufe"),
    ("fr", "Date", "Contenu", "", "", "Vues"),
)
_OTHER_DIMENSIONS = (
    "City",
    "Cities",
    "Viewer age",
    "Viewer gender",
    "New and returning viewers",
    "Subscription status",
    "Subscription source",
    "Device type",
    "Operating system",
    "Playback location",
    "Playback type",
    "Content type",
    "Video type",
    "Playlist",
    "Player type",
    "YouTube product",
    "Traffic source type",
    "Subtitles and CC",
    "Audio track",
    "Video info language",
    "Translation use",
    "End screen element type",
    "End screen element",
    "Card type",
    "Card",
    "Sharing service",
    "Revenue source",
    "Ad type",
)
_OTHER_TABLES = (
    *(_by("youtube_by_day", locale, day, views) for locale, day, *_, views in _LANGUAGES),
    *(
        _by("youtube_chart", locale, day, content, views)
        for locale, day, content, _, _, views in _LANGUAGES
    ),
    *(
        _by("youtube_chart_by_country", locale, day, country, views)
        for locale, day, _, country, _, views in _LANGUAGES[:2]
    ),
    *(
        _by("youtube_chart_by_source", locale, day, source, views)
        for locale, day, _, _, source, views in _LANGUAGES[:2]
    ),
    *(
        _by("youtube_by_country", locale, country, views)
        for locale, _, _, country, _, views in _LANGUAGES[:2]
    ),
    *(
        _by("youtube_by_source", locale, source, views)
        for locale, _, _, _, source, views in _LANGUAGES[:2]
    ),
    *(
        _by("youtube_chart_by_other", "en", "Date", dimension, "Subscribers")
        for dimension in _OTHER_DIMENSIONS
    ),
    *(_by("youtube_by_other", "en", dimension, "Hypes") for dimension in _OTHER_DIMENSIONS),
)

_FURTHER_FORMATS = (
    *_TABLES,
    *_OTHER_TABLES,
    ExportFormat(
        kind="youtube_table",
        locale="en",
        time_zone="Asia/Jakarta",
        time_form="{t:%b} {t.day}, {t.year}",
        file_name="Table data.csv",
        fixed_columns=1,
        total_word="Total",
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
            ("Thumbnail impressions", "impressions"),
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
        total_word="Total",
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
        total_word="Total",
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
        kind="youtube_chart_by_country",
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
        kind="youtube_chart_by_source",
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
        kind="youtube_chart_by_country",
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
        kind="youtube_chart_by_source",
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
