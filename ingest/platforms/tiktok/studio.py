"""TikTok: Studio's and Business Suite's exports of posts and of days.

Studio (seen 2026-02 to 2026-04, CSV and XLSX) prints dates without a year in the account's
language, so the ID in the link is the only source of the time: its upper 32 bits are seconds since
1970. Business Suite (2025-10 to 2025-12) prints UTC, writes `--` and `NAN` for what it does not
know, and a header may end in a space. Comments of -1 are hidden ones. Neither writes a line end
after the last record of a CSV; Studio quotes every cell. Workbooks may hold a link behind a word.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from ingest.fields import account_days, dates, numbers, values
from ingest.fields.layout import (
    Change,
    Column,
    Counter,
    Ending,
    Layout,
    Measure,
    Platform,
    Prose,
    counter_headers,
    header_set,
)
from ingest.fields.values import Cell

PLATFORM = Platform(
    "tiktok",
    "TikTok",
    published_precision="second",
    range_time_zone="UTC",
    has_unix_time_in_names=True,
)


def video_time(post_id: pl.Expr) -> pl.Expr:
    """The instant (UTC, whole seconds) that a video's ID encodes; null where it tells none."""
    return values.plausible(values.seconds(post_id.cast(pl.Int64, strict=False) // 2**32 * 1000))


def _read(fields: frozenset[str]) -> dict[str, Cell]:
    link = values.text("link")
    parts = link.str.extract_groups(
        r"(?i)tiktok\.com/@(?<handle>[^/?]+)/(?<kind>video|photo)/(?<id>[0-9]+)"
    )
    # Of photos one or several.
    kind = parts.struct.field("kind").str.to_lowercase().replace({"photo": "image"})
    post_id = parts.struct.field("id")
    id_at = video_time(post_id)
    columns = {
        "account_handle": Cell(parts.struct.field("handle").str.to_lowercase()),
        "post_id": Cell(
            post_id,
            pl.when(post_id.is_null()).then(pl.lit("unreadable_id")),
            pl.format("link = {}", link.fill_null("")),
        ),
        "delivered_post_id": Cell(post_id),
        "permalink": Cell(link),
        "post_kind": Cell(kind),
        "text": Cell(values.prose("title")),
        "published_at": Cell(
            id_at,
            pl.when(id_at.is_null()).then(pl.lit("id_tells_no_time")),
            pl.format("link = {}", link.fill_null("")),
        ),
        "published_precision": Cell(pl.lit("second")),
        "published_source": Cell(pl.lit("id")),
        "id_at": Cell(id_at),
        "view_count": numbers.count("views"),
        "like_count": numbers.count("likes"),
        "comment_count": numbers.count("comments", can_be_hidden=True),
        "share_count": numbers.count("shares"),
    }
    if "favorites" in fields:
        columns["printed_at"] = Cell(_printed_second())
        columns["save_count"] = numbers.count("favorites")
    return columns


def _printed_second() -> pl.Expr:
    """What Business Suite prints; null where it is written otherwise, for the ID's time holds."""
    raw = values.text("post_time").str.replace_all("/", "-")
    parts = raw.str.extract_groups(
        "^(20[0-9]{2}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}:[0-9]{2})$"
    )
    both = pl.format("{} {}", parts.struct.field("1"), parts.struct.field("2"))
    return both.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="us")


def _posts(kind: str, seen: str, ending: Ending, *counters: Column) -> Layout:
    """A list of posts; the names of the counters tell the kinds apart."""
    return Layout(
        platform=PLATFORM,
        kind=kind,
        seen=seen,
        read=_read,
        ending=ending,
        columns=(
            Prose("title", en="Video title"),
            Column("link", en="Video link"),
            Column("post_time", en="Post time"),
            *counters,
        ),
        ignored_headers=header_set("Time"),
        always_filled=counter_headers(*counters),
    )


def _days(
    kind: str,
    seen: str,
    ending: Ending,
    metrics: dict[str, Counter],
    *,
    dated: Callable[[str], dict[str, Cell]] = dates.yearless_day,
    net: tuple[str, ...] = (),
    ignored: frozenset[str] = frozenset(),
    forbidden: frozenset[str] = frozenset(),
) -> Layout:
    """A series of days: a column per metric."""
    return Layout(
        platform=PLATFORM,
        kind=kind,
        seen=seen,
        record_type="account_days",
        ending=ending,
        read=account_days.reader(
            dated, {metric: column.field for metric, column in metrics.items()}, net
        ),
        columns=(Column("date", en="Date"), *metrics.values()),
        ignored_headers=ignored,
        forbidden_headers=forbidden,
        always_filled=counter_headers(*metrics.values()) | ignored,
    )


_STUDIO, _BUSINESS = "2026-02 to 2026-04", "2025-10 to 2025-12"
_INTERACTIONS = {
    "likes": Counter("likes", en="Likes"),
    "comments": Counter("comments", en="Comments"),
    "shares": Counter("shares", en="Shares"),
}

STUDIO_CONTENT = _posts(
    "tiktok_studio_content",
    _STUDIO,
    Ending("quote", last="Total views"),
    Counter("likes", en="Total likes"),
    Counter("comments", en="Total comments"),
    Counter("shares", en="Total shares"),
    Counter("views", en="Total views"),
)
BUSINESS_VIDEO = _posts(
    "tiktok_business_video",
    _BUSINESS,
    Ending("bare", last="Add to Favorites"),
    Counter("views", en="Video views"),
    *_INTERACTIONS.values(),
    Counter("favorites", en="Add to Favorites"),
)
OVERVIEW = _days(
    "tiktok_studio_overview",
    _STUDIO,
    Ending("quote", last="Shares"),
    {
        "views": Counter("views", en="Video Views"),
        "profile_visits": Counter("visits", en="Profile Views"),
        "likes": Change("likes", en="Likes"),
        "comments": Change("comments", en="Comments"),
        "shares": Change("shares", en="Shares"),
    },
    net=("likes", "comments", "shares"),
    forbidden=header_set("Reached audience", "Net growth", "New followers", "Lost followers"),
)
VIEWERS = _days(
    "tiktok_studio_viewers",
    _STUDIO,
    Ending("quote", last="Returning Viewers"),
    {
        "reach": Counter("viewers", en="Total Viewers"),
        "new_viewers": Counter("new", en="New Viewers"),
        "returning_viewers": Counter("returning", en="Returning Viewers"),
    },
)
FOLLOWERS = _days(
    "tiktok_studio_followers",
    _STUDIO,
    Ending("quote", last="Difference in followers from previous day"),
    {
        "followers": Counter("followers", en="Followers"),
        "follower_change": Change("difference", en="Difference in followers from previous day"),
    },
)
BUSINESS_ACCOUNT = _days(
    "tiktok_business_account",
    _BUSINESS,
    Ending("bare", last="Lost followers"),
    {
        "views": Counter("views", en="Video views"),
        "reach": Counter("reach", en="Reached audience"),
        "profile_visits": Counter("visits", en="Profile views"),
        **_INTERACTIONS,
        "follower_change": Change("growth", required=False, en="Net growth"),
        "new_followers": Counter("new", required=False, en="New followers"),
        "lost_followers": Counter("lost", required=False, en="Lost followers"),
    },
    dated=dates.iso_day,
    ignored=header_set("Phone number clicks", "Leads submission"),
)
BUSINESS_AUDIENCE = _days(
    "tiktok_business_audience",
    _BUSINESS,
    Ending("bare", last="Engaged audience"),
    {
        "followers": Counter("total", en="Total followers"),
        "reach": Counter("reach", en="Reached audience"),
        "engaged_viewers": Counter("engaged", en="Engaged audience"),
    },
    dated=dates.iso_day,
    # The account's export tells them too.
    ignored=header_set("New followers"),
)


def _no_posts(kind: str, what: str, *columns: Column) -> Layout:
    """A table of followers, which is known and not read; none was seen, their pages show them."""
    return Layout(
        platform=PLATFORM,
        kind=kind,
        seen="2026, on its page",
        record_type="nothing",
        note=f"TikTok's followers by {what}: they hold no posts and no account's day",
        ending=Ending("quote", last=columns[-1].example),
        columns=columns,
        is_closed=True,
    )


_DISTRIBUTION = Measure("distribution", en="Distribution")
FOLLOWERS_BY_HOUR = _no_posts(
    "tiktok_studio_follower_activity",
    "hour",
    Column("date", en="Date"),
    Column("hour", en="Hour"),
    Measure("active", en="Active followers"),
)
FOLLOWERS_BY_GENDER = _no_posts(
    "tiktok_studio_follower_gender", "gender", Column("gender", en="Gender"), _DISTRIBUTION
)
FOLLOWERS_BY_PLACE = _no_posts(
    "tiktok_studio_follower_territories",
    "territory",
    Column("territory", en="Top territories"),
    _DISTRIBUTION,
)

LAYOUTS = (
    STUDIO_CONTENT,
    BUSINESS_VIDEO,
    OVERVIEW,
    VIEWERS,
    FOLLOWERS,
    BUSINESS_ACCOUNT,
    BUSINESS_AUDIENCE,
    FOLLOWERS_BY_HOUR,
    FOLLOWERS_BY_GENDER,
    FOLLOWERS_BY_PLACE,
)
