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
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import Literal, NamedTuple

import dataframely as dy
import polars as pl

from ingest import children
from ingest.bounds import bounds
from ingest.home import Home
from ingest.parsing.persons import BEGINNING, may_name_persons, without_persons
from ingest.receipts import (
    Receipt,
    Sidecar,
    damaged_receipts,
    read_receipts,
    read_sidecar,
    response_date,
    write_receipts,
)
from ingest.regular_files import NotRegular, opened, reason, remove, shown, walk
from ingest.storage import (
    archive_bytes,
    archive_file,
    is_sound,
    read_table,
    write_bytes,
    write_table,
)
from ingest.tombstones import Tombstone, read_tombstones
from ingest.unpacking import Unpacked, unpack, zip_in

log = logging.getLogger("kurasi")

_SIDECAR = ".delivery.json"
#: So many bytes leave room in a name for those of a sidecar and of the file that becomes it.
_LONGEST_NAME = 200
#: The HTTP headers with which a response came.
_HEADERS = ".headers"


_COPIED = (
    "%s names private persons: the archive keeps a copy without them, %s of %s, and the received "
    "file is removed"
)
_CHANGED = "it changed while it was read; the next run takes it"


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
    has_headers: bool = False
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


class _Beside(NamedTuple):
    """What lies beside an export and tells of it."""

    #: The sidecar's text.
    sidecar: str | None
    #: The date of the response's headers.
    response_date: str | None


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A file of JSON or a workbook, which is archived without the private persons in it."""

    export: _Export
    sha256: str


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
    if any(not each.problem for each in new):
        children.warm()
    if any(damaged_receipts(home)):
        known = {receipt.arrival for receipt in read_receipts(home)}
        new = [each for each in _exports(home.inbox) if each in new or each.arrival not in known]
    unpacked = dict(unpack(home, erased.keys(), _zipped(home, new)))
    # Waiting for the disk is most of the work, so several files wait at once.
    with ThreadPoolExecutor() as pool:
        first = list(
            pool.map(lambda each: _receive(home, each, erased, unpacked.get(each.name)), new)
        )
    waiting = [each for each in first if isinstance(each, _Waiting)]
    copies = _copies(home, waiting, erased)
    found = [
        _receive(home, each.export, erased, None, copies) if isinstance(each, _Waiting) else each
        for each in first
    ]
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


def remove_redacted(home: Home, receipts: Iterable[Receipt]) -> None:
    """Remove received files of which the archive keeps a copy without private persons.

    Args:
        home: whose inbox.
        receipts: of all files; they are on the disk, and so are the copies.
    """
    receipts = list(receipts)
    for receipt in receipts:
        if receipt.received_sha256 is None:
            continue
        # A ZIP goes whole, for all that is in it came together.
        received = receipt.zip_sha256 or receipt.received_sha256
        below = Path(receipt.folder, receipt.file_name)
        try:
            with opened(home.inbox, below) as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:  # it was removed before, or something else is there
            continue
        if found != received:
            continue
        copies = {receipt.sha256} | {
            each.sha256 for each in receipts if each.zip_sha256 == received
        }
        if all(is_sound(home, sha256) for sha256 in copies):
            try:
                for end in ("", _SIDECAR, _HEADERS):
                    remove(home.inbox, _beside(below, end))
            except OSError as problem:
                log.warning(
                    "inbox/%s names private persons and can't be removed (%s); delete it",
                    shown(str(below)),
                    reason(problem),
                )


def not_taken(home: Home) -> Iterator[NotTaken]:
    """What lies in the inbox and would not be taken now; nothing is read or written."""
    for each in _new(home):
        try:
            with _content(home, each):
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
    found = {each.path: each for each in walk(folder, (_SIDECAR, _HEADERS))}
    for path, each in found.items():
        if not path.name.endswith((_SIDECAR, _HEADERS)):
            sidecar = found.get(_beside(path)) if path.name else None
            headers = found.get(_beside(path, _HEADERS)) if path.name else None
            problem = each.problem
            if sidecar and sidecar.problem:
                problem = problem or f"its sidecar: {sidecar.problem}"
            if headers and headers.problem:
                problem = problem or f"its headers: {headers.problem}"
            stats = [one.stat for one in (each, sidecar, headers) if one and one.stat]
            yield _Export(
                path,
                problem,
                _signature(stats),
                has_sidecar=sidecar is not None,
                has_headers=headers is not None,
                modified_at=int(each.stat.st_mtime) if each.stat else None,
            )
        elif path.with_name(path.name.removesuffix(_SIDECAR).removesuffix(_HEADERS)) not in found:
            problem = each.problem or "it stands beside no export of that name; rename it"
            yield _Export(path, problem, "", has_sidecar=False)


def _beside(path: Path, end: str = _SIDECAR) -> Path:
    """Where an export's sidecar lies, or its headers."""
    return path.with_name(path.name + end)


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
    home: Home,
    export: _Export,
    erased: dict[str, Tombstone],
    unpacked: Unpacked | None,
    copies: Mapping[str, bytes | str | None] | None = None,
) -> _Received | NotTaken | _Waiting:
    """Keep one file's bytes, and tell what is known of it besides.

    Args:
        home: whose archive.
        export: the file.
        erased: what is not taken any more.
        unpacked: what was taken out of it, where it is a ZIP of exports.
        copies: of each file of JSON and each workbook what is kept in its place: a copy, the
            SHA-256 of one that is archived, or None where the file itself is. Without them such a
            file waits.
    """
    try:
        with _content(home, export) as (file, beside):
            received_at = _instant(int(os.fstat(file.fileno()).st_mtime))
            sha256 = received = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            is_looked_through = unpacked is None and may_name_persons(file.read(BEGINNING))
            if is_looked_through and copies is None:
                return _Waiting(export, sha256)
            if is_looked_through and copies is not None and sha256 not in copies:
                raise OSError(_CHANGED)
            copy = copies[sha256] if is_looked_through and copies else None
            if copy is not None:
                sha256 = copy if isinstance(copy, str) else hashlib.sha256(copy).hexdigest()
            if tombstone := erased.get(sha256):
                log.warning(
                    "%s is not taken: its bytes were %s; delete it",
                    shown(export.name),
                    tombstone.description,
                )
                return _Received(export.name, export.signature, ())
            is_other = unpacked is not None and unpacked.sha256 != sha256
            if is_other or not _is_as(home, export, file):
                raise OSError(_CHANGED)
            if unpacked is not None and unpacked.is_refused:
                raise OSError(
                    "it holds private persons, or what was erased, so it is not kept as it is, and "
                    "some of its files can't be taken out of it; send them one by one"
                )
            is_kept = unpacked is None or not unpacked.is_whole
            if is_kept and copy is None:
                archive_file(home, file, sha256)
            elif isinstance(copy, bytes):
                archive_bytes(home, copy)
    except OSError as problem:
        return export.not_taken(reason(problem))
    folder, _, file_name = export.name.rpartition("/")
    receipt = Receipt(
        sha256=sha256,
        name=file_name,
        folder=folder,
        received_at=received_at,
        sidecar=beside.sidecar,
        response_date=beside.response_date,
        received_sha256=None if copy is None else received,
    )
    if copy is not None:
        log.info(_COPIED, shown(export.name), sha256, received)
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
    for taken in unpacked.files:
        if taken.received_sha256 is not None:
            log.info(_COPIED, f"{shown(taken.name)} in {name}", taken.sha256, taken.received_sha256)


def _copies(
    home: Home, waiting: Sequence[_Waiting], erased: Collection[str]
) -> dict[str, bytes | str | None]:
    """What is kept in the place of files that may name persons, as `_receive` takes it.

    Bytes that were received before are what they were then, whatever would be taken out today, and
    stay erased where that was.
    What can't be read is kept as it came, and quarantined.
    """
    if not waiting:
        return {}
    copies: dict[str, bytes | str | None] = {
        receipt.received_sha256: receipt.sha256
        for receipt in read_receipts(home)
        if receipt.received_sha256 and (receipt.sha256 in erased or is_sound(home, receipt.sha256))
    }
    paths = {each.sha256: each.export.path for each in waiting if each.sha256 not in copies}
    workers = len(os.sched_getaffinity(0))
    tasks = list(paths.items())
    for (sha256, _), found in children.results(partial(_copy, home.inbox), tasks, workers):
        if found is not False:
            copies[sha256] = found if isinstance(found, bytes) else None
    return copies


def _copy(inbox: Path, task: tuple[str, Path]) -> bytes | Literal[False] | None:
    """A copy of a received file without private persons; for a child, as it opens the file.

    None where there are none in it, or nobody can read it; False where it is another file now.
    """
    sha256, path = task
    try:
        with opened(inbox, path) as file:
            if os.fstat(file.fileno()).st_size > bounds().read_mib * 2**20:
                return None
            content = file.read()
    except OSError:
        return False
    if hashlib.sha256(content).hexdigest() != sha256:
        return False
    return without_persons(content)


@contextmanager
def _content(home: Home, export: _Export) -> Iterator[tuple[BufferedReader, _Beside]]:
    """An export, opened, and what lies beside it.

    Raises:
        OSError: it can't be taken; `regular_files.reason` says why.
    """
    if export.problem:
        raise NotRegular(export.problem)
    with opened(home.inbox, export.path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > bounds().archived_mib * 2**20:
            raise OSError(f"it has {size:,} bytes, more than {bounds().told('archived_mib')}")
        yield file, _Beside(_sidecar(home.inbox, export), _response_date(home.inbox, export))


def _sidecar(folder: Path, export: _Export) -> str | None:
    """A sidecar's text, or so much of it that it is seen to be too long."""
    return _text_beside(folder, export, _SIDECAR, "sidecar") if export.has_sidecar else None


def _response_date(folder: Path, export: _Export) -> str | None:
    """The date of the headers with which a response came."""
    if not export.has_headers:
        return None
    found = response_date(_text_beside(folder, export, _HEADERS, "headers"))
    if found is None:
        raise OSError(
            f"its headers: they have no Date such as `Date: Sat, 02 Aug 2025 01:00:00 GMT`; "
            f"correct or delete {export.path.name}{_HEADERS}"
        )
    return found


def _text_beside(folder: Path, export: _Export, end: str, what: str) -> str:
    try:
        with opened(folder, _beside(export.path, end)) as file:
            content = file.read(bounds().sidecar_kib * 2**10 + 1)
    except OSError as problem:
        raise OSError(f"its {what}: {reason(problem)}") from None
    return content.decode("utf-8-sig", errors="replace")


def _is_as(home: Home, export: _Export, file: BufferedReader) -> bool:
    """Whether a file that is open, and its sidecar, are as they were found."""
    stats = [os.fstat(file.fileno())]
    for end in [_SIDECAR] * export.has_sidecar + [_HEADERS] * export.has_headers:
        with opened(home.inbox, _beside(export.path, end)) as beside:
            stats.append(os.fstat(beside.fileno()))
    return _signature(stats) == export.signature


def _instant(seconds: int) -> datetime:
    """Seconds since 1970 in UTC without a zone mark."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def _signature(stats: Sequence[os.stat_result]) -> str:
    return " ".join(
        f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ctime_ns}:{stat.st_ino}" for stat in stats
    )
