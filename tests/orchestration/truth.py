"""What is true of a sample world, worked out from the world itself and not from any export's text.

What belongs here: the rankings as they must come out. What does not: reading or scoring code of the
project; only the value of a post at an age comes from `tests.reference`.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ingest.sample import Post, World
from tests.reference import value_at, value_of_day, value_of_last

JAKARTA = ZoneInfo("Asia/Jakarta")
#: The shipped policies: their window in hours; both weigh likes, comments and shares by 1, cut off
#: after 7 days, and leave out replies, reposts and stories.
WINDOWS = {"kemenkum-2025-07": 24, "kuantitas-2025-01": None}
WEIGHTED = ("likes", "comments", "shares")


def scores(world: World, month: str, policy_id: str) -> dict[tuple[str, str], int]:
    """(category, office) to score, for every office that is valid in the month."""
    first = date.fromisoformat(f"{month}-01")
    after = (first + timedelta(days=32)).replace(day=1)
    cutoff = _utc(after + timedelta(days=7))
    found = {
        (category, office.office_id): 0
        for category in ("active", "popular")
        for office in world.offices
        if office.valid_from < after and (not office.valid_to or office.valid_to > first)
    }
    for post, sightings in _sightings(world).items():
        day = _utc_to_local(post.published_at)
        office = _office(world, post.account, day)
        late = min(instant for instant, _ in sightings) > cutoff
        excluded = post.is_reply or post.is_repost or post.is_story
        if first <= day < after and office and not late and not excluded:
            found["active", office] += 1
            found["popular", office] += _value(post, sightings, cutoff, WINDOWS[policy_id]) or 0
    return found


def ranks(scores_: dict[str, int]) -> dict[str, int]:
    """1 + the number of offices with a strictly greater score."""
    return {
        office: 1 + sum(other > score for other in scores_.values())
        for office, score in scores_.items()
    }


def _sightings(world: World) -> dict[Post, list[tuple[datetime, dict[str, int | None]]]]:
    found: dict[Post, list[tuple[datetime, dict[str, int | None]]]] = defaultdict(list)
    for export in world.exports:
        for post in export.posts:
            found[post].append((export.captured_at, export.observation(post)))
    return found


def _value(
    post: Post,
    sightings: list[tuple[datetime, dict[str, int | None]]],
    cutoff: datetime,
    window: int | None,
) -> int | None:
    day = _utc_to_local(post.published_at)
    begins = post.told_at or _utc(day)
    used = [(at, seen) for at, seen in sightings if begins <= at <= cutoff]
    reported = {name for name in WEIGHTED for _, seen in used if seen[name] is not None}
    sums: dict[datetime, list[int]] = {}
    for at, seen in used:
        counts = [count for name in reported if (count := seen[name]) is not None]
        if counts and len(counts) == len(reported):
            sums.setdefault(at, []).append(sum(counts))
    policy = {"window_hours": window, "late_limit_hours": None, "time_zone": "Asia/Jakarta"}
    if window is None:
        return value_of_last(sums).value
    if post.told_at is None:
        return value_of_day(day, sums, policy).value
    return value_at(post.told_at + timedelta(hours=window), sums, policy).value


def _office(world: World, account: str, day: date) -> str | None:
    for row in world.accounts:
        if row.account_id == account and row.valid_from <= day < (row.valid_to or date.max):
            return row.office_id
    return None


def _utc(day: date) -> datetime:
    local = datetime(day.year, day.month, day.day, tzinfo=JAKARTA)
    return local.astimezone(UTC).replace(tzinfo=None)


def _utc_to_local(instant: datetime) -> date:
    return instant.replace(tzinfo=UTC).astimezone(JAKARTA).date()
