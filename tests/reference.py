"""A second implementation of scoring and ranking, in plain Python, to hold the SQL against.

What belongs here: what a post was worth, whether it counts and for whom, how offices rank, how
complete an account's month is; one short function per rule, read from the definitions and never
from the SQL. What does not: speed, files, checks of the registry and the policies (taken as valid).

Instants are UTC without a zone mark, in whole seconds; dates are dates in the policy's time zone
unless said otherwise; a month is held as its first day. `None` is "not reported" or "unbounded".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
Sums = dict[datetime, list[int]]  # the weighted sums that were observed at each instant
COMPONENTS = ("like", "comment", "share", "save")
PRECISIONS = ("second", "minute", "day")
GRADES = ("exact", "interpolated", "late", "early", "none")
STATES = ("complete", "partial", "missing")


@dataclass(frozen=True)
class Lake:
    """The lake's tables as rows with the columns of `ingest.schemas`; instants in UTC."""

    observations: list[Row]
    deliveries: list[Row]
    offices: list[Row]
    accounts: list[Row]
    policies: list[Row]


@dataclass(frozen=True)
class Result:
    """What follows from a lake; months are `YYYY-MM` in the policy's time zone.

    Keys: (policy_id, platform, post_id); (policy_id, month, league, category, office_id);
    (policy_id, month, account_id).
    """

    post_month: dict[tuple[str, str, str], Row]
    rank_monthly: dict[tuple[str, str, str, str, str], Row]
    coverage: dict[tuple[str, str, str], str]


@dataclass(frozen=True)
class Sighting:
    """One record of a file at the instant (UTC) of one delivery, and the account it resolves to."""

    row: Row
    delivery: Row
    captured_at: datetime
    account_id: str | None


@dataclass(frozen=True)
class Value:
    """Weighted engagement of one post under one policy, with its bounds and its grade."""

    value: int | None
    value_low: int
    value_high: int | None
    grade: str


def score(lake: Lake) -> Result:
    """Score and rank every month of a lake under every one of its policies."""
    seen = sightings_of(lake)
    posts = posts_of(seen)
    result = Result({}, {}, {})
    for policy in lake.policies:
        for (platform, post_id), post in posts.items():
            result.post_month[policy["policy_id"], platform, post_id] = post_row(post, policy, lake)
    for policy in lake.policies:
        for month in months_ranked(result.post_month.values()):
            rank_month(result, policy, month, seen, lake)
    return result


def utc(day: date, zone: str, hour: int = 0) -> datetime:
    """The instant of a full local hour; one that the clock skips or repeats, at its first."""
    local = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC).replace(tzinfo=None)


def next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def last_day(month: date) -> date:
    return next_month(month) - timedelta(days=1)


def cutoff_at(month: date, policy: Row) -> datetime:
    """The last instant, inclusive, whose captures count for the month."""
    if policy["cutoff_days"] is None:
        return datetime.max
    return utc(next_month(month) + timedelta(days=policy["cutoff_days"]), policy["time_zone"])


def valid_on(span: Row, day: date) -> bool:
    """`valid_to` is exclusive; blank means still valid."""
    return bool(span["valid_from"] <= day and (not span["valid_to"] or day < span["valid_to"]))


def valid_in(span: Row, month: date) -> bool:
    return any(valid_on(span, month.replace(day=d)) for d in range(1, last_day(month).day + 1))


def only(names: Iterable[str]) -> str | None:
    """The one distinct name; none where there is none or more than one."""
    distinct = set(names)
    return distinct.pop() if len(distinct) == 1 else None


def account_of_record(row: Row, delivery: Row, accounts: list[Row]) -> str | None:
    """Identity first, then the handle of the day; the sender only where the record names nobody."""
    identity, handle = row["platform_account_id"], row["account_handle"]
    if identity is None and handle is None:
        return account_of_sender(delivery, row["platform"], accounts)
    here = [a for a in accounts if a["platform"] == row["platform"]]
    named = [a for a in here if identity and a["platform_account_id"] == identity]
    utc_day = delivery["captured_at"].date()
    shown = [a for a in here if handle and a["handle"] == handle and valid_on(a, utc_day)]
    return only(a["account_id"] for a in named or shown)


def account_of_sender(delivery: Row, platform: str, accounts: list[Row]) -> str | None:
    """The account that the delivery names, else the only one its office had there that UTC day."""
    here = [a for a in accounts if a["platform"] == platform]
    if delivery["account_id"]:
        return only(a["account_id"] for a in here if a["account_id"] == delivery["account_id"])
    own = [a for a in here if a["office_id"] == delivery["office_id"]]
    return only(a["account_id"] for a in own if valid_on(a, delivery["captured_at"].date()))


def sightings_of(lake: Lake) -> list[Sighting]:
    """Every record of every loaded delivery, earliest first: the same bytes can be seen twice."""
    seen = [
        Sighting(row, d, d["captured_at"], account_of_record(row, d, lake.accounts))
        for d in lake.deliveries
        for row in lake.observations
        if d["status"] == "loaded" and d["sha256"] == row["sha256"]
    ]
    ties = ("sha256", "record_number", "delivery_id")
    return sorted(seen, key=lambda s: (s.captured_at, *((s.delivery | s.row)[k] for k in ties)))


def posts_of(seen: list[Sighting]) -> dict[tuple[str, str], list[Sighting]]:
    """The sightings of each post, the earliest capture first."""
    posts: dict[tuple[str, str], list[Sighting]] = {}
    for s in seen:
        posts.setdefault((s.row["platform"], canonical_id(s.row, seen)), []).append(s)
    return posts


def canonical_id(row: Row, seen: list[Sighting]) -> str:
    """A record of Instagram that knows only a number takes the shortcode from another record."""
    post_id: str = row["post_id"]
    if row["platform"] != "instagram" or post_id != row["delivered_post_id"]:
        return post_id
    others = [s.row for s in seen if s.row["platform"] == "instagram"]
    same = [r["post_id"] for r in others if r["delivered_post_id"] == post_id]
    return min((shortcode for shortcode in same if shortcode != post_id), default=post_id)


def post_row(post: list[Sighting], policy: Row, lake: Lake) -> Row:
    """One row of `post_month`; where sightings name different accounts, the earliest decides."""
    account = account_of_post(post)
    platform = post[0].row["platform"]
    at, day = published(post, policy["time_zone"])
    month = day.replace(day=1)
    spans = [a for a in lake.accounts if a["account_id"] == account and valid_on(a, day)]
    office = only(a["office_id"] for a in spans if a["platform"] == platform)
    offices = [o for o in lake.offices if o["office_id"] == office and valid_on(o, day)]
    league = only(o["league"] for o in offices)
    reason = reason_of(post, policy, office, league, cutoff_at(month, policy))
    return {
        "month": f"{month:%Y-%m}",
        "account_id": account,
        "office_id": office,
        "league": league,
        "is_counted": reason == "counted",
        "reason": reason,
        **asdict(value_of(post, at, day, policy, cutoff_at(month, policy))),
        "is_month_uncertain": at is None and day in (month, last_day(month)),
    }


def account_of_post(post: list[Sighting]) -> str | None:
    """Of the sightings that name an account (or have a sender who stands for it) the earliest."""
    for s in post:
        if s.row["platform_account_id"] or s.row["account_handle"] or s.account_id:
            return s.account_id
    return None


def published(post: list[Sighting], zone: str) -> tuple[datetime | None, date]:
    """The instant, none where only a day is known, and the day; the most precise, then earliest."""
    rows = [s.row for s in post]
    best = min(rows, key=lambda r: PRECISIONS.index(r["published_precision"]))
    same = [r for r in rows if r["published_precision"] == best["published_precision"]]
    if best["published_precision"] == "day":
        return None, min(r["published_date"] for r in same)
    at: datetime = min(r["published_at"] for r in same)
    return at, at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()


def reason_of(
    post: list[Sighting], policy: Row, office: str | None, league: str | None, cutoff: datetime
) -> str:
    """The first rule that excludes the post, else `counted`; a flag holds if any record sets it."""
    flags = {"reply": "replies", "repost": "reposts", "story": "stories"}
    flagged = {
        flag: any(s.row[f"is_{flag}"] for s in post) and not policy[f"counts_{plural}"]
        for flag, plural in {**flags, "cross_post": "cross_posts"}.items()
    }
    excludes = {
        "unregistered_account": account_of_post(post) is None,
        "platform_not_in_policy": post[0].row["platform"] not in policy["platforms"],
        "account_not_valid": office is None,
        "office_not_valid": league is None,
        "league_not_in_policy": league not in policy["leagues"],
        **flagged,
        "seen_after_cutoff": post[0].captured_at > cutoff,
    }
    return next((reason for reason, holds in excludes.items() if holds), "counted")


def value_of(
    post: list[Sighting], at: datetime | None, day: date, policy: Row, cutoff: datetime
) -> Value:
    """What the post was worth, from its observations since publication and up to the cut-off."""
    used = [s for s in post if (at or utc(day, policy["time_zone"])) <= s.captured_at <= cutoff]
    weighted = {c for c in COMPONENTS if policy[f"{c}_weight"] > 0}
    reported = {c for c in weighted for s in used if s.row[f"{c}_count"] is not None}
    sums = sums_by_instant(used, reported, policy)
    if policy["window_hours"] is None:
        worth = value_of_last(sums)
    elif at:
        worth = value_at(at + timedelta(hours=policy["window_hours"]), sums, policy)
    else:
        worth = value_of_day(day, sums, policy)
    # A component that no observation reports may be worth anything.
    return worth if reported == weighted else replace(worth, value_high=None)


def sums_by_instant(used: list[Sighting], reported: set[str], policy: Row) -> Sums:
    """Weighted sums of the usable observations: those that report all that any of them reports."""
    sums: Sums = {}
    for s in used:
        counters = {c: s.row[f"{c}_count"] for c in reported}
        if counters and None not in counters.values():
            total = sum(policy[f"{c}_weight"] * count for c, count in counters.items())
            sums.setdefault(s.captured_at, []).append(total)
    return sums


def value_of_last(sums: Sums) -> Value:
    """Without a window, the last observation up to the cut-off decides."""
    last = sums[max(sums)] if sums else []
    return Value(max(last), min(last), max(last), "exact") if last else Value(None, 0, None, "none")


def late_limit(window_end: datetime, policy: Row) -> datetime:
    """The last instant, inclusive, at which an observation is still evidence."""
    hours = policy["late_limit_hours"]
    return datetime.max if hours is None else window_end + timedelta(hours=hours)


def value_at(end: datetime, sums: Sums, policy: Row) -> Value:
    """The table of grades at the window's end; of several sums at one instant the larger holds."""
    before = [t for t in sums if t < end]
    after = [t for t in sums if end < t <= late_limit(end, policy)]
    if end in sums:
        return Value(max(sums[end]), min(sums[end]), max(sums[end]), "exact")
    if before and after:
        start, stop = max(before), min(after)
        value = interpolate(start, max(sums[start]), stop, max(sums[stop]), end)
        both = sums[start] + sums[stop]
        return Value(value, min(both), max(both), "interpolated")
    if after:
        first = max(sums[min(after)])
        return Value(first, 0, first, "late")
    if before:
        last = sums[max(before)]
        return Value(max(last), min(last), None, "early")
    return Value(None, 0, None, "none")


def interpolate(start: datetime, a: int, stop: datetime, b: int, end: datetime) -> int:
    """Linear in whole seconds; Python's `//` is the mathematical floor, also where b < a."""
    second = timedelta(seconds=1)
    return a + (b - a) * ((end - start) // second) // ((stop - start) // second)


def value_of_day(day: date, sums: Sums, policy: Row) -> Value:
    """A post known to the day: its value from local noon, its bounds from the day's two edges."""
    zone, window = policy["time_zone"], timedelta(hours=policy["window_hours"])
    target = utc(day, zone, hour=12) + window
    latest = utc(day + timedelta(days=1), zone) + window
    before = [t for t in sums if t <= utc(day, zone) + window]
    after = [t for t in sums if latest <= t <= late_limit(target, policy)]
    low = min(sums[max(before)]) if before else 0
    high = max(sums[min(after)]) if after else None
    at_noon = value_at(target, sums, policy)
    grade = "interpolated" if at_noon.grade == "exact" else at_noon.grade
    return Value(at_noon.value, low, high, grade)


def months_ranked(post_rows: Iterable[Row]) -> list[date]:
    """From the first to the last month, under any policy, of a post with a registered account."""
    named = [date.fromisoformat(f"{r['month']}-01") for r in post_rows if r["account_id"]]
    months = [min(named)] if named else []
    while months and months[-1] < max(named):
        months.append(next_month(months[-1]))
    return months


def rank_month(result: Result, policy: Row, month: date, seen: list[Sighting], lake: Lake) -> None:
    """Adds one policy's rows of one month to `coverage` and `rank_monthly`."""
    policy_id, name = policy["policy_id"], f"{month:%Y-%m}"
    states = coverage_of(policy, month, seen, lake)
    result.coverage.update({(policy_id, name, a): state for a, state in states.items()})
    posts = [r for k, r in result.post_month.items() if k[0] == policy_id and r["month"] == name]
    ends = policy["effective_to"]
    is_official = policy["effective_from"] <= month and (ends is None or month < ends)
    for league in policy["leagues"]:
        spans = [o for o in lake.offices if o["league"] == league and valid_in(o, month)]
        for category in ("active", "popular"):
            scores = {o["office_id"]: score_of(category, o, posts) for o in spans}
            for office, total in scores.items():
                result.rank_monthly[policy_id, name, league, category, office] = {
                    **ranks_of(office, scores),
                    **{key: number for key, number in total.items() if key != "best_post"},
                    **coverage_counts(office, month, states, lake),
                    "is_official": is_official,
                }


def score_of(category: str, office: Row, posts: list[Row]) -> Row:
    """Score, bounds and evidence by grade of an office's counted posts in one of its leagues."""
    own = [p for p in posts if p["is_counted"] and p["office_id"] == office["office_id"]]
    own = [p for p in own if p["league"] == office["league"]]
    worth = [Value(p["value"] or 0, p["value_low"], p["value_high"], p["grade"]) for p in own]
    if category == "active":
        worth = [Value(1, 0 if p["is_month_uncertain"] else 1, 1, p["grade"]) for p in own]
    values = [(v.value or 0, v.grade) for v in worth]
    highs = [v.value_high for v in worth if v.value_high is not None]
    return {
        "score": sum(value for value, _ in values),
        "score_low": sum(v.value_low for v in worth),
        "score_high": sum(highs) if len(highs) == len(worth) else None,
        "post_count": len(own),
        "best_post": max((value for value, _ in values), default=0),
        **{f"evidence_{g}": sum(value for value, grade in values if grade == g) for g in GRADES},
    }


def ranks_of(office: str, scores: dict[str, Row]) -> Row:
    """One plus the number of others that are, surely are, or could be strictly better."""
    mine = scores[office]
    others = [row for name, row in scores.items() if name != office]
    low, high = mine["score_low"], mine["score_high"]
    surely = [o for o in others if high is not None and o["score_low"] > high]
    possibly = [o for o in others if o["score_high"] is None or o["score_high"] > low]
    without_best = mine["score"] - mine["best_post"]
    return {
        "rank": 1 + sum(o["score"] > mine["score"] for o in others),
        "rank_best": 1 + len(surely),
        "rank_worst": 1 + len(possibly),
        "rank_without_best_post": 1 + sum(o["score"] > without_best for o in others),
    }


def coverage_of(policy: Row, month: date, seen: list[Sighting], lake: Lake) -> dict[str, str]:
    """The state of every account of the policy's platforms that is registered in the month."""
    cutoff = cutoff_at(month, policy)
    loaded = [d for d in lake.deliveries if d["status"] == "loaded" and d["captured_at"] <= cutoff]
    timely = [(d, [s for s in seen if s.delivery is d]) for d in loaded]
    spans = [a for a in lake.accounts if a["platform"] in policy["platforms"]]
    platforms = {a["account_id"]: a["platform"] for a in spans if valid_in(a, month)}
    states = {}
    for account, platform in platforms.items():
        found = {"missing"}
        for d, records in timely:
            if d["platform"] == platform and account in accounts_covered(d, records, lake):
                own = [s.row for s in records if s.account_id == account]
                found |= {state_of(d, own, policy, month)}
        states[account] = min(found, key=STATES.index)
    return states


def accounts_covered(delivery: Row, records: list[Sighting], lake: Lake) -> set[str | None]:
    """Whose export it is: the account it was sent for, else those in it, else the sender's one."""
    if delivery["account_id"]:
        return {delivery["account_id"]}
    if records or delivery["rejected_count"]:
        return {s.account_id for s in records if not s.row["is_guest"]}
    return {account_of_sender(delivery, delivery["platform"], lake.accounts)}


def state_of(delivery: Row, own: list[Row], policy: Row, month: date) -> str:
    """What one delivery, with the account's own records in it, says of the account's month."""
    begins, ends = (utc(m, policy["time_zone"]) for m in (month, next_month(month)))
    first, last = delivery["covers_from"], delivery["covers_to"]
    is_older = [
        r["published_at"] < begins if r["published_at"] else r["published_date"] < month
        for r in own
    ]
    reaches_back = any(is_older) or (first is not None and first <= month)
    reaches_end = delivery["captured_at"] >= ends and (last is None or last >= last_day(month))
    touches = (first is None or first <= last_day(month)) and (last is None or last >= month)
    if reaches_back and reaches_end and not delivery["is_truncated"]:
        return "complete"
    return "partial" if touches and delivery["captured_at"] > begins else "missing"


def coverage_counts(office: str, month: date, states: dict[str, str], lake: Lake) -> Row:
    """How many of the office's accounts of the month are in each state."""
    spans = [a for a in lake.accounts if a["office_id"] == office and valid_in(a, month)]
    own = {a["account_id"] for a in spans} & states.keys()
    return {f"coverage_{state}": sum(states[a] == state for a in own) for state in STATES}
