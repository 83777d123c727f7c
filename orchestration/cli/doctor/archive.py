"""Whether what was received is as it was, and which files of it say nothing.

What belongs here: looks at the archive and its ledger. What does not: what is built from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from ingest.home import Home
from ingest.receipts import damaged_receipts
from ingest.schemas import Delivery
from ingest.storage import damage_of_archive, read_table
from ingest.tombstones import damaged_tombstones
from orchestration.cli.doctor.finding import ANEW, SHOWN, Finding, first_line
from orchestration.cli.language import _, ngettext, number
from orchestration.publication import objections


def archive(home: Home) -> Iterator[Finding]:
    """Every file of the ledger is in the archive, apart from those that were erased, every archived
    file holds the bytes of its name, and receipts, tombstones and objections are as they were
    written."""
    ledger: pl.DataFrame = Delivery.create_empty()
    try:
        ledger = read_table(home.table("deliveries"), Delivery)
    except pl.exceptions.PolarsError as problem:
        yield Finding("lake", f"deliveries.parquet: {first_line(problem)}", _(ANEW))
    kept = ledger.filter(ledger["status"] != "erased")["sha256"].unique()
    found = [
        *damaged_receipts(home),
        *damaged_tombstones(home),
        *objections.damaged(home),
        *damage_of_archive(home, kept),
    ]
    for damaged in found[:SHOWN]:
        detail, _separator, remedy = str(damaged).rpartition("; ")
        yield Finding("archive", detail, remedy)
    if len(found) > SHOWN:
        more = ngettext(
            "{count} more file of it is lost or was changed",
            "{count} more files of it are lost or were changed",
            len(found) - SHOWN,
        )
        remedy = _("restore archive/ from the backup (docs/operations.md)")
        yield Finding("archive", more, remedy)
    yield from _rejected(ledger)
    if not found:
        quarantined = ledger.filter(status="quarantined").height
        told = ngettext(
            "{count} file, with the bytes of its hash",
            "{count} files, each with the bytes of its hash",
            kept.len(),
        )
        if quarantined:
            told += ", " + _("{count} quarantined").format(count=number(quarantined))
        yield Finding("archive", told)


def _rejected(ledger: pl.DataFrame) -> Iterator[Finding]:
    """Files that were read, and of which nothing could be taken: the newest first."""
    rejected = ledger.filter(status="rejected")
    newest = rejected.sort("received_at", "delivery_id", descending=[True, False])
    for row in newest.head(SHOWN).iter_rows(named=True):
        yield Finding(
            "rejected",
            f"{Path(row['folder'], row['name'])}: {row['reason']}",
            _("export it again as downloaded; why: {call}").format(
                call=f"kurasi rejects {row['delivery_id']}"
            ),
            is_warning=True,
        )
    if newest.height > SHOWN:
        more = ngettext(
            "{count} more file of which no record could be taken",
            "{count} more files of which no record could be taken",
            newest.height - SHOWN,
        )
        yield Finding("rejected", more, "kurasi deliveries --rejected", is_warning=True)
