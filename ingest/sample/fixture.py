"""What a platform's fixture tells: how its exports are written, and what its posts are like.

What belongs here: the fixture's form, and numbers that IDs of several platforms are made of. What
does not: any platform's own words (`platforms/<platform>.py`).
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import NamedTuple

from ingest.sample.formats import ExportFormat
from ingest.sample.truth import SECOND, AccountRow, Post

_EPOCH = datetime(1970, 1, 1)


class PostIds(NamedTuple):
    """The names of one post."""

    #: Canonical: the key of the post on its platform.
    post_id: str
    #: In the column of IDs.
    delivered_id: str
    #: In the link.
    link_id: str


@dataclass(frozen=True)
class WorldShare:
    """A platform's part in the sample world."""

    #: Platforms are drawn in this order, so that a new one comes last and leaves the others as they
    #: are.
    place: int
    #: The share of offices with an account.
    offices: float
    #: The number of posts in relation to the mean.
    posts: float
    #: The beginning of its handles (X allows 15 characters).
    handle_prefix: str
    #: What befalls some accounts, the likeliest in a small world first.
    fates: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class PlatformFixture:
    """One platform as the sample knows it."""

    platform: str
    #: The formats in which the sample world exports: its accounts take turns.
    world_formats: tuple[ExportFormat, ...]
    #: Every other format that is read.
    further_formats: tuple[ExportFormat, ...]
    #: Types of posts in English, each as often as it occurs.
    post_types: tuple[str, ...]
    #: Type of post to the form of its link; none where exports have no links.
    links: Mapping[str, str]
    #: Makes the IDs of a post of an account from its time of publication, a serial number and
    #: whether it is a story. No two serial numbers share an ID.
    ids: Callable[[AccountRow, datetime, int, bool], PostIds]
    #: How precisely exports tell publication: `second`, `minute` or `day`.
    published_precision: str
    #: What tells it: the time that is `printed`, or the post's `id`.
    published_source: str
    #: The time that a post's ID encodes, where it does.
    id_time: Callable[[Post], datetime | None] = lambda post: None
    #: Draws the platform's own ID of an account; blank where its exports show none.
    account_number: Callable[[Random], str] = lambda rng: ""
    #: None: the sample world has no account on it.
    world: WorldShare | None = None

    #: Exports name the account at all …
    names_account: bool = True
    #: … by its number …
    names_account_by_number: bool = False
    #: … by its handle.
    names_account_by_handle: bool = True
    #: Exports list posts of other accounts on which this one collaborated.
    lists_guests: bool = False
    #: A post's text tells whether it is a reply or a repost.
    tells_replies_by_text: bool = False
    #: Exports mark what was shared from others, and posts of one type that several pages share.
    marks_shares: bool = False
    cross_posted_type: str | None = None
    #: The type of posts that are stories.
    story_type: str | None = None
    #: Captions have line ends.
    has_line_ends: bool = True

    @property
    def formats(self) -> tuple[ExportFormat, ...]:
        """All formats."""
        return (*self.world_formats, *self.further_formats)


def seconds_since_1970(instant: datetime) -> int:
    """Whole seconds."""
    return (instant - _EPOCH) // SECOND


def scattered(serial: int) -> int:
    """A number of 64 bits; the factor is odd, so its low bits differ as serial numbers do."""
    return serial * 0x9E3779B97F4A7C15 % 2**64


def base64_digits(number: int) -> str:
    """A number below 2^64 in 11 digits, as Instagram's shortcodes and YouTube's IDs have."""
    return base64.urlsafe_b64encode(number.to_bytes(9, "big")).decode()[1:]
