"""What the reading calls answer, from the last finished state.

What belongs here: the rows of the interface's JSON, as the warehouse computed them. What does not:
how a terminal shows them (`cli.py`).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from ingest.home import Home
from ingest.pipeline import rejects as rejected
from ingest.schemas import Delivery
from ingest.storage import read_table
from orchestration.publication import finished_state

GRADES = ("exact", "interpolated", "late", "early", "none")
COVERAGE = ("complete", "partial", "missing")


class Unanswerable(Exception):
    """The call names something that is not there; the text says what to name instead."""


def deliveries(home: Home, *, only_quarantined: bool = False) -> list[dict[str, Any]]:
    """The ledger, one dict per delivery; instants are ISO 8601 in UTC."""
    ledger = read_table(home.table("deliveries"), Delivery)
    if only_quarantined:
        ledger = ledger.filter(pl.col("status") == "quarantined")
    return ledger.select(
        "delivery_id",
        "sha256",
        "name",
        "platform",
        "kind",
        "status",
        "reason",
        instant("captured_at"),
        "captured_at_source",
        records="record_count",
        loaded="loaded_count",
        rejected="rejected_count",
        set_aside="set_aside_count",
        truncated="is_truncated",
    ).to_dicts()


def rejects(home: Home, delivery_id: str | None) -> list[dict[str, Any]]:
    """The rejected records of one delivery, or of all."""
    ledger = read_table(home.table("deliveries"), Delivery)
    if delivery_id is not None and delivery_id not in ledger["delivery_id"]:
        raise Unanswerable(f"no delivery {delivery_id}; `kurasi deliveries` lists them")
    return rejected(home, delivery_id).to_dicts()


def months(home: Home) -> list[str]:
    """The ranked months, `YYYY-MM`, oldest first."""
    ranked = (
        finished_state.table(home, "rank_monthly")
        .select("month")
        .unique()
        .collect()["month"]
        .sort()
    )
    return [f"{month:%Y-%m}" for month in ranked]


def rank(
    home: Home,
    month: str,
    policy: str | None = None,
    category: str | None = None,
    league: str | None = None,
) -> list[dict[str, Any]]:
    """The rankings of a month, ordered by policy, league, category, rank and office.

    Without a policy: the one in force in that month, or all where none is.

    Raises:
        Unanswerable: the month, the policy or the league is not ranked.
    """
    rows = finished_state.table(home, "rank_monthly").filter(month=first_day(month)).collect()
    if rows.is_empty():
        known = months(home)
        span = f"; ranked are {known[0]} to {known[-1]}" if known else ""
        raise Unanswerable(f"{month} is not ranked{span}")
    if policy is None and rows["is_official"].any():
        rows = rows.filter("is_official")
    for column, wanted in {"policy_id": policy, "category": category, "league": league}.items():
        if wanted is None:
            continue
        known = rows[column].unique().sort().to_list()
        if wanted not in known:
            raise Unanswerable(f"no {column} {wanted!r} in {month}; there are {', '.join(known)}")
        rows = rows.filter(pl.col(column) == wanted)
    ordered = rows.sort("policy_id", "league", "category", "rank", "office_id")
    return [_rank_row(row) for row in ordered.iter_rows(named=True)]


def office_names(home: Home, month: str) -> dict[str, str]:
    """Office to its name in the month (its last one)."""
    first = first_day(month)
    spans = (
        finished_state.table(home, "dim_office")
        .filter(pl.col("valid_from_date") < pl.lit(first).dt.offset_by("1mo"))
        .sort("valid_from_date")
        .collect()
    )
    return dict(spans.select("office_id", "office_name").iter_rows())


def instant(column: str) -> pl.Expr:
    """A UTC instant as ISO 8601 text."""
    return pl.col(column).dt.strftime("%Y-%m-%dT%H:%M:%SZ")


def _rank_row(row: dict[str, Any]) -> dict[str, Any]:
    plain = (
        *("policy_id", "policy_sha256", "is_official", "league", "category"),
        *("rank", "rank_best", "rank_worst", "rank_without_best_post", "office_id"),
        *("score", "score_low", "score_high", "post_count"),
    )
    return {
        "month": f"{row['month']:%Y-%m}",
        **{key: row[key] for key in plain},
        "coverage": {state_: row[f"{state_}_account_count"] for state_ in COVERAGE},
        "evidence": {grade: row[f"{grade}_score"] for grade in GRADES},
    }


def first_day(month: str) -> date:
    """The first day of a month that is written `YYYY-MM`."""
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Unanswerable(f"{month!r} is no month; write it as 2025-08") from None
