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
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from io import BufferedReader
from itertools import chain
from typing import NamedTuple

from ingest import children
from ingest.bounds import bounds
from ingest.files import Damage, zips
from ingest.home import Home
from ingest.parsing.persons import without_persons
from ingest.receipts import Receipt, read_receipts
from ingest.storage import archive_bytes, is_sound


class Taken(NamedTuple):
    """A file that was taken out of a ZIP, and lies in the archive."""

    #: As the ZIP tells it.
    name: str
    sha256: str
    #: Its bytes as they came, where the archive keeps a copy without private persons.
    received_sha256: str | None


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What was taken out of a ZIP."""

    sha256: str
    files: tuple[Taken, ...]
    #: The names and SHA-256 of those whose bytes were erased, so that they are not taken.
    erased: tuple[tuple[str, str], ...]
    #: What is no export, such as a computer's own files.
    left: tuple[str, ...]
    #: All that could be an export was taken.
    is_whole: bool
    #: Nothing was taken: something can't be, and the ZIP can't be kept, for what else it holds.
    is_refused: bool

    def receipts(self, of_zip: Receipt) -> list[Receipt]:
        """The receipts of what was taken, as that of the ZIP tells its arrival."""
        return [
            replace(
                of_zip,
                sha256=taken.sha256,
                name=f"{of_zip.name}/{taken.name}",
                received_sha256=taken.received_sha256,
                zip_sha256=self.sha256,
            )
            for taken in self.files
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
    waiting = iter(zipped)
    first = next(waiting, None)
    if first is None:  # as in most runs; the receipts need not be read
        return
    before = {each.received_sha256: each.sha256 for each in read_receipts(home)}
    before.pop(None, None)
    workers = len(os.sched_getaffinity(0))
    function = partial(_unpack, home, frozenset(erased), before)
    for (key, _), found in children.results(function, chain([first], waiting), workers):
        if isinstance(found, Unpacked):
            yield key, found


def zip_in(file: BufferedReader) -> bytes | None:
    """The bytes of an open file that may be a ZIP of exports, no larger than what is read."""
    most = bounds().bytes_of("read_mib")
    if os.fstat(file.fileno()).st_size > most or not zips.may_be_one(file.peek(zips.START_BYTES)):
        return None
    return file.read(most)


def _unpack(
    home: Home,
    erased: frozenset[str],
    before: Mapping[str | None, str],
    zipped: tuple[str, bytes],
) -> Unpacked | None:
    """In a child: keep what is in a ZIP; None where the bytes are no ZIP of exports.

    Args:
        home: in whose archive it is kept.
        erased: what is not taken.
        before: what was archived in the place of files with private persons, when they came first.
        zipped: a key, and the bytes.
    """
    _, content = zipped
    if not zips.is_one(content):
        return None
    try:
        # All of them at once, for what can't be kept decides about the others.
        entries = list(zips.entries(content))
    except Damage:
        entries = []
    is_whole = bool(entries) and not any(each.problem for each in entries)
    taken: list[Taken] = []
    refused: list[tuple[str, str]] = []
    contents: list[bytes] = []
    for entry in entries:
        if entry.content is None:
            continue
        received = hashlib.sha256(entry.content).hexdigest()
        kept = _kept(home, before.get(received), entry.content)
        sha256 = kept if isinstance(kept, str) else hashlib.sha256(kept).hexdigest()
        if sha256 in erased:
            refused.append((entry.name, sha256))
            continue
        taken.append(Taken(entry.name, sha256, None if sha256 == received else received))
        if isinstance(kept, bytes):
            contents.append(kept)
    is_private = bool(refused) or any(each.received_sha256 for each in taken)
    is_refused = is_private and not is_whole
    for each in () if is_refused else contents:
        archive_bytes(home, each)
    return Unpacked(
        sha256=hashlib.sha256(content).hexdigest(),
        files=() if is_refused else tuple(taken),
        erased=tuple(refused),
        left=tuple(each.name for each in entries if each.content is None and not each.problem),
        is_whole=is_whole,
        is_refused=is_refused,
    )


def _kept(home: Home, before: str | None, content: bytes) -> bytes | str:
    """What is archived in the place of a file, or its SHA-256 where it lies there already."""
    if before is not None and is_sound(home, before):
        return before
    copy = without_persons(content)
    return content if copy is None else copy
