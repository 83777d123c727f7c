"""Erasure: what is named is gone from every place of a home, stays gone, and the ledger adds up."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from ingest import erasure
from ingest.home import Home
from ingest.pipeline import ingest
from ingest.schemas import Account
from ingest.storage import write_table
from tests.ingest.exports import INSTAGRAM, NOON, POSTS, X_1, deliver, export, lake_rows, ledger

ORDER = erasure.Order("the person asked for it", "data protection officer")
PRIVATE = {
    "Account ID": "17841400000000099",
    "Account username": "siti_private",
    "Account name": "Siti",
    "Post ID": "17900000000000099",
    "Permalink": "https://www.instagram.com/p/DMx9S9rgAAG/",
}


@pytest.fixture
def filled(home: Home) -> Home:
    deliver(home, "a/posts.csv", export(INSTAGRAM, {}, PRIVATE), NOON)
    deliver(home, "a/x.csv", export(X_1), NOON)
    ingest(home)
    return home


def holding(home: Home, text: str) -> list[str]:
    """The files of a home that hold a text, in their bytes or in a column."""
    found = [p for p in home.root.rglob("*") if p.is_file() and text.encode() in p.read_bytes()]
    for path in home.lake.rglob("*.parquet"):
        table = pl.read_parquet(path, hive_partitioning=False)
        if any(text in str(cell) for row in table.rows() for cell in row):
            found.append(path)
    return [str(path.relative_to(home.root)) for path in found]


def test_an_account_s_records_go_and_those_of_others_stay(filled: Home) -> None:
    assert holding(filled, "siti_private")
    before = {row["post_id"]: row for row in lake_rows(filled)["observations"]}
    erasure.erase_account(filled, "instagram", "@Siti_Private", ORDER)
    ingest(filled)
    assert holding(filled, "siti_private") == []
    after = {row["post_id"]: row for row in lake_rows(filled)["observations"]}
    assert before.keys() - after.keys() == {"DMx9S9rgAAG"}
    kept = ("platform_account_id", "like_count", "published_at", "text")
    for post_id, row in after.items():
        assert [row[name] for name in kept] == [before[post_id][name] for name in kept]


def test_the_ledger_tells_what_was_erased_and_still_adds_up(filled: Home) -> None:
    (delivery,) = (row for row in ledger(filled) if row["name"] == "x.csv")
    erasure.erase_delivery(filled, delivery["delivery_id"], ORDER)
    ingest(filled)
    told = {row["sha256"]: row for row in ledger(filled)}[delivery["sha256"]]
    assert told["status"] == "erased"
    assert "data protection officer: the person asked for it" in told["reason"]
    assert (told["record_count"], told["loaded_count"]) == (1, 1)
    assert {row["platform"] for row in lake_rows(filled)["observations"]} == {"instagram"}
    assert not filled.archived(delivery["sha256"]).exists()
    assert not (filled.inbox / "a/x.csv").exists()


def test_erased_bytes_are_not_taken_again(filled: Home, caplog: pytest.LogCaptureFixture) -> None:
    (delivery,) = (row for row in ledger(filled) if row["name"] == "x.csv")
    erasure.erase_delivery(filled, delivery["delivery_id"], ORDER)
    deliver(filled, "b/again.csv", export(X_1), NOON)
    ingest(filled)
    assert "b/again.csv is not taken" in caplog.text
    assert not filled.archived(delivery["sha256"]).exists()
    assert {row["platform"] for row in lake_rows(filled)["observations"]} == {"instagram"}


def test_a_registered_account_and_an_unknown_one_are_refused(filled: Home, tmp_path: Path) -> None:
    row = {"account_id": "a", "office_id": "o", "platform": "instagram"}
    row |= {"platform_account_id": None, "handle": "siti_private", "name": None}
    row |= {"valid_from": None, "valid_to": None}
    accounts = pl.DataFrame([row], schema=Account.create_empty().schema)
    write_table(filled.table("accounts"), accounts)
    before = lake_rows(filled)
    for name, reason in (("siti_private", "is registered as a"), ("nobody", "no record")):
        with pytest.raises(erasure.NotErasable, match=reason):
            erasure.erase_account(filled, "instagram", name, ORDER)
    ingest(filled)
    assert lake_rows(filled) == before


def test_a_crash_after_the_tombstone_is_made_good_by_the_next_run(
    filled: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    (delivery,) = (row for row in ledger(filled) if row["name"] == "x.csv")
    monkeypatch.setattr(erasure, "apply", lambda *_: None)
    erasure.erase_delivery(filled, delivery["delivery_id"], ORDER)
    monkeypatch.undo()
    assert filled.archived(delivery["sha256"]).exists()
    ingest(filled)
    assert not filled.archived(delivery["sha256"]).exists()
    assert {row["platform"] for row in lake_rows(filled)["observations"]} == {"instagram"}


def test_nothing_is_erased_where_nothing_was_asked(home: Home) -> None:
    deliver(home, "a/posts.csv", POSTS, NOON)
    ingest(home)
    assert erasure.tombstones(home) == {}
    assert {row["status"] for row in ledger(home)} == {"loaded"}
