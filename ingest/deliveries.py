"""Deliveries: the way of a file from the inbox into the archive, the lake and the ledger.

What belongs here: finding new files, keeping their bytes, and accounting for every record. What
does not: how a file is read (`reading.py`) and what makes receipts one delivery (`receipts.py`).

Order matters for crashes: a file is archived before it is read, and its rows are on the disk before
the table of files names it. Whatever a crash leaves undone, the next run does again with the same
result. Everything in the lake can be made anew from the archive.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dataframely as dy
import polars as pl

from ingest import contract, layouts, reading
from ingest.contract import PLATFORMS, Delivery, PostObservation
from ingest.lake import Home, archive_bytes, exclusive, read_table, write_bytes, write_table
from ingest.receipts import Receipt, deliveries

log = logging.getLogger("kurasi")

_SIDECAR = ".delivery.json"
#: After so many files the tables are written, so that a crash costs little.
_CHECKPOINT = 500


class _File(dy.Schema):
    """What the bytes with one hash turned out to be."""

    sha256 = dy.String(primary_key=True)
    #: The version of the reading code; another one reads the file again.
    reader = dy.String(nullable=False)
    platform = dy.String(nullable=True)
    kind = dy.String(nullable=True)
    locale = dy.String(nullable=True)
    status = dy.String(nullable=False)
    reason = dy.String(nullable=True)
    record_count = dy.Int64(nullable=True)
    loaded_count = dy.Int64(nullable=True)
    rejected_count = dy.Int64(nullable=True)
    set_aside_count = dy.Int64(nullable=True)
    is_truncated = dy.Bool(nullable=False)
    unknown_columns = dy.List(dy.String(nullable=False), nullable=False)


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


def reader_version() -> str:
    """A hash of the code that decides what a file's rows are."""
    sources = [contract, reading, *(inspect.getmodule(layout.read) for layout in layouts.LAYOUTS)]
    sources += [inspect.getmodule(layouts.Layout), inspect.getmodule(layouts.layout.Cell)]
    texts = sorted({inspect.getsource(module) for module in sources if module})
    return hashlib.sha256("".join(texts).encode()).hexdigest()[:16]


def prepare(home: Home) -> None:
    """Make the lake's tables, empty, so that the warehouse can be built before the first export."""
    for platform in PLATFORMS:
        empty = home.observations(platform, "_empty")
        if not empty.exists():
            write_table(empty, PostObservation.create_empty())
    if not home.table("deliveries").exists():
        write_table(home.table("deliveries"), Delivery.create_empty())


def ingest(home: Home) -> Summary:
    """Bring every new file of the inbox into the archive, the lake and the ledger.

    Raises:
        HomeIsBusy: another process is ingesting into the same home.
    """
    with exclusive(home, "ingest"):
        prepare(home)
        known = read_table(home.table("deliveries"), Delivery)
        _archive_inbox(home)
        receipts = _receipts(home)
        _read_new(home, {receipt.sha256 for receipt in receipts})
        ledger = _ledger(home, receipts)
        if not ledger.equals(known):
            write_table(home.table("deliveries"), ledger)
        return _summary(ledger.join(known, on="delivery_id", how="anti"))


def rejects(home: Home, delivery_id: str | None = None) -> pl.DataFrame:
    """The rejected records: `delivery_id`, `record_number`, `rule`, `detail`, in that order."""
    ledger = read_table(home.table("deliveries"), Delivery).filter(pl.col("rejected_count") > 0)
    if delivery_id is not None:
        ledger = ledger.filter(pl.col("delivery_id") == delivery_id)
    tables = [pl.read_parquet(home.rejects(sha256)) for sha256 in ledger["sha256"].unique().sort()]
    found = pl.concat(tables) if tables else contract.Reject.create_empty()
    return (
        ledger.join(found, on="sha256")
        .select("delivery_id", "record_number", "rule", "detail")
        .sort("delivery_id", "record_number")
    )


def _inbox(home: Home) -> Iterator[Path]:
    """The exports in the inbox, in order. Hidden files are not exports."""
    for path in sorted(home.inbox.rglob("*")) if home.inbox.exists() else []:
        hidden = any(part.startswith(".") for part in path.relative_to(home.inbox).parts)
        if path.is_file() and not hidden and not path.name.endswith(_SIDECAR):
            yield path


def _archive_inbox(home: Home) -> None:
    """Keep the bytes and the receipt of every file that the inbox did not have before."""
    seen = dict(read_table(home.table("inbox"), _Seen).iter_rows())
    now = {str(path.relative_to(home.inbox)): _signature(path) for path in _inbox(home)}
    new = {path: signature for path, signature in now.items() if seen.get(path) != signature}
    for number, (relative, signature) in enumerate(sorted(new.items()), start=1):
        path = home.inbox / relative
        sha256 = archive_bytes(home, path.read_bytes())
        sidecar = path.with_name(path.name + _SIDECAR)
        folder = str(Path(relative).parent)
        receipt = Receipt(
            sha256=sha256,
            name=path.name,
            folder="" if folder == "." else folder,
            received_at=datetime.fromtimestamp(int(path.stat().st_mtime), UTC).replace(tzinfo=None),
            sidecar=sidecar.read_text("utf-8", errors="replace") if sidecar.exists() else None,
        )
        _keep(home, receipt)
        seen[relative] = signature
        if number % _CHECKPOINT == 0 or number == len(new):
            log.info("archived %d of %d new files", number, len(new))
    if new:
        table = pl.DataFrame(sorted(seen.items()), schema=["path", "signature"], orient="row")
        write_table(home.table("inbox"), table)


def _signature(path: Path) -> str:
    """Tells a file or its sidecar changed, without reading them."""
    sidecar = path.with_name(path.name + _SIDECAR)
    stats = [file.stat() for file in (path, sidecar) if file.exists()]
    return " ".join(f"{s.st_size}:{s.st_mtime_ns}:{s.st_ctime_ns}:{s.st_ino}" for s in stats)


def _keep(home: Home, receipt: Receipt) -> None:
    """Add a receipt beside the archived bytes; one that is there already says nothing new."""
    path = home.archived(receipt.sha256).with_suffix(".json")
    kept = json.loads(path.read_bytes()) if path.exists() else []
    entry = {
        "name": receipt.name,
        "folder": receipt.folder,
        "received_at": receipt.received_at.isoformat(),
        "sidecar": receipt.sidecar,
    }
    if entry not in kept:
        ordered = sorted([*kept, entry], key=lambda one: json.dumps(one, sort_keys=True))
        write_bytes(path, json.dumps(ordered, indent=1, ensure_ascii=False).encode())


def _receipts(home: Home) -> list[Receipt]:
    """All receipts in the archive."""
    found = []
    for path in sorted(home.archive.glob("??/*.json")):
        for entry in json.loads(path.read_bytes()):
            received_at = datetime.fromisoformat(entry.pop("received_at"))
            found.append(Receipt(sha256=path.stem, received_at=received_at, **entry))
    return found


def _read_new(home: Home, hashes: set[str]) -> None:
    """Read the archived files that this version of the code has not read."""
    version = reader_version()
    files = read_table(home.table("files"), _File).filter(pl.col("reader") == version)
    todo = sorted(hashes - set(files["sha256"]))
    rows: list[dict[str, Any]] = []
    for number, sha256 in enumerate(todo, start=1):
        rows.append({"sha256": sha256, "reader": version, **_read_one(home, sha256)})
        if number % _CHECKPOINT == 0 or number == len(todo):
            more = pl.DataFrame(rows, schema=_File.create_empty().schema)
            files = _File.validate(pl.concat([files, more])).sort("sha256")
            write_table(home.table("files"), files)
            rows.clear()
            log.info("read %d of %d new files", number, len(todo))


def _read_one(home: Home, sha256: str) -> dict[str, Any]:
    """Read one archived file, write its rows, and say what it is."""
    try:
        found = reading.read(home.archived(sha256).read_bytes(), sha256)
    except reading.Quarantine as problem:
        layout = problem.layout
        return {
            "platform": layout.platform if layout else None,
            "kind": layout.kind if layout else None,
            "status": "quarantined",
            "reason": str(problem),
            "is_truncated": False,
            "unknown_columns": [],
        }
    write_table(home.observations(found.layout.platform, sha256), found.observations)
    if found.rejects.height:
        write_table(home.rejects(sha256), found.rejects)
    return {
        "platform": found.layout.platform,
        "kind": found.layout.kind,
        "locale": found.locale,
        "status": "loaded",
        "reason": None,
        "record_count": found.record_count,
        "loaded_count": found.observations.height,
        "rejected_count": found.rejects.height,
        "set_aside_count": found.set_aside_count,
        "is_truncated": found.is_truncated,
        "unknown_columns": list(found.unknown_columns),
    }


def _ledger(home: Home, receipts: list[Receipt]) -> pl.DataFrame:
    """Every delivery with its accounting, ordered by capture and identity."""
    files = read_table(home.table("files"), _File)
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
    schema = {name: dtype for name, dtype in names.items() if name not in _File.column_names()}
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
        records=loaded["record_count"].sum(),
        loaded=loaded["loaded_count"].sum(),
        rejected=loaded["rejected_count"].sum(),
        set_aside=loaded["set_aside_count"].sum(),
        quarantined=new.height - loaded.height,
    )
