"""The month before, as the bulletin compares with it: the ranks of its newest edition.

What belongs here: which edition that is, which of its ranks are taken, and whether an office has
provably moved. What does not: how that is told (`words.py`).

The ranks stand in `bulletin.json` under `previous`, so that it can be made anew from its edition
alone, and held against the edition that it names wherever that lies beside.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from ingest.home import Home
from orchestration.publication.bulletin.facts import Facts, Row, told_policy
from orchestration.publication.editions import Edition, editions, table_of
from orchestration.publication.month import PublishedMonth
from orchestration.publication.wording import places_gained

#: What is taken of a ranking's row.
_RANK = (
    "league",
    "category",
    "office_id",
    "rank",
    "rank_likely_best",
    "rank_likely_worst",
    "is_complete",
)


def month_before(first_day: date) -> date:
    """The first day of the month before."""
    return (first_day - timedelta(days=1)).replace(day=1)


def newest_before(home: Home, month: PublishedMonth) -> dict[str, Any] | None:
    """What the bulletin takes of the newest edition of the month before; None where none is
    published.

    Raises:
        DamagedEdition: an edition is not as it was published.
    """
    known = editions(home, f"{month_before(month.first_day):%Y-%m}")
    return ranks_of(known[-1], month) if known else None


def ranks_of(edition: Edition, month: PublishedMonth) -> dict[str, Any]:
    """What the bulletin of a month takes of an edition of the month before.

    The ranks are those under the policy that is told. Under another file of the same name nothing
    is compared: then the rule has moved, and not the offices.

    Raises:
        DamagedEdition: the edition is not as it was published.
    """
    policy = told_policy(month)
    rows = table_of(edition, "rank_monthly")
    ranks: list[Row] = []
    if set(_RANK) <= set(rows.columns):
        same = rows.filter(
            policy_id=policy["policy_id"], policy_sha256=policy["policy_sha256"]
        ).drop_nulls("rank_likely_best")
        ranks = same.select(_RANK).sort("league", "category", "rank", "office_id").to_dicts()
    return {
        "edition_id": edition.edition_id,
        "month": edition.month,
        "content_sha256": edition.content_sha256,
        "ranks": ranks,
    }


def movement(
    facts: Facts, row: Row, before: Mapping[tuple[str, str, str], Row], *, is_known: bool
) -> dict[str, str]:
    """How an office moved in a ranking: only what the likely ranks of both months prove.

    Args:
        facts: of the month.
        row: the office's, of `rank_monthly`.
        before: league, category and office to the row of the month before.
        is_known: whether there is anything to compare with.
    """
    if not is_known:
        return {"sign": "none", "text": ""}
    then = before.get((row["league"], row["category"], row["office_id"]))
    if then is None:
        return {"sign": "new", "text": facts.language.pick("baru", "new")}
    if _is_certain(row) and _is_certain(then) and row["rank"] == then["rank"]:
        return {"sign": "same", "text": "="}
    gained = places_gained(row, then)
    if not gained:
        return {"sign": "unproven", "text": "≈"}
    if gained > 0:
        return {"sign": "up", "text": f"▲ {facts.language.number(gained)}"}
    return {"sign": "down", "text": f"▼ {facts.language.number(-gained)}"}


def _is_certain(row: Row) -> bool:
    return bool(row["is_complete"] and row["rank_likely_best"] == row["rank_likely_worst"])
