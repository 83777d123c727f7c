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
from ingest.receipts import MOST_SIDECAR_BYTES, Receipt, Sidecar, read_sidecar, write_receipts
from ingest.storage import archive_bytes, read_table, write_bytes, write_table

log = logging.getLogger("kurasi")

_SIDECAR = ".delivery.json"


class NotStampable(Exception):
    """A file whose capture time can't be written down; the text says what to do."""


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


def stamp(folder: Path, captured_at: datetime) -> list[Path]:
    """Write a capture time into the sidecars of the exports in a folder and below it.

    Args:
        folder: exports that were made together, whose own times were lost.
        captured_at: when they were made, with its offset from UTC.

    Returns:
        The exports, in order. What a sidecar says besides is kept.

    Raises:
        NotStampable: there is no export, or a sidecar can't be read or names another time; then
            nothing was written.
    """
    sidecars: dict[Path, bytes] = {}
    for path in _files(folder):
        if path.name.endswith(_SIDECAR):
            continue
        sidecar = path.with_name(path.name + _SIDECAR)
        try:
            claims = read_sidecar(_text_of(sidecar)) if sidecar.exists() else Sidecar()
        except ValueError as problem:
            raise NotStampable(f"{sidecar}: {problem}; correct it") from None
        if claims.captured_at not in (None, captured_at):
            raise NotStampable(
                f"{sidecar} says {claims.captured_at}; delete it first if it is wrong"
            )
        stamped = Sidecar.model_validate({**claims.model_dump(), "captured_at": captured_at})
        sidecars[path] = f"{stamped.model_dump_json(exclude_none=True)}\n".encode()
    if not sidecars:
        raise NotStampable(f"there is no export in {folder}")
    for path, content in sidecars.items():
        write_bytes(path.with_name(path.name + _SIDECAR), content)
    return list(sidecars)


def _exports(home: Home) -> Iterator[Path]:
    """The exports in the inbox, in order."""
    for path in _files(home.inbox):
        if not path.name.endswith(_SIDECAR):
            yield path
        elif not path.with_name(path.name.removesuffix(_SIDECAR)).exists():
            log.warning("%s stands beside no export of that name; rename it", _name(home, path))


def _files(folder: Path) -> Iterator[Path]:
    """The files in a folder and below it, in order, but hidden ones."""
    for path in sorted(folder.rglob("*")) if folder.exists() else ():
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and path.is_file():
            yield path


def _text_of(sidecar: Path) -> str:
    """A sidecar's text, or so much of it that it is seen to be too long."""
    with sidecar.open("rb") as file:
        content = file.read(MOST_SIDECAR_BYTES + 1)
    return content.decode("utf-8-sig", errors="replace")


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
        claims = _text_of(sidecar) if sidecar.exists() else None
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
