"""YouTube's Data API: `videos.list`, and `videos.batchGetStats`.

Fields as Google's reference has them (YouTube Data API v3, Videos), not yet seen in a real file.
Counters are texts of digits; `likeCount` and `commentCount` are left out where they are hidden or
comments are off. `snippet.publishedAt` is the instant of publication to the second, which Studio
does not tell; `videos.batchGetStats` calls it `snippet.publishTime` and names no channel.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from ingest.fields import instants, numbers, values
from ingest.fields.layout import Column, Counter, Layout, Prose, header_set
from ingest.fields.values import Cell
from ingest.platforms.youtube.studio import PLATFORM

_COUNTERS = {"view_count": "views", "like_count": "likes", "comment_count": "comments"}


def _read(fields: frozenset[str]) -> dict[str, Cell]:
    published = instants.iso("published_at")
    video = values.identifier("content", "[A-Za-z0-9_-]{11}")
    columns = {
        "post_id": video,
        "delivered_post_id": Cell(video.value),
        "post_kind": Cell(pl.lit("video")),
        "published_at": published,
        "published_precision": Cell(pl.lit("second")),
        "published_source": Cell(pl.lit("api")),
        "printed_at": Cell(published.value),
        **numbers.counts(_COUNTERS, fields),
    }
    if "channel_id" in fields:
        columns["platform_account_id"] = Cell(values.text("channel_id"))
    if "channel_name" in fields:
        columns["account_name"] = Cell(values.prose("channel_name"))
    if "title" in fields:
        columns["text"] = Cell(values.prose("title"))
    return columns


VIDEOS = Layout(
    platform=PLATFORM,
    kind="youtube_api_videos",
    seen="2026-11, in Google's reference",
    read=_read,
    derived=(values.rounded_ids_step("content"),),
    covers_posts=False,
    covers_if_told=True,
    columns=(
        Column("content", en="@.id"),
        Column("published_at", en=("@.snippet.publishedAt", "@.snippet.publishTime")),
        Counter("views", en="@.statistics.viewCount"),
        Counter("likes", required=False, en="@.statistics.likeCount"),
        Counter("comments", required=False, en="@.statistics.commentCount"),
        Column("channel_id", required=False, en="@.snippet.channelId"),
        Prose("channel_name", required=False, en="@.snippet.channelTitle"),
        Prose("title", required=False, en="@.snippet.title"),
    ),
    # Channels have these beside the same keys.
    forbidden_headers=header_set("@.statistics.subscriberCount", "@.statistics.videoCount"),
    ignored_headers=header_set(
        "@.kind",
        "@.etag",
        "@.statistics.favoriteCount",
        "@.statistics.dislikeCount",
        "$.kind",
        "$.etag",
        "$.nextPageToken",
        "$.prevPageToken",
        "$.pageInfo",
        "$.summary",
    ),
    ignored_pattern=(
        r"^@\.(?:snippet|contentdetails|status|topicdetails|player|localizations|livestreaming"
        r"details|recordingdetails|paidproductplacementdetails)\b"
    ),
)

#: The same without `statistics`; of all that has a snippet a video alone has a category.
VIDEOS_ALONE = replace(
    VIDEOS,
    columns=(
        Column("category", en="@.snippet.categoryId"),
        *[each for each in VIDEOS.columns if each.field != "views"],
    ),
    forbidden_headers=VIDEOS.forbidden_headers | header_set("@.statistics.viewCount"),
)

LAYOUTS = (VIDEOS, VIDEOS_ALONE)
