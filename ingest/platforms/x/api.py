"""X's API v2: posts, with their `public_metrics`.

Fields as X's data dictionary has them (X API v2, Post and User objects), not yet seen in a real
file. An ID is a snowflake and tells the time; `created_at` is held beside it. A post names its
author's number; the handle stands in `includes.users`, or, where a tool has joined the two, in
`author`. A repost's `retweet_count` is that of the post that it repeats, so it is withheld.
"""

from __future__ import annotations

import polars as pl

from ingest.fields import instants, numbers, values
from ingest.fields.layout import Column, Counter, Layout, Prose, header_set
from ingest.fields.values import Cell
from ingest.files import Reference
from ingest.platforms.x.analytics import PLATFORM, snowflake_time

_COUNTERS = {
    "like_count": "likes",
    "comment_count": "replies",
    "share_count": "reposts",
    "save_count": "bookmarks",
    "impression_count": "impressions",
}


def _read(fields: frozenset[str]) -> dict[str, Cell]:
    delivered = values.identifier("post_id", "[0-9]{1,19}")
    published = snowflake_time(delivered.value.cast(pl.Int64, strict=False))
    nothing = pl.lit(None, dtype=pl.String)
    author = values.text("author_id") if "author_id" in fields else nothing
    handle = values.word("handle").str.to_lowercase() if "handle" in fields else nothing
    answered = pl.col("text").str.extract(r"^@([A-Za-z0-9_]{1,15})").str.to_lowercase()
    is_reply = answered.is_not_null() & answered.ne_missing(handle)
    if "answered_id" in fields:
        other = values.text("answered_id")
        # A thread answers its own account and is no reply.
        is_reply = pl.when(other.is_not_null()).then(other.ne_missing(author)).otherwise(is_reply)
    is_repost = pl.col("text").str.contains(r"^RT @[A-Za-z0-9_]")
    if "referenced" in fields:
        is_repost |= pl.col("referenced").str.contains('"type":"retweeted"')
    columns = {
        "platform_account_id": Cell(author),
        "account_handle": Cell(handle),
        "post_id": delivered,
        "delivered_post_id": Cell(values.text("post_id")),
        "text": Cell(values.prose("text")),
        "published_at": Cell(
            published,
            pl.when(published.is_null()).then(pl.lit("id_tells_no_time")),
            pl.format("post_id = {}", values.text("post_id").fill_null("")),
        ),
        "published_precision": Cell(pl.lit("second")),
        "published_source": Cell(pl.lit("id")),
        "id_at": Cell(published),
        "is_reply": Cell(is_reply.fill_null(value=False)),
        "is_repost": Cell(is_repost.fill_null(value=False)),
        **numbers.counts(_COUNTERS, fields),
    }
    if "note" in fields:  # the whole of a long post, of which `text` is the beginning
        columns["text"] = Cell(pl.coalesce(values.prose("note"), values.prose("text")))
    if "created_at" in fields:
        columns["printed_at"] = Cell(instants.iso("created_at").value)
    if "name" in fields:
        columns["account_name"] = Cell(values.prose("name"))
    columns["share_count"] = _reposts(columns["share_count"], is_repost.fill_null(value=False))
    return columns


def _reposts(read: Cell, is_repost: pl.Expr) -> Cell:
    """The reposts of a post that is none itself."""
    is_others = is_repost & read.value.is_not_null()
    others = pl.format("{}, which is that of the post that was reposted", read.text)
    is_good = read.is_good if read.is_good is not None else pl.lit(value=True)
    return Cell(
        pl.when(~is_others).then(read.value),
        text=pl.when(is_others).then(others).otherwise(read.text),
        is_good=is_good & ~is_others,
        withheld=pl.when(is_others).then(pl.lit("of_another_post")).otherwise(read.withheld),
        source=read.source,
    )


POSTS = Layout(
    platform=PLATFORM,
    kind="x_api_posts",
    seen="2026-11, in X's reference",
    read=_read,
    derived=(values.rounded_ids_step("post_id"),),
    covers_posts=False,
    covers_if_told=True,
    references={"@.author_id": Reference("includes.users", answers="@.in_reply_to_user_id")},
    persons=frozenset({"includes.tweets"}),
    columns=(
        Column("post_id", en="@.id"),
        Prose("text", en="@.text"),
        Counter("likes", en="@.public_metrics.like_count"),
        Counter("replies", en="@.public_metrics.reply_count"),
        Counter("reposts", en="@.public_metrics.retweet_count"),
        Counter("bookmarks", required=False, en="@.public_metrics.bookmark_count"),
        Counter("impressions", required=False, en="@.public_metrics.impression_count"),
        Column("created_at", required=False, en="@.created_at"),
        Column("author_id", required=False, en="@.author_id"),
        Prose("handle", required=False, en=("$.includes.users.username", "@.author.username")),
        Prose("name", required=False, en=("$.includes.users.name", "@.author.name")),
        Column("answered_id", required=False, en="@.in_reply_to_user_id"),
        Prose("referenced", required=False, en="@.referenced_tweets"),
        Prose("note", required=False, en="@.note_tweet.text"),
    ),
    ignored_headers=header_set(
        "@.lang",
        "@.source",
        "@.conversation_id",
        "@.possibly_sensitive",
        "@.reply_settings",
        "@.edit_history_tweet_ids",
        "@.context_annotations",
        "@.public_metrics.quote_count",
        "$.includes",
        "$.meta",
    ),
    ignored_pattern=(
        r"^@\.(?:entities|attachments|geo|edit_controls|note_tweet|author|withheld"
        r"|(?:non_public|organic|promoted)_metrics)\b|^\$\.includes\.users\."
    ),
)

LAYOUTS = (POSTS,)
