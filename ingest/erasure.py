"""Erasure: taking data out for good, so that the ledger still adds up and nothing comes back.

What belongs here: tombstones, and what of a home's inbox, archive and lake goes. What does not:
copies in editions (`orchestration/publication/`), and who may ask for it.

A tombstone names a file by its SHA-256 and says when, why and by whom it was erased; it holds none
of what the file said. It is written before anything is removed, and every run of ingest removes
what a tombstone names, so a crash in between changes nothing. Bytes that arrive again are refused.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pydantic

from ingest.home import Home
from ingest.platforms import LAYOUTS
from ingest.receipts import Receipt, bare_name, read_receipts, write_receipts
from ingest.schemas import Account, Delivery
from ingest.storage import archive_bytes, exclusive, read_table, write_bytes

_COUNTS = ("record_count", "loaded_count", "rejected_count", "set_aside_count")
#: The lake's tables that are kept while all others are read anew; they name no person.
_KEPT = {"deliveries", "offices", "accounts", "policies", "platforms"}


class NotErasable(Exception):
    """What is named is not there, or is no one's private data; the text says what to do."""


class Tombstone(pydantic.BaseModel):
    """That a file was here: its accounting, and when (UTC), why and by whom it was erased."""

    model_config = pydantic.ConfigDict(extra="forbid")

    sha256: str
    erased_at: datetime
    reason: str
    by: str
    #: The copy that holds the file's other records; null where the whole file is gone.
    replaced_by: str | None
    platform: str | None
    kind: str | None
    record_count: int | None
    loaded_count: int | None
    rejected_count: int | None
    set_aside_count: int | None

    @property
    def told(self) -> str:
        """For the ledger."""
        rest = f"; its other records are in {self.replaced_by}" if self.replaced_by else ""
        return f"erased {self.erased_at:%Y-%m-%d} by {self.by}: {self.reason}{rest}"


@dataclass(frozen=True, slots=True)
class Order:
    """Why and by whom something is erased."""

    reason: str
    by: str


def tombstones(home: Home) -> dict[str, Tombstone]:
    """Every tombstone by its SHA-256."""
    paths = sorted((home.archive / "tombstones").glob("*.json"))
    return {path.stem: Tombstone.model_validate_json(path.read_bytes()) for path in paths}


def erase_delivery(home: Home, delivery_id: str, order: Order) -> list[Tombstone]:
    """Erase the file of a delivery; other deliveries of the same bytes go with it.

    Raises:
        NotErasable: there is no such delivery.
        HomeIsBusy: another process is writing to the home.
    """
    with exclusive(home, "ingest"):
        ledger = read_table(home.table("deliveries"), Delivery)
        found = ledger.filter(pl.col("delivery_id") == delivery_id)
        if found.is_empty():
            raise NotErasable(f"no delivery {delivery_id}; `kurasi deliveries` lists them")
        made = [_bury(home, found.row(0, named=True), order, None)]
        apply(home)
    return made


def erase_account(home: Home, platform: str, name: str, order: Order) -> list[Tombstone]:
    """Erase every record of an account that is not registered, wherever an export names it.

    Each file that names it is replaced by a copy without these records, under the same receipts.

    Args:
        home: whose data.
        platform: its key, such as `x`.
        name: the account's number or handle, with or without `@`.
        order: why and by whom.

    Raises:
        NotErasable: the account is registered, no file names it, or some file that does can't be
            rewritten; then nothing was erased.
        HomeIsBusy: another process is writing to the home.
    """
    wanted = name.removeprefix("@").lower()
    with exclusive(home, "ingest"):
        accounts = read_table(home.table("accounts"), Account).filter(platform=platform)
        for row in accounts.iter_rows(named=True):
            if wanted in (row["handle"], row["platform_account_id"]):
                raise NotErasable(
                    f"{name} is registered as {row['account_id']}; an official account is no "
                    "private one: take it out of registry/accounts.csv first"
                )
        ledger = read_table(home.table("deliveries"), Delivery).filter(
            pl.col("status") != "erased", pl.col("platform") == platform
        )
        copies: dict[str, bytes] = {}
        stuck: list[str] = []
        rows = {row["sha256"]: row for row in ledger.iter_rows(named=True)}
        for sha256, row in rows.items():
            content = home.archived(sha256).read_bytes()
            if (copy := _without(content, wanted)) is not None:
                copies[sha256] = copy
            elif _mentions(content, wanted) and _table(content) is None:
                stuck.append(row["delivery_id"])
        if stuck:
            raise NotErasable(
                f"{len(stuck)} files that name {name} can't be rewritten; erase them whole first: "
                f"kurasi erase {stuck[0]}"
            )
        if not copies:
            raise NotErasable(f"no record of {platform} is of {name}")
        made = [_replace(home, rows[sha256], copy, order) for sha256, copy in copies.items()]
        apply(home, wanted)
    return made


def apply(home: Home, handle: str | None = None) -> None:
    """Remove what tombstones name, as far as it is still there; the caller holds the lock.

    `handle` is also taken out of the names of the files that were replaced by copies.
    """
    buried = tombstones(home)
    copies = {told.replaced_by for told in buried.values()} - {None}
    known = read_receipts(home)
    renamed = {_renamed(receipt, buried, copies, handle) for receipt in known}
    _empty_inbox(home, [receipt for receipt in known if receipt.sha256 in buried])
    stale = [sha256 for sha256 in buried if home.archived(sha256).exists()]
    if renamed != set(known):
        write_receipts(home, renamed, instead=True)
    if stale:
        for path in home.lake.iterdir() if home.lake.exists() else ():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.stem not in _KEPT:
                path.unlink()
        for path in home.warehouse.glob("kurasi.duckdb*"):
            path.unlink()
    for sha256 in stale:
        home.archived(sha256).unlink()


def _bury(home: Home, row: dict[str, Any], order: Order, replaced_by: str | None) -> Tombstone:
    """Write a file's tombstone; the first one holds."""
    if told := tombstones(home).get(row["sha256"]):
        return told
    stone = Tombstone(
        sha256=row["sha256"],
        erased_at=datetime.now(UTC).replace(microsecond=0, tzinfo=None),
        **asdict(order),
        replaced_by=replaced_by,
        **{key: row[key] for key in ("platform", "kind", *_COUNTS)},
    )
    path = home.archive / "tombstones" / f"{stone.sha256}.json"
    write_bytes(path, (stone.model_dump_json(indent=1) + "\n").encode())
    return stone


def _replace(home: Home, row: dict[str, Any], copy: bytes, order: Order) -> Tombstone:
    """Keep the copy under the receipts of the file, then bury the file."""
    sha256 = archive_bytes(home, copy)
    own = [r for r in read_receipts(home) if r.sha256 == row["sha256"]]
    write_receipts(home, [replace(receipt, sha256=sha256) for receipt in own])
    return _bury(home, row, order, sha256)


def _renamed(
    receipt: Receipt,
    buried: dict[str, Tombstone],
    copies: set[str | None],
    handle: str | None,
) -> Receipt:
    if receipt.sha256 in buried:
        return replace(receipt, name=bare_name(receipt.name))
    if handle and receipt.sha256 in copies:
        name = re.sub(re.escape(handle), "erased", receipt.name, flags=re.IGNORECASE)
        return replace(receipt, name=name)
    return receipt


def _empty_inbox(home: Home, receipts: list[Receipt]) -> None:
    """Remove files whose bytes are erased from where they were received."""
    for receipt in receipts:
        path = home.inbox / receipt.folder / receipt.name
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == receipt.sha256:
            path.unlink()
            path.with_name(f"{path.name}.delivery.json").unlink(missing_ok=True)


def _without(content: bytes, name: str) -> bytes | None:
    """An export without the records of an account; None where it has none or can't be split."""
    if not _mentions(content, name) or (records := _table(content)) is None:
        return None
    kept = [record for record in records[1:] if not _is_of(record, name)]
    if len(kept) == len(records) - 1:
        return None
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([records[0], *kept])
    return text.getvalue().encode()


def _table(content: bytes) -> list[list[str]] | None:
    """The header and the records of a plain export; None where no layout knows its header."""
    try:
        text = content.decode(
            "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        )
        for delimiter in ",;\t":
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
            records = [record for record in reader if record]
            if records and any(layout.match(records[0]) for layout in LAYOUTS):
                return records
    except (UnicodeDecodeError, csv.Error):
        pass
    return None


def _mentions(content: bytes, name: str) -> bool:
    return any(
        name in content.decode(encoding, errors="ignore").lower()
        for encoding in ("utf-8", "utf-16-le", "utf-16-be")
    )


def _is_of(record: list[str], name: str) -> bool:
    """Whether a cell is the account's name or number, or a link into the account."""
    return any(_names(cell.strip().lower(), name) for cell in record)


def _names(cell: str, name: str) -> bool:
    if cell.startswith(("http://", "https://")):
        parts = re.split(r"[/?#]", cell)
        return name in parts or f"@{name}" in parts
    return cell.removeprefix("@") == name


def ledger_rows(home: Home) -> Iterator[dict[str, Any]]:
    """What the ledger says of erased files, by the columns of its table of files."""
    for stone in tombstones(home).values():
        yield {
            **{key: getattr(stone, key) for key in ("sha256", "platform", "kind", *_COUNTS)},
            **{"status": "erased", "reason": stone.told, "locale": None, "holds": None},
            **{"is_truncated": False, "unknown_columns": [], "repairs": [], "covers_posts": False},
        }
