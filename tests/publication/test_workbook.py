"""What officers read: the workbook and the files of `people/`, of a month that is not published."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from ingest.home import Home
from orchestration.publication.formats import csv_bytes
from orchestration.publication.labels import HEADINGS, NOTES
from orchestration.publication.month import Month, read_month
from orchestration.publication.workbook import people, workbook
from tests.publication.conftest import AUGUST

MANIFEST = {
    "edition_id": "2025-08-provisional-1",
    "status": "provisional",
    "replaces": None,
    "reason": None,
    "official_policy": "kemenkum-2025-07",
    "lacks": "coverage",
    "despite": False,
}
NOTHING_MOVED = {"edition_id": "2025-08-provisional-1", "before": None}


@pytest.fixture(scope="module")
def month(pristine: Home) -> Month:
    """August, in which one office is not complete."""
    whole = read_month(pristine, AUGUST)
    ranked = whole.tables["rank_monthly"]
    one = ranked["office_id"].min()
    marked = ranked.with_columns(is_complete=pl.col("office_id") != one)
    return replace(whole, tables={**whole.tables, "rank_monthly": marked})


@pytest.fixture(scope="module")
def sheets(month: Month) -> dict[str, list[list[Any]]]:
    """Sheet to its cells."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(month, MANIFEST, NOTHING_MOVED, {})))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


def test_every_sheet_of_ranks_tells_month_state_and_coverage_and_its_words(
    month: Month, sheets: dict[str, list[list[Any]]]
) -> None:
    state = month.tables["rank_month_state"].filter(policy_id="kemenkum-2025-07").row(0, named=True)
    covered = (
        f"ekspor lengkap: {state['complete_account_count']} dari {state['account_count']} akun "
        f"({state['coverage_percent']} %) · mutu bukti: {state['evidence_percent']} %"
    )
    names = [name for name in sheets if name.startswith("Akun ")]
    assert len(names) >= 2
    for name in [*names, "Perbandingan aturan"]:
        title, told, *_ = (line[0] for line in sheets[name])
        assert "2025-08" in title
        assert "2025-08-provisional-1, status sementara" in told
        assert covered in told
        assert tuple(line[0] for line in sheets[name][-3:]) == NOTES
    assert [covered] == [line[1] for line in sheets["Ringkasan"] if "Kelengkapan" in line[0]]


def test_likely_ranks_stand_before_possible_ones_and_incomplete_offices_are_marked(
    month: Month, sheets: dict[str, list[list[Any]]]
) -> None:
    order = ("likely_ranks", "possible_ranks", "completeness", "likely_scores", "possible_scores")
    ranked = month.tables["rank_monthly"].filter(policy_id="kemenkum-2025-07", category="popular")
    expected = {row["office_id"]: row for row in ranked.iter_rows(named=True)}
    assert len({row["is_complete"] for row in expected.values()}) == 2
    for name, (_, _, header, *lines) in sheets.items():
        if not name.startswith("Akun Terpopuler"):
            continue
        places = [header.index(HEADINGS[column]) for column in order]
        assert places[0] < places[1]
        for line in lines[: -len(NOTES) - 1]:
            row = expected.pop(line[header.index(HEADINGS["office_id"])])
            ranks, possible, completeness, scores, _ = (line[place] for place in places)
            for told, ends in (
                (ranks, ("rank_likely_best", "rank_likely_worst")),
                (possible, ("rank_best", "rank_worst")),
            ):
                ends_told = [int(number) for number in told.split(" s.d. ")]
                assert (ends_told[0], ends_told[-1]) == tuple(row[end] for end in ends)
            assert completeness == ("lengkap" if row["is_complete"] else "belum lengkap")
            lowest = scores.split(" s.d. ")[0].removesuffix(" atau lebih").replace(".", "")
            assert int(lowest) == row["score_likely_low"]
    assert not expected


def test_the_file_of_rankings_holds_the_ranges_as_numbers(month: Month) -> None:
    text = people(month, MANIFEST)["peringkat.csv"].decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == month.tables["rank_monthly"].height
    first = rows[0]
    assert (first["Edisi"], first["Status"]) == ("2025-08-provisional-1", "sementara")
    column = HEADINGS["rank_likely_worst"]
    told = [int(row[column]) for row in rows]
    assert told == month.tables["rank_monthly"]["rank_likely_worst"].to_list()
    state = month.tables["rank_month_state"].filter(pl.col("policy_id") == first["Aturan"])
    assert int(first[HEADINGS["coverage_percent"]]) == state["coverage_percent"].item()


def test_a_name_that_would_steer_a_terminal_or_run_is_harmless_for_people_only(
    month: Month,
) -> None:
    names = {"office_name": pl.lit(" =1+1\x1b[2J\u202e")}
    offices = month.tables["dim_office"].with_columns(**names)
    hostile = replace(month, tables={**month.tables, "dim_office": offices})
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(workbook(hostile, MANIFEST, NOTHING_MOVED, {}))
    )
    cells = {
        cell
        for name in book.sheet_names
        for line in book.get_sheet_by_name(name).to_python()
        for cell in line
        if "=1+1" in str(cell)
    }
    assert cells == {r" =1+1\x1b[2J\u202e"}
    for text in people(hostile, MANIFEST).values():
        assert rb"' =1+1\x1b[2J\u202e" in text
        assert b"\x1b" not in text
    assert "\x1b" in csv_bytes(offices).decode()
