"""The inbox: arrivals, and how a file and its receipt come into the archive.

What belongs here: finding new files without reading the old, and keeping their bytes. What does
not: what a receipt says (`receipts.py`) and what a file holds (`batches.py`).
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import dataframely as dy
import polars as pl

from ingest import erasure
from ingest.home import Home
from ingest.receipts import Receipt, write_receipts
from ingest.storage import archive_bytes, read_table, write_table

log = logging.getLogger("kurasi")

_SIDECAR = ".delivery.json"


class _Seen(dy.Schema):
    """Files of the inbox that are archived, by what tells a changed file without reading it."""

    path = dy.String(primary_key=True)
    signature = dy.String(nullable=False)


def arrivals(home: Home) -> dict[Path, str]:
    """The exports in the inbox that ingest has not seen as they are, each with what tells a change.

    Nothing is read but the files' names, sizes and times.
    """
    seen = dict(read_table(home.table("inbox"), _Seen).iter_rows())
    found = {}
    for path in _exports(home):
        try:
            signature = _signature(path, path.with_name(path.name + _SIDECAR))
        except OSError:  # it went away meanwhile
            continue
        if seen.get(_name(home, path)) != signature:
            found[path] = signature
    return found


def archive_new(home: Home) -> None:
    """Keep the bytes and the receipt of every file that the inbox did not have before."""
    seen = dict(read_table(home.table("inbox"), _Seen).iter_rows())
    erased = erasure.tombstones(home)
    # Waiting for the disk is most of the work, so several files wait at once.
    with ThreadPoolExecutor() as pool:
        found = pool.map(lambda path: _receive(home, path, seen, erased), _exports(home))
        received = [each for each in found if each]
    if not received:
        return
    if receipts := [receipt for _, _, receipt in received if receipt]:
        write_receipts(home, receipts)
    seen.update((name, signature) for name, signature, _ in received)
    table = pl.DataFrame(sorted(seen.items()), schema=["path", "signature"], orient="row")
    write_table(home.table("inbox"), table)
    log.info("archived %d new files", len(receipts))


def _exports(home: Home) -> Iterator[Path]:
    """The exports in the inbox, in order. Hidden files are not exports."""
    if not home.inbox.exists():
        return
    for path in sorted(home.inbox.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(home.inbox).parts)
        if hidden or not path.is_file():
            continue
        if not path.name.endswith(_SIDECAR):
            yield path
        elif not path.with_name(path.name.removesuffix(_SIDECAR)).exists():
            log.warning("%s stands beside no export of that name; rename it", _name(home, path))


def _receive(
    home: Home, path: Path, seen: dict[str, str], erased: dict[str, erasure.Tombstone]
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
        claims = sidecar.read_text("utf-8-sig", errors="replace") if sidecar.exists() else None
        received_at = int(path.stat().st_mtime)
        if _signature(path, sidecar) != signature:
            raise OSError("it changed while it was read")
    except OSError as problem:
        log.warning("%s is left for the next run: %s", name, problem)
        return None
    # Hashing costs as much as the rest, and `archive_bytes` does it too.
    if erased and (tombstone := erased.get(hashlib.sha256(content).hexdigest())):
        log.warning("%s is not taken: its bytes were %s; delete it", name, tombstone.description)
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
            sidecar=claims,
        ),
    )


def _name(home: Home, path: Path) -> str:
    """A file's path below the inbox; bytes in it that are not UTF-8 are shown as `�`."""
    return os.fsencode(path.relative_to(home.inbox)).decode("utf-8", errors="replace")


def _signature(path: Path, sidecar: Path) -> str:
    """Tells that a file or its sidecar changed, without reading them."""
    stats = [path.stat()]
    if sidecar.exists():
        stats.append(sidecar.stat())
    return " ".join(
        f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ctime_ns}:{stat.st_ino}" for stat in stats
    )
