"""Deliveries: the way of a file from the inbox into the archive, the lake and the ledger.

What belongs here: finding new files, keeping their bytes, and accounting for every record. What
does not: how files are read (`batches.py`, `parse.py`) and what makes receipts one delivery
(`receipts.py`).

Order matters for crashes: a file is archived before it is read, and its rows are on the disk before
the table of files names it. Whatever a crash leaves undone, the next run does again with the same
result. Everything in the lake can be made anew from the archive.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import dataframely as dy
import polars as pl

from ingest import batches, erasure, platforms, schemas
from ingest.home import Home
from ingest.receipts import Receipt, deliveries, read_receipts, write_receipts
from ingest.schemas import Delivery
from ingest.storage import archive_bytes, exclusive, read_table, write_table

log = logging.getLogger("kurasi")

_SIDECAR = ".delivery.json"


class _Seen(dy.Schema):
    """Files of the inbox that are archived, by what tells a changed file without reading it."""

    path = dy.String(primary_key=True)
    signature = dy.String(nullable=False)


@dataclass(frozen=True, slots=True)
class Summary:
    """What one run of ingest did; counts are of this run's files."""

    deliveries: int
    records: int
    loaded: int
    rejected: int
    set_aside: int
    quarantined: int


def prepare(home: Home) -> None:
    """Make the lake's tables, empty, so that the warehouse can be built before the first export."""
    batches.prepare(home)
    if not home.table("deliveries").exists():
        write_table(home.table("deliveries"), Delivery.create_empty())
    if not platform_table().equals(read_table(home.table("platforms"), schemas.PlatformRow)):
        write_table(home.table("platforms"), platform_table())


def platform_table() -> pl.DataFrame:
    """The platforms that the layouts read, as `schemas.PlatformRow`."""
    rows = [(known.key, known.name, known.published_precision) for known in platforms.PLATFORMS]
    return schemas.PlatformRow.validate(
        pl.DataFrame(rows, schema=schemas.PlatformRow.column_names(), orient="row").sort("platform")
    )


def ingest(home: Home) -> Summary:
    """Bring every new file of the inbox into the archive, the lake and the ledger.

    Raises:
        HomeIsBusy: another process is ingesting into the same home.
    """
    with exclusive(home, "ingest"):
        erasure.apply(home)
        prepare(home)
        known = read_table(home.table("deliveries"), Delivery)
        _archive_inbox(home)
        receipts = read_receipts(home)
        files = batches.read_new(home, _by_arrival(receipts, erasure.tombstones(home).keys()))
        ledger = _ledger(home, files, receipts)
        if not ledger.equals(known):
            write_table(home.table("deliveries"), ledger)
        return _summary(ledger.join(known, on="delivery_id", how="anti"))


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


def _inbox(home: Home) -> Iterator[Path]:
    """The exports in the inbox, in order. Hidden files are not exports."""
    for path in sorted(home.inbox.rglob("*")) if home.inbox.exists() else []:
        hidden = any(part.startswith(".") for part in path.relative_to(home.inbox).parts)
        if hidden or not path.is_file():
            continue
        if not path.name.endswith(_SIDECAR):
            yield path
        elif not path.with_name(path.name.removesuffix(_SIDECAR)).exists():
            log.warning("%s stands beside no export of that name; rename it", _name(home, path))


def arrivals(home: Home) -> dict[Path, str]:
    """The exports in the inbox that ingest has not seen as they are, each with what tells a change.

    Nothing is read but the files' names, sizes and times.
    """
    seen = dict(read_table(home.table("inbox"), _Seen).iter_rows())
    found = {}
    for path in _inbox(home):
        try:
            signature = _signature(path, path.with_name(path.name + _SIDECAR))
        except OSError:  # it went away meanwhile
            continue
        if seen.get(_name(home, path)) != signature:
            found[path] = signature
    return found


def _archive_inbox(home: Home) -> None:
    """Keep the bytes and the receipt of every file that the inbox did not have before."""
    seen = dict(read_table(home.table("inbox"), _Seen).iter_rows())
    buried = erasure.tombstones(home)
    # Waiting for the disk is most of the work, so several files wait at once.
    with ThreadPoolExecutor() as pool:
        found = pool.map(lambda path: _receive(home, path, seen, buried), _inbox(home))
        arrivals = [arrival for arrival in found if arrival]
    if not arrivals:
        return
    if receipts := [receipt for _, _, receipt in arrivals if receipt]:
        write_receipts(home, receipts)
    seen.update((name, signature) for name, signature, _ in arrivals)
    table = pl.DataFrame(sorted(seen.items()), schema=["path", "signature"], orient="row")
    write_table(home.table("inbox"), table)
    log.info("archived %d new files", len(receipts))


def _receive(
    home: Home, path: Path, seen: dict[str, str], buried: dict[str, erasure.Tombstone]
) -> tuple[str, str, Receipt | None] | None:
    """Keep one file's bytes; gives its name, its signature and what is known of it besides.

    None where it has been seen before, and where it can't be read now; no receipt where its bytes
    were erased.
    """
    name = _name(home, path)
    sidecar = path.with_name(path.name + _SIDECAR)
    try:
        signature = _signature(path, sidecar)
        if seen.get(name) == signature:
            return None
        content = path.read_bytes()
        told = sidecar.read_text("utf-8-sig", errors="replace") if sidecar.exists() else None
        received_at = int(path.stat().st_mtime)
        if _signature(path, sidecar) != signature:
            raise OSError("it changed while it was read")
    except OSError as problem:
        log.warning("%s is left for the next run: %s", name, problem)
        return None
    # Hashing costs as much as the rest, and `archive_bytes` does it too.
    if buried and (stone := buried.get(hashlib.sha256(content).hexdigest())):
        log.warning("%s is not taken: its bytes were %s; delete it", name, stone.told)
        return name, signature, None
    folder, _, file_name = name.rpartition("/")
    return (
        name,
        signature,
        Receipt(
            sha256=archive_bytes(home, content),
            name=file_name,
            folder=folder,
            received_at=datetime.fromtimestamp(received_at, UTC).replace(tzinfo=None),
            sidecar=told,
        ),
    )


def _name(home: Home, path: Path) -> str:
    """A file's path below the inbox; bytes in it that are not UTF-8 are shown as `�`."""
    return os.fsencode(path.relative_to(home.inbox)).decode("utf-8", errors="replace")


def _signature(path: Path, sidecar: Path) -> str:
    """Tells that a file or its sidecar changed, without reading them."""
    stats = [path.stat(), *([sidecar.stat()] if sidecar.exists() else [])]
    return " ".join(f"{s.st_size}:{s.st_mtime_ns}:{s.st_ctime_ns}:{s.st_ino}" for s in stats)


def _by_arrival(receipts: list[Receipt], buried: Collection[str]) -> list[str]:
    """The files that can be read, as they arrived: what arrives together is of the same months."""
    first: dict[str, datetime] = {}
    for receipt in receipts:
        known = first.setdefault(receipt.sha256, receipt.received_at)
        first[receipt.sha256] = min(known, receipt.received_at)
    return sorted(first.keys() - buried, key=lambda sha256: (first[sha256], sha256))


def _ledger(home: Home, files: pl.DataFrame, receipts: list[Receipt]) -> pl.DataFrame:
    """Every delivery with its accounting, ordered by capture and identity."""
    files = files.drop("batch", "reader")
    erased = pl.DataFrame(list(erasure.ledger_rows(home)), schema=files.schema)
    files = pl.concat([files.join(erased, on="sha256", how="anti"), erased])
    platforms = dict(files.select("sha256", "platform").iter_rows())
    rows = [
        {
            "delivery_id": delivery.delivery_id,
            "sha256": delivery.receipt.sha256,
            "name": delivery.receipt.name,
            "folder": delivery.receipt.folder,
            "received_at": delivery.receipt.received_at,
            "captured_at": delivery.captured_at,
            "captured_at_source": delivery.captured_at_source,
            "office_id": delivery.claims.office_id,
            "account_id": delivery.claims.account_id,
            "covers_from": delivery.covers_from,
            "covers_to": delivery.covers_to,
            "problem": delivery.problem,
        }
        for delivery in deliveries(receipts, platforms)
    ]
    names = Delivery.create_empty().schema
    schema = {name: dtype for name, dtype in names.items() if name not in files.columns}
    claimed = pl.DataFrame(rows, schema={"sha256": pl.String, **schema, "problem": pl.String})
    return Delivery.validate(
        claimed.join(files, on="sha256")
        .with_columns(
            status=pl.when(pl.col("problem").is_null())
            .then("status")
            .otherwise(pl.lit("quarantined")),
            reason=pl.coalesce("problem", "reason"),
        )
        .select(Delivery.column_names())
        .sort("captured_at", "delivery_id")
    )


def _summary(new: pl.DataFrame) -> Summary:
    loaded = new.filter(pl.col("status") == "loaded")
    return Summary(
        deliveries=new.height,
        records=int(loaded["record_count"].sum()),
        loaded=int(loaded["loaded_count"].sum()),
        rejected=int(loaded["rejected_count"].sum()),
        set_aside=int(loaded["set_aside_count"].sum()),
        quarantined=new.filter(pl.col("status") == "quarantined").height,
    )
