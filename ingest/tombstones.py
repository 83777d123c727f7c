"""Tombstones: what stays of a file that was erased.

What belongs here: what a tombstone says, how it is kept in the archive and held to what was
written, and the ledger's rows of erased files. What does not: erasing (`erasure.py`).

A tombstone names a file by its SHA-256 and says when, why and by whom it was erased; it holds none
of what the file said. Its own name tells that the bytes are erased, whatever becomes of the rest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pydantic

from ingest.home import Home
from ingest.schemas import Delivery
from ingest.storage import DamagedArchive, is_hash, read_table

#: What the ledger tells of a file that a tombstone tells too.
_ACCOUNTING = (
    "platform",
    "kind",
    "record_count",
    "loaded_count",
    "rejected_count",
    "set_aside_count",
    "withheld_count",
)
#: Where the hash of what a tombstone says stands in it.
_CHECKSUM = "checksum"


class Tombstone(pydantic.BaseModel):
    """That a file was here: its accounting, and when (UTC), why and by whom it was erased."""

    model_config = pydantic.ConfigDict(extra="forbid")

    sha256: str
    #: Null, as is `by`, where the tombstone is damaged; then `reason` is what the ledger tells.
    erased_at: datetime | None
    reason: str
    by: str | None
    #: The copy that holds the file's other records; null where the whole file is gone.
    replaced_by: str | None
    platform: str | None
    kind: str | None
    record_count: int | None
    loaded_count: int | None
    rejected_count: int | None
    set_aside_count: int | None
    #: Tombstones of earlier versions have none.
    withheld_count: int | None = None

    @property
    def description(self) -> str:
        """For the ledger."""
        if self.erased_at is None:
            return self.reason
        rest = f"; its other records are in {self.replaced_by}" if self.replaced_by else ""
        return f"erased {self.erased_at:%Y-%m-%d} by {self.by}: {self.reason}{rest}"

    def as_bytes(self) -> bytes:
        """As it is written: with the hash of what it says, which shows damage."""
        document = self.model_dump(mode="json")
        document[_CHECKSUM] = _checksum(document)
        return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def read_tombstones(home: Home) -> dict[str, Tombstone]:
    """Every tombstone by its SHA-256; of a damaged one its name and the ledger tell."""
    found = {}
    for path in _paths(home):
        try:
            found[path.stem] = _read(path)
        except DamagedArchive:
            if is_hash(path.stem):
                found[path.stem] = _as_told(home, path.stem)
    return found


def tombstone_hashes(home: Home) -> dict[str, str]:
    """The SHA-256 of each tombstone as it lies there, by that of the erased file."""
    return {
        path.stem: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in _paths(home)
        if is_hash(path.stem)
    }


def damaged_tombstones(home: Home) -> Iterator[DamagedArchive]:
    """The tombstones that are not as they were written, each with what to do."""
    for path in _paths(home):
        try:
            _read(path)
        except DamagedArchive as problem:
            delivery = _row(home, path.stem).get("delivery_id", "DELIVERY")
            yield DamagedArchive(
                f"{path}: {problem}, and its bytes stay erased; restore it from a backup of "
                f"archive/, or write it anew: kurasi erase {delivery} --reason TEXT --by NAME"
            )


def ledger_rows(home: Home) -> Iterator[dict[str, Any]]:
    """What the ledger says of erased files, by the columns of its table of files."""
    for tombstone in read_tombstones(home).values():
        yield {
            "sha256": tombstone.sha256,
            "platform": tombstone.platform,
            "kind": tombstone.kind,
            "locale": None,
            "status": "erased",
            "reason": tombstone.description,
            "record_count": tombstone.record_count,
            "loaded_count": tombstone.loaded_count,
            "rejected_count": tombstone.rejected_count,
            "set_aside_count": tombstone.set_aside_count,
            "withheld_count": tombstone.withheld_count,
            "set_aside_reasons": [],
            "is_truncated": False,
            "unknown_columns": [],
            "repairs": [],
            "covers_posts": False,
            "holds": None,
        }


def _paths(home: Home) -> list[Path]:
    return sorted((home.archive / "tombstones").glob("*.json"))


def _read(path: Path) -> Tombstone:
    """A tombstone as it was written.

    Raises:
        DamagedArchive: it is not; the text says why.
    """
    try:
        document = json.loads(path.read_bytes())
        if not isinstance(document, dict):
            raise DamagedArchive("it holds no tombstone any more")
        # Tombstones of earlier versions have none.
        checksum = document.pop(_CHECKSUM, None)
        tombstone = Tombstone.model_validate(document)
    except OSError as problem:
        raise DamagedArchive((problem.strerror or "it can't be read").lower()) from None
    except (ValueError, RecursionError):
        raise DamagedArchive("it holds no tombstone any more") from None
    if checksum not in (None, _checksum(document)) or tombstone.sha256 != path.stem:
        raise DamagedArchive("it was changed since it was written")
    return tombstone


def _checksum(document: dict[str, Any]) -> str:
    """The hash of what a tombstone says."""
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def _as_told(home: Home, sha256: str) -> Tombstone:
    """What the ledger tells of an erased file whose tombstone is damaged."""
    row = _row(home, sha256)
    reason = row.get("reason") if row.get("status") == "erased" else None
    accounting = {name: row.get(name) for name in _ACCOUNTING}
    return Tombstone(
        sha256=sha256,
        erased_at=None,
        reason=reason or "erased; its tombstone is damaged",
        by=None,
        replaced_by=None,
        **accounting,
    )


def _row(home: Home, sha256: str) -> dict[str, Any]:
    """A row of the ledger; nothing where it has none, or can't be read."""
    try:
        rows = read_table(home.table("deliveries"), Delivery).filter(sha256=sha256)
    except pl.exceptions.PolarsError:
        return {}
    return rows.row(0, named=True) if rows.height else {}
