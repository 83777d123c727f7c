"""Objections: kept, answered, told once by an edition, and erased as personal data."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from ingest.home import Home
from ingest.storage import DamagedArchive
from orchestration.publication import objections
from orchestration.publication.formats import csv_bytes
from orchestration.publication.objections import Answer, NewObjection, NoObjection
from orchestration.publication.publish import Request, publish
from orchestration.publication.verify import verify
from tests.conftest import Kurasi
from tests.publication.conftest import AUGUST

OFFICE = "kanwil-papua"
NAME, WORDS = "Ibu Sari", "Dua unggahan kami hilang"
LIST = b"https://x.com/a/status/1951059704091722736"


def filed(**more: Any) -> NewObjection:
    given = {
        "month": "2025-08",
        "office_id": OFFICE,
        "filed_date": date(2025, 9, 10),
        "by": NAME,
        "text": WORDS,
        "claims": ("daftar Ibu Sari.csv", LIST),
        "outcome": {"edition_id": "2025-08-provisional-1", "claims": []},
        "reasons": {"counted": 5, "other_month": 2},
    }
    given.update(more)
    return NewObjection(**given)


def answered(state: Any = "partly", day: int = 12) -> Answer:
    return Answer(
        state=state, answered_date=date(2025, 9, day), text=f"Kepada {NAME}: dua", by="Budi"
    )


def told(folder: Path) -> list[dict[str, str]]:
    with (folder / "objections.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_an_objection_is_open_until_its_deadline_and_keeps_its_last_answer(home: Home) -> None:
    # A crash left an objection half-written.
    (home.objections / ".building").mkdir(parents=True)
    (home.objections / ".building" / "claims").write_text("setengah")
    first, second = objections.add(home, filed()), objections.add(home, filed(month="2025-07"))
    assert [path.name for path in home.objections.glob(".*")] == []
    assert first.filed.objection_id == "2025-08-objection-1"
    assert second.filed.objection_id == "2025-07-objection-1"
    assert (first.state, first.filed.deadline_date) == ("open", date(2025, 9, 24))
    objections.answer(home, "2025-08-objection-1", answered("rejected"))
    objections.answer(home, "2025-08-objection-1", answered("accepted", 13))
    (kept,) = objections.objections(home, "2025-08")
    assert kept.state == "accepted"
    # Nothing is changed: each answer is a file more.
    assert [each.state for each in kept.answers] == ["rejected", "accepted"]
    assert len(objections.objections(home)) == 2
    assert (home.objections / "2025-08-objection-1" / "claims").read_bytes() == LIST


def test_what_makes_no_sense_is_refused(home: Home) -> None:
    with pytest.raises(NoObjection, match="--claims FILE, --text TEXT"):
        objections.add(home, filed(text=None, claims=None))
    with pytest.raises(NoObjection, match="is before 2025-09-10"):
        objections.add(home, filed(deadline_date=date(2025, 9, 1)))
    objections.add(home, filed())
    with pytest.raises(NoObjection, match="is before 2025-09-10"):
        objections.answer(home, "2025-08-objection-1", answered(day=9))
    for other in ("2025-08-objection-2", "../receipts", ""):
        with pytest.raises(NoObjection, match="kurasi objections list"):
            objections.answer(home, other, answered())


def test_the_edition_that_is_next_tells_an_answer_once_and_without_names(home: Home) -> None:
    before, _ = publish(home, AUGUST, Request(), "run")
    objections.add(home, filed())
    objections.add(home, filed(by=None))
    objections.answer(home, "2025-08-objection-1", answered())
    # An answer that moves no rank is no reason for an edition.
    same, is_new = publish(home, AUGUST, Request(), "run")
    assert (same.edition_id, is_new) == (before.edition_id, False)
    assert told(before.path) == []
    assert all(check["ok"] for check in verify(before.path))
    rows = csv_bytes(objections.untold(home, "2025-08", [before]))
    second, is_new = publish(home, AUGUST, Request(final=True, despite=True, reason="x"), "run")
    assert is_new
    assert told(second.path) == [
        {
            "objection_id": "2025-08-objection-1",
            "office_id": OFFICE,
            "filed_date": "2025-09-10",
            "deadline_date": "2025-09-24",
            "outcome": "partly",
            "answered_date": "2025-09-12",
            "answer_number": "1",
            "claim_count": "7",
            "reasons": "counted=5 other_month=2",
        }
    ]
    assert (second.path / "objections.csv").read_bytes() == rows
    public = [path.read_bytes() for path in second.path.rglob("*") if path.is_file()]
    assert not any(word.encode() in content for word in (NAME, WORDS) for content in public)
    manifest = json.loads((second.path / "manifest.json").read_bytes())
    assert "objections.csv" in manifest["files"]
    book = CalamineWorkbook.from_path(second.path / "bulletin.xlsx")
    _, _, _, header, row = book.get_sheet_by_name("Keberatan").to_python()
    read = dict(zip(header, row, strict=True))
    assert read["Putusan"] == "diterima sebagian"
    assert read["Hasil per unggahan"] == "Terhitung 5, Bulan lain 2"
    assert [check["detail"] for check in verify(second.path) if not check["ok"]] == []
    # A new answer is told again, an old one is not.
    objections.answer(home, "2025-08-objection-1", answered("accepted", 20))
    objections.answer(home, "2025-08-objection-2", answered("withdrawn", 20))
    untold = objections.untold(home, "2025-08", [before, second])
    assert untold.select("objection_id", "outcome").rows() == [
        ("2025-08-objection-1", "accepted"),
        ("2025-08-objection-2", "withdrawn"),
    ]


def test_erasing_takes_names_words_and_list_and_leaves_that_there_was_one(home: Home) -> None:
    objections.add(home, filed())
    objections.answer(home, "2025-08-objection-1", answered())
    before = objections.untold(home, "2025-08", [])
    objections.erase(home, "2025-08-objection-1", "diminta", "Budi", date(2025, 10, 1))
    (kept,) = objections.objections(home)
    document = kept.document()
    assert (document["state"], document["erased_date"]) == ("partly", "2025-10-01")
    nothing = ("by", "text", "claims_name", "answer", "answered_by")
    assert [document[name] for name in nothing] == [None] * 5
    everything = b"".join(
        path.read_bytes() for path in home.root.rglob("*") if path.is_file() and path.stat().st_size
    )
    assert not any(word.encode() in everything for word in (NAME, WORDS, "Kepada"))
    assert objections.untold(home, "2025-08", []).equals(before)
    with pytest.raises(NoObjection, match="was erased"):
        objections.answer(home, "2025-08-objection-1", answered())


def test_an_interrupted_erasure_is_finished_by_the_same_call(home: Home) -> None:
    objections.add(home, filed())
    folder = home.objections / "2025-08-objection-1"
    rest = {path: path.read_bytes() for path in folder.iterdir()}
    objections.erase(home, "2025-08-objection-1", "diminta", "Budi", date(2025, 10, 1))
    for path, content in rest.items():
        path.write_bytes(content)
    # What the tombstone says holds, whatever is left beside it.
    assert objections.objections(home)[0].document()["text"] is None
    objections.erase(home, "2025-08-objection-1", "lagi", "Lain", date(2025, 11, 1))
    assert [path.name for path in folder.iterdir()] == ["erased.json"]
    erased = objections.objections(home)[0].erased
    assert erased is not None
    assert (erased.reason, erased.erased_by) == ("diminta", "Budi")


def test_a_changed_objection_is_told_and_not_read(home: Home) -> None:
    objections.add(home, filed())
    path = home.objections / "2025-08-objection-1" / "filed.json"
    path.write_text(path.read_text().replace('"counted": 5', '"counted": 6'))
    with pytest.raises(DamagedArchive, match="restore it from a backup"):
        objections.objections(home)
    assert [str(path) in str(problem) for problem in objections.damaged(home)] == [True]


def test_the_calls_keep_answer_list_and_erase(home: Home, tmp_path: Path, kurasi: Kurasi) -> None:
    publish(home, AUGUST, Request(), "run")
    (tmp_path / "daftar.csv").write_text("https://x.com/a/status/1949059704091722736\n")
    added = kurasi(
        home.root,
        *("objections", "add", "-m", "2025-08", "--office", OFFICE, "--by", NAME, "--json"),
        *("--claims", str(tmp_path / "daftar.csv"), "--date", "2025-09-10"),
    )
    assert (added.code, added.err) == (0, "")
    assert added.json["reasons"] == {"other_month": 1}
    name = added.json["objection_id"]
    done = kurasi(home.root, "objections", "answer", name, "--state", "rejected", "--json")
    assert (done.code, done.json["state"]) == (0, "rejected")
    listed = kurasi(home.root, "objections", "list", "--state", "rejected")
    assert (listed.code, f"{name} · {OFFICE} · rejected" in listed.out) == (0, True)
    assert kurasi(home.root, "objections", "list", "--state", "open", "--json").json == []
    wrong = kurasi(home.root, "objections", "answer", "none", "--state", "accepted")
    assert (wrong.code, wrong.err.count("\n")) == (2, 1)
    erased = kurasi(
        home.root, "erase", "--objection", name, "--reason", "diminta", "--by", "Budi", "--json"
    )
    assert (erased.code, erased.json["by"]) == (0, None)
