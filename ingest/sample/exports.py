"""The files that tell of a world: when an account is exported, and what each file lists.

What belongs here: habits of exporting, names and ranges of files, who sends them and when they are
received. What does not: accounts and posts (`world.py`), odd single events (`story.py`) and how a
file is written (`writing.py`). The months are Jakarta's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

from ingest.sample.formats import ExportFormat
from ingest.sample.platforms import FIXTURES
from ingest.sample.truth import DAY, SECOND, AccountRow, Counters, Export, OfficeRow, Post
from ingest.sample.writing import PERIOD

_EPOCH = datetime(1970, 1, 1)
JAKARTA = timedelta(hours=7)  # ahead of UTC, without daylight saving
_HOUR = timedelta(hours=1)

Span = tuple[datetime, datetime]


class Habit(NamedTuple):
    """How an office exports each of its accounts."""

    #: Hours between two exports; None: only once, some days after each month.
    every_hours: int | None
    #: Nothing is exported while no post is young, for then it would tell nothing new about the
    #: first 24 hours of any.
    only_while_young: bool = False


@dataclass(slots=True)
class Account:
    """An account in the making, with its rows in the registry and its fate."""

    rng: Random
    format: ExportFormat
    rows: list[AccountRow]
    fate: str
    habit: Habit
    posts: list[Post] = field(default_factory=list)
    partner: Account | None = None  # whose posts this one shares as a collaborator
    silent_from: datetime | None = None  # nothing is exported of what comes after

    def row_at(self, instant: datetime) -> AccountRow:
        """The valid row; where an alias gives two, either."""
        day = instant.date()
        valid = [row for row in self.rows if row.valid_from <= day < (row.valid_to or date.max)]
        return self.rng.choice(valid)


def month_span(month: str) -> Span:
    """The instants at which a month starts and ends in Jakarta."""
    start = datetime.fromisoformat(f"{month}-01")
    return start - JAKARTA, (start + 31 * DAY).replace(day=1) - JAKARTA


def exports(
    account: Account, spans: Sequence[Span], offices: Mapping[str, OfficeRow]
) -> Iterator[Export]:
    """An account's files of all months, in the order of their capture."""
    rng, partner = account.rng, account.partner
    file_name = account.format.file_name
    tells_range, tells_instant = "{start" in file_name, "{unix}" in file_name
    # Some send through the ministry's bureau, whose folder names no office; so a sidecar says whose
    # an export is, as YouTube's name no account.
    names_account = FIXTURES[account.rows[0].platform].names_account
    is_central = rng.random() < (0.1 if names_account else 0.5)
    guests = [post for post in partner.posts[::5] if not post.is_story] if partner else []
    newest_first = sorted([*account.posts, *guests], key=lambda p: p.published_at, reverse=True)
    told_before = set()
    for captured_at, span in _captures(account, spans):
        owners = [each.row_at(captured_at) for each in (account, partner) if each]
        row, local = owners[0], captured_at + JAKARTA
        has_sidecar = not tells_instant and (is_central or rng.random() < 0.1)
        first, last = _EPOCH, captured_at
        covers_from = covers_to = None
        if tells_range or has_sidecar:
            # A day earlier at least, for Meta's days begin later than Jakarta's; and two, so that
            # the posts of a month's last day are seen when they are a day old.
            first = span[0] - rng.choice((2, 2, 3, 31)) * DAY
            last = min(captured_at, span[1] - SECOND)
            covers_from, covers_to = (first + JAKARTA).date(), (last + JAKARTA).date()
        posts = tuple(
            post
            for post in newest_first
            if first <= post.published_at <= last and post.is_there(captured_at)
        )
        # Files of the same bytes are the same delivery; only a sidecar keeps their captures apart.
        told = tuple((post.post_id, post.counters_at(captured_at)) for post in posts)
        has_sidecar |= not tells_instant and told in told_before
        has_sidecar |= not tells_instant and not posts
        if has_sidecar and covers_from is None:
            covers_from = (span[0] - 2 * DAY + JAKARTA).date()
            covers_to = (captured_at + JAKARTA).date()
        told_before.add(told)
        source = "name" if tells_instant else "sidecar" if has_sidecar else "receipt"
        delay = 0 if source == "receipt" else rng.randrange(3600, 40 * 3600)
        folder = f"{'kiriman' if is_central else row.office_id}/{row.platform}"
        name = file_name.format(
            start=covers_from,
            end=covers_to,
            digits=rng.randrange(10**14, 10**16),
            since=local - PERIOD,
            unix=(captured_at - _EPOCH) // SECOND,
            handle=row.handle,
        )
        columns = _arranged(rng, account.format)
        yield Export(
            path=f"{folder}/{local:%Y-%m-%d %H%M}/{name}",
            format=account.format,
            columns=columns,
            reported=frozenset(Counters._fields) & {name for _, name in columns},
            account=row.account_id,
            office=offices[row.office_id],
            owners={owner.account_id: owner for owner in owners},
            captured_at=captured_at,
            captured_at_source=source,
            received_at=captured_at + delay * SECOND,
            covers_from=covers_from,
            covers_to=covers_to,
            posts=posts,
        )


def _captures(account: Account, spans: Sequence[Span]) -> list[tuple[datetime, Span]]:
    """Each capture with the month that it exports."""
    rng, habit = account.rng, account.habit
    found = []
    if habit.every_hours:
        found += [(at, _span_of(at, spans)) for at in _regular(account, habit.every_hours, spans)]
    for span in spans:
        late = rng.randrange(6 * 3600, 5 * 86400)
        if habit.every_hours is None:
            late = rng.randrange(3 * 86400, 6 * 86400)
        if not account.silent_from or span[0] < account.silent_from:
            found.append((span[1] + late * SECOND, span))
    return sorted(found)


def _regular(account: Account, every_hours: int, spans: Sequence[Span]) -> Iterator[datetime]:
    """Captures at a steady pace, until two days after the last month."""
    rng, every = account.rng, every_hours * _HOUR
    jitter = every_hours * 3600 // 24
    at = spans[0][0] + rng.randrange(min(every_hours, 24) * 3600) * SECOND
    stop = min(spans[-1][1] + 2 * DAY, account.silent_from or datetime.max)
    while at < stop:
        instant = at + rng.randrange(-jitter, jitter) * SECOND
        at += every
        is_young = any(
            post.published_at <= instant < post.published_at + DAY + every for post in account.posts
        )
        if instant >= spans[0][0] and (is_young or not account.habit.only_while_young):
            yield instant


def _span_of(instant: datetime, spans: Sequence[Span]) -> Span:
    """The month of a capture; after the last month, that."""
    return next((span for span in spans if instant < span[1]), spans[-1])


def _arranged(rng: Random, export_format: ExportFormat) -> tuple[tuple[str, str], ...]:
    """The columns of one file: order and number vary where they do on the platform."""
    columns = export_format.columns
    if export_format.fixed_columns is not None:
        free = columns[export_format.fixed_columns :]
        columns = columns[: export_format.fixed_columns] + tuple(rng.sample(free, len(free)))
    draw = rng.random()
    left_out = export_format.left_out_at_times
    if left_out and draw < 0.3:
        return tuple(column for column in columns if column[1] not in left_out)
    if ("Views", "zero") in columns and draw < 0.5:  # either of the two can be the dead one
        other = {"views": "zero", "zero": "views"}
        return tuple((head, other[name] if head == "Views" else name) for head, name in columns)
    return columns
