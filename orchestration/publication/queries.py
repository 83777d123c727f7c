"""What the reading calls answer, from the last finished state.

What belongs here: the rows of the interface's JSON, as the warehouse computed them. What does not:
the whole way from a rank to the records under it (`explanation.py`), deciding anything, and how a
terminal shows it (`cli/tables.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from ingest.home import Home
from ingest.pipeline import rejects as rejected
from ingest.pipeline import withheld
from ingest.schemas import Delivery
from ingest.storage import read_table, refuse_newer
from orchestration.publication import editions, finished_state
from orchestration.publication.unanswerable import NoMonth, NotRanked, Unknown
from orchestration.publication.unanswerable import Unanswerable as Unanswerable

GRADES = ("exact", "interpolated", "late", "early", "none")
COVERAGE = ("complete", "partial", "missing")
#: What a row of a ranking has as it stands in the table.
_RANK_COLUMNS = (
    "policy_id",
    "policy_sha256",
    "is_official",
    "league",
    "category",
    "rank",
    "rank_best",
    "rank_worst",
    "rank_likely_best",
    "rank_likely_worst",
    "rank_without_best_post",
    "office_id",
    "score",
    "score_low",
    "score_high",
    "score_likely_low",
    "score_likely_high",
    "is_complete",
    "post_count",
)


def deliveries(
    home: Home,
    *,
    only_quarantined: bool = False,
    only_rejected: bool = False,
    office: str | None = None,
    platform: str | None = None,
    month: str | None = None,
) -> list[dict[str, Any]]:
    """The ledger, one dict per delivery; instants are ISO 8601 in UTC.

    `office` is the one that sent a file, `month` (`YYYY-MM`) the one in which it was captured, UTC.

    Raises:
        Unanswerable: the month is none.
        HomeIsNewer: a newer program has written to the home.
    """
    refuse_newer(home)
    ledger = read_table(home.table("deliveries"), Delivery)
    if only_quarantined:
        ledger = ledger.filter(pl.col("status") == "quarantined")
    if only_rejected:
        ledger = ledger.filter(pl.col("status") == "rejected")
    if office is not None:
        ledger = ledger.filter(pl.col("office_id") == office)
    if platform is not None:
        ledger = ledger.filter(pl.col("platform") == platform)
    if month is not None:
        ledger = ledger.filter(
            pl.col("captured_at").dt.date().dt.truncate("1mo") == first_day(month)
        )
    return ledger.select(
        "delivery_id",
        "sha256",
        "received_sha256",
        "name",
        "platform",
        "kind",
        "status",
        "reason",
        instant("captured_at"),
        "captured_at_source",
        "office_id",
        "account_id",
        "unknown_columns",
        "repairs",
        records="record_count",
        loaded="loaded_count",
        rejected="rejected_count",
        set_aside="set_aside_count",
        withheld="withheld_count",
        set_aside_reasons="set_aside_reasons",
        is_captured_after_receipt="is_captured_after_receipt",
        truncated="is_truncated",
    ).to_dicts()


def rejects(home: Home, delivery_id: str | None) -> list[dict[str, Any]]:
    """The rejected records and the withheld counters of one delivery, or of all, by record.

    `what` tells which: `rejected`, then `field` and `text` are null, or `withheld`.

    Raises:
        Unanswerable: there is no such delivery.
        HomeIsNewer: a newer program has written to the home.
    """
    refuse_newer(home)
    ledger = read_table(home.table("deliveries"), Delivery)
    if delivery_id is not None and delivery_id not in ledger["delivery_id"]:
        raise Unanswerable(f"no delivery {delivery_id}; `kurasi deliveries` lists them")
    records = rejected(home, delivery_id).with_columns(what=pl.lit("rejected"))
    cells = withheld(home, delivery_id).with_columns(what=pl.lit("withheld"))
    return (
        pl.concat([records, cells], how="diagonal")
        .sort("delivery_id", "record_number", "field", nulls_last=False)
        .to_dicts()
    )


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
        NoState: the last finished state is of a version that knew no likely ranks.
    """
    rows = finished_state.table(home, "rank_monthly").filter(month=first_day(month)).collect()
    if "rank_likely_best" not in rows.columns:
        raise finished_state.NoState(finished_state.OF_AN_EARLIER_VERSION)
    if rows.is_empty():
        raise NotRanked(month, months(home))
    if policy is None and rows["is_official"].any():
        rows = rows.filter("is_official")
    for column, wanted in {"policy_id": policy, "category": category, "league": league}.items():
        if wanted is None:
            continue
        known = rows[column].unique().sort().to_list()
        if wanted not in known:
            raise Unknown(column.removesuffix("_id"), wanted, known, month)
        rows = rows.filter(pl.col(column) == wanted)
    ordered = rows.sort("policy_id", "league", "category", "rank", "office_id")
    return [_rank_row(row) for row in ordered.iter_rows(named=True)]


def month_states(home: Home, month: str) -> dict[str, dict[str, Any]]:
    """Policy to what the month has under it.

    Returns:
        Of each policy `account_count, complete_account_count, coverage_percent, evidence_percent`.
    """
    rows = finished_state.table(home, "rank_month_state").filter(month=first_day(month)).collect()
    kept = ("account_count", "complete_account_count", "coverage_percent", "evidence_percent")
    return {
        row["policy_id"]: {column: row[column] for column in kept}
        for row in rows.iter_rows(named=True)
    }


def newest_edition(home: Home, month: str) -> dict[str, Any] | None:
    """The newest edition of a month; None where none is published.

    Returns:
        `edition_id, status, is_current`: whether its ranks are those of the last finished state.
    """
    known = editions.editions(home, month)
    if not known:
        return None
    state = finished_state.table(home, "rank_monthly").filter(month=first_day(month)).collect()
    published = pl.read_parquet(known[-1].path / "tables" / "rank_monthly.parquet", glob=False)
    # An edition of an earlier version has fewer columns.
    shared = [column for column in state.columns if column in published.columns]
    order = ["policy_id", "league", "category", "office_id"]
    return {
        "edition_id": known[-1].edition_id,
        "status": known[-1].status,
        "is_current": state.select(shared).sort(order).equals(published.select(shared).sort(order)),
    }


def policy(home: Home, policy_id: str) -> dict[str, Any]:
    """A policy as the warehouse knows it."""
    return (
        finished_state.table(home, "dim_policy")
        .filter(policy_id=policy_id)
        .collect()
        .row(0, named=True)
    )


def months_of_posts(
    home: Home, policy_id: str, posts: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """In which month (`2025-08`) the last finished state has posts, under a policy.

    Args:
        home: whose state; one that has none knows no post.
        policy_id: by its zone; a policy that the state does not have knows no post.
        posts: platform and ID of each.
    """
    wanted = pl.DataFrame(posts, schema=["platform", "post_id"], orient="row").lazy()
    try:
        found = (
            finished_state.table(home, "fct_post_month")
            .filter(policy_id=policy_id)
            .join(wanted, on=["platform", "post_id"], how="semi")
            .select("platform", "post_id", "month")
            .collect()
        )
    except finished_state.NoState:
        return {}
    return {(platform, post_id): f"{month:%Y-%m}" for platform, post_id, month in found.iter_rows()}


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


def first_day(month: str) -> date:
    """The first day of a month that is written `YYYY-MM`."""
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        raise NoMonth(month) from None


def _rank_row(row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"month": f"{row['month']:%Y-%m}"}
    for column in _RANK_COLUMNS:
        found[column] = row[column]
    found["coverage"] = {state: row[f"{state}_account_count"] for state in COVERAGE}
    found["evidence"] = {grade: row[f"{grade}_score"] for grade in GRADES}
    return found
