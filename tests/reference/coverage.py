"""Whether the exports of an account cover its month."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from tests.reference.lake import Lake, Row
from tests.reference.posts import Doubts
from tests.reference.sightings import Sighting, account_of_sender
from tests.reference.time import DAY, cutoff_at, days_of, local_date, utc, valid_in, valid_on

#: The zone in which a platform prints times, and so the range in a file's name.
PRINTED_ZONES = {
    "facebook": "America/Los_Angeles",
    "instagram": "America/Los_Angeles",
    "tiktok": "UTC",
    "x": "UTC",
    "youtube": "America/Los_Angeles",
}
Span = tuple[datetime, datetime, datetime]


def coverage_of(
    policy: Row, month: date, seen: list[Sighting], lake: Lake, doubts: Doubts
) -> dict[str, str]:
    """The state of every account of the policy's platforms that is registered in the month."""
    cutoff = cutoff_at(month, policy)
    timely = [d for d in lake.deliveries if is_evidence(d, cutoff, doubts)]
    records = {d["delivery_id"]: [s for s in seen if s.delivery is d] for d in timely}
    registered = [
        a for a in lake.accounts if a["platform"] in policy["platforms"] and valid_in(a, month)
    ]
    states = {}
    for account, platform in {a["account_id"]: a["platform"] for a in registered}.items():
        own = [
            d
            for d in timely
            if d["platform"] == platform
            and account in accounts_covered(d, records[d["delivery_id"]], lake)
        ]
        spans = [
            (d, span)
            for d in own
            if (span := span_of(d, account, records[d["delivery_id"]], policy)) is not None
        ]
        asked = [
            day
            for day in days_of(month)
            if any(valid_on(a, day) for a in registered if a["account_id"] == account)
        ]
        # A file of which every record is rejected lists nothing; its records may be posts.
        lists = [span for d, span in spans if d["status"] == "loaded"]
        covered = [is_covered(day, lists, policy) for day in asked]
        used = [d for d, span in spans if any(overlaps(span, day, policy) for day in asked)]
        lost = any(unknown_rejects(d, month, policy, seen, cutoff, lake) for d in used)
        if not any(covered):
            states[account] = "missing"
        else:
            states[account] = "complete" if all(covered) and not lost else "partial"
    return states


def is_evidence(delivery: Row, cutoff: datetime, doubts: Doubts) -> bool:
    return bool(
        delivery["status"] in ("loaded", "rejected")
        and delivery["covers_posts"]
        and not delivery["is_truncated"]
        and delivery["captured_at"] <= cutoff
        and delivery["delivery_id"] not in doubts.here
    )


def accounts_covered(delivery: Row, records: list[Sighting], lake: Lake) -> set[str | None]:
    """Whose export it is: the account it was sent for, else those in it, else the sender's one."""
    if delivery["account_id"]:
        return {delivery["account_id"]}
    if records or delivery["rejected_count"]:
        return {s.account_id for s in records if not s.row["is_guest"]}
    return {account_of_sender(delivery, delivery["platform"], lake.accounts)}


def span_of(
    delivery: Row, account: str | None, records: list[Sighting], policy: Row
) -> Span | None:
    """From when to when a delivery lists all posts of an account, and when it was captured."""
    zone = policy["time_zone"]
    is_named = delivery["covers_source"] == "name"
    printed = PRINTED_ZONES[delivery["platform"]] if is_named else zone
    own = [s.row for s in records if s.account_id == account]
    start = None
    if delivery["covers_from"] is not None:
        start = utc(delivery["covers_from"], printed)
        own = [row for row in own if published_until(row, zone) <= start]
    if own:
        start = min(utc(day_of(row, zone), zone) for row in own)
    if start is None:
        return None
    end = delivery["captured_at"]
    if delivery["covers_to"] is not None:
        end = min(end, utc(delivery["covers_to"] + DAY, printed))
    return (start, end, delivery["captured_at"]) if start < end else None


def day_of(row: Row, zone: str) -> date:
    day: date = row["published_date"] or local_date(row["published_at"], zone)
    return day


def published_until(row: Row, zone: str) -> datetime:
    """The instant before which a record was published for certain."""
    at: datetime | None = row["published_at"]
    return at or utc(row["published_date"] + DAY, zone)


def edges(day: date, policy: Row) -> tuple[datetime, datetime]:
    return utc(day, policy["time_zone"]), utc(day + DAY, policy["time_zone"])


def overlaps(span: Span, day: date, policy: Row) -> bool:
    begins, ends = edges(day, policy)
    return span[0] < ends and span[1] > begins


def is_covered(day: date, spans: Iterable[Span], policy: Row) -> bool:
    """Whether spans hold all of a day, and one that holds some of it was captured at its end."""
    begins, ends = edges(day, policy)
    own = sorted(span for span in spans if overlaps(span, day, policy))
    reached = begins
    for start, stop, _ in own:
        if start > reached:
            return False
        reached = max(reached, stop)
    return reached >= ends and any(captured >= ends for _, _, captured in own)


def unknown_rejects(
    delivery: Row, month: date, policy: Row, seen: list[Sighting], cutoff: datetime, lake: Lake
) -> bool:
    """Whether a rejected record may be a post of the month that nothing else knows."""
    known = {
        (s.row["platform"], post_id)
        for s in seen
        if s.captured_at <= cutoff
        for post_id in (s.row["post_id"], s.row["delivered_post_id"])
    }
    for reject in lake.rejects:
        if reject["sha256"] != delivery["sha256"]:
            continue
        day = reject["published_date"]
        if reject["published_at"] is not None:
            day = local_date(reject["published_at"], policy["time_zone"])
        if day is not None and day.replace(day=1) != month:
            continue
        # A record without an ID may be any post.
        if reject["post_id"] is None or (delivery["platform"], reject["post_id"]) not in known:
            return True
    return False
