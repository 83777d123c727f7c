"""The archive is held to its hashes, and what was made from it is made anew where it is damaged."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ingest import batches, storage
from ingest.erasure import Order, erase_account
from ingest.home import Home
from ingest.pipeline import ingest
from ingest.storage import DamagedArchive
from ingest.tombstones import read_tombstones
from tests.ingest.exports import (
    MORNING,
    NOON,
    POSTS,
    X_1,
    deliver,
    export,
    fill,
    lake_rows,
    ledger,
)


def damage(home: Home, name: str) -> Path:
    """Change one byte of the archived file that was delivered under a name."""
    (sha256,) = {row["sha256"] for row in ledger(home) if row["name"] == name}
    path = home.archived(sha256)
    content = bytearray(path.read_bytes())
    content[-2] ^= 1
    path.write_bytes(content)
    return path


def lose_the_inbox(home: Home) -> None:
    shutil.rmtree(home.inbox)


def test_a_changed_file_is_not_read_and_the_others_are(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    deliver(home, "a/good.csv", POSTS, NOON)
    deliver(home, "a/bad.csv", export(X_1), NOON)
    ingest(home)
    lose_the_inbox(home)
    path = damage(home, "bad.csv")
    changed = path.read_bytes()
    shutil.rmtree(home.lake)
    assert ingest(home).damaged == 1
    assert f"{path}: its bytes are not those of its name" in caplog.text
    assert "restore this file from a backup" in caplog.text
    found = {row["name"]: row for row in ledger(home)}
    assert found["good.csv"]["loaded_count"] == 3
    assert found["bad.csv"]["status"] == "quarantined"
    assert path.read_bytes() == changed
    # Every run tells it, until the file is as it was.
    assert ingest(home).damaged == 1
    storage.write_bytes(path, export(X_1))
    assert ingest(home).damaged == 0
    assert {row["status"] for row in ledger(home)} == {"loaded"}


def test_rows_of_a_changed_file_stay_as_they_were_read(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(home)
    ingest(home)
    lose_the_inbox(home)
    before = lake_rows(home), ledger(home)
    path = damage(home, "x.csv")
    # Another version of the code reads every file again.
    monkeypatch.setattr(batches, "reader_version", lambda: "a newer one")
    for _ in range(2):
        assert ingest(home).damaged == 1
        assert (lake_rows(home), ledger(home)) == before
    path.unlink()
    assert ingest(home).damaged == 1
    assert (lake_rows(home), ledger(home)) == before


def test_a_file_that_is_delivered_again_restores_its_copy(home: Home) -> None:
    deliver(home, "a/posts.csv", POSTS, NOON)
    ingest(home)
    path = damage(home, "posts.csv")
    deliver(home, "a/posts again.csv", POSTS, MORNING)
    ingest(home)
    assert path.read_bytes() == POSTS


def test_erasing_refuses_while_a_file_that_may_name_the_account_is_damaged(home: Home) -> None:
    deliver(home, "a/posts.csv", POSTS, NOON)
    deliver(home, "a/x.csv", export(X_1), NOON)
    ingest(home)
    path = damage(home, "x.csv")
    with pytest.raises(DamagedArchive, match=path.name):
        erase_account(home, "x", "somebody", Order("asked for", "me"))
    assert read_tombstones(home) == {}


def test_a_damaged_part_of_the_lake_is_made_anew(home: Home) -> None:
    fill(home)
    ingest(home)
    before = lake_rows(home), ledger(home)
    one_of_each = {part.parent: part for part in sorted(home.lake.rglob("*.parquet"))}
    for place, part in enumerate(one_of_each.values()):
        part.write_bytes([b"", part.read_bytes()[:-40], b"PAR1 no more"][place % 3])
        if part.stem == "_empty" or part.parent.name == "files" or part.parent == home.lake:
            ingest(home)
        else:  # only who reads the rows sees it
            assert part in batches.remove_unreadable(home)
            ingest(home)
        assert (lake_rows(home), ledger(home)) == before, part


def test_a_copy_of_an_archived_file_is_held_to_its_hash(home: Home, tmp_path: Path) -> None:
    deliver(home, "a/posts.csv", POSTS, NOON)
    ingest(home)
    (sha256,) = {row["sha256"] for row in ledger(home)}
    storage.copy_archived(home, sha256, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == POSTS
    path = damage(home, "posts.csv")
    for _ in ("changed", "lost"):
        with pytest.raises(DamagedArchive, match=sha256):
            storage.copy_archived(home, sha256, tmp_path / "other")
        path.unlink(missing_ok=True)
    assert not list(tmp_path.glob("*other*"))
