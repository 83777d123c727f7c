"""Faults: files that can't be read, crashes, two runs at once; nothing is lost or half written."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ingest import batches, children, inbox, pipeline, storage
from ingest.home import Home
from ingest.pipeline import ingest
from ingest.storage import HomeIsBusy
from tests.ingest.bounds import here
from tests.ingest.exports import (
    FACEBOOK,
    MORNING,
    NOON,
    POSTS,
    VIDEOS,
    X_1,
    deliver,
    export,
    fill,
    lake_rows,
    ledger,
)

# Faults.


def test_a_file_that_vanishes_or_grows_meanwhile_does_not_stop_the_others(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(home, "a/good.csv", POSTS, NOON)
    whole = export(X_1, {}, {"Post text": "two"})
    growing = deliver(home, "a/growing.csv", whole[:-30], NOON)
    vanishing = deliver(home, "a/vanishing.csv", export(X_1), NOON)
    content = inbox._content

    @contextmanager
    def meanwhile(of: Home, arrival: inbox._Export) -> Iterator[Any]:
        if arrival.path.name == vanishing.name:
            vanishing.unlink()
        with content(of, arrival) as found:
            if arrival.path.name == growing.name:
                growing.write_bytes(whole)
            yield found

    monkeypatch.setattr(inbox, "_content", meanwhile)
    assert ingest(home).not_taken == 2
    assert [row["name"] for row in ledger(home)] == ["good.csv"]
    monkeypatch.undo()
    assert ingest(home).not_taken == 0
    assert {row["name"]: row["loaded_count"] for row in ledger(home)} == {
        "good.csv": 3,
        "growing.csv": 2,
    }


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (b"baris\xe2\x80\xa8baru.csv", r"baris\u2028baru.csv"),
        (b"caf\xe9.csv", "caf\ufffd.csv"),
        (b'tanda "kutip".csv', 'tanda "kutip".csv'),
        (b"a\nb.csv", r"a\nb.csv"),
        (b"\x1b[2J\x9b.csv", "\\x1b[2J\ufffd.csv"),
        ("kiri\u202ekanan.csv".encode(), r"kiri\u202ekanan.csv"),
        ("Laporan Ünïcode 日本 🇮🇩.csv".encode(), "Laporan Ünïcode 日本 🇮🇩.csv"),
    ],
)
def test_any_file_name_is_taken_and_told_without_what_steers_a_terminal(
    home: Home, name: bytes, told: str
) -> None:
    path = home.inbox / "a" / os.fsdecode(name)
    path.parent.mkdir(parents=True)
    path.write_bytes(POSTS)
    ingest(home)
    assert ingest(home).deliveries == 0
    assert [row["name"] for row in ledger(home)] == [told]


def test_hidden_files_are_no_exports(home: Home) -> None:
    deliver(home, ".staging/posts.csv", POSTS, NOON)
    deliver(home, "a/._posts.csv", POSTS, NOON)
    assert ingest(home).deliveries == 0


class Crash(Exception):
    """Stands for a loss of power."""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_after_a_crash_at_any_write_the_next_run_gives_the_undisturbed_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """A crash before a file has its new content, and one right after."""
    monkeypatch.setattr(batches, "_MOST_FILES", 2)
    monkeypatch.setattr(children, "results", here)  # where a test's own writer holds
    start = Home(tmp_path / "start")
    ingest(start)
    deliver(start, "a/old.csv", export(X_1), MORNING)
    ingest(start)
    new = {"posts": POSTS, "videos": VIDEOS, "bad": b"", "fb": export(FACEBOOK)}
    for name, content in new.items():
        deliver(start, f"b/{name}.csv", content, NOON)

    def copy(name: str) -> Home:
        return Home(Path(shutil.copytree(start.root, tmp_path / name)))

    undisturbed = copy("undisturbed")
    ingest(undisturbed)
    expected = (ledger(undisturbed), lake_rows(undisturbed))
    durable, writes = storage.durable, 0

    @contextmanager
    def failing(path: Path) -> Iterator[Path]:
        nonlocal writes
        writes += 1
        if writes == fatal and moment == "before":
            raise Crash
        with durable(path) as temporary:
            yield temporary
        if writes == fatal and moment == "after":
            raise Crash

    fatal = 1
    while True:
        home, writes = copy(f"crash {fatal}"), 0
        with monkeypatch.context() as patch:
            patch.setattr(storage, "durable", failing)
            patch.setattr(inbox, "ThreadPoolExecutor", _OneThread)  # writes in one order
            try:
                ingest(home)
                break
            except Crash:
                pass
        ingest(home)
        assert (ledger(home), lake_rows(home)) == expected, f"crash {moment} write {fatal}"
        fatal += 1
    assert fatal > 10


class _OneThread:
    """A pool that does its work at once."""

    map = staticmethod(map)

    def __enter__(self) -> _OneThread:
        return self

    def __exit__(self, *_: object) -> None:
        pass


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
