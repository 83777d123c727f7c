"""Looking for posts in what could not be read: rejected records, and files as a whole.

What belongs here: whether a key of a post stands in a delivered file that the record could not
take. What does not: which files these are and what follows from it (`reconcile.py`).

An edition tells of such a record its number and its rule, not what it says. That only the delivered
file can tell, which lies in a home's archive and in the restricted tier.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ingest import children
from ingest.bounds import bounds
from ingest.files.archives import contents
from ingest.parsing.recognise import Quarantine, open_export


@dataclass(frozen=True, slots=True)
class Suspect:
    """A file in which a post may stand that the record lacks."""

    sha256: str
    #: Its rejected records by their numbers; None where the whole file could not be read.
    records: frozenset[int] | None


def search(
    folder: Path, suspects: Iterable[Suspect], keys: frozenset[str]
) -> tuple[dict[str, tuple[str, int | None]], set[str]]:
    """Look for keys of posts in delivered files, by a child, for a file may end who reads it.

    Args:
        folder: delivered files, each named by its SHA-256, in it or one level below.
        suspects: where to look, in this order.
        keys: what to look for.

    Returns:
        Key to the first file that holds it and the record's number (None of a whole file); and the
        files that could not be searched.
    """
    found: dict[str, tuple[str, int | None]] = {}
    lost: set[str] = set()
    for suspect, held in children.results(partial(_held, folder, keys), suspects, 1):
        if held is None or isinstance(held, children.Ended):
            lost.add(suspect.sha256)
            continue
        for key, number in held.items():
            found.setdefault(key, (suspect.sha256, number))
    return found, lost


def _held(folder: Path, keys: frozenset[str], suspect: Suspect) -> dict[str, int | None] | None:
    """The keys that a file holds where it is suspected; None where it is not there."""
    paths = (folder / suspect.sha256, folder / suspect.sha256[:2] / suspect.sha256)
    path = next((path for path in paths if path.is_file()), None)
    if path is None or path.stat().st_size > bounds().bytes_of("read_mib"):
        return None
    content = path.read_bytes()
    if suspect.records is None:
        return dict.fromkeys(
            key for key in keys if any(_is_in_bytes(key, part) for part in contents(content))
        )
    return _in_records(content, suspect.records, keys)


def _in_records(
    content: bytes, records: frozenset[int], keys: frozenset[str]
) -> dict[str, int | None] | None:
    try:
        opened = open_export(content)
    except Quarantine:
        return None
    found: dict[str, int | None] = {}
    before = 0
    for each in opened:
        for number, cells in each.table.records():
            if before + number in records:
                text = " ".join(cells)
                found |= {key: before + number for key in keys if _is_in(key, text)}
        before += each.table.record_count
    return found


def _is_in(key: str, text: str) -> bool:
    return bool(re.search(rf"(?<![A-Za-z0-9]){re.escape(key)}(?![A-Za-z0-9])", text))


def _is_in_bytes(key: str, content: bytes) -> bool:
    plain = re.escape(key.encode())
    if re.search(rb"(?<![A-Za-z0-9])" + plain + rb"(?![A-Za-z0-9])", content):
        return True
    return key.encode("utf-16-le") in content
