"""CrowdTangle's posts of Facebook pages, as its API and its tools saved them as JSON.

CrowdTangle shut in August 2024; seen as of 2020-10, fields as in its API reference (Posts). `date`
is UTC, `platformId` is `page_post`, and each kind of reaction is a counter of its own: their sum
stands for the reactions.
"""

from __future__ import annotations

import polars as pl

from ingest.fields import instants, numbers, values
from ingest.fields.layout import Column, Counter, Layout, header_set
from ingest.fields.values import Cell
from ingest.platforms.facebook.content import PLATFORM
from ingest.platforms.meta import crowdtangle

_COUNTERS = {"comment_count": "comments", "share_count": "shares"}
#: The kinds of reactions. All are needed: without one the sum would be another number.
_KINDS = ("like", "love", "wow", "haha", "sad", "angry", "thankful", "care")


def _read(fields: frozenset[str]) -> dict[str, Cell]:
    delivered = values.identifier("post_id", "[0-9]+_[0-9]+")
    columns = {
        **crowdtangle.read(fields, instants.utc("date")),
        "post_id": Cell(
            delivered.value.str.extract("([0-9]+)$"),
            delivered.problem,
            delivered.text,
            delivered.is_good,
        ),
        "delivered_post_id": Cell(values.text("post_id")),
        "like_count": _reactions(),
        **numbers.counts(_COUNTERS, fields),
    }
    if "permalink" in fields:
        columns["permalink"] = Cell(values.text("permalink"))
    return columns


def _reactions() -> Cell:
    """The sum of the kinds; where one can't be read or is not told, the sum is not known."""
    parts = [numbers.count(f"reaction_{kind}") for kind in _KINDS]
    is_whole = pl.all_horizontal(part.value.is_not_null() for part in parts)
    return Cell(
        pl.when(is_whole).then(pl.sum_horizontal(part.value for part in parts)),
        text=pl.concat_str([part.text for part in parts], separator=", ", ignore_nulls=True),
        is_good=pl.all_horizontal(part.is_good for part in parts),
        withheld=pl.coalesce(*(part.withheld for part in parts)),
        source="reaction_like",
    )


POSTS = Layout(
    platform=PLATFORM,
    kind="facebook_crowdtangle",
    seen="2020-10, to 2024-08",
    read=_read,
    derived=(values.rounded_ids_step("post_id"),),
    covers_posts=False,
    covers_if_told=True,
    columns=(
        *crowdtangle.COLUMNS,
        Column("permalink", required=False, en="@.postUrl"),
        Counter("comments", en="@.statistics.actual.commentCount"),
        Counter("shares", en="@.statistics.actual.shareCount"),
        *(Counter(f"reaction_{n}", en=f"@.statistics.actual.{n}Count") for n in _KINDS),
    ),
    forbidden_headers=header_set("@.statistics.actual.favoriteCount"),
    ignored_pattern=crowdtangle.IGNORED,
)

LAYOUTS = (POSTS,)
