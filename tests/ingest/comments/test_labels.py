"""A workbook of labels that comes back: codes and labels are kept, what the public wrote is not."""

from __future__ import annotations

import io

import openpyxl

from ingest import batches, pipeline
from ingest.files import archives
from ingest.home import Home
from ingest.pipeline import ingest
from ingest.schemas import OpinionLabel
from tests.ingest.exports import NOON, deliver, ledger

CODES = ("00000000000000aa", "00000000000000bb", "00000000000000cc")
TEXT = "Kapan buka?"


def workbook(first: list[str | None], second: list[str | None]) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "Petunjuk"
    book.active["A1"] = "Bacalah"
    for name, labels in (("Label", first), ("Label kedua", second)):
        sheet = book.create_sheet(name)
        sheet.append(["Kode", "Kantor", "Unggahan", "Komentar", "Label"])
        for code, label in zip(CODES, labels, strict=False):
            sheet.append([code, "Kanwil Bali", "Layanan", TEXT, label])
    book.save(content)
    return content.getvalue()


def test_labels_of_both_readers_are_read_and_the_texts_are_not_kept(home: Home) -> None:
    content = workbook(["positif", "Pertanyaan atau pengaduan", None], ["negatif"])
    path = deliver(home, "komentar/opini.xlsx", content, NOON)
    assert ingest(home).quarantined == 0
    assert not path.exists()
    assert [row["holds"] for row in ledger(home)] == ["labels"]
    rows = batches.scan(home.lake / "labels", OpinionLabel).sort("record_number").collect()
    assert rows.select("code", "reading", "label").rows() == [
        (CODES[0], "first", "positive"),
        (CODES[1], "first", "question_or_complaint"),
        (CODES[2], "first", None),
        (CODES[0], "second", "negative"),
    ]
    for kept in (each for each in home.root.rglob("*") if each.is_file()):
        assert not any(TEXT.encode() in part for part in archives.contents(kept.read_bytes()))


def test_a_label_that_is_none_and_a_code_that_is_none_are_rejected(home: Home) -> None:
    content = workbook(["senang", "netral"], [])
    deliver(home, "komentar/opini.xlsx", content, NOON)
    summary = ingest(home)
    assert (summary.loaded, summary.rejected) == (1, 1)
    assert pipeline.rejects(home)["rule"].to_list() == ["known_label"]
