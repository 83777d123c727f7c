"""Each layout: what a record of it says, worked out by hand, and how its header is recognised."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest

from ingest.fields.layout import Layout, normalise
from ingest.platforms import KEYS, LAYOUTS, listing
from ingest.platforms.facebook.insights import STORIES
from tests.ingest.exports import (
    CAPTION,
    FACEBOOK,
    FACEBOOK_TWICE,
    FACEBOOK_VIDEO,
    GOOD,
    INSTAGRAM,
    INSTAGRAM_ES,
    INSTAGRAM_ID,
    INSTAGRAM_STORY,
    INSTAGRAM_STORY_ID,
    TIKTOK_BUSINESS,
    TIKTOK_STUDIO,
    X_1,
    X_2,
    X_ACTIVITY,
    YOUTUBE,
    YOUTUBE_ID,
    Record,
    export,
    observation,
    only,
    quarantine,
    read,
)

_COUNTS = {
    "view_count": 1200,
    "reach_count": 900,
    "like_count": 75,
    "comment_count": 8,
    "share_count": 6,
    "save_count": 4,
}
_INSTAGRAM = observation(
    platform="instagram",
    kind="instagram_content",
    platform_account_id="17841400000000001",
    account_handle="kemenkum_jabar",
    account_name="Kemenkum Jawa Barat",
    text=CAPTION,
    post_id="DMx9S9rgAAF",
    delivered_post_id="17900000000000001",
    permalink="https://www.instagram.com/p/DMx9S9rgAAF/",
    post_type="IG image",
    post_kind="image",
    published_at=datetime(2025, 7, 31, 17, 30),
    published_precision="minute",
    published_source="printed",
    printed_at=datetime(2025, 7, 31, 17, 30),
    id_at=datetime(2025, 7, 31, 17, 29, 50),
    **_COUNTS,
)
_STORY = {
    **_INSTAGRAM,
    "kind": "instagram_stories",
    "post_kind": "story",
    "is_story": True,
    "id_at": None,
    "post_id": "17900000000000001",
    "comment_count": None,
    "save_count": None,
    "permalink": "https://www.instagram.com/stories/kemenkum_jabar/3689000000000000000/",
}
_FACEBOOK = observation(
    platform="facebook",
    kind="facebook_content",
    platform_account_id="100064000000001",
    account_name="Kemenkum Jawa Barat",
    post_id="122100000000000001",
    delivered_post_id="122100000000000001",
    permalink="https://www.facebook.com/100064000000001/posts/pfbid02abc",
    post_type="Photos",
    post_kind="image",
    text=CAPTION,
    published_at=datetime(2025, 7, 31, 17, 30),
    published_precision="minute",
    published_source="printed",
    printed_at=datetime(2025, 7, 31, 17, 30),
    **(_COUNTS | {"save_count": None}),
)
_X = observation(
    platform="x",
    kind="x_content",
    account_handle="kemenkumjabar",
    post_id="1950972286718705671",
    delivered_post_id="1950972286718705671",
    permalink="https://x.com/KemenkumJabar/status/1950972286718705671",
    text=CAPTION,
    published_at=datetime(2025, 7, 31, 17, 30, 15),
    published_precision="second",
    published_source="id",
    # The printed day was 1 August in Jakarta, so it does not differ from the ID.
    printed_at=datetime(2025, 7, 31, 17, 30, 15),
    id_at=datetime(2025, 7, 31, 17, 30, 15),
    impression_count=1200,
    like_count=75,
    comment_count=8,
    share_count=6,
    save_count=4,
)
_TIKTOK = observation(
    platform="tiktok",
    post_kind="video",
    account_handle="kemenkum.jabar",
    text=CAPTION,
    post_id="7533299687164477449",
    delivered_post_id="7533299687164477449",
    permalink="https://www.tiktok.com/@Kemenkum.Jabar/video/7533299687164477449",
    published_at=datetime(2025, 7, 31, 17, 30, 15),
    published_precision="second",
    published_source="id",
    id_at=datetime(2025, 7, 31, 17, 30, 15),
    view_count=1200,
    like_count=75,
    comment_count=8,
    share_count=6,
)
_YOUTUBE = observation(
    platform="youtube",
    kind="youtube_table",
    post_kind="video",
    text=CAPTION,
    post_id="dQw4w9WgXcQ",
    delivered_post_id="dQw4w9WgXcQ",
    published_date=date(2025, 8, 1),
    published_precision="day",
    published_source="printed",
    impression_count=5000,
    **(_COUNTS | {"save_count": None}),
)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (INSTAGRAM, _INSTAGRAM),
        (
            INSTAGRAM_ID,
            {
                **_INSTAGRAM,
                "post_type": "Reel IG",
                "post_kind": "reel",
                "permalink": "https://www.instagram.com/reel/DMx9S9rgAAF/",
            },
        ),
        (
            INSTAGRAM_ES,
            {**_INSTAGRAM, "post_type": "Secuencia de Instagram", "post_kind": "carousel"},
        ),
        (INSTAGRAM_STORY, {**_STORY, "post_type": "IG story"}),
        (INSTAGRAM_STORY_ID, {**_STORY, "post_type": "Cerita IG"}),
        (FACEBOOK, _FACEBOOK),
        (FACEBOOK_TWICE, _FACEBOOK),
        (
            FACEBOOK_VIDEO,
            {
                **_FACEBOOK,
                "kind": "facebook_videos",
                "view_count": None,
                "post_id": "4388000000000001",
                "delivered_post_id": "4388000000000001",
                "permalink": None,
                "post_type": None,
                "post_kind": "unknown",
            },
        ),
        (X_1, _X),
        (X_2, _X),
        (
            X_ACTIVITY,
            {
                **_X,
                "kind": "x_tweet_activity",
                "save_count": None,
                "permalink": "https://twitter.com/KemenkumJabar/status/1950972286718705671",
                "printed_at": datetime(2025, 7, 31, 17, 30),
            },
        ),
        (TIKTOK_STUDIO, {**_TIKTOK, "kind": "tiktok_studio_content"}),
        (
            TIKTOK_BUSINESS,
            {
                **_TIKTOK,
                "kind": "tiktok_business_video",
                "printed_at": datetime(2025, 7, 31, 17, 30, 15),
                "save_count": 4,
            },
        ),
        (YOUTUBE, _YOUTUBE),
        (YOUTUBE_ID, _YOUTUBE),
    ],
    ids=GOOD,
)
def test_a_record_is_read_exactly(record: Record, expected: dict[str, Any]) -> None:
    assert only(export(record)) == expected


def test_every_layout_of_posts_of_these_platforms_has_an_example_here() -> None:
    """A platform that came later has its golden headers in its fixture (`test_round_trip.py`)."""
    platforms = {only(export(record))["platform"] for record in GOOD.values()}
    # Insights have several sheets (test_insights.py).
    assert {name.split()[0] for name in GOOD} == {
        layout.kind
        for layout in LAYOUTS
        if layout.record_type == "posts"
        and layout.platform
        and layout.platform.key in platforms
        and not layout.kind.startswith("facebook_insights")
        # Responses are in test_responses.py.
        and not layout.columns[0].example.startswith("@.")
    }


# The header.


@pytest.mark.parametrize("name", GOOD)
def test_exactly_one_layout_knows_a_header(name: str) -> None:
    header = [column.removesuffix("²") for column in GOOD[name]]
    assert [layout.kind for layout in LAYOUTS if layout.match(header)] == [name.split()[0]]
    records, _ = read(export(GOOD[name]))
    assert records.locale == name.split()[1].removesuffix(",")
    assert records.unknown_columns == ()


def _headers(layout: Layout) -> Iterator[list[str]]:
    """Headers of a layout in each language: the least, the most, and with all that is ignored."""
    for locale in layout.locales:
        spoken = [*layout.columns, *layout.any_of[:1]]
        least = [column for column in spoken if column.required or column in layout.any_of]
        for columns in (spoken, least):
            for generation in range(max(len(column.headers[locale]) for column in columns)):
                names = [column.headers[locale] for column in columns]
                header = [each[min(generation, len(each) - 1)] for each in names]
                yield header
                yield [
                    *header,
                    *sorted(layout.ignored_headers - {normalise(name) for name in header}),
                ]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.kind)
def test_no_header_of_a_layout_is_known_to_another(layout: Layout) -> None:
    sheet = "Lifetime Post Stories by act..." if layout.kind.endswith("stories") else None
    if layout.kind == "facebook_insights_others":
        sheet = "Lifetime Negative Feedback"
    headers = list(_headers(layout))
    assert len(headers) >= 2
    for header in headers:
        for order in (header, [header[0], *reversed(header[1:])]):
            assert [each for each in LAYOUTS if each.match(order, sheet)] == [layout], order


def _is_inferred(kind: str, header: list[str]) -> bool:
    """Whether a header of posts has a word that nobody has seen, so that records must prove it."""
    layout = next(each for each in LAYOUTS if each.kind == kind)
    known = [(layout.by_header.get(normalise(name)), normalise(name)) for name in header]
    return layout.proof is not None and any(
        column.is_inferred(name) for column, name in known if column
    )


def test_every_header_that_is_listed_is_understood_as_it_says() -> None:
    rows = [row for row in listing() if "stories" not in row["kind"] or "insta" in row["kind"]]
    for row in rows:
        for locale, header in row["headers"].items():
            if row["kind"] == "facebook_insights_others":  # told by its sheet
                continue
            content = ",".join(header).encode() + b"\n"
            if _is_inferred(row["kind"], header):
                assert "records prove it" in quarantine(content)
                continue
            records, _ = read(content)
            assert (records.layout.kind, records.layout.record_type) == (row["kind"], row["holds"])
            # `Date` alone is English and French.
            assert records.locale == locale or row["holds"] == "nothing"
    languages = {row["kind"]: row["locales"] for row in rows}
    for kind in ("instagram_content", "youtube_table"):
        assert languages[kind][:3] == ["en", "id", "es"]
    assert {row["platform"] for row in rows} == {*KEYS, None}


def test_the_sheet_s_name_tells_total_counts_from_counts_of_people() -> None:
    header = [column.example for column in STORIES.columns]
    kinds = {
        sheet: [layout.kind for layout in LAYOUTS if layout.match(header, sheet)]
        for sheet in ("Lifetime Post Stories by act...", "Lifetime Talking About This(...", None)
    }
    assert list(kinds.values()) == [
        ["facebook_insights_stories"],
        ["facebook_insights_others"],
        [],
    ]


def _capitals(record: Record) -> Record:
    return {name.upper(): cell for name, cell in record.items()}


def _reversed(record: Record) -> Record:
    return dict(reversed(list(record.items())))


def _spaced(record: Record) -> Record:
    return {f"  {name.replace(' ', '  ')} ": cell for name, cell in record.items()}


@pytest.mark.parametrize("change", [_capitals, _reversed, _spaced])
@pytest.mark.parametrize("name", GOOD)
def test_capitals_order_and_spaces_of_a_header_do_not_matter(
    name: str, change: Callable[[Record], Record]
) -> None:
    assert only(export(change(GOOD[name]))) == only(export(GOOD[name]))


@pytest.mark.parametrize("name", GOOD)
def test_a_byte_order_mark_does_not_matter(name: str) -> None:
    content = export(GOOD[name])
    assert only(b"\xef\xbb\xbf" + content) == only(content)


@pytest.mark.parametrize("name", GOOD)
def test_an_unknown_column_is_named_and_the_file_loads(name: str) -> None:
    content = export({"Reposts by AI": "7", **GOOD[name], "Vibes": "high"})
    records, _ = read(content)
    assert records.unknown_columns == ("Reposts by AI", "Vibes")
    assert only(content) == only(export(GOOD[name]))


_META = "Description, Publish time, Permalink, Post type, Date, Comments, Shares, Post ID"
_REQUIRED = {
    "instagram_content en": f"{_META}, Account ID, Account username, Likes, Saves",
    "facebook_content en": f"{_META}, Page ID, Title, Reactions",
    "x_content en, first": "Post id, Date, Post text, Link, Likes, Bookmarks, Replies, Reposts",
    "tiktok_studio_content en": ", ".join(name for name in TIKTOK_STUDIO if name != "Time"),
    "tiktok_business_video en": ", ".join(name.strip() for name in TIKTOK_BUSINESS),
    "youtube_table en": "Content, Video title, Video publish time",
}


@pytest.mark.parametrize(
    ("name", "column"),
    [(name, column) for name, columns in _REQUIRED.items() for column in columns.split(", ")],
)
def test_without_a_required_column_the_file_is_quarantined_and_the_column_named(
    name: str, column: str
) -> None:
    record = {
        "Renamed" if header.strip() == column else header: cell
        for header, cell in GOOD[name].items()
    }
    reason = quarantine(export(record))
    assert reason == f"unknown layout; nearest is {name.split()[0]}, which needs: {column}"


@pytest.mark.parametrize(
    ("name", "column", "unreported"),
    [
        ("instagram_content en", "Account name", "account_name"),
        ("instagram_content en", "Views", "view_count"),
        ("instagram_content en", "Reach", "reach_count"),
        ("instagram_content en", "Follows", None),
        ("facebook_content en", "Page name", "account_name"),
        ("facebook_content en", "Views", "view_count"),
        ("facebook_content en", "Reach", "reach_count"),
        ("facebook_content en", "Is share", None),
        ("facebook_content en", "Is crosspost", None),
        ("x_content en, first", "Impressions", "impression_count"),
        ("tiktok_studio_content en", "Time", None),
        ("youtube_table en", "Views", "view_count"),
        ("youtube_table en", "Impressions", "impression_count"),
        ("youtube_table en", "Unique viewers", "reach_count"),
        ("youtube_table en", "Likes", "like_count"),
        ("youtube_table en", "Comments added", "comment_count"),
        ("youtube_table en", "Shares", "share_count"),
    ],
)
def test_without_another_column_only_what_it_tells_is_not_reported(
    name: str, column: str, unreported: str | None
) -> None:
    record = {header: cell for header, cell in GOOD[name].items() if header != column}
    expected = only(export(GOOD[name])) | ({unreported: None} if unreported else {})
    assert only(export(record)) == expected


def test_a_header_that_two_layouts_know_is_quarantined() -> None:
    assert "fits two layouts" in quarantine(export({**INSTAGRAM, **FACEBOOK}))
