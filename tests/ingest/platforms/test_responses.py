"""Responses and scrapes as JSON: what a record of each kind says, worked out by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from ingest.parsing import not_posts
from tests.ingest.exports import (
    CAPTION,
    observation,
    observations,
    only,
    quarantine,
    read,
    rejects,
    withheld,
)
from tests.ingest.responses import (
    GOOD,
    MEDIA,
    PAGE_POST,
    SCRAPED,
    TANGLED,
    TIKTOK_VIDEO,
    TWEET,
    USER,
    VIDEO,
    Json,
    changed,
    lines,
    response,
    with_values,
)

AT = datetime(2025, 7, 31, 17, 30, 15)
_TOLD = {
    "text": CAPTION,
    "published_at": AT,
    "published_precision": "second",
    "published_source": "api",
    "printed_at": AT,
    "like_count": 75,
    "comment_count": 8,
}
_INSTAGRAM = _TOLD | {
    "platform": "instagram",
    "post_id": "DMx9S9rgAAF",
    # The ID is that of an upload 25 seconds before.
    "id_at": datetime(2025, 7, 31, 17, 29, 50),
}
EXPECTED: dict[str, dict[str, Any]] = {
    "instagram_api_media": _INSTAGRAM
    | {
        "delivered_post_id": "17900000000000001",
        "permalink": "https://www.instagram.com/reel/DMx9S9rgAAF/",
        "post_type": "REELS",
        "post_kind": "reel",
    },
    "facebook_api_posts": _TOLD
    | {
        "platform": "facebook",
        "platform_account_id": "100064000000001",
        "post_id": "122100000000000001",
        "delivered_post_id": "100064000000001_122100000000000001",
        "permalink": "https://www.facebook.com/100064000000001/posts/pfbid02abc",
        "share_count": 6,
    },
    "youtube_api_videos": _TOLD
    | {
        "platform": "youtube",
        "post_kind": "video",
        "platform_account_id": "UC0000000000000000000001",
        "account_name": "Kemenkum Jawa Barat",
        "post_id": "dQw4w9WgXcQ",
        "delivered_post_id": "dQw4w9WgXcQ",
        "view_count": 1200,
    },
    "x_api_posts": _TOLD
    | {
        "platform": "x",
        "platform_account_id": "4400000001",
        "post_id": "1950972286718705671",
        "delivered_post_id": "1950972286718705671",
        "published_source": "id",
        "id_at": AT,
        "share_count": 6,
        "save_count": 4,
        "impression_count": 1200,
    },
    "tiktok_api_videos": _TOLD
    | {
        "platform": "tiktok",
        "post_kind": "video",
        "account_handle": "kemenkum.jabar",
        "post_id": "7533299687164477449",
        "delivered_post_id": "7533299687164477449",
        "permalink": TIKTOK_VIDEO["share_url"],
        "published_source": "id",
        "id_at": AT,
        "share_count": 6,
        "view_count": 1200,
    },
    "instagram_apify_posts": _INSTAGRAM
    | {
        "platform_account_id": "53700000001",
        "account_handle": "kemenkum_jabar",
        "account_name": "Kemenkum Jawa Barat",
        "delivered_post_id": "3689106254081984517",
        "permalink": "https://www.instagram.com/p/DMx9S9rgAAF/",
        "post_type": "clips",
        "post_kind": "reel",
        "view_count": 1200,
    },
    "facebook_crowdtangle": _TOLD
    | {
        "platform": "facebook",
        "platform_account_id": "100064000000001",
        "account_handle": "kemenkumjabar",
        "account_name": "Kemenkum Jawa Barat",
        "post_id": "122100000000000001",
        "delivered_post_id": "100064000000001_122100000000000001",
        "permalink": "https://www.facebook.com/kemenkumjabar/posts/122100000000000001",
        "post_type": "photo",
        "post_kind": "image",
        "share_count": 6,
    },
}


@pytest.mark.parametrize("kind", GOOD)
def test_a_record_is_read_exactly_in_a_response_a_list_and_a_line(kind: str) -> None:
    record, under = GOOD[kind]
    expected = observation(kind=kind, **EXPECTED[kind])
    for content in (response(under, record), response("", record), lines(record)):
        assert only(content) == expected
        assert read(content)[0].unknown_columns == ()


@pytest.mark.parametrize("kind", GOOD)
def test_pages_that_are_saved_together_are_numbered_through(kind: str) -> None:
    record, under = GOOD[kind]
    page = response(under or "data", record, record)
    for content in (b"[" + page + b"," + page + b"]", page + b"\n" + page + b"\n"):
        rows = observations(content)
        assert [row["record_number"] for row in rows] == [1, 2, 3, 4]
        assert {row["post_id"] for row in rows} == {EXPECTED[kind]["post_id"]}


def test_what_a_tool_puts_around_a_response_does_not_matter() -> None:
    body = {"data": {"videos": [TIKTOK_VIDEO]}, "error": {"code": "ok"}}
    saved = {"request": {"method": "POST"}, "response": {"status": 200, "body": body}}
    assert only(lines(saved))["post_id"] == TIKTOK_VIDEO["id"]


_UNREPORTED = [
    ("instagram_api_media", "comments_count", "comment_count"),
    ("facebook_api_posts", "reactions", "like_count"),
    ("youtube_api_videos", "statistics__viewCount", "view_count"),
    ("tiktok_api_videos", "share_count", "share_count"),
    ("instagram_api_media", "like_count", "like_count"),  # hidden by the account
    ("facebook_api_posts", "shares", "share_count"),
    ("facebook_api_posts", "comments", "comment_count"),
    ("youtube_api_videos", "statistics__likeCount", "like_count"),
    ("youtube_api_videos", "statistics__commentCount", "comment_count"),
    ("x_api_posts", "public_metrics__bookmark_count", "save_count"),
    ("tiktok_api_videos", "view_count", "view_count"),
    ("instagram_apify_posts", "videoPlayCount", "view_count"),
]


@pytest.mark.parametrize(("kind", "key", "column"), _UNREPORTED)
def test_what_a_response_does_not_carry_is_not_reported(kind: str, key: str, column: str) -> None:
    """Whether no record has the key, or only one lacks it."""
    record, under = GOOD[kind]
    lacking = with_values(record, {key: None})
    expected = observation(kind=kind, **(EXPECTED[kind] | {column: None}))
    assert only(response(under, lacking)) == expected
    second = observations(response(under, record, lacking))[1]
    assert second == {**expected, "record_number": 2}


def test_a_business_that_was_discovered_is_the_account_and_not_who_asked() -> None:
    record = changed(MEDIA, shortcode=None)
    account = {"username": "Kemenkum_Jabar", "id": "17841400000000001", "media_count": 812}
    document = {
        "business_discovery": {**account, "followers_count": 9, "media": {"data": [record]}},
        "id": "17841499999999999",
        "followers_count": 70,
    }
    row = only(lines(document))
    assert row["account_handle"] == "kemenkum_jabar"
    assert row["platform_account_id"] == "17841400000000001"
    _, rows = read(lines(document))
    assert rows.accounts["account_post_count"].to_list() == [812]
    assert rows.accounts["account_follower_count"].to_list() == [9]
    asked = {"id": "17841400000000001", "followers_count": 70, "media": {"data": [record]}}
    assert only(lines(asked))["platform_account_id"] == "17841400000000001"
    _, rows = read(lines(asked))
    assert rows.accounts["account_post_count"].to_list() == [None]
    assert rows.accounts["account_follower_count"].to_list() == [70]


def test_a_story_goes_by_its_number_and_is_marked() -> None:
    story = changed(
        MEDIA,
        media_product_type="STORY",
        permalink="https://www.instagram.com/stories/kemenkum_jabar/3689000000000000000",
    )
    row = only(response("data", story))
    assert (row["post_id"], row["is_story"]) == ("17900000000000001", True)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"shortcode": "DMx9S9rgAAG"}, "id_differs_from_link"),
        ({"shortcode": None, "permalink": None}, "unreadable_link"),
        ({"timestamp": "2025-07-31T17:30:15"}, "unreadable_time"),
        ({"timestamp": "31/07/2025 17:30"}, "unreadable_time"),
        ({"timestamp": "2022-07-31T17:30:15+0000"}, "id_differs_from_time"),
    ],
)
def test_a_media_without_a_sure_name_and_time_is_rejected(change: Json, rule: str) -> None:
    found = rejects(response("data", MEDIA, changed(MEDIA, **change)))
    assert [(number, each) for number, each, _ in found] == [(2, rule)]


@pytest.mark.parametrize(
    "written",
    ["2025-07-31T17:30:15Z", "2025-08-01T00:30:15+07:00", "2025-07-31T10:30:15.987-0700"],
)
def test_an_instant_is_utc_in_whole_seconds(written: str) -> None:
    assert only(response("data", changed(MEDIA, timestamp=written)))["published_at"] == AT


@pytest.mark.parametrize("likes", [-1, 3])
def test_hidden_likes_of_a_scrape_are_not_reported(likes: int) -> None:
    content = response("", SCRAPED, changed(SCRAPED, likesCount=likes))
    assert [row["like_count"] for row in observations(content)] == [75, None]
    told = [(2, "like_count", "hidden_count")] if likes == 3 else []
    assert [each[:3] for each in withheld(content)] == told


def test_an_error_in_the_place_of_a_post_is_set_aside_with_what_it_says() -> None:
    error = {"inputUrl": SCRAPED["inputUrl"], "error": "not_found", "errorDescription": "Gone"}
    rows = read(response("", SCRAPED, error))[1]
    assert rows.set_aside.drop("sha256").rows() == [(2, not_posts.UNCOMPUTED, "not_found")]
    assert (rows.observations.height, rows.rejects.height) == (1, 0)


def test_posts_stand_in_what_a_scrape_tells_of_a_profile() -> None:
    profile = {"username": "kemenkum_jabar", "followersCount": 9, "latestPosts": [SCRAPED]}
    assert only(response("", profile))["post_id"] == "DMx9S9rgAAF"


def test_reactions_are_a_sum_only_where_every_kind_is_told() -> None:
    assert only(response("", TANGLED))["like_count"] == 40 + 20 + 5 + 4 + 3 + 2 + 0 + 1
    blank = changed(TANGLED, statistics__actual__loveCount=None)
    assert observations(response("", TANGLED, blank))[1]["like_count"] is None
    spoilt = response("", changed(TANGLED, statistics__actual__loveCount="20 rb"))
    ((_, field, rule, detail),) = withheld(spoilt)
    assert (field, rule) == ("like_count", "rounded_count")
    assert "reaction_love = 20 rb" in detail


def test_facebook_s_likes_are_no_reactions_and_a_comment_is_no_post() -> None:
    likes = {"likes": {"summary": {"total_count": 75}}, "reactions": None}
    records, rows = read(response("data", changed(PAGE_POST, **likes)))
    assert rows.observations["like_count"].to_list() == [None]
    assert records.unknown_columns == ("@.likes.summary.total_count",)
    link = "https://www.facebook.com/100064000000001/posts/pfbid02abc?comment_id=9"
    ((_, rule, _),) = rejects(response("data", changed(PAGE_POST, permalink_url=link)))
    assert rule == "not_a_post"
    comment = {"id": "1_2", "from": {"name": "Siti"}, "message": "a", "created_time": "x"}
    assert quarantine(response("data", comment)).startswith("JSON, but of no known response")


def test_a_youtube_batch_tells_the_instant_under_another_name() -> None:
    batch = changed(VIDEO, kind="youtube#videoStats", snippet=None)
    batch["snippet"] = {"publishTime": "2025-07-31T17:30:15Z"}
    row = only(response("items", batch, kind="youtube#batchGetStatsResponse"))
    assert (row["published_at"], row["platform_account_id"]) == (AT, None)
    channel = changed(VIDEO, statistics__subscriberCount="5")
    assert "no column @.statistics.subscribercount" in quarantine(response("items", channel))


def test_the_author_of_an_x_post_stands_beside_the_posts() -> None:
    users = {"users": [{"id": "5", "username": "lain"}, USER]}
    unnamed = changed(TWEET, author_id="77")
    rows = observations(response("data", TWEET, unnamed, includes=users, meta={"result_count": 2}))
    assert [(row["platform_account_id"], row["account_handle"]) for row in rows] == [
        ("4400000001", "kemenkumjabar"),
        ("77", None),
    ]
    single = lines({"data": TWEET, "includes": users})
    assert only(single)["account_handle"] == "kemenkumjabar"


def test_referenced_posts_of_others_are_no_records() -> None:
    """`includes.tweets` has the same keys; `data` is what was asked for."""
    other = changed(TWEET, id="1950972286718705670", author_id="5")
    content = response("data", TWEET, includes={"users": [USER], "tweets": [other]})
    assert [row["post_id"] for row in observations(content)] == [TWEET["id"]]


@pytest.mark.parametrize(
    ("change", "is_reply", "is_repost"),
    [
        ({"in_reply_to_user_id": "5", "text": "terima kasih"}, True, False),
        ({"in_reply_to_user_id": "4400000001", "text": "@kemenkumjabar utas"}, False, False),
        ({"text": "@HaloHukum terima kasih"}, True, False),
        ({"referenced_tweets": [{"type": "retweeted", "id": "20"}]}, False, True),
        ({"referenced_tweets": [{"type": "quoted", "id": "20"}]}, False, False),
    ],
)
def test_replies_and_reposts_are_told_from_own_posts(
    change: Json, is_reply: bool, is_repost: bool
) -> None:
    content = response("data", changed(TWEET, **change), includes={"users": [USER]})
    row = only(content)
    assert (row["is_reply"], row["is_repost"]) == (is_reply, is_repost)
    # A repost tells how often the post that it repeats was reposted.
    assert row["share_count"] == (None if is_repost else 6)
    told = [(1, "share_count", "of_another_post")] if is_repost else []
    assert [each[:3] for each in withheld(content)] == told


def test_a_tiktok_number_that_a_program_rounded_is_taken_from_its_link() -> None:
    rounded = changed(TIKTOK_VIDEO, id=7533299687164477000)
    row = only(response("data.videos", rounded))
    assert (row["post_id"], row["delivered_post_id"]) == (TIKTOK_VIDEO["id"], str(rounded["id"]))
    other = changed(TIKTOK_VIDEO, id="7533299687164477448")
    assert rejects(response("data.videos", other))[0][1] == "id_differs_from_link"
