"""One month of the finished state: the tables that an edition holds, and the rows they stand on.

What belongs here: which rows of the state concern a month. What does not: how they are written
(`formats.py`, `evidence.py`, `workbook.py`) and computing anything that the warehouse has not.

A month's rows must not change once nothing captured can count any more, or every later export of
the same posts would make a new edition. So an observation captured after the cut-off of every
policy is left out, unless it alone tells whose the post is, when it was published or what it is.

People who are no official account stay unnamed: of an account that is not registered neither name,
handle, number nor link to a post leaves the home; that it is not registered is all that decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from ingest import batches
from ingest.home import Home
from orchestration.publication import finished_state

#: What an edition holds, in this order; each is sorted by the columns named, a total order.
TABLES: dict[str, tuple[str, ...]] = {
    "rank_monthly": ("policy_id", "league", "category", "rank", "office_id"),
    "rank_policy_sensitivity": ("league", "category", "office_id", "policy_id"),
    "rank_month_state": ("policy_id",),
    "fct_post_month": ("policy_id", "platform", "post_id"),
    "fct_account_month": ("policy_id", "office_id", "league", "account_id"),
    "fct_coverage": ("policy_id", "account_id"),
    "fct_engagement": ("post_key", "captured_at", "delivery_id", "record_number"),
    "fct_flag": ("flag", "post_key", "observation_id", "detail"),
    "dim_office": ("office_id", "valid_from_date"),
    "dim_account": ("account_span_id", "office_id", "account_name", "valid_to_date"),
    "dim_platform": ("platform",),
    "dim_policy": ("policy_id",),
    "dim_post": ("post_key",),
    "obt_post_month": ("policy_id", "platform", "post_id"),
}
#: Never in the public tier.
PRIVATE = ("caption",)
#: How the warehouse is built, which is nobody else's business.
_INTERNAL = ("post_month", "row_month")
FLAGS = ("is_reply", "is_repost", "is_story", "is_cross_post")
_WHO = ("platform_account_id", "account_handle", "account_name")
#: Stands in the place of a name that the registry does not know; no handle can read like it.
UNREGISTERED = "(unregistered)"


class NotPublishable(Exception):
    """The month can't be published as asked; the text says why, in one line."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month as the finished state has it; all frames in a total order, text in NFC.

    `tables` are the edition's. `observations`, `deliveries` and `rejects` are the rows behind them:
    each record of the month's posts that can tell something, the deliveries that hold them or that
    speak of the month's coverage, and the records of these deliveries that were rejected.
    """

    first_day: date
    tables: dict[str, pl.DataFrame]
    observations: pl.DataFrame
    deliveries: pl.DataFrame
    rejects: pl.DataFrame

    @property
    def name(self) -> str:
        """As `2025-08`."""
        return f"{self.first_day:%Y-%m}"

    @property
    def official_policy(self) -> str | None:
        """The policy in force; None where there is none."""
        official = self.tables["rank_monthly"].filter("is_official")["policy_id"].unique()
        return str(official.item()) if official.len() else None

    @property
    def lacks(self) -> str:
        """What the month lacks under the official policy to be final; empty where nothing."""
        if self.official_policy is None:
            return "no policy is in force in this month"
        states = self.tables["rank_month_state"].filter(policy_id=self.official_policy)
        return "" if states["is_complete"].item() else str(states["state"].item())


def read_month(home: Home, first_day: date) -> Month:
    """The rows of the last finished state that concern the month.

    Raises:
        NoState: nothing is built yet.
        NotPublishable: the month is not ranked, or the lake has moved on since the build.
    """
    folder = finished_state.current(home)
    whole = {name: _read(folder, name, first_day) for name in TABLES}
    ranked = whole["rank_monthly"]["month"].unique().sort()
    if first_day not in ranked:
        known = f"; ranked are {ranked[0]:%Y-%m} to {ranked[-1]:%Y-%m}" if ranked.len() else ""
        raise NotPublishable(f"{first_day:%Y-%m} is not ranked{known}")
    posts = whole["fct_post_month"].filter(month=first_day).select("post_key").unique()
    every = (
        whole["fct_engagement"]
        .join(posts, on="post_key", how="semi")
        .join(whole["dim_post"].select("post_key", "platform", "post_id"), on="post_key")
        .join(_read(folder, "int_evidence", first_day), on=["delivery_id", "record_number"])
    )
    seen = _telling(every, cutoff(whole, first_day))
    deliveries = _deliveries(_read(folder, "stg_deliveries", first_day), seen, whole, first_day)
    return Month(
        first_day=first_day,
        tables=_tables(whole, first_day, seen),
        observations=_unnamed(seen),
        deliveries=deliveries,
        rejects=_rejects(home, deliveries),
    )


def start_of(day: date, zone: str) -> datetime:
    """The UTC instant at which a day begins in a zone."""
    return (
        datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
        .astimezone(UTC)
        .replace(tzinfo=None)
    )


def next_month(first_day: date) -> date:
    """The first day of the next month."""
    return (first_day + timedelta(days=31)).replace(day=1)


def cutoff(tables: dict[str, pl.DataFrame], first_day: date) -> datetime | None:
    """The last instant (UTC) whose captures count under any policy; None where one has no limit."""
    ends = [
        start_of(next_month(first_day) + timedelta(days=row["cutoff_days"]), row["time_zone"])
        for row in tables["dim_policy"].iter_rows(named=True)
        if row["cutoff_days"] is not None
    ]
    return max(ends) if len(ends) == tables["dim_policy"].height else None


def _read(folder: Path, name: str, first_day: date) -> pl.DataFrame:
    """A table of the state; of one with months those in which posts of the month can lie."""
    path = folder / f"{name}.parquet"
    if not path.exists():
        raise NotPublishable(
            "an older version built the last state; remove warehouse/current and `kurasi run`"
        )
    rows = pl.scan_parquet(path)
    if name in finished_state.BY_MONTH:  # no zone is a day away from UTC
        previous = (first_day - timedelta(days=1)).replace(day=1)
        rows = rows.filter(pl.col("post_month").is_between(previous, next_month(first_day)))
    return (
        rows.drop(*PRIVATE, *_INTERNAL, strict=False)
        .with_columns(pl.col(pl.String).str.normalize("NFC"))
        .collect()
    )


def _telling(seen: pl.DataFrame, until: datetime | None) -> pl.DataFrame:
    """Without the observations after `until` that tell nothing of the post itself."""
    order = ["captured_at", "sha256", "record_number", "delivery_id"]
    named = pl.coalesce("platform_account_id", "account_handle", "account_id").is_not_null()
    precision = pl.col("published_precision").replace_strict(
        {"second": 1, "minute": 2, "day": 3}, return_dtype=pl.Int8
    )
    firsts = [
        seen.sort(order),
        seen.filter(named).sort(order),
        seen.sort(precision, "published_at", "published_date", *order, nulls_last=True),
        *(seen.filter(flag).sort(order) for flag in FLAGS),
    ]
    deciding = pl.concat(
        [rows.unique("post_key", keep="first", maintain_order=True) for rows in firsts]
    )
    if until is not None:
        timely = seen.filter(pl.col("captured_at") <= until)
        late = seen.filter(pl.col("captured_at") > until)
        seen = pl.concat([timely, late.join(deciding, on="observation_id", how="semi")])
    return seen.sort("platform", "post_id", *order)


def _unnamed(seen: pl.DataFrame) -> pl.DataFrame:
    """With a mark in the place of who is not registered; a record that names nobody stays so."""
    is_stranger = pl.col("account_id").is_null()
    names = _WHO[:2]
    is_named = pl.coalesce(*names).is_not_null()
    mark = pl.when(is_named).then(pl.lit(UNREGISTERED))
    return seen.with_columns(
        pl.when(is_stranger).then(None).otherwise("platform_account_id").alias(names[0]),
        pl.when(is_stranger).then(mark).otherwise("account_handle").alias(names[1]),
    )


def _deliveries(
    ledger: pl.DataFrame, seen: pl.DataFrame, tables: dict[str, pl.DataFrame], first_day: date
) -> pl.DataFrame:
    """Those that hold the observations, and those that speak of the month's coverage."""
    zones = tables["dim_policy"]["time_zone"].unique()
    speaks = pl.col("captured_at") > min(start_of(first_day, zone) for zone in zones)
    until = cutoff(tables, first_day)
    if until is not None:
        speaks &= pl.col("captured_at") <= until
    holds = pl.col("delivery_id").is_in(seen["delivery_id"].unique().implode())
    return ledger.filter(speaks | holds).sort("captured_at", "delivery_id")


def _rejects(home: Home, deliveries: pl.DataFrame) -> pl.DataFrame:
    """Rule and record number; the detail can hold what people wrote, so it stays at home."""
    files = deliveries.filter(status="loaded").select("sha256", "rejected_count").unique()
    found = (
        batches.rejects(home)
        .select("sha256", "record_number", "rule")
        .join(files.lazy().select("sha256"), on="sha256", how="semi")
        .sort("sha256", "record_number", "rule")
        .collect()
    )
    if found.height != files["rejected_count"].sum():
        raise NotPublishable("the lake has moved on since the last build; `kurasi run` first")
    return found


def _tables(
    whole: dict[str, pl.DataFrame], first_day: date, seen: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    posts = seen.select("post_key").unique()
    tables = {}
    for name, order in TABLES.items():
        rows = whole[name]
        if "month" in rows.columns:
            rows = rows.filter(month=first_day)
        elif "observation_id" in rows.columns:
            is_seen = pl.col("observation_id").is_in(seen["observation_id"].implode())
            rows = rows.filter(is_seen | pl.col("observation_id").is_null())
        if "post_key" in rows.columns:
            rows = rows.join(posts, on="post_key", how="semi")
        tables[name] = rows.sort(*order, nulls_last=True)
    # As of the observations that the edition holds.
    last = seen.group_by("post_key").agg(
        last_observed_at=pl.col("captured_at").max(), observation_count=pl.len().cast(pl.Int64)
    )
    known = pl.col("account_id").is_not_null()
    for name in ("dim_post", "obt_post_month"):
        tables[name] = tables[name].with_columns(
            pl.when(known).then(column).alias(column)
            for column in (*_WHO, "permalink")
            if column in tables[name].columns
        )
    columns = tables["dim_post"].columns
    stale = ["last_observed_at", "observation_count"]
    tables["dim_post"] = (
        tables["dim_post"].drop(stale).join(last, on="post_key").select(columns).sort("post_key")
    )
    return tables
