"""Faults: files that can't be read, and two runs at once. Crashes are tried in `tests/faults/`."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest

from ingest import pipeline, storage
from ingest.home import Home
from ingest.pipeline import ingest
from ingest.storage import HomeIsBusy
from tests.ingest.exports import (
    NOON,
    POSTS,
    X_1,
    deliver,
    export,
    fill,
    ledger,
)

# Faults.


def test_a_file_that_can_t_be_read_now_waits_for_the_next_run(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    deliver(home, "a/good.csv", POSTS, NOON)
    # Reading a process's memory from its start is an input/output error, also for the superuser.
    (home.inbox / "a/bad.csv").symlink_to("/proc/self/mem")
    (home.inbox / "a/dangling.csv").symlink_to(home.inbox / "nowhere")
    ingest(home)
    assert [row["name"] for row in ledger(home)] == ["good.csv"]
    assert "a/bad.csv is left for the next run" in caplog.text
    (home.inbox / "a/bad.csv").unlink()
    deliver(home, "a/bad.csv", export(X_1), NOON)
    ingest(home)
    assert {row["name"] for row in ledger(home)} == {"good.csv", "bad.csv"}


def test_a_file_that_vanishes_or_grows_meanwhile_does_not_stop_the_others(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(home, "a/good.csv", POSTS, NOON)
    whole = export(X_1, {}, {"Post text": "two"})
    growing = deliver(home, "a/growing.csv", whole[:-30], NOON)
    deliver(home, "a/vanishing.csv", export(X_1), NOON)
    read_bytes = Path.read_bytes

    def meanwhile(path: Path) -> bytes:
        if path.name == "vanishing.csv":
            path.unlink()
        content = read_bytes(path)
        if path == growing:
            path.write_bytes(whole)
        return content

    monkeypatch.setattr(Path, "read_bytes", meanwhile)
    ingest(home)
    assert [row["name"] for row in ledger(home)] == ["good.csv"]
    monkeypatch.undo()
    ingest(home)
    assert {row["name"]: row["loaded_count"] for row in ledger(home)} == {
        "good.csv": 3,
        "growing.csv": 2,
    }


@pytest.mark.parametrize(
    "name", [b"baris\xe2\x80\xa8baru.csv", b"caf\xe9.csv", b'tanda "kutip".csv', b"a\nb.csv"]
)
def test_any_file_name_is_taken(home: Home, name: bytes) -> None:
    path = home.inbox / "a" / os.fsdecode(name)
    path.parent.mkdir(parents=True)
    path.write_bytes(POSTS)
    ingest(home)
    assert ingest(home).deliveries == 0
    assert [row["name"] for row in ledger(home)] == [name.decode(errors="replace")]


def test_hidden_files_are_no_exports(home: Home) -> None:
    deliver(home, ".staging/posts.csv", POSTS, NOON)
    deliver(home, "a/._posts.csv", POSTS, NOON)
    assert ingest(home).deliveries == 0


class Crash(Exception):
    """Stands for a loss of power."""


def test_of_two_ingests_at_once_the_second_is_refused(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(home)
    inside, go_on = threading.Event(), threading.Event()
    ledger_of = pipeline._ledger

    def waiting(*arguments: Any) -> Any:
        inside.set()
        assert go_on.wait(timeout=60)
        return ledger_of(*arguments)

    monkeypatch.setattr(pipeline, "_ledger", waiting)
    first = threading.Thread(target=ingest, args=(home,))
    first.start()
    assert inside.wait(timeout=60)
    with pytest.raises(HomeIsBusy, match="another process is writing"):
        ingest(home)
    go_on.set()
    first.join()
    assert len(ledger(home)) == 7


# The durable writer.


def test_an_exception_while_writing_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "folder" / "file"
    with pytest.raises(Crash), storage.durable(path) as temporary:
        temporary.write_text("half")
        raise Crash
    assert list(path.parent.iterdir()) == []
    storage.write_bytes(path, b"old")
    with pytest.raises(Crash), storage.durable(path) as temporary:
        temporary.write_text("half")
        raise Crash
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


def test_a_reader_sees_the_old_file_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    storage.write_bytes(path, b"old")
    with storage.durable(path) as temporary:
        temporary.write_bytes(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_process_of_the_same_number_left_is_in_nobody_s_way(tmp_path: Path) -> None:
    path, other = tmp_path / "file", tmp_path / "other"
    other.write_bytes(b"new")
    with storage.durable(path) as temporary:
        name = temporary
        temporary.write_bytes(b"old")
    name.write_bytes(b"left by a crash")
    with storage.durable(path) as temporary:
        assert temporary == name
        temporary.hardlink_to(other)
    assert path.read_bytes() == b"new"
