"""TikTok's API: the list of an account's videos, and the research API's answer to a query.

Fields as TikTok's reference has them (Display API, List Videos, `/v2/video/list/`; Research API,
Query Videos, whose favourites are spelt two ways), not yet seen in a real file. `create_time` is
seconds since 1970 and the ID tells the same instant. A list names no account but in `share_url`;
the research API has `username`. Its IDs are numbers, which a program may have rounded: then the
link's holds.
"""

from __future__ import annotations

import polars as pl

from ingest.fields import instants, numbers, values
from ingest.fields.layout import Column, Counter, Layout, Prose, header_set
from ingest.fields.values import Cell
from ingest.platforms.tiktok.studio import PLATFORM, video_time

_COUNTERS = {
    "view_count": "views",
    "like_count": "likes",
    "share_count": "shares",
    "save_count": "favorites",
}
_LINK = r"(?i)tiktok\.com/@(?<handle>[^/?]+)/(?<kind>video|photo)/(?<id>[0-9]+)"
_LINKED = values.text("link").str.extract_groups(_LINK).struct
_LINKED_ID = _LINKED.field("id")


def _heal(frame: pl.DataFrame) -> pl.DataFrame:
    """`is_healed`: an ID that lost digits stands whole in its record's link."""
    if "link" not in frame.columns:
        return frame.with_columns(is_healed=pl.lit(value=False))
    return values.healed_ids_step("post_id", _LINKED_ID, is_own=True)(frame)


def _read(fields: frozenset[str]) -> dict[str, Cell]:
    delivered = values.identifier("post_id", "[0-9]{1,19}")
    is_healed, has_link = pl.col("is_healed"), "link" in fields
    nothing = pl.lit(None, dtype=pl.String)
    linked_id = _LINKED_ID if has_link else nothing
    post_id = pl.when(is_healed).then(linked_id).otherwise(delivered.value)
    is_disputed = (~is_healed & (linked_id != values.text("post_id"))).fill_null(value=False)
    id_at = video_time(post_id)
    names = [values.word("username")] if "username" in fields else []
    names += [_LINKED.field("handle")] if has_link else []
    texts = [values.prose(name) for name in ("description", "title") if name in fields]
    columns = {
        "account_handle": Cell(pl.coalesce(*names, nothing).str.to_lowercase()),
        "post_id": Cell(
            post_id,
            pl.when(is_disputed)
            .then(pl.lit("id_differs_from_link"))
            .when(~is_healed)
            .then(delivered.problem),
            delivered.text,
            (is_healed | delivered.value.is_not_null()) & ~is_disputed,
        ),
        "is_healed": Cell(is_healed),
        "delivered_post_id": Cell(values.text("post_id")),
        "published_at": Cell(
            id_at,
            pl.when(id_at.is_null()).then(pl.lit("id_tells_no_time")),
            delivered.text,
        ),
        "published_precision": Cell(pl.lit("second")),
        "published_source": Cell(pl.lit("id")),
        "id_at": Cell(id_at),
        "printed_at": Cell(instants.unix("create_time").value),
        **numbers.counts(_COUNTERS, fields),
    }
    if "comments" in fields:
        columns["comment_count"] = numbers.count("comments", can_be_hidden=True)
    if has_link:
        columns["permalink"] = Cell(values.text("link"))
        columns["post_kind"] = Cell(
            _LINKED.field("kind").str.to_lowercase().replace({"photo": "image"})
        )
    if texts:
        columns["text"] = Cell(pl.coalesce(*texts))
    return columns


VIDEOS = Layout(
    platform=PLATFORM,
    kind="tiktok_api_videos",
    seen="2026-11, in TikTok's reference",
    read=_read,
    derived=(values.rounded_ids_step("post_id"), _heal),
    covers_posts=False,
    covers_if_told=True,
    columns=(
        Column("post_id", en="@.id"),
        Column("create_time", en="@.create_time"),
        Counter("likes", en="@.like_count"),
        Counter("comments", required=False, en="@.comment_count"),
        Counter("shares", required=False, en="@.share_count"),
        Counter("views", required=False, en="@.view_count"),
        Counter("favorites", required=False, en=("@.favorites_count", "@.favourites_count")),
        Column("link", required=False, en="@.share_url"),
        Prose("username", required=False, en="@.username"),
        Prose("description", required=False, en="@.video_description"),
        Prose("title", required=False, en="@.title"),
    ),
    # A comment has these beside the same keys.
    forbidden_headers=header_set("@.video_id", "@.parent_comment_id"),
    ignored_headers=header_set(
        "@.cover_image_url",
        "@.duration",
        "@.video_duration",
        "@.height",
        "@.width",
        "@.embed_html",
        "@.embed_link",
        "@.region_code",
        "@.music_id",
        "@.hashtag_names",
        "@.effect_ids",
        "@.voice_to_text",
        "$.error",
        "$.extra",
        "$.data.cursor",
        "$.data.has_more",
        "$.data.search_id",
    ),
)

LAYOUTS = (VIDEOS,)
