"""Apify's Instagram scraper: posts of a profile, or the latest ones in what it tells of a profile.

Seen 2025-06, one list of posts (JSON). `timestamp` is the instant of publication in UTC.
`likesCount` is -1 where likes are hidden, and 3 too, as the page then shows three names; so 3 is
withheld, for it may be a true one. Shares and saves are not told. `latestComments` name private
persons.
"""

from __future__ import annotations

import polars as pl

from ingest.fields import instants, numbers, post_kinds, values
from ingest.fields.layout import Column, Counter, Layout, Prose, header_set
from ingest.fields.values import Cell
from ingest.platforms.instagram import shortcodes
from ingest.platforms.instagram.content import PLATFORM

#: What `type` says, and of reels `productType`.
_KINDS = {"image": "image", "video": "video", "sidecar": "carousel", "clips": "reel"}
#: A number of likes that is also shown where they are hidden.
_SHOWN_AS_HIDDEN = "3"


def _likes() -> Cell:
    read = numbers.count("likes", can_be_hidden=True)
    is_doubtful = (values.text("likes") == _SHOWN_AS_HIDDEN).fill_null(value=False)
    return Cell(
        pl.when(~is_doubtful).then(read.value),
        text=pl.format(
            "{}{}",
            read.text,
            pl.when(is_doubtful)
            .then(pl.lit(", which the scraper also writes where likes are hidden"))
            .otherwise(pl.lit("")),
        ),
        is_good=read.is_good & ~is_doubtful if read.is_good is not None else ~is_doubtful,
        withheld=pl.when(is_doubtful).then(pl.lit("hidden_count")).otherwise(read.withheld),
        source=read.source,
    )


def _read(fields: frozenset[str]) -> dict[str, Cell]:
    published = instants.iso("timestamp")
    columns = {
        "account_handle": Cell(values.word("username").str.to_lowercase()),
        **shortcodes.read(fields, published, "[0-9]+"),
        "published_at": published,
        "published_precision": Cell(pl.lit("second")),
        "published_source": Cell(pl.lit("api")),
        "printed_at": Cell(published.value),
        "like_count": _likes(),
        "comment_count": numbers.count("comments"),
    }
    if "plays" in fields:
        columns["view_count"] = numbers.count("plays")
    if "owner_id" in fields:
        columns["platform_account_id"] = Cell(values.text("owner_id"))
    if "owner_name" in fields:
        columns["account_name"] = Cell(values.prose("owner_name"))
    if "caption" in fields:
        columns["text"] = Cell(values.prose("caption"))
    types = [values.text(name) for name in ("product", "type") if name in fields]
    if types:
        columns["post_type"] = Cell(pl.coalesce(*types))
    if "type" in fields:
        clips = [values.text("product") == "clips"] if "product" in fields else []
        is_reel = pl.any_horizontal(pl.lit(value=False), *clips).fill_null(value=False)
        word = pl.when(is_reel).then(pl.lit("clips")).otherwise(values.text("type"))
        columns["post_kind"] = post_kinds.of_word(word, _KINDS)
    return columns


POSTS = Layout(
    platform=PLATFORM,
    kind="instagram_apify_posts",
    seen="2025-06",
    read=_read,
    derived=(shortcodes.step, values.rounded_ids_step("post_id")),
    covers_posts=False,
    covers_if_told=True,
    columns=(
        Column("post_id", en="@.id"),
        Column("shortcode", en="@.shortCode"),
        Column("timestamp", en="@.timestamp"),
        Prose("username", en="@.ownerUsername"),
        Counter("likes", en="@.likesCount"),
        Counter("comments", en="@.commentsCount"),
        Counter("plays", required=False, en="@.videoPlayCount"),
        Column("permalink", required=False, en="@.url"),
        Prose("caption", required=False, en="@.caption"),
        Column("type", required=False, en="@.type"),
        Column("product", required=False, en="@.productType"),
        Column("owner_id", required=False, en="@.ownerId"),
        Prose("owner_name", required=False, en="@.ownerFullName"),
    ),
    ignored_headers=header_set(
        "@.inputUrl",
        "@.error",
        "@.errorDescription",
        "@.hashtags",
        "@.mentions",
        "@.taggedUsers",
        "@.firstComment",
        "@.latestComments",
        "@.dimensionsHeight",
        "@.dimensionsWidth",
        "@.displayUrl",
        "@.images",
        "@.videoUrl",
        "@.audioUrl",
        "@.alt",
        "@.videoViewCount",
        "@.videoDuration",
        "@.childPosts",
        "@.isSponsored",
        "@.isPinned",
        "@.isCommentsDisabled",
        "@.locationName",
        "@.locationId",
        "@.cloudinaryImageUrl",
        "@.cloudinaryVideoUrl",
    ),
    comment_headers=header_set("@.error"),
    persons=frozenset({"latestComments", "firstComment", "taggedUsers"}),
    ignored_pattern=r"^@\.musicinfo\b|^\$\.",
)

LAYOUTS = (POSTS,)
