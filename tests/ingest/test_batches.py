"""Batches: files read by worker processes, small batches joined, leftovers removed."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from ingest import batches
from ingest.home import Home
from ingest.pipeline import ingest
from tests.ingest.exports import NOON, X_1, deliver, export, fill, lake_rows, ledger

_read_batch = batches._read_batch
DEADLY = b"deadly"


def deadly(home: Home, hashes: list[str]) -> list[dict[str, Any]]:
    """Reads a batch, but one file ends the process without a word, as too little memory does."""
    if any(DEADLY in home.archived(sha256).read_bytes() for sha256 in hashes):
        os.kill(os.getpid(), signal.SIGKILL)
    return _read_batch(home, hashes)


def deadly_once(home: Home, hashes: list[str]) -> list[dict[str, Any]]:
    """The same, but it happens only once."""
    mark = home.root / "killed"
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return _read_batch(home, hashes)


@pytest.fixture
def many(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with files enough for worker processes, three to a batch."""
    monkeypatch.setattr(batches, "_MOST_BYTES", 10)
    monkeypatch.setattr(batches, "_batches", lambda sizes: list(_threes(list(sizes))))
    fill(home)
    return home


def _threes(hashes: list[str]) -> list[list[str]]:
    return [hashes[place : place + 3] for place in range(0, len(hashes), 3)]


def expected(home: Home, folder: Path) -> tuple[Any, Any]:
    """The ledger and the rows of the same inbox, read by one process."""
    other = Home(folder)
    home.inbox.parent.mkdir(exist_ok=True)
    other.root.mkdir()
    (other.root / "inbox").symlink_to(home.inbox)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "_MOST_BYTES", 32 * 2**20)
        patch.setattr(batches, "_read_batch", _read_batch)
        ingest(other)
    return ledger(other), lake_rows(other)


def test_workers_give_what_one_process_gives(many: Home, tmp_path: Path) -> None:
    ingest(many)
    assert (ledger(many), lake_rows(many)) == expected(many, tmp_path / "other")


def test_a_worker_that_dies_once_costs_nothing(
    many: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_read_batch", deadly_once)
    ingest(many)
    assert (many.root / "killed").exists()
    assert (ledger(many), lake_rows(many)) == expected(many, tmp_path / "other")


def test_a_file_that_ends_every_worker_is_quarantined_alone(
    many: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(many, "a/deadly.csv", export(X_1, {"Post text": DEADLY.decode()}), NOON)
    monkeypatch.setattr(batches, "_read_batch", deadly)
    ingest(many)
    rows = {row["name"]: row for row in ledger(many)}
    deadly_row = rows.pop("deadly.csv")
    assert deadly_row["status"] == "quarantined"
    assert "ended without a word, twice" in deadly_row["reason"]
    assert "ended without" not in "".join(row["reason"] or "" for row in rows.values())
    known = set(batches.files(many)["batch"]) | {"_empty"}
    assert {path.stem for path in many.lake.glob("*/**/*.parquet")} <= known
    # It was the machine's fault, and is over.
    monkeypatch.setattr(batches, "_read_batch", _read_batch)
    ingest(many)
    assert {row["status"] for row in ledger(many) if row["name"] == "deadly.csv"} == {"loaded"}


def test_many_small_batches_are_joined_and_every_row_keeps_its_file_and_number(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_SMALL_BATCHES", 3)
    fill(home)
    for day in range(4):
        deliver(home, f"a/{day}.csv", export(X_1, {"Post text": f"day {day}"}), NOON)
        ingest(home)
    names = {path.stem for path in home.lake.glob("observations/*/*/*.parquet")} - {"_empty"}
    assert len(names) < 3
    assert (ledger(home), lake_rows(home)) == expected(home, tmp_path / "other")


def test_a_join_that_a_crash_interrupted_is_finished_by_the_next_run(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(home)
    for day in range(3):
        deliver(home, f"a/{day}.csv", export(X_1, {"Post text": f"day {day}"}), NOON)
        ingest(home)
    with monkeypatch.context() as patch:
        patch.setattr(batches, "_SMALL_BATCHES", 3)
        patch.setattr(batches, "_remove_unknown", lambda *_: None)
        ingest(home)
    parts = {path.stem for path in home.files("*").parent.glob("*.parquet")}
    known = batches.files(home)
    assert len(parts) > 1
    assert known["sha256"].is_unique().all()
    assert known["batch"].n_unique() == 1
    ingest(home)
    assert {path.stem for path in home.files("*").parent.glob("*.parquet")} == {*known["batch"]}
    assert (ledger(home), lake_rows(home)) == expected(home, tmp_path / "other")


def test_the_table_of_files_grows_by_a_part_for_each_batch(home: Home) -> None:
    fill(home)
    ingest(home)
    before = {path: path.stat().st_mtime_ns for path in home.files("*").parent.iterdir()}
    deliver(home, "a/new.csv", export(X_1, {"Post text": "new"}), NOON)
    ingest(home)
    after = {path: path.stat().st_mtime_ns for path in home.files("*").parent.iterdir()}
    assert len(after) == len(before) + 1
    assert before.items() <= after.items()
