"""How a world is drawn: offices, accounts and their fates, and posts.

What belongs here: whatever a seed decides of them. What does not: their growth (`growth.py`), the
exports of them (`exports.py`), odd single events (`story.py`) and how a file is written
(`writing.py`). The months are Jakarta's.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random

from ingest.sample import captions, growth, story
from ingest.sample.exports import JAKARTA, Account, Habit, Span, exports, month_span
from ingest.sample.fixture import PlatformFixture, PostIds, WorldShare
from ingest.sample.offices import HOURS_AHEAD, all_or_some, display_name, short_name
from ingest.sample.platforms import FIXTURES
from ingest.sample.truth import DAY, SECOND, AccountRow, OfficeRow, Post, World

MONTHS = ("2025-07", "2025-08", "2025-09")
#: An account publishes so many posts on each of its busy days.
_POSTS_PER_DAY = 4


def make_world(
    seed: int = 1,
    months: Sequence[str] = MONTHS,
    posts_per_account_month: int = 8,
    offices: int | None = None,
    habit: Habit | None = None,
    *,
    habits: Mapping[str, Habit] | None = None,
    pace: growth.Pace | None = None,
) -> World:
    """Makes a world of offices and their posts in some months.

    Every account also has two posts in the week before, so that an export can show that it reaches
    back. What a post has at any instant is `post.counters_at(instant)`.

    Args:
        seed: decides everything that the other arguments leave open.
        months: consecutive ones, `YYYY-MM`.
        posts_per_account_month: a mean over offices and platforms.
        offices: so many of the 41; None: all.
        habit: how every office exports. None: each in its own way, and what `story.py` tells
            happens to some of them.
        habits: office ID to the habit of that office, whatever the others do.
        pace: how posts grow; None: as in the demo.
    """
    spans = [month_span(month) for month in months]
    first = (spans[0][0] + JAKARTA).date()
    office_rows = all_or_some(offices, min(date(2024, 11, 1), first - 8 * DAY))
    own_habits = story.habits(office_rows) if habit is None else {}
    own_habits |= habits or {}
    by_id = {office.office_id: office for office in office_rows}
    accounts = _accounts(seed, office_rows, first, own_habits, habit or story.MOST)
    writer = _Writer(seed, spans, by_id, pace or growth.Pace())
    for account in accounts:
        account.posts = list(writer.posts(account, posts_per_account_month))
    if habit is None:
        story.change_posts(accounts, spans, writer.next_ids)
    rows = [row for each in accounts if each.fate != "unregistered" for row in each.rows]
    files = (exports(account, spans, by_id) for account in accounts)
    world = World(
        offices=tuple(office_rows),
        accounts=tuple(sorted(rows, key=lambda row: (row.account_id, row.valid_from))),
        posts=tuple(post for account in accounts for post in account.posts),
        exports=tuple(itertools.chain.from_iterable(files)),
        left_out=tuple(
            row for each in accounts if each.fate == "unregistered" for row in each.rows
        ),
    )
    return world if habit else story.change_files(world, accounts, spans)


def ids(row: AccountRow, instant: datetime, serial: int, is_story: bool) -> PostIds:
    """The names of an account's post; no two serial numbers share one."""
    return FIXTURES[row.platform].ids(row, instant, serial, is_story)


def _accounts(
    seed: int,
    office_rows: Sequence[OfficeRow],
    first: date,
    habits: Mapping[str, Habit],
    habit: Habit,
) -> list[Account]:
    rng = Random(seed)
    accounts = []
    sharing = []
    for fixture, share in _present():
        platform = fixture.platform
        formats = itertools.cycle(fixture.world_formats)
        # At least one for each format, as far as there are offices.
        count = max(round(share.offices * len(office_rows)), len(fixture.world_formats))
        present = rng.sample(office_rows, min(count, len(office_rows)))
        fated = itertools.chain(share.fates, itertools.repeat("ordinary"))
        for office, fate in zip(present, fated, strict=False):
            row = AccountRow(
                account_id=f"{office.office_id}-{platform}",
                office_id=office.office_id,
                platform=platform,
                platform_account_id=fixture.account_number(rng),
                handle=share.handle_prefix + short_name(office),
                name=display_name(office),
                valid_from=office.valid_from,
            )
            rows = [row]
            if fate == "renamed":  # the ministry was once one of law and human rights
                day, old = first + 9 * DAY, row.handle.replace("kemkum", "kumham")
                rows = [row._replace(handle=old, valid_to=day), row._replace(valid_from=day)]
            elif fate == "moved":
                other = office_rows[office_rows.index(office) - 1].office_id
                day = first + 15 * DAY
                rows = [row._replace(valid_to=day), row._replace(valid_from=day, office_id=other)]
            elif fate == "alias":
                rows.append(row._replace(platform_account_id=fixture.account_number(rng)))
            own_rng = Random(f"{seed}/{row.account_id}")
            own_habit = habits.get(office.office_id, habit)
            accounts.append(Account(own_rng, next(formats), rows, fate, own_habit))
            if fixture.lists_guests:
                sharing.append(accounts[-1])
    for account, partner in itertools.pairwise(sharing[::4]):
        account.partner = partner
    return accounts


def _present() -> list[tuple[PlatformFixture, WorldShare]]:
    """The platforms of the world in their order."""
    found = [(each, each.world) for each in FIXTURES.values() if each.world]
    return sorted(found, key=lambda pair: pair[1].place)


class _Writer:
    """Writes the posts of all accounts; no two get the same number."""

    def __init__(
        self,
        seed: int,
        spans: Sequence[Span],
        office_rows: Mapping[str, OfficeRow],
        pace: growth.Pace,
    ) -> None:
        self._spans = spans
        self._zones = {row.office_id: row.time_zone for row in office_rows.values()}
        self._pace = pace
        self._paces = {
            office_id: pace.of_office(Random(f"{seed}/{office_id}")) for office_id in office_rows
        }
        self._serials = itertools.count(1)

    def posts(self, account: Account, mean: int) -> Iterator[Post]:
        """An account's posts in the order of their publication."""
        if account.fate == "quiet":
            return
        reach = growth.audience(account.rng)
        for instant in sorted(self._instants(account, mean)):
            yield self._post(account, instant, reach)

    def next_ids(self, row: AccountRow, instant: datetime) -> PostIds:
        """The names of one post more."""
        return ids(row, instant, next(self._serials), is_story=False)

    def _instants(self, account: Account, mean: int) -> Iterator[datetime]:
        """When an account publishes: several times on each of a few days of a month."""
        rng, spans = account.rng, self._spans
        share = FIXTURES[account.rows[0].platform].world
        count = round(mean * rng.uniform(0.6, 1.4) * (share.posts if share else 1))
        midnight = JAKARTA - HOURS_AHEAD[self._zone(account)] * timedelta(hours=1)
        for _ in range(2):
            yield spans[0][0] - rng.randrange(7 * 86400) * SECOND
        for start, end in spans:
            days = (end - start).days
            busy = rng.sample(range(days), min(days, -(-count // _POSTS_PER_DAY)))
            for _ in range(count):
                hours = rng.triangular(6, 18, 10) if rng.random() < 0.7 else rng.uniform(18, 22)
                seconds = int(hours * 3600)
                instant = start + midnight + rng.choice(busy) * DAY + seconds * SECOND
                if rng.random() < 0.02:  # at the month's edge, where zones differ on the month
                    shift = rng.randrange(3 * 3600) * SECOND
                    instant = rng.choice((start + shift, end - shift - SECOND))
                yield instant

    def _zone(self, account: Account) -> str:
        return self._zones[account.rows[0].office_id]

    def _post(self, account: Account, instant: datetime, reach: float) -> Post:
        rng, row = account.rng, account.rows[0]
        fixture = FIXTURES[row.platform]
        post_type = rng.choice(fixture.post_types)
        text = captions.caption(rng, row.name)
        text = captions.with_tags(rng, text, (instant + JAKARTA).date())
        draw = rng.random()
        is_reply = fixture.tells_replies_by_text and draw < 0.15
        if is_reply:
            text = f"@{rng.choice(captions.STRANGERS)} {text}"
        elif fixture.tells_replies_by_text and draw < 0.2 and account.fate != "renamed":
            text = f"@{row.handle} {text}"  # an answer to itself is no reply
        elif not fixture.has_line_ends:
            text = text.replace("\n", " ")
        is_story = post_type == fixture.story_type
        names = ids(row, instant, next(self._serials), is_story)
        kind = growth.kind_of(post_type)
        own = self._pace.of_post(rng, row.platform, kind, self._paces[row.office_id])
        hour = (instant.hour + HOURS_AHEAD[self._zone(account)]) % 24
        return Post(
            platform=row.platform,
            post_id=names.post_id,
            delivered_id=names.delivered_id,
            link_id=names.link_id,
            account=row.account_id,
            published_at=instant,
            text=text,
            post_type=post_type,
            is_reply=is_reply,
            is_repost=fixture.marks_shares and draw < 0.04,
            is_story=is_story,
            is_cross_post=post_type == fixture.cross_posted_type and draw > 0.7,
            hides_comments=account.format.can_hide_comments and draw < 0.05,
            published_precision=fixture.published_precision,
            limits=growth.limits(rng, own, row.platform, kind, hour, reach),
            growth=own,
        )
