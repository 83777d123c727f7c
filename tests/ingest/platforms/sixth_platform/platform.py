"""Forum, which nobody has: posts with their counters, in English and French.

It prints UTC to the second, and names the account by its handle.
"""

from __future__ import annotations

import re

import polars as pl

from ingest.fields import numbers, values
from ingest.fields.layout import (
    Column,
    Counter,
    Layout,
    Platform,
    Prose,
    counter_headers,
    header_set,
)
from ingest.fields.links import Address, Links
from ingest.fields.values import Cell

PLATFORM = Platform("forum", "Forum", published_precision="second", range_time_zone="UTC")


def _post_in(address: Address) -> str | None:
    found = re.fullmatch("/posts/([0-9]+)", address.path)
    return found[1] if found else None


LINKS = Links(
    hosts=("forum.example",),
    post_in=_post_in,
    link_of="https://forum.example/posts/{}".format,
    post_of=lambda text: text if re.fullmatch("[0-9]{12,20}", text) else None,
)


def _read(fields: frozenset[str]) -> dict[str, Cell]:
    printed = values.text("published")
    instant = printed.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="us")
    published = Cell(
        instant,
        pl.when(instant.is_null()).then(pl.lit("unreadable_time")),
        pl.format("published = {}", printed.fill_null("")),
    )
    post_id = values.identifier("post_id", "[0-9]+")
    return {
        "account_handle": Cell(values.word("handle").str.to_lowercase()),
        "post_id": post_id,
        "delivered_post_id": Cell(post_id.value),
        "text": Cell(values.prose("text")),
        "published_at": published,
        "published_precision": Cell(pl.lit("second")),
        "published_source": Cell(pl.lit("printed")),
        "printed_at": Cell(instant),
        "view_count": numbers.count("views"),
        "like_count": numbers.count("likes"),
        "comment_count": numbers.count("comments"),
        "share_count": numbers.count("shares"),
    }


_COUNTERS = (
    Counter("views", en="Readers", fr="Lecteurs"),
    Counter("likes", en="Upvotes", fr="Votes positifs"),
    Counter("comments", en="Answers", fr="Réponses"),
    Counter("shares", en="Crossposts", fr="Partages"),
)

POSTS = Layout(
    platform=PLATFORM,
    kind="forum_posts",
    seen="never",
    read=_read,
    derived=(values.rounded_ids_step("post_id"),),
    columns=(
        Column("post_id", en="Thread number", fr="Numéro du sujet"),
        Prose("handle", en="Author", fr="Auteur"),
        Prose("text", en="Thread", fr="Sujet"),
        Column("published", en="Opened (UTC)", fr="Ouvert (UTC)"),
        *_COUNTERS,
    ),
    always_filled=counter_headers(*_COUNTERS),
    ignored_headers=header_set("Room", "Salon"),
)

LAYOUTS = (POSTS,)
