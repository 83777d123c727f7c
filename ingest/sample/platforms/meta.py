"""Meta's exports besides posts: daily series under a title, and tables of audiences."""

from __future__ import annotations

from ingest.sample.formats import ExportFormat

#: The title of a series, with the metric that its days tell.
_TITLES = {
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
}
#: The header of its days by language.
_DAYS = {"en": "Date", "id": "Tanggal", "es": "Fecha"}


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
    for locale, day in _DAYS.items()
    for title, metric in _TITLES.items()
)
_AUDIENCE = _table(
    "meta_tables",
    "en",
    "Cities",
    (("City", "city"), ("Primary", "views")),
    records_above=(
        ("Age",),
        ("", "Women", "Men"),
        ("18-24", "10.6", "9"),
        (),
    ),
    loads_nothing=True,
)

#: Either platform exports them, and their title alone may tell which.
FORMATS = (*_SERIES, _AUDIENCE)
