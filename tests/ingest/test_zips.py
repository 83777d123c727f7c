"""ZIPs in the inbox: each file in one is a delivery of its own, with the ZIP's time and sender."""

from __future__ import annotations

import hashlib
import os
import shutil
from datetime import date, datetime
from pathlib import Path

import pytest

from ingest import children, erasure, inbox
from ingest.erasure import Order
from ingest.home import Home
from ingest.pipeline import ingest
from tests.ingest.bounds import SetBounds, here
from tests.ingest.exports import (
    EVENING,
    INSTAGRAM,
    MORNING,
    NOON,
    POSTS,
    TIKTOK_STUDIO,
    VIDEOS,
    X_1,
    deliver,
    export,
    lake_rows,
    ledger,
)
from tests.ingest.responses import MEDIA, SCRAPED, response
from tests.ingest.spreadsheets import xlsx
from tests.ingest.test_erasure import holding
from tests.ingest.zips import ENCRYPTED, Packed, simple, zipped

ORDER = Order("the person asked for it", "data protection officer")
CHART = b"Date,Content,Video title,Video publish time,Views\n2025-07-31,a,b,c,5\n"
TOTALS = b"Date,Views\n2025-07-31,5\n"
YOUTUBE = simple({"Table data.csv": VIDEOS, "Chart data.csv": CHART, "Totals.csv": TOTALS})
X = export(X_1)
#: One file can be taken out of it.
KEPT = zipped(Packed("x.csv", X), Packed("posts.csv", POSTS, flags=ENCRYPTED))


@pytest.fixture(autouse=True)
def _without_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "results", here)


def archived(home: Home) -> set[bytes]:
    """The delivered files in the archive."""
    return {path.read_bytes() for path in home.archive.glob("??/*")}


def outcomes(home: Home) -> dict[str, str]:
    """What became of each delivery, by its name."""
    return {row["name"]: row["status"] for row in ledger(home)}


def test_a_zip_as_youtube_hands_it_out_is_three_deliveries(home: Home) -> None:
    deliver(home, "bali/Content 2025-07-01_2025-08-01 Kanal.zip", YOUTUBE, NOON)
    assert ingest(home).deliveries == 3
    found = {row["name"].rpartition("/")[2]: row for row in ledger(home)}
    assert found.keys() == {"Table data.csv", "Chart data.csv", "Totals.csv"}
    for row in found.values():
        assert row["name"].startswith("Content 2025-07-01_2025-08-01 Kanal.zip/")
        assert (row["folder"], row["office_id"], row["status"]) == ("bali", "bali", "loaded")
        assert row["captured_at"] == row["received_at"] == datetime.fromisoformat(NOON)
        assert (row["covers_from"], row["covers_to"]) == (date(2025, 7, 1), date(2025, 7, 31))
    assert {name: row["loaded_count"] for name, row in found.items()} == {
        "Table data.csv": 1,
        "Chart data.csv": 0,
        "Totals.csv": 0,
    }
    assert archived(home) == {VIDEOS, CHART, TOTALS}
    assert ingest(home).deliveries == 0


def test_the_same_zip_again_says_nothing_new(home: Home) -> None:
    deliver(home, "bali/a.zip", YOUTUBE, NOON)
    ingest(home)
    before = ledger(home)
    deliver(home, "bali/a.zip", YOUTUBE, EVENING)
    deliver(home, "bali/b.zip", YOUTUBE, EVENING)
    deliver(home, "bali/Table data.csv", VIDEOS, EVENING)
    assert ingest(home).deliveries == 0
    assert ledger(home) == before


def test_a_sidecar_beside_a_zip_holds_for_all_in_it(home: Home) -> None:
    told = {"captured_at": "2025-08-02T08:00:00+07:00", "account_id": "bali-youtube"}
    deliver(home, "a.zip", YOUTUBE, NOON, told | {"covers_from": "2025-06-01"})
    ingest(home)
    for row in ledger(home):
        assert (row["captured_at"], row["captured_at_source"]) == (
            datetime(2025, 8, 2, 1),
            "sidecar",
        )
        assert (row["account_id"], row["covers_from"]) == ("bali-youtube", date(2025, 6, 1))
        assert row["office_id"] is None, "a ZIP at the top of the inbox is no sender's folder"


def test_a_sidecar_that_can_t_be_read_is_named_and_quarantines_all_in_the_zip(home: Home) -> None:
    deliver(home, "bali/a.zip", YOUTUBE, NOON, "{")
    assert ingest(home).quarantined == 3
    assert all(row["reason"].startswith("a.zip.delivery.json: ") for row in ledger(home))
    deliver(home, "bali/a.zip", YOUTUBE, NOON, {"account_id": "bali-youtube"})
    ingest(home)
    assert {row["status"] for row in ledger(home)} == {"loaded"}


def test_a_file_s_own_name_goes_before_that_of_its_zip(home: Home) -> None:
    names = ["Content_1754100000_a.csv", "x_2025-07-05_2025-07-31.csv"]
    files = dict(zip(names, [export(TIKTOK_STUDIO), X], strict=True))
    deliver(home, "bali/all_2025-06-01_2025-08-01_1754200000.zip", simple(files), NOON)
    ingest(home)
    found = {row["name"].rpartition("/")[2]: row for row in ledger(home)}
    assert found[names[0]]["captured_at"] == datetime(2025, 8, 2, 2)
    assert found[names[0]]["covers_from"] == date(2025, 6, 1), "the ZIP's, for it has none"
    assert found[names[1]]["covers_from"] == date(2025, 7, 5)
    assert found[names[1]]["captured_at_source"] == "receipt"


def test_a_workbook_in_a_zip_and_one_beside_it_stay_workbooks(home: Home) -> None:
    book = xlsx({"Content": [[*TIKTOK_STUDIO], [*TIKTOK_STUDIO.values()]]})
    deliver(home, "bali/Content.zip", simple({"Content.xlsx": book}), NOON)
    deliver(home, "aceh/Content.xlsx", book, NOON)
    ingest(home)
    assert outcomes(home) == {"Content.zip/Content.xlsx": "loaded", "Content.xlsx": "loaded"}
    assert archived(home) == {book}


def test_what_is_no_export_is_named_and_does_not_stop_the_rest(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    files = {
        "__MACOSX/._x.csv": b"\0",
        "readme.txt": b"Hello",
        "x.csv": X,
        "photo.jpg": b"\xff\xd8",
    }
    deliver(home, "bali/a.zip", simple(files), NOON)
    assert ingest(home).quarantined == 1
    assert "bali/a.zip: left as no exports: __MACOSX/._x.csv, readme.txt" in caplog.text
    assert outcomes(home) == {"a.zip/x.csv": "loaded", "a.zip/photo.jpg": "quarantined"}


def test_a_zip_of_which_something_can_t_be_taken_is_kept_until_it_can(
    home: Home, set_bounds: SetBounds
) -> None:
    large = POSTS + b" " * 2**20
    set_bounds(read_mib=1)
    content = simple({"x.csv": X, "posts.csv": large})
    deliver(home, "bali/a.zip", content, NOON)
    assert ingest(home).quarantined == 1
    found = {row["name"]: row for row in ledger(home)}
    assert found["a.zip/x.csv"]["status"] == "loaded"
    assert found["a.zip"]["reason"].startswith("1 of its 2 files can't be taken: posts.csv: it has")
    assert "more than 1 MiB (KURASI_MOST_READ_MIB sets this bound)" in found["a.zip"]["reason"]
    assert archived(home) == {content, X}
    assert ingest(home).deliveries == 0
    # Another bound takes what is left, from the archive alone.
    shutil.rmtree(home.inbox)
    set_bounds(read_mib=2)
    ingest(home)
    assert outcomes(home) == {"a.zip/x.csv": "loaded", "a.zip/posts.csv": "loaded"}
    assert archived(home) == {large, X}


@pytest.mark.parametrize("is_large", [True, False])
def test_a_zip_that_can_t_be_opened_is_one_delivery(
    home: Home, set_bounds: SetBounds, *, is_large: bool
) -> None:
    if is_large:
        set_bounds(read_mib=1)
    content = simple({"a.csv": os.urandom(2**20), "x.csv": X}) if is_large else YOUTUBE[:-9]
    deliver(home, "bali/a.zip", content, NOON)
    ingest(home)
    (row,) = ledger(home)
    assert (row["name"], row["status"]) == ("a.zip", "quarantined")
    assert ("more than 1 MiB" if is_large else "the ZIP is damaged or cut") in row["reason"]
    assert archived(home) == {content}


def test_names_in_a_zip_never_become_paths(home: Home, tmp_path: Path) -> None:
    names = ["../../../out.csv", f"{tmp_path}/out.csv", "..\\out.csv", "a/../../../out.csv"]
    deliver(home, "bali/a.zip", zipped(*(Packed(name, X) for name in names)), NOON)
    ingest(home)
    assert outcomes(home) == {"a.zip": "quarantined"}
    assert not list(tmp_path.rglob("out.csv"))


def test_the_lake_and_the_ledger_are_made_anew_from_the_archive(home: Home) -> None:
    deliver(home, "bali/a.zip", YOUTUBE, NOON)
    deliver(home, "bali/kept.zip", KEPT, MORNING)
    ingest(home)
    before = ledger(home), lake_rows(home)
    shutil.rmtree(home.lake)
    ingest(home)  # the inbox is received once more
    assert (ledger(home), lake_rows(home)) == before
    shutil.rmtree(home.lake)
    shutil.rmtree(home.inbox)
    ingest(home)
    assert (ledger(home), lake_rows(home)) == before


def test_lost_receipts_of_a_zip_are_written_anew(home: Home) -> None:
    deliver(home, "bali/a.zip", YOUTUBE, NOON)
    ingest(home)
    before = ledger(home)
    (receipts,) = (home.archive / "receipts").glob("*.jsonl")
    receipts.write_bytes(receipts.read_bytes()[:-9])
    shutil.rmtree(home.inbox)
    ingest(home)
    assert ledger(home) == before


class Crash(Exception):
    """Stands for a loss of power."""


def test_a_crash_before_the_receipts_is_made_good_by_the_next_run(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise Crash

    deliver(home, "bali/a.zip", YOUTUBE, NOON)
    deliver(home, "bali/kept.zip", KEPT, MORNING)
    with monkeypatch.context() as patch, pytest.raises(Crash):
        patch.setattr(inbox, "write_receipts", crash)
        ingest(home)
    assert ingest(home).deliveries == 5
    assert archived(home) == {VIDEOS, CHART, TOTALS, X, KEPT}


def test_a_zip_that_changes_meanwhile_is_taken_by_the_next_run(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = deliver(home, "bali/a.zip", YOUTUBE, NOON)
    receive = inbox._receive

    def meanwhile(*arguments: object) -> object:
        path.write_bytes(simple({"x.csv": X}))
        return receive(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "_receive", meanwhile)
        assert ingest(home).not_taken == 1
    ingest(home)
    assert outcomes(home) == {"a.zip/x.csv": "loaded"}


# Erasure.


def test_a_file_of_a_zip_is_erased_with_the_zip_in_the_inbox_and_the_others_stay(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    path = deliver(home, "bali/a.zip", simple({"x.csv": X, "posts.csv": POSTS}), NOON)
    ingest(home)
    (row,) = (row for row in ledger(home) if row["name"] == "a.zip/x.csv")
    erasure.erase_delivery(home, row["delivery_id"], ORDER)
    ingest(home)
    assert not path.exists()
    assert archived(home) == {POSTS}
    assert sorted(row["status"] for row in ledger(home)) == ["erased", "loaded"]
    # Should the same come again, the rest is nothing new.
    deliver(home, "bali/again.zip", simple({"x.csv": X, "posts.csv": POSTS}), NOON)
    assert ingest(home).deliveries == 0
    assert archived(home) == {POSTS}
    assert "x.csv in bali/again.zip is not taken: its bytes were erased" in caplog.text


def test_a_newer_zip_of_the_same_name_is_not_removed_with_an_older_one(home: Home) -> None:
    path = deliver(home, "bali/a.zip", simple({"x.csv": X}), NOON)
    ingest(home)
    path.write_bytes(simple({"x.csv": X, "posts.csv": POSTS}))
    (row,) = ledger(home)
    erasure.erase_delivery(home, row["delivery_id"], ORDER)
    ingest(home)
    assert path.exists()
    assert archived(home) == {POSTS}


def test_a_kept_zip_goes_with_a_file_of_it_that_is_erased(home: Home) -> None:
    deliver(home, "bali/a.zip", KEPT, NOON)
    ingest(home)
    (row,) = (row for row in ledger(home) if row["name"] == "a.zip/x.csv")
    erasure.erase_delivery(home, row["delivery_id"], ORDER)
    ingest(home)
    assert archived(home) == set()
    assert {row["status"] for row in ledger(home)} == {"erased"}
    deliver(home, "bali/again.zip", KEPT, NOON)
    ingest(home)
    assert archived(home) == set()


def test_a_zip_that_a_crash_left_goes_with_a_file_of_it_that_is_erased(home: Home) -> None:
    deliver(home, "bali/a.zip", content := simple({"x.csv": X}), NOON)
    ingest(home)
    (row,) = ledger(home)
    path = home.archived(hashlib.sha256(content).hexdigest())
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    erasure.erase_delivery(home, row["delivery_id"], ORDER)
    assert archived(home) == set()


def test_an_account_is_erased_from_a_file_of_a_zip(home: Home) -> None:
    private = {
        "Account ID": "17841400000000099",
        "Account username": "siti_private",
        "Post ID": "17900000000000099",
        "Permalink": "https://www.instagram.com/p/DMx9S9rgAAG/",
    }
    files = {"siti_private.csv": export(INSTAGRAM, {}, private), "x.csv": X}
    path = deliver(home, "bali/a.zip", simple(files), NOON)
    ingest(home)
    erasure.erase_account(home, "instagram", "siti_private", ORDER)
    ingest(home)
    assert not path.exists()
    assert holding(home, "siti_private") == []
    assert len(lake_rows(home)["observations"]) == 2
    with pytest.raises(erasure.NotErasable, match="no record of"):
        erasure.erase_account(home, "instagram", "siti_private", ORDER)


# Private persons in responses.

SCRAPE = response("", SCRAPED)
COMMENTER = "latestComments"


def test_private_persons_in_a_zip_are_not_kept_and_the_zip_leaves_the_inbox(home: Home) -> None:
    content = simple({"scrape.json": SCRAPE, "x.csv": X})
    path = deliver(home, "bali/a.zip", content, NOON)
    ingest(home)
    found = {row["name"]: row for row in ledger(home)}
    assert {row["status"] for row in found.values()} == {"loaded"}
    row = found["a.zip/scrape.json"]
    assert row["received_sha256"] == hashlib.sha256(SCRAPE).hexdigest() != row["sha256"]
    assert found["a.zip/x.csv"]["received_sha256"] is None
    assert not path.exists()
    assert not any(COMMENTER.encode() in each for each in archived(home))
    assert len(archived(home)) == 2
    # The same bytes again, by themselves or in another ZIP, are the same delivery.
    deliver(home, "bali/b.zip", simple({"again.json": SCRAPE}), EVENING)
    deliver(home, "bali/scrape.json", SCRAPE, EVENING)
    assert ingest(home).deliveries == 0


def test_a_zip_with_private_persons_and_a_file_that_can_t_be_taken_is_not_taken(
    home: Home,
) -> None:
    content = zipped(Packed("scrape.json", SCRAPE), Packed("x.csv", X, flags=ENCRYPTED))
    path = deliver(home, "bali/a.zip", content, NOON)
    for _ in range(2):
        assert ingest(home).not_taken == 1
    assert path.exists()
    assert archived(home) == set()
    assert ledger(home) == []


def test_headers_beside_a_zip_hold_for_all_in_it_and_none_are_read_inside(home: Home) -> None:
    date = "date: Sat, 02 Aug 2025 01:00:00 GMT\r\n"
    path = deliver(home, "bali/a.zip", simple({"media.json": response("data", MEDIA)}), NOON)
    path.with_name("a.zip.headers").write_text(date)
    inside = {"other.json": response("data", MEDIA), "other.json.headers": date.encode()}
    deliver(home, "bali/b.zip", simple(inside), NOON)
    ingest(home)
    assert outcomes(home) == {"a.zip/media.json": "loaded", "b.zip": "quarantined"}
    assert ledger(home)[0]["captured_at"] == datetime.fromisoformat(MORNING)
