"""Erasure: taking data out for good, so that the ledger still adds up and nothing comes back.

What belongs here: what of a home's inbox, archive and lake goes. What does not: what stays
(`tombstones.py`), which records of a file are an account's (`redaction.py`), copies in editions
(`orchestration/publication/`), and who may ask for it.

A tombstone is written before anything is removed, and every run of ingest removes what a tombstone
names, so a crash in between changes nothing. Bytes that arrive again are refused.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from ingest import batches, children
from ingest.home import Home
from ingest.receipts import (
    Receipt,
    damaged_receipts,
    name_without_persons,
    read_receipts,
    write_receipts,
)
from ingest.redaction import NotRedactable, redacted
from ingest.regular_files import opened, remove
from ingest.schemas import Account, Delivery
from ingest.storage import (
    DamagedArchive,
    archive_bytes,
    exclusive,
    read_archived,
    read_table,
    remove_database,
    remove_leftovers,
    write_bytes,
)
from ingest.tombstones import Tombstone, read_tombstones

#: The lake's tables that are kept while all others are read anew; they name no person.
_KEPT = {
    "deliveries",
    "offices",
    "accounts",
    "campaigns",
    "policies",
    "policy_weights",
    "policy_growth",
    "platforms",
    "opinion_offices",
    "opinion_draws",
    "opinion_intervals",
}


class NotErasable(Exception):
    """What is named is not there, or is no one's private data; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Order:
    """Why and by whom something is erased."""

    reason: str
    by: str


def erase_delivery(home: Home, delivery_id: str, order: Order) -> list[Tombstone]:
    """Erase the file of a delivery; other deliveries of the same bytes go with it.

    So does a ZIP in which it came, where that was kept; what else was taken out of it stays.

    Raises:
        NotErasable: there is no such delivery.
        DamagedArchive: a file of receipts is damaged, so what it names would stay.
        HomeIsBusy: another process is writing to the home.
    """
    with exclusive(home, "ingest"):
        remove_leftovers(home)
        _refuse_damaged(home)
        row = _ledger(home, "delivery_id").get(delivery_id)
        if row is None:
            raise NotErasable(f"no delivery {delivery_id}; `kurasi deliveries` lists them")
        written = [_write_tombstone(home, row["sha256"], row, order, None)]
        ledger = _ledger(home, "sha256")
        written += [
            _write_tombstone(home, sha256, ledger.get(sha256), order, None)
            for sha256 in _kept_zips(home, row["sha256"])
        ]
        apply(home)
    return written


def erase_account(home: Home, platform: str, name: str, order: Order) -> list[Tombstone]:
    """Erase every record of an account that is not registered, wherever an export names it.

    Every archived file of the platform, or of none that is known, is opened as it is for reading.
    Each that holds a record of the account is replaced by a copy without these records, under the
    same receipts.

    Args:
        home: whose data.
        platform: its key, such as `x`.
        name: the account's number or handle, with or without `@`.
        order: why and by whom.

    Raises:
        NotErasable: the account is registered, no file names it, or some file that does can't be
            rewritten; then nothing was erased.
        DamagedArchive: an archived file is lost or was changed, or a file of receipts is damaged;
            nothing was erased.
        HomeIsBusy: another process is writing to the home.
    """
    wanted = name.removeprefix("@").lower()
    with exclusive(home, "ingest"):
        remove_leftovers(home)
        _refuse_damaged(home)
        _refuse_registered(home, platform, name, wanted)
        ledger = _ledger(home, "sha256")
        copies: dict[str, bytes] = {}
        stuck: dict[str, str] = {}
        looked_at = [
            sha256
            for sha256 in _archived(home)
            if ledger.get(sha256, {}).get("platform") in (None, platform)
        ]
        # Files that can't be read are opened too.
        for sha256, copy in children.results(partial(_redacted, home, wanted), looked_at, 1):
            if isinstance(copy, DamagedArchive):
                raise copy
            if isinstance(copy, NotRedactable | children.Ended):
                stuck[sha256] = str(copy)
            elif copy is not None:
                copies[sha256] = copy
        if stuck:
            raise NotErasable(_stuck(name, stuck, ledger))
        if not copies:
            raise NotErasable(f"no record of {platform} is of {name}")
        written = [
            _replace(home, sha256, ledger.get(sha256), copy, order)
            for sha256, copy in copies.items()
        ]
        apply(home, wanted)
    return written


def _redacted(home: Home, name: str, sha256: str) -> bytes | NotRedactable | DamagedArchive | None:
    """What is to stand in place of an archived file; None where nothing of the account is in it."""
    try:
        return redacted(read_archived(home, sha256), name)
    except (NotRedactable, DamagedArchive) as problem:
        return problem


def apply(home: Home, handle: str | None = None) -> None:
    """Remove what tombstones name, as far as it is still there; the caller holds the lock.

    `handle` is also taken out of the names of the files that were replaced by copies.
    """
    erased = read_tombstones(home)
    copies = _copies(erased)
    known = read_receipts(home)
    renamed = {_renamed(receipt, erased, copies, handle) for receipt in known}
    _empty_inbox(home, [receipt for receipt in known if receipt.sha256 in erased])
    stale = [sha256 for sha256 in erased if home.archived(sha256).exists()]
    if renamed != set(known):
        write_receipts(home, renamed, instead=True)
    if stale:
        others = {receipt.sha256 for receipt in known} - erased.keys()
        _clear_lake(home, batches.keep_damaged(home, others))
        remove_database(home)
    for sha256 in stale:
        home.archived(sha256).unlink()
    _remove_envelopes(home, known, erased)


def _remove_envelopes(home: Home, receipts: list[Receipt], erased: Collection[str]) -> None:
    """Remove ZIPs in which erased files came, and which only a crash left in the archive."""
    of_erased = {receipt.zip_sha256 for receipt in receipts if receipt.sha256 in erased}
    for sha256 in of_erased - {receipt.sha256 for receipt in receipts}:
        if sha256 is not None:
            home.archived(sha256).unlink(missing_ok=True)


def _clear_lake(home: Home, kept: str | None) -> None:
    """Remove all rows of the lake but those of one batch, so that they are read anew.

    What says that rows are there goes before them.
    """
    claims = list(home.files("").parent.glob("*.parquet"))
    for path in claims + sorted(home.lake.rglob("*"), reverse=True):
        is_table = path.parent == home.lake and path.stem in _KEPT
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.stem != kept and not is_table:
            path.unlink(missing_ok=True)


def anonymous(home: Home) -> set[str]:
    """The files whose names may have named a person: those that were erased, and their copies."""
    erased = read_tombstones(home)
    return {*erased, *_copies(erased)}


def _copies(erased: dict[str, Tombstone]) -> set[str]:
    """The copies that stand in the place of erased files."""
    return {each.replaced_by for each in erased.values() if each.replaced_by}


def _ledger(home: Home, key: str) -> dict[str, dict[str, Any]]:
    """The ledger's rows by a column; of several with the same value the last."""
    rows = read_table(home.table("deliveries"), Delivery).iter_rows(named=True)
    return {row[key]: row for row in rows}


def _kept_zips(home: Home, sha256: str) -> list[str]:
    """The ZIPs that hold a file and were kept, as something else in them can't be taken."""
    receipts = read_receipts(home)
    holding = {receipt.zip_sha256 for receipt in receipts if receipt.sha256 == sha256}
    return sorted({receipt.sha256 for receipt in receipts if receipt.sha256 in holding})


def _archived(home: Home) -> list[str]:
    """The delivered files that are not erased, also those that no ledger has yet."""
    return sorted(
        {receipt.sha256 for receipt in read_receipts(home)} - read_tombstones(home).keys()
    )


def _refuse_damaged(home: Home) -> None:
    """Names in damaged receipts can't be taken out of them."""
    for problem in damaged_receipts(home):
        raise problem


def _refuse_registered(home: Home, platform: str, name: str, wanted: str) -> None:
    accounts = read_table(home.table("accounts"), Account).filter(platform=platform)
    for row in accounts.iter_rows(named=True):
        if wanted in (row["handle"], row["platform_account_id"]):
            raise NotErasable(
                f"{name} is registered as {row['account_id']}; an official account is no "
                "private one: take it out of registry/accounts.csv first"
            )


def _stuck(name: str, stuck: dict[str, str], ledger: dict[str, dict[str, Any]]) -> str:
    """Which files name an account and can't be rewritten, for a person."""
    # A file of an interrupted run has no delivery yet.
    deliveries = [ledger[sha256]["delivery_id"] for sha256 in stuck if sha256 in ledger]
    calls = "; ".join(f"kurasi erase {delivery_id}" for delivery_id in deliveries) or "kurasi run"
    reason = next(iter(stuck.values()))
    return (
        f"{len(stuck)} files that name {name} can't be rewritten, the first because: {reason}. "
        f"Nothing was erased; erase them whole first: {calls}"
    )


def _write_tombstone(
    home: Home, sha256: str, row: dict[str, Any] | None, order: Order, replaced_by: str | None
) -> Tombstone:
    """Write a file's tombstone, with its accounting as far as it is known.

    The first one holds, unless it is damaged.
    """
    known = read_tombstones(home).get(sha256)
    if known and known.erased_at:
        return known
    accounting = row or {}
    tombstone = Tombstone(
        sha256=sha256,
        erased_at=datetime.now(UTC).replace(microsecond=0, tzinfo=None),
        reason=order.reason,
        by=order.by,
        replaced_by=replaced_by,
        platform=accounting.get("platform"),
        kind=accounting.get("kind"),
        record_count=accounting.get("record_count"),
        loaded_count=accounting.get("loaded_count"),
        rejected_count=accounting.get("rejected_count"),
        set_aside_count=accounting.get("set_aside_count"),
        withheld_count=accounting.get("withheld_count"),
    )
    path = home.archive / "tombstones" / f"{sha256}.json"
    write_bytes(path, tombstone.as_bytes())
    return tombstone


def _replace(
    home: Home, sha256: str, row: dict[str, Any] | None, copy: bytes, order: Order
) -> Tombstone:
    """Keep the copy under the receipts of the file, then write the file's tombstone."""
    replaced_by = archive_bytes(home, copy)
    own = [receipt for receipt in read_receipts(home) if receipt.sha256 == sha256]
    write_receipts(home, [replace(receipt, sha256=replaced_by) for receipt in own])
    return _write_tombstone(home, sha256, row, order, replaced_by)


def _renamed(
    receipt: Receipt,
    erased: dict[str, Tombstone],
    copies: set[str],
    handle: str | None,
) -> Receipt:
    if receipt.sha256 in erased:
        return replace(receipt, name=name_without_persons(receipt.name))
    if handle and receipt.sha256 in copies:
        name = re.sub(re.escape(handle), "erased", receipt.name, flags=re.IGNORECASE)
        return replace(receipt, name=name)
    return receipt


def _empty_inbox(home: Home, receipts: list[Receipt]) -> None:
    """Remove files whose bytes are erased from where they were received, and ZIPs of such files.

    What else could be taken out of such a ZIP lies in the archive.
    """
    for receipt in receipts:
        below = Path(receipt.folder, receipt.file_name)
        try:
            with opened(home.inbox, below) as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:  # it is not there any more, or something else is
            continue
        is_own = found in (receipt.sha256, receipt.received_sha256)
        if found == receipt.zip_sha256 or (receipt.zip_sha256 is None and is_own):
            for end in ("", ".delivery.json", ".headers"):
                remove(home.inbox, below.with_name(f"{below.name}{end}"))
