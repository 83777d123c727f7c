"""What an export of the sample's writers says, worked out from the facts and not by reading it.

What belongs here: the rows that must come of a post or a day, and how facts are drawn. What does
not: the readers and their declarations, which these rows are held against.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from ingest.sample import (
    AccountDay,
    AccountRow,
    Counters,
    DayExport,
    Export,
    Layout,
    OfficeRow,
    Post,
    ids,
    sheet,
)
from tests.ingest.exports import observation
from tests.ingest.naughty import TEXTS

_LOS_ANGELES = ZoneInfo("America/Los_Angeles")
_MAX_COUNT = 10**12
_TYPES = {
    "instagram": ("IG image", "IG reel", "IG carousel", "IG story"),
    "facebook": ("Photos", "Reels", "Videos"),
    "x": ("post",),
    "tiktok": ("video",),
    "youtube": ("video",),
}
_METRICS = (
    "comments",
    "engaged_viewers",
    "follower_change",
    "followers",
    "impressions",
    "interactions",
    "likes",
    "link_clicks",
    "lost_followers",
    "new_followers",
    "new_viewers",
    "posts",
    "profile_visits",
    "reach",
    "replies",
    "returning_viewers",
    "saves",
    "shares",
    "views",
)
#: Platforms whose exports name the account by a number, and tell the minute.
_META = ("instagram", "facebook")


#: Tables of which nothing is loaded.
_NOTHING = (
    "meta_tables",
    "youtube_by_country",
    "youtube_by_day",
    "youtube_by_source",
    "youtube_chart",
    "facebook_insights_others",
)

# Facts.


@dataclass(frozen=True)
class Facts:
    """Posts of an account and of another one whose posts stand in its exports."""

    owner: AccountRow
    guest: AccountRow
    office: OfficeRow
    posts: tuple[Post, ...]
    captured_at: datetime

    def in_a_spreadsheet(self) -> Facts:
        """The same without characters that XML can't hold, and with texts that fit into a cell."""
        texts = (_UNWRITTEN.sub("", post.text)[:_LONGEST_CELL] for post in self.posts)
        posts = (replace(post, text=text) for post, text in zip(self.posts, texts, strict=True))
        return replace(self, posts=tuple(posts))

    def export(self, layout: Layout) -> Export:
        """The file that tells these facts in a layout."""
        posts = self.posts
        if layout.kind == "instagram_stories":
            posts = tuple(replace(post, post_type="IG story") for post in posts)
            posts = tuple(with_ids(post, self.owner, post.half_life) for post in posts)
        return Export(
            path="file.csv",
            layout=layout,
            columns=layout.columns,
            account=self.owner.account_id,
            office=self.office,
            owners={row.account_id: row for row in (self.owner, self.guest)},
            captured_at=self.captured_at,
            captured_at_source="receipt",
            received_at=self.captured_at,
            covers_from=None,
            covers_to=None,
            posts=posts,
            reported=frozenset(Counters._fields) & {name for _, name in layout.columns},
        )


_LONGEST_CELL = 32_767
_UNWRITTEN = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")


def with_ids(post: Post, owner: AccountRow, serial: int) -> Post:
    """The post with the IDs that its serial number and its time give it."""
    is_story = post.post_type == "IG story"
    post_id, delivered, link = ids(owner, post.published_at, serial, is_story)
    return replace(post, post_id=post_id, delivered_id=delivered, link_id=link, is_story=is_story)


def _is_unclear(instant: datetime) -> bool:
    """Whether Los Angeles has the wall time of an instant twice."""
    wall = instant.replace(tzinfo=UTC).astimezone(_LOS_ANGELES)
    return wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()


@st.composite
def facts(draw: st.DrawFn, platform: str, *, least: int = 0) -> Facts:
    """Posts with naughty texts in an account with a naughty name."""
    # `i` stands in links of X that name nobody.
    handles = st.from_regex(r"[a-z0-9_]{1,15}", fullmatch=True).filter(lambda name: name != "i")
    owner, guest = (
        AccountRow(
            account_id=account_id,
            office_id="kanwil-bali",
            platform=platform,
            platform_account_id=str(draw(st.integers(1, 10**17))) if platform in _META else "",
            handle=draw(handles),
            name=draw(TEXTS),
            valid_from=date(2010, 1, 1),
        )
        for account_id in ("owner", "guest")
    )
    zone = draw(st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]))
    office = OfficeRow("kanwil-bali", "Bali", "kanwil", zone, date(2010, 1, 1))
    captured_at = draw(st.datetimes(datetime(2012, 1, 2), datetime(2037, 12, 31)))
    posts = []
    for _ in range(draw(st.integers(least, 4))):
        at = draw(st.datetimes(datetime(2012, 1, 1), captured_at)).replace(microsecond=0)
        if platform in _META and _is_unclear(at):
            at += timedelta(days=1)
        text = draw(TEXTS)
        answered = re.match("@([A-Za-z0-9_]{1,15})", text)
        is_x, serial = platform == "x", draw(st.integers(1, 10**6))
        is_guest = platform == "instagram" and draw(st.booleans())
        post = Post(
            platform=platform,
            **dict.fromkeys(("post_id", "delivered_id", "link_id"), ""),
            account="guest" if is_guest else "owner",
            published_at=at,
            text=text,
            post_type=draw(st.sampled_from(_TYPES[platform])),
            is_reply=is_x and bool(answered) and answered[1].lower() != owner.handle,
            is_repost=is_x and bool(re.match("RT @[A-Za-z0-9_]", text)),
            is_story=False,
            is_cross_post=False,
            hides_comments=platform == "tiktok" and draw(st.booleans()),
            limits=Counters(*(draw(st.integers(0, _MAX_COUNT)) for _ in Counters._fields)),
            half_life=serial,
        )
        if platform == "facebook":
            post = replace(post, is_repost=draw(st.booleans()), is_cross_post=draw(st.booleans()))
        posts.append(with_ids(post, owner, serial))
    return Facts(owner, guest, office, tuple(posts), captured_at.replace(microsecond=0))


@st.composite
def account_days(draw: st.DrawFn, *, least: int = 0) -> tuple[AccountDay, ...]:
    """Days with any metric, reported or not."""
    values = st.none() | st.integers(0, _MAX_COUNT)
    changes = st.none() | st.integers(-_MAX_COUNT // 10, _MAX_COUNT // 10)
    return tuple(
        AccountDay(
            draw(st.dates(date(2010, 1, 1), date(2037, 12, 31))),
            {name: draw(changes if name == "follower_change" else values) for name in _METRICS},
        )
        for _ in range(draw(st.integers(least, 4)))
    )


# What must come of them.


def rows(export: Export | DayExport) -> list[dict[str, Any]]:
    """All rows of a file, in the contract's columns without the hash, ordered as they are read."""
    if isinstance(export, DayExport):
        return list(_day_rows(export))
    return list(_post_rows(export))


def _post_rows(export: Export) -> Iterator[dict[str, Any]]:
    kind = export.layout.kind
    is_table, is_legacy = kind == "youtube_table", kind.startswith("facebook_insights")
    # The table of videos starts with a total, the legacy workbook with a description.
    for number, post in enumerate(export.posts, start=first_post(kind)):
        cells = sheet(export)[number]
        written = dict(zip((name for _, name in export.columns), cells, strict=True))
        seen, owner = export.observation(post), export.owners[post.account]
        told = {f"{name.removesuffix('s')}_count": seen[name] for name in Counters._fields}
        is_meta, is_instant = post.platform in _META, not is_table
        type_ = next((written[word] for word in ("type", "jenis", "tipo") if word in written), None)
        impressions = post.counters_at(export.captured_at).views
        handle = owner.handle if post.platform in ("instagram", "x", "tiktok") else None
        yield observation(
            **told,
            record_number=number,
            platform=post.platform,
            kind=kind,
            platform_account_id=owner.platform_account_id if is_meta else None,
            account_handle=handle,
            account_name=(owner.name or None) if is_meta and not is_legacy else None,
            is_guest=post.account != export.account,
            post_id=post.post_id,
            delivered_post_id=written.get("plain") or written.get("page_post") or post.delivered_id,
            permalink=written.get("link"),
            post_type=type_,
            text=(html.escape(post.text, quote=False) if "escaped" in written else post.text)
            or None,
            published_at=post.published_at if is_legacy else post.told_at,
            published_date=None if is_instant else _local_day(export, post),
            published_precision=(
                "day" if is_table else "minute" if is_meta and not is_legacy else "second"
            ),
            published_source="printed" if is_meta or is_table else "id",
            printed_at=_printed_at(export, post),
            id_at=_id_at(post),
            is_reply=post.is_reply,
            is_repost=post.is_repost and ("repost" in written or post.platform != "facebook"),
            is_story=post.is_story,
            is_cross_post=post.is_cross_post and "cross" in written,
            reach_count=int(written["reach"]) if written.get("reach") else None,
            impression_count=impressions if "impressions" in written else None,
        )


def first_post(kind: str) -> int:
    """The number of the record that tells the first post of a file."""
    return 2 if kind in ("youtube_table", "facebook_insights") else 1


def _local_day(export: Export, post: Post) -> date:
    zone = ZoneInfo(export.layout.time_zone)
    return post.published_at.replace(tzinfo=UTC).astimezone(zone).date()


def _printed_at(export: Export, post: Post) -> datetime | None:
    if export.layout.kind in ("tiktok_studio_content", "youtube_table"):
        return None
    if export.layout.kind.startswith("facebook_insights"):
        return post.published_at
    is_minute = export.layout.kind == "x_tweet_activity"
    return post.published_at.replace(second=0) if is_minute else post.told_at


def _id_at(post: Post) -> datetime | None:
    if post.platform in ("x", "tiktok"):
        return post.published_at
    if post.platform != "instagram" or post.is_story:
        return None
    number = int.from_bytes(base64.urlsafe_b64decode("A" + post.post_id), "big")
    upload = timedelta(seconds=((number >> 23) + 1314220021721) // 1000)
    return datetime(1970, 1, 1) + upload


def _day_rows(export: DayExport) -> Iterator[dict[str, Any]]:
    layout, last = export.layout, len(export.days)
    if layout.kind in _NOTHING:
        return
    platform = layout.kind.split("_")[0]
    if platform == "meta":
        platform = layout.title.split()[0].lower()
    metrics = [name for _, name in layout.columns if name in _METRICS]
    # The last number of such a file may be cut.
    is_bare = layout.kind.startswith("tiktok_business") and "cut" in layout.words
    for number, told in enumerate(export.days, start=1):
        has_year = not layout.kind.startswith("tiktok_studio")
        for metric in sorted(metrics):
            is_cut = is_bare and number == last and metric == layout.columns[-1][1]
            yield {
                "record_number": number,
                "kind": layout.kind,
                "metric": metric,
                "platform": platform if platform in (*_TYPES,) else None,
                "platform_account_id": None,
                "account_handle": None,
                "date": told.day if has_year else None,
                "month": None if has_year else told.day.month,
                "day": None if has_year else told.day.day,
                "value": None if is_cut else told.metrics[metric],
            }


# Fixed facts, where every number is another one and most have more than three digits.

_CAPTION = 'Kata "Pengayoman",\nbaris kedua: café – “ya”'
_COUNTS = (
    (datetime(2025, 7, 31, 17, 30, 15), Counters(1_234_567, 23_456, 1_204, 1_005, 3_087)),
    (datetime(2025, 8, 3, 17, 30, 15), Counters(4_321, 1_300, 612, 45, 10_634)),
    (datetime(2025, 8, 11, 23, 59, 59), Counters(987_654, 10_600, 2_001, 1_002, 999)),
)


def fixed_facts(platform: str) -> Facts:
    """Three posts whose counters have grown to their limits; on Instagram one is a guest's."""
    number = "17841400000000001" if platform == "instagram" else "100064000000001"
    owner = AccountRow(
        account_id="owner",
        office_id="kanwil-bali",
        platform=platform,
        platform_account_id=number if platform in _META else "",
        handle="kemkumbali",
        name="Kemenkum Bali",
        valid_from=date(2010, 1, 1),
    )
    guest = owner._replace(account_id="guest", platform_account_id="17841400000000002")
    posts = tuple(
        with_ids(
            Post(
                platform=platform,
                **dict.fromkeys(("post_id", "delivered_id", "link_id"), ""),
                account="guest" if serial == 2 and platform == "instagram" else "owner",
                published_at=at,
                text=_CAPTION if serial == 1 else f"Unggahan {serial}",
                post_type=_TYPES[platform][0],
                **dict.fromkeys(
                    ("is_reply", "is_repost", "is_story", "is_cross_post", "hides_comments"), False
                ),
                limits=limits,
                half_life=0,
            ),
            owner,
            serial,
        )
        for serial, (at, limits) in enumerate(_COUNTS, start=1)
    )
    office = OfficeRow("kanwil-bali", "Bali", "kanwil", "Asia/Makassar", date(2010, 1, 1))
    return Facts(owner, guest, office, posts, datetime(2025, 9, 1, 3))


def fixed_days() -> tuple[AccountDay, ...]:
    """Three days on which every metric is another number."""
    return tuple(
        AccountDay(
            day,
            {
                name: (-1 if name == "follower_change" else 1) * (scale + 37 * place)
                for place, name in enumerate(_METRICS)
            },
        )
        for day, scale in (
            (date(2025, 7, 31), 1_234_005),
            (date(2025, 8, 3), 2_001),
            (date(2025, 8, 11), 45_678),
        )
    )


def fixed(layout: Layout) -> Export | DayExport:
    """The file that tells the fixed facts in a layout."""
    platform = layout.kind.split("_")[0]
    if any(name == "time" for _, name in layout.columns):
        return fixed_facts(platform).export(layout)
    return DayExport(layout, fixed_days())
