"""Checks of how old the data are, by the machine's clock.

What belongs here: captures that are long past and exports that are overdue. What does not: accounts
that are silent beside others of the same build, which need no clock (`rankings.py`).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg
import polars as pl

from ingest.home import Home
from ingest.platforms import KEYS
from ingest.schemas import Delivery
from ingest.storage import read_table
from orchestration.assets.exports_due import list_of
from orchestration.checks.result import result
from orchestration.resources import WRITER, HomeResource

#: Offices export daily, or at least weekly.
SILENT_DAYS = 8
#: A month without any export can't be ranked.
_LOST_DAYS = 32
_STALE = {"newest_capture": pl.Datetime(), "days": pl.Int64()}


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
    if isinstance(newest, datetime) and newest >= now - timedelta(days=SILENT_DAYS):
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
        yield result(
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
    return result(
        "exports_are_in_time",
        "exports_due",
        overdue_exports(home.home, datetime.now(UTC).replace(tzinfo=None)),
        "these accounts should have been exported by now (times in UTC); ask their offices",
        severity=dg.AssetCheckSeverity.WARN,
    )
