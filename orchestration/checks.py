"""Asset checks: what must hold before a number reaches a reader, and what readers should know.

What belongs here: checks that look across rooms (files against lake, registry against ranking, the
last finished state against this build). What does not: tests of a model's own rows, which are
dbt's, and of an edition, which recomputes itself (`publication/publish.py`).

Each check is a function that finds what is wrong, as a table of rows to look at; none is sound. A
check that blocks keeps the finished state, and so every reader, as it was.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from textwrap import shorten
from typing import Any

import dagster as dg
import duckdb
import polars as pl

from ingest import batches, inbox
from ingest.home import Home
from ingest.platforms import KEYS
from ingest.receipts import damaged_receipts
from ingest.schemas import (
    READ,
    AccountDay,
    Comment,
    Delivery,
    Office,
    OpinionLabel,
    Policy,
    PostObservation,
    Reject,
)
from ingest.storage import damage_of_archived, read_table
from ingest.tombstones import damaged_tombstones
from orchestration.assets.exports_due import list_of
from orchestration.assets.markdown import table
from orchestration.publication import finished_state
from orchestration.publication.log.record import contradictions
from orchestration.publication.log.store import DamagedLog
from orchestration.resources import WRITER, HomeResource

_SHOWN, _LONGEST = 20, 200
#: Offices export daily, or at least weekly.
_SILENT_DAYS = 8
#: A month without any export can't be ranked.
_LOST_DAYS = 32
_STALE = {"newest_capture": pl.Datetime(), "days": pl.Int64()}


def unreconciled(home: Home) -> pl.DataFrame:
    """Files whose accounting differs from the records that lie in the lake.

    Returns:
        `sha256, what, accounted, found`: one row per file and kind of record that differ.
    """
    # A file's records lie in the lake although a sidecar may keep its deliveries out.
    loaded = batches.files(home).filter(pl.col("status").is_in(READ))
    parts = [
        loaded.select(
            "sha256",
            what=pl.lit("records in the file"),
            accounted=pl.sum_horizontal("loaded_count", "rejected_count", "set_aside_count"),
            found="record_count",
        )
    ]
    counted: dict[str, tuple[pl.DataFrame, pl.LazyFrame]] = {
        "posts": (
            loaded.filter(holds="posts").select("sha256", accounted="loaded_count"),
            batches.scan(home.lake / "observations", PostObservation),
        ),
        "account days": (
            loaded.filter(holds="account_days").select("sha256", accounted="loaded_count"),
            batches.scan(home.lake / "account_days", AccountDay),
        ),
        "comments": (
            loaded.filter(holds="comments").select("sha256", accounted="loaded_count"),
            batches.scan(home.lake / "comments", Comment),
        ),
        "labels": (
            loaded.filter(holds="labels").select("sha256", accounted="loaded_count"),
            batches.scan(home.lake / "labels", OpinionLabel),
        ),
        "rejects": (
            loaded.select("sha256", accounted="rejected_count"),
            batches.scan(home.lake / "rejects", Reject),
        ),
        "withheld counters": (
            loaded.select("sha256", accounted="withheld_count"),
            batches.withheld(home),
        ),
    }
    for what, (accounted, rows) in counted.items():
        # An account day's record is a row for each of its metrics, a rejected one for each rule.
        is_record = what in ("account days", "rejects")
        count = pl.col("record_number").n_unique() if is_record else pl.len()
        found = rows.group_by("sha256").agg(found=count).collect()
        both = accounted.join(found, on="sha256", how="full", coalesce=True)
        numbers = [pl.col(name).fill_null(0).cast(pl.Int64) for name in ("accounted", "found")]
        parts.append(both.select("sha256", pl.lit(what).alias("what"), *numbers))
    differing = pl.concat(parts, how="vertical_relaxed").filter(
        pl.col("accounted").ne_missing(pl.col("found"))
    )
    return differing.sort("what", "sha256")


def not_taken(home: Home) -> pl.DataFrame:
    """What lies in the inbox and can't be taken.

    Returns:
        `name, reason`: the reason says what to do.
    """
    found = [(each.name, each.reason) for each in inbox.not_taken(home)]
    return pl.DataFrame(found, schema=["name", "reason"], orient="row")


def rejected_whole(home: Home) -> pl.DataFrame:
    """The deliveries that were read, and of which no record can be taken.

    Returns:
        `delivery_id, folder, name, reason`, the newest first.
    """
    ledger = read_table(home.table("deliveries"), Delivery).filter(status="rejected")
    newest = ledger.sort("received_at", "delivery_id", descending=[True, False])
    return newest.select("delivery_id", "folder", "name", "reason")


def damaged(home: Home) -> pl.DataFrame:
    """What of the archive is damaged, as far as it was to be read: files, receipts, tombstones.

    Returns:
        `problem, remedy`: the problem names the file.
    """
    unread = batches.damaged(batches.files(home))["sha256"]
    kept = read_table(home.table("deliveries"), Delivery).filter(pl.col("status") != "erased")
    found = [
        *damaged_receipts(home),
        *damaged_tombstones(home),
        *damage_of_archived(home, sorted(set(unread) & set(kept["sha256"]))),
    ]
    told = (str(each).rpartition("; ") for each in found)
    return pl.DataFrame(
        [(problem, remedy) for problem, _, remedy in told],
        schema={"problem": pl.String, "remedy": pl.String},
        orient="row",
    )


def untrue_lines(home: Home) -> pl.DataFrame:
    """What the log says and is not true of the home any more, or why it can't be read.

    Returns:
        `problem, remedy`: the problem names the line.
    """
    try:
        found = contradictions(home)
    except DamagedLog as problem:
        found = [str(problem)]
    told = (each.partition("; ") for each in found)
    return pl.DataFrame(
        [(problem, remedy) for problem, _, remedy in told],
        schema={"problem": pl.String, "remedy": pl.String},
        orient="row",
    )


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
        {"newest": newest, "days": _SILENT_DAYS},
    ).pl()


def stale_captures(home: Home, platform: str | None, now: datetime) -> pl.DataFrame:
    """The newest capture that was read, of a platform or of all, where it is long past.

    What matters is when the data were captured and not when they were read: a run that reads
    nothing new makes nothing fresher. A capture in the future says nothing of today.

    Args:
        home: whose ledger is read.
        platform: None for all; a platform of which nobody ever exported anything is not stale.
        now: the machine's time, UTC without a zone mark.

    Returns:
        `newest_capture, days`: one row, null where nothing was ever captured, or no row where it is
        fresh.
    """
    ledger = read_table(home.table("deliveries"), Delivery).filter(status="loaded")
    if platform is not None:
        ledger = ledger.filter(platform=platform)
        if ledger.is_empty():
            return pl.DataFrame(schema=_STALE)
    newest = ledger.filter(pl.col("captured_at") <= now)["captured_at"].max()
    if isinstance(newest, datetime) and newest >= now - timedelta(days=_SILENT_DAYS):
        return pl.DataFrame(schema=_STALE)
    days = (now - newest).days if isinstance(newest, datetime) else None
    return pl.DataFrame({"newest_capture": [newest], "days": [days]}, schema=_STALE)


def overdue_exports(home: Home, now: datetime) -> pl.DataFrame:
    """Accounts whose next export should have come, or that are missing for the newest month.

    Args:
        home: whose last finished state is read.
        now: the machine's time, UTC without a zone mark.

    Returns:
        `office_id, account_id, last_export, export_by, coverage`, the most pressing first.
    """
    found = list_of(home)
    return pl.DataFrame(
        [
            {
                "office_id": export.office_id,
                "account_id": export.account_id,
                "last_export": export.last_captured_at,
                "export_by": export.due_at,
                "coverage": export.coverage,
            }
            for export in (found.exports if found else ())
            if export.is_overdue(now) or export.coverage == "missing"
        ]
    )


@dg.multi_asset_check(
    specs=[
        dg.AssetCheckSpec(
            "records_reconcile",
            asset=["raw", "deliveries"],
            blocking=True,
            description="Per file: records = loaded + rejected + set aside, and exactly the loaded "
            "and the rejected ones and the withheld counters lie in the lake.",
        ),
        dg.AssetCheckSpec(
            "inbox_is_taken",
            asset=["raw", "deliveries"],
            description="All that lies in the inbox was taken: no links, no pipes, nothing that is "
            "too large or may not be read.",
        ),
        dg.AssetCheckSpec(
            "no_file_is_rejected_whole",
            asset=["raw", "deliveries"],
            description="Of each file that was read some record could be taken, or it holds none.",
        ),
        dg.AssetCheckSpec(
            "archive_is_sound",
            asset=["raw", "deliveries"],
            description="The archived files that were to be read, the receipts and the tombstones "
            "are as they were written. `kurasi doctor` looks at every archived file.",
        ),
        dg.AssetCheckSpec(
            "log_is_true",
            asset=["raw", "deliveries"],
            description="The log is as it was written, and each delivery, tombstone and edition "
            "that it names is there.",
        ),
    ],
    name="check_records",
    pool=WRITER,
)
def check_records(home: HomeResource) -> Iterator[dg.AssetCheckResult]:
    """The inbox and the archive against the ledger, and the ledger against the lake."""
    yield _result(
        "inbox_is_taken",
        ["raw", "deliveries"],
        not_taken(home.home),
        "these things in the inbox are not taken, so what they hold is missing",
        severity=dg.AssetCheckSeverity.WARN,
    )
    yield _result(
        "no_file_is_rejected_whole",
        ["raw", "deliveries"],
        rejected_whole(home.home),
        "every record of these files is rejected, so they are no evidence of anything; `kurasi "
        "rejects DELIVERY` says why; export them again as downloaded",
        severity=dg.AssetCheckSeverity.WARN,
    )
    yield _result(
        "archive_is_sound",
        ["raw", "deliveries"],
        damaged(home.home),
        "files of the archive are damaged; what was read of them before stays",
    )
    yield _result(
        "log_is_true",
        ["raw", "deliveries"],
        untrue_lines(home.home),
        "the log is damaged, or says what is not true of the home any more",
        severity=dg.AssetCheckSeverity.WARN,
    )
    yield _result(
        "records_reconcile",
        ["raw", "deliveries"],
        unreconciled(home.home),
        "the accounting and the lake differ; remove `lake/files`, and the next run reads "
        "every archived file anew",
    )


#: The raw assets that exports fill, each with the platform whose captures make it fresh.
_EXPORTED: dict[str, str | None] = {platform: platform for platform in KEYS}
_EXPORTED["deliveries"] = None


@dg.multi_asset_check(
    specs=[
        dg.AssetCheckSpec(
            "captures_are_recent",
            asset=["raw", name],
            description="The newest capture is at most eight days old, by the machine's clock; a "
            "run that reads nothing new makes nothing fresher.",
        )
        for name in _EXPORTED
    ],
    name="check_captures",
    pool=WRITER,
    can_subset=True,
)
def check_captures(
    context: dg.AssetCheckExecutionContext, home: HomeResource
) -> Iterator[dg.AssetCheckResult]:
    """How old the data are, whenever they were read."""
    now = datetime.now(UTC).replace(tzinfo=None)
    asked = {
        key.asset_key.path[-1] for key in context.op_execution_context.selected_asset_check_keys
    }
    for name, platform in _EXPORTED.items():
        if name not in asked:
            continue
        found = stale_captures(home.home, platform, now)
        is_lost = not found.filter(pl.col("days") >= _LOST_DAYS).is_empty()
        yield _result(
            "captures_are_recent",
            ["raw", name],
            found,
            "no export came lately; ask the offices for one: `kurasi due`",
            severity=dg.AssetCheckSeverity.ERROR if is_lost else dg.AssetCheckSeverity.WARN,
        )


@dg.asset_check(
    asset="exports_due",
    name="exports_are_in_time",
    description="No account is overdue, by the machine's clock, and none is missing for the newest "
    "month.",
    pool=WRITER,
)
def check_exports_due(home: HomeResource) -> dg.AssetCheckResult:
    """The list of what is due against today."""
    return _result(
        "exports_are_in_time",
        "exports_due",
        overdue_exports(home.home, datetime.now(UTC).replace(tzinfo=None)),
        "these accounts should have been exported by now (times in UTC); ask their offices",
        severity=dg.AssetCheckSeverity.WARN,
    )


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
        yield _result(
            "all_offices_present",
            "rank_monthly",
            absent_offices(home.home, warehouse.execute("from rank_monthly").pl()),
            "the registry and the rankings name different offices",
        )
        shrunken = shrunken_months(home.home, warehouse)
        yield _result(
            "months_do_not_shrink",
            "rank_monthly",
            vanished_posts(home.home, warehouse),
            "posts that counted are gone with their deliveries; restore `archive/`, or remove "
            "`warehouse/current` if that is meant",
            shrunken_months=table(shrunken.columns, shrunken.rows()) if shrunken.height else "none",
        )
        yield _result(
            "months_are_covered",
            "rank_month_state",
            incomplete_months(home.home, warehouse),
            "months that are over lack exports or evidence, so they stay provisional",
            severity=dg.AssetCheckSeverity.WARN,
        )
        yield _result(
            "accounts_are_exported",
            "dim_account",
            silent_accounts(home.home, warehouse),
            "no export of these accounts came lately; ask their offices for one",
            severity=dg.AssetCheckSeverity.WARN,
        )


def _result(
    name: str,
    asset: str | list[str],
    found: pl.DataFrame,
    problem: str,
    severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR,
    **metadata: Any,
) -> dg.AssetCheckResult:
    """A check's result: sound where nothing was found, else the rows to look at."""
    if found.height:
        rows = [[_short(value) for value in row] for row in found.head(_SHOWN).rows()]
        problem += f"\n\n{table(found.columns, rows).value}"
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=name,
        passed=found.is_empty(),
        severity=severity,
        description=problem if found.height else None,
        metadata={"found": found.height, **metadata},
    )


def _short(value: object) -> object:
    """A long text as far as a table has room for it."""
    return shorten(value, _LONGEST, placeholder=" …") if isinstance(value, str) else value
