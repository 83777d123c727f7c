"""YouTube Studio: `Table data`, one row per video.

Seen 2021 to 2026 with 9 to 29 columns in any order; only the content, its title and its publish
date are always there, so a counter that an office did not choose is not reported. The first row is
a total that need not equal the sum; at YouTube's cap the last row says so. The export names no
account, and the day has no time. The same file can list countries or dates instead of videos: the
IDs tell. Since late August 2026 views count from the start of playback.
"""

from __future__ import annotations

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
    has_captions=False,
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
        # Shorts and streams too: the export does not tell them from other videos.
        "post_kind": Cell(pl.lit("video")),
        "text": Cell(values.prose("title")),
        "published_date": day,
        "published_precision": Cell(pl.lit("day")),
        "published_source": Cell(pl.lit("printed")),
        **numbers.counts(_COUNTERS, fields),
    }


#: Studio adds these columns only where a person chooses them; no file with them was seen in these
#: languages.
_CHOSEN_INFERRED = ("es", "pt", "de", "fr")

_CONTENT = Column(
    "content",
    en="Content",
    id="Konten",
    es="Contenido",
    pt="Conteúdo",
    de=("Inhalte", "Videos"),
    fr="Contenu",
)
_TITLE = Prose(
    "title",
    en="Video title",
    id="Judul video",
    es=("Título del video", "Título del vídeo"),
    pt="Título do vídeo",
    de="Videotitel",
    fr="Titre de la vidéo",
)
_PUBLISH_TIME = Column(
    "publish_time",
    en="Video publish time",
    id="Waktu publikasi video",
    es=("Hora de publicación del video", "Hora de publicación del vídeo"),
    pt="Horário de publicação do vídeo",
    de="Veröffentlichungszeitpunkt des Videos",
    fr="Heure de publication de la vidéo",
)
#: What is told of a video, a day, a country …
_METRICS = (
    # "Tayangan" is Views on Meta and Impressions here.
    Counter(
        "views",
        required=False,
        en="Views",
        id="Penayangan",
        es=("Vistas", "Visualizaciones"),
        pt="Visualizações",
        de="Aufrufe",
        fr="Vues",
    ),
    # Since September 2026 the English name says whose impressions they are.
    Counter(
        "impressions",
        required=False,
        en=("Impressions", "Thumbnail impressions"),
        id="Tayangan",
        es="Impresiones",
        pt="Impressões",
        de="Impressionen",
        fr="Impressions",
    ),
    Counter(
        "viewers",
        required=False,
        inferred=_CHOSEN_INFERRED,
        en="Unique viewers",
        id="Penonton unik",
        es="Usuarios únicos",
        pt="Espectadores únicos",
        de="Einzelne Zuschauer",
        fr="Spectateurs uniques",
    ),
    Counter(
        "likes",
        required=False,
        inferred=_CHOSEN_INFERRED,
        en="Likes",
        id="Suka",
        es="Me gusta",
        pt=('Marcações "Gostei"', "Curtidas"),
        de="„Mag ich“-Bewertungen",
        fr="J'aime",
    ),
    Counter(
        "comments",
        required=False,
        inferred=_CHOSEN_INFERRED,
        en="Comments added",
        id="Komentar ditambahkan",
        es=("Comentarios agregados", "Comentarios añadidos"),
        pt="Comentários adicionados",
        de="Hinzugefügte Kommentare",
        fr="Commentaires ajoutés",
    ),
    Counter(
        "shares",
        required=False,
        inferred=_CHOSEN_INFERRED,
        en="Shares",
        id="Pembagian",
        es="Veces compartido",
        pt="Compartilhamentos",
        de="Geteilte Inhalte",
        fr="Partages",
    ),
    # Not read; their fractions show how the file writes decimals.
    Measure(
        "hours",
        required=False,
        inferred=("fr",),
        en="Watch time (hours)",
        id="Waktu tonton (jam)",
        es="Tiempo de visualización (horas)",
        pt="Tempo de exibição (horas)",
        de="Wiedergabezeit (Stunden)",
        fr="Durée de visionnage (heures)",
    ),
    Measure(
        "click_rate",
        required=False,
        inferred=("fr",),
        en="Impressions click-through rate (%)",
        id="Rasio klik-tayang dari tayangan (%)",
        es="Porcentaje de clics de las impresiones (%)",
        pt="Taxa de cliques de impressões (%)",
        de="Klickrate der Impressionen (%)",
        fr="Taux de clics par impression (%)",
    ),
)
#: Metrics that are not read.
_OTHER_METRICS = (
    "Duration",
    "Durasi",
    "Duración",
    "Duração",
    "Dauer",
    "Durée",
    "Subscribers",
    "Subscriber",
    "Suscriptores",
    "Inscritos",
    "Abonnenten",
    "Abonnés",
    "Dislikes",
    "Tidak suka",
    "Average view duration",
    "Durasi penayangan rata-rata",
    "Duração média da visualização",
    "Durée moyenne de visionnage",
    "Engaged views",
    "Visualizações engajadas",
    "Visualizações intencionais",
    "Vues engagées",
    "Average percentage viewed (%)",
    "Porcentagem visualizada média (%)",
    "Pourcentage moyen regardé (%)",
    "Stayed to watch (%)",
    "Ont continué de regarder (%)",
    "Average views per viewer",
    "New viewers",
    "Returning viewers",
    "Casual viewers",
    "Regular viewers",
    "Hypes",
    "Hype points",
    "Poin hype",
    "Subscribers gained",
    "Subscribers lost",
    "Likes (vs dislikes) (%)",
    "Likes (vs. dislikes) (%)",
    "Suka (vs. tidak suka)",
    "Post subscribers",
    "YouTube Premium views",
    "Shown in feed",
    "Viewed (vs. swiped away) (%)",
    "Estimated revenue (USD)",
    "Ingresos estimados (USD)",
    "Geschätzter Umsatz (USD)",
    "Geschätzter Umsatz (EUR)",
)
_UNREAD = header_set(*_OTHER_METRICS)
#: Every metric of Studio that is known: a table without one is not Studio's.
_ANY_METRIC = (*_METRICS, Column("other", en=_OTHER_METRICS))


def _proof(fields: frozenset[str]) -> pl.Expr:
    """The ID is one of a video."""
    return values.text("content").str.contains("^[A-Za-z0-9_-]{11}$")


TABLE = Layout(
    platform=PLATFORM,
    kind="youtube_table",
    seen="2021 to 2026",
    read=_read,
    derived=_DERIVED,
    proof=_proof,
    columns=(_CONTENT, _TITLE, _PUBLISH_TIME, *_METRICS),
    # The chart's data: one row per day and video.
    forbidden_headers=header_set("Date", "Tanggal", "Fecha", "Data", "Datum"),
    forbids_unknown_days=True,
    totals=("content", r"(?i)^(?:total|gesamt)$"),
    # `Showing top 500 results`, in every language: words and a number, where else an ID stands.
    cap_notice=("content", r"^(?:[\p{L}\x{AD}]+ ){1,5}[0-9][0-9.,]* (?:[\p{L}\x{AD}]+ ?){1,5}$"),
    ignored_headers=_UNREAD,
)

#: The chart's and the totals' days.
_DATE = Column("date", en="Date", id="Tanggal", es="Fecha", pt="Data", de="Datum", fr="Date")
_SEEN_DATE = _DATE.only("en", "id")
_COUNTRY = Column("dimension", en="Geography", id="Geografi")
_SOURCE = Column("dimension", en="Traffic source", id="Sumber traffic")
#: Studio's further dimensions, by their column's name. Seen in the menu of the page, not in files.
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
_OTHER = Column("dimension", en=_OTHER_DIMENSIONS)


def _by(
    kind: str,
    what: str,
    *columns: Column,
    metrics: tuple[Column, ...] = _ANY_METRIC,
    forbidden: frozenset[str] = frozenset(),
    is_closed: bool = False,
) -> Layout:
    """A table of the same export by another dimension, which is known and not read."""
    return Layout(
        platform=PLATFORM,
        kind=kind,
        seen="2021 to 2026",
        record_type="nothing",
        note=f"YouTube's numbers by {what}: they hold no posts and no account's day",
        columns=columns,
        first_field=columns[0].field,
        any_of=metrics,
        forbidden_headers=forbidden,
        is_closed=is_closed,
        ignored_headers=frozenset(
            name for column in (*_ANY_METRIC, _TITLE, _PUBLISH_TIME) for name in column.locales
        ),
    )


#: Where one of these stands, of whatever platform, records may be posts.
_NO_POSTS = frozenset(_CONTENT.locales) | header_set("Post ID", "Permalink", "Link", "Video link")
OTHER_TABLES = (
    # Only Studio's metrics beside the day: other platforms' series have days too.
    _by("youtube_by_day", "day", _DATE, is_closed=True),
    # The chart tells one metric, whichever was chosen, beside what it is of.
    _by("youtube_chart", "day and content", _DATE, _CONTENT, metrics=()),
    _by("youtube_chart_by_country", "day and country", _SEEN_DATE, _COUNTRY, forbidden=_NO_POSTS),
    _by(
        "youtube_chart_by_source",
        "day and traffic source",
        _SEEN_DATE,
        _SOURCE,
        forbidden=_NO_POSTS,
    ),
    _by(
        "youtube_chart_by_other",
        "day and another dimension",
        _DATE.only("en"),
        _OTHER,
        forbidden=_NO_POSTS,
    ),
    _by("youtube_by_country", "country", _COUNTRY, forbidden=_NO_POSTS),
    _by("youtube_by_source", "traffic source", _SOURCE, forbidden=_NO_POSTS),
    _by("youtube_by_other", "another dimension", _OTHER, forbidden=_NO_POSTS),
)

LAYOUTS = (TABLE, *OTHER_TABLES)
