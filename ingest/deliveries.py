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
import logging
import os
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dataframely as dy
import polars as pl

from ingest import contract, erasure, forms, layouts, reading, splitting, structure
from ingest.contract import PLATFORMS, AccountDay, Delivery, PostObservation, Reject
from ingest.lake import Home, archive_bytes, exclusive, read_table, write_table
from ingest.receipts import Receipt, deliveries, read_receipts, write_receipts

log = logging.getLogger("kurasi")

_SIDECAR = ".delivery.json"
#: Files are read in batches of at most so many files and bytes: many small files cost as much as
#: one large one, memory stays bounded, and a crash costs one batch.
_BATCH_FILES = 500
_BATCH_BYTES = 32 * 2**20
#: What a table holds, the most telling first.
_HOLDS = ("posts", "account_days", "nothing")


class File(dy.Schema):
    """What the bytes with one hash turned out to be."""

    sha256 = dy.String(primary_key=True)
    #: The files that were read together and share a Parquet file.
    batch = dy.String(nullable=False)
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
    repairs = dy.List(dy.String(nullable=False), nullable=False)
    covers_posts = dy.Bool(nullable=False)
    holds = dy.String(nullable=True)


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
    packages = tuple(f"{package.__name__}." for package in (forms, layouts))
    inside = [module for name, module in sys.modules.items() if name.startswith(packages)]
    modules = [contract, forms, layouts, reading, splitting, structure, *inside]
    texts = sorted(inspect.getsource(module) for module in modules)
    return hashlib.sha256("".join(texts).encode()).hexdigest()[:16]


def prepare(home: Home) -> None:
    """Make the lake's tables, empty, so that the warehouse can be built before the first export."""
    empty: dict[Path, type[dy.Schema]] = {
        home.observations(platform, "_empty"): PostObservation for platform in PLATFORMS
    }
    empty |= {home.account_days("_empty"): AccountDay, home.rejects("_empty"): Reject}
    for path, schema in empty.items():
        if not path.exists():
            write_table(path, schema.create_empty())
    if not home.table("deliveries").exists():
        write_table(home.table("deliveries"), Delivery.create_empty())
    if not platforms().equals(read_table(home.table("platforms"), contract.Platform)):
        write_table(home.table("platforms"), platforms())


def platforms() -> pl.DataFrame:
    """The platforms that the layouts read, as `contract.Platform`."""
    rows = [(known.key, known.name, known.published_precision) for known in layouts.PLATFORMS]
    return contract.Platform.validate(
        pl.DataFrame(rows, schema=contract.Platform.column_names(), orient="row").sort("platform")
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
        _read_new(home, {receipt.sha256 for receipt in receipts} - erasure.tombstones(home).keys())
        ledger = _ledger(home, receipts)
        if not ledger.equals(known):
            write_table(home.table("deliveries"), ledger)
        return _summary(ledger.join(known, on="delivery_id", how="anti"))


def rejects(home: Home, delivery_id: str | None = None) -> pl.DataFrame:
    """The rejected records: `delivery_id`, `record_number`, `rule`, `detail`, in that order."""
    ledger = read_table(home.table("deliveries"), Delivery).filter(pl.col("rejected_count") > 0)
    if delivery_id is not None:
        ledger = ledger.filter(pl.col("delivery_id") == delivery_id)
    return (
        pl.scan_parquet(home.rejects("*"))
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
    if stone := buried.get(hashlib.sha256(content).hexdigest()):
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


def _read_new(home: Home, hashes: set[str]) -> None:
    """Read the archived files that this version of the code has not read."""
    version = reader_version()
    files = read_table(home.table("files"), File).filter(pl.col("reader") == version)
    _remove_unknown(home, set(files["batch"]) | {"_empty"})
    todo = sorted(hashes - set(files["sha256"]))
    done = 0
    for batch in _batches(home, todo):
        rows = [{"reader": version, **row} for row in _read_batch(home, batch)]
        more = pl.DataFrame(rows, schema=File.create_empty().schema)
        files = File.validate(pl.concat([files, more])).sort("sha256")
        write_table(home.table("files"), files)
        done += len(batch)
        log.info("read %d of %d new files", done, len(todo))


def _remove_unknown(home: Home, batches: set[str]) -> None:
    """Remove rows that no table of files names: of a crash, or of an older version of the code."""
    for kind in ("observations/*", "account_days", "rejects"):
        for path in home.lake.glob(f"{kind}/*.parquet"):
            if path.stem not in batches:
                path.unlink()


def _batches(home: Home, hashes: list[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for sha256 in hashes:
        batch.append(sha256)
        size += home.archived(sha256).stat().st_size
        if len(batch) >= _BATCH_FILES or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _read_batch(home: Home, hashes: list[str]) -> Iterator[dict[str, Any]]:
    """Read some archived files, write their rows, and yield what each file is."""
    name = hashlib.sha256("".join(hashes).encode()).hexdigest()[:16]
    whole: list[tuple[reading.Records, ...]] = []
    alike: dict[tuple[str, tuple[str, ...]], list[reading.Records]] = {}
    for sha256 in hashes:
        try:
            tables = reading.split(home.archived(sha256).read_bytes(), sha256)
        except reading.Quarantine as problem:
            yield {"sha256": sha256, "batch": name, **_quarantined(problem)}
            continue
        whole.append(tables)
        for table in tables:
            fields = tuple(sorted(table.fitting.columns))
            alike.setdefault((table.layout.kind, fields), []).append(table)
    read = [(tables[0].layout, reading.interpret(tables)) for tables in alike.values()]
    for platform in PLATFORMS:
        found = [
            rows.observations
            for layout, rows in read
            if layout.holds == "posts" and layout.platform and layout.platform.key == platform
        ]
        if found:
            write_table(
                home.observations(platform, name), pl.concat(found).sort("sha256", "record_number")
            )
    days = [rows.observations for layout, rows in read if layout.holds == "account_days"]
    if days:
        write_table(home.account_days(name), pl.concat(days).sort(reading.ORDER))
    if rejected := [rows.rejects for _, rows in read if rows.rejects.height]:
        write_table(home.rejects(name), pl.concat(rejected).sort("sha256", "record_number"))
    loaded, refused, aside, truncated = (
        Counter(sha256 for found in each for sha256 in found.to_list())
        for each in (
            # A record of an account's day is a row for each of its metrics.
            [rows.observations.unique(["sha256", "record_number"])["sha256"] for _, rows in read],
            [rows.rejects["sha256"] for _, rows in read],
            [rows.set_aside["sha256"] for _, rows in read],
            [rows.set_aside.filter("is_cap_notice")["sha256"] for _, rows in read],
        )
    )
    for tables in whole:
        sha256 = tables[0].sha256
        # What a workbook is, the first of its sheets that holds most says.
        first = min(tables, key=lambda table: _HOLDS.index(table.layout.holds))
        notes = dict.fromkeys(table.layout.note for table in tables if table.layout.note)
        yield {
            "sha256": sha256,
            "batch": name,
            "platform": first.layout.platform.key if first.layout.platform else None,
            "kind": first.layout.kind,
            "locale": first.locale,
            "status": "loaded",
            "reason": "; ".join(notes) or None,
            "record_count": sum(table.count for table in tables),
            "loaded_count": loaded[sha256],
            "rejected_count": refused[sha256],
            "set_aside_count": aside[sha256],
            "is_truncated": sha256 in truncated,
            "unknown_columns": list(dict.fromkeys(c for t in tables for c in t.unknown_columns)),
            "repairs": list(dict.fromkeys(repair for t in tables for repair in t.repairs)),
            "holds": first.layout.holds,
            "covers_posts": any(
                t.layout.holds == "posts" and t.layout.covers_posts for t in tables
            ),
        }


def _quarantined(problem: reading.Quarantine) -> dict[str, Any]:
    return {
        "platform": (
            problem.layout.platform.key if problem.layout and problem.layout.platform else None
        ),
        "kind": problem.layout.kind if problem.layout else None,
        "status": "quarantined",
        "reason": str(problem),
        "is_truncated": False,
        "unknown_columns": [],
        "repairs": [],
        "holds": None,
        "covers_posts": False,
    }


def _ledger(home: Home, receipts: list[Receipt]) -> pl.DataFrame:
    """Every delivery with its accounting, ordered by capture and identity."""
    files = read_table(home.table("files"), File).drop("batch", "reader")
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
    schema = {name: dtype for name, dtype in names.items() if name not in File.column_names()}
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
