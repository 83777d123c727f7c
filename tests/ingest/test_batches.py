"""Batches: files read by other processes, small batches joined, leftovers removed."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest import batches, children
from ingest.attempts import Attempts
from ingest.bounds import bounds
from ingest.home import Home
from ingest.pipeline import ingest
from tests.ingest.bounds import SetBounds, here
from tests.ingest.exports import NOON, X_1, deliver, export, fill, lake_rows, ledger

_read_batch = batches._read_batch
DEADLY = b"deadly"
#: Of the inbox that `fill` makes.
LOADED = 3


def ended_twice(home: Home, version: str, hashes: list[str]) -> list[dict[str, Any]]:
    """Reads a batch, but at first is killed, and then asked to end, as by Ctrl-C."""
    for number in (signal.SIGKILL, signal.SIGTERM):
        mark = home.root / f"ended by {number}"
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), number)
    return _read_batch(home, version, hashes)


def hostile(home: Home, version: str, hashes: list[str]) -> list[dict[str, Any]]:
    """Reads a batch, but some files end the process that reads them, each in its own way."""
    effects: dict[bytes, Callable[[], object]] = {
        b"no memory left": lambda: os.kill(os.getpid(), signal.SIGKILL),
        b"endless": lambda: sum(iter(int, 1)),
        b"greedy": lambda: bytearray(bounds().memory_mib * 2**20),
        b"faulty": lambda: 1 // 0,
    }
    for sha256 in hashes:
        children.follows(sha256)
        content = home.archived(sha256).read_bytes()
        for mark, effect in effects.items():
            if mark in content:
                effect()
    return _read_batch(home, version, hashes)


@pytest.fixture
def many(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with files enough for several processes, three to a batch."""
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
        patch.setattr(batches, "_read_batch", _read_batch)
        patch.setattr(children, "results", here)
        ingest(other)
    return ledger(other), lake_rows(other)


def test_children_give_what_this_process_gives(many: Home, tmp_path: Path) -> None:
    ingest(many)
    assert (ledger(many), lake_rows(many)) == expected(many, tmp_path / "other")


def test_a_child_that_is_ended_costs_nothing(
    many: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_read_batch", ended_twice)
    ingest(many)
    assert len(list(many.root.glob("ended by *"))) == 2
    assert (ledger(many), lake_rows(many)) == expected(many, tmp_path / "other")


REASONS = {
    "no memory left": "ended without a word, twice",
    "endless": "takes more seconds of the processor than 1 (KURASI_MOST_SECONDS",
    "greedy": "needs more memory than 512 MiB (KURASI_MOST_MEMORY_MIB",
    "faulty": "its reader failed (ZeroDivisionError",
}


def test_a_file_that_ends_its_process_is_quarantined_with_the_reason_and_costs_no_other_file(
    many: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, set_bounds: SetBounds
) -> None:
    set_bounds(seconds=1)
    for text in REASONS:
        deliver(many, f"a/{text}", export(X_1, {"Post text": text}), NOON)
    monkeypatch.setattr(batches, "_read_batch", hostile)
    ingest(many)
    rows = {row["name"]: row for row in ledger(many)}
    undisturbed = {row["name"]: row for row in expected(many, tmp_path / "other")[0]}
    for text, reason in REASONS.items():
        assert undisturbed.pop(text)["status"] == "loaded"
        row = rows.pop(text)
        assert (row["status"], reason in row["reason"]) == ("quarantined", True), row
    assert rows == undisturbed
    known = set(batches.files(many)["batch"]) | {"_empty"}
    assert {path.stem for path in many.lake.glob("*/**/*.parquet")} <= known
    # What came from outside may be over, so the next run tries it again; the others stay.
    monkeypatch.setattr(batches, "_read_batch", _read_batch)
    ingest(many)
    statuses = {row["name"]: row["status"] for row in ledger(many)}
    assert {text for text in REASONS if statuses[text] == "loaded"} == {"no memory left"}


class Down(BaseException):
    """Stands for a machine that goes down with its programs."""


def test_a_file_that_takes_the_whole_machine_down_ends_no_more_than_a_few_runs(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(home)
    deliver(home, "a/deadly.csv", export(X_1, {"Post text": DEADLY.decode()}), NOON)

    def down(home: Home, version: str, hashes: list[str]) -> list[dict[str, Any]]:
        if any(DEADLY in home.archived(sha256).read_bytes() for sha256 in hashes):
            raise Down
        return _read_batch(home, version, hashes)

    monkeypatch.setattr(children, "results", here)
    monkeypatch.setattr(batches, "_read_batch", down)
    monkeypatch.setattr(Attempts, "close", lambda _: None)  # nobody is left who could
    runs = 0
    while True:
        runs += 1
        try:
            ingest(home)
            break
        except Down:
            assert runs < 10
    (row,) = [row for row in ledger(home) if row["name"] == "deadly.csv"]
    assert row["status"] == "quarantined"
    assert "run after run" in row["reason"]
    assert sum(row["status"] == "loaded" for row in ledger(home)) == LOADED


def test_what_was_refused_is_read_under_other_bounds_and_what_was_loaded_stays(
    home: Home, set_bounds: SetBounds
) -> None:
    deliver(home, "a/small.csv", export(X_1), NOON)
    large = export(X_1, *({"Post id": str(n), "Post text": "x" * 1000} for n in range(1100)))
    deliver(home, "a/large.csv", large, NOON)
    set_bounds(read_mib=1)
    ingest(home)
    (refused,) = [row for row in ledger(home) if row["status"] == "quarantined"]
    assert refused["name"] == "large.csv"
    assert f"it has {len(large):,} bytes, more than 1 MiB" in refused["reason"]
    set_bounds(read_mib=2)
    ingest(home)
    # Its numbers are none of its links', so none of its records can be taken.
    assert {row["status"] for row in ledger(home)} == {"loaded", "rejected"}


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
