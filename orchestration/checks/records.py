"""Checks of what was delivered: inbox and archive against the ledger, and that against the lake.

What belongs here: whether every file, record, receipt and line of the log is where it should be.
What does not: how old the data are (`captures.py`), and what is made of them (`rankings.py`).
"""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from ingest import batches, inbox
from ingest.home import Home
from ingest.receipts import damaged_receipts
from ingest.schemas import (
    READ,
    AccountDay,
    Comment,
    Delivery,
    OpinionLabel,
    PostObservation,
    Reject,
)
from ingest.storage import damage_of_archived, read_table
from ingest.tombstones import damaged_tombstones
from orchestration.checks.result import result
from orchestration.publication.log.record import contradictions
from orchestration.publication.log.store import DamagedLog
from orchestration.resources import WRITER, HomeResource


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
    yield result(
        "inbox_is_taken",
        ["raw", "deliveries"],
        not_taken(home.home),
        "these things in the inbox are not taken, so what they hold is missing",
        severity=dg.AssetCheckSeverity.WARN,
    )
    yield result(
        "no_file_is_rejected_whole",
        ["raw", "deliveries"],
        rejected_whole(home.home),
        "every record of these files is rejected, so they are no evidence of anything; `kurasi "
        "rejects DELIVERY` says why; export them again as downloaded",
        severity=dg.AssetCheckSeverity.WARN,
    )
    yield result(
        "archive_is_sound",
        ["raw", "deliveries"],
        damaged(home.home),
        "files of the archive are damaged; what was read of them before stays",
    )
    yield result(
        "log_is_true",
        ["raw", "deliveries"],
        untrue_lines(home.home),
        "the log is damaged, or says what is not true of the home any more",
        severity=dg.AssetCheckSeverity.WARN,
    )
    yield result(
        "records_reconcile",
        ["raw", "deliveries"],
        unreconciled(home.home),
        "the accounting and the lake differ; remove `lake/files`, and the next run reads "
        "every archived file anew",
    )
