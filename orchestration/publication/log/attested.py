"""Between which two instants a delivery was captured, whoever says what: the attested interval.

What belongs here: the two tables of an edition's folder `attested/`. What does not: any number that
ranks; the interval follows from the order of arrival and from a clock, so it decides nothing, and
its tables are left out when editions are compared.

A file can't be older than the newest post in it, and the IDs of posts on X, TikTok and Instagram
tell when they were made. It can't be younger than the log's line that holds it. The first end
anybody can look up; the second is what the operator's clock said, as long as no witness signed a
head with a time of its own (`docs/trust.md`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from ingest import batches
from ingest.home import Home
from ingest.schemas import PostObservation
from orchestration.publication.formats import csv_bytes
from orchestration.publication.log.facts import instant
from orchestration.publication.log.store import Log
from orchestration.publication.month import Month

#: An interval that is no wider attests.
_DAY = timedelta(hours=24)
#: The clocks of senders and receivers differ by so much.
_CLOCK_GRACE = timedelta(minutes=15)
_COMPONENTS = ("like", "comment", "share", "save")
_OFFICE = ["policy_id", "league", "office_id"]


def attested(home: Home, log: Log, month: Month) -> dict[str, bytes]:
    """The files of the folder `attested/`, by name.

    `intervals.csv`: each delivery of the evidence, with `newest_id_at`, the line of the log that
    holds its capture (`log_index`), `logged_at`, and whether the two are within 24 hours and the
    capture is told to lie between them. Blank is unknown: a file without such IDs, a delivery that
    the log does not hold.

    `shares.csv`: of each office's score what stands on such deliveries, and its share in percent,
    rounded down. Of `active` a post counts that one of them holds; of `popular` the whole value of
    a post of which every observation that decides it is in them.
    """
    deliveries = intervals(month.deliveries, newest_ids(home, month.deliveries), log)
    return {
        "intervals.csv": csv_bytes(deliveries),
        "shares.csv": csv_bytes(shares(month, deliveries)),
    }


def newest_ids(home: Home, deliveries: pl.DataFrame) -> pl.DataFrame:
    """The newest time that an ID in a file tells: `sha256, newest_id_at`."""
    return (
        batches.scan(home.lake / "observations", PostObservation)
        .filter(pl.col("sha256").is_in(deliveries["sha256"].unique().implode()))
        .group_by("sha256")
        .agg(newest_id_at=pl.col("id_at").max())
        .collect()
    )


def intervals(deliveries: pl.DataFrame, ids: pl.DataFrame, log: Log) -> pl.DataFrame:
    """The table of intervals, in the order of the deliveries."""
    first: dict[tuple[str, str], int] = {}
    for index, fact in enumerate(log.facts()):
        if fact["kind"] == "delivery":
            first.setdefault((fact["delivery_id"], fact["captured_at"]), index)
    places = [
        first.get((delivery_id, instant(captured_at)))
        for delivery_id, captured_at in deliveries.select("delivery_id", "captured_at").iter_rows()
    ]
    logged = [None if place is None else _moment(log.fact(place)["logged_at"]) for place in places]
    return (
        deliveries.select("delivery_id", "sha256", "captured_at")
        .with_columns(
            log_index=pl.Series(places, dtype=pl.Int64),
            logged_at=pl.Series(logged, dtype=pl.Datetime("us")),
        )
        .join(ids, on="sha256", how="left", maintain_order="left")
        .with_columns(is_attested=attests())
        .select(
            "delivery_id", "captured_at", "newest_id_at", "log_index", "logged_at", "is_attested"
        )
    )


def attests() -> pl.Expr:
    """Whether an interval is narrow enough, and the capture is told to lie in it."""
    captured, newest, logged = map(pl.col, ("captured_at", "newest_id_at", "logged_at"))
    is_between = (captured >= newest - _CLOCK_GRACE) & (captured <= logged + _CLOCK_GRACE)
    is_narrow = (logged >= newest) & (logged - newest <= _DAY)
    return (is_between & is_narrow).fill_null(value=False)


def shares(month: Month, deliveries: pl.DataFrame) -> pl.DataFrame:
    """The table of shares, in the order of the rankings."""
    own = month.decisions.filter("is_counted", month=month.first_day)
    seen = _usable(month, own).join(
        deliveries.select("delivery_id", "is_attested"), on="delivery_id"
    )
    keys = ["policy_id", "post_key"]
    held = seen.filter("is_attested").select(keys).unique()
    active = own.join(held, on=keys, how="semi").with_columns(part=pl.lit(1, pl.Int64))
    decided = _deciding(month, seen).group_by(keys).agg(pl.col("is_attested").all())
    popular = own.join(decided.filter("is_attested"), on=keys, how="semi").with_columns(
        part=pl.col("value").fill_null(0)
    )
    parts = [
        posts.group_by(_OFFICE)
        .agg(attested_score=pl.col("part").sum())
        .with_columns(category=pl.lit(category))
        for category, posts in {"active": active, "popular": popular}.items()
    ]
    ranked = month.tables["rank_monthly"]
    return (
        ranked.select(*_OFFICE, "category", "score")
        .join(pl.concat(parts), on=[*_OFFICE, "category"], how="left", maintain_order="left")
        .with_columns(pl.col("attested_score").fill_null(0))
        .with_columns(
            attested_percent=pl.when(pl.col("score") > 0).then(
                pl.col("attested_score") * 100 // pl.col("score")
            )
        )
    )


def _usable(month: Month, own: pl.DataFrame) -> pl.DataFrame:
    """The observations that count for a post's value, under each policy."""
    limits = month.tables["dim_policy"].select(
        "policy_id", limit=pl.duration(hours="late_limit_hours")
    )
    posts = month.posts.select("post_key", post_published_at="published_at")
    captured = pl.col("captured_at")
    is_doubted = pl.col("doubted_by").list.contains(pl.col("policy_id")).fill_null(value=False)
    return (
        month.observations.drop("platform", "post_id", "published_at", strict=False)
        .join(
            own.select("policy_id", "post_key", "platform", "window_ends_at", "cutoff_at"),
            on="post_key",
        )
        .join(posts, on="post_key")
        .join(limits, on="policy_id")
        .filter(
            ~is_doubted,
            (captured <= pl.col("cutoff_at")).fill_null(value=True),
            (captured >= pl.col("post_published_at")).fill_null(value=True),
            (captured <= pl.col("window_ends_at") + pl.col("limit")).fill_null(value=True),
        )
    )


def _deciding(month: Month, seen: pl.DataFrame) -> pl.DataFrame:
    """The observations that decide a component of a post under a policy.

    Those at the last instant up to the window's end and, unless that is the end itself, those at
    the first after it; without a window those at the last instant.
    """
    weights = month.tables["dim_policy_weights"]
    captured, ends = pl.col("captured_at"), pl.col("window_ends_at")
    is_until = (captured <= ends).fill_null(value=True)
    of_post = ["policy_id", "post_key"]
    found = []
    for component in _COMPONENTS:
        weighs = weights.filter(pl.col(f"{component}_weight") > 0)
        told = seen.filter(pl.col(f"{component}_count").is_not_null()).join(
            weighs.select("policy_id", "platform"), on=["policy_id", "platform"]
        )
        last = captured.filter(is_until).max().over(of_post)
        first = captured.filter(~is_until).min().over(of_post)
        is_exact = (last == ends).fill_null(value=False)
        found.append(
            told.filter((captured == last) | ((captured == first) & ~is_exact)).select(
                *of_post, "is_attested"
            )
        )
    return pl.concat(found)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)
