"""What happens in the demo: habits of offices, and single events that someone must find.

What belongs here: whatever is planted by name, so that it can be told and looked for. What does
not: what chance decides (`world.py`). An office that a small world lacks lives no story.

Offices: most export every day, some every 6 or 12 hours, six once a week. Papua Barat exports once,
some days after the month. Maluku Utara exports nothing of the last month. The registry lacks one
official account on Instagram (`World.left_out`); its correction comes after July's final edition.

Posts, in the second month: one of Jawa Barat gains 2,500 likes within an hour; Bali takes a post
away a day later and publishes the same again, under a new ID; one of Setjen vanishes.

Files: North Sumatra's Instagram export has a counter that says `n/a?`, East Java's has a time that
says `kemarin`; Riau sends its own list, which is no export. DKI Jakarta's followers on TikTok grow.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from ingest.sample.exports import JAKARTA, Account, Habit, Span
from ingest.sample.fixture import PostIds
from ingest.sample.platforms import FIXTURES
from ingest.sample.truth import (
    DAY,
    SECOND,
    AccountRow,
    Burst,
    DayExport,
    DayFile,
    DayMetrics,
    Export,
    OfficeRow,
    OtherFile,
    Post,
    SpoiltCell,
    World,
)
from ingest.sample.writing import PERIOD

MOST = Habit(24, only_while_young=True)
_OFTEN, _TWICE, _WEEKLY = Habit(6, True), Habit(12, True), Habit(168)
ONCE = Habit(None)

EXPORTS_ONCE = "kanwil-papua-barat"
EXPORTS_NOTHING = "kanwil-maluku-utara"
BURST = "kanwil-jawa-barat-instagram"
REPEATED = "kanwil-bali-instagram"
VANISHED = "setjen-instagram"
UNREADABLE_COUNTER = "kanwil-sumatera-utara-instagram"
UNREADABLE_TIME = "kanwil-jawa-timur-instagram"
OWN_LIST = "kanwil-riau"
FOLLOWERS_OF = "tiktok"

_HOUR = timedelta(hours=1)
_BURST_LIKES = 2_500


def habits(offices: Sequence[OfficeRow]) -> dict[str, Habit]:
    """Office ID to the habit of all offices that don't export as most do."""
    found = {}
    for number, office in enumerate(offices):
        if number % 7 == 3:
            found[office.office_id] = _WEEKLY
        elif number % 4 == 1:
            found[office.office_id] = _TWICE
        elif number % 16 == 6:
            found[office.office_id] = _OFTEN
    found[EXPORTS_ONCE] = ONCE
    return found


def change_posts(
    accounts: Sequence[Account],
    spans: Sequence[Span],
    next_ids: Callable[[AccountRow, datetime], PostIds],
) -> None:
    """What befalls posts, and who falls silent."""
    month = spans[min(1, len(spans) - 1)]
    for account in accounts:
        row = account.rows[0]
        if row.office_id == EXPORTS_NOTHING and len(spans) > 1:
            account.silent_from = spans[-1][0]
        place = _one_of(account.posts, month)
        if place is None:
            continue
        post = account.posts[place]
        if row.account_id == BURST:
            burst = Burst(post.published_at + 15 * _HOUR, _BURST_LIKES)
            account.posts[place] = replace(post, burst=burst)
        elif row.account_id == VANISHED:
            account.posts[place] = replace(post, gone_at=post.published_at + 3 * DAY)
        elif row.account_id == REPEATED:
            again = post.published_at + 27 * _HOUR
            account.posts[place] = replace(post, gone_at=again - _HOUR)
            names = next_ids(row, again)
            same = replace(
                post,
                post_id=names.post_id,
                delivered_id=names.delivered_id,
                link_id=names.link_id,
                published_at=again,
            )
            account.posts = sorted([*account.posts, same], key=lambda each: each.published_at)


def change_files(world: World, accounts: Sequence[Account], spans: Sequence[Span]) -> World:
    """The world with unreadable cells, days of followers, and a file that is no export."""
    month = spans[min(1, len(spans) - 1)]
    spoilt = {UNREADABLE_COUNTER: ("likes", "n/a?"), UNREADABLE_TIME: ("time", "kemarin")}
    files = list(world.exports)
    for account_id, (field, text) in spoilt.items():
        place = _middle(files, account_id, month)
        if place is not None:
            cell = SpoiltCell(_oldest_of(files[place], month), field, text)
            files[place] = replace(files[place], spoilt=(cell,))
    others = []
    if any(office.office_id == OWN_LIST for office in world.offices):
        others.append(_own_list(month))
    return replace(
        world,
        exports=tuple(files),
        day_files=tuple(_followers(accounts, spans)),
        other_files=tuple(others),
    )


def _one_of(posts: Sequence[Post], span: Span) -> int | None:
    """The place of the post nearest to the middle of a month that is no story."""
    middle = span[0] + (span[1] - span[0]) / 2
    places = [
        place
        for place, post in enumerate(posts)
        if span[0] <= post.published_at < span[1] and not post.is_story
    ]
    return min(places, key=lambda place: abs(posts[place].published_at - middle), default=None)


def _middle(files: Sequence[Export], account_id: str, span: Span) -> int | None:
    """The place of an account's middle file of a month that lists a post of the month."""
    places = [
        place
        for place, export in enumerate(files)
        if export.account == account_id
        and span[0] <= export.captured_at < span[1]
        and any(_is_own(post, export, span) for post in export.posts)
    ]
    return places[len(places) // 2] if places else None


def _oldest_of(export: Export, span: Span) -> Post:
    own = (post for post in export.posts if _is_own(post, export, span))
    return min(own, key=lambda post: post.published_at)


def _is_own(post: Post, export: Export, span: Span) -> bool:
    return post.account == export.account and post.published_at >= span[0]


def _own_list(span: Span) -> OtherFile:
    lines = (
        "Rekap unggahan bulan ini (disusun manual)",
        "No;Hari;Judul;Jumlah suka",
        "1;Senin;Apel pagi;kurang lebih 120",
        "2;Rabu;Penyuluhan hukum;banyak",
    )
    return OtherFile(
        path=f"{OWN_LIST}/rekap bulanan.csv",
        text="".join(f"{line}\n" for line in lines),
        received_at=span[1] + 30 * _HOUR,
    )


def _followers(accounts: Sequence[Account], spans: Sequence[Span]) -> Iterator[DayFile]:
    """One file a month with the followers of each day of one account."""
    formats = [
        each
        for each in FIXTURES[FOLLOWERS_OF].formats
        if "followers" in each.fields and "{unix}" in each.file_name and each.locale == "en"
    ]
    account = next(
        (
            each
            for each in sorted(accounts, key=lambda each: each.rows[0].account_id)
            if each.rows[0].platform == FOLLOWERS_OF and len(each.rows) == 1
        ),
        None,
    )
    if account is None:
        return
    row, export_format = account.rows[0], formats[0]
    rng = Random(f"followers {row.account_id}")
    count = 4_000
    for start, end in spans:
        days = []
        for number in range((end - start).days):
            # A little every day, and more on some.
            change = rng.randrange(5, 20) + (60 if rng.random() < 0.1 else 0)
            count += change
            day = (start + JAKARTA).date() + number * DAY
            days.append(DayMetrics(day, {"followers": count, "follower_change": change}))
        captured_at = end + rng.randrange(86400) * SECOND
        local = captured_at + JAKARTA
        name = export_format.file_name.format(
            since=local - PERIOD,
            unix=math.floor((captured_at - datetime(1970, 1, 1)).total_seconds()),
            handle=row.handle,
        )
        path = f"{row.office_id}/{row.platform}/{local:%Y-%m-%d %H%M}/{name}"
        yield DayFile(path, row.account_id, captured_at, DayExport(export_format, tuple(days)))
