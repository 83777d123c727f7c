"""Receipts and tombstones that were damaged: told, and what they told of stays as it was."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from ingest import children, erasure
from ingest.home import Home
from ingest.pipeline import ingest
from ingest.receipts import (
    Receipt,
    ResolvedDelivery,
    as_told,
    read_receipts,
)
from ingest.receipts import deliveries as deliveries_of
from ingest.storage import DamagedArchive
from ingest.tombstones import damaged_tombstones, read_tombstones
from orchestration.cli.doctor import examine
from tests.ingest.bounds import here
from tests.ingest.exports import (
    MORNING,
    NOON,
    POSTS,
    X_1,
    deliver,
    export,
    lake_rows,
    ledger,
)
from tests.ingest.test_receipts import RECEIPTS
from tests.properties import examples

ORDER = erasure.Order("the person asked for it", "data protection officer")
SIDECAR = {
    "captured_at": "2025-08-02T01:00:00Z",
    "account_id": "bali-x",
    "covers_from": "2025-07-01",
}

Damage = Callable[[bytes], bytes]
DAMAGE: dict[str, Damage] = {
    "cut": lambda content: content[: len(content) // 2],
    "emptied": lambda _: b"",
    "not JSON": lambda _: b"\x00 no more\xff\n",
    "a list": lambda _: b"[]\n",
    "nested": lambda _: b"[" * 100_000,
    # Of an instant, or of a count of records.
    "a digit flipped": lambda content: re.sub(
        rb'(received_at": "202|_count": )[0-9]', rb"\g<1>7", content, count=1
    ),
}


@pytest.fixture(params=DAMAGE)
def damage(request: pytest.FixtureRequest) -> Damage:
    return DAMAGE[request.param]


@pytest.fixture(autouse=True)
def without_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "results", here)
    monkeypatch.setattr(children, "warm", lambda: None)


@pytest.fixture
def filled(home: Home) -> Home:
    """Two runs with a file each, so two files of receipts."""
    deliver(home, "a/posts.csv", POSTS, NOON)
    ingest(home)
    deliver(home, "b/x.csv", export(X_1), MORNING, SIDECAR)
    ingest(home)
    return home


def receipts_of(home: Home, name: str) -> Path:
    """The file of receipts that tells of an arrival."""
    paths = (home.archive / "receipts").glob("*.jsonl")
    (path,) = [path for path in paths if f'"{name}"' in path.read_text()]
    return path


def rows_of(home: Home, sha256: str) -> list[dict[str, Any]]:
    """What the lake holds of a file's posts."""
    return [row for row in lake_rows(home)["observations"] if row["sha256"] == sha256]


def told_by_doctor(home: Home) -> list[tuple[str, str]]:
    """What the doctor finds wrong with the archive, and what to do."""
    return [
        (each.detail, each.remedy)
        for each in examine(home)
        if each.check == "archive" and not each.is_ok
    ]


def test_deliveries_of_damaged_receipts_stay_and_new_files_are_taken(
    filled: Home, damage: Damage, caplog: pytest.LogCaptureFixture
) -> None:
    before = ledger(filled)
    path = receipts_of(filled, "x.csv")
    path.write_bytes(damage(path.read_bytes()))
    damaged = path.read_bytes()
    shutil.rmtree(filled.inbox)
    deliver(filled, "c/new.csv", export({**X_1, "Post text": "new"}), NOON)
    for _ in range(2):  # every run tells it, until somebody mends it
        caplog.clear()
        assert ingest(filled).damaged == 1
        (line,) = [line for line in caplog.messages if str(path) in line]
        assert line.startswith(f"{path}: it was changed or cut")
        assert "restore it from a backup of archive/" in line
        rows = {row["name"]: row for row in ledger(filled)}
        assert rows.pop("new.csv")["status"] == "loaded"
        assert list(rows.values()) == before
    assert path.read_bytes() == damaged
    ((detail, remedy),) = told_by_doctor(filled)
    assert detail.startswith(f"{path}: it was changed or cut")
    assert "restore it from a backup of archive/, or move it out of archive/" in remedy
    path.unlink()
    assert ingest(filled).damaged == 0
    assert [row for row in ledger(filled) if row["name"] != "new.csv"] == before


def test_receipts_whose_files_still_lie_in_the_inbox_are_made_again_as_they_were(
    filled: Home, damage: Damage, caplog: pytest.LogCaptureFixture
) -> None:
    before = set(read_receipts(filled))
    path = receipts_of(filled, "x.csv")
    content = path.read_bytes()
    path.write_bytes(damage(content))
    ingest(filled)
    # The same receipts have the same name, so this very file is whole again.
    assert path.read_bytes() == content
    assert f"{path} is as it was" in caplog.text
    assert set(read_receipts(filled)) == before
    assert ingest(filled).damaged == 0


def test_receipts_that_are_gone_are_written_anew_as_the_ledger_tells_them(
    filled: Home, caplog: pytest.LogCaptureFixture
) -> None:
    before = ledger(filled)
    receipts_of(filled, "x.csv").unlink()
    shutil.rmtree(filled.inbox)
    assert ingest(filled).damaged == 0
    assert "1 receipts are written anew, as the ledger tells them" in caplog.text
    assert ledger(filled) == before
    caplog.clear()
    ingest(filled)
    assert "written anew" not in caplog.text
    assert ledger(filled) == before


def test_nothing_is_erased_while_receipts_are_damaged(filled: Home) -> None:
    path = receipts_of(filled, "x.csv")
    path.write_bytes(b"")
    (row,) = [row for row in ledger(filled) if row["name"] == "posts.csv"]
    with pytest.raises(DamagedArchive, match=path.name):
        erasure.erase_delivery(filled, row["delivery_id"], ORDER)
    assert filled.archived(row["sha256"]).exists()


def test_an_erased_file_s_name_does_not_come_back_from_the_ledger(
    filled: Home,
) -> None:
    (row,) = [row for row in ledger(filled) if row["name"] == "x.csv"]
    erasure.erase_delivery(filled, row["delivery_id"], ORDER)
    for path in (filled.archive / "receipts").glob("*.jsonl"):
        path.write_bytes(b"")  # before the next run wrote the ledger anew
    ingest(filled)
    assert {receipt.name for receipt in read_receipts(filled)} == {"posts.csv", "erased"}
    assert {row["name"]: row["status"] for row in ledger(filled)} == {
        "posts.csv": "loaded",
        "erased": "erased",
    }


@given(receipts=RECEIPTS)
@settings(max_examples=examples(300))
def test_receipts_as_the_ledger_tells_them_make_the_same_deliveries(
    receipts: list[Receipt],
) -> None:
    platforms = {"a" * 64: "tiktok", "b" * 64: None}
    # Of one arrival the ledger can tell one sidecar only.
    one_each = {(each.sha256, each.arrival): each for each in receipts}
    found = list(deliveries_of(one_each.values(), platforms))
    again = list(deliveries_of([as_told(_row(each)) for each in found], platforms))
    assert [_identity(each) for each in again] == [_identity(each) for each in found]


def _row(delivery: ResolvedDelivery) -> dict[str, Any]:
    """What the ledger tells of a delivery."""
    return {
        "sha256": delivery.receipt.sha256,
        "received_sha256": delivery.receipt.received_sha256,
        "name": delivery.receipt.name,
        "folder": delivery.receipt.folder,
        "received_at": delivery.receipt.received_at,
        "captured_at": delivery.captured_at,
        "captured_at_source": delivery.captured_at_source,
        "office_id": delivery.claims.office_id,
        "account_id": delivery.claims.account_id,
        "covers_from": delivery.covers_from,
        "covers_to": delivery.covers_to,
        "covers_source": delivery.covers_source,
        "reason": delivery.problem,
    }


def _identity(delivery: ResolvedDelivery) -> tuple[Any, ...]:
    is_sound = delivery.problem is None
    return (delivery.delivery_id, delivery.captured_at, delivery.captured_at_source, is_sound)


def test_a_damaged_tombstone_keeps_its_file_erased(
    filled: Home, damage: Damage, caplog: pytest.LogCaptureFixture
) -> None:
    (row,) = [row for row in ledger(filled) if row["name"] == "x.csv"]
    erasure.erase_delivery(filled, row["delivery_id"], ORDER)
    ingest(filled)
    before = ledger(filled)
    path = filled.archive / "tombstones" / f"{row['sha256']}.json"
    path.write_bytes(damage(path.read_bytes()))
    deliver(filled, "b/again.csv", export(X_1), NOON)
    assert ingest(filled).damaged == 1
    (line,) = [line for line in caplog.messages if line.startswith(f"{path}: ")]
    assert "its bytes stay erased; restore it from a backup" in line
    assert "b/again.csv is not taken" in caplog.text
    assert not filled.archived(row["sha256"]).exists()
    assert ledger(filled) == before
    ((_, remedy),) = told_by_doctor(filled)
    assert remedy.endswith(f"kurasi erase {row['delivery_id']} --reason TEXT --by NAME")
    # What the remedy names helps.
    erasure.erase_delivery(filled, row["delivery_id"], erasure.Order("again", "me"))
    assert not list(damaged_tombstones(filled))
    assert read_tombstones(filled)[row["sha256"]].loaded_count == 1
    assert ingest(filled).damaged == 0


def test_a_tombstone_of_an_earlier_version_is_sound(filled: Home) -> None:
    (row,) = [row for row in ledger(filled) if row["name"] == "x.csv"]
    (told,) = erasure.erase_delivery(filled, row["delivery_id"], ORDER)
    path = filled.archive / "tombstones" / f"{row['sha256']}.json"
    path.write_text(told.model_dump_json(indent=1, exclude={"withheld_count"}))
    assert not list(damaged_tombstones(filled))
    assert read_tombstones(filled)[row["sha256"]].by == ORDER.by


def test_erasing_keeps_the_rows_of_a_damaged_file_and_tells_it(
    filled: Home, caplog: pytest.LogCaptureFixture
) -> None:
    rows = {row["name"]: row for row in ledger(filled)}
    kept = filled.archived(rows["posts.csv"]["sha256"])
    kept.write_bytes(b"other bytes")
    shutil.rmtree(filled.inbox)
    before = rows_of(filled, rows["posts.csv"]["sha256"])
    assert before
    erasure.erase_delivery(filled, rows["x.csv"]["delivery_id"], ORDER)
    assert f"{kept} is damaged; its rows stay" in caplog.text
    ingest(filled)
    assert rows_of(filled, rows["posts.csv"]["sha256"]) == before
    assert rows_of(filled, rows["x.csv"]["sha256"]) == []
    assert {row["sha256"]: row["status"] for row in ledger(filled)} == {
        rows["posts.csv"]["sha256"]: "loaded",
        rows["x.csv"]["sha256"]: "erased",
    }
