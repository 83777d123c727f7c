"""What a home's last finished state tells of how its posts grew.

What belongs here: which rule a curve is for, and its posts with their interactions by age. What
does not: fitting (`fit.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from ingest.home import Home
from orchestration.growth.fit import Post
from orchestration.publication import finished_state
from orchestration.publication.unanswerable import Unanswerable, Unknown

_COMPONENTS = ("like", "comment", "share", "save")
#: A capture that comes so long before a post's publication can't be true.
_TOLERANCE = timedelta(minutes=15)
#: More posts of a platform and month say nothing more.
_MOST_POSTS = 3_000


@dataclass(frozen=True, slots=True)
class Rule:
    """What of a policy decides which interactions grow towards which age."""

    policy_id: str
    window_hours: int
    time_zone: str
    #: Platform to component to weight, above 0.
    weights: Mapping[str, Mapping[str, int]]


def rule(home: Home, policy_id: str | None = None) -> Rule:
    """A policy's rule; without a name that of the policy in force in the newest ranked month.

    Raises:
        NoState: nothing is built yet.
        Unanswerable: there is no such policy, or it has no window.
    """
    if not (finished_state.current(home) / "dim_policy_weights.parquet").exists():
        raise Unanswerable("an older version built this home last; `kurasi run` builds it anew")
    policies = finished_state.table(home, "dim_policy").collect()
    if policy_id is None:
        official = finished_state.table(home, "rank_monthly").filter("is_official")
        newest = official.sort("month").select("policy_id").collect()["policy_id"]
        if newest.is_empty():
            raise Unanswerable("no policy is in force in a ranked month; name one with --policy")
        policy_id = newest[-1]
    found = policies.filter(policy_id=policy_id)
    if found.is_empty():
        raise Unknown("policy", policy_id, policies["policy_id"])
    policy = found.row(0, named=True)
    if policy["window_hours"] is None:
        raise Unanswerable(f"{policy_id} has no window, so it needs no curve; name another policy")
    weights = finished_state.table(home, "dim_policy_weights").filter(policy_id=policy_id).collect()
    return Rule(
        policy_id=policy["policy_id"],
        window_hours=policy["window_hours"],
        time_zone=policy["time_zone"],
        weights={
            row["platform"]: {
                component: row[f"{component}_weight"]
                for component in _COMPONENTS
                if row[f"{component}_weight"] > 0
            }
            for row in weights.iter_rows(named=True)
        },
    )


def posts(home: Home, of: Rule, platform: str) -> list[Post]:
    """The counted posts of a platform with their weighted interactions by age.

    A post known only by its day counts from 12:00 of it in the policy's zone, as its value does.
    Captures that can't be true are left out. Of each month there are at most 3,000 posts, evenly
    spaced.
    """
    counted = _counted(home, of, platform)
    untrue = _untrue_deliveries(home, counted)
    found = []
    for _, part in counted.group_by("post_month", maintain_order=True):
        ages = _ages(home, part, untrue)
        seen = _interactions(ages, of.weights[platform]).partition_by("post_key", as_dict=True)
        for post in part.iter_rows(named=True):
            sights = seen.get((post["post_key"],))
            if sights is not None:
                hours, counts = sights["age"].to_list(), sights["interactions"].to_list()
                found.append(Post(post["office_id"], post["month"], tuple(hours), tuple(counts)))
    return found


def _counted(home: Home, of: Rule, platform: str) -> pl.DataFrame:
    """The posts that count under the rule, with the instants from which they can have been seen and
    from which their age counts."""
    valued = (
        finished_state.table(home, "fct_post_month")
        .filter(policy_id=of.policy_id, platform=platform)
        .filter("is_counted")
        .select("post_key", "post_month", "month", "office_id")
    )
    known = finished_state.table(home, "dim_post").select(
        "post_key",
        begins_at=pl.coalesce("published_at", _hour_of_day(of, 0)),
        counts_from_at=pl.coalesce("published_at", _hour_of_day(of, 12)),
    )
    posts = valued.join(known, on="post_key").sort("month", "begins_at", "post_key").collect()
    months = [
        part.gather_every(-(-part.height // _MOST_POSTS))
        for _, part in posts.group_by("month", maintain_order=True)
    ]
    return pl.concat([posts.clear(), *months])


def _hour_of_day(of: Rule, hour: int) -> pl.Expr:
    """The instant of an hour of the day on which a post was published (UTC)."""
    local = pl.col("published_date").cast(pl.Datetime("us")) + timedelta(hours=hour)
    zoned = local.dt.replace_time_zone(of.time_zone, ambiguous="earliest", non_existent="null")
    return zoned.dt.convert_time_zone("UTC").dt.replace_time_zone(None)


def _sights(home: Home, posts: pl.DataFrame) -> pl.LazyFrame:
    """The observations of some posts."""
    months = posts["post_month"].unique().to_list()
    observations = finished_state.table(home, "fct_engagement")
    chosen = posts.lazy().select("post_key", "begins_at", "counts_from_at")
    return observations.filter(pl.col("post_month").is_in(months)).join(chosen, on="post_key")


def _untrue_deliveries(home: Home, posts: pl.DataFrame) -> pl.DataFrame:
    """The deliveries whose capture comes before a publication that they tell of."""
    found = [
        _sights(home, part)
        .filter(pl.col("captured_at") < pl.col("begins_at") - _TOLERANCE)
        .select("delivery_id")
        .collect()
        for _, part in posts.group_by("post_month", maintain_order=True)
    ]
    empty = pl.DataFrame(schema={"delivery_id": pl.String})
    return pl.concat([empty, *found]).unique()


def _ages(home: Home, posts: pl.DataFrame, untrue: pl.DataFrame) -> pl.DataFrame:
    """The observations of some posts with their age in hours, above 0."""
    age = (pl.col("captured_at") - pl.col("counts_from_at")).dt.total_seconds() / 3600
    return (
        _sights(home, posts)
        .join(untrue.lazy(), on="delivery_id", how="anti")
        .with_columns(age=age)
        .filter(pl.col("age") > 0)
        .group_by("post_key", "age")
        # At one instant with different numbers the smallest holds, as for the value.
        .agg(pl.col([f"{component}_count" for component in _COMPONENTS]).min())
        .collect()
    )


def _interactions(ages: pl.DataFrame, weights: Mapping[str, int]) -> pl.DataFrame:
    """Each post's weighted interactions by age, of the components that every sight of it reports.

    A component that only some exports report would look like growth. Counts that fall stay at what
    they were.
    """
    if not weights:
        return ages.clear().with_columns(interactions=pl.lit(0))
    counts = {f"{component}_count": weight for component, weight in weights.items()}
    reported = {name: ~pl.col(name).is_null().any().over("post_key") for name in counts}
    parts = [
        pl.when(reported[name]).then(pl.col(name) * weight).otherwise(0)
        for name, weight in counts.items()
    ]
    return (
        ages.filter(pl.any_horizontal(pl.col(list(counts)).is_not_null()))
        .with_columns(
            interactions=pl.sum_horizontal(parts), reported=pl.any_horizontal(*reported.values())
        )
        .filter("reported")
        .sort("post_key", "age")
        .with_columns(pl.col("interactions").cum_max().over("post_key"))
    )
