"""ZIPs of exports: each file in one is brought into the archive, as if it had come by itself.

What belongs here: what is taken out of a ZIP, by which process, and the receipts of what was. What
does not: the form (`files/zips.py`), finding files (`inbox.py`) and which deliveries they are
(`receipts.py`).

A ZIP is an envelope: once all that is in it lies in the archive, it is not kept. One of which
something can't be taken is a delivery beside what was taken out of it, and its quarantine says why.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from io import BufferedReader

from ingest import children
from ingest.bounds import bounds
from ingest.files import Damage, zips
from ingest.home import Home
from ingest.receipts import Receipt
from ingest.storage import archive_bytes


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What was taken out of a ZIP."""

    sha256: str
    #: The files that lie in the archive now: the name that the ZIP tells, and the SHA-256.
    files: tuple[tuple[str, str], ...]
    #: Those whose bytes were erased, so that they are not taken.
    erased: tuple[tuple[str, str], ...]
    #: What is no export, such as a computer's own files.
    left: tuple[str, ...]
    #: All that could be an export was taken.
    is_whole: bool

    def receipts(self, of_zip: Receipt) -> list[Receipt]:
        """The receipts of what was taken, as that of the ZIP tells its arrival."""
        return [
            replace(
                of_zip,
                sha256=sha256,
                name=f"{of_zip.name}/{name}",
                zip_sha256=self.sha256,
            )
            for name, sha256 in self.files
        ]


def unpack(
    home: Home, erased: Collection[str], zipped: Iterable[tuple[str, bytes]]
) -> Iterator[tuple[str, Unpacked]]:
    """Take out of ZIPs what is in them, by other processes.

    Args:
        home: in whose archive it is kept.
        erased: the SHA-256 of what is not taken.
        zipped: the bytes of files that may be ZIPs, each under a key.

    Yields:
        The keys of those that are ZIPs of exports, and what was taken out of them. One that ended
        its process is left out.
    """
    workers = len(os.sched_getaffinity(0))
    function = partial(_unpack, home, frozenset(erased))
    for (key, _), found in children.results(function, zipped, workers):
        if isinstance(found, Unpacked):
            yield key, found


def zip_in(file: BufferedReader) -> bytes | None:
    """The bytes of an open file that may be a ZIP of exports, no larger than what is read."""
    most = bounds().bytes_of("read_mib")
    if os.fstat(file.fileno()).st_size > most or not zips.may_be_one(file.peek(zips.START_BYTES)):
        return None
    return file.read(most)


def _unpack(home: Home, erased: frozenset[str], zipped: tuple[str, bytes]) -> Unpacked | None:
    """In a child: keep what is in a ZIP; None where the bytes are no ZIP of exports."""
    _, content = zipped
    if not zips.is_one(content):
        return None
    files, refused, left = [], [], []
    is_whole = True
    try:
        for entry in zips.entries(content):
            if entry.content is None:
                is_whole = is_whole and entry.problem is None
                if entry.problem is None:
                    left.append(entry.name)
                continue
            sha256 = hashlib.sha256(entry.content).hexdigest()
            if sha256 in erased:
                refused.append((entry.name, sha256))
            else:
                files.append((entry.name, archive_bytes(home, entry.content)))
    except Damage:
        is_whole = False
    return Unpacked(
        sha256=hashlib.sha256(content).hexdigest(),
        files=tuple(files),
        erased=tuple(refused),
        left=tuple(left),
        is_whole=is_whole,
    )
