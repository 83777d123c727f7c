"""Meta's exports besides posts: daily series under a title, and tables of audiences."""

from __future__ import annotations

from dataclasses import replace

from ingest.sample.formats import ExportFormat

#: The title of a series, with the metric that its days tell, by language.
_ENGLISH_TITLES = {
    "Follows": "new_followers",
    "Facebook follows": "new_followers",
    "Instagram follows": "new_followers",
    "Reach": "reach",
    "Facebook reach": "reach",
    "Instagram reach": "reach",
    "Viewers": "reach",
    "Views": "views",
    "Content interactions": "interactions",
    "Visits": "profile_visits",
    "Facebook visits": "profile_visits",
    "Instagram profile visits": "profile_visits",
    "Link clicks": "link_clicks",
    "Instagram link clicks": "link_clicks",
}
_TITLES = {
    ("en", "Date"): _ENGLISH_TITLES,
    ("id", "Tanggal"): {
        "Pengikut Instagram": "new_followers",
        "Jangkauan": "reach",
        "Tayangan": "views",
        "Interaksi konten": "interactions",
        "Kunjungan Facebook": "profile_visits",
        "Kunjungan profil Instagram": "profile_visits",
        "Klik tautan": "link_clicks",
    },
    ("es", "Fecha"): {
        "Seguidores de Instagram": "new_followers",
        "Alcance": "reach",
        "Visualizaciones": "views",
        "Interacciones con el contenido": "interactions",
        "Visitas al perfil de Instagram": "profile_visits",
        "Clics en el enlace": "link_clicks",
    },
    ("pt", "Data"): {
        "Seguidores do Instagram": "new_followers",
        "Alcance do Facebook": "reach",
        "Visualizações": "views",
        "Interações com o conteúdo": "interactions",
        "Visitas ao perfil do Instagram": "profile_visits",
        "Cliques no link": "link_clicks",
    },
}
#: From 2020 to 2023 the header of the numbers named them.
_NAMED = {
    "Facebook reach": "reach",
    "Facebook Page reach": "reach",
    "Facebook views": "views",
    "Facebook content interactions": "interactions",
    "Facebook visits": "profile_visits",
    "Facebook Page visits": "profile_visits",
    "Facebook follows": "new_followers",
    "Facebook Page follows": "new_followers",
    "Facebook link clicks": "link_clicks",
    "Instagram reach": "reach",
    "Instagram views": "views",
    "Instagram content interactions": "interactions",
    "Instagram profile visits": "profile_visits",
    "Instagram follows": "new_followers",
    "Instagram new followers": "new_followers",
    "Instagram link clicks": "link_clicks",
}


def _table(
    kind: str,
    locale: str,
    title: str,
    columns: tuple[tuple[str, str], ...],
    records_above: tuple[tuple[str, ...], ...] = (),
    *,
    loads_nothing: bool = False,
) -> ExportFormat:
    return ExportFormat(
        kind=kind,
        locale=locale,
        file_name=f"{title}.csv",
        time_form="{t:%Y-%m-%dT00:00:00}",
        encoding="utf-16",
        names_delimiter=True,
        quotes_every_cell=True,
        columns=columns,
        title=title,
        records_above=records_above,
        loads_nothing=loads_nothing,
    )


_SERIES = tuple(
    _table("meta_daily", locale, title, ((day, "day"), ("Primary", metric)))
    for (locale, day), titles in _TITLES.items()
    for title, metric in titles.items()
)
_NAMED_SERIES = tuple(
    replace(
        _table("meta_daily_named", "en", "", (("Date", "day"), (name, metric))),
        file_name=f"{name}.csv",
    )
    for name, metric in _NAMED.items()
)
_AUDIENCE = _table(
    "meta_tables",
    "en",
    "Top cities",
    (("City", "city"), ("Primary", "views")),
    records_above=(
        ("Age & gender",),
        ("", "Women", "Men"),
        ("18-24", "10.6", "9"),
        (),
    ),
    loads_nothing=True,
)

#: Either platform exports them, and their title alone may tell which.
FORMATS = (*_SERIES, *_NAMED_SERIES, _AUDIENCE)
