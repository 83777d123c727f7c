"""The whole way from a rank to the records that it rests on.

What belongs here: gathering what the warehouse already decided about one office's month. What does
not: deciding anything, and how a terminal shows it (`orchestration/cli/tables.py`).
"""

from __future__ import annotations

from typing import Any

import polars as pl

from ingest.home import Home
from orchestration.publication import finished_state, queries

_OBSERVATION = {
    "captured_at": queries.instant("captured_at"),
    "likes": pl.col("like_count"),
    "comments": pl.col("comment_count"),
    "shares": pl.col("share_count"),
    "saves": pl.col("save_count"),
    "sha256": pl.col("sha256"),
    "record_number": pl.col("record_number"),
}


def explain(
    home: Home, month: str, office: str, category: str, policy: str | None = None
) -> dict[str, Any]:
    """One row of the ranking with its posts, and each post's observations.

    Posts are those of the office's accounts in the month, counted or not, the most valuable first;
    their observations are in order of capture. Counters are null where they were not reported, and
    `published_at` is a day where no more is known. Instants are ISO 8601 in UTC.

    Raises:
        Unanswerable: there is no such row.
    """
    ranking = queries.rank(home, month, policy, category)
    rows = [row for row in ranking if row["office_id"] == office]
    if not rows:
        known = ", ".join(sorted({row["office_id"] for row in ranking}))
        raise queries.Unanswerable(f"no office {office!r} is ranked in {month}; there are {known}")
    row = rows[0]
    rivals = [
        rival["score"]
        for rival in ranking
        if rival["league"] == row["league"]
        and rival["policy_id"] == row["policy_id"]
        and rival["score"] > row["score"]
    ]
    return {
        **row,
        "lacks_to_next_rank": min(rivals) - row["score"] if rivals else None,
        "posts": _posts(home, month, office, row["policy_id"]),
    }


def policy_of(home: Home, policy_id: str) -> dict[str, Any]:
    """A policy as the warehouse knows it."""
    return (
        finished_state.table(home, "dim_policy")
        .filter(policy_id=policy_id)
        .collect()
        .row(0, named=True)
    )


def _posts(home: Home, month: str, office: str, policy_id: str) -> list[dict[str, Any]]:
    published = pl.coalesce(
        queries.instant("published_at"), pl.col("published_date").dt.strftime("%Y-%m-%d")
    )
    posts = (
        finished_state.table(home, "fct_post_month")
        .filter(month=queries.first_day(month), office_id=office, policy_id=policy_id)
        .join(finished_state.table(home, "dim_post"), on="post_key")
        .select(
            "post_key",
            "platform",
            "post_id",
            "permalink",
            "account_id",
            published_at=published,
            counted="is_counted",
            reason="reason",
            value="value",
            value_low="value_low",
            value_high="value_high",
            grade="grade",
            window_ends_at=queries.instant("window_ends_at"),
        )
        .sort(
            ["counted", "value", "published_at", "post_key"],
            descending=[True, True, False, False],
            nulls_last=True,
        )
        .collect()
    )
    observations = (
        finished_state.table(home, "fct_engagement")
        .join(posts.lazy().select("post_key"), on="post_key", how="semi")
        .sort("post_key", "captured_at", "sha256", "record_number")
        .select("post_key", **_OBSERVATION)
        .collect()
        .partition_by("post_key", as_dict=True, include_key=False)
    )
    return [
        {
            **{key: value for key, value in post.items() if key != "post_key"},
            "observations": observations[(post["post_key"],)].to_dicts(),
        }
        for post in posts.iter_rows(named=True)
    ]
