"""CrowdTangle's posts of Instagram accounts, as its API and its tools saved them as JSON.

CrowdTangle shut in August 2024; fields as in its API reference (Posts). `date` is UTC, likes are
`favoriteCount`. The same keys of Facebook pages are in `facebook/crowdtangle.py`.
"""

from __future__ import annotations

from ingest.fields import instants, numbers, values
from ingest.fields.layout import Column, Counter, Layout, Prose, header_set
from ingest.fields.values import Cell
from ingest.platforms.instagram import shortcodes
from ingest.platforms.instagram.content import PLATFORM
from ingest.platforms.meta import crowdtangle

_COUNTERS = {"like_count": "likes", "comment_count": "comments", "view_count": "views"}


def _read(fields: frozenset[str]) -> dict[str, Cell]:
    published = instants.utc("date")
    return {
        **crowdtangle.read(fields, published),
        **shortcodes.read(fields, published, "[0-9]+(?:_[0-9]+)?"),
        **numbers.counts(_COUNTERS, fields),
    }


POSTS = Layout(
    platform=PLATFORM,
    kind="instagram_crowdtangle",
    seen="to 2024-08, in CrowdTangle's reference",
    read=_read,
    derived=(shortcodes.step, values.rounded_ids_step("post_id")),
    covers_posts=False,
    covers_if_told=True,
    columns=(
        *crowdtangle.COLUMNS,
        # The caption; of a Facebook post it is the text of a link's preview.
        Prose("description", required=False, en="@.description"),
        Column("permalink", en="@.postUrl"),
        Counter("likes", en="@.statistics.actual.favoriteCount"),
        Counter("comments", en="@.statistics.actual.commentCount"),
        Counter("views", required=False, en="@.statistics.actual.viewCount"),
    ),
    forbidden_headers=header_set("@.statistics.actual.shareCount"),
    ignored_pattern=crowdtangle.IGNORED,
)

LAYOUTS = (POSTS,)
