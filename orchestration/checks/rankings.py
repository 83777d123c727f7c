"""Checks of a build: against the registry, the last finished state and what the policies ask for.

What belongs here: what is wrong with rankings that are about to be shown. What does not: files and
records (`records.py`), and whatever depends on today (`captures.py`).
"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl

from ingest.home import Home
from ingest.schemas import Delivery, Office, Policy
from ingest.storage import read_table
from orchestration.assets.markdown import table
from orchestration.checks.captures import SILENT_DAYS
from orchestration.checks.result import result
from orchestration.publication import finished_state
from orchestration.resources import WRITER, HomeResource


def _files(last: Path, name: str, months: list[date] | None = None) -> list[str]:
    """The files of a state's table that lies there by month, of all months or of some."""
    found = sorted((last / f"{name}.parquet").glob("*.parquet"))
    names = {"none", *(f"{month:%Y-%m}" for month in months or ())}
    shown = [path for path in found if months is None or path.stem in names]
    # What DuckDB takes for a pattern stands for itself in brackets.
    return [re.sub(r"([*?[])", r"[\1]", str(path)) for path in shown]


def absent_offices(home: Home, ranked: pl.DataFrame) -> pl.DataFrame:
    """Offices that the registry puts into a ranking, and that are not one row of it; and others.

    Args:
        home: whose registry and policies say which offices there are.
        ranked: `rank_monthly`.

    Returns:
        `policy_id, month, league, category, office_id, expected, found` where the two differ.
    """
    months = ranked.select("policy_id", "month", "category").unique()
    policies = read_table(home.table("policies"), Policy).select("policy_id", league="leagues")
    offices = read_table(home.table("offices"), Office)
    after = pl.col("month").dt.offset_by("1mo")
    key = ["policy_id", "month", "league", "category", "office_id"]
    expected = (
        months.join(policies.explode("league"), on="policy_id")
        .join(offices, on="league")
        .filter(pl.col("valid_from") < after)
        .filter(pl.col("valid_to").is_null() | (pl.col("valid_to") > pl.col("month")))
        .select(key)
        .unique()
        .with_columns(expected=pl.lit(1))
    )
    found = ranked.group_by(key).agg(found=pl.len().cast(pl.Int32))
    return (
        expected.join(found, on=key, how="full", coalesce=True)
        .with_columns(pl.col("expected", "found").fill_null(0))
        .filter(pl.col("expected") != pl.col("found"))
        .sort(key)
    )


def vanished_posts(home: Home, warehouse: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Posts that counted in the last finished state and of which this build says nothing at all.

    A post that is known is counted, or has its reason. One that is not known has one too where each
    of its deliveries is still in the ledger: their records are rejected, set aside, or the file is
    quarantined now. What remains was lost.

    Returns:
        `month, post_key, sha256`, the delivery being one that the ledger no longer holds.
    """
    try:
        last = finished_state.current(home)
    except finished_state.NoState:
        return pl.DataFrame(schema={"month": pl.Date, "post_key": pl.String, "sha256": pl.String})
    # A post takes every month along in which it was or is, so it is in none of the others.
    months = finished_state.moved_months(home, warehouse)
    return warehouse.execute(
        """
        select distinct counted.month, counted.post_key, observed.sha256
        from (from read_parquet($posts, hive_partitioning = false) where is_counted) as counted
        anti join (
            from fct_post_month where post_month in (select unnest($months))
        ) as judged on counted.post_key = judged.post_key
        inner join read_parquet($observations, hive_partitioning = false) as observed
            on counted.post_key = observed.post_key
        anti join stg_deliveries as ledger on observed.sha256 = ledger.sha256
        order by all
        """,
        {
            "posts": _files(last, "fct_post_month", months),
            "observations": _files(last, "fct_engagement", months),
            "months": months,
        },
    ).pl()


def shrunken_months(home: Home, warehouse: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Months in which fewer posts count than in the last finished state, with the reasons.

    Returns:
        `policy_id, month, before, now, reasons`; the reasons are those of the posts that counted
        before and do not count in this month any more, with their number.
    """
    try:
        last = finished_state.current(home)
    except finished_state.NoState:
        return pl.DataFrame()
    months = finished_state.moved_months(home, warehouse)
    return warehouse.execute(
        """
        with before as (from read_parquet($posts, hive_partitioning = false) where is_counted),
        now as (from int_post_values where reason = 'counted' and not is_neighbouring),
        judged as (from fct_post_month where post_month in (select unnest($months))),
        lost as (
            select
                before.policy_id,
                before.month,
                case
                    when judged.post_key is null then 'not in the lake any more'
                    when judged.is_counted then 'counts in another month'
                    else replace(judged.reason, '_', ' ')
                end as reason,
                count(*) as post_count
            from (
                from read_parquet($moved_posts, hive_partitioning = false) where is_counted
            ) as before
            left join judged
                on before.policy_id = judged.policy_id and before.post_key = judged.post_key
            where not coalesce(judged.is_counted and judged.month = before.month, false)
            group by all
        )
        select
            before.policy_id,
            before.month,
            before.post_count as before,
            coalesce(now.post_count, 0) as now,
            (
                select string_agg(post_count || ' ' || reason, ', ' order by reason)
                from lost
                where lost.policy_id = before.policy_id and lost.month = before.month
            ) as reasons
        from (select policy_id, month, count(*) as post_count from before group by all) as before
        left join (select policy_id, month, count(*) as post_count from now group by all) as now
            on before.policy_id = now.policy_id and before.month = now.month
        where coalesce(now.post_count, 0) < before.post_count
        -- A policy that was removed has no ranking that could shrink.
        and before.policy_id in (select policy_id from dim_policy)
        order by all
        """,
        {
            "posts": _files(last, "fct_post_month"),
            "moved_posts": _files(last, "fct_post_month", months),
            "months": months,
        },
    ).pl()


def incomplete_months(home: Home, warehouse: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Months that are over and lack exports or evidence under the policy in force then.

    A month is over when a delivery was captured after it; the machine's clock has no say.

    Returns:
        `month, coverage_percent, evidence_percent, state`, newest month first.
    """
    newest = read_table(home.table("deliveries"), Delivery)["captured_at"].max()
    return warehouse.execute(
        """
        select distinct
            states.month, states.coverage_percent, states.evidence_percent, states.state
        from rank_month_state as states
        semi join rank_monthly as ranks
            on states.policy_id = ranks.policy_id
            and states.month = ranks.month
            and ranks.is_official
        where not states.is_complete and states.month + interval 1 month <= $newest
        order by states.month desc
        """,
        {"newest": newest},
    ).pl()


def silent_accounts(home: Home, warehouse: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Accounts that are registered, and of which no export came lately.

    Lately is counted back from the newest export of all; the machine's clock has no say. Before the
    first export nobody is silent.

    Returns:
        `office_id, platform, account_id, last_export`, the longest silent first.
    """
    newest = read_table(home.table("deliveries"), Delivery)["captured_at"].max()
    return warehouse.execute(
        """
        select
            accounts.office_id,
            accounts.platform,
            accounts.account_id,
            max(covered.captured_at) as last_export
        from dim_account as accounts
        left join int_delivery_accounts as covered
            on accounts.account_id = covered.account_id and not covered.is_rejected
        where accounts.valid_from_date <= cast($newest as timestamp)
        and coalesce(accounts.valid_to_date > cast($newest as timestamp), true)
        group by all
        having coalesce(
            max(covered.captured_at) < cast($newest as timestamp) - to_days($days), true
        )
        order by last_export nulls first, office_id, account_id
        """,
        {"newest": newest, "days": SILENT_DAYS},
    ).pl()


_RANKING_CHECKS = [
    dg.AssetCheckSpec(
        "all_offices_present",
        asset="rank_monthly",
        blocking=True,
        description="Each office that the registry puts into a league of a policy in a month is "
        "one row of both its rankings, and nobody else is.",
    ),
    dg.AssetCheckSpec(
        "months_do_not_shrink",
        asset="rank_monthly",
        blocking=True,
        description="Each post that counted in the last finished state counts, or has a reason why "
        "it does not.",
    ),
    dg.AssetCheckSpec(
        "months_are_covered",
        asset="rank_month_state",
        description="Months that are over reach the coverage and the evidence that the policy in "
        "force asks for; until then they can't be final.",
    ),
    dg.AssetCheckSpec(
        "accounts_are_exported",
        asset="dim_account",
        description="Each registered account has an export of the last eight days, counted back "
        "from the newest of all; an office that is silent can still be asked.",
    ),
]


@dg.multi_asset_check(specs=_RANKING_CHECKS, name="check_rankings", pool=WRITER, can_subset=True)
def check_rankings(
    context: dg.AssetCheckExecutionContext, home: HomeResource
) -> Iterator[dg.AssetCheckResult]:
    """The build against the registry, the last finished state and what the policies ask for."""
    asked = {key.name for key in context.op_execution_context.selected_asset_check_keys}
    yield from (each for each in _ranking_results(home) if each.check_name in asked)


def _ranking_results(home: HomeResource) -> Iterator[dg.AssetCheckResult]:
    with duckdb.connect(str(home.home.database), read_only=True) as warehouse:
        yield result(
            "all_offices_present",
            "rank_monthly",
            absent_offices(home.home, warehouse.execute("from rank_monthly").pl()),
            "the registry and the rankings name different offices",
        )
        shrunken = shrunken_months(home.home, warehouse)
        yield result(
            "months_do_not_shrink",
            "rank_monthly",
            vanished_posts(home.home, warehouse),
            "posts that counted are gone with their deliveries; restore `archive/`, or remove "
            "`warehouse/current` if that is meant",
            shrunken_months=table(shrunken.columns, shrunken.rows()) if shrunken.height else "none",
        )
        yield result(
            "months_are_covered",
            "rank_month_state",
            incomplete_months(home.home, warehouse),
            "months that are over lack exports or evidence, so they stay provisional",
            severity=dg.AssetCheckSeverity.WARN,
        )
        yield result(
            "accounts_are_exported",
            "dim_account",
            silent_accounts(home.home, warehouse),
            "no export of these accounts came lately; ask their offices for one",
            severity=dg.AssetCheckSeverity.WARN,
        )
