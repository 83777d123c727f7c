"""Receipts: that a delivery or an edition stands in the log, for whoever was given one.

What belongs here: what a receipt says. What does not: checking one, which `witness.py` does, so
that nobody has to trust the program that wrote it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ingest.home import Home
from ingest.schemas import Delivery
from ingest.storage import read_table
from orchestration.publication.log.facts import instant
from orchestration.publication.log.store import Log, log_folder, read_log

Receipt = dict[str, Any]
#: The program of the witnesses, as every edition has it; it stands alone, as `recompute.py` does.
WITNESS = Path(__file__).with_name("witness.py")


def of_edition(folder: Path) -> Path:
    """Where the receipt of the edition in a folder lies: beside it, for it came after."""
    return folder.with_name(f"{folder.name}.receipt.json")


def head_of_edition(folder: Path) -> dict[str, Any] | None:
    """The head of the log that holds an edition: `origin, size, root`; None where none does yet."""
    path = of_edition(folder)
    if not path.exists():
        return None
    found = json.loads(path.read_bytes())
    return {name: found[name] for name in ("origin", "size", "root")}


def receipt(log: Log, index: int) -> Receipt:
    """The place of a line in the log: `origin`, `size`, `root` are the head, hashes in Base64."""
    head = log.head
    return {
        "leaf": log.lines[index].decode(),
        "index": index,
        "origin": head.origin,
        "size": head.size,
        "root": head.root,
        "proof": log.proof(index),
    }


def receipts(home: Home, office_id: str) -> list[Receipt]:
    """A receipt for each delivery of an office, in the order of the ledger (by capture).

    Each also says `delivery_id, name, sha256, captured_at, captured_at_source, received_at,
    logged_at`. One that is not in the log as the ledger has it has null in the place of the proof;
    the next run logs it.

    Raises:
        DamagedLog: the log is not as it was written.
    """
    log = read_log(log_folder(home))
    ledger = read_table(home.table("deliveries"), Delivery).filter(office_id=office_id)
    return [_of_delivery(log, row) for row in ledger.iter_rows(named=True)]


def _of_delivery(log: Log | None, row: dict[str, Any]) -> Receipt:
    said = {
        "delivery_id": row["delivery_id"],
        "name": row["name"],
        "sha256": row["received_sha256"] or row["sha256"],
        "captured_at": instant(row["captured_at"]),
        "captured_at_source": row["captured_at_source"],
        "received_at": instant(row["received_at"]),
    }
    fact = log.last_fact(("delivery", row["delivery_id"])) if log else None
    if log is None or fact is None or fact.get("captured_at") != said["captured_at"]:
        none = dict.fromkeys(("logged_at", "leaf", "index", "origin", "size", "root", "proof"))
        return {**said, **none}
    index = log.last["delivery", row["delivery_id"]]
    return {**said, "logged_at": fact["logged_at"], **receipt(log, index)}
