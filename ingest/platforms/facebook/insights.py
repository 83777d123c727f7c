"""Facebook's Insights of pages, post level: the workbook that came before Meta Business Suite.

Seen 2017-07 to 2017-11, as XLSX and as XML Spreadsheet 2003, with headers in words or with the
metrics' own names. Seven sheets tell of the same posts. `Key Metrics` has reach and impressions;
its second row describes the columns. `Lifetime Post Stories by act…` has likes, comments and shares
in total; the others count people, clicks or complaints, which are no measure of a post here. So a
post is two records of a file, which the warehouse puts together. `Posted` is Los Angeles wall time.
"""

from __future__ import annotations

import polars as pl

from ingest.fields import numbers, values
from ingest.fields.layout import Column, Counter, Layout, Prose, header_set
from ingest.fields.values import Cell
from ingest.platforms.facebook.content import PLATFORM as _FACEBOOK
from ingest.platforms.meta import post_kinds, publish_time

_SEEN = "2017-07 to 2017-11"


# Facebook itself wrote the dates into the workbook, so day and month are sure.
_DERIVED = (publish_time.step("posted", is_legacy=True), values.rounded_ids_step("post_id"))


#: Only one of the sheets has each of them.
_COUNTERS = {
    "reach_count": "reach",
    "impression_count": "impressions",
    "like_count": "likes",
    "comment_count": "comments",
    "share_count": "shares",
}


def _post(fields: frozenset[str]) -> dict[str, Cell]:
    published = publish_time.read("posted")
    delivered = values.identifier("post_id", "[0-9]+_[0-9]+")
    is_typed = values.text("posted").str.contains("T")
    return {
        "platform_account_id": Cell(delivered.value.str.extract("^([0-9]+)_")),
        "post_id": Cell(
            delivered.value.str.extract("_([0-9]+)$"), delivered.problem, delivered.text
        ),
        "delivered_post_id": Cell(delivered.value),
        "permalink": Cell(values.text("permalink")),
        "post_type": Cell(values.prose("post_type")),
        "post_kind": post_kinds.of_type("post_type"),
        "text": Cell(values.prose("message")),
        "published_at": published,
        "published_precision": Cell(
            pl.when(is_typed).then(pl.lit("second")).otherwise(pl.lit("minute"))
        ),
        "published_source": Cell(pl.lit("printed")),
        "printed_at": Cell(published.value),
        **numbers.counts(_COUNTERS, fields),
    }


_POST = (
    Column("post_id", en="Post ID"),
    Column("permalink", en="Permalink"),
    Prose("message", en="Post Message"),
    Prose("post_type", en="Type"),
    Column("posted", en="Posted"),
)
_UNREAD = header_set("Countries", "Languages", "Audience Targeting")
_DESCRIPTION = Prose("description", en="Description")

KEY_METRICS = Layout(
    platform=_FACEBOOK,
    kind="facebook_insights",
    seen=_SEEN,
    read=_post,
    derived=_DERIVED,
    columns=(
        *_POST,
        Counter("reach", en=("Lifetime Post Total Reach", "post_impressions_unique:lifetime")),
        Counter("impressions", en=("Lifetime Post Total Impressions", "post_impressions:lifetime")),
    ),
    # The row below the header.
    totals=("reach", "^Lifetime: "),
    ignored_headers=_UNREAD,
    ignored_pattern="^lifetime |:lifetime$",
)
STORIES = Layout(
    platform=_FACEBOOK,
    kind="facebook_insights_stories",
    seen=_SEEN,
    read=_post,
    derived=_DERIVED,
    sheet_pattern=r"(?i)^lifetime post stories by act",
    covers_posts=False,
    columns=(
        _DESCRIPTION,
        *_POST,
        Counter("likes", en="like"),
        # An action that nobody took has no column.
        Counter("comments", required=False, en="comment"),
        Counter("shares", required=False, en="share"),
    ),
    ignored_headers=_UNREAD,
)
OTHERS = Layout(
    platform=_FACEBOOK,
    kind="facebook_insights_others",
    seen=_SEEN,
    sheet_pattern=r"(?i)^lifetime (talking about|post consum|negative feedback)",
    record_type="nothing",
    note="Facebook's people, clicks and complaints by type: no counters of posts",
    columns=(_DESCRIPTION, *_POST),
    ignored_headers=_UNREAD,
    ignored_pattern="",
)

LAYOUTS = (KEY_METRICS, STORIES, OTHERS)
