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


class Counters(NamedTuple):
    """What a post has gained; likes are reactions where a platform has them, shares reposts."""

    views: int
    likes: int
    comments: int
    shares: int
    saves: int


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
    limits: Counters
    half_life: int  # seconds until the counters are half of `limits`

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
        return Counters(*[limit * age // (age + self.half_life) for limit in self.limits])


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
        return seen


@dataclass(frozen=True, slots=True)
class World:
    """All that is true. Posts and exports name accounts by `account_id`; not all have a row."""

    offices: tuple[OfficeRow, ...]
    accounts: tuple[AccountRow, ...]
    posts: tuple[Post, ...]
    exports: tuple[Export, ...]
