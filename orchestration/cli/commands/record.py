"""The calls of the record: what was received, what is understood, what was not taken.

What belongs here: words for the terminal. What does not: any work (`queries.py`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ingest import platforms
from ingest.comments import listing as comments
from ingest.storage import write_bytes
from orchestration.cli import completion, tables
from orchestration.cli.console import call, err, show
from orchestration.cli.language import _, ngettext, number
from orchestration.cli.recognised import told
from orchestration.publication import queries
from orchestration.publication.formats import json_bytes
from orchestration.publication.log import receipts as log_receipts


def deliveries(
    quarantined: Annotated[
        bool, typer.Option("--quarantined", help="Only those that could not be read.")
    ] = False,
    rejected: Annotated[
        bool, typer.Option("--rejected", help="Only those of which no record could be taken.")
    ] = False,
    office: Annotated[
        str | None,
        typer.Option(help="Only what this office sent.", autocompletion=completion.offices),
    ] = None,
    platform: Annotated[str | None, typer.Option(help="Only exports of this platform.")] = None,
    month: Annotated[
        str | None,
        typer.Option("--month", "-m", help="Only what was captured in this month (UTC)."),
    ] = None,
) -> None:
    """The ledger: every file received, with its accounting."""
    rows = queries.deliveries(
        call.home,
        only_quarantined=quarantined,
        only_rejected=rejected,
        office=office,
        platform=platform,
        month=month,
    )
    shown = [
        {
            "delivery_id": row["delivery_id"],
            "captured_at": row["captured_at"].replace("T", " ")[:16],
            "office": row["office_id"] or _("unknown"),
            "file": row["name"],
            "outcome": _outcome(row),
        }
        for row in rows
    ]
    columns = ("delivery_id", "captured_at", "office", "file", "outcome")
    show(rows, tables.table(_("Deliveries (times in UTC)"), columns, shown))


def _outcome(row: dict[str, Any]) -> str:
    """What became of a file, in few words."""
    if row["status"] != "loaded":
        return f"{_(row['status'])}: {told(row['reason'])}"
    parts = [_("{count} loaded").format(count=number(row["loaded"]))]
    if row["rejected"]:
        parts.append(_("{count} rejected").format(count=number(row["rejected"])))
    if row["set_aside"]:
        parts.append(_("{count} set aside").format(count=number(row["set_aside"])))
    if row["withheld"]:
        parts.append(
            ngettext("{count} counter withheld", "{count} counters withheld", row["withheld"])
        )
    if row["is_captured_after_receipt"]:
        parts.append(_("said to be captured after it was received"))
    outcome = ", ".join(parts)
    return f"{outcome}: {told(row['reason'])}" if row["reason"] else outcome


def layouts() -> None:
    """What is understood: the exports of each platform, with an example header for each."""
    rows = [*platforms.listing(), *comments.listing()]
    show(rows, tables.layouts(rows))


def rejects(
    delivery: Annotated[
        str | None,
        typer.Argument(help="Only this delivery's.", autocompletion=completion.deliveries),
    ] = None,
) -> None:
    """Rejected records and counters that were withheld, each with its rule."""
    rows = queries.rejects(call.home, delivery)
    shown = [
        {
            **row,
            "record": row["record_number"],
            "counter": row["field"] or "",
            "what": _(row["what"]),
            "detail": told(row["detail"]),
        }
        for row in rows
    ]
    columns = ("delivery_id", "record", "what", "counter", "rule", "detail")
    show(rows, tables.table(_("Rejected records and withheld counters"), columns, shown))


def receipts(
    office: Annotated[str, typer.Option(help="An office's ID.", autocompletion=completion.offices)],
    folder: Annotated[
        Path | None,
        typer.Option("--out", help="Also write a file for each here, to send to the office."),
    ] = None,
) -> None:
    """Receipts for an office: which line of the log each of its deliveries is."""
    found = log_receipts.receipts(call.home, office)
    if not found:
        error = _("no delivery of {office}; `kurasi deliveries` lists all")
        raise queries.Unanswerable(error.format(office=office))
    logged = [each for each in found if each["index"] is not None]
    if folder is not None:
        for each in logged:
            write_bytes(folder.resolve() / f"{each['delivery_id']}.json", json_bytes(each))
        count = ngettext("{count} receipt", "{count} receipts", len(logged))
        err.print(f"{count}: {folder}", soft_wrap=True, highlight=False, markup=False)
    rows = [
        {
            "delivery_id": each["delivery_id"],
            "captured_at": each["captured_at"].replace("T", " ")[:16],
            "file": each["name"],
            "line": each["index"],
            "logged": (each["logged_at"] or _("not yet: kurasi run")).replace("T", " ")[:19],
        }
        for each in found
    ]
    title = _("Receipts of {office} (times in UTC)").format(office=office)
    show(found, tables.table(title, ("delivery_id", "captured_at", "file", "line", "logged"), rows))
