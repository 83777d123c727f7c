"""X: the content export of account analytics, both generations, and its forerunner.

Until 2023 `tweet_activity_metrics_…` had 40 columns, counters such as `635.0`, the minute in UTC
and `&amp;` in texts, which are kept as delivered.
Generation 1 (2024-11, `Link`, `Mon Feb 17 2025`, CRLF) and 2 (2026-07, `Post Link`, `Sat, Aug 1,
2026`, no line end after the last record).
The printed date has no time of day, so only the post ID (a snowflake) is precise. Replies
stand among the posts. `Share`/`Shares` counts uses of the share button and is not a repost.
Nothing tells a post's kind: an image leaves the same short link in the text as any page does.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from ingest.fields import account_days, dates, numbers, values
from ingest.fields.layout import (
    Column,
    Counter,
    Ending,
    Layout,
    Platform,
    Prose,
    counter_headers,
    header_set,
)
from ingest.fields.values import Cell

PLATFORM = Platform("x", "X", published_precision="second", range_time_zone="UTC")

#: Snowflake epoch in milliseconds; an ID's bits above the lowest 22 count from here.
_EPOCH_MS = 1288834974657
#: Before snowflakes (November 2010) IDs were a plain sequence and tell no time.
_FIRST_SNOWFLAKE = 29_700_859_247


#: A link is text, which no spreadsheet rounds.
_LINKED_ID = values.text("link").str.extract(r"/status(?:es)?/([0-9]{15,19})(?:[^0-9]|$)")
_IDS = (
    values.rounded_ids_step("post_id"),
    values.healed_ids_step("post_id", _LINKED_ID, is_own=True),
)


def snowflake_time(number: pl.Expr) -> pl.Expr:
    """The instant (UTC, whole seconds) that a post's number encodes; null where it tells none."""
    return pl.when(number >= _FIRST_SNOWFLAKE).then(
        values.plausible(values.seconds(number // 2**22 + _EPOCH_MS))
    )


def _read(fields: frozenset[str]) -> dict[str, Cell]:
    delivered = values.identifier("post_id", "[0-9]{1,19}")
    is_healed = pl.col("is_healed")
    post_id = pl.when(is_healed).then(_LINKED_ID).otherwise(delivered.value)
    number = post_id.cast(pl.Int64, strict=False)
    published = snowflake_time(number)
    link = values.text("link")
    linked_id = link.str.extract(r"/status(?:es)?/([0-9]+)")
    handle = link.str.extract(
        r"(?i)(?:x|twitter)\.com/([A-Za-z0-9_]{1,15})/status"
    ).str.to_lowercase()
    answered = pl.col("text").str.extract(r"^@([A-Za-z0-9_]{1,15})").str.to_lowercase()
    columns = {
        "account_handle": Cell(pl.when(handle != "i").then(handle)),
        "post_id": Cell(
            post_id,
            pl.when(~is_healed).then(
                pl.coalesce(
                    pl.when(
                        values.text("post_id").str.contains("^[0-9]{1,19}$")
                        & (linked_id != values.text("post_id"))
                    ).then(pl.lit("id_differs_from_link")),
                    delivered.problem,
                )
            ),
            pl.format(
                "post_id = {}, link = {}", values.text("post_id").fill_null(""), link.fill_null("")
            ),
        ),
        "is_healed": Cell(is_healed),
        "delivered_post_id": Cell(values.text("post_id")),
        "permalink": Cell(link),
        "text": Cell(values.prose("text")),
        "published_at": Cell(
            published,
            pl.when(published.is_null()).then(pl.lit("id_tells_no_time")),
            pl.format("post_id = {}", values.text("post_id").fill_null("")),
        ),
        "published_precision": Cell(pl.lit("second")),
        "published_source": Cell(pl.lit("id")),
        "printed_at": _printed_minute() if "time" in fields else _printed_day(published),
        "id_at": Cell(published),
        # A thread answers its own account and is no reply.
        "is_reply": Cell(
            (answered.is_not_null() & answered.ne_missing(handle)).fill_null(value=False)
        ),
        "is_repost": Cell(pl.col("text").str.contains(r"^RT @[A-Za-z0-9_]").fill_null(value=False)),
        "like_count": numbers.count("likes"),
        "comment_count": numbers.count("replies"),
        "share_count": numbers.count("reposts"),
    }
    if "bookmarks" in fields:
        columns["save_count"] = numbers.count("bookmarks")
    if "impressions" in fields:
        columns["impression_count"] = numbers.count("impressions")
    return columns


def _printed_day(published: pl.Expr) -> Cell:
    """The nearest instant to the ID's that the printed day allows in any time zone.

    Null where the day is written as nobody has seen it: the ID's time holds, the day only flags.
    """
    printed = dates.written_date("date")
    earliest = printed.value.cast(pl.Datetime("us")) - timedelta(hours=14)
    printed_at = published.clip(earliest, earliest + timedelta(hours=24 + 14 + 12))
    return Cell(pl.when(printed.value.is_not_null()).then(printed_at))


def _printed_minute() -> Cell:
    raw = values.text("time")
    printed = raw.str.extract(r"^(20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}) \+0000$")
    instant = printed.str.to_datetime("%Y-%m-%d %H:%M", strict=False, time_unit="us")
    return Cell(instant)


_COUNTERS = (
    Counter("impressions", required=False, en="Impressions"),
    Counter("likes", en="Likes"),
    Counter("bookmarks", en="Bookmarks"),
    Counter("replies", en="Replies"),
    Counter("reposts", en="Reposts"),
)
_CLICKS = header_set(
    "Engagements",
    "Share",
    "Shares",
    "New follows",
    "Profile visits",
    "Detail expands",
    "URL Clicks",
    "Hashtag clicks",
    "Permalink clicks",
)


def _content(link: str, ending: Ending, seen: str) -> Layout:
    """One generation of the content export; the name of the link's column tells them apart."""
    return Layout(
        platform=PLATFORM,
        kind="x_content",
        seen=seen,
        read=_read,
        derived=(*_IDS, dates.written_date_step("date")),
        ending=ending,
        columns=(
            Column("post_id", en="Post id"),
            Column("date", en="Date"),
            Prose("text", en="Post text"),
            Column("link", en=link),
            *_COUNTERS,
        ),
        ignored_headers=_CLICKS,
        always_filled=counter_headers(*_COUNTERS) | _CLICKS,
    )


CONTENT_1 = _content("Link", Ending("line"), "2024-11 to 2025-02")
CONTENT_2 = _content("Post Link", Ending("bare", last="Permalink Clicks"), "2026-07 to 2026-08")

#: The counters of the promoted part stand in columns of their own and are no part of the others.
_PROMOTED = (
    "impressions",
    "engagements",
    "engagement rate",
    "retweets",
    "replies",
    "likes",
    "user profile clicks",
    "url clicks",
    "hashtag clicks",
    "detail expands",
    "permalink clicks",
    "app opens",
    "app installs",
    "follows",
    "email tweet",
    "dial phone",
    "media views",
    "media engagements",
)

_ACTIVITY_COUNTERS = header_set(*_PROMOTED, *(f"promoted {name}" for name in _PROMOTED))

ACTIVITY = Layout(
    platform=PLATFORM,
    kind="x_tweet_activity",
    seen="2016 to 2022",
    read=_read,
    derived=_IDS,
    columns=(
        Column("post_id", en="Tweet id"),
        Column("link", en="Tweet permalink"),
        Prose("text", en="Tweet text"),
        Column("time", en="time"),
        Counter("impressions", en="impressions"),
        Counter("reposts", en="retweets"),
        Counter("replies", en="replies"),
        Counter("likes", en="likes"),
    ),
    ignored_headers=_ACTIVITY_COUNTERS - header_set("impressions", "retweets", "replies", "likes"),
    always_filled=_ACTIVITY_COUNTERS,
)

_SERIES = (
    Counter("impressions", en="Impressions"),
    Counter("likes", en="Likes"),
    Counter("bookmarks", en="Bookmarks"),
    Counter("new_follows", en="New follows"),
    Counter("unfollows", en="Unfollows"),
    Counter("replies", en="Replies"),
    Counter("reposts", en="Reposts"),
    Counter("visits", en="Profile visits"),
    Counter("posts", en="Create Post"),
)

OVERVIEW = Layout(
    platform=PLATFORM,
    kind="x_overview",
    seen="2025-02 to 2026",
    record_type="account_days",
    ending=Ending("bare", last="Media views"),
    derived=(dates.written_date_step("date"),),
    read=account_days.reader(
        dates.written_day,
        {
            "impressions": "impressions",
            "likes": "likes",
            "saves": "bookmarks",
            "shares": "reposts",
            "replies": "replies",
            "new_followers": "new_follows",
            "lost_followers": "unfollows",
            "profile_visits": "visits",
            "posts": "posts",
        },
    ),
    columns=(Column("date", en="Date"), *_SERIES),
    ignored_headers=header_set("Engagements", "Share", "Shares", "Video views", "Media views"),
    always_filled=counter_headers(*_SERIES)
    | header_set("Engagements", "Shares", "Video views", "Media views"),
)

DAILY_ACTIVITY = Layout(
    platform=PLATFORM,
    kind="x_daily_activity",
    seen="2021",
    record_type="account_days",
    read=account_days.reader(
        dates.iso_day,
        {
            "posts": "posts",
            "impressions": "impressions",
            "likes": "likes",
            "shares": "reposts",
            "replies": "replies",
            "new_followers": "new_follows",
            "profile_visits": "visits",
        },
    ),
    columns=(
        Column("date", en="Date"),
        Counter("posts", en="Tweets published"),
        Counter("impressions", en="impressions"),
        Counter("reposts", en="retweets"),
        Counter("replies", en="replies"),
        Counter("likes", en="likes"),
        Counter("visits", en="user profile clicks"),
        Counter("new_follows", en="follows"),
    ),
    ignored_headers=ACTIVITY.ignored_headers,
    always_filled=ACTIVITY.always_filled,
)

LAYOUTS = (CONTENT_1, CONTENT_2, ACTIVITY, OVERVIEW, DAILY_ACTIVITY)
