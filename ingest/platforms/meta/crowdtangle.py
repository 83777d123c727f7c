"""What CrowdTangle tells alike of Facebook's and of Instagram's posts.

What belongs here: the columns and keys that both have. What does not: the counters, and how a post
is named (each platform's `crowdtangle.py`).
"""

from __future__ import annotations

import polars as pl

from ingest.fields import post_kinds, values
from ingest.fields.layout import Column, Prose
from ingest.fields.values import Cell

COLUMNS = (
    Column("post_id", en="@.platformId"),
    Column("date", en="@.date"),
    Column("account_id", required=False, en="@.account.platformId"),
    Prose("account_handle", required=False, en="@.account.handle"),
    Prose("account_name", required=False, en="@.account.name"),
    Prose("message", required=False, en="@.message"),
    Column("type", required=False, en="@.type"),
)
#: What `type` says; a video of YouTube's is a link to it.
_KINDS = {
    "photo": "image",
    "album": "carousel",
    "link": "link",
    "youtube": "link",
    "status": "text",
    "native_video": "video",
    "video": "video",
    "igtv": "video",
    "live_video": "live",
    "live_video_complete": "live",
    "live_video_scheduled": "live",
}
#: Keys that are not read.
IGNORED = (
    r"^@\.(?:account|statistics|history|expandedlinks|media|score|subscribercount|platform|updated"
    r"|link|title|caption|description|imagetext|id|legacyid|languagecode|brandedcontentsponsor|video\w*"
    r"|live\w*|newid)\b|^\$\."
)


def read(fields: frozenset[str], published: Cell) -> dict[str, Cell]:
    """The columns but for counters and the post's names."""
    columns = {
        "published_at": published,
        "published_precision": Cell(pl.lit("second")),
        "published_source": Cell(pl.lit("api")),
        "printed_at": Cell(published.value),
    }
    if "account_id" in fields:
        columns["platform_account_id"] = Cell(values.text("account_id"))
    if "account_handle" in fields:
        columns["account_handle"] = Cell(values.word("account_handle").str.to_lowercase())
    if "account_name" in fields:
        columns["account_name"] = Cell(values.prose("account_name"))
    texts = [values.prose(name) for name in ("description", "message") if name in fields]
    if texts:
        columns["text"] = Cell(pl.coalesce(*texts))
    if "type" in fields:
        columns["post_type"] = Cell(values.text("type"))
        columns["post_kind"] = post_kinds.of_word(values.text("type"), _KINDS)
    return columns
