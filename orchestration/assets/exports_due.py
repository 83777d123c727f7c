"""The asset that lists which account must be exported by when.

What belongs here: writing the list that offices are sent, and showing it in Dagster. What does not:
what is due (`publication/due.py`) and the warning where an export is overdue (`checks/`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import dagster as dg

from ingest.home import Home
from ingest.storage import write_bytes
from orchestration.assets.markdown import table
from orchestration.publication import due, queries
from orchestration.resources import BUREAU, WRITER, HomeResource

_SHOWN = 20
#: What the list's columns mean, in its order.
_MEANINGS = (
    "The office by its ID in the registry.",
    "The office by its name.",
    "The platform.",
    "The account by its ID in the registry.",
    "The account's handle.",
    "When the newest export of the account was captured; `belum pernah` is never.",
    "When the next export must be made; words where it is now, or none is.",
    "The first day to choose on the platform.",
    "The last day to choose on the platform.",
    "The time zone in which the platform counts days.",
    "Whether the month's exports of the account are complete, partial or missing.",
    "How many posts of the account count.",
    "How many of these lack an exact or interpolated value.",
    "Exact or interpolated components of the account's posts, in percent.",
    "Exact or interpolated components of the office's posts, in percent.",
)


def columns_of_list(time_zone: str) -> dg.TableSchema:
    """The columns of the CSV, whose cells are texts; its times are in the zone."""
    named = zip(due.headings(time_zone), _MEANINGS, strict=True)
    return dg.TableSchema([dg.TableColumn(name, description=text) for name, text in named])


def list_of(home: Home) -> due.DueList | None:
    """What is due for the newest month; None where none is ranked under a policy in force."""
    try:
        return due.due(home)
    except queries.Unanswerable:
        return None


@dg.asset(
    deps=["monthly_rankings"],
    group_name="publication",
    kinds={"csv"},
    owners=BUREAU,
    tags={"layer": "publication", "access": "restricted"},
    pool=WRITER,
)
def exports_due(home: HomeResource) -> dg.MaterializeResult[Any]:
    """Which account must be exported by when, so that no post loses its 24 hours.

    Of the newest month, the most pressing first; the CSV is in Indonesian, to be sent to offices.
    """
    found = list_of(home.home)
    if found is None:
        return dg.MaterializeResult(metadata={"dagster/row_count": 0})
    path = home.home.warehouse / "exports_due.csv"
    write_bytes(path, due.csv(found))
    rows = [
        (
            export.office_id,
            export.account_id,
            _shown(export.last_captured_at, found.time_zone),
            _shown(export.due_at, found.time_zone),
            export.coverage,
            f"{export.posts_without_evidence} of {export.post_count}",
        )
        for export in found.exports[:_SHOWN]
    ]
    columns = ("office", "account", "last export", "export by", "coverage", "posts that lack it")
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(found.exports),
            "dagster/column_schema": columns_of_list(found.time_zone),
            "month": found.month,
            "time_zone": found.time_zone,
            "missing": sum(export.coverage == "missing" for export in found.exports),
            "most_pressing": table(columns, rows),
            "path": dg.MetadataValue.path(path),
        }
    )


def _shown(instant: datetime | None, time_zone: str) -> str:
    return due.local(instant, time_zone) if instant else ""
