"""A long history for measuring: Instagram accounts that export the last 30 days every three days.

What belongs here: a history of any number of observations, written file by file in little memory,
and one more day of it. What does not: anything odd; that is the world's (`world.py`).

Ten accounts post every 518.4 seconds. Every three days each exports its last 5,000 posts, so that a
month holds about 500,000 observations in a hundred files and a post is seen ten times. A longer
history begins earlier and has no larger days.
"""

from __future__ import annotations

from collections import deque
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from ingest.sample import captions
from ingest.sample.home import write_export, write_registry
from ingest.sample.platforms import FIXTURES
from ingest.sample.truth import DAY, SECOND, AccountRow, Counters, Export, Growth, OfficeRow, Post
from ingest.sample.world import ids

ACCOUNTS, POSTS_PER_FILE, EXPORTED_EVERY = 10, 5_000, 3 * DAY
_NEW_PER_FILE = POSTS_PER_FILE // 10
_BETWEEN_POSTS = EXPORTED_EVERY / _NEW_PER_FILE
#: The last export of every history, but for one more day.
_END = datetime(2026, 6, 30, 1)
_SINCE = date(2000, 1, 1)
_FORMAT = FIXTURES["instagram"].world_formats[0]


def write_account(number: int, observations: int, home: Path) -> None:
    """Writes an account's share of at least so many observations into a home's inbox."""
    exports = -(-observations // (ACCOUNTS * POSTS_PER_FILE))
    _write(number, range(1 - exports, 1), home)


def write_accounts(home: Path) -> None:
    """Writes the registry of all accounts."""
    accounts = [_account(number) for number in range(ACCOUNTS)]
    write_registry(home, [office for office, _ in accounts], [account for _, account in accounts])


def write_one_more_day(home: Path) -> None:
    """Writes one more export of every account: 50,000 observations, 5,000 of them of new posts."""
    for number in range(ACCOUNTS):
        _write(number, range(1, 2), home)


def _write(number: int, exports: range, home: Path) -> None:
    """Exports of an account, counted from the last of the history, which is number 0."""
    office, account = _account(number)
    posts: deque[Post] = deque(maxlen=POSTS_PER_FILE)  # the newest first, as platforms list them
    first = (exports[0] * _NEW_PER_FILE) - POSTS_PER_FILE
    posts.extendleft(
        _post(account, n) for n in range(first, first + POSTS_PER_FILE - _NEW_PER_FILE)
    )
    for export in exports:
        last = export * _NEW_PER_FILE
        posts.extendleft(_post(account, n) for n in range(last - _NEW_PER_FILE, last))
        captured_at = _END + export * EXPORTED_EVERY + number * SECOND
        delivered = Export(
            path=f"{office.office_id}/{captured_at:%Y-%m-%d}.csv",
            format=_FORMAT,
            columns=_FORMAT.columns,
            reported=frozenset(Counters._fields),
            account=account.account_id,
            office=office,
            owners={account.account_id: account},
            captured_at=captured_at,
            captured_at_source="receipt",
            received_at=captured_at,
            covers_from=None,
            covers_to=None,
            posts=tuple(posts),
        )
        write_export(delivered, home)


def _account(number: int) -> tuple[OfficeRow, AccountRow]:
    office = OfficeRow(f"kanwil-{number}", f"Kanwil {number}", "kanwil", "Asia/Jakarta", _SINCE)
    meta_id = str(17_841_400_000_000_000 + number * 97_000_003)
    handle = f"kemkum_{number}"
    owner = ("instagram", meta_id, handle, office.name, _SINCE)
    return office, AccountRow(f"ig-{number}", office.office_id, *owner)


def _post(account: AccountRow, number: int) -> Post:
    """The post of an account with this number; those before the end are negative."""
    rng = Random(f"{account.account_id} {number}")
    instant = _END + timedelta(seconds=int(number * _BETWEEN_POSTS / SECOND))
    serial = 10**9 + number * ACCOUNTS + int(account.account_id[-1])
    names = ids(account, instant, serial, is_story=False)
    limits, growth = _gains(rng)
    return Post(
        platform=account.platform,
        post_id=names.post_id,
        delivered_id=names.delivered_id,
        link_id=names.link_id,
        account=account.account_id,
        published_at=instant,
        # No two alike: an account that repeats itself is flagged, post by post.
        text=f"{captions.caption(rng, account.name)} ({serial})",
        post_type=rng.choice(("IG image", "IG reel", "IG carousel")),
        is_reply=False,
        is_repost=False,
        is_story=False,
        is_cross_post=False,
        hides_comments=False,
        published_precision=FIXTURES[account.platform].published_precision,
        limits=limits,
        growth=growth,
    )


def _gains(rng: Random) -> tuple[Counters, Growth]:
    views = min(3_000_000, int(150 * rng.paretovariate(1.1)))
    likes = views * rng.randrange(10, 120) // 1000
    others = (likes * rng.randrange(200) // 1000 for _ in range(3))
    return Counters(views, likes, *others), Growth(rng.randrange(8 * 3600, 36 * 3600))
