"""The inbox: arrivals, and how a file and its receipt come into the archive.

What belongs here: finding new files without reading the old, keeping their bytes, and telling what
can't be taken. What does not: what a receipt says (`receipts.py`), what a file holds
(`batches.py`), what is in a ZIP (`unpacking.py`) and how a file is opened without following a link
(`regular_files.py`).
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path

import dataframely as dy
import polars as pl

from ingest.bounds import bounds
from ingest.home import Home
from ingest.receipts import (
    Receipt,
    Sidecar,
    damaged_receipts,
    read_receipts,
    read_sidecar,
    write_receipts,
)
from ingest.regular_files import NotRegular, opened, reason, shown, walk
from ingest.storage import archive_file, read_table, write_bytes, write_table
from ingest.tombstones import Tombstone, read_tombstones
from ingest.unpacking import Unpacked, unpack, zip_in

log = logging.getLogger("kurasi")

_SIDECAR = ".delivery.json"
#: So many bytes leave room in a name for those of a sidecar and of the file that becomes it.
_LONGEST_NAME = 200


class NotStampable(Exception):
    """A file whose capture time can't be written down; the text says what to do."""


class _Seen(dy.Schema):
    """Files of the inbox that are archived, by what tells a changed file without reading it."""

    path = dy.String(primary_key=True)
    signature = dy.String(nullable=False)


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Something in the inbox that is not taken, and why, for a person."""

    #: Below the inbox, as it can be shown.
    name: str
    reason: str

    @property
    def line(self) -> str:
        """For the log."""
        return f"inbox/{self.name} is not taken: {self.reason}"


@dataclass(frozen=True, slots=True)
class _Export:
    """An export in the inbox, or something else that has its place."""

    #: Below the inbox.
    path: Path
    #: Why it can't be taken, as far as it is seen without opening it.
    problem: str | None
    #: Tells that the file or its sidecar changed, without reading them.
    signature: str
    has_sidecar: bool
    #: Its modification time, in seconds since 1970; None where it could not be looked at.
    modified_at: int | None = None

    @property
    def name(self) -> str:
        """Its path; bytes in it that are not UTF-8 stand as `�`."""
        return os.fsencode(self.path).decode("utf-8", errors="replace")

    @property
    def arrival(self) -> tuple[str, str, datetime] | None:
        """As its receipt has it; None where it could not be looked at."""
        if self.modified_at is None:
            return None
        folder, _, name = self.name.rpartition("/")
        return folder, name, _instant(self.modified_at)

    def not_taken(self, why: str) -> NotTaken:
        return NotTaken(shown(self.name), why)


@dataclass(frozen=True, slots=True)
class _Received:
    """A file that is archived, or a ZIP of which the files are; no receipt of what was erased."""

    name: str
    signature: str
    receipts: Sequence[Receipt]


def arrivals(home: Home) -> dict[Path, str]:
    """The exports in the inbox that ingest has not seen as they are, each with what tells a change.

    Nothing is read but the files' names, sizes and times.
    """
    new = (each for each in _new(home) if not each.problem)
    return {home.inbox / each.path: each.signature for each in new}


def archive_new(home: Home) -> list[NotTaken]:
    """Keep the bytes and the receipt of every file that the inbox did not have before.

    Where receipts are damaged, files that no other receipt is of are received once more.

    Returns:
        What is not taken, in order; nothing in the inbox is passed over in silence.
    """
    erased = read_tombstones(home)
    new = list(_new(home))
    if any(damaged_receipts(home)):
        known = {receipt.arrival for receipt in read_receipts(home)}
        new = [each for each in _exports(home.inbox) if each in new or each.arrival not in known]
    unpacked = dict(unpack(home, erased.keys(), _zipped(home, new)))
    # Waiting for the disk is most of the work, so several files wait at once.
    with ThreadPoolExecutor() as pool:
        found = list(
            pool.map(lambda each: _receive(home, each, erased, unpacked.get(each.name)), new)
        )
    refused = [each for each in found if isinstance(each, NotTaken)]
    for each in refused:
        log.warning("%s", each.line)
    received = [each for each in found if isinstance(each, _Received)]
    if not received:
        return refused
    receipts = [receipt for each in received for receipt in each.receipts]
    if receipts:
        write_receipts(home, receipts)
    seen = _seen(home) | {each.name: each.signature for each in received}
    table = pl.DataFrame(sorted(seen.items()), schema=["path", "signature"], orient="row")
    write_table(home.table("inbox"), table)
    log.info("archived %d new files", len(receipts))
    return refused


def not_taken(home: Home) -> Iterator[NotTaken]:
    """What lies in the inbox and would not be taken now; nothing is read or written."""
    for each in _new(home):
        try:
            with _content(home, each) as (_, _):
                pass
        except OSError as problem:
            yield each.not_taken(reason(problem))


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
    for each in _exports(folder):
        path = folder / each.path
        sidecar = _beside(path)
        try:
            if each.problem:
                raise NotRegular(each.problem)
            if len(os.fsencode(path.name)) > _LONGEST_NAME:
                raise OSError("its name is too long for a sidecar; give it a shorter one")
            text = _sidecar(folder, each)
            claims = Sidecar() if text is None else read_sidecar(text)
        except OSError as problem:
            raise NotStampable(f"{shown(str(path))}: {reason(problem)}") from None
        except ValueError as problem:
            raise NotStampable(f"{shown(str(sidecar))}: {problem}; correct it") from None
        if claims.captured_at not in (None, captured_at):
            raise NotStampable(
                f"{shown(str(sidecar))} says {claims.captured_at}; delete it first if it is wrong"
            )
        stamped = Sidecar.model_validate({**claims.model_dump(), "captured_at": captured_at})
        sidecars[path] = f"{stamped.model_dump_json(exclude_none=True)}\n".encode()
    if not sidecars:
        raise NotStampable(f"there is no export in {folder}")
    for path, content in sidecars.items():
        write_bytes(_beside(path), content)
    return list(sidecars)


def _seen(home: Home) -> dict[str, str]:
    return dict(read_table(home.table("inbox"), _Seen).iter_rows())


def _new(home: Home) -> Iterator[_Export]:
    """What ingest has not seen as it is, in order."""
    seen = _seen(home)
    return (each for each in _exports(home.inbox) if seen.get(each.name) != each.signature)


def _exports(folder: Path) -> Iterator[_Export]:
    """What lies in a folder and below it, sidecars with their exports, in order."""
    found = {each.path: each for each in walk(folder, _SIDECAR)}
    for path, each in found.items():
        if not path.name.endswith(_SIDECAR):
            sidecar = found.get(_beside(path)) if path.name else None
            problem = each.problem
            if sidecar and sidecar.problem:
                problem = problem or f"its sidecar: {sidecar.problem}"
            stats = [one.stat for one in (each, sidecar) if one and one.stat]
            yield _Export(
                path,
                problem,
                _signature(stats),
                has_sidecar=sidecar is not None,
                modified_at=int(each.stat.st_mtime) if each.stat else None,
            )
        elif path.with_name(path.name.removesuffix(_SIDECAR)) not in found:
            problem = each.problem or "it stands beside no export of that name; rename it"
            yield _Export(path, problem, "", has_sidecar=False)


def _beside(path: Path) -> Path:
    """Where an export's sidecar lies."""
    return path.with_name(path.name + _SIDECAR)


def _zipped(home: Home, exports: Iterable[_Export]) -> Iterator[tuple[str, bytes]]:
    """The files that may be ZIPs of exports: their names, and their bytes."""
    for each in exports:
        try:
            with _content(home, each) as (file, _):
                content = zip_in(file)
        except OSError:  # whoever receives it says why
            continue
        if content is not None:
            yield each.name, content


def _receive(
    home: Home, export: _Export, erased: dict[str, Tombstone], unpacked: Unpacked | None
) -> _Received | NotTaken:
    """Keep one file's bytes, and tell what is known of it besides.

    Args:
        home: in whose inbox it lies.
        export: the file.
        erased: what is not taken.
        unpacked: what was taken out of it, where it is a ZIP of exports.
    """
    try:
        with _content(home, export) as (file, claims):
            received_at = _instant(int(os.fstat(file.fileno()).st_mtime))
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            if tombstone := erased.get(sha256):
                log.warning(
                    "%s is not taken: its bytes were %s; delete it",
                    shown(export.name),
                    tombstone.description,
                )
                return _Received(export.name, export.signature, ())
            is_other = unpacked is not None and unpacked.sha256 != sha256
            if is_other or not _is_as(home, export, file):
                raise OSError("it changed while it was read; the next run takes it")
            is_kept = unpacked is None or not (unpacked.is_whole or unpacked.erased)
            if is_kept:
                archive_file(home, file, sha256)
    except OSError as problem:
        return export.not_taken(reason(problem))
    folder, _, file_name = export.name.rpartition("/")
    receipt = Receipt(
        sha256=sha256,
        name=file_name,
        folder=folder,
        received_at=received_at,
        sidecar=claims,
    )
    receipts = [receipt] if is_kept else []
    if unpacked is not None:
        receipts += unpacked.receipts(receipt)
        _tell(export, unpacked, erased)
    return _Received(export.name, export.signature, receipts)


def _tell(export: _Export, unpacked: Unpacked, erased: dict[str, Tombstone]) -> None:
    """Say what of a ZIP is not taken."""
    name = shown(export.name)
    if unpacked.left:
        log.warning("%s: left as no exports: %s", name, shown(", ".join(unpacked.left)))
    for inner, sha256 in unpacked.erased:
        description = erased[sha256].description
        log.warning("%s in %s is not taken: its bytes were %s", shown(inner), name, description)
    if unpacked.erased and not unpacked.is_whole:
        log.warning("%s: some of its files can't be taken; send them one by one", name)


@contextmanager
def _content(home: Home, export: _Export) -> Iterator[tuple[BufferedReader, str | None]]:
    """An export, opened, and its sidecar's text.

    Raises:
        OSError: it can't be taken; `regular_files.reason` says why.
    """
    if export.problem:
        raise NotRegular(export.problem)
    with opened(home.inbox, export.path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > bounds().archived_mib * 2**20:
            raise OSError(f"it has {size:,} bytes, more than {bounds().told('archived_mib')}")
        yield file, _sidecar(home.inbox, export)


def _sidecar(folder: Path, export: _Export) -> str | None:
    """A sidecar's text, or so much of it that it is seen to be too long."""
    if not export.has_sidecar:
        return None
    try:
        with opened(folder, _beside(export.path)) as file:
            content = file.read(bounds().sidecar_kib * 2**10 + 1)
    except OSError as problem:
        raise OSError(f"its sidecar: {reason(problem)}") from None
    return content.decode("utf-8-sig", errors="replace")


def _is_as(home: Home, export: _Export, file: BufferedReader) -> bool:
    """Whether a file that is open, and its sidecar, are as they were found."""
    stats = [os.fstat(file.fileno())]
    if export.has_sidecar:
        with opened(home.inbox, _beside(export.path)) as sidecar:
            stats.append(os.fstat(sidecar.fileno()))
    return _signature(stats) == export.signature


def _instant(seconds: int) -> datetime:
    """Seconds since 1970 in UTC without a zone mark."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def _signature(stats: Sequence[os.stat_result]) -> str:
    return " ".join(
        f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ctime_ns}:{stat.st_ino}" for stat in stats
    )
