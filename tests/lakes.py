"""Small lakes by hand, for tests that show one rule.

What belongs here: rows of the lake's tables with defaults, so that a test writes down only what
matters to it. By default account A1 of office O1 posts P1 on Instagram at POSTED, and the
ministry's policy holds: 24 hours in Asia/Jakarta. What does not: random lakes (`worlds.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from tests.models import Models
from tests.reference import Lake, Row
from tests.worlds import SHIPPED_POLICIES

#: Without the shipped curves and weights, so that a test shows only those that it sets.
KEMENKUM, KUANTITAS = [
    {**shipped, "growth": None, "engagement_on": None} for shipped in SHIPPED_POLICIES
]
POSTED = "2025-07-10 00:00"
BEFORE = date(2024, 1, 1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text)


def day(text: str) -> date:
    return date.fromisoformat(text)


def policy(**more: Any) -> Row:
    """The ministry's policy with changes."""
    return {**KEMENKUM, **more}


def office(office_id: str = "O1", **more: Any) -> Row:
    return {
        "office_id": office_id,
        "name": office_id,
        "league": "kanwil",
        "time_zone": None,
        "valid_from": BEFORE,
        "valid_to": None,
        **more,
    }


def account(account_id: str = "A1", office_id: str = "O1", **more: Any) -> Row:
    """An account whose number on its platform reads like its ID."""
    return {
        "account_id": account_id,
        "office_id": office_id,
        "platform": "instagram",
        "platform_account_id": account_id,
        "handle": None,
        "name": None,
        "valid_from": BEFORE,
        "valid_to": None,
        **more,
    }


def offices(count: int) -> dict[str, list[Row]]:
    """O1, O2, … and to each an account A1, A2, …"""
    numbers = range(1, count + 1)
    return {
        "offices": [office(f"O{n}") for n in numbers],
        "accounts": [account(f"A{n}", f"O{n}") for n in numbers],
    }


def record(post_id: str = "P1", likes: int | None = 0, at: str = POSTED, **more: Any) -> Row:
    """What a file says of a post; `at` is when it was published (UTC)."""
    return {
        "platform": "instagram",
        "kind": "posts",
        "platform_account_id": "A1",
        "account_handle": None,
        "account_name": None,
        "is_guest": False,
        "post_id": post_id,
        "delivered_post_id": None,
        "permalink": None,
        "post_type": None,
        "text": None,
        "published_at": utc(at),
        "published_date": None,
        "published_precision": "second",
        "published_source": "api",
        "printed_at": None,
        "id_at": None,
        **{f"is_{kind}": False for kind in ("reply", "repost", "story", "cross_post")},
        "view_count": None,
        "impression_count": None,
        "reach_count": None,
        "like_count": likes,
        "comment_count": 0,
        "share_count": 0,
        "save_count": None,
        **more,
    }


def video(published: str, likes: int = 0, post_id: str = "P1", **more: Any) -> Row:
    """A record of YouTube Studio, which knows the day only and names no account."""
    known = {"published_at": None, "published_date": day(published), "published_precision": "day"}
    named = {"platform": "youtube", "platform_account_id": None}
    return record(post_id, likes, **{**named, **known, **more})


def delivery(captured_at: str, *records: Row, **more: Any) -> tuple[Row, list[Row]]:
    """A file as received, and its records; the same records are the same bytes."""
    sha256 = _hash(records)
    office_id, account_id = more.get("office_id"), more.get("account_id")
    told = {
        "delivery_id": _hash(sha256, captured_at, office_id, account_id)[:16],
        "sha256": sha256,
        "name": "posts.csv",
        "folder": "",
        "received_at": utc(captured_at),
        "captured_at": utc(captured_at),
        "captured_at_source": "sidecar",
        "office_id": None,
        "account_id": None,
        "covers_from": None,
        "covers_to": None,
        "covers_source": None,
        "platform": records[0]["platform"] if records else "instagram",
        "kind": "posts",
        "status": "loaded",
        "reason": None,
        "record_count": len(records),
        "loaded_count": len(records),
        "rejected_count": 0,
        "set_aside_count": 0,
        "withheld_count": 0,
        "set_aside_reasons": [],
        "is_truncated": False,
        "unknown_columns": [],
        "repairs": [],
        "holds": "posts",
        "covers_posts": True,
        **more,
    }
    rows = [{**row, "sha256": sha256, "record_number": n} for n, row in enumerate(records, 1)]
    return told, rows


def whole_july(*account_ids: str) -> list[tuple[Row, list[Row]]]:
    """Exports of July without a post, so that these accounts are complete."""
    return [
        delivery(
            "2025-08-01 00:00",
            account_id=account_id,
            covers_from=day("2025-07-01"),
            covers_to=day("2025-07-31"),
        )
        for account_id in account_ids
    ]


def lake(
    *deliveries: tuple[Row, list[Row]],
    offices: Sequence[Row] = (office(),),
    accounts: Sequence[Row] = (account(),),
    policies: Sequence[Row] = (KEMENKUM,),
    campaigns: Sequence[Row] = (),
) -> Lake:
    """A lake of these deliveries; bytes that came twice are in it once."""
    files = {told["sha256"]: rows for told, rows in deliveries}
    rows = [row for file in files.values() for row in file]
    told = [told for told, _ in deliveries]
    return Lake(
        rows, told, list(offices), list(accounts), list(policies), campaigns=list(campaigns)
    )


def ask(
    models: Models, sql: str, *deliveries: tuple[Row, list[Row]], **tables: Sequence[Row]
) -> list[tuple[Any, ...]]:
    """What the warehouse of such a lake answers."""
    with models.build(lake(*deliveries, **tables)) as warehouse:
        return warehouse.execute(sql).fetchall()


def _hash(*parts: Any) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
