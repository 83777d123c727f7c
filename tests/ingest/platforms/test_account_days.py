"""Account days: what a record says of an account on a day, and tables that hold nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ingest.home import Home
from ingest.parsing import parse
from ingest.pipeline import ingest
from ingest.platforms import LAYOUTS
from tests.ingest.exports import (
    NOON,
    deliver,
    export,
    ledger,
    quarantine,
    read,
    rejects,
    withheld,
)

X_OVERVIEW = {
    "Date": "Fri, Aug 1, 2025",
    "Impressions": "1200",
    "Likes": "75",
    "Engagements": "93",
    "Bookmarks": "4",
    "Shares": "2",
    "New follows": "3",
    "Unfollows": "1",
    "Replies": "8",
    "Reposts": "6",
    "Profile visits": "5",
    "Create Post": "2",
    "Video views": "0",
    "Media views": "0",
}
X_DAILY = {
    "Date": "2025-08-01",
    "Tweets published": "2",
    "impressions": "1200",
    "retweets": "6",
    "replies": "8",
    "likes": "75",
    "user profile clicks": "5",
    "follows": "3",
    "promoted likes": "-",
}
TIKTOK_OVERVIEW = {
    "Date": "August 1",
    "Video Views": "1200",
    "Profile Views": "5",
    "Likes": "-75",
    "Comments": "8",
    "Shares": "6",
}
TIKTOK_VIEWERS = {
    "Date": "1 Agustus",
    "Total Viewers": "undefined",
    "New Viewers": "5",
    "Returning Viewers": "4",
}
TIKTOK_FOLLOWERS = {
    "Date": "1 de agosto",
    "Followers": "5010",
    "Difference in followers from previous day": "-1",
}
TIKTOK_ACCOUNT = {
    "Date": "2025/08/01",
    "Video views": "1200",
    "Reached audience": "NAN",
    "Profile views": "5",
    "Likes": "75",
    "Shares": "6",
    "Comments": "8",
    "Phone number clicks ": "0",
    "Leads submission": "0",
    "Net growth": "-2",
    "New followers": "3",
    "Lost followers": "5",
}
TIKTOK_AUDIENCE = {
    "Date": "2025/08/01",
    "New followers": "3",
    "Total followers": "--",
    "Reached audience": "900",
    "Engaged audience": "31",
}
_DAY = {"date": date(2025, 8, 1), "month": None, "day": None}
_YEARLESS = {"date": None, "month": 8, "day": 1}
GOOD_DAYS: dict[str, tuple[dict[str, str], dict[str, Any], dict[str, int | None]]] = {
    "x_overview": (
        X_OVERVIEW,
        _DAY,
        {
            "impressions": 1200,
            "likes": 75,
            "saves": 4,
            "shares": 6,
            "replies": 8,
            "new_followers": 3,
            "lost_followers": 1,
            "profile_visits": 5,
            "posts": 2,
        },
    ),
    "x_daily_activity": (
        X_DAILY,
        _DAY,
        {
            "posts": 2,
            "impressions": 1200,
            "likes": 75,
            "shares": 6,
            "replies": 8,
            "new_followers": 3,
            "profile_visits": 5,
        },
    ),
    "tiktok_studio_overview": (
        TIKTOK_OVERVIEW,
        _YEARLESS,
        {"views": 1200, "profile_visits": 5, "likes": -75, "comments": 8, "shares": 6},
    ),
    "tiktok_studio_viewers": (
        TIKTOK_VIEWERS,
        _YEARLESS,
        {"reach": None, "new_viewers": 5, "returning_viewers": 4},
    ),
    "tiktok_studio_followers": (
        TIKTOK_FOLLOWERS,
        _YEARLESS,
        {"followers": 5010, "follower_change": -1},
    ),
    "tiktok_business_account": (
        TIKTOK_ACCOUNT,
        _DAY,
        {
            "views": 1200,
            "reach": None,
            "profile_visits": 5,
            "likes": 75,
            "comments": 8,
            "shares": 6,
            "new_followers": 3,
            "follower_change": -2,
            "lost_followers": 5,
        },
    ),
    "tiktok_business_audience": (
        TIKTOK_AUDIENCE,
        _DAY,
        {"followers": None, "reach": 900, "engaged_viewers": 31},
    ),
}


@pytest.mark.parametrize("kind", GOOD_DAYS)
def test_a_day_is_read_exactly(kind: str) -> None:
    record, when, metrics = GOOD_DAYS[kind]
    records, rows = read(export(record))
    assert records.layout.kind == kind
    assert records.unknown_columns == ()
    assert dict(rows.observations.select("metric", "value").iter_rows()) == metrics
    assert {tuple(row.items()) for row in rows.observations.select(*when).to_dicts()} == {
        tuple(when.items())
    }
    assert rows.rejects.is_empty()


@pytest.mark.parametrize("kind", GOOD_DAYS)
def test_only_one_layout_knows_the_header_of_a_day(kind: str) -> None:
    header = list(GOOD_DAYS[kind][0])
    assert [layout.kind for layout in LAYOUTS if layout.match(header)] == [kind]


@pytest.mark.parametrize(
    "written",
    [
        "February 28",
        "28 February",
        "28 Februari",
        "28 de febrero",
        "28 febrero",
        "28 feb",
        "Feb 28",
        "28-Feb",
        "28 Feb.",
        "2026-02-28",
        "28 de feb.",
    ],
)
def test_a_day_without_a_year_keeps_its_month_and_day(written: str) -> None:
    _, rows = read(export({**TIKTOK_OVERVIEW, "Date": written}))
    assert set(rows.observations.select("month", "day").rows()) == {(2, 28)}


@pytest.mark.parametrize(
    "written", ["", "February 30", "31 April", "28", "2/28", "Foo 3", "8 Juli x"]
)
def test_a_day_that_can_not_be_one_is_rejected(written: str) -> None:
    found = rejects(export({**TIKTOK_OVERVIEW, "Date": written}))
    assert found == [(1, "unreadable_date", f"date = {written}")]


def test_a_metric_that_can_not_be_read_is_withheld_and_the_day_s_others_are_loaded() -> None:
    content = export(X_OVERVIEW, {}, {"Likes": "1.234", "Replies": "-1"}, {"Date": "Aug 3, 2025"})
    assert [cell[:3] for cell in withheld(content)] == [
        (2, "likes", "ambiguous_count"),
        (2, "replies", "negative_count"),
    ]
    day = read(content)[1].observations.filter(record_number=2)
    metrics = {**GOOD_DAYS["x_overview"][2], "likes": None, "replies": None}
    assert dict(day.select("metric", "value").iter_rows()) == metrics


def test_a_value_of_a_series_is_withheld_under_its_metric_s_name() -> None:
    cells = withheld(SERIES.replace('"33"', '"1.2K"').encode())
    assert cells == [(3, "views", "rounded_count", "primary = 1.2K")]


# Meta's titled tables.

SERIES = (
    'sep=,\n"Facebook follows"\n"Date","Primary"\n"2025-08-01T00:00:00","20"\n'
    '"2025-08-02T01:00:00","-"\n\n"Views"\n"Date","Primary"\n"2025-08-01T00:00:00","33"\n\n'
)
_SERIES_ROWS = [
    (1, "facebook", date(2025, 8, 1), "new_followers", 20),
    (2, "facebook", date(2025, 8, 2), "new_followers", None),
    (3, None, date(2025, 8, 1), "views", 33),
]
_COLUMNS = ("record_number", "platform", "date", "metric", "value")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_each_titled_table_is_a_series(encoding: str) -> None:
    _, rows = read(SERIES.encode(encoding))
    assert rows.observations.select(_COLUMNS).rows() == _SERIES_ROWS


def test_a_series_that_a_spreadsheet_saved_is_the_same() -> None:
    saved = SERIES.removeprefix("sep=,\n").replace('"', "").replace(",", ";")
    saved = saved.replace("follows\n", "follows;\n").replace("Views\n", "Views;\n")
    _, rows = read(saved.replace("\n\n", "\n;\n").encode())
    assert rows.observations.select(_COLUMNS).rows() == _SERIES_ROWS


@pytest.mark.parametrize(
    ("title", "platform", "metric"),
    [
        ("Instagram link clicks", "instagram", "link_clicks"),
        ("Facebook viewers", "facebook", "reach"),
        ("Instagram content interactions", "instagram", "interactions"),
        ("Jangkauan Instagram", "instagram", "reach"),
        ("Kunjungan Facebook", "facebook", "profile_visits"),
        ("Tayangan", None, "views"),
        ("Seguidores de Instagram", "instagram", "new_followers"),
        ("Visitas al perfil de Instagram", "instagram", "profile_visits"),
        ("Alcance do Facebook", "facebook", "reach"),
        ("Interações com o conteúdo", None, "interactions"),
    ],
)
def test_a_series_may_name_its_platform_beside_any_metric(
    title: str, platform: str | None, metric: str
) -> None:
    indonesian, spanish = ("Jangkauan", "Kunjungan", "Tayangan"), ("Seguidores", "Visitas")
    days = "Tanggal" if title.startswith(indonesian) else "Date"
    if title.startswith(spanish):
        days = "Fecha"
    if title.startswith(("Alcance do", "Interações")):
        days = "Data"
    content = f'sep=,\n"{title}"\n"{days}","Primary"\n"2025-08-01T00:00:00","20"\n'
    _, rows = read(content.encode("utf-16"))
    assert rows.observations.select(_COLUMNS).rows() == [
        (1, platform, date(2025, 8, 1), metric, 20)
    ]


def test_before_2024_the_header_named_the_metric_with_and_without_a_title() -> None:
    days = '"Date","Instagram reach"\n"2022-08-01T00:00:00","20"\n'
    for content in (days, f"sep=,\n{days}", f'sep=,\n"Instagram reach"\n{days}'):
        _, rows = read(content.encode("utf-16"))
        assert rows.observations.select(_COLUMNS).rows() == [
            (1, "instagram", date(2022, 8, 1), "reach", 20)
        ]
    tabs = days.replace(",", "\t")
    _, rows = read(f"sep=\t\n{tabs}".encode("utf-16"))
    assert rows.observations["value"].to_list() == [20]


def test_a_series_without_its_title_is_told_which_line_is_missing() -> None:
    reason = quarantine(b'"Date","Primary"\n"2025-08-01T00:00:00","20"\n')
    assert "nearest is meta_daily, which needs: the line above the header" in reason


def test_a_series_of_an_unknown_name_is_rejected_and_named() -> None:
    content = SERIES.replace("Views", "Vibes").encode()
    assert rejects(content) == [(3, "unknown_metric", "table = vibes")]


def test_a_series_beside_another_table_is_not_set_aside_with_it() -> None:
    assert "beside tables of another shape" in quarantine(SERIES.encode() + AUDIENCE[6:])


def test_wherever_a_series_is_cut_no_value_differs() -> None:
    whole = SERIES.rstrip("\n") + "\n"
    for length in range(len(whole)):
        try:
            _, rows = read(whole[:length].encode())
        except parse.Quarantine:
            continue
        assert set(rows.observations.select(_COLUMNS).rows()) <= set(_SERIES_ROWS), length


# Tables that are known and not read.

AUDIENCE = b'sep=,\n"Age & gender"\n"","Women"\n"18-24","10.6"\n\n"Top cities"\n"A","B"\n"7","5"\n'
NOTHING = {
    "meta_tables": (AUDIENCE, 2),
    "youtube_by_country": (b"Geography,Views,Watch time (hours)\nTotal,7,1\nID,7,1\n", 2),
    "youtube_by_day": (b"Date,Views\n2025-08-01,7\n", 1),
    "youtube_chart": (b"Date,Content,Average view duration\n2025-08-01,dQw4w9WgXcQ,0:10\n", 1),
    "youtube_chart_by_country": (b"Date,Geography,Views\n2025-08-01,ID,7\n", 1),
    "youtube_by_other": (b"City,Views\nJakarta,7\n", 1),
    "tiktok_studio_follower_gender": (b'"Gender","Distribution"\n"Male","51%"\n', 1),
    "youtube_by_source": (b"Traffic source,Views\nShorts feed,7\n", 1),
}


@pytest.mark.parametrize("kind", NOTHING)
def test_a_table_that_holds_nothing_is_set_aside_whole_and_says_what_it_is(
    kind: str, home: Home
) -> None:
    content, count = NOTHING[kind]
    deliver(home, "kanwil-jabar/table.csv", content, NOON)
    ingest(home)
    (row,) = ledger(home)
    assert (row["kind"], row["status"], row["holds"]) == (kind, "loaded", "nothing")
    assert (row["record_count"], row["set_aside_count"]) == (count, count)
    assert "hold no posts" in row["reason"]
    assert not row["covers_posts"]


def test_a_table_by_another_dimension_is_told_by_its_first_column() -> None:
    assert "unknown layout" in quarantine(b"Views,Geography\n7,ID\n")


def test_account_days_are_counted_by_record(home: Home) -> None:
    changes = [{}, {"Likes": "-1"}, {"Date": "soon"}]
    deliver(home, "kanwil-jabar/o.csv", export(X_OVERVIEW, *changes), NOON)
    ingest(home)
    (row,) = ledger(home)
    counts = ("record_count", "loaded_count", "rejected_count", "withheld_count")
    assert [row[count] for count in counts] == [3, 2, 1, 1]
    assert (row["holds"], row["covers_posts"]) == ("account_days", False)


@pytest.mark.parametrize(
    ("written", "month"),
    [
        ("8 Agu", 8),
        ("8 Agt", 8),
        ("8 ago", 8),
        ("8 de marzo", 3),
        ("10 February", 2),
        ("8 Mei", 5),
        ("8 may", 5),
        ("8 ene", 1),
        ("8 abr", 4),
        ("8 Okt", 10),
        ("8 oct.", 10),
        ("8 Des", 12),
        ("8 dic", 12),
        ("8 sept", 9),
        ("setiembre 8", 9),
        ("8 Juli", 7),
        ("30 de abril", 4),
        ("8 out.", 10),
        ("8 de março", 3),
        ("8. Dezember", 12),
        ("8. Mär.", 3),
        ("1er août", 8),
        ("8 févr.", 2),
        ("8 juin", 6),
    ],
)
def test_a_month_is_known_in_six_languages_in_full_and_short(written: str, month: int) -> None:
    _, rows = read(export({**TIKTOK_OVERVIEW, "Date": written}))
    assert set(rows.observations["month"]) == {month}
