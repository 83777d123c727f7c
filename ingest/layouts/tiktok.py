"""TikTok: Studio's Content and Business Suite's video export.

Studio (seen 2026-02) prints dates without a year in the account's language, so the ID in the link
is the only source of the time: its upper 32 bits are seconds since 1970. Business Suite (2025-10)
prints UTC, writes `--` and `NAN` for what it does not know, and a header may end in a space.
Comments of -1 are hidden ones. Neither writes a line end after the last record; Studio quotes every
cell.
"""

from __future__ import annotations

import polars as pl

from ingest.layouts import cells, days
from ingest.layouts.cells import Cell
from ingest.layouts.layout import Column, Ending, Layout, Platform, unread

PLATFORM = Platform("tiktok", "TikTok", published_precision="second")


def _read(fields: frozenset[str]) -> dict[str, Cell]:
    link = cells.text("link")
    parts = link.str.extract_groups(
        r"(?i)tiktok\.com/@(?<handle>[^/?]+)/(?:video|photo)/(?<id>[0-9]+)"
    )
    post_id = parts.struct.field("id")
    id_at = cells.plausible(cells.seconds(post_id.cast(pl.Int64, strict=False) // 2**32 * 1000))
    columns = {
        "account_handle": Cell(parts.struct.field("handle").str.to_lowercase()),
        "post_id": Cell(
            post_id,
            pl.when(post_id.is_null()).then(pl.lit("unreadable_id")),
            pl.format("link = {}", link.fill_null("")),
        ),
        "delivered_post_id": Cell(post_id),
        "permalink": Cell(link),
        "text": Cell(cells.prose("title")),
        "published_at": Cell(
            id_at,
            pl.when(id_at.is_null()).then(pl.lit("id_tells_no_time")),
            pl.format("link = {}", link.fill_null("")),
        ),
        "published_precision": Cell(pl.lit("second")),
        "published_source": Cell(pl.lit("id")),
        "id_at": Cell(id_at),
        "view_count": cells.count("views"),
        "like_count": cells.count("likes"),
        "comment_count": cells.count("comments", hidden="-1"),
        "share_count": cells.count("shares"),
    }
    if "favorites" in fields:
        raw = cells.text("post_time")
        printed = raw.str.to_datetime("%Y/%m/%d %H:%M:%S", strict=False, time_unit="us")
        columns["printed_at"] = Cell(
            printed,
            pl.when(printed.is_null()).then(pl.lit("unreadable_time")),
            pl.format("post_time = {}", raw.fill_null("")),
        )
        columns["save_count"] = cells.count("favorites")
    return columns


STUDIO_CONTENT = Layout(
    platform=PLATFORM,
    kind="tiktok_studio_content",
    read=_read,
    ending=Ending("quote", last="Total views"),
    columns=(
        Column("title", en="Video title"),
        Column("link", en="Video link"),
        Column("post_time", en="Post time"),
        Column("likes", en="Total likes"),
        Column("comments", en="Total comments"),
        Column("shares", en="Total shares"),
        Column("views", en="Total views"),
    ),
    unread=unread("Time"),
)

BUSINESS_VIDEO = Layout(
    platform=PLATFORM,
    kind="tiktok_business_video",
    read=_read,
    ending=Ending("bare", last="Add to Favorites"),
    columns=(
        Column("title", en="Video title"),
        Column("link", en="Video link"),
        Column("post_time", en="Post time"),
        Column("views", en="Video views"),
        Column("likes", en="Likes"),
        Column("comments", en="Comments"),
        Column("shares", en="Shares"),
        Column("favorites", en="Add to Favorites"),
    ),
)

OVERVIEW = Layout(
    platform=PLATFORM,
    kind="tiktok_studio_overview",
    holds="account_days",
    ending=Ending("quote", last="Shares"),
    read=days.reader(
        days.yearless_day,
        {
            **{"views": "views", "profile_visits": "visits", "likes": "likes"},
            **{"comments": "comments", "shares": "shares"},
        },
        net=("likes", "comments", "shares"),
    ),
    columns=(
        Column("date", en="Date"),
        Column("views", en="Video Views"),
        Column("visits", en="Profile Views"),
        Column("likes", en="Likes"),
        Column("comments", en="Comments"),
        Column("shares", en="Shares"),
    ),
    never=unread("Reached audience"),
)

VIEWERS = Layout(
    platform=PLATFORM,
    kind="tiktok_studio_viewers",
    holds="account_days",
    ending=Ending("quote", last="Returning Viewers"),
    read=days.reader(
        days.yearless_day,
        {"reach": "viewers", "new_viewers": "new", "returning_viewers": "returning"},
    ),
    columns=(
        Column("date", en="Date"),
        Column("viewers", en="Total Viewers"),
        Column("new", en="New Viewers"),
        Column("returning", en="Returning Viewers"),
    ),
)

FOLLOWERS = Layout(
    platform=PLATFORM,
    kind="tiktok_studio_followers",
    holds="account_days",
    ending=Ending("quote", last="Difference in followers from previous day"),
    read=days.reader(
        days.yearless_day, {"followers": "followers", "follower_change": "difference"}
    ),
    columns=(
        Column("date", en="Date"),
        Column("followers", en="Followers"),
        Column("difference", en="Difference in followers from previous day"),
    ),
)

BUSINESS_ACCOUNT = Layout(
    platform=PLATFORM,
    kind="tiktok_business_account",
    holds="account_days",
    ending=Ending("bare", last="Lost followers"),
    read=days.reader(
        days.iso_day,
        {
            **{"views": "views", "reach": "reach", "profile_visits": "visits", "likes": "likes"},
            **{"comments": "comments", "shares": "shares", "new_followers": "new"},
            **{"follower_change": "growth", "lost_followers": "lost"},
        },
    ),
    columns=(
        Column("date", en="Date"),
        Column("views", en="Video views"),
        Column("reach", en="Reached audience"),
        Column("visits", en="Profile views"),
        Column("likes", en="Likes"),
        Column("comments", en="Comments"),
        Column("shares", en="Shares"),
        Column("growth", required=False, en="Net growth"),
        Column("new", required=False, en="New followers"),
        Column("lost", required=False, en="Lost followers"),
    ),
    unread=unread("Phone number clicks", "Leads submission"),
)

BUSINESS_AUDIENCE = Layout(
    platform=PLATFORM,
    kind="tiktok_business_audience",
    holds="account_days",
    ending=Ending("bare", last="Engaged audience"),
    read=days.reader(
        days.iso_day, {"followers": "total", "reach": "reach", "engaged_viewers": "engaged"}
    ),
    columns=(
        Column("date", en="Date"),
        Column("total", en="Total followers"),
        Column("reach", en="Reached audience"),
        Column("engaged", en="Engaged audience"),
    ),
    # The account's export tells them too.
    unread=unread("New followers"),
)

LAYOUTS = (
    *(STUDIO_CONTENT, BUSINESS_VIDEO, OVERVIEW, VIEWERS, FOLLOWERS),
    *(BUSINESS_ACCOUNT, BUSINESS_AUDIENCE),
)
