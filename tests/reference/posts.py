"""Whose a post is, in which month it lies, and whether it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tests.reference.lake import PRECISIONS, Lake, Row
from tests.reference.sightings import Sighting, account_of_post
from tests.reference.time import DAY, cutoff_at, last_day, local_date, only, valid_on
from tests.reference.values import value_of, weights_on


@dataclass(frozen=True)
class Doubts:
    """The deliveries whose capture time is disproved.

    `here` goes by the policy's zone; `everywhere` holds in every zone, and decides identity, which
    is no policy's.
    """

    here: set[str]
    everywhere: set[str]


def post_row(post: list[Sighting], policy: Row, lake: Lake, doubts: Doubts) -> Row:
    """One row of `post_month`."""
    account = account_of_post(post, doubts.everywhere)
    platform = post[0].row["platform"]
    at, day = published(post, policy["time_zone"])
    month = day.replace(day=1)
    office, league, reason = judge(post, account, day, policy, lake, doubts)
    value, components = value_of(post, at, day, policy, cutoff_at(month, policy), doubts.here)
    is_uncertain = at is None and day in (month, last_day(month))
    weights = weights_on(policy, platform)
    return {
        "month": f"{month:%Y-%m}",
        "account_id": account,
        "office_id": office,
        "league": league,
        "is_counted": reason == "counted",
        "reason": reason,
        "grade": value.grade,
        "value": value.value,
        "value_low": value.low,
        "value_high": value.high,
        "value_likely_low": 0 if is_uncertain else value.likely_low,
        "value_likely_high": value.likely_high,
        "is_incomplete": any(v.grade == "none" for v in components.values()),
        "is_month_uncertain": is_uncertain,
        "is_early": any(v.grade == "early" for v in components.values()),
        "component_count": len(components),
        "sound_component_count": sum(
            v.grade in ("exact", "interpolated") for v in components.values()
        ),
        "by_grade": [(v.grade, weights[c] * (v.value or 0)) for c, v in components.items()],
        "neighbour": neighbour(post, account, at, day, policy, lake, doubts),
    }


def judge(
    post: list[Sighting],
    account: str | None,
    day: date,
    policy: Row,
    lake: Lake,
    doubts: Doubts,
) -> tuple[str | None, str | None, str]:
    """Office, league and reason of a post, as if it had been published on a day."""
    spans = [a for a in lake.accounts if a["account_id"] == account and valid_on(a, day)]
    platform = post[0].row["platform"]
    office = only(a["office_id"] for a in spans if a["platform"] == platform)
    offices = [o for o in lake.offices if o["office_id"] == office and valid_on(o, day)]
    league = only(o["league"] for o in offices)
    flags = {"reply": "replies", "repost": "reposts", "story": "stories"}
    flagged = {
        flag: any(s.row[f"is_{flag}"] for s in post) and not policy[f"counts_{plural}"]
        for flag, plural in {**flags, "cross_post": "cross_posts"}.items()
    }
    excludes = {
        "unregistered_account": account is None,
        "platform_not_in_policy": platform not in policy["platforms"],
        "account_not_valid": office is None,
        "office_not_valid": league is None,
        "league_not_in_policy": league not in policy["leagues"],
        **flagged,
        "seen_after_cutoff": first_seen(post, doubts.here) > cutoff_at(day.replace(day=1), policy),
    }
    reason = next((reason for reason, applies in excludes.items() if applies), "counted")
    return office, league, reason


def first_seen(post: list[Sighting], doubtful: set[str]) -> datetime:
    """When a post was first seen; in a delivery with a disproved capture, at its receipt."""
    instants: list[datetime] = [
        s.delivery["received_at"] if s.delivery["delivery_id"] in doubtful else s.captured_at
        for s in post
    ]
    return min(instants)


def published(post: list[Sighting], zone: str) -> tuple[datetime | None, date]:
    """The instant, none where only a day is known, and the day; the most precise, then earliest."""
    rows = [s.row for s in post]
    best = min(rows, key=lambda r: PRECISIONS.index(r["published_precision"]))
    same = [r for r in rows if r["published_precision"] == best["published_precision"]]
    if best["published_precision"] == "day":
        return None, min(r["published_date"] for r in same)
    at: datetime = min(r["published_at"] for r in same)
    return at, local_date(at, zone)


def neighbour(
    post: list[Sighting],
    account: str | None,
    at: datetime | None,
    day: date,
    policy: Row,
    lake: Lake,
    doubts: Doubts,
) -> Row | None:
    """What a post of an edge day adds to the month beside, where it might count there.

    A day without a time is an interval of which a part may lie in the month beside. It would count
    there as on that month's adjacent day, with what was seen of it up to that month's cut-off.
    """
    if at is not None:
        return None
    for adjacent in (day - DAY, day + DAY):
        month = adjacent.replace(day=1)
        if month == day.replace(day=1):
            continue
        office, league, reason = judge(post, account, adjacent, policy, lake, doubts)
        if reason == "counted":
            cutoff = cutoff_at(month, policy)
            value, _ = value_of(post, at, day, policy, cutoff, doubts.here)
            return {
                "place": (f"{month:%Y-%m}", office, league),
                "value_high": value.high,
                "value_likely_high": value.likely_high,
            }
    return None
