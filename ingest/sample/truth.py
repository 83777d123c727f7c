"""What is true in a sample world: its offices, accounts, posts, days, and which files tell of them.

What belongs here: the facts, and what one file reports of them. What does not: how they are drawn
(`world.py`) and how they are written (`writing.py` and `platforms/`).

All instants are UTC without a zone mark, in whole seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from ingest.sample.formats import ExportFormat

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


class OfficeRow(NamedTuple):
    """One row of `registry/offices.csv`."""

    office_id: str
    name: str
    league: str
    time_zone: str
    valid_from: date
    valid_to: date | None = None


class AccountRow(NamedTuple):
    """One row of `registry/accounts.csv`; the handle in lower case, without `@`."""

    account_id: str
    office_id: str
    platform: str
    platform_account_id: str
    handle: str
    name: str
    valid_from: date
    valid_to: date | None = None

    @property
    def number(self) -> str:
        """Its number on the platform, also where only responses show one."""
        return self.platform_account_id or str(int.from_bytes(self.handle.encode()) % 10**15)


class Counters(NamedTuple):
    """What a post has gained; likes are reactions where a platform has them, shares reposts."""

    views: int
    likes: int
    comments: int
    shares: int
    saves: int


class Burst(NamedTuple):
    """Likes that come evenly within one hour, and with which nothing else comes."""

    begins_at: datetime
    likes: int


@dataclass(frozen=True, slots=True)
class Growth:
    """How fast a post gains, in whole seconds.

    A part comes fast, as a feed shows it, and a part slowly, as search and recommendations do; each
    has half of its own after its half-life. Whole numbers, so that the same is true everywhere.
    """

    half_life: int
    slow_half_life: int = 1
    #: The slow part, per mille.
    slow_share: int = 0

    def reached(self, limit: int, age: int) -> int:
        """What of a limit is reached at an age of whole seconds, rounded down; never falls."""
        dividend, divisor = self.fraction(age)
        return limit * dividend // divisor

    def limit(self, count: int, age: int) -> int:
        """The least limit of which so many are reached at an age above 0."""
        dividend, divisor = self.fraction(age)
        return -(-count * divisor // dividend)

    def fraction(self, age: int) -> tuple[int, int]:
        """What is reached at an age of whole seconds: a dividend and a divisor."""
        fast, slow = age + self.half_life, age + self.slow_half_life
        dividend = age * ((1000 - self.slow_share) * slow + self.slow_share * fast)
        return dividend, 1000 * fast * slow


@dataclass(frozen=True, slots=True)
class Post:
    """One post and what it will ever gain; `account` is an `account_id`."""

    platform: str
    post_id: str  # canonical
    delivered_id: str  # in the ID column: Instagram's number, at times Facebook's `page_post`
    link_id: str
    account: str
    published_at: datetime
    text: str
    post_type: str  # in English
    is_reply: bool
    is_repost: bool
    is_story: bool
    is_cross_post: bool
    hides_comments: bool
    published_precision: str  # how precisely exports tell it: second, minute or day
    limits: Counters  # what it gains ever, but for a burst
    growth: Growth
    burst: Burst | None = None
    gone_at: datetime | None = None  # when its office took it away

    @property
    def half_life(self) -> int:
        """Seconds until it has half of what comes fast."""
        return self.growth.half_life

    @property
    def told_at(self) -> datetime | None:
        """`published_at` as far as exports tell it; None where they tell only the day."""
        match self.published_precision:
            case "day":
                return None
            case "minute":
                return self.published_at.replace(second=0)
            case _:
                return self.published_at

    def counters_at(self, instant: datetime) -> Counters:
        """The true counters at an instant: integers that never fall, 0 before publication."""
        age = max(0, (instant - self.published_at) // SECOND)
        counters = Counters(*[self.growth.reached(limit, age) for limit in self.limits])
        if self.burst and instant > self.burst.begins_at:
            seconds = min(3600, (instant - self.burst.begins_at) // SECOND)
            counters = counters._replace(likes=counters.likes + self.burst.likes * seconds // 3600)
        return counters

    def is_there(self, instant: datetime) -> bool:
        """Whether it is published and not yet taken away."""
        return self.published_at <= instant and (self.gone_at is None or instant < self.gone_at)


class DayMetrics(NamedTuple):
    """The metrics of an account on one day; None where its export does not report one."""

    day: date
    metrics: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class DayExport:
    """One file of account days, in the order of the file."""

    format: ExportFormat
    days: tuple[DayMetrics, ...]


@dataclass(frozen=True, slots=True)
class DayFile:
    """A file of account days as it is delivered; `path` is relative to the inbox."""

    path: str
    account: str
    captured_at: datetime
    export: DayExport


@dataclass(frozen=True, slots=True)
class OtherFile:
    """A file that is no export; `path` is relative to the inbox."""

    path: str
    text: str
    received_at: datetime


class SpoiltCell(NamedTuple):
    """A cell of one record that says what nobody can read."""

    post: Post
    #: As in the format's columns.
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Export:
    """One file. `path` is relative to the inbox, `posts` stand in the order of the file."""

    path: str
    format: ExportFormat
    columns: tuple[tuple[str, str], ...]
    account: str
    office: OfficeRow  # at the capture; in its zone X and TikTok print days
    owners: Mapping[str, AccountRow]  # of the posts, as this file names them
    captured_at: datetime
    captured_at_source: str  # sidecar, name or receipt
    received_at: datetime
    covers_from: date | None  # both inclusive, as the name or the sidecar tells them;
    covers_to: date | None  # None: not told, and the file holds all posts
    posts: tuple[Post, ...]
    reported: frozenset[str]  # the counters that it has a column for
    spoilt: tuple[SpoiltCell, ...] = ()

    @property
    def unread(self) -> tuple[Post, ...]:
        """The posts whose record breaks a rule as a whole: more than a counter is spoilt."""
        return tuple(cell.post for cell in self.spoilt if cell.field not in Counters._fields)

    @property
    def told(self) -> tuple[Post, ...]:
        """The posts of which this file tells, in its order."""
        unread = self.unread
        return tuple(post for post in self.posts if post not in unread)

    def observation(self, post: Post) -> dict[str, int | None]:
        """What this file reports of a post: its true counters, None where it reports none."""
        true = post.counters_at(self.captured_at)
        seen = {
            name: count if name in self.reported else None
            for name, count in zip(Counters._fields, true, strict=True)
        }
        if post.hides_comments:
            seen["comments"] = None
        if self.captured_at - post.published_at < DAY:  # not yet computed
            seen |= dict.fromkeys(self.format.unreported_on_first_day)
        if post.is_repost:
            seen |= dict.fromkeys(self.format.unreported_of_reposts)
        if seen["likes"] in self.format.hidden_likes:
            seen["likes"] = None
        for cell in self.spoilt:
            if cell.post == post and cell.field in seen:
                seen[cell.field] = None
        return seen


@dataclass(frozen=True, slots=True)
class World:
    """All that is true. Posts and exports name accounts by `account_id`; not all have a row."""

    offices: tuple[OfficeRow, ...]
    accounts: tuple[AccountRow, ...]
    posts: tuple[Post, ...]
    exports: tuple[Export, ...]
    day_files: tuple[DayFile, ...] = ()
    other_files: tuple[OtherFile, ...] = ()
    #: Rows of official accounts that the registry lacks until it is corrected.
    left_out: tuple[AccountRow, ...] = ()
