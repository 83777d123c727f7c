"""Every record of every delivery, whose it is, and which capture times can't be true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.reference.lake import Lake, Row
from tests.reference.time import only, utc, valid_on

#: A record published so much later than its file's capture disproves that capture time.
GRACE = timedelta(minutes=15)
#: The zone in which a day begins first: what is later than that is later everywhere.
FIRST_ZONE = "Pacific/Kiritimati"


@dataclass(frozen=True)
class Sighting:
    """One record of a file at the instant (UTC) of one delivery, and the account it resolves to."""

    row: Row
    delivery: Row
    captured_at: datetime
    account_id: str | None


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
    """Every record of every loaded delivery in the order in which captures decide."""
    seen = [
        Sighting(row, d, d["captured_at"], account_of_record(row, d, lake.accounts))
        for d in lake.deliveries
        for row in lake.observations
        if d["status"] == "loaded" and d["sha256"] == row["sha256"]
    ]
    return sorted(
        seen,
        key=lambda s: (
            s.captured_at,
            s.delivery["received_at"],
            s.row["sha256"],
            s.row["record_number"],
            s.delivery["delivery_id"],
        ),
    )


def disproved(seen: list[Sighting], zone: str) -> set[str]:
    """The deliveries that hold a record which was published after their capture."""
    return {
        s.delivery["delivery_id"]
        for s in seen
        if published_from(s.row, zone) > s.captured_at + GRACE
    }


def published_from(row: Row, zone: str) -> datetime:
    """The first instant at which a record can have been published."""
    at: datetime | None = row["published_at"]
    return at or utc(row["published_date"], zone)


def posts_of(seen: list[Sighting]) -> dict[tuple[str, str], list[Sighting]]:
    """The sightings of each post, in their order."""
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


def account_of_post(post: list[Sighting], doubtful: set[str]) -> str | None:
    """The first known account; that of a disproved capture only where no other tells."""
    known = [s for s in post if s.account_id]
    sound = [s for s in known if s.delivery["delivery_id"] not in doubtful]
    return next((s.account_id for s in [*sound, *known]), None)
