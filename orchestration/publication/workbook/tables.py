"""The month's tables as people read them: with names, ranges in words, and links.

What belongs here: what the workbook and the files of `people/` both need. What does not: which
columns either of them shows, and in which order.
"""

from __future__ import annotations

import polars as pl

from ingest.platforms import LINKS
from orchestration.publication.labels import COMPLETE, INCOMPLETE, between
from orchestration.publication.month import PublishedMonth, next_month
from orchestration.publication.wording import short_name

#: What a row of a ranking is known by, within its month.
RANK_KEY = ("policy_id", "league", "category", "office_id")
#: A range in words to the columns of its two ends.
_RANGES = {
    "likely_ranks": ("rank_likely_best", "rank_likely_worst"),
    "possible_ranks": ("rank_best", "rank_worst"),
    "likely_scores": ("score_likely_low", "score_likely_high"),
    "possible_scores": ("score_low", "score_high"),
}


def shown_policy(month: PublishedMonth) -> str:
    """The policy that the workbook tells: the one in force, or the first where none is."""
    return month.official_policy or str(month.tables["rank_monthly"]["policy_id"][0])


def rankings(month: PublishedMonth, language: str) -> pl.DataFrame:
    """`rank_monthly` with the offices' names, and with its ranges in words."""
    named = month.tables["rank_monthly"].join(
        office_names(month), on="office_id", how="left", maintain_order="left"
    )
    words = [
        pl.Series(
            name,
            [between(low, high, language) for low, high in named.select(ends).iter_rows()],
            pl.String,
        )
        for name, ends in _RANGES.items()
    ]
    completeness = (
        pl.when("is_complete")
        .then(pl.lit(COMPLETE.told(language)))
        .otherwise(pl.lit(INCOMPLETE.told(language)))
    )
    return named.with_columns(*words, completeness=completeness)


def posts(month: PublishedMonth, policies: list[str]) -> pl.DataFrame:
    """The posts under some policies: `fct_post_month` with names, links and `published_local`.

    A post has its link as an export gave it, else the one that its ID makes. One of an account that
    is not registered has neither ID nor link: an ID leads to the post as a link does. The time is
    in the policy's zone, null where only the day is known (`local_date`).
    """
    decisions = month.tables["fct_post_month"].filter(pl.col("policy_id").is_in(policies))
    known = month.tables["dim_post"].select("post_key", "permalink", "published_at")
    zones = month.tables["dim_policy"].select("policy_id", "time_zone")
    rows = decisions.join(known, on="post_key").join(zones, on="policy_id")
    made = [
        LINKS[platform].link_of(post_id)
        for platform, post_id in rows.select("platform", "post_id").iter_rows()
    ]
    is_known = pl.col("account_id").is_not_null()
    rows = rows.with_columns(
        permalink=pl.when(is_known).then(
            pl.coalesce("permalink", pl.Series("made", made, pl.String))
        ),
        post_id=pl.when(is_known).then("post_id"),
    )
    in_zone = [
        part.with_columns(
            published_local=pl.col("published_at")
            .dt.replace_time_zone("UTC")
            .dt.convert_time_zone(str(zone))
            .dt.replace_time_zone(None)
        )
        for (zone,), part in rows.partition_by("time_zone", as_dict=True).items()
    ]
    none = rows.with_columns(published_local=pl.col("published_at"))
    return (
        pl.concat(in_zone or [none])
        .join(office_names(month), on="office_id", how="left")
        .sort(
            "policy_id",
            "office_id",
            "local_date",
            "published_local",
            "post_key",
            nulls_last=True,
        )
    )


def coverage(month: PublishedMonth) -> pl.DataFrame:
    """`fct_coverage` with the account's last handle and office."""
    accounts = month.tables["dim_account"].sort("account_id", "valid_from_date", "account_span_id")
    last = accounts.group_by("account_id").agg(pl.col("office_id", "handle").last())
    return (
        month.tables["fct_coverage"]
        .join(last, on="account_id", how="left")
        .join(office_names(month), on="office_id", how="left")
        .sort("policy_id", "office_id", "account_id", nulls_last=True)
    )


def office_names(month: PublishedMonth) -> pl.DataFrame:
    """Each office's last name in the month (`office_name`), and that as a sheet has it (`office`).

    A sheet leaves out the words that all regional offices share.
    """
    offices = month.tables["dim_office"].filter(
        pl.col("valid_from_date") < next_month(month.first_day)
    )
    names = (
        offices.sort("office_id", "valid_from_date")
        .group_by("office_id")
        .agg(pl.col("office_name").last())
    )
    short = [short_name(name) for name in names["office_name"]]
    return names.with_columns(office=pl.Series(short, dtype=pl.String))


def platform_names(month: PublishedMonth) -> dict[str, str]:
    """A platform's code to its name."""
    return dict(month.tables["dim_platform"].select("platform", "platform_name").iter_rows())
