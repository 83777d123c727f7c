"""From a rank to the records under it, from the last finished state.

What belongs here: what `kurasi explain` answers. What does not: the other reading calls
(`queries.py`), and how a terminal shows it (`cli/explanation_page.py`).
"""

from __future__ import annotations

from itertools import chain
from typing import Any

import polars as pl

from ingest import batches
from ingest.home import Home
from orchestration.publication import finished_state
from orchestration.publication.queries import first_day, instant, rank
from orchestration.publication.unanswerable import Unknown

#: A component as the interface names it, to the warehouse's name; also their order.
COMPONENTS = {"likes": "like", "comments": "comment", "shares": "share", "saves": "save"}


def explain(
    home: Home, month: str, office: str, category: str, policy: str | None = None
) -> dict[str, Any]:
    """One row of the ranking with its posts, each post's components, and its observations.

    Posts are those of the office's accounts in the month, counted or not, the most valuable first.
    Components are those that weigh anything on the post's platform; their values are interactions,
    not yet weighted. Observations are in order of capture. Counters are null where they were not
    reported; an observation in which some can't be read names them, with rule and text, under
    `withheld`. `published_at` is a day where no more is known. Instants are ISO 8601 in UTC.
    Flags are told under the policy in force alone, with the rank without the post.

    Raises:
        Unknown: there is no such row.
    """
    ranking = rank(home, month, policy, category)
    rows = [row for row in ranking if row["office_id"] == office]
    if not rows:
        raise Unknown("office", office, sorted({row["office_id"] for row in ranking}), month)
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
        "posts": _posts(home, row),
    }


def _posts(home: Home, ranked: dict[str, Any]) -> list[dict[str, Any]]:
    """The posts behind a row of the ranking."""
    month, office, policy_id = ranked["month"], ranked["office_id"], ranked["policy_id"]
    published = pl.coalesce(
        instant("published_at"), pl.col("published_date").dt.strftime("%Y-%m-%d")
    )
    posts = (
        finished_state.table(home, "fct_post_month")
        .filter(month=first_day(month), office_id=office, policy_id=policy_id)
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
            value_likely_low="value_likely_low",
            value_likely_high="value_likely_high",
            grade="grade",
            is_incomplete="is_incomplete",
            is_month_uncertain="is_month_uncertain",
            window_ends_at=instant("window_ends_at"),
        )
        .sort(
            ["counted", "value", "published_at", "post_key"],
            descending=[True, True, False, False],
            nulls_last=True,
        )
        .collect()
    )
    components = _components(home, month, policy_id, posts["post_key"])
    observations = _observations(home, posts["post_key"])
    flags = _flags(home, ranked)
    found = []
    for post in posts.iter_rows(named=True):
        key = post.pop("post_key")
        post["flags"] = flags.get(key, [])
        post["components"] = components.get(key, [])
        post["observations"] = observations[key]
        found.append(post)
    return found


def _flags(home: Home, ranked: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Post to what stands out in it, with its size and the rank without the post."""
    rows = (
        finished_state.table(home, "agg_flag_effect")
        .filter(month=first_day(ranked["month"]), policy_id=ranked["policy_id"])
        .filter(category=ranked["category"], office_id=ranked["office_id"])
        .filter(league=ranked["league"])
        .sort("post_key", "flag")
        .select(
            "post_key",
            "flag",
            pl.col("size").cast(pl.Float64),
            "earlier_post_key",
            "rank_without",
        )
        .collect()
    )
    return _by_post(rows)


def _components(
    home: Home, month: str, policy_id: str, posts: pl.Series
) -> dict[str, list[dict[str, Any]]]:
    """Post to the components that weigh anything on its platform, likes first."""
    names = {ours: theirs for theirs, ours in COMPONENTS.items()}
    rows = (
        finished_state.table(home, "fct_post_component")
        .filter(pl.col("post_key").is_in(posts.implode()), month=first_day(month))
        .filter(policy_id=policy_id)
        .with_columns(component=pl.col("component").replace_strict(names))
        .sort(pl.col("component").cast(pl.Enum(list(COMPONENTS))))
        .select(
            "post_key",
            "component",
            "weight",
            "grade",
            "value",
            "value_low",
            "value_high",
            "value_likely_low",
            "value_likely_high",
        )
        .collect()
    )
    return _by_post(rows)


def _observations(home: Home, posts: pl.Series) -> dict[str, list[dict[str, Any]]]:
    """Post to its observations, in order of capture."""
    counters = {name: f"{component}_count" for name, component in COMPONENTS.items()}
    rows = (
        finished_state.table(home, "fct_engagement")
        .filter(pl.col("post_key").is_in(posts.implode()))
        .sort("post_key", "captured_at", "sha256", "record_number")
        .select(
            "post_key",
            instant("captured_at"),
            **counters,
            sha256="sha256",
            record_number="record_number",
        )
        .collect()
    )
    found = _by_post(rows)
    unread = _withheld(home)
    for seen in chain.from_iterable(found.values()):
        if cells := unread.get((seen["sha256"], seen["record_number"])):
            seen["withheld"] = cells
    return found


def _by_post(rows: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    parts = rows.partition_by("post_key", as_dict=True, include_key=False)
    return {str(key): part.to_dicts() for (key,), part in parts.items()}


def _withheld(home: Home) -> dict[tuple[str, int], list[dict[str, Any]]]:
    """The withheld counters by file and number of record."""
    found: dict[tuple[str, int], list[dict[str, Any]]] = {}
    cells = batches.withheld(home).sort("sha256", "record_number", "field").collect()
    for cell in cells.iter_rows(named=True):
        told = {"field": cell["field"], "rule": cell["rule"], "text": cell["text"]}
        found.setdefault((cell["sha256"], cell["record_number"]), []).append(told)
    return found
