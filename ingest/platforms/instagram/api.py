"""Instagram's API: media of an account, and those of another one by `business_discovery`.

Fields as Meta's reference of the Instagram Graph API has them (IG Media, IG User, Business
Discovery), not yet seen in a real file: `timestamp` is ISO 8601 in UTC and exact to the second.
`like_count` is left out where the owner hides it, and neither shares nor saves stand among the
fields: what is not there is not reported. `id` is the number of the API, as in the CSV; the post is
known by its shortcode.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from ingest.fields import instants, numbers, post_kinds, values
from ingest.fields.layout import Column, Counter, Layout, Prose, header_set
from ingest.fields.values import Cell
from ingest.platforms.instagram import shortcodes
from ingest.platforms.instagram.content import PLATFORM

_COUNTERS = {"like_count": "likes", "comment_count": "comments", "view_count": "views"}

#: What `media_type` and `media_product_type` say.
_KINDS = {
    "image": "image",
    "video": "video",
    "igtv": "video",
    "carousel_album": "carousel",
    "reels": "reel",
    "story": "story",
}


def _read(fields: frozenset[str]) -> dict[str, Cell]:
    published = instants.iso("timestamp")
    is_story = pl.lit(value=False)
    if "product" in fields:
        is_story = (values.text("product") == "STORY").fill_null(value=False)
    columns = {
        "platform_account_id": Cell(_first(*_ids(fields), of=fields)),
        "account_handle": Cell(
            _first("username", "discovered_name", "account_name", of=fields)
            .str.to_lowercase()
            .str.strip_prefix("@")
        ),
        **shortcodes.read(fields, published, "[0-9]+(?:_[0-9]+)?", is_story),
        "post_type": Cell(_post_type(fields)),
        "post_kind": post_kinds.of_word(_post_type(fields), _KINDS),
        "published_at": published,
        "published_precision": Cell(pl.lit("second")),
        "published_source": Cell(pl.lit("api")),
        "printed_at": Cell(published.value),
        "is_story": Cell(is_story),
        **numbers.counts(_COUNTERS, fields),
    }
    if "caption" in fields:
        columns["text"] = Cell(values.prose("caption"))
    if "account_posts" in fields:
        columns["account_post_count"] = numbers.count("account_posts")
    followers = "discovered_followers" if _is_discovered(fields) else "account_followers"
    if followers in fields:
        columns["account_follower_count"] = numbers.count(followers)
    return columns


def _ids(fields: frozenset[str]) -> tuple[str, ...]:
    """Where the posts' account may stand."""
    return ("owner_id", "discovered_id" if _is_discovered(fields) else "account_id")


def _is_discovered(fields: frozenset[str]) -> bool:
    """Whether somebody asked for another's posts; then `$.id` is the asker."""
    return not fields.isdisjoint(("discovered_id", "discovered_name"))


def _post_type(fields: frozenset[str]) -> pl.Expr:
    """Reels and stories by where they are shown, other posts by what they hold."""
    shown = pl.lit(None, dtype=pl.String)
    if "product" in fields:
        product = values.text("product")
        shown = pl.when(product != "FEED").then(product)
    return pl.coalesce(shown, _first("media_type", "product", of=fields))


def _first(*names: str, of: frozenset[str]) -> pl.Expr:
    """The first of some fields that a file has and a record tells."""
    found = [values.word(name) for name in names if name in of]
    return pl.coalesce(*found) if found else pl.lit(None, dtype=pl.String)


MEDIA = Layout(
    platform=PLATFORM,
    kind="instagram_api_media",
    seen="2026-11, in Meta's reference",
    read=_read,
    derived=(shortcodes.step, values.rounded_ids_step("post_id")),
    covers_posts=False,
    covers_if_told=True,
    columns=(
        Column("post_id", en="@.id"),
        Column("timestamp", en="@.timestamp"),
        Counter("comments", en="@.comments_count"),
        Counter("likes", required=False, en="@.like_count"),
        Counter("views", required=False, en="@.view_count"),
        Column("permalink", required=False, en="@.permalink"),
        Column("shortcode", required=False, en="@.shortcode"),
        Prose("caption", required=False, en="@.caption"),
        Column("media_type", required=False, en="@.media_type"),
        Column("product", required=False, en="@.media_product_type"),
        Prose("username", required=False, en="@.username"),
        Column("owner_id", required=False, en="@.owner.id"),
        Column("discovered_id", required=False, en="$.business_discovery.id"),
        Prose("discovered_name", required=False, en="$.business_discovery.username"),
        Column("account_id", required=False, en="$.id"),
        Prose("account_name", required=False, en="$.username"),
        Counter(
            "account_posts",
            required=False,
            en=("$.media_count", "$.business_discovery.media_count"),
        ),
        Counter("account_followers", required=False, en="$.followers_count"),
        Counter("discovered_followers", required=False, en="$.business_discovery.followers_count"),
    ),
    ignored_headers=header_set(
        "@.media_url",
        "@.thumbnail_url",
        "@.is_comment_enabled",
        "@.is_shared_to_feed",
        "@.ig_id",
        "@.owner.username",
        "@.comments",
        "$.name",
        "$.paging",
        "$.follows_count",
        "$.business_discovery.follows_count",
        "$.business_discovery.name",
        "$.business_discovery.media.paging",
        "$.media.paging",
    ),
    persons=frozenset({"comments.data", "likes.data"}),
    ignored_pattern=r"^@\.(?:children|comments|insights)\b",
)

#: The same where the number of comments was not asked for; a comment has no media type.
MEDIA_ALONE = replace(
    MEDIA,
    columns=(
        Column("media_type", en="@.media_type"),
        *[each for each in MEDIA.columns if each.field not in ("media_type", "comments")],
    ),
    forbidden_headers=header_set("@.comments_count"),
)

LAYOUTS = (MEDIA, MEDIA_ALONE)
