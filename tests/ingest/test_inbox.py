"""The inbox: capture times that are written down for exports whose own times were lost."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from ingest import pipeline
from ingest.home import Home
from ingest.inbox import NotStampable, stamp
from ingest.schemas import Delivery
from ingest.storage import read_table
from tests.ingest.exports import X_1, export

MADE = datetime(2025, 8, 2, 8, 0, tzinfo=timezone(timedelta(hours=7)))


def test_a_stamp_is_the_capture_time_of_every_export_of_a_folder(home: Home) -> None:
    folder = home.inbox / "kanwil-bali"
    (folder / "more").mkdir(parents=True)
    content = export(X_1, {})
    (folder / "a.csv").write_bytes(content)
    (folder / "more" / "b.csv").write_bytes(content.replace(b"Likes", b"Likes "))
    (folder / ".hidden.csv").write_bytes(content)
    assert stamp(folder, MADE) == [folder / "a.csv", folder / "more" / "b.csv"]
    pipeline.ingest(home)
    ledger = read_table(home.table("deliveries"), Delivery)
    assert set(ledger["captured_at"]) == {datetime(2025, 8, 2, 1, 0)}
    assert set(ledger["captured_at_source"]) == {"sidecar"}
    assert not list(folder.glob(".hidden*.delivery.json"))


def test_a_stamp_keeps_what_a_sidecar_says_besides(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a")
    sidecar = tmp_path / "a.csv.delivery.json"
    sidecar.write_text('{"account_id": "bali-ig", "covers_from": "2025-07-01"}')
    stamp(tmp_path, MADE)
    assert json.loads(sidecar.read_text()) == {
        "captured_at": "2025-08-02T08:00:00+07:00",
        "account_id": "bali-ig",
        "covers_from": "2025-07-01",
    }
    # The same instant again says nothing new.
    assert stamp(tmp_path, MADE.astimezone(UTC)) == [tmp_path / "a.csv"]


@pytest.mark.parametrize(
    ("sidecar", "reason"),
    [
        ('{"captured_at": "2025-08-03T08:00:00+07:00"}', "says 2025-08-03 08:00:00\\+07:00"),
        ("{", "Invalid JSON"),
        ('{"office_id": "a", "office_id": "b"}', "office_id stands twice"),
    ],
)
def test_a_stamp_never_writes_over_another_and_then_writes_nothing(
    tmp_path: Path, sidecar: str, reason: str
) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(name)
    (tmp_path / "b.csv.delivery.json").write_text(sidecar)
    with pytest.raises(NotStampable, match=reason):
        stamp(tmp_path, MADE)
    assert not (tmp_path / "a.csv.delivery.json").exists()
    assert (tmp_path / "b.csv.delivery.json").read_text() == sidecar


def test_a_name_that_leaves_no_room_for_a_sidecar_s_is_told_and_nothing_written(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.csv").write_text("a")
    (tmp_path / f"{'n' * 220}.csv").write_text("n")
    with pytest.raises(NotStampable, match="its name is too long for a sidecar"):
        stamp(tmp_path, MADE)
    assert not (tmp_path / "a.csv.delivery.json").exists()


def test_a_folder_without_exports_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotStampable, match="there is no export"):
        stamp(tmp_path, MADE)


@pytest.mark.parametrize(
    ("sidecar", "reason"),
    [
        ('{"captured_at": "2025-08-02T08:00:00Z", "captured_at": "2025-08-03T08:00:00Z"}', "twice"),
        (f'{{"office_id": "{"a" * 2**17}"}}', "larger than 64 KiB"),
        ("[" * 30_000, ""),
    ],
)
def test_a_sidecar_that_can_not_be_meant_quarantines_its_file_alone(
    home: Home, sidecar: str, reason: str
) -> None:
    home.inbox.mkdir(parents=True)
    (home.inbox / "good.csv").write_bytes(export(X_1, {}))
    (home.inbox / "bad.csv").write_bytes(export(X_1, {"Likes": "7"}))
    (home.inbox / "bad.csv.delivery.json").write_text(sidecar)
    pipeline.ingest(home)
    ledger = read_table(home.table("deliveries"), Delivery).sort("name")
    assert ledger["status"].to_list() == ["quarantined", "loaded"]
    assert reason in str(ledger["reason"][0])
