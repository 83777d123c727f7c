"""What an export of the sample's writers says, worked out from the facts and not by reading it.

What belongs here: the rows that must come of a post or a day, and how facts are drawn. What does
not: the readers and their declarations, which these rows are held against.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from ingest.sample import (
    FIXTURES,
    FIXTURES_BY_KIND,
    AccountRow,
    Counters,
    DayExport,
    DayMetrics,
    Export,
    ExportFormat,
    Growth,
    OfficeRow,
    PlatformFixture,
    Post,
    ids,
    sheet,
)
from ingest.schemas import MAX_COUNT, METRICS
from tests.ingest.exports import observation
from tests.ingest.naughty import TEXTS

# Facts.


@dataclass(frozen=True)
class Facts:
    """Posts of an account and of another one whose posts stand in its exports."""

    owner: AccountRow
    guest: AccountRow
    office: OfficeRow
    posts: tuple[Post, ...]
    captured_at: datetime

    @property
    def fixture(self) -> PlatformFixture:
        """The platform's."""
        return FIXTURES[self.owner.platform]

    @property
    def prove_themselves(self) -> bool:
        """Whether four in five posts have an ID or a sum that agrees with what else is told.

        A story of Instagram has no ID that tells its time; a sum beyond the largest counter is not
        read, and then of Facebook's posts only the link can bear the ID.
        """

        def proves(post: Post) -> bool:
            seen = post.counters_at(self.captured_at)
            interactions = seen.likes + seen.comments + seen.shares
            if self.owner.platform == "facebook":
                return post.link_id == post.post_id or interactions <= MAX_COUNT
            return not post.is_story

        proven = sum(proves(post) for post in self.posts)
        return bool(self.posts) and proven * 5 >= len(self.posts) * 4

    def in_a_spreadsheet(self) -> Facts:
        """The same without characters that XML can't hold, and with texts that fit into a cell."""
        texts = (_UNWRITTEN.sub("", post.text)[:_LONGEST_CELL] for post in self.posts)
        posts = (replace(post, text=text) for post, text in zip(self.posts, texts, strict=True))
        return replace(self, posts=tuple(posts))

    def export(self, export_format: ExportFormat) -> Export:
        """The file that tells these facts in a format."""
        posts = self.posts
        story = self.fixture.story_type
        if export_format.holds_stories and story:
            posts = tuple(replace(post, post_type=story) for post in posts)
            posts = tuple(with_ids(post, self.owner, post.half_life) for post in posts)
        if story and not export_format.lists_stories:
            first = self.fixture.post_types[0]
            posts = tuple(replace(p, post_type=first) if p.is_story else p for p in posts)
            posts = tuple(with_ids(post, self.owner, post.half_life) for post in posts)
        if export_format.is_response:
            posts = tuple(replace(post, account=self.owner.account_id) for post in posts)
        return Export(
            path="file.csv",
            format=export_format,
            columns=export_format.columns,
            account=self.owner.account_id,
            office=self.office,
            owners={row.account_id: row for row in (self.owner, self.guest)},
            captured_at=self.captured_at,
            captured_at_source="receipt",
            received_at=self.captured_at,
            covers_from=None,
            covers_to=None,
            posts=posts,
            reported=frozenset(Counters._fields) & set(export_format.fields),
        )


_LONGEST_CELL = 32_767
_UNWRITTEN = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")


def with_ids(post: Post, owner: AccountRow, serial: int) -> Post:
    """The post with the IDs that its serial number and its time give it."""
    is_story = post.post_type == FIXTURES[post.platform].story_type
    post_id, delivered, link = ids(owner, post.published_at, serial, is_story)
    return replace(post, post_id=post_id, delivered_id=delivered, link_id=link, is_story=is_story)


def _is_unclear(instant: datetime, fixture: PlatformFixture) -> bool:
    """Whether the only tell of an instant is a wall time that occurs twice."""
    if fixture.published_source != "printed":
        return False
    zones = {ZoneInfo(each.time_zone) for each in fixture.formats if each.time_zone}
    walls = [instant.replace(tzinfo=UTC).astimezone(zone) for zone in zones]
    return any(
        wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset() for wall in walls
    )


def _is_minuteless(instant: datetime, fixture: PlatformFixture) -> bool:
    """Whether an export that prints the month for the minutes would print it so."""
    zones = {ZoneInfo(each.time_zone) for each in fixture.formats if each.time_zone}
    walls = [instant.replace(tzinfo=UTC).astimezone(zone) for zone in zones]
    return any(wall.minute == wall.month and 1 <= wall.hour <= 12 for wall in walls)


@st.composite
def facts(draw: st.DrawFn, fixture: PlatformFixture, *, least: int = 0) -> Facts:
    """Posts with naughty texts in an account with a naughty name."""
    # `i` stands in links of X that name nobody.
    handles = st.from_regex(r"[a-z0-9_]{1,15}", fullmatch=True).filter(lambda name: name != "i")
    owner, guest = (
        AccountRow(
            account_id=account_id,
            office_id="kanwil-bali",
            platform=fixture.platform,
            platform_account_id=(
                str(draw(st.integers(1, 10**17))) if fixture.names_account_by_number else ""
            ),
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
        if _is_unclear(at, fixture):
            at += timedelta(days=1)
        while _is_minuteless(at, fixture):
            at += timedelta(minutes=1)
        text = draw(TEXTS)
        answered = re.match("@([A-Za-z0-9_]{1,15})", text)
        serial = draw(st.integers(1, 10**6))
        is_told = fixture.tells_replies_by_text
        is_guest = fixture.lists_guests and draw(st.booleans())
        can_hide_comments = any(each.can_hide_comments for each in fixture.formats)
        post = Post(
            platform=fixture.platform,
            post_id="",
            delivered_id="",
            link_id="",
            account="guest" if is_guest else "owner",
            published_at=at,
            text=text,
            post_type=draw(st.sampled_from(list(dict.fromkeys(fixture.post_types)))),
            is_reply=is_told and bool(answered) and answered[1].lower() != owner.handle,
            is_repost=is_told and bool(re.match("RT @[A-Za-z0-9_]", text)),
            is_story=False,
            is_cross_post=False,
            hides_comments=can_hide_comments and draw(st.booleans()),
            published_precision=fixture.published_precision,
            limits=Counters(*(draw(st.integers(0, MAX_COUNT)) for _ in Counters._fields)),
            growth=Growth(serial),
        )
        if fixture.marks_shares:
            post = replace(post, is_repost=draw(st.booleans()), is_cross_post=draw(st.booleans()))
        posts.append(with_ids(post, owner, serial))
    return Facts(owner, guest, office, tuple(posts), captured_at.replace(microsecond=0))


@st.composite
def account_days(draw: st.DrawFn, *, least: int = 0) -> tuple[DayMetrics, ...]:
    """Days with any metric, reported or not."""
    values = st.none() | st.integers(0, MAX_COUNT)
    changes = st.none() | st.integers(-MAX_COUNT // 10, MAX_COUNT // 10)
    return tuple(
        DayMetrics(
            draw(st.dates(date(2010, 1, 1), date(2037, 12, 31))),
            {name: draw(changes if name == "follower_change" else values) for name in METRICS},
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
    fixture = FIXTURES_BY_KIND[export.format.kind]
    precision = "second"
    if fixture.published_source == "printed":
        precision = export.format.printed_precision
    for number, post in enumerate(export.posts, start=first_post(export.format)):
        cells = sheet(export)[number]
        written = dict(zip((name for _, name in export.columns), cells, strict=True))
        seen, owner = export.observation(post), export.owners[post.account]
        told = {f"{name.removesuffix('s')}_count": seen[name] for name in Counters._fields}
        impressions = post.counters_at(export.captured_at).views
        is_numbered, has_handle = fixture.names_account_by_number, fixture.names_account_by_handle
        source, number_of_account = fixture.published_source, owner.platform_account_id
        if export.format.is_response:
            is_numbered = not {"owner", "page_post", "number"}.isdisjoint(written)
            has_handle = "handle" in written or post.platform == "tiktok"
            source = source.replace("printed", "api")
            number_of_account = (written.get("number") or number_of_account) or None
        yield observation(
            **told,
            record_number=number,
            platform=post.platform,
            kind=export.format.kind,
            platform_account_id=number_of_account if is_numbered else None,
            account_handle=owner.handle if has_handle else None,
            account_name=(owner.name or None) if "name" in written else None,
            is_guest=post.account != export.account,
            post_id=post.post_id,
            delivered_post_id=written.get("plain") or written.get("page_post") or post.delivered_id,
            permalink=written.get("link"),
            post_type=_post_type(written),
            post_kind=_kind(export.format, post, written),
            text=_caption(export.format, post, written),
            **_nothing_of_captions(export, written),
            published_at=_cut(post.published_at, precision),
            published_date=_local_day(export, post) if precision == "day" else None,
            published_precision=precision,
            published_source=source,
            printed_at=_printed_at(export, post),
            id_at=fixture.id_time(post),
            is_reply=post.is_reply,
            is_repost=post.is_repost and ("repost" in written or fixture.tells_replies_by_text),
            is_story=post.is_story,
            is_cross_post=post.is_cross_post and "cross" in written,
            reach_count=int(written["reach"]) if written.get("reach") else None,
            impression_count=impressions if "impressions" in written else None,
        )


_KINDS = {
    "IG image": "image",
    "IG carousel": "carousel",
    "IG reel": "reel",
    "IG story": "story",
    "Photos": "image",
    "Reels": "reel",
    "Videos": "video",
    "video": "video",
}


#: The words of APIs and scrapes.
_KINDS_OF_RESPONSES = {
    "IMAGE": "image",
    "VIDEO": "video",
    "CAROUSEL_ALBUM": "carousel",
    "REELS": "reel",
    "STORY": "story",
    "Image": "image",
    "Video": "video",
    "Sidecar": "carousel",
    "photo": "image",
    "album": "carousel",
    "video": "video",
    "native_video": "video",
    "added_photos": "image",
    "added_video": "video",
}


def _kind(export_format: ExportFormat, post: Post, written: dict[str, str]) -> str:
    """What a file tells of a post's kind; of Facebook's videos without types the link tells it."""
    kind = _KINDS.get(post.post_type, "unknown")
    if export_format.is_response and post.platform == "tiktok":
        return kind if "link" in written else "unknown"
    if export_format.is_response and post.platform != "youtube":
        return _KINDS_OF_RESPONSES.get(_post_type(written) or "", "unknown")
    if post.platform != "facebook" or "type" in written:
        return kind
    return kind if kind in ("reel", "video") and "link" in written else "unknown"


def _nothing_of_captions(export: Export, written: dict[str, str]) -> dict[str, None]:
    """What an export without captions tells nothing of; a response of blank ones has no key."""
    names = ("hashtags", "caption_length", "has_question")
    is_told = "text" in written and any(post.text for post in export.posts)
    has_captions = not export.format.is_response or is_told
    return {} if has_captions else dict.fromkeys(names)


def _caption(export_format: ExportFormat, post: Post, written: dict[str, str]) -> str | None:
    if export_format.is_response and "text" not in written:
        return None
    text = html.escape(post.text, quote=False) if "escaped" in written else post.text
    return text or None


def _post_type(written: dict[str, str]) -> str | None:
    """The platform's word; of a response the product, unless that is a plain one."""
    product = written.get("product", "FEED")
    return written.get("type") if product == "FEED" else product


def first_post(export_format: ExportFormat) -> int:
    """The number of the record that tells the first post of a file."""
    return 2 if export_format.total_word or export_format.has_description_row else 1


def _cut(instant: datetime, precision: str) -> datetime | None:
    """An instant as far as it is told; None where only the day is."""
    if precision == "day":
        return None
    return instant.replace(second=0) if precision == "minute" else instant


def _local_day(export: Export, post: Post) -> date:
    zone = ZoneInfo(export.format.time_zone)
    return post.published_at.replace(tzinfo=UTC).astimezone(zone).date()


def _printed_at(export: Export, post: Post) -> datetime | None:
    """The instant that a file prints; beside the ID's time a day with its year allows that one."""
    is_by_id = FIXTURES[post.platform].published_source == "id"
    if export.format.printed_precision == "day" and is_by_id and export.format.prints_year:
        return post.published_at
    return _cut(post.published_at, export.format.printed_precision)


def _day_rows(export: DayExport) -> Iterator[dict[str, Any]]:
    if export.format.loads_nothing:
        return
    platform = _platform_of_days(export.format)
    fields = export.format.fields
    # The last number of such a file may be cut.
    is_bare = not export.format.ends_with_line_end and not export.format.quotes_every_cell
    has_year = export.format.prints_year
    for number, told in enumerate(export.days, start=1):
        for metric in sorted(name for name in fields if name in METRICS):
            is_cut = is_bare and number == len(export.days) and metric == fields[-1]
            yield {
                "record_number": number,
                "kind": export.format.kind,
                "metric": metric,
                "platform": platform,
                "platform_account_id": None,
                "account_handle": None,
                "date": told.day if has_year else None,
                "month": None if has_year else told.day.month,
                "day": None if has_year else told.day.day,
                "value": None if is_cut else told.metrics[metric],
            }


def _platform_of_days(export_format: ExportFormat) -> str | None:
    """The platform of a series; where the kind has none, its title or its header may name it."""
    if export_format.kind in FIXTURES_BY_KIND:
        return FIXTURES_BY_KIND[export_format.kind].platform
    words = f"{export_format.title} {export_format.columns[-1][0]}".lower().split()
    return next((word for word in words if word in FIXTURES), None)


# Fixed facts, where every number is another one and most have more than three digits.

_CAPTION = 'Kata "Pengayoman",\nbaris kedua: café – “ya”'
_COUNTS = (
    (datetime(2025, 7, 31, 17, 30, 15), Counters(1_234_567, 23_456, 1_204, 1_005, 3_087)),
    (datetime(2025, 8, 3, 17, 30, 15), Counters(4_321, 1_300, 612, 45, 10_634)),
    (datetime(2025, 8, 11, 23, 59, 59), Counters(987_654, 10_600, 2_001, 1_002, 999)),
)


def fixed_facts(fixture: PlatformFixture) -> Facts:
    """Three posts whose counters have grown to their limits; where guests' posts stand, one is."""
    owner = AccountRow(
        account_id="owner",
        office_id="kanwil-bali",
        platform=fixture.platform,
        platform_account_id="17841400000000001" if fixture.names_account_by_number else "",
        handle="kemkumbali",
        name="Kemenkum Bali",
        valid_from=date(2010, 1, 1),
    )
    guest = owner._replace(account_id="guest", platform_account_id="17841400000000002")
    posts = []
    for serial, (at, limits) in enumerate(_COUNTS, start=1):
        post = Post(
            platform=fixture.platform,
            post_id="",
            delivered_id="",
            link_id="",
            account="guest" if serial == 2 and fixture.lists_guests else "owner",
            published_at=at,
            text=_CAPTION if serial == 1 else f"Unggahan {serial}",
            post_type=fixture.post_types[0],
            is_reply=False,
            is_repost=False,
            is_story=False,
            is_cross_post=False,
            hides_comments=False,
            published_precision=fixture.published_precision,
            limits=limits,
            growth=Growth(0),
        )
        posts.append(with_ids(post, owner, serial))
    office = OfficeRow("kanwil-bali", "Bali", "kanwil", "Asia/Makassar", date(2010, 1, 1))
    return Facts(owner, guest, office, tuple(posts), datetime(2025, 9, 1, 3))


def fixed_days() -> tuple[DayMetrics, ...]:
    """Three days on which every metric is another number."""
    return tuple(
        DayMetrics(
            day,
            {
                name: (-1 if name == "follower_change" else 1) * (scale + 37 * place)
                for place, name in enumerate(METRICS)
            },
        )
        for day, scale in (
            (date(2025, 7, 31), 1_234_005),
            (date(2025, 8, 3), 2_001),
            (date(2025, 8, 11), 45_678),
        )
    )


def fixed(export_format: ExportFormat) -> Export | DayExport:
    """The file that tells the fixed facts in a format."""
    if "time" in export_format.fields:
        return fixed_facts(FIXTURES_BY_KIND[export_format.kind]).export(export_format)
    return DayExport(export_format, fixed_days())
