"""Facebook's Graph API: the posts of a page.

Fields as Meta's reference of Page Post has them, not yet seen in a real file: `created_time` is ISO
8601 in UTC and exact to the second; `shares` is left out of posts for which no number is given, so
that an absent one is not reported, and not 0. `id` is `page_post`. `likes` are a part of the
reactions and stand for none of the counters.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from ingest.fields import instants, numbers, post_kinds, values
from ingest.fields.layout import Column, Counter, Layout, Prose, header_set
from ingest.fields.values import Cell
from ingest.platforms.facebook.content import PLATFORM

_COUNTERS = {"like_count": "reactions", "comment_count": "comments", "share_count": "shares"}

#: What `status_type` says; others, such as `shared_story`, say how a post came about.
_KINDS = {"added_photos": "image", "added_video": "video"}


def _read(fields: frozenset[str]) -> dict[str, Cell]:
    published = instants.iso("created_time")
    delivered = values.identifier("post_id", "(?:[0-9]+_)?[0-9]+")
    link = values.text("permalink") if "permalink" in fields else pl.lit(None, dtype=pl.String)
    is_comment = link.str.contains("[?&]comment_id=").fill_null(value=False)
    page = delivered.value.str.extract(r"^([0-9]+)_")
    if "from_id" in fields:
        page = pl.coalesce(values.text("from_id"), page)
    if "page_id" in fields:
        page = pl.coalesce(page, values.text("page_id"))
    columns = {
        "platform_account_id": Cell(page),
        "post_id": Cell(
            delivered.value.str.extract("([0-9]+)$"),
            pl.coalesce(delivered.problem, pl.when(is_comment).then(pl.lit("not_a_post"))),
            pl.format("{}, permalink = {}", delivered.text, link.fill_null("")),
            delivered.value.is_not_null() & ~is_comment,
        ),
        "delivered_post_id": Cell(values.text("post_id")),
        "permalink": Cell(link),
        "published_at": published,
        "published_precision": Cell(pl.lit("second")),
        "published_source": Cell(pl.lit("api")),
        "printed_at": Cell(published.value),
        **numbers.counts(_COUNTERS, fields),
    }
    names = [values.prose(name) for name in ("from_name", "page_name") if name in fields]
    if names:
        columns["account_name"] = Cell(pl.coalesce(*names))
    texts = [values.prose(name) for name in ("message", "story") if name in fields]
    if texts:
        columns["text"] = Cell(pl.coalesce(*texts))
    if "status_type" in fields:
        columns["post_type"] = Cell(values.text("status_type"))
        columns["post_kind"] = post_kinds.of_word(values.text("status_type"), _KINDS)
    return columns


POSTS = Layout(
    platform=PLATFORM,
    kind="facebook_api_posts",
    seen="2026-11, in Meta's reference",
    read=_read,
    derived=(values.rounded_ids_step("post_id"),),
    covers_posts=False,
    covers_if_told=True,
    columns=(
        Column("post_id", en="@.id"),
        Column("created_time", en="@.created_time"),
        Counter("reactions", en="@.reactions.summary.total_count"),
        Counter("comments", required=False, en="@.comments.summary.total_count"),
        Counter("shares", required=False, en="@.shares.count"),
        Prose("message", required=False, en="@.message"),
        Prose("story", required=False, en="@.story"),
        Column("permalink", required=False, en="@.permalink_url"),
        Column("from_id", required=False, en="@.from.id"),
        Prose("from_name", required=False, en="@.from.name"),
        Column("status_type", required=False, en="@.status_type"),
        # Of `/page?fields=name,posts{…}`.
        Column("page_id", required=False, en="$.id"),
        Prose("page_name", required=False, en="$.name"),
    ),
    # A comment can have comments and reactions too.
    forbidden_headers=header_set("@.parent.id", "@.can_remove", "@.comment_count"),
    ignored_headers=header_set(
        "@.full_picture",
        "@.picture",
        "@.icon",
        "@.updated_time",
        "@.is_published",
        "@.is_hidden",
        "@.is_expired",
        "@.is_popular",
        "@.is_instagram_eligible",
        "@.story_tags",
        "@.message_tags",
        "@.properties",
        "@.actions",
        "$.paging",
    ),
    persons=frozenset(
        {
            "comments.data",
            "reactions.data",
            "likes.data",
            "sharedposts.data",
            "with_tags.data",
            "to.data",
        }
    ),
    ignored_pattern=(
        r"^@\.(?:reactions|comments|attachments|privacy|from|to|insights|with_tags)\b"
        r"|^\$\.[a-z_]+\.paging$"
    ),
)

#: The same where the number of reactions was not asked for.
POSTS_ALONE = replace(
    POSTS,
    columns=(
        Column("permalink", en="@.permalink_url"),
        *[each for each in POSTS.columns if each.field not in ("permalink", "reactions")],
    ),
    forbidden_headers=POSTS.forbidden_headers | header_set("@.reactions.summary.total_count"),
)

LAYOUTS = (POSTS, POSTS_ALONE)
