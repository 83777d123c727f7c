"""Records that are no posts are set aside; those that may be posts in disorder are not."""

from __future__ import annotations

import pytest

from ingest.home import Home
from ingest.parsing import not_posts
from ingest.pipeline import ingest
from tests.ingest.exports import (
    FACEBOOK,
    INSTAGRAM,
    INSTAGRAM_ES,
    INSTAGRAM_ID,
    NOON,
    TIKTOK_STUDIO,
    X_1,
    YOUTUBE,
    Record,
    deliver,
    export,
    ledger,
    read,
    rejects,
)

RECORDS = {
    "instagram": INSTAGRAM,
    "instagram id": INSTAGRAM_ID,
    "instagram es": INSTAGRAM_ES,
    "facebook": FACEBOOK,
    "x": X_1,
    "tiktok": TIKTOK_STUDIO,
    "youtube": YOUTUBE,
}
#: As Meta writes it, with another number.
ERROR = "An error occurred while computing metadata for content with ID 17900000000000009."


def _blank(record: Record, **cells: str) -> Record:
    """A record in which all cells but some are blank."""
    return {**dict.fromkeys(record, ""), **cells}


def _sums(record: Record) -> dict[str, str]:
    """The counters of a record, as a person adds them up below the table."""
    return {name: "123.456" for name, cell in record.items() if cell in ("75", "8", "6", "1200")}


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("word", ["Total", "TOTAL:", "Jumlah", " Grand Total ", "Rata-rata"])
def test_a_totals_row_that_somebody_typed_is_set_aside(name: str, word: str) -> None:
    record = RECORDS[name]
    for column in (next(iter(record)), list(record)[2]):
        total = {**_blank(record), **_sums(record), column: word}
        _, rows = read(export(record, {}, total))
        assert rows.set_aside.drop("sha256").rows() == [(2, not_posts.TOTALS, None)]
        assert rows.observations.height == 1
        assert rows.rejects.is_empty()


@pytest.mark.parametrize("name", RECORDS)
def test_a_post_that_is_called_total_is_loaded(name: str) -> None:
    record = RECORDS[name]
    texts = {name: "Total" for name, cell in record.items() if cell.startswith("Kata ")}
    _, rows = read(export(record, texts))
    assert rows.observations["text"].to_list() == ["Total"]


def test_a_row_with_other_words_or_with_an_id_is_no_totals_row() -> None:
    words = {"Post ID": "Total posts of July"}
    linked = {"Post ID": "Total", "Permalink": INSTAGRAM["Permalink"]}
    named = {"Post ID": "Total", "Account username": "kemenkum_jabar"}
    changes = [{**_blank(INSTAGRAM), "Likes": "7", **each} for each in (words, linked, named, {})]
    content = export(INSTAGRAM, {}, *changes)
    assert [number for number, *_ in rejects(content)] == [2, 3, 4, 5]
    assert read(content)[1].set_aside.is_empty()


@pytest.mark.parametrize("name", RECORDS)
def test_rows_of_delimiters_alone_are_set_aside(name: str) -> None:
    record = RECORDS[name]
    lines = export(record, {}, _blank(record)).decode() + ",,\n" + "," * 40 + "\n"
    records, rows = read(lines.encode())
    assert records.count == 4
    assert rows.set_aside["record_number"].to_list() == [2, 3, 4]
    assert set(rows.set_aside["reason"]) == {not_posts.BLANK}
    assert rows.rejects.is_empty()


def test_many_blank_rows_hide_no_record_whose_cells_moved() -> None:
    """A blank counter shows it only where blanks are rare among posts."""
    moved = {**X_1, "Impressions": ""}
    content = export(X_1, *[{}] * 6, moved, *[_blank(X_1)] * 30)
    assert [(number, rule) for number, rule, _ in rejects(content)] == [(7, "cells_moved")]


def test_a_last_row_of_delimiters_may_be_a_record_that_was_cut() -> None:
    content = export(INSTAGRAM, {}, _blank(INSTAGRAM)).removesuffix(b"\n")
    assert [(number, rule) for number, rule, _ in rejects(content)] == [(2, "unterminated")]


@pytest.mark.parametrize("name", RECORDS)
def test_the_header_again_is_set_aside(name: str) -> None:
    record = RECORDS[name]
    if name == "youtube":  # which has each video once
        return
    whole = export(record, {})
    _, rows = read(whole + whole)
    assert rows.set_aside.drop("sha256").rows() == [(2, not_posts.HEADER, None)]
    assert rows.observations["record_number"].to_list() == [1, 3]


@pytest.mark.parametrize(
    ("record", "column", "date"),
    [
        (INSTAGRAM, "Data comment", "Date"),
        (INSTAGRAM_ID, "Komentar data", "Tanggal"),
        (INSTAGRAM_ES, "comentario sobre los datos", "fecha"),
        (FACEBOOK, "Data comment", "Date"),
    ],
)
def test_what_meta_could_not_compute_is_set_aside_and_quoted(
    record: Record, column: str, date: str
) -> None:
    counters = {name: cell for name, cell in record.items() if cell in ("1200", "75", "6")}
    error = {**_blank(record), **counters, column: ERROR, date: record[date]}
    _, rows = read(export(record, {}, error))
    assert rows.set_aside.drop("sha256").rows() == [(2, not_posts.UNCOMPUTED, ERROR)]
    assert rows.rejects.is_empty()
    # A comment on a post that is named and dated does not cost it.
    assert read(export(record, {column: ERROR}))[1].observations.height == 1


def test_the_ledger_says_why_records_were_set_aside(home: Home) -> None:
    error = {**_blank(INSTAGRAM), "Data comment": ERROR, "Date": "Lifetime", "Likes": "44"}
    total = {**_blank(INSTAGRAM), "Post ID": "Jumlah", "Likes": "119"}
    deliver(home, "a/x.csv", export(INSTAGRAM, {}, error, error, _blank(INSTAGRAM), total), NOON)
    ingest(home)
    (row,) = ledger(home)
    counts = ("record_count", "loaded_count", "rejected_count", "set_aside_count")
    assert [row[count] for count in counts] == [5, 1, 0, 4]
    assert row["set_aside_reasons"] == [
        "row of delimiters alone: 1",
        f"row that the platform could not compute: 2, such as “{ERROR}”",
        "totals row: 1",
    ]
    assert not row["is_truncated"]
