"""What is logged of a home: one fact for each thing that the rankings rest on.

What belongs here: which facts there are and what each says. What does not: where they are kept
(`store.py`) and when (`record.py`).

A fact holds hashes, times and IDs, and neither names of people or files nor anything that somebody
wrote, for it stays for good. Instants are UTC, as `2025-08-02T01:00:00Z`.

    log         origin                               the log begins
    delivery    delivery_id, sha256, captured_at, captured_at_source, received_at, and where they
                are told received_sha256, covers_from, covers_to
    superseded  delivery_id, sha256                  the same bytes are another delivery now
    registry    table, sha256                        a version of a file of the registry
    policy      policy_id, sha256
    tombstone   sha256, tombstone_sha256             the file with this hash was erased
    edition     edition_id, manifest_sha256
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from ingest.home import Home
from ingest.receipts import read_receipts
from ingest.schemas import Delivery, Policy
from ingest.storage import read_table
from ingest.tombstones import tombstone_hashes
from orchestration.publication import editions

Fact = dict[str, str]
#: Which thing a fact is of: what it is, and its ID.
Key = tuple[str, str]

_ID = {
    "log": "origin",
    "delivery": "delivery_id",
    "superseded": "delivery_id",
    "registry": "table",
    "policy": "policy_id",
    "tombstone": "sha256",
    "edition": "edition_id",
}


def key(fact: Mapping[str, Any]) -> Key:
    """Which thing a fact is of. What supersedes a delivery is of that delivery."""
    kind = "delivery" if fact["kind"] == "superseded" else fact["kind"]
    return kind, fact[_ID[fact["kind"]]]


def facts(home: Home) -> Iterator[Fact]:
    """What is true of a home now: of each kind in the order of arrival, editions last."""
    yield from _deliveries(home)
    yield from _registry(home)
    yield from _policies(home)
    for sha256, of_tombstone in sorted(tombstone_hashes(home).items()):
        yield {"kind": "tombstone", "sha256": sha256, "tombstone_sha256": of_tombstone}
    yield from _editions(home)


def superseded(home: Home, gone: Mapping[Key, Mapping[str, Any]]) -> Iterator[Fact]:
    """Of deliveries that are not in the ledger any more, those of which the bytes still are.

    So it is when a sidecar comes later and names another capture, or when the files of a ZIP that
    was kept whole are deliveries of their own.

    Args:
        home: whose ledger.
        gone: their last facts.
    """
    ledger = read_table(home.table("deliveries"), Delivery)
    if not gone or ledger.is_empty():
        return
    known = {*ledger["sha256"], *ledger["received_sha256"].drop_nulls()}
    known |= {receipt.zip_sha256 for receipt in read_receipts(home) if receipt.zip_sha256}
    for fact in gone.values():
        if fact["sha256"] in known:
            yield {
                "kind": "superseded",
                "delivery_id": fact["delivery_id"],
                "sha256": fact["sha256"],
            }


def instant(moment: datetime) -> str:
    """An instant (UTC) as facts and receipts write it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _deliveries(home: Home) -> Iterator[Fact]:
    ledger = read_table(home.table("deliveries"), Delivery).sort("received_at", "delivery_id")
    for row in ledger.iter_rows(named=True):
        fact = {
            "kind": "delivery",
            "delivery_id": row["delivery_id"],
            "sha256": row["sha256"],
            "captured_at": instant(row["captured_at"]),
            "captured_at_source": row["captured_at_source"],
            "received_at": instant(row["received_at"]),
        }
        for name in ("received_sha256", "covers_from", "covers_to"):
            if row[name]:
                fact[name] = str(row[name])
        yield fact


def _registry(home: Home) -> Iterator[Fact]:
    """The versions in force: what is in the folder and in the archive, which takes sound ones."""
    for name in ("accounts", "campaigns", "offices"):
        try:
            content = (home.registry / f"{name}.csv").read_bytes()
        except OSError:
            continue
        sha256 = hashlib.sha256(content).hexdigest()
        if home.archived(sha256).exists():
            yield {"kind": "registry", "table": name, "sha256": sha256}


def _policies(home: Home) -> Iterator[Fact]:
    policies = read_table(home.table("policies"), Policy).sort("policy_id")
    for policy_id, sha256 in policies.select("policy_id", "policy_sha256").iter_rows():
        yield {"kind": "policy", "policy_id": policy_id, "sha256": sha256}


def _editions(home: Home) -> Iterator[Fact]:
    """The editions that are as they were published; the others `kurasi doctor` names."""
    found = []
    for folder in editions.folders(home):
        try:
            found.append(editions.read_edition(folder))
        except editions.DamagedEdition:
            continue
    for edition in sorted(found, key=lambda each: (each.published_at, each.edition_id)):
        yield {
            "kind": "edition",
            "edition_id": edition.edition_id,
            "manifest_sha256": edition.manifest_sha256,
        }
