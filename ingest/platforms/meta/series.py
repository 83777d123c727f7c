"""Meta Business Suite: the daily series of a page's or an Instagram account's insights.

Seen 2025-01 to 2025-12: UTF-16 with a `sep=,` line, then a line that names the metric and sometimes
the platform, then `Date,Primary`; several such tables can stand in one file, and a spreadsheet
saves them with semicolons. From 2020 to 2023 the second header names the metric, as `Instagram
reach`, instead of `Primary`. `Audience` and `Top content formats` stack tables of another shape;
they hold nothing that is read here, and are known by their titles.

The reading makes `Table`, and the table's own columns, of them (`files/stacked_tables.py`).
"""

from __future__ import annotations

import polars as pl

from ingest.fields import account_days, dates, numbers, values
from ingest.fields.layout import Column, Counter, Layout, header_set, normalise
from ingest.fields.values import Cell

#: What a table's name says besides the platform, to the metric, by language. English as seen,
#: Spanish and Indonesian in part; the other words are those of the page that shows the numbers.
METRICS = {
    "en": {
        "follows": "new_followers",
        "reach": "reach",
        "viewers": "reach",
        "views": "views",
        "content interactions": "interactions",
        "visits": "profile_visits",
        "profile visits": "profile_visits",
        "link clicks": "link_clicks",
    },
    "id": {
        "pengikut": "new_followers",
        "jangkauan": "reach",
        "penonton": "reach",
        "tayangan": "views",
        "interaksi": "interactions",
        "interaksi konten": "interactions",
        "kunjungan": "profile_visits",
        "kunjungan profil": "profile_visits",
        "klik tautan": "link_clicks",
    },
    "es": {
        "seguidores": "new_followers",
        "alcance": "reach",
        "espectadores": "reach",
        "visualizaciones": "views",
        "interacciones": "interactions",
        "interacciones con el contenido": "interactions",
        "visitas": "profile_visits",
        "visitas al perfil": "profile_visits",
        "clics en el enlace": "link_clicks",
    },
    "pt": {
        "seguidores": "new_followers",
        "alcance": "reach",
        "espectadores": "reach",
        "visualizações": "views",
        "interações": "interactions",
        "interações com o conteúdo": "interactions",
        "visitas": "profile_visits",
        "visitas ao perfil": "profile_visits",
        "cliques no link": "link_clicks",
    },
}
_WORDS = {word: metric for words in METRICS.values() for word, metric in words.items()}
#: Before the metric in English, behind it in other languages, with or without a preposition, or
#: nowhere.
_PLATFORM = r"(?:\b(?:de|del|do|da|di|no|en) )?\b(facebook|instagram)\b"


def _read(fields: frozenset[str]) -> dict[str, Cell]:
    table = values.text("table").str.to_lowercase()
    platform = table.str.extract(_PLATFORM)
    words = table.str.replace(_PLATFORM, " ").str.replace_all(" +", " ").str.strip_chars()
    metric = words.replace_strict(_WORDS, default=None, return_dtype=pl.String)
    unknown = pl.when(metric.is_null()).then(pl.lit("unknown_metric"))
    return {
        **dates.iso_day("date"),
        "platform": Cell(platform, unknown, pl.format("table = {}", table.fill_null(""))),
        "metric": Cell(metric),
        "value": numbers.count("primary"),
    }


_DATE = Column("date", en="Date", id="Tanggal", es="Fecha", pt="Data")
DAILY = Layout(
    platform=None,
    kind="meta_daily",
    seen="2025-01 to 2025-12",
    record_type="account_days",
    read=_read,
    columns=(
        Column(
            "table",
            remedy="the line above the header, which names the metric, such as Instagram reach",
            en="Table",
            id="Table",
            es="Table",
            pt="Table",
        ),
        _DATE,
        Counter("primary", en="Primary", id="Primary", es="Primary", pt="Primary"),
    ),
)


def _named(platform: str, **names: str | tuple[str, ...]) -> Layout:
    """The generation of 2020 to 2023: the header of the numbers names platform and metric."""
    columns = tuple(Counter(metric, required=False, en=en) for metric, en in names.items())
    days = account_days.reader(dates.iso_day, {metric: metric for metric in names})

    def read(fields: frozenset[str]) -> dict[str, Cell]:
        return {"platform": Cell(pl.lit(platform)), **days(fields)}

    return Layout(
        platform=None,
        kind="meta_daily_named",
        seen="2020 to 2023",
        record_type="account_days",
        read=read,
        columns=(Column("date", en="Date"), *columns),
        any_of=columns,
        # The title, where it stands above as well.
        ignored_headers=header_set("Table"),
    )


FACEBOOK_NAMED = _named(
    "facebook",
    reach=("Facebook reach", "Facebook Page reach"),
    views="Facebook views",
    interactions="Facebook content interactions",
    profile_visits=("Facebook visits", "Facebook Page visits"),
    new_followers=("Facebook follows", "Facebook Page follows"),
    link_clicks="Facebook link clicks",
)
INSTAGRAM_NAMED = _named(
    "instagram",
    reach="Instagram reach",
    views="Instagram views",
    interactions="Instagram content interactions",
    profile_visits="Instagram profile visits",
    new_followers=("Instagram follows", "Instagram new followers"),
    link_clicks="Instagram link clicks",
)

TABLES = Layout(
    platform=None,
    kind="meta_tables",
    seen="2025-01 to 2025-12",
    record_type="nothing",
    note="Meta's tables by audience or format: they hold no posts and no days",
    columns=(Column("table", en="Table"), Column("record", en="Record")),
    titles=frozenset(
        map(
            normalise,
            (
                "Age & gender",
                "Top countries",
                "Top cities",
                "Top Pages",
                "Views",
                "Viewers",
                "Reach",
                "Content interactions",
                "Published content",
            ),
        )
    ),
)

LAYOUTS = (DAILY, FACEBOOK_NAMED, INSTAGRAM_NAMED, TABLES)
