"""What must hold after a fault: what a home says, and what readers of it see.

What belongs here: comparing homes by content, and looking at one as a reader does. What does not:
faults (`trials.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from ingest.home import Home
from ingest.storage import damage_of_archive
from orchestration.publication import finished_state, verify
from orchestration.publication.editions import editions
from orchestration.publication.log import witness
from orchestration.publication.log.store import log_folder, read_log

#: A promise, an operation, how often it was tried and how often it held.
Row = tuple[str, str, int, int]
#: When something was published or logged stands in these, and a DuckDB file is equal in content
#: only.
_VARYING = (
    "run.json",
    "index.json",
    "publications.parquet",
    "kurasi.duckdb",
    "intervals.csv",
    "shares.csv",
)
#: Of the log's lines: its own name and time, and the tombstones', which hold a time.
_VARYING_FACTS = ("logged_at", "origin", "tombstone_sha256")
_BATCHES = (
    "observations",
    "account_days",
    "comments",
    "labels",
    "rejects",
    "withheld",
    "contents",
    "files",
)


def content(home: Home) -> dict[str, str]:
    """What a home says, but for what may vary: by a file's or a table's name, a hash."""
    found = dict(_archive(home))
    for name in _BATCHES:
        found[f"lake/{name}"] = _rows(home.lake / name)
    for path in home.lake.glob("*.parquet"):
        if path.stem == "inbox":  # signatures of files differ
            found["lake/inbox"] = str(sorted(pl.read_parquet(path)["path"]))
        else:
            found[f"lake/{path.name}"] = _sha256(path)
    for folder in (home.warehouse / "current", home.published):
        for path in folder.rglob("*"):
            name = str(path.relative_to(home.root))
            if not path.is_file() or path.name in _VARYING or name.startswith("published/log/"):
                continue
            is_receipt = path.name.endswith(".receipt.json")  # of a root, so of times
            found[name] = "a receipt" if is_receipt else _sha256(path)
    for link in (home.warehouse / "current", home.published / "current"):
        if link.is_symlink():
            found[str(link.relative_to(home.root))] = link.readlink().name
    found["log"] = _log(home)
    return found


def leftovers(home: Home) -> str | None:
    """Temporary files of a crash, up to three; None where there is none."""
    found = [
        str(path)
        for path in home.root.rglob("*")
        if path.name.startswith(".building") or path.suffix == ".tmp"
    ]
    return ", ".join(sorted(found)[:3]) or None


def what_readers_miss(home: Home) -> str | None:
    """What a reader finds broken in the finished state or in the publications; None where all is
    old or new, whole either way."""
    try:
        state = home.warehouse / "current"
        if state.is_symlink() and not finished_state.is_whole(state.resolve()):
            return "the finished state is not whole"
        for edition in editions(home):
            for check in verify.verify(edition.path):
                if not check["ok"]:
                    return f"{edition.edition_id}: {check['check']}: {check['detail']}"
        current = home.published / "current"
        if current.is_symlink():
            listed = json.loads((current / "index.json").read_bytes())["editions"]
            there = pl.read_parquet(current / "editions.parquet", glob=False)
            if {each["edition_id"] for each in listed} != set(there["edition_id"]):
                return "published/current is a mixture"
        if (log_folder(home) / "checkpoint").exists():
            witness.Log(log_folder(home))
        for damaged in damage_of_archive(home, []):
            return str(damaged)
    except Exception as problem:  # whatever a reader would be shown
        return f"{type(problem).__name__}: {problem}"
    return None


def differing(before: dict[str, str], after: dict[str, str]) -> str | None:
    """What two homes say differently; None where nothing."""
    names = sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )
    return f"{len(names)} differ, such as {', '.join(names[:3])}" if names else None


def _archive(home: Home) -> Iterator[tuple[str, str]]:
    receipts: set[str] = set()
    for path in home.archive.rglob("*"):
        if not path.is_file() or path.suffix == ".tmp":
            continue
        name = str(path.relative_to(home.root))
        if path.suffix == ".jsonl":
            receipts.update(path.read_text("utf-8").splitlines())
        elif path.parent.name == "tombstones":
            stone: dict[str, Any] = json.loads(path.read_bytes())
            # When it was erased differs, and with it the hash of what the tombstone says.
            yield name, str({**stone, "erased_at": None, "checksum": None})
        else:
            yield name, _sha256(path)
    yield "archive/receipts", str(sorted(receipts))


def _log(home: Home) -> str:
    """What the log says, whenever and in which order; a thing that stands twice is told twice."""
    log = read_log(log_folder(home))
    if log is None:
        return "none"
    facts = [
        {name: value for name, value in fact.items() if name not in _VARYING_FACTS}
        for fact in log.facts()
    ]
    return str(sorted(json.dumps(fact) for fact in facts))


def _rows(folder: Path) -> str:
    """A hash of the rows of a table of batches, however they are spread over files."""
    paths = sorted(folder.rglob("*.parquet"))
    if not paths:
        return "none"
    parts = [pl.read_parquet(path, glob=False, hive_partitioning=False) for path in paths]
    rows = pl.concat(parts).drop("batch", strict=False)
    lines = sorted(json.dumps(row, default=str) for row in rows.iter_rows())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
