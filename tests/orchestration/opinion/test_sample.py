"""Drawing comments, the sample that is kept, and the workbook that goes out and comes back."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from ingest.home import Home
from ingest.parsing.persons import without_persons
from ingest.schemas import OpinionInterval, OpinionOffice
from ingest.storage import read_table
from orchestration.opinion import form, sample
from orchestration.opinion.draw import draw
from orchestration.opinion.sample import Sample

SEED = "20 dice"
#: Texts that would run, break a row, or look like another sheet's.
HOSTILE = ('=HYPERLINK("http://x","y")', "+1;2\n\tMulai\x07", "@SUM(1)", "<b>&amp;</b> 🇮🇩", "Kode")


def comments(*counts: int) -> pl.DataFrame:
    """So many comments of each office O1, O2, …"""
    rows = [
        (f"youtube:{office}.{number}", f"O{office}")
        for office, count in enumerate(counts, 1)
        for number in range(count)
    ]
    return pl.DataFrame(rows, schema=["comment_key", "office_id"], orient="row")


def test_of_each_office_the_comments_with_the_smallest_hashes_are_drawn() -> None:
    found = draw(comments(30, 4), "2025-08", 10, SEED)
    hashes = sorted(
        hashlib.sha256(f"20 dice,youtube:1.{number}".encode()).hexdigest() for number in range(30)
    )
    assert [(each.office_id, each.comment_count) for each in found.offices] == [
        ("O1", 30),
        ("O2", 4),
    ]
    assert found.offices[0].codes == [each[:16] for each in hashes[:10]]
    assert len(found.offices[1].codes) == 4


def test_a_draw_is_the_same_in_any_order_and_another_with_another_seed() -> None:
    every = comments(30, 30)
    found = draw(every, "2025-08", 10, SEED)
    assert draw(every.reverse(), "2025-08", 10, SEED) == found
    assert draw(every, "2025-08", 10, "another").offices[0].codes != found.offices[0].codes


def test_a_fifth_is_read_twice() -> None:
    found = draw(comments(60, 60, 31), "2025-08", 60, SEED)
    codes = {code for office in found.offices for code in office.codes}
    assert found.twice < codes
    assert len(found.twice) == -(-151 // 5)


def test_the_lake_tells_of_a_sample_that_was_kept_and_its_intervals(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert sample.read(home, "2025-08") is None
    found = draw(comments(30, 4), "2025-08", 10, SEED)
    sample.keep(home, found)
    assert sample.read(home, "2025-08") == found
    counts = sample.write_tables(home)
    assert counts == {"opinion_offices": 2, "opinion_draws": 14, "opinion_intervals": 11 + 5}
    offices = read_table(home.table("opinion_offices"), OpinionOffice)
    assert offices.select("comment_count", "sampled_count").rows() == [(30, 10), (4, 4)]
    intervals = read_table(home.table("opinion_intervals"), OpinionInterval)
    # Of seven of thirty, ten drawn hold none with a chance of 3.8 %; of eight with one of 2.2 %.
    none = intervals.filter(comment_count=30, label_count=0).row(0)
    assert none[3:] == (0, 7)


def test_a_damaged_sample_says_what_to_do(tmp_path: Path) -> None:
    home = Home(tmp_path)
    sample.keep(home, draw(comments(3), "2025-08", 10, SEED))
    (home.opinion / "2025-08.json").write_bytes(b"{")
    with pytest.raises(sample.NotSampled, match="restore it from a backup"):
        sample.write_tables(home)


@pytest.fixture
def book() -> tuple[Sample, bytes]:
    """A workbook of hostile comments of two offices."""
    found = draw(comments(15, 10), "2025-08", 60, SEED)
    rows = [
        {
            "code": code,
            "office_id": office.office_id,
            "caption": HOSTILE[number % 5],
            "text": HOSTILE[number % 5],
        }
        for office in found.offices
        for number, code in enumerate(office.codes)
    ]
    return found, form.write(found, pl.DataFrame(rows), {"O1": "Kanwil Bali"})


def test_a_workbook_asks_the_second_reader_for_a_fifth_and_nothing_in_it_runs(
    book: tuple[Sample, bytes],
) -> None:
    found, content = book
    opened = openpyxl.load_workbook(io.BytesIO(content))
    assert opened.sheetnames == ["Petunjuk", "Label", "Label kedua"]
    first, second = opened["Label"], opened["Label kedua"]
    codes = [row[0] for row in first.iter_rows(min_row=2, values_only=True)]
    again = [row[0] for row in second.iter_rows(min_row=2, values_only=True)]
    assert set(again) == found.twice
    assert len(codes) == len(set(codes)) == 25
    offices = [row[1] for row in first.iter_rows(min_row=2, values_only=True)]
    assert offices != sorted(offices)
    assert {cell.data_type for sheet in opened for row in sheet for cell in row} == {"n", "s"}
    (choice,) = first.data_validations.dataValidation
    assert str(choice.sqref) == "E2:E26"
    assert choice.formula1.count(",") == 4


def test_what_people_choose_comes_back_by_code(book: tuple[Sample, bytes]) -> None:
    _, content = book
    opened = openpyxl.load_workbook(io.BytesIO(content))
    chosen = {}
    for row in opened["Label"].iter_rows(min_row=2):
        row[4].value = "netral"
        chosen[row[0].value] = "neutral"
    filled = io.BytesIO()
    opened.save(filled)
    kept = without_persons(filled.getvalue())
    assert kept is not None
    labels = json.loads(kept)["labels"]
    told = {row["code"]: row["label"] for row in labels if row["reading"] == "first"}
    assert told == chosen
    assert {row["label"] for row in labels if row["reading"] == "second"} == {None}
