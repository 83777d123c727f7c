"""One month of the finished state: the tables that an edition holds, and the rows they stand on.

What belongs here: which rows of the state concern a month. What does not: how they are written
(`formats.py`, `evidence.py`, `workbook/`) and computing anything that the warehouse has not.

A month's rows must not change once nothing captured can count any more, or every later export of
the same posts would make a new edition. So an observation captured after a post's cut-off under
every policy is left out, unless it alone tells whose the post is, when it was published or what it
is; so is what is known of a rejected record only since then.

A post that is known to the day only may be of the month beside its own, where it adds to the upper
bounds. Such posts are evidence for both months, each by its own cut-off, and rows of the tables of
their own alone.

People who are no official account stay unnamed: of an account that is not registered neither name,
handle, number nor link to a post leaves the home; that it is not registered is all that decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from ingest import batches
from ingest.home import Home
from ingest.schemas import READ
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
    "dim_policy_weights": ("policy_id", "platform"),
    "dim_policy_growth": ("policy_id", "platform", "hours"),
    "dim_post": ("post_key",),
    "obt_post_month": ("policy_id", "platform", "post_id"),
    "fct_office_month": ("policy_id", "league", "category", "office_id"),
    "fct_office_coverage": ("policy_id", "office_id"),
    "dim_date": ("date_day",),
    "agg_guidance": ("platform", "feature", "post_kind", "level"),
    "agg_campaign": ("campaign_id", "policy_id", "league", "office_id", "platform", "finding"),
    "agg_flag_effect": ("policy_id", "league", "office_id", "post_key", "flag", "category"),
    "agg_office_followers": ("policy_id", "league", "office_id", "platform"),
    "fct_opinion_month": ("office_id", "label"),
    "fct_opinion_agreement": ("first_label", "second_label"),
}
#: What is told beside the rankings. It looks back over months or stands on captions, so no evidence
#: of a month gives it, and it makes no edition by itself.
BESIDE = ("agg_guidance", "agg_campaign", "agg_flag_effect", "agg_office_followers")
#: What says the other tables' content in another form, so it makes no edition by itself either.
DERIVED = ("fct_office_month", "fct_office_coverage", "dim_date")
#: Never in the public tier.
PRIVATE = ("caption",)
#: With what could be published, but would give an edition's tables of posts other columns.
AT_HOME = (*PRIVATE, "post_kind", "hashtags", "caption_length", "has_question")
#: How the warehouse is built, which is nobody else's business.
_INTERNAL = ("post_month", "row_month")
FLAGS = ("is_reply", "is_repost", "is_story", "is_cross_post")
_WHO = ("platform_account_id", "account_handle", "account_name")
#: Stands in the place of a name that the registry does not know; no handle can read like it.
UNREGISTERED = "(unregistered)"


class NotPublishable(Exception):
    """The month can't be published as asked; the text says why, in one line."""


@dataclass(frozen=True)
class PublishedMonth:
    """A month's tables as an edition has them, each in a total order, text in NFC."""

    first_day: date
    tables: dict[str, pl.DataFrame]

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


@dataclass(frozen=True)
class Month(PublishedMonth):
    """A month as the finished state has it: the edition's tables, and the rows behind them.

    These are in a total order too: the `posts` of the month, and
    those beside it that may count in it, with their `decisions` and each record (`observations`)
    that can tell something; the `deliveries` that hold these or that were captured from the month's
    begin to its last cut-off, what each of them holds of whom (`contents`), from when to when it
    lists all posts of an account (`spans`), and their rejected records (`rejects`). `withheld`
    are the counters of the observations that could not be read, `zones` those of the ranges in the
    names of the platforms' files.
    """

    posts: pl.DataFrame
    decisions: pl.DataFrame
    observations: pl.DataFrame
    deliveries: pl.DataFrame
    contents: pl.DataFrame
    spans: pl.DataFrame
    rejects: pl.DataFrame
    withheld: pl.DataFrame
    zones: dict[str, str]


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
    state = {name: _read(folder, name, first_day) for name in finished_state.EVIDENCE}
    decisions = _decisions(whole["fct_post_month"], state["int_neighbouring_posts"], first_day)
    own = decisions.filter(month=first_day).select("post_key").unique()
    seen = _telling(_observations(whole, state, decisions), decisions)
    spans = _spans(state["int_coverage_spans"], whole, first_day)
    deliveries = _deliveries(state, seen, spans, whole["dim_policy"], first_day)
    tables = _tables(whole, first_day, seen.join(own, on="post_key", how="semi"))
    return Month(
        first_day=first_day,
        tables=tables,
        posts=_posts(whole, decisions, seen, own),
        decisions=decisions,
        observations=_unnamed(seen),
        deliveries=deliveries,
        contents=_contents(state["int_delivery_contents"], deliveries),
        spans=spans,
        rejects=_rejects(state, deliveries, cutoff(whole["dim_policy"], first_day)),
        withheld=_withheld(home, seen),
        zones=dict(state["stg_platforms"].select("platform", "range_time_zone").iter_rows()),
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


def cutoff(policies: pl.DataFrame, first_day: date) -> datetime | None:
    """The last instant (UTC) whose captures count under any policy; None where one has no limit."""
    ends = [_cutoff(policy, first_day) for policy in policies.iter_rows(named=True)]
    return None if None in ends else max(end for end in ends if end)


def _cutoff(policy: Mapping[str, Any], first_day: date) -> datetime | None:
    if policy["cutoff_days"] is None:
        return None
    last_day = next_month(first_day) + timedelta(days=policy["cutoff_days"])
    return start_of(last_day, policy["time_zone"])


def _read(folder: Path, name: str, first_day: date) -> pl.DataFrame:
    """A table of the state; of one with months those in which posts of the month can lie."""
    path = folder / f"{name}.parquet"
    if not path.exists():
        raise NotPublishable(
            "an older version built the last state; call `kurasi run`, which builds it anew"
        )
    rows = finished_state.scan(path)
    if name in finished_state.BY_MONTH:  # no zone is a day away from UTC
        previous = (first_day - timedelta(days=1)).replace(day=1)
        rows = rows.filter(pl.col("post_month").is_between(previous, next_month(first_day)))
    if name not in BESIDE:
        rows = rows.drop(*AT_HOME, strict=False)
    return (
        rows.drop(*_INTERNAL, strict=False)
        .with_columns(pl.col(pl.String).str.normalize("NFC"))
        .collect()
    )


def _decisions(every: pl.DataFrame, neighbours: pl.DataFrame, first_day: date) -> pl.DataFrame:
    """Each post of the month under each policy, and those beside it that may count in it.

    These tell their own month, and all else as this one judges them.
    """
    beside = neighbours.filter(month=first_day).with_columns(
        month=pl.col("local_date").dt.truncate("1mo"),
        is_counted=pl.lit(True),
        reason=pl.lit("counted"),
        is_month_uncertain=pl.lit(True),
    )
    decisions = pl.concat([every.filter(month=first_day), beside], how="diagonal")
    return decisions.sort(TABLES["fct_post_month"])


def _observations(
    whole: dict[str, pl.DataFrame], state: dict[str, pl.DataFrame], decisions: pl.DataFrame
) -> pl.DataFrame:
    """Every record of the posts, with what it says and which policies doubt its capture."""
    disproved = state["int_delivery_contents"].filter("is_disproved")["delivery_id"].unique()
    doubts = state["int_disproved_deliveries"].group_by("delivery_id").agg(doubted_by="policy_id")
    return (
        whole["fct_engagement"]
        .join(decisions, on="post_key", how="semi")
        .join(whole["dim_post"].select("post_key", "platform", "post_id"), on="post_key")
        .join(state["int_evidence"], on=["delivery_id", "record_number"])
        .join(state["stg_deliveries"].select("delivery_id", "received_at"), on="delivery_id")
        .join(doubts, on="delivery_id", how="left")
        .with_columns(is_disproved=pl.col("delivery_id").is_in(disproved.implode()))
    )


def _telling(seen: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """Without the observations after a post's last cut-off that tell nothing of the post itself."""
    order = ["captured_at", "received_at", "sha256", "record_number", "delivery_id"]
    precision = pl.col("published_precision").replace_strict(
        {"second": 1, "minute": 2, "day": 3}, return_dtype=pl.Int8
    )
    known = seen.filter(pl.col("account_id").is_not_null())
    firsts = [
        seen.sort(order),
        known.filter(~pl.col("is_disproved")).sort(order),
        known.sort(order),
        seen.sort(precision, "published_at", "published_date", *order, nulls_last=True),
    ]
    firsts += [seen.filter(flag).sort(order) for flag in FLAGS]
    # Where a capture is doubted, the receipt tells when the post was seen.
    for policy in decisions["policy_id"].unique():
        doubted = seen.filter(pl.col("doubted_by").list.contains(policy))
        firsts.append(doubted.sort("received_at", *order))
    deciding = pl.concat(
        [rows.unique("post_key", keep="first", maintain_order=True) for rows in firsts]
    )
    # Under a policy without a cut-off a post is never closed.
    closed = decisions.group_by("post_key").agg(
        closes_at=pl.when(pl.col("cutoff_at").is_not_null().all()).then(pl.col("cutoff_at").max())
    )
    is_late = pl.col("captured_at") > pl.col("closes_at")
    dated = seen.join(closed, on="post_key", how="left")
    timely = dated.filter(is_late.not_().fill_null(True))
    late = dated.filter(is_late).join(deciding, on="observation_id", how="semi")
    return pl.concat([timely, late]).sort("platform", "post_id", *order)


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


def _spans(every: pl.DataFrame, tables: dict[str, pl.DataFrame], first_day: date) -> pl.DataFrame:
    """From when to when a delivery lists all posts of an account, where that is of the month."""
    asked = tables["fct_coverage"].filter(month=first_day)
    parts = [every.clear()]
    for policy in tables["dim_policy"].iter_rows(named=True):
        zone = policy["time_zone"]
        touching = every.filter(
            pl.col("policy_id") == policy["policy_id"],
            pl.col("starts_at") < start_of(next_month(first_day), zone),
            pl.col("ends_at") > start_of(first_day, zone),
        )
        until = _cutoff(policy, first_day)
        if until is not None:
            touching = touching.filter(pl.col("captured_at") <= until)
        parts.append(touching)
    return (
        pl.concat(parts)
        .join(asked, on=["policy_id", "account_id"], how="semi")
        .select("policy_id", "delivery_id", "account_id", "starts_at", "ends_at")
        .sort("policy_id", "delivery_id", "account_id")
    )


def _deliveries(
    state: dict[str, pl.DataFrame],
    seen: pl.DataFrame,
    spans: pl.DataFrame,
    policies: pl.DataFrame,
    first_day: date,
) -> pl.DataFrame:
    """Those captured in the month and up to its last cut-off, and those that tell something later.

    What was captured before the month holds no post of it. `use` is what the month takes of each.
    """
    is_timely = pl.col("captured_at") > min(
        start_of(first_day, zone) for zone in policies["time_zone"].unique()
    )
    until = cutoff(policies, first_day)
    if until is not None:
        is_timely &= pl.col("captured_at") <= until
    holds, lists = (
        pl.col("delivery_id").is_in(rows["delivery_id"].unique().implode())
        for rows in (seen, spans)
    )
    disproved = (
        state["int_disproved_deliveries"]
        .group_by("delivery_id")
        .len()
        .filter(pl.col("len") == policies.height)
    )
    use = (
        pl.when(~pl.col("status").is_in(READ))
        .then(pl.lit("not_read"))
        .when(holds)
        .then(pl.lit("records"))
        .when(lists)
        .then(pl.lit("coverage"))
        .when(pl.col("delivery_id").is_in(disproved["delivery_id"].implode()))
        .then(pl.lit("capture_disproved"))
        .otherwise(pl.lit("other_posts"))
    )
    # Comments of the public and their labels are no evidence of a rank, and stay at home.
    is_opinion = pl.col("holds").is_in(["comments", "labels"]).fill_null(value=False)
    ledger = state["stg_deliveries"].filter(~is_opinion, is_timely | holds)
    return ledger.with_columns(use=use).sort("captured_at", "delivery_id")


def _contents(every: pl.DataFrame, deliveries: pl.DataFrame) -> pl.DataFrame:
    """What each delivery holds of whom, and from when to when, whatever the month."""
    held = _unnamed(every.join(deliveries, on="delivery_id", how="semi"))
    names = ["delivery_id", "platform", *_WHO[:2], "is_guest"]
    return (
        held.group_by(names)
        .agg(
            pl.col("row_count").sum(),
            pl.col("oldest_published_at", "oldest_published_date").min(),
            pl.col("newest_published_at", "newest_published_date").max(),
        )
        .sort(names, nulls_last=True)
    )


def _rejects(
    state: dict[str, pl.DataFrame], deliveries: pl.DataFrame, until: datetime | None
) -> pl.DataFrame:
    """Rule, record number, and what tells whether the record may be a post of the month.

    The detail can hold what people wrote, so it stays at home.
    """
    read = deliveries.filter(pl.col("status").is_in(READ))
    files = read.select("sha256", "rejected_count").unique()
    known = state["int_unknown_rejects"].select("sha256", "record_number", "known_at").unique()
    found = (
        state["stg_rejects"]
        .join(files.select("sha256"), on="sha256", how="semi")
        .join(known, on=["sha256", "record_number"], how="left")
        .select("sha256", "record_number", "rule", "published_at", "published_date", "known_at")
        .sort("sha256", "record_number", "rule")
    )
    if found.height != files["rejected_count"].sum():
        raise NotPublishable("the lake has moved on since the last build; `kurasi run` first")
    if until is not None:
        is_timely = pl.col("known_at") <= until
        found = found.with_columns(pl.when(is_timely).then("known_at").alias("known_at"))
    return found


def _withheld(home: Home, seen: pl.DataFrame) -> pl.DataFrame:
    """Which counters of these records are null because they can't be read, and by which rule."""
    columns = ["sha256", "record_number", "field", "rule"]
    return (
        batches.withheld(home)
        .join(seen.lazy(), on=["sha256", "record_number"], how="semi")
        .select(columns)
        .sort(columns)
        .collect()
    )


def _posts(
    whole: dict[str, pl.DataFrame], decisions: pl.DataFrame, seen: pl.DataFrame, own: pl.DataFrame
) -> pl.DataFrame:
    """The posts of the decisions, each with its flags.

    One of a neighbouring month has those of its observations alone: what flags it as a whole may
    be captured after this month's cut-off.
    """
    observed = pl.col("observation_id").is_in(seen["observation_id"].implode())
    is_own = pl.col("post_key").is_in(own["post_key"].implode())
    flags = (
        whole["fct_flag"]
        .filter(observed | (pl.col("observation_id").is_null() & is_own))
        .group_by("post_key")
        .agg(flags=pl.col("flag").unique().sort().str.join(" "))
    )
    posts = whole["dim_post"].join(decisions, on="post_key", how="semi")
    return _unlinked(posts).join(flags, on="post_key", how="left").sort("platform", "post_id")


def _unlinked(posts: pl.DataFrame) -> pl.DataFrame:
    """Without names and links of accounts that are not registered."""
    known = pl.col("account_id").is_not_null()
    return posts.with_columns(
        pl.when(known).then(column).alias(column)
        for column in (*_WHO, "permalink")
        if column in posts.columns
    )


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
    # Tone on which two readers disagree stays at home.
    tone = tables["fct_opinion_month"].filter("is_publishable")
    tables["fct_opinion_month"] = tone
    if tone.is_empty():
        tables["fct_opinion_agreement"] = tables["fct_opinion_agreement"].clear()
    # As of the observations that the edition holds.
    last = seen.group_by("post_key").agg(
        last_observed_at=pl.col("captured_at").max(), observation_count=pl.len().cast(pl.Int64)
    )
    for name in ("dim_post", "obt_post_month"):
        tables[name] = _unlinked(tables[name])
    columns = tables["dim_post"].columns
    stale = ["last_observed_at", "observation_count"]
    tables["dim_post"] = (
        tables["dim_post"].drop(stale).join(last, on="post_key").select(columns).sort("post_key")
    )
    return tables
