"""What is true of a sample world, worked out from the world itself and not from any export's text.

What belongs here: the scores as they must come out of what the exports show, what the posts really
had, and the ranks. What does not: reading or scoring code of the project; only the value of a
component at the window's end comes from `tests.reference`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from ingest.sample import AccountRow, Post, World
from tests.reference.values import Curve, Numbers, Window, last_value, together, value_at_end

JAKARTA = ZoneInfo("Asia/Jakarta")
#: The policies of the sample's home: their window in hours; both cut off after 7 days, and leave
#: out replies, reposts and stories.
WINDOWS = {"kemenkum-2025-07": 24, "kuantitas-2025-01": None}
#: The components that weigh 1, as policies name them and as the world does; the others weigh 0.
WEIGHTED = {"like": "likes", "comment": "comments", "share": "shares"}
#: Without shares on YouTube, by the policy with a window.
WEIGHTED_ON_YOUTUBE = {"like": "likes", "comment": "comments"}

#: (category, office) to score.
Scores = dict[tuple[str, str], int]


def scores(
    world: World,
    month: str,
    policy_id: str,
    curves: Mapping[str, Curve],
    accounts: Sequence[AccountRow] = (),
) -> Scores:
    """What the exports show, for every office that is valid in the month.

    Args:
        world: its exports are the evidence.
        month: `YYYY-MM`.
        policy_id: one of `WINDOWS`.
        curves: of each platform, as `curves_of` reads them.
        accounts: the registry's rows; none: the world's.
    """
    found = _zeros(world, month)
    cutoff = _utc(_after(month) + timedelta(days=7))
    for post, office, seen in _counted(world, month, accounts or world.accounts, cutoff):
        found["active", office] += 1
        window, curve = WINDOWS[policy_id], curves[post.platform]
        found["popular", office] += _value(post, seen, cutoff, window, curve)
    return found


def true_scores(world: World, month: str, accounts: Sequence[AccountRow] = ()) -> Scores:
    """What the same posts really had 24 hours after their publication."""
    found = _zeros(world, month)
    cutoff = _utc(_after(month) + timedelta(days=7))
    for post, office, _ in _counted(world, month, accounts or world.accounts, cutoff):
        had = post.counters_at(post.published_at + timedelta(hours=24))
        found["active", office] += 1
        weighted = WEIGHTED_ON_YOUTUBE if post.platform == "youtube" else WEIGHTED
        found["popular", office] += sum(getattr(had, name) for name in weighted.values())
    return found


def ranks(scores_: Mapping[str, int]) -> dict[str, int]:
    """1 + the number of offices with a strictly greater score."""
    return {
        office: 1 + sum(other > score for other in scores_.values())
        for office, score in scores_.items()
    }


def curves_of(policy: Path) -> dict[str, Curve]:
    """Platform to rows of hours, low, typical and high of a policy's file."""
    rows = yaml.safe_load(policy.read_text(encoding="utf-8"))["growth"]
    return {
        platform: [(row["hours"], row["low"], row["typical"], row["high"]) for row in curve]
        for platform, curve in rows.items()
    }


def _zeros(world: World, month: str) -> Scores:
    first, after = _first(month), _after(month)
    return {
        (category, office.office_id): 0
        for category in ("active", "popular")
        for office in world.offices
        if office.valid_from < after and (not office.valid_to or office.valid_to > first)
    }


_Seen = list[tuple[datetime, dict[str, int | None]]]


def _sightings(world: World) -> dict[tuple[str, str], _Seen]:
    """Platform and ID of a post to what the exports show of it, each at its instant."""
    found: dict[tuple[str, str], _Seen] = defaultdict(list)
    for export in world.exports:
        for post in export.told:
            sighting = (export.captured_at, export.observation(post))
            found[post.platform, post.post_id].append(sighting)
    return found


def _counted(
    world: World, month: str, accounts: Iterable[AccountRow], cutoff: datetime
) -> Iterator[tuple[Post, str, _Seen]]:
    """The month's posts that count, each with its office and what was seen of it."""
    seen = _sightings(world)
    first, after = _first(month), _after(month)
    by_id = defaultdict(list)
    for row in accounts:
        by_id[row.account_id].append(row)
    for post in world.posts:
        sightings = seen.get((post.platform, post.post_id))
        day = _utc_to_local(post.published_at)
        office = _office(by_id[post.account], day)
        if not sightings:
            continue
        late = min(instant for instant, _ in sightings) > cutoff
        excluded = post.is_reply or post.is_repost or post.is_story
        if first <= day < after and office and not late and not excluded:
            yield post, office, sightings


def _value(
    post: Post, sightings: _Seen, cutoff: datetime, window_hours: int | None, curve: Curve
) -> int:
    day = _utc_to_local(post.published_at)
    begins = post.told_at or _utc(day)
    components = {}
    has_own_weights = post.platform == "youtube" and window_hours is not None
    weighted = WEIGHTED_ON_YOUTUBE if has_own_weights else WEIGHTED
    for component, name in weighted.items():
        numbers: Numbers = {}
        for instant, counts in sightings:
            count = counts[name]
            if count is not None and begins <= instant <= cutoff:
                numbers.setdefault(instant, []).append(count)
        if window_hours is None:
            components[component] = last_value(numbers)
            continue
        window = Window(
            first=begins,
            middle=post.told_at or begins + timedelta(hours=12),
            last=post.told_at or begins + timedelta(hours=24),
            hours=window_hours,
        )
        components[component] = value_at_end(numbers, window, curve)
    return together(dict.fromkeys(weighted, 1), components).value or 0


def _office(rows: Iterable[AccountRow], day: date) -> str | None:
    for row in rows:
        if row.valid_from <= day < (row.valid_to or date.max):
            return row.office_id
    return None


def _first(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _after(month: str) -> date:
    return (_first(month) + timedelta(days=32)).replace(day=1)


def _utc(day: date) -> datetime:
    local = datetime(day.year, day.month, day.day, tzinfo=JAKARTA)
    return local.astimezone(UTC).replace(tzinfo=None)


def _utc_to_local(instant: datetime) -> date:
    return instant.replace(tzinfo=UTC).astimezone(JAKARTA).date()
