"""Facebook: the content export of Meta Business Suite, from 20 to 212 columns.

Seen: English 2025-01 to 2025-04, in two capitalisations. The caption stands in `Title` or in
`Description`. `Views` can stand twice (2025-03); a non-zero duplicate wins. Some files end in
records cut short (2025-04); those are rejected. One page can bear two page IDs; that is the
registry's to say.

The video export (2025-12, up to 212 columns) numbers videos, not posts, and reports no views, only
those of three seconds.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from ingest.layouts import cells, numbers
from ingest.layouts.cells import Cell
from ingest.layouts.instagram import lifetime
from ingest.layouts.layout import Column, Counter, Layout, Platform, unread

PLATFORM = Platform("facebook", "Facebook", published_precision="minute")


_DERIVED = (*cells.meta_steps("publish_time"), *cells.roundings("post_id", "page_id"))


def _read(fields: frozenset[str]) -> dict[str, Cell]:
    published = cells.meta_time("publish_time", pl.lit(None, dtype=pl.Datetime("us")))
    # The API and older exports write the ID as `page_post`; the page can be an alias, the post is
    # not.
    delivered = cells.identifier("post_id", "(?:[0-9]+_)?[0-9]+")
    title = cells.prose("title")
    columns = {
        "platform_account_id": cells.identifier("page_id", "[0-9]+"),
        "post_id": _post_id(delivered, fields),
        "delivered_post_id": Cell(cells.text("post_id")),
        "text": Cell(title),
        "published_at": published,
        "published_precision": Cell(pl.lit("minute")),
        "published_source": Cell(pl.lit("printed")),
        "printed_at": Cell(published.value),
        "date": lifetime("date"),
        "like_count": numbers.count("reactions"),
        "comment_count": numbers.count("comments"),
        "share_count": numbers.count("shares"),
    }
    if "description" in fields:
        description = cells.prose("description")
        is_longer = description.str.len_chars().fill_null(0) > title.str.len_chars().fill_null(0)
        columns["text"] = Cell(pl.when(is_longer).then(description).otherwise(title))
    if "post_type" in fields:
        post_type = cells.word("post_type")
        columns["post_type"] = Cell(cells.prose("post_type"))
        columns["is_story"] = Cell(
            post_type.str.contains(r"(?i)\b(story|stories|cerita|historia)\b").fill_null(
                value=False
            )
        )
    optional: dict[str, tuple[str, Callable[[str], Cell]]] = {
        "permalink": ("permalink", _text),
        "account_name": ("page_name", _prose),
        "view_count": ("views", numbers.count),
        "reach_count": ("reach", numbers.count),
        "is_repost": ("is_share", cells.flag),
        "is_cross_post": ("is_crosspost", cells.flag),
    }
    return columns | {
        column: read(field) for column, (field, read) in optional.items() if field in fields
    }


def _post_id(delivered: Cell, fields: frozenset[str]) -> Cell:
    """The post's number, unless its link shows that a spreadsheet has rounded it."""
    number = delivered.value.str.extract(r"([0-9]+)$")
    if "permalink" not in fields:
        return Cell(number, delivered.problem, delivered.text)
    link = cells.text("permalink")
    linked = link.str.extract(r"/(?:posts|videos|reel)/(?:[^/?]+/)?([0-9]{16,})")
    is_rounded = (
        (number != linked)
        & (number.str.head(15) == linked.str.head(15))
        & (number.str.len_chars() == linked.str.len_chars())
    )
    problem = pl.coalesce(
        delivered.problem, pl.when(is_rounded).then(pl.lit("id_differs_from_link"))
    )
    return Cell(
        number, problem, pl.format("{}, permalink = {}", delivered.text, link.fill_null(""))
    )


def _text(field: str) -> Cell:
    return Cell(cells.text(field))


def _prose(field: str) -> Cell:
    return Cell(cells.prose(field))


CONTENT = Layout(
    platform=PLATFORM,
    kind="facebook_content",
    seen="2025-01 to 2025-04",
    read=_read,
    derived=_DERIVED,
    columns=(
        Column("post_id", en="Post ID"),
        Column("page_id", en="Page ID"),
        Column("page_name", required=False, en="Page name"),
        Column("title", en="Title"),
        Column("description", en="Description"),
        Column("publish_time", en="Publish time"),
        Column("permalink", en="Permalink"),
        Column("is_crosspost", required=False, en="Is crosspost"),
        Column("is_share", required=False, en="Is share"),
        Column("post_type", en="Post type"),
        Column("date", en="Date"),
        Counter("views", required=False, en="Views"),
        Counter("reach", required=False, en="Reach"),
        Counter("reactions", en="Reactions"),
        Counter("comments", en="Comments"),
        Counter("shares", en="Shares"),
    ),
    unread=unread(
        *("Duration (sec)", "Duration (secs)", "Caption type", "Languages", "Custom labels"),
        *("Funded content status", "Data comment", "Reactions, Comments and Shares"),
        *("Total clicks", "Link Clicks", "Other Clicks", "Seconds viewed"),
        *("Matched Audience Targeting Consumption (Photo Click)", "Average Seconds viewed"),
        *("Estimated earnings (USD)", "Ad impressions", "Reach from Organic posts"),
        *("Reach from Boosted posts", "3-second video views", "1-minute video views"),
        *("3-Second viewers", "1-minute viewers", "3-second video views from Boosted posts"),
        *("3-second video views from Organic posts", "Negative feedback from users"),
        "Unique negative feedback from users",
    ),
)

VIDEOS = Layout(
    platform=PLATFORM,
    kind="facebook_videos",
    seen="2025-12",
    read=_read,
    covers_posts=False,
    derived=_DERIVED,
    columns=(
        # Not the post's number; a reel's or a video's permalink tells both.
        Column("post_id", en="Video asset ID"),
        Column("page_id", en="Page ID"),
        Column("page_name", required=False, en="Page name"),
        Column("title", en="Title"),
        Column("description", required=False, en="Description"),
        Column("publish_time", en="Publish time"),
        Column("permalink", required=False, en="Permalink"),
        Column("date", en="Date"),
        Counter("views", required=False, en="Views"),
        Counter("reach", required=False, en="Reach"),
        Counter("reactions", en="Reactions"),
        Counter("comments", en="Comments"),
        Counter("shares", en="Shares"),
    ),
    unread=unread(
        *("Universal video ID", "Duration (sec)", "Custom labels", "Data comment"),
        *("3-second video views", "1-minute video views", "Seconds viewed"),
        *("Average Seconds viewed", "3-second viewers", "1-minute viewers"),
        *("Reactions, comments and shares", "Estimated earnings (USD)", "Ad CPM (USD)"),
        "Ad impressions",
    ),
)

LAYOUTS = (CONTENT, VIDEOS)
