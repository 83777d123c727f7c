"""One run of ingest: from the inbox to the lake, and the ledger that accounts for every record.

What belongs here: the order of the steps, and the ledger. What does not: finding and keeping files
(`inbox.py`), how they are read (`batches.py`, `parsing/`) and what makes receipts one delivery
(`receipts.py`).

Order matters for crashes: a file is archived before it is read, and its rows are on the disk before
the table of files names it. Whatever a crash leaves undone, the next run does again with the same
result. Everything in the lake can be made anew from the archive.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import dataframely as dy
import polars as pl

from ingest import batches, erasure, inbox, platforms, schemas
from ingest.home import Home
from ingest.platforms import COVERING_IF_TOLD
from ingest.receipts import (
    Receipt,
    as_told,
    damaged_receipts,
    deliveries,
    name_without_persons,
    read_receipts,
    write_receipts,
)
from ingest.regular_files import shown
from ingest.schemas import Delivery
from ingest.storage import exclusive, read_table, remove_leftovers, write_table
from ingest.tombstones import damaged_tombstones, ledger_rows, read_tombstones
from ingest.unpacking import unpack, zip_in

log = logging.getLogger("kurasi")

#: What was drawn of comments; whoever draws fills them (`orchestration/opinion/sample.py`).
_SAMPLES: dict[str, type[dy.Schema]] = {
    "opinion_offices": schemas.OpinionOffice,
    "opinion_draws": schemas.OpinionDraw,
    "opinion_intervals": schemas.OpinionInterval,
}
#: A capture may be so much later than the receipt: clocks differ by minutes, and sidecars are
#: written with full quarters of an hour. Beyond it one of the two can't be true.
CLOCK_GRACE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Summary:
    """What one run of ingest did; counts are of this run's files."""

    deliveries: int
    records: int
    loaded: int
    rejected: int
    set_aside: int
    quarantined: int
    #: Deliveries of which no record can be taken, although they were read.
    rejected_whole: int = 0
    #: Counters of the loaded records that can't be read.
    withheld: int = 0
    #: Archived files of any run that were to be read and whose bytes are damaged, and damaged
    #: files of receipts and tombstones.
    damaged: int = 0
    #: Things that lie in the inbox and can't be taken, be they new or not.
    not_taken: int = 0


def prepare(home: Home) -> None:
    """Make the lake's tables, empty, so that the warehouse can be built before the first export."""
    batches.prepare(home)
    if not home.table("deliveries").exists():
        write_table(home.table("deliveries"), Delivery.create_empty())
    for name, schema in _SAMPLES.items():
        if not home.table(name).exists():
            write_table(home.table(name), schema.create_empty())
    if not platform_table().equals(read_table(home.table("platforms"), schemas.PlatformRow)):
        write_table(home.table("platforms"), platform_table())


def platform_table() -> pl.DataFrame:
    """The platforms that the layouts read, as `schemas.PlatformRow`."""
    rows = [
        (
            known.key,
            known.name,
            known.published_precision,
            known.range_time_zone,
            known.has_captions,
        )
        for known in platforms.PLATFORMS
    ]
    return schemas.PlatformRow.validate(
        pl.DataFrame(rows, schema=schemas.PlatformRow.column_names(), orient="row").sort("platform")
    )


def ingest(home: Home) -> Summary:
    """Bring every new file of the inbox into the archive, the lake and the ledger.

    Raises:
        HomeIsBusy: another process is ingesting into the same home.
    """
    with exclusive(home, "ingest"):
        if leftovers := remove_leftovers(home):
            log.info("removed %d temporary files of an earlier crash", len(leftovers))
        damaged = [*damaged_receipts(home), *damaged_tombstones(home)]
        for each in damaged:
            log.error("%s", each)
        erasure.apply(home)
        summary = _bring_in_mended(home)
        return replace(summary, damaged=summary.damaged + len(damaged))


def _bring_in_mended(home: Home) -> Summary:
    """Bring in what is new, after what is damaged of the lake was made anew."""
    try:
        return _bring_in(home)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        removed = batches.remove_unreadable(home)
        if not removed:
            raise
        log.warning(
            "%d files of the lake can't be read, such as %s; they are made anew",
            len(removed),
            removed[0],
        )
        return _bring_in(home)


def _bring_in(home: Home) -> Summary:
    prepare(home)
    known = read_table(home.table("deliveries"), Delivery)
    not_taken = inbox.archive_new(home)
    _write_lost_receipts(home, known)
    receipts = _unpack_kept(home, read_receipts(home))
    inbox.remove_redacted(home, receipts)
    files = batches.read_new(home, _by_arrival(receipts, read_tombstones(home).keys()))
    ledger = _ledger(home, files, receipts)
    if not ledger.equals(known):
        write_table(home.table("deliveries"), ledger)
    new = ledger.join(known, on="delivery_id", how="anti")
    return replace(_summary(new), damaged=batches.damaged(files).height, not_taken=len(not_taken))


def _unpack_kept(home: Home, receipts: list[Receipt]) -> list[Receipt]:
    """Take out of ZIPs that were kept what this version, or the bounds in force, can take.

    A ZIP of which all is taken now goes: its receipt first, which names its bytes.

    Args:
        home: whose archive.
        receipts: all receipts.

    Returns:
        All receipts, as they are now.
    """
    erased = read_tombstones(home).keys()
    unread = batches.unread(home, _by_arrival(receipts, erased))
    added: list[Receipt] = []
    gone: set[str] = set()
    for sha256, unpacked in unpack(home, erased, _zipped(home, unread)):
        of_zip = [receipt for receipt in receipts if receipt.sha256 == sha256]
        added += [each for receipt in of_zip for each in unpacked.receipts(receipt)]
        if unpacked.is_whole:
            gone.add(sha256)
    kept = {receipt for receipt in receipts if receipt.sha256 not in gone}.union(added)
    if kept == set(receipts):
        return receipts
    write_receipts(home, kept, instead=bool(gone))
    for sha256 in gone:
        home.archived(sha256).unlink(missing_ok=True)
    return read_receipts(home)


def _zipped(home: Home, hashes: list[str]) -> Iterator[tuple[str, bytes]]:
    """The archived files that may be ZIPs of exports: their hashes, and their bytes."""
    for sha256 in hashes:
        try:
            with home.archived(sha256).open("rb") as file:
                content = zip_in(file)
        except OSError:  # whoever reads it says so
            continue
        if content is not None and hashlib.sha256(content).hexdigest() == sha256:
            yield sha256, content


def _write_lost_receipts(home: Home, known: pl.DataFrame) -> None:
    """Write anew the receipts of which only the ledger tells: their files are damaged, or gone.

    Args:
        home: whose receipts.
        known: the ledger as the last run left it.
    """
    kept = {_as_in_ledger(receipt) for receipt in read_receipts(home)}
    places = [
        place
        for place, row in enumerate(
            known.select("sha256", "folder", "name", "received_at").iter_rows()
        )
        if row not in kept
    ]
    if not places:
        return
    anonymous, erased = erasure.anonymous(home), read_tombstones(home).keys()
    lost = []
    for row in known[places].iter_rows(named=True):
        told = as_told(row)
        # A ZIP of which all was taken out in the meantime is kept no more.
        if told.sha256 not in erased and not home.archived(told.sha256).exists():
            continue
        if told.sha256 in anonymous:  # the ledger may still have what an erasure took away
            told = replace(told, name=name_without_persons(told.name))
        if _as_in_ledger(told) not in kept:
            lost.append(told)
    if lost:
        write_receipts(home, lost)
        log.warning("%d receipts are written anew, as the ledger tells them", len(lost))


def _as_in_ledger(receipt: Receipt) -> tuple[str, str, str, datetime]:
    """Which arrival of which bytes it was, named as the ledger does."""
    return receipt.sha256, shown(receipt.folder), shown(receipt.name), receipt.received_at


def rejects(home: Home, delivery_id: str | None = None) -> pl.DataFrame:
    """The rejected records: `delivery_id`, `record_number`, `rule`, `detail`, in that order."""
    ledger = read_table(home.table("deliveries"), Delivery).filter(pl.col("rejected_count") > 0)
    if delivery_id is not None:
        ledger = ledger.filter(pl.col("delivery_id") == delivery_id)
    return (
        batches.rejects(home)
        .join(ledger.lazy(), on="sha256")
        .select("delivery_id", "record_number", "rule", "detail")
        .sort("delivery_id", "record_number")
        .collect()
    )


def withheld(home: Home, delivery_id: str | None = None) -> pl.DataFrame:
    """The counters of loaded records that can't be read.

    `delivery_id`, `record_number`, `field`, `rule`, `detail`, `text`, ordered by the first three.
    """
    ledger = read_table(home.table("deliveries"), Delivery).filter(pl.col("withheld_count") > 0)
    if delivery_id is not None:
        ledger = ledger.filter(pl.col("delivery_id") == delivery_id)
    return (
        batches.withheld(home)
        .join(ledger.lazy(), on="sha256")
        .select("delivery_id", "record_number", "field", "rule", "detail", "text")
        .sort("delivery_id", "record_number", "field")
        .collect()
    )


def captured_after_receipt(home: Home) -> pl.DataFrame:
    """The deliveries that are said to be captured after they were received.

    `delivery_id`, `folder`, `name`, `captured_at`, `captured_at_source`, `received_at` (UTC), in
    the order of the ledger.
    """
    ledger = read_table(home.table("deliveries"), Delivery)
    return ledger.filter("is_captured_after_receipt").select(
        "delivery_id", "folder", "name", "captured_at", "captured_at_source", "received_at"
    )


def _by_arrival(receipts: list[Receipt], erased: Collection[str]) -> list[str]:
    """The files that can be read, as they arrived: what arrives together is of the same months."""
    first: dict[str, datetime] = {}
    for receipt in receipts:
        known = first.setdefault(receipt.sha256, receipt.received_at)
        first[receipt.sha256] = min(known, receipt.received_at)
    return sorted(first.keys() - erased, key=lambda sha256: (first[sha256], sha256))


def _ledger(home: Home, files: pl.DataFrame, receipts: list[Receipt]) -> pl.DataFrame:
    """Every delivery with its accounting, ordered by capture and identity."""
    files = files.drop("batch", "reader")
    erased = pl.DataFrame(list(ledger_rows(home)), schema=files.schema)
    files = pl.concat([files.join(erased, on="sha256", how="anti"), erased])
    platforms = dict(files.select("sha256", "platform").iter_rows())
    rows = [
        {
            "delivery_id": delivery.delivery_id,
            "sha256": delivery.receipt.sha256,
            "received_sha256": delivery.receipt.received_sha256,
            "name": shown(delivery.receipt.name),
            "folder": shown(delivery.receipt.folder),
            "received_at": delivery.receipt.received_at,
            "captured_at": delivery.captured_at,
            "captured_at_source": delivery.captured_at_source,
            "is_captured_after_receipt": (
                delivery.captured_at > delivery.receipt.received_at + CLOCK_GRACE
            ),
            "office_id": _shown(delivery.claims.office_id),
            "account_id": _shown(delivery.claims.account_id),
            "covers_from": delivery.covers_from,
            "covers_to": delivery.covers_to,
            "covers_source": delivery.covers_source,
            "problem": _shown(delivery.problem),
        }
        for delivery in deliveries(receipts, platforms)
    ]
    names = Delivery.create_empty().schema
    schema = {name: dtype for name, dtype in names.items() if name not in files.columns}
    is_told = pl.col("kind").is_in(sorted(COVERING_IF_TOLD)) & (
        pl.col("covers_source") == "sidecar"
    )
    claimed = pl.DataFrame(rows, schema={"sha256": pl.String, **schema, "problem": pl.String})
    return Delivery.validate(
        claimed.join(files, on="sha256")
        .with_columns(
            status=pl.when(pl.col("problem").is_null())
            .then("status")
            .otherwise(pl.lit("quarantined")),
            reason=pl.coalesce("problem", "reason"),
            covers_posts=pl.col("covers_posts") | is_told.fill_null(value=False),
        )
        .select(Delivery.column_names())
        .sort("captured_at", "delivery_id")
    )


def _shown(name: str | None) -> str | None:
    return None if name is None else shown(name)


def _summary(new: pl.DataFrame) -> Summary:
    read = new.filter(pl.col("status").is_in(schemas.READ))
    return Summary(
        deliveries=new.height,
        records=int(read["record_count"].sum()),
        loaded=int(read["loaded_count"].sum()),
        rejected=int(read["rejected_count"].sum()),
        set_aside=int(read["set_aside_count"].sum()),
        quarantined=new.filter(pl.col("status") == "quarantined").height,
        rejected_whole=new.filter(pl.col("status") == "rejected").height,
        withheld=int(read["withheld_count"].sum()),
    )
