"""Reading the delivered files anew finds what was changed in the evidence since they were read."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import erasure
from ingest.home import Home
from orchestration.publication.publish import Edition, Request, erase_copies, publish
from orchestration.publication.replay import compare, read_anew, replay
from orchestration.publication.verify import verify
from tests.conftest import Kurasi
from tests.publication.conftest import AUGUST, MakeHome

Rows = list[dict[str, str]]


def failed(folder: Path) -> set[str]:
    return {check["check"] for check in replay(folder) if not check["ok"]}


def restricted(edition: Edition) -> Path:
    return edition.path.parents[1] / "restricted" / edition.edition_id


@pytest.fixture
def copy(edition: Edition, tmp_path: Path) -> Path:
    shutil.copytree(restricted(edition), tmp_path / "restricted")
    return tmp_path / "restricted"


def test_a_sound_edition_is_read_anew(edition: Edition, kurasi: Kurasi, tmp_path: Path) -> None:
    """By the edition's name or its restricted tier; nothing is left behind."""
    told = kurasi(tmp_path, "--json", "verify", "--replay", str(edition.path))
    assert (told.code, told.json["ok"]) == (0, True), told.err
    details = [c["detail"] for c in told.json["checks"] if c["check"].startswith("replay")]
    assert len(details) == 6 and all("deliveries read anew" in detail for detail in details)
    none = kurasi(tmp_path, "verify", "--replay", str(edition.path / "evidence"))
    assert none.code == 2 and "no delivered files with receipts beside it" in none.err


def changed(name: str, change: Callable[[Rows], Rows]) -> Callable[[Path], None]:
    """Changes the rows of a CSV of the evidence."""

    def apply(folder: Path) -> None:
        path = folder / "evidence" / f"{name}.csv"
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))
        header = list(rows[0])
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, lineterminator="\n")
            writer.writeheader()
            writer.writerows(change(rows))

    return apply


def more(column: str) -> Callable[[Rows], Rows]:
    """One more in the first row that has a number there."""

    def change(rows: Rows) -> Rows:
        row = next(row for row in rows if row[column])
        row[column] = str(int(row[column]) + 1)
        return rows

    return change


def put(column: str, value: str) -> Callable[[Rows], Rows]:
    def change(rows: Rows) -> Rows:
        row = next(row for row in rows if row[column] not in ("", value))
        row[column] = value
        return rows

    return change


def a_row_less(rows: Rows) -> Rows:
    return rows[1:]


def a_post_less(folder: Path) -> None:
    """Everything of one counted post, as who wants it not to count."""
    rows = list(csv.DictReader((folder / "evidence" / "decisions.csv").open(encoding="utf-8")))
    post = next(row["post_id"] for row in rows if row["is_counted"] == "true")
    for name in ("decisions", "posts", "observations"):
        changed(name, lambda rows: [row for row in rows if row["post_id"] != post])(folder)


CHANGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "a counter": (changed("observations", more("like_count")), "replay observations"),
    "a view count": (changed("observations", more("view_count")), "replay observations"),
    "a time": (
        changed("observations", put("published_at", "2025-08-02T00:00:00Z")),
        "replay observations",
    ),
    "an account": (
        changed("observations", put("platform_account_id", "17841400000000009")),
        "replay observations",
    ),
    "a post": (changed("observations", put("post_id", "1")), "replay observations"),
    "a reply": (changed("observations", put("is_reply", "true")), "replay observations"),
    "an observation less": (changed("observations", a_row_less), "replay: no record left out"),
    "a post less": (a_post_less, "replay: no record left out"),
    "a capture time": (
        changed("deliveries", put("captured_at", "2025-08-09T00:00:00Z")),
        "replay deliveries",
    ),
    "a receipt's time": (
        changed("deliveries", put("received_at", "2025-08-09T00:00:00Z")),
        "replay deliveries",
    ),
    "a loaded record": (changed("deliveries", more("loaded_count")), "replay deliveries"),
    "a status": (changed("deliveries", put("status", "quarantined")), "replay deliveries"),
    "a range": (
        changed("deliveries", put("covers_from_date", "2025-08-01")),
        "replay deliveries",
    ),
    "the oldest record": (
        changed("contents", put("oldest_published_at", "2025-08-01T00:00:00Z")),
        "replay contents",
    ),
    "contents less": (changed("contents", a_row_less), "replay contents"),
    "a reject less": (changed("rejects", a_row_less), "replay rejects"),
    "a rule": (changed("rejects", put("rule", "no_time")), "replay rejects"),
    "a withheld counter": (changed("withheld", put("field", "save_count")), "replay withheld"),
}


@pytest.fixture(scope="module")
def anew(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The delivered files, read anew."""
    home = Home(tmp_path_factory.mktemp("anew"))
    read_anew(home, restricted(edition))
    return home


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_changed_since_it_was_read_is_found(anew: Home, copy: Path, what: str) -> None:
    change, check = CHANGES[what]
    change(copy)
    assert check in {c["check"] for c in compare(anew, copy / "evidence") if not c["ok"]}


def test_a_capture_time_needs_its_receipt(copy: Path) -> None:
    """Deliveries and observations agree on another time, and no receipt says so."""
    rows = list(csv.DictReader((copy / "evidence" / "deliveries.csv").open(encoding="utf-8")))
    delivery = next(row for row in rows if row["captured_at_source"] == "sidecar")
    for name in ("deliveries", "observations"):
        path = copy / "evidence" / f"{name}.csv"
        lines = path.read_text("utf-8").splitlines(keepends=True)
        own = [delivery["delivery_id"] in line for line in lines]
        text = "".join(
            line.replace(delivery["captured_at"], "2025-08-09T00:00:00Z") if is_own else line
            for line, is_own in zip(lines, own, strict=True)
        )
        path.write_text(text, encoding="utf-8", newline="")
    (told,) = [check for check in verify(copy) if check["check"] == "receipts"]
    assert not told["ok"]
    assert f"delivery {delivery['delivery_id']}: captured_at is 2025-08-09" in told["detail"]


def test_a_sidecar_that_was_changed_is_found(copy: Path) -> None:
    path = next(
        path for path in (copy / "receipts").iterdir() if "captured_at" in path.read_text("utf-8")
    )
    receipt = json.loads(path.read_text("utf-8").splitlines()[0])
    sidecar = json.loads(receipt["sidecar"])
    receipt["sidecar"] = json.dumps(sidecar | {"captured_at": "2025-08-09T00:00:00+07:00"})
    path.write_text(json.dumps(receipt) + "\n")
    assert {c["check"] for c in verify(copy) if not c["ok"]} == {"receipts", "restricted_files"}


def test_records_that_give_a_number_alone_are_of_their_posts(make_home: MakeHome) -> None:
    """Instagram's exports of September lack the links by which posts go; others have them."""
    blanked = []

    def without_links(root: Path) -> None:
        for path in sorted(root.glob("inbox/*/instagram/2025-09-0*/*.csv")):
            when = path.stat().st_mtime
            text = path.read_bytes().decode("utf-8-sig")
            bare = re.sub(r"https://www\.instagram\.com/[^,\n]*", "", text)
            blanked.append(bare != text)
            path.write_bytes(bare.encode("utf-8-sig"))
            os.utime(path, (when, when))

    made, _ = publish(make_home(without_links), AUGUST, Request(), "run")
    assert any(blanked)
    rows = list(csv.DictReader((made.path / "evidence" / "observations.csv").open()))
    assert [row for row in rows if row["platform"] == "instagram" and not row["id_at"]]
    assert [check for check in verify(made.path) if not check["ok"]] == []
    assert failed(restricted(made)) == set()


def test_what_was_erased_is_told_and_its_receipts_name_nobody(home: Home) -> None:
    made, _ = publish(home, AUGUST, Request(), "run")
    folder = restricted(made)
    rows = list(csv.DictReader((folder / "evidence" / "deliveries.csv").open(encoding="utf-8")))
    delivery = next(row for row in rows if row["use"] == "records")
    path = folder / "receipts" / f"{delivery['sha256']}.jsonl"
    assert delivery["name"] in path.read_text("utf-8")
    erasure.erase_delivery(home, delivery["delivery_id"], erasure.Order("asked for", "the bureau"))
    erase_copies(home)
    assert "erased" in json.loads(path.read_text("utf-8").splitlines()[0])["name"]
    assert not (folder / "deliveries" / delivery["sha256"]).exists()
    assert [c for c in verify(folder) if not c["ok"]] == []
    checks = list(replay(folder))
    assert all(check["ok"] for check in checks), checks
    assert "1 deliveries are erased and can't be" in checks[0]["detail"]


def test_receipts_are_those_of_the_files(edition: Edition) -> None:
    """One file of receipts per delivered file, under the same hash."""
    folder = restricted(edition)
    names = {path.stem for path in (folder / "receipts").iterdir()}
    assert names == {path.name for path in (folder / "deliveries").iterdir()}
    some = min((folder / "deliveries").iterdir())
    assert hashlib.sha256(some.read_bytes()).hexdigest() in names
