"""Meta's exports besides posts: daily series under a title, and tables of audiences."""

from __future__ import annotations

from ingest.sample.layout import Layout

#: The title of a series, with the metric that its days tell.
TITLES = {
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
_DAYS = {"en": "Date", "id": "Tanggal", "es": "Fecha"}


def _layout(kind: str, locale: str, title: str, *columns: tuple[str, str]) -> Layout:
    return Layout(
        kind=kind,
        locale=locale,
        time_zone="",
        time_form="{t:%Y-%m-%dT00:00:00}",
        name_form=f"{title}.csv",
        style="utf16 sep quoted",
        fixed_columns=99,
        columns=columns,
        title=title,
    )


SERIES = tuple(
    _layout("meta_daily", locale, title, (day, "day"), ("Primary", metric))
    for locale, day in _DAYS.items()
    for title, metric in TITLES.items()
)
AUDIENCE = _layout("meta_tables", "en", "Cities", ("City", "city"), ("Primary", "views"))
