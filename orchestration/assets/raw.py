"""The raw assets: what exports, registry and policies hold, as typed tables in the lake.

What belongs here: calling `ingest/`, and telling Dagster what came of it. What does not: reading,
checking or counting anything; that is `ingest/`'s.
"""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import dagster as dg
import dataframely as dy
import polars as pl

from ingest import batches, pipeline, platforms
from ingest.home import Home
from ingest.platforms import KEYS, NAMES_ACCOUNTS
from ingest.reference import load
from ingest.schemas import (
    Account,
    AccountDay,
    Campaign,
    Comment,
    Contents,
    Delivery,
    GrowthRow,
    Office,
    OpinionDraw,
    OpinionInterval,
    OpinionLabel,
    OpinionOffice,
    PlatformRow,
    PlatformWeights,
    Policy,
    PostObservation,
    Reject,
)
from ingest.storage import read_table
from orchestration.assets.markdown import table
from orchestration.opinion import sample
from orchestration.publication.log.record import record
from orchestration.publication.log.store import DamagedLog
from orchestration.resources import ENGINEERS, WRITER, HomeResource

#: All raw tables.
RAW = dg.AssetSelection.groups("raw")
_SHOWN = 5
#: Captions and names stand in the files that these tables are read from.
_TAGS = {"layer": "raw", "access": "restricted"}


def _spec(name: str, source: str, description: str, schema: type[dy.Schema]) -> dg.AssetSpec:
    columns = [
        dg.TableColumn(
            column, str(each.dtype), constraints=dg.TableColumnConstraints(nullable=each.nullable)
        )
        for column, each in schema.columns().items()
    ]
    return dg.AssetSpec(
        ["raw", name],
        group_name="raw",
        kinds={source, "parquet"},
        owners=ENGINEERS,
        description=description,
        tags=_TAGS,
        metadata={"dagster/column_schema": dg.TableSchema(columns)},
    )


_POSTS = [
    _spec(
        platform.key,
        "csv",
        f"Posts in the exports of {platform.name}, as read and held to the contract: one row "
        "per post and delivered file, counters as they were at its capture.",
        PostObservation,
    )
    for platform in platforms.PLATFORMS
]
_OTHERS = [
    _spec(
        "account_days",
        "csv",
        "Days of accounts in all exports, as read and held to the contract: one row per account, "
        "day and metric.",
        AccountDay,
    ),
    _spec(
        "contents",
        "csv",
        "What each file holds of which account in which month of publication, so that what it "
        "touches is known without its rows.",
        Contents,
    ),
    _spec(
        "deliveries",
        "csv",
        "The ledger: one row per delivery, with its accounting. Records in the file = loaded + "
        "rejected + set aside, or the file is quarantined with the reason.",
        Delivery,
    ),
    _spec(
        "rejects",
        "csv",
        "The records of exports that broke a rule, with what they tell all the same of their post.",
        Reject,
    ),
    _spec(
        "comments",
        "json",
        "Comments of the public, without whoever wrote them: one row per comment and file.",
        Comment,
    ),
    _spec(
        "labels",
        "excel",
        "What people say of comments that were drawn: one row per record of a workbook.",
        OpinionLabel,
    ),
    _spec("platforms", "python", "The platforms that the layouts read.", PlatformRow),
]


@dg.multi_asset(specs=_POSTS + _OTHERS, name="read_exports", pool=WRITER, can_subset=False)
def raw_exports(home: HomeResource) -> Iterator[dg.MaterializeResult[Any]]:
    """Bring every new export of the inbox into the archive, the lake and the ledger."""
    with home.user_errors():
        summary = pipeline.ingest(home.home)
    log = logged(home.home)
    ledger = read_table(home.home.table("deliveries"), Delivery)
    for platform in KEYS:
        yield dg.MaterializeResult(
            asset_key=["raw", platform],
            metadata=accounting(
                home.home,
                ledger.filter(platform=platform).filter(
                    (pl.col("holds") == "posts") | (pl.col("status") == "quarantined")
                ),
                home.home.lake / "observations" / f"platform={platform}",
            ),
        )
    yield dg.MaterializeResult(
        asset_key=["raw", "account_days"],
        metadata=accounting(
            home.home, ledger.filter(holds="account_days"), home.home.account_days("_empty").parent
        ),
    )
    for name in ("comments", "labels"):
        yield dg.MaterializeResult(
            asset_key=["raw", name],
            metadata=accounting(home.home, ledger.filter(holds=name), home.home.lake / name),
        )
    yield dg.MaterializeResult(
        asset_key=["raw", "contents"],
        metadata={"path": dg.MetadataValue.path(home.home.lake / "contents")},
    )
    yield dg.MaterializeResult(
        asset_key=["raw", "deliveries"],
        metadata={
            **accounting(home.home, ledger, home.home.table("deliveries")),
            "dagster/row_count": ledger.height,
            "new": dg.MetadataValue.json(asdict(summary)),
            "log": log,
            "damaged": summary.damaged,
            "not_taken": summary.not_taken,
        },
    )
    yield dg.MaterializeResult(
        asset_key=["raw", "rejects"],
        metadata={"path": dg.MetadataValue.path(home.home.lake / "rejects")},
    )
    yield dg.MaterializeResult(
        asset_key=["raw", "platforms"],
        metadata={
            "dagster/row_count": len(KEYS),
            "path": dg.MetadataValue.path(home.home.table("platforms")),
        },
    )


def logged(home: Home) -> str:
    """Log what is new, and say what the log is then, for the metadata of an asset.

    A damaged log stops neither reading nor ranking; the command, the doctor and the check
    `log_is_true` tell it.
    """
    try:
        log = record(home)
    except DamagedLog as problem:
        return str(problem)
    return f"{log.size} lines, root {log.head.root}"


def accounting(home: Home, ledger: pl.DataFrame, path: Path) -> dict[str, Any]:
    """What a raw asset says of itself: how many files and records, and what was not read.

    Args:
        home: where the rejected records lie.
        ledger: the asset's deliveries, as `schemas.Delivery`.
        path: where the asset's rows lie.
    """
    quarantined = ledger.filter(status="quarantined")
    files = ledger.unique("sha256")
    metadata: dict[str, Any] = {
        "files": files.height,
        "records": files["record_count"].sum(),
        "dagster/row_count": files["loaded_count"].sum(),
        "rejects": files["rejected_count"].sum(),
        "set_aside": files["set_aside_count"].sum(),
        "quarantined": quarantined.height,
        "path": dg.MetadataValue.path(path),
    }
    if ledger.height:
        newest = ledger.select(pl.col("captured_at").max().dt.strftime("%Y-%m-%d %H:%M UTC"))
        metadata["newest_capture"] = newest.item()
        metadata["newest_files"] = _preview(ledger, record_count="records")
    if quarantined.height:
        metadata["quarantine"] = _preview(quarantined, reason="reason")
    if metadata["rejects"]:
        by_rule = (
            batches.rejects(home)
            .join(files.lazy(), on="sha256", how="semi")
            .group_by("rule")
            .agg(pl.len(), pl.col("detail").min())
            .sort("len", "rule", descending=[True, False])
            .collect()
        )
        metadata["rejects_by_rule"] = table(("rule", "records", "for example"), by_rule.rows())
    return metadata


def _preview(ledger: pl.DataFrame, **more: str) -> dg.MarkdownMetadataValue:
    """The files that came last, with more of their columns under the titles given."""
    last = ledger.sort("received_at", "name", descending=[True, False]).head(_SHOWN)
    rows = last.select("received_at", "folder", "name", *more).rows()
    return table(
        ("received (UTC)", "sender's folder", "file", *more.values()),
        [(f"{at:%Y-%m-%d %H:%M}", *others) for at, *others in rows],
    )


@dg.multi_asset(
    specs=[
        _spec(
            "offices",
            "csv",
            "The registry's offices, effective-dated: which units are judged, in which league.",
            Office,
        ),
        _spec(
            "accounts",
            "csv",
            "The registry's accounts, effective-dated: which accounts are official, and whose.",
            Account,
        ),
        _spec(
            "campaigns",
            "csv",
            "The campaigns: which hashtag or keyword posts of some days should carry.",
            Campaign,
        ),
    ],
    name="read_registry",
    pool=WRITER,
)
def raw_registry(home: HomeResource) -> Iterator[dg.MaterializeResult[Any]]:
    """Check the registry and keep it; a clash or a gap stops here and names both rows."""
    with home.user_errors():
        counts = load.ingest_registry(home.home, NAMES_ACCOUNTS)
    for name, count in counts.items():
        yield dg.MaterializeResult(
            asset_key=["raw", name],
            metadata={
                "dagster/row_count": count,
                "source": dg.MetadataValue.path(home.home.registry / f"{name}.csv"),
                "path": dg.MetadataValue.path(home.home.table(name)),
            },
        )


@dg.multi_asset(
    specs=[
        _spec(
            "policies", "yaml", "The policies: the versioned rules of scoring, a row each.", Policy
        ),
        _spec(
            "policy_weights",
            "yaml",
            "What each component of engagement weighs on each platform under each policy.",
            PlatformWeights,
        ),
        _spec(
            "policy_growth",
            "yaml",
            "The policies' growth curves, a row per platform and age.",
            GrowthRow,
        ),
    ],
    name="read_policies",
    pool=WRITER,
)
def raw_policies(home: HomeResource) -> Iterator[dg.MaterializeResult[Any]]:
    """Check the policies and keep them; a mistake stops here and names file and line."""
    with home.user_errors():
        counts = load.ingest_policies(home.home, KEYS)
    for name, count in counts.items():
        yield dg.MaterializeResult(
            asset_key=["raw", name],
            metadata={
                "dagster/row_count": count,
                "source": dg.MetadataValue.path(home.home.policies),
                "path": dg.MetadataValue.path(home.home.table(name)),
            },
        )


@dg.multi_asset(
    specs=[
        _spec(
            "opinion_offices",
            "json",
            "The samples of comments: a row per month and office.",
            OpinionOffice,
        ),
        _spec("opinion_draws", "json", "The comments that were drawn, by code.", OpinionDraw),
        _spec(
            "opinion_intervals",
            "json",
            "The exact intervals of the samples' sizes.",
            OpinionInterval,
        ),
    ],
    name="read_samples",
    pool=WRITER,
)
def raw_samples(home: HomeResource) -> Iterator[dg.MaterializeResult[Any]]:
    """Keep which comments were drawn of which month, and what their labels will tell."""
    with home.user_errors(sample.NotSampled):
        counts = sample.write_tables(home.home)
    for name, count in counts.items():
        yield dg.MaterializeResult(
            asset_key=["raw", name],
            metadata={
                "dagster/row_count": count,
                "source": dg.MetadataValue.path(home.home.opinion),
                "path": dg.MetadataValue.path(home.home.table(name)),
            },
        )
