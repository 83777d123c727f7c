"""Random small lakes, to hold one implementation of the ranking against another.

What belongs here: hypothesis strategies that draw a valid registry, policies, posts and the
deliveries that show them, aimed at the edges where implementations part (month edges to the second,
the window's end, cut-offs, changes of registry and clock), and the writing of such a lake as
Parquet. What does not: what a lake is worth (`reference.py`), and the platforms' own export files.

Every office, account, policy, post and delivery is drawn from a seed of its own, so that drawing is
cheap and a failing world shrinks by dropping things while the others stay. Instants are UTC
without a zone mark, in whole seconds, from May to November 2025.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dataframely as dy
import polars as pl
from hypothesis import strategies as st

from ingest import batches
from ingest.pipeline import platform_table
from ingest.platforms import KEYS
from ingest.schemas import (
    MAX_COUNT,
    NO_MONTH,
    Account,
    AccountDay,
    Campaign,
    Comment,
    Delivery,
    GrowthRow,
    Office,
    OpinionDraw,
    OpinionInterval,
    OpinionLabel,
    OpinionOffice,
    PlatformWeights,
    Policy,
    PostObservation,
    Reject,
)
from tests.reference import COMPONENTS, Lake, Row, last_day, next_month, utc
from tests.reference.values import weights_on

LEAGUES = ("kanwil", "unit_utama", "upt")
#: The official policy begins with July, and clocks change around September and October.
MONTHS = tuple(date(2025, month, 1) for month in (6, 7, 7, 8, 9, 9, 10, 10))
ZONES = (
    "Asia/Jakarta",
    "Asia/Jakarta",
    "Asia/Jayapura",
    "America/Los_Angeles",
    "UTC",
    "Pacific/Kiritimati",
    "Europe/London",
    "Asia/Kathmandu",
    "America/Santiago",
)
#: Where a clock changes in these months; Santiago's 7 September has no midnight.
NIGHTS = {
    "America/Los_Angeles": datetime(2025, 11, 2, 9),
    "Europe/London": datetime(2025, 10, 26, 1),
    "America/Santiago": datetime(2025, 9, 7, 4),
}
EARLIEST, LATEST = datetime(2025, 5, 1), datetime(2025, 11, 30, 23, 59, 59)
ALWAYS = date(2024, 1, 1)
#: What a policy's row holds that the lake keeps in tables of their own.
_NESTED = ("engagement_on", "growth")
SEEDS = st.integers(0, 2**32 - 1)


@dataclass(frozen=True)
class _Owner:
    """Whoever owns posts on a platform: a registered account, or nobody whom the registry knows."""

    platform: str
    account_id: str | None
    spans: list[Row]


@dataclass(frozen=True)
class _Post:
    """The truth about one post; `at` is its instant (UTC), `day` what a day-only export prints."""

    index: int
    owner: _Owner
    at: datetime
    day: date
    precisions: tuple[str, ...]
    peaks: dict[str, int]
    growing: timedelta
    flags: dict[str, bool]


@dataclass(frozen=True)
class _File:
    """The bytes of one export, as the records that a reader finds in it."""

    sha256: str
    platform: str
    rows: list[Row]
    posts: list[_Post]


@dataclass
class _World:
    """What has been drawn so far; `month` is the one that most things happen around."""

    month: date
    platforms: list[str]
    policies: list[Row] = field(default_factory=list)
    offices: list[Row] = field(default_factory=list)
    accounts: list[Row] = field(default_factory=list)
    owners: list[_Owner] = field(default_factory=list)
    posts: list[_Post] = field(default_factory=list)
    files: list[_File] = field(default_factory=list)
    deliveries: list[Row] = field(default_factory=list)
    rejects: list[Row] = field(default_factory=list)


@st.composite
def lakes(draw: st.DrawFn, *, max_posts: int = 12, max_deliveries: int = 8) -> Lake:
    """Lakes of 1-5 offices, 0-6 accounts, 1-3 policies and few months, with a valid registry."""

    def each(what: str, low: int, high: int) -> Iterator[random.Random]:
        for place in range(high):
            seed = draw(SEEDS, label=f"{what} {place}")
            # Zero drops the thing, so that shrinking can take any one out and leave the rest. The
            # place keeps equal seeds from drawing the same numbers.
            rng = random.Random(f"{what} {place} {seed}")
            if place < low or (seed != 0 and rng.random() < fullness):
                yield rng

    frame = random.Random(draw(SEEDS, label="frame"))
    fullness = frame.choice([0.2, 0.4, 0.7, 0.9, 1])
    # The two platforms with a rule of their own come first most often.
    special = frame.sample(["instagram", "youtube"], frame.randint(0, 2))
    ordered = [*special, *frame.sample(KEYS, len(KEYS))]
    platforms = list(dict.fromkeys(ordered))[: draw(st.integers(1, len(KEYS)))]
    leagues = LEAGUES[: draw(st.integers(1, len(LEAGUES)))]
    world = _World(frame.choice(MONTHS), platforms)
    for rng in each("policy", 1, 3):
        _add_policy(rng, world, leagues)
    for rng in each("office", 1, 5):
        _add_office(rng, world, leagues)
    for rng in each("account", 0, 6):
        _add_account(rng, world)
    for platform in platforms:
        world.owners.append(_Owner(platform, None, [_stranger(platform)]))
    for rng in each("post", 0, max_posts):
        _add_post(rng, world)
    for rng in each("delivery", 1, max_deliveries):
        _add_delivery(rng, world)
    rows = [row for file in world.files for row in file.rows]
    return Lake(
        observations=rows,
        deliveries=world.deliveries,
        offices=world.offices,
        accounts=world.accounts,
        policies=world.policies,
        rejects=world.rejects,
    )


def write_lake(lake: Lake, folder: Path) -> None:
    """Writes the tables as Parquet, the observations by platform and month.

    Every platform also has an empty file, so that a reader always finds the schema.
    """
    rows = _frame(PostObservation, lake.observations)
    parts = {(platform, NO_MONTH): rows.clear() for platform in KEYS}
    for (platform, month), part in rows.group_by("platform", batches.MONTH, maintain_order=True):
        parts[str(platform), str(month)] = part
    for (platform, month), part in parts.items():
        path = folder / "observations" / f"platform={platform}" / f"month={month}" / "all.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_parquet(path)
    for name in ("account_days", "comments", "contents", "labels", "rejects"):
        (folder / name).mkdir(exist_ok=True)
    _frame(AccountDay, []).write_parquet(folder / "account_days" / "_empty.parquet")
    _frame(Comment, []).write_parquet(folder / "comments" / "_empty.parquet")
    _frame(OpinionLabel, []).write_parquet(folder / "labels" / "_empty.parquet")
    _frame(OpinionOffice, []).write_parquet(folder / "opinion_offices.parquet")
    _frame(OpinionDraw, []).write_parquet(folder / "opinion_draws.parquet")
    _frame(OpinionInterval, []).write_parquet(folder / "opinion_intervals.parquet")
    accounts = rows.select("sha256", "platform_account_id", "account_handle").unique()
    told = accounts.with_columns(
        account_post_count=pl.col("sha256").replace_strict(
            dict(lake.posts_in_all), default=None, return_dtype=pl.Int64
        ),
        account_follower_count=pl.col("sha256").replace_strict(
            dict(lake.followers), default=None, return_dtype=pl.Int64
        ),
    )
    batches.contents(rows, told).write_parquet(folder / "contents" / "all.parquet")
    _frame(Delivery, lake.deliveries).write_parquet(folder / "deliveries.parquet")
    _frame(Office, lake.offices).write_parquet(folder / "offices.parquet")
    _frame(Account, lake.accounts).write_parquet(folder / "accounts.parquet")
    _frame(Campaign, lake.campaigns).write_parquet(folder / "campaigns.parquet")
    policies = [{k: v for k, v in p.items() if k not in _NESTED} for p in lake.policies]
    _frame(Policy, policies).write_parquet(folder / "policies.parquet")
    weights = [row for policy in lake.policies for row in _weights(policy)]
    _frame(PlatformWeights, weights).write_parquet(folder / "policy_weights.parquet")
    growth = [row for policy in lake.policies for row in _growth(policy)]
    _frame(GrowthRow, growth).write_parquet(folder / "policy_growth.parquet")
    _frame(Reject, lake.rejects).write_parquet(folder / "rejects" / "all.parquet")
    platform_table().write_parquet(folder / "platforms.parquet")


def _weights(policy: Row) -> Iterator[Row]:
    for platform in policy["platforms"]:
        own = weights_on(policy, platform)
        weights = {f"{component}_weight": own.get(component, 0) for component in COMPONENTS}
        yield {"policy_id": policy["policy_id"], "platform": platform, **weights}


def _growth(policy: Row) -> Iterator[Row]:
    for platform, curve in (policy["growth"] or {}).items():
        for hours, low, typical, high in curve:
            yield {
                "policy_id": policy["policy_id"],
                "platform": platform,
                "hours": hours,
                "low": low,
                "typical": typical,
                "high": high,
            }


def _frame(schema: type[dy.Schema], rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema.create_empty().schema)


def _hash(*parts: Any) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _chance(rng: random.Random, percent: int) -> bool:
    return rng.random() * 100 < percent


def _day_near(rng: random.Random, month: date) -> date:
    """A day on or next to an edge of the month, or within it: where registries change."""
    edges = [month - timedelta(days=1), month, month + timedelta(days=1), next_month(month)]
    edges += [last_day(month), next_month(month) + timedelta(days=1)]
    return rng.choice([*edges, *(month + timedelta(days=rng.randrange(-20, 45)) for _ in range(6))])


# Policies


def _add_policy(rng: random.Random, world: _World, leagues: tuple[str, ...]) -> None:
    """A shipped policy, unless another is in force in its time, or a random one."""
    official, former = SHIPPED_POLICIES
    shipped = rng.choice([official, official, official, former, None, None])
    is_free = not any(_overlap(p, shipped, "effective") for p in world.policies if shipped)
    if shipped is not None and is_free and not (_nights(world) and _chance(rng, 40)):
        world.policies.append(shipped)
    else:
        world.policies.append(_random_policy(rng, world, leagues))


def _random_policy(rng: random.Random, world: _World, leagues: tuple[str, ...]) -> Row:
    """Any weights, window, limits, flags and zone, in force while no other policy is."""
    policy_id = f"acak-{len(world.policies) + 1}"
    platforms = _some(rng, KEYS)
    window = rng.choice([None, 0, 1, 12, 24, 24, 48, 72, rng.randrange(72)])
    return {
        "policy_id": policy_id,
        "policy_sha256": _hash(policy_id),
        "title": "Acak",
        **_free_span(rng, world),
        "time_zone": rng.choice([*ZONES, *[*_nights(world)] * 6]),
        "platforms": platforms,
        "leagues": _some(rng, leagues),
        **{f"{c}_weight": rng.choice([0, 1, 1, 1, 2, 3, 1000]) for c in COMPONENTS},
        "engagement_on": _engagement_on(rng, platforms),
        "window_hours": window,
        "growth": _curves(rng, platforms, window),
        "growth_correlation_percent": rng.choice([0, 10, 10, 50, 100]),
        "late_limit_hours": rng.choice([*([None] * 5), 0, 1, 24, 72, 240]),
        "cutoff_days": rng.choice([None, None, 0, 1, 3, 6, 7, 7, 10]),
        **{f"counts_{what}": _chance(rng, 50) for what in ("replies", "reposts", "stories")},
        "counts_cross_posts": _chance(rng, 60),
        "collaborations": "owner",
        "minimum_coverage_percent": rng.choice([0, 50, 100]),
        "minimum_evidence_percent": rng.choice([0, 50, 100]),
    }


def _engagement_on(rng: random.Random, platforms: list[str]) -> Row | None:
    """Other weights on some platforms: of some components, or of none."""
    if not _chance(rng, 40):
        return None
    return {
        platform: {c: rng.choice([0, 1, 2]) for c in COMPONENTS if _chance(rng, 60)}
        for platform in platforms
        if _chance(rng, 50)
    }


def _curves(rng: random.Random, platforms: list[str], window: int | None) -> Row | None:
    """A growth curve for each platform; now and then one that stands still for a while."""
    if not window or not _chance(rng, 65):
        return None
    return {platform: _curve(rng, window) for platform in platforms}


def _curve(rng: random.Random, window: int) -> list[list[int]]:
    before = sorted(rng.sample(range(1, window), min(window - 1, rng.choice([0, 1, 3]))))
    after = sorted(rng.sample(range(window + 1, 1000), rng.choice([0, 1, 3])))
    rows = [[0, 0, 0, 0]]
    for hours in before:
        least = rows[-1]
        low = rng.choice([least[1], rng.randint(least[1], 1000)])
        typical = rng.randint(max(low, least[2]), 1000)
        rows.append([hours, low, typical, rng.randint(max(typical, least[3]), 1000)])
    rows.append([window, 1000, 1000, 1000])
    for hours in after:
        least = rows[-1]
        low = rng.choice([least[1], least[1] + rng.randrange(300)])
        typical = max(low, least[2]) + rng.randrange(300)
        rows.append([hours, low, typical, max(typical, least[3]) + rng.randrange(300)])
    return rows


def _nights(world: _World) -> dict[str, datetime]:
    """The zones whose clock changes in the world's month or just after it."""
    return {
        zone: night
        for zone, night in NIGHTS.items()
        if timedelta() <= night.date() - world.month <= timedelta(days=32)
    }


def _some(rng: random.Random, names: tuple[str, ...]) -> list[str]:
    """Mostly all of them, else at least one, in any order."""
    size = len(names) if _chance(rng, 60) else rng.randint(1, len(names))
    return rng.sample(names, size)


def _free_span(rng: random.Random, world: _World) -> Row:
    """Effective dates that touch no other policy's; far in the past if the present is taken."""
    first = world.month - timedelta(days=rng.choice([0, 0, 1, 15, 31]))
    for begins in (first, next_month(world.month)):
        ends = rng.choice([None, begins + timedelta(days=1), next_month(begins)])
        span = {"effective_from": begins, "effective_to": ends}
        if not any(_overlap(span, p, "effective") for p in world.policies):
            return span
    year = 2010 + len(world.policies)
    return {"effective_from": date(year, 1, 1), "effective_to": date(year + 1, 1, 1)}


def _overlap(one: Row, two: Row, name: str = "valid") -> bool:
    """Whether two spans share a day; the end is exclusive, and blank is never."""
    begins, ends = f"{name}_from", f"{name}_to"
    return bool(one[begins] < (two[ends] or date.max) and two[begins] < (one[ends] or date.max))


# Registry


def _add_office(rng: random.Random, world: _World, leagues: tuple[str, ...]) -> None:
    """An office of one league for ever, or one that starts, closes, or changes league or name."""
    office_id = f"O{len({o['office_id'] for o in world.offices}) + 1}"
    begins, ends, change = ALWAYS, None, _day_near(rng, world.month)
    shape = rng.choice(["ever", "ever", "ever", "starts", "closes", "changes"])
    if shape == "starts":
        begins = change
    elif shape == "closes":
        ends = change
    cuts = [begins, change] if shape == "changes" else [begins]
    for start, stop in zip(cuts, [*cuts[1:], ends], strict=True):
        world.offices.append(
            {
                "office_id": office_id,
                "name": f"Kantor {office_id} {start}",
                "league": rng.choice([leagues[0], rng.choice(leagues)]),
                "time_zone": rng.choice([None, "Asia/Makassar"]),
                "valid_from": start,
                "valid_to": stop,
            }
        )


def _add_account(rng: random.Random, world: _World) -> None:
    """An account with its aliases, its renames and its moves, without a gap from start to end."""
    platform = rng.choice(world.platforms[: rng.choice([1, 2, 5])])
    index = len(world.owners)
    account_id = f"A{index}"
    office_ids = sorted({o["office_id"] for o in world.offices})
    begins = _day_near(rng, world.month) if _chance(rng, 15) else ALWAYS
    ends = _day_near(rng, world.month) if _chance(rng, 15) else None
    if ends is not None and ends <= begins:
        ends = None
    changes = {_day_near(rng, world.month) for _ in range(rng.choice([0, 0, 1, 1, 2]))}
    cuts = [begins, *sorted(c for c in changes if begins < c and (ends is None or c < ends))]
    number = sum(owner.platform == platform for owner in world.owners)
    # The same numbers are given out on every platform: they name nobody without it.
    identity = None if _chance(rng, 25) else f"{100 + number}"
    alias = f"{200 + number}" if _chance(rng, 25) else None
    office_id, handle = rng.choice(office_ids), _handle(rng, index)
    owner = _Owner(platform, account_id, [])
    for start, stop in zip(cuts, [*cuts[1:], ends], strict=True):
        if start != begins:
            office_id = rng.choice([office_id, *office_ids])
            handle = rng.choice([handle, _handle(rng, index)])
        span = {
            "account_id": account_id,
            "office_id": office_id,
            "platform": platform,
            "platform_account_id": identity,
            "handle": handle,
            "name": None,
            "valid_from": start,
            "valid_to": stop,
        }
        span["handle"] = _free_handle(span, world.accounts, f"akun{index}")
        owner.spans.append(span)
        if alias is not None and _chance(rng, 70):
            owner.spans.append({**span, "platform_account_id": alias, "handle": None})
    world.accounts.extend(owner.spans)
    world.owners.append(owner)


def _handle(rng: random.Random, index: int) -> str | None:
    """One of few handles that accounts take over from each other, or one of its own, or none."""
    return rng.choice(["humas", "info", f"akun{index}", f"akun{index}", f"akun{index}b", None])


def _free_handle(span: Row, accounts: list[Row], otherwise: str) -> str | None:
    """The span's handle, unless another account has it on the platform on one of its days."""
    clashes = [
        a
        for a in accounts
        if a["account_id"] != span["account_id"]
        and a["platform"] == span["platform"]
        and a["handle"] == span["handle"]
        and _overlap(a, span)
    ]
    handle: str | None = span["handle"]
    return otherwise if clashes and handle is not None else handle


def _stranger(platform: str) -> Row:
    """How an account that no registry knows names itself."""
    return {
        "platform": platform,
        "platform_account_id": "999",
        "handle": "warga",
        "valid_from": ALWAYS,
        "valid_to": None,
    }


# Posts


def _add_post(rng: random.Random, world: _World) -> None:
    registered = [o for o in world.owners if o.account_id is not None]
    owner = rng.choice(registered if registered and _chance(rng, 93) else world.owners)
    at = _publication(rng, world)
    zone = rng.choice(["Asia/Jakarta", "America/Los_Angeles", "UTC"])
    precisions = rng.choice([("second",), ("minute",), ("second", "minute")])
    if owner.platform == "youtube":
        precisions = rng.choice([("day",), ("day",), ("day", "second"), ("second",)])
    small = [0, 1, 1, 2, 3, 5, 10, 720, rng.randrange(1000)]
    peaks = {c: rng.choice(small) for c in COMPONENTS}
    growing = timedelta(hours=rng.choice([1, 24, 30, 72, 720]))
    if _chance(rng, 20):
        # Steady growth: values between observations are often whole numbers, where floors part.
        peaks, growing = {c: rng.choice([0, 720]) for c in COMPONENTS}, timedelta(hours=72)
    elif _chance(rng, 12):
        # Times an interval in seconds it leaves a double's 53 bits and, with a large weight, 64.
        peaks = {c: MAX_COUNT - rng.randrange(1000) for c in COMPONENTS}
    flags = ("is_reply", "is_repost", "is_story", "is_cross_post")
    world.posts.append(
        _Post(
            index=sum(post.owner.platform == owner.platform for post in world.posts),
            owner=owner,
            at=at,
            day=at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date(),
            precisions=precisions,
            peaks=peaks,
            growing=growing,
            flags={flag: _chance(rng, 7) for flag in flags},
        )
    )


def _publication(rng: random.Random, world: _World) -> datetime:
    """An instant around an edge of the month in a policy's zone, a night of the clock, or any."""
    policy = rng.choice(world.policies)
    edges = [utc(m, policy["time_zone"]) for m in (world.month, next_month(world.month))]
    edges += [t for zone, t in _nights(world).items() if zone == policy["time_zone"]] * 8
    if _chance(rng, 50):
        near = [-1, 0, 1, -1800, 1800, rng.randrange(-90000, 90000)]
        return rng.choice(edges) + timedelta(seconds=rng.choice(near))
    return edges[0] + timedelta(seconds=rng.randrange(31 * 86400))


# Deliveries


def _add_delivery(rng: random.Random, world: _World) -> None:
    """A new file, or the bytes of an earlier one at another instant or from another sender."""
    # Half of the deliveries are about one post, so that some posts are seen again and again.
    posts = [rng.choice([world.posts[0], rng.choice(world.posts)])] if world.posts else []
    captured_at = _capture(rng, world, posts)
    if world.files and _chance(rng, 15):
        file = rng.choice(world.files)
        earlier = [d["captured_at"] for d in world.deliveries if d["sha256"] == file.sha256]
        # The same bytes for the same instant, but perhaps from another sender.
        captured_at = rng.choice([captured_at, *earlier])
    else:
        file = _file(rng, world, posts, captured_at)
        world.files.append(file)
    office_id, account_id = _claims(rng, world, file)
    covers_from, covers_to = _range(rng, world.month)
    is_loaded, rejected = not _chance(rng, 8), _add_rejects(rng, world, file)
    status = "rejected" if rejected and not file.rows else "loaded"
    delivery_id = _hash(file.sha256, captured_at, office_id, account_id)[:16]
    if any(d["delivery_id"] == delivery_id for d in world.deliveries):
        return  # says nothing new: the same delivery
    world.deliveries.append(
        {
            "delivery_id": delivery_id,
            "sha256": file.sha256,
            "name": f"{file.platform}.csv",
            "folder": office_id or "",
            "received_at": captured_at + timedelta(hours=1),
            "captured_at": captured_at,
            "captured_at_source": "sidecar",
            "office_id": office_id,
            "account_id": account_id,
            "covers_from": covers_from,
            "covers_to": covers_to,
            "covers_source": rng.choice(["name", "sidecar"]) if covers_from or covers_to else None,
            "platform": file.platform if is_loaded else rng.choice([file.platform, None]),
            "kind": f"{file.platform}_posts" if is_loaded else None,
            "status": status if is_loaded else "quarantined",
            "reason": None if is_loaded else "unknown header",
            "record_count": len(file.rows) + rejected,
            "loaded_count": len(file.rows),
            "rejected_count": rejected,
            "set_aside_count": 0,
            "is_truncated": _chance(rng, 12),
            "repairs": [],
            "holds": "posts",
            "covers_posts": True,
            "unknown_columns": rng.choice([[], [], ["Baru"]]),
        }
    )


def _add_rejects(rng: random.Random, world: _World, file: _File) -> int:
    """A file's rejected records: of a post that others may know, of one that nobody knows, or dark.

    The bytes say the same whenever they come.
    """
    known = [reject for reject in world.rejects if reject["sha256"] == file.sha256]
    if known or any(d["sha256"] == file.sha256 for d in world.deliveries):
        return len(known)
    if not _chance(rng, 25):
        return 0
    post = rng.choice(world.posts) if world.posts and _chance(rng, 60) else None
    is_dated = post is not None and _chance(rng, 50)
    reject = {
        "sha256": file.sha256,
        "record_number": 1 + max((row["record_number"] for row in file.rows), default=0),
        "rule": "unreadable_id",
        "detail": "",
        "platform": file.platform,
        "post_id": rng.choice([f"{1000 + post.index}", "unknown"]) if post else None,
        "published_at": post.at if post and is_dated and _chance(rng, 50) else None,
        "published_date": None,
    }
    if post and is_dated and reject["published_at"] is None:
        reject["published_date"] = post.day
    world.rejects.append(reject)
    return 1


def _capture(rng: random.Random, world: _World, posts: list[_Post]) -> datetime:
    """An instant at an edge of some policy, post or other delivery, give or take a second."""
    second, policy = timedelta(seconds=1), rng.choice(world.policies)
    month_end = utc(next_month(world.month), policy["time_zone"])
    edges = _policy_edges(policy, world)
    if posts and _chance(rng, 60):
        edges = _post_edges(policy, posts[0])
    captured_at = rng.choice(edges) + rng.choice([-1, 0, 0, 0, 1]) * second
    if posts and _chance(rng, 25):
        window = timedelta(hours=policy["window_hours"] or 0)
        seconds = rng.randrange(-86400, 2 * 86400)
        whole_hours = rng.randrange(-24, 48) * 3600
        captured_at = posts[0].at + window + rng.choice([seconds, whole_hours]) * second
    elif _chance(rng, 25):
        captured_at = month_end + rng.randrange(-2 * 86400, 8 * 86400) * second
    return max(EARLIEST, min(captured_at, LATEST))


def _policy_edges(policy: Row, world: _World) -> list[datetime]:
    """The month's edges, the cut-off, changes of the registry in UTC, and earlier captures."""
    zone, days = policy["time_zone"], policy["cutoff_days"] or 0
    cutoff = utc(next_month(world.month) + timedelta(days=days), zone)
    edges = [utc(world.month, zone), utc(next_month(world.month), zone), cutoff, cutoff]
    changes = {a["valid_from"] for a in world.accounts} - {ALWAYS}
    return (
        edges
        + [utc(day, "UTC") for day in sorted(changes)[:2]]
        + [d["captured_at"] for d in world.deliveries[-2:]]
    )


def _post_edges(policy: Row, post: _Post) -> list[datetime]:
    """The window's end, the late limit and the publication of a post, as a file may show it."""
    window = timedelta(hours=policy["window_hours"] or 0)
    late = timedelta(hours=policy["late_limit_hours"] or 0)
    if post.precisions != ("day",):
        at = post.at.replace(second=0) if "minute" in post.precisions else post.at
        return [at, at + window, at + window, at + window + late]
    midnight, noon = utc(post.day, policy["time_zone"]), utc(post.day, policy["time_zone"], 12)
    next_midnight = utc(post.day + timedelta(days=1), policy["time_zone"])
    ends = [edge + window for edge in (midnight, noon, next_midnight)]
    return [midnight, *ends, *ends, ends[1] + late]


def _file(rng: random.Random, world: _World, wanted: list[_Post], captured_at: datetime) -> _File:
    """One account's export or a whole platform's, with the records in any order, perhaps none."""
    platform = wanted[0].owner.platform if wanted else rng.choice(world.platforms)
    there = [p for p in world.posts if p.owner.platform == platform]
    # A record of a post that was not yet published is damage, and rare.
    there = [p for p in there if p.at <= captured_at or _chance(rng, 20)]
    if _chance(rng, 50):
        there = [p for p in there if p.owner is wanted[0].owner or _chance(rng, 15)]
    if _chance(rng, 7):
        there = []
    posts = [*there, *(p for p in there if _chance(rng, 15))]
    rng.shuffle(posts)
    sha256 = _hash(len(world.files), rng.random())
    naming = rng.choice(["identity", "identity", "handle", "both", "both", "none"])
    reports = set(COMPONENTS) if _chance(rng, 75) else set(_some(rng, COMPONENTS))
    rows = []
    number = 0
    for post in posts:
        number += rng.choice([1, 1, 1, 2])  # a rejected record leaves its number unused
        rows.append(
            {
                "sha256": sha256,
                "record_number": number,
                "platform": platform,
                "kind": f"{platform}_posts",
                **_names(rng, world, post, naming, captured_at),
                "is_guest": post.owner is not wanted[0].owner and _chance(rng, 50),
                **_ids(rng, post),
                "permalink": None,
                "post_type": None,
                "text": "@warga terima kasih" if post.flags["is_reply"] else None,
                **_published(rng, post),
                **{flag: is_set and _chance(rng, 80) for flag, is_set in post.flags.items()},
                "view_count": rng.choice([None, 0, 1000]),
                "impression_count": None,
                "reach_count": None,
                **_counters(rng, post, reports, captured_at),
            }
        )
    return _File(sha256, platform, rows, posts)


def _names(
    rng: random.Random, world: _World, post: _Post, naming: str, captured_at: datetime
) -> Row:
    """Whom a record names: mostly its owner as of the day, sometimes anew, or somebody else."""
    owner = post.owner
    if _chance(rng, 4):
        owner = rng.choice([o for o in world.owners if o.platform == owner.platform])
    today = [s for s in owner.spans if _overlap(s, _only_day(captured_at.date()))]
    span = rng.choice(today if today and _chance(rng, 80) else owner.spans)
    identity, handle = span["platform_account_id"], span["handle"]
    if _chance(rng, 5):
        identity = "404"  # an identity that nobody registered, next to a handle that may be known
    if _chance(rng, 4):
        handle = rng.choice(["humas", "info", "warga"])  # another's, next to an identity
    return {
        "platform_account_id": identity if naming in ("identity", "both") else None,
        "account_handle": handle if naming in ("handle", "both") else None,
        "account_name": None,
    }


def _only_day(day: date) -> Row:
    return {"valid_from": day, "valid_to": day + timedelta(days=1)}


def _ids(rng: random.Random, post: _Post) -> Row:
    """Canonical and delivered ID; Instagram gives a post one shortcode and several numbers."""
    number = f"{1000 + post.index}"
    if post.owner.platform == "facebook":
        # Delivered numbers that are the same as Instagram's, for other posts.
        page_post = f"77_9{number}"
        return {"post_id": f"9{number}", "delivered_post_id": rng.choice([number, page_post])}
    if post.owner.platform != "instagram":
        return {"post_id": number, "delivered_post_id": number}
    # Shortcodes that differ only in case are different posts.
    shortcode = f"C{post.index // 2}{'aA'[post.index % 2]}"
    other = f"{2000 + post.index}"
    pairs = [(shortcode, number), (shortcode, number), (shortcode, other), (shortcode, None)]
    pairs += [(number, number), (other, other), (number, number)]
    if _chance(rng, 3):
        pairs = [(f"D{post.index}", number)]
    post_id, delivered = rng.choice(pairs)
    return {"post_id": post_id, "delivered_post_id": delivered}


def _published(rng: random.Random, post: _Post) -> Row:
    """The publication time to the second, the minute or the day, not always the same everywhere."""
    precision = rng.choice(post.precisions)
    at = post.at + timedelta(seconds=rng.choice([0, 0, 0, 0, 0, 0, 0, -1, 1, 3600]))
    day = post.day + timedelta(days=rng.choice([0, 0, 0, 0, 0, 0, 0, -1, 1]))
    if precision == "minute":
        at = at.replace(second=0)
    return {
        "published_at": None if precision == "day" else at,
        "published_date": day if precision == "day" else None,
        "published_precision": precision,
        "published_source": {"second": "api", "minute": "printed", "day": "printed"}[precision],
        "printed_at": rng.choice([None, at]) if precision == "minute" else None,
        "id_at": None,
    }


def _counters(
    rng: random.Random, post: _Post, reports: set[str], captured_at: datetime
) -> dict[str, int | None]:
    """Counters that grow to their peak, now and then stand or fall, or are not reported."""
    age = max(timedelta(), min(captured_at - post.at, post.growing))
    counters: dict[str, int | None] = {}
    for component, peak in post.peaks.items():
        count = peak * (age // timedelta(seconds=1)) // (post.growing // timedelta(seconds=1))
        if _chance(rng, 10):
            count = rng.randint(0, peak)
        is_reported = component in reports and not _chance(rng, 3)
        counters[f"{component}_count"] = count if is_reported else None
    return counters


def _claims(rng: random.Random, world: _World, file: _File) -> tuple[str | None, str | None]:
    """The office and the account that a delivery names: none, right, wrong or unknown ones."""
    owner = file.posts[0].owner if file.posts else rng.choice(world.owners)
    offices = [s["office_id"] for s in owner.spans if "office_id" in s]
    office_id = rng.choice(offices) if offices and _chance(rng, 60) else None
    if _chance(rng, 15):
        office_id = rng.choice([*(o["office_id"] for o in world.offices), "O404"])
    account_id = owner.account_id if _chance(rng, 30) else None
    if _chance(rng, 12):
        account_id = rng.choice([*(a["account_id"] for a in world.accounts), "A404"])
    return office_id, account_id


def _range(rng: random.Random, month: date) -> tuple[date | None, date | None]:
    """First and last day of an export, around the month's own."""
    if _chance(rng, 40):
        return None, None
    first = month + timedelta(days=rng.choice([0, 0, 0, -1, -1, 1, -30, -30, 20, 35]))
    last = last_day(month) + timedelta(days=rng.choice([0, 0, 0, -1, 1, 1, 30, 30, -20, -35]))
    if last < first:
        first, last = last, first
    return rng.choice([(first, last), (first, None), (None, last)])


def _shipped(policy_id: str, title: str, begins: date, ends: date | None, **more: Any) -> Row:
    return {
        "policy_id": policy_id,
        "policy_sha256": _hash(policy_id),
        "title": title,
        "effective_from": begins,
        "effective_to": ends,
        "time_zone": "Asia/Jakarta",
        "platforms": list(KEYS),
        "leagues": ["kanwil", "unit_utama"],
        **{f"{c}_weight": int(c != "save") for c in COMPONENTS},
        "engagement_on": None,
        "growth": None,
        "growth_correlation_percent": 10,
        "late_limit_hours": None,
        "cutoff_days": 7,
        "counts_replies": False,
        "counts_reposts": False,
        "counts_stories": False,
        "counts_cross_posts": True,
        "collaborations": "owner",
        "minimum_coverage_percent": 100,
        **more,
    }


#: Of a post that has 1.7 times its value after a month.
CURVE = [[0, 0, 0, 0], [6, 340, 410, 510], [24, 1000, 1000, 1000], [720, 1350, 1700, 2300]]
#: The policies that every new home begins with, as rows of the lake.
SHIPPED_POLICIES = (
    _shipped(
        "kemenkum-2025-07",
        "Akun Teraktif dan Akun Terpopuler",
        date(2025, 7, 1),
        None,
        window_hours=24,
        growth=dict.fromkeys(KEYS, CURVE),
        minimum_evidence_percent=50,
    ),
    _shipped(
        "kuantitas-2025-01",
        "Kuantitas unggahan",
        date(2025, 1, 1),
        date(2025, 7, 1),
        window_hours=None,
        minimum_evidence_percent=0,
    ),
)
