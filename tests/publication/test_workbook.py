"""What officers read: the workbook and the files of `people/`, of a month that is not published."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import polars as pl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from ingest.home import Home
from orchestration.publication import dictionary, labels
from orchestration.publication.formats import csv_bytes, people_csv
from orchestration.publication.month import Month, read_month
from orchestration.publication.objections import TOLD
from orchestration.publication.workbook.book import workbooks
from orchestration.publication.workbook.page import sheet_names
from orchestration.publication.workbook.people import people
from tests.publication.conftest import AUGUST

POLICY = "kemenkum-2025-07"
MANIFEST = {
    "edition_id": "2025-08-provisional-1",
    "status": "provisional",
    "replaces": None,
    "reason": None,
    "official_policy": POLICY,
    "lacks": "coverage",
    "despite": False,
}
NOTHING_MOVED = {"edition_id": "2025-08-provisional-1", "before": None}
OBJECTIONS = pl.DataFrame(
    {
        "objection_id": ["2025-08-objection-1"],
        "office_id": ["kanwil-papua"],
        "filed_date": [date(2025, 9, 10)],
        "deadline_date": [date(2025, 9, 24)],
        "outcome": ["partly"],
        "answered_date": [date(2025, 9, 12)],
        "answer_number": [1],
        "claim_count": [7],
        "reasons": ["counted=5 other_month=2"],
    },
    schema=TOLD,
)
RANKINGS = {
    "Teraktif Kanwil": ("kanwil", "active"),
    "Terpopuler Kanwil": ("kanwil", "popular"),
}
#: A4 between margins of 0.4 inches, in points.
PORTRAIT, LANDSCAPE = (8.27 - 0.8) * 72, (11.69 - 0.8) * 72


def made_of(
    month: Month, moved: Mapping[str, Any] = NOTHING_MOVED
) -> tuple[openpyxl.Workbook, openpyxl.Workbook]:
    """The workbook in Indonesian and in English, as another program reads it."""
    made = workbooks(month, MANIFEST, moved, dictionary.meanings(), OBJECTIONS)
    indonesian, english = (
        openpyxl.load_workbook(io.BytesIO(made[name]))
        for name in ("bulletin.xlsx", "bulletin.en.xlsx")
    )
    return indonesian, english


def table(sheet: Worksheet) -> list[dict[str, Any]]:
    """The rows under a sheet's headings, to the first empty one."""
    first = int(sheet.print_title_rows.split("$")[-1])
    header, *rows = sheet.iter_rows(min_row=first, values_only=True)
    names = [name for name in header if name]
    found = []
    for row in rows:
        if not any(row):
            break
        found.append(dict(zip(names, row, strict=False)))
    return found


@pytest.fixture(scope="module")
def month(pristine: Home) -> Month:
    """August, in which one office is not complete and the first of the most popular unbounded."""
    whole = read_month(pristine, AUGUST)
    ranked = whole.tables["rank_monthly"]
    one = ranked["office_id"].min()
    is_first = (pl.col("category") == "popular") & (pl.col("rank") == 1)
    marked = ranked.with_columns(
        is_complete=pl.col("office_id") != one,
        score_likely_high=pl.when(~is_first).then("score_likely_high"),
        rank_likely_worst=pl.when(is_first).then(11).otherwise("rank_likely_worst"),
    )
    return replace(whole, tables={**whole.tables, "rank_monthly": marked})


@pytest.fixture(scope="module")
def books(month: Month) -> tuple[openpyxl.Workbook, openpyxl.Workbook]:
    return made_of(month)


@pytest.fixture(scope="module")
def book(books: tuple[openpyxl.Workbook, openpyxl.Workbook]) -> openpyxl.Workbook:
    """The Indonesian one."""
    return books[0]


def test_every_page_tells_title_month_state_and_number_and_prints_at_eight_points(
    books: tuple[openpyxl.Workbook, openpyxl.Workbook],
) -> None:
    told = (("Agustus 2025", "sementara", "Halaman &P dari &N"), ("August", "provisional", "Page"))
    for workbook, (of_month, status, page_of) in zip(books, told, strict=True):
        for sheet in workbook:
            assert sheet.oddHeader.left.text == f"&B{sheet['A1'].value}"
            assert of_month in sheet["A1"].value
            assert of_month in sheet.oddHeader.right.text and status in sheet.oddHeader.right.text
            assert sheet.oddFooter.left.text == "2025-08-provisional-1"
            assert page_of in sheet.oddFooter.right.text
            assert sheet.page_setup.paperSize == 9
            assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in (
                (1, 0),
                (None, 0),
            )
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            area = sheet.print_area.split("!")[-1].replace("$", "")
            columns = sheet[area][0]
            assert len(columns) <= 9
            # Excel keeps a width in digits of 7 pixels, and a pixel is 3/4 of a point.
            spans = sheet.column_dimensions.values()
            widths = [span.width for span in spans for _ in range(span.min, span.max + 1)]
            widths = widths[: len(columns)]
            is_landscape = sheet.page_setup.orientation == "landscape"
            scale = min(1, (LANDSCAPE if is_landscape else PORTRAIT) / (sum(widths) * 7 * 0.75))
            sizes = {cell.font.size for row in sheet[area] for cell in row if cell.value}
            assert min(sizes) * scale >= 8, sheet.title
            if sheet.title not in ("Grafik", "Charts"):
                assert sheet.print_title_rows and sheet.freeze_panes


def test_every_sheet_of_ranks_tells_state_and_coverage_and_its_words(
    month: Month, book: openpyxl.Workbook
) -> None:
    state = month.tables["rank_month_state"].filter(policy_id=POLICY).row(0, named=True)
    covered = (
        f"ekspor lengkap: {state['complete_account_count']} dari {state['account_count']} akun "
        f"({state['coverage_percent']} %) · mutu bukti: {state['evidence_percent']} %"
    )
    for name in RANKINGS:
        cells = [cell for (cell,) in book[name].iter_rows(max_col=1, values_only=True) if cell]
        assert "Edisi 2025-08-provisional-1, status sementara" in cells[1]
        assert covered in cells[1]
        assert cells[-3:] == [note.indonesian for note in labels.NOTES]
    summary = dict(book["Ringkasan"].iter_rows(min_row=4, max_col=2, values_only=True))
    assert summary["Kelengkapan bulan"] == covered
    assert summary["Kekurangan"].startswith(f"Kelengkapan ekspor {state['coverage_percent']} %")
    assert summary["Kantor yang belum lengkap"].startswith("1: ")


def test_a_ranking_tells_ranges_marks_and_what_is_incomplete(
    month: Month, book: openpyxl.Workbook
) -> None:
    for name, (league, category) in RANKINGS.items():
        expected = month.tables["rank_monthly"].filter(
            policy_id=POLICY, league=league, category=category
        )
        rows = table(book[name])
        assert list(rows[0]).index("Peringkat (kemungkinan besar)") < list(rows[0]).index(
            "Peringkat (masih mungkin)"
        )
        assert len(rows) == expected.height
        for row, known in zip(rows, expected.iter_rows(named=True), strict=True):
            assert (row["Peringkat"], row["Skor"]) == (known["rank"], known["score"])
            for heading, best, worst in (
                ("Peringkat (kemungkinan besar)", "rank_likely_best", "rank_likely_worst"),
                ("Peringkat (masih mungkin)", "rank_best", "rank_worst"),
            ):
                ends = row[heading].split(" s.d. ")
                assert (int(ends[0]), int(ends[-1])) == (known[best], known[worst])
            complete = "lengkap" if known["is_complete"] else "belum lengkap"
            assert row["Kelengkapan data"] == complete
            is_sure = known["rank_likely_worst"] <= 10
            assert row["10 besar"] == ("★" if is_sure else "☆")
    first = table(book["Terpopuler Kanwil"])[0]
    assert first["Skor (kemungkinan besar)"].endswith(" s.d. tidak terbatas")
    assert first["10 besar"] == "☆"


def test_posts_have_real_times_and_lead_to_their_pages(
    month: Month, book: openpyxl.Workbook
) -> None:
    posts = month.tables["dim_post"].filter(pl.col("account_id").is_not_null())
    sheet = book["Unggahan"]
    leading = [cell for cell in sheet["B"] if cell.hyperlink]
    links = {sheet.cell(cell.row, 4).value: cell.hyperlink.target for cell in leading}
    times = {row["ID unggahan"]: row["Waktu terbit"] for row in table(sheet)}
    assert times.keys() == set(posts["post_id"])
    with_link = posts.filter(pl.col("permalink").is_not_null())
    assert with_link.height
    for post in with_link.iter_rows(named=True):
        assert links[post["post_id"]] == post["permalink"]
    zone = ZoneInfo("Asia/Jakarta")
    known = posts.filter(pl.col("published_at").is_not_null())
    for post in known.iter_rows(named=True):
        local = post["published_at"].replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
        assert abs((times[post["post_id"]] - local).total_seconds()) < 1
    cells = {cell.number_format for cell in sheet["C"] if isinstance(cell.value, datetime)}
    assert cells <= {"[$-421]d mmm yyyy hh:mm", "[$-421]d mmm yyyy"} and cells


def test_an_address_that_is_no_page_is_no_link(month: Month) -> None:
    addresses = ("javascript:alert(1)", "file:///etc/passwd", "https://x.com/\u202e1", "=1+1")
    posts = month.tables["dim_post"]
    each = [addresses[number % len(addresses)] for number in range(posts.height)]
    forged = posts.with_columns(permalink=pl.Series(each))
    book, _ = made_of(replace(month, tables={**month.tables, "dim_post": forged}))
    assert not [cell for cell in book["Unggahan"]["B"] if cell.hyperlink]


def test_the_english_twin_has_the_same_structure_and_other_words(
    books: tuple[openpyxl.Workbook, openpyxl.Workbook],
) -> None:
    indonesian, english = books
    assert len(indonesian.sheetnames) == len(english.sheetnames)
    for own, twin in zip(indonesian, english, strict=True):
        assert own.dimensions == twin.dimensions
        assert own["A1"].value != twin["A1"].value
        for row, other in zip(own.values, twin.values, strict=True):
            for cell, told in zip(row, other, strict=True):
                assert type(cell) is type(told)
                assert isinstance(cell, str) or cell == told
    first = table(english["Popular Regional"])[0]
    assert first["Score (likely)"].endswith(" to unbounded")
    assert {row["Completeness"] for row in table(english["Offices"])} == {"complete", "incomplete"}


def test_no_code_stands_where_an_officer_reads(book: openpyxl.Workbook) -> None:
    tables = [
        labels.GRADES,
        labels.REASONS,
        labels.STATES,
        labels.CATEGORIES,
        labels.LEAGUES,
        labels.OUTCOMES,
        labels.CAUSES,
    ]
    same = {"story"}
    codes = {code for words in tables for code in words} - same
    cells = {
        cell
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for cell in row[: 2 if sheet.title == "Kolom" else None]
        if isinstance(cell, str)
    }
    assert not cells & codes
    assert {"terhitung", "lengkap", "diterima sebagian"} <= cells
    assert "Terhitung 5, Bulan lain 2" in cells


def test_what_moved_is_told_in_words(month: Month) -> None:
    office = month.tables["rank_monthly"].filter(policy_id=POLICY).row(0, named=True)
    key = {name: office[name] for name in ("policy_id", "league", "category", "office_id")}
    causes = [{"cause": "late_delivery and corrected_reading"}, {"cause": "other_offices"}]
    moved = {
        "before": "2025-07-final-1",
        "offices": [key | {"rank": [3, None], "score": [12, 13], "causes": causes}],
    }
    book, english = made_of(month, moved)
    (row,) = table(book["Perubahan"])
    assert row["Sebab"] == ("kiriman terlambat; pembacaan diperbaiki; skor kantor lain berubah")
    assert (row["Sebelum"], row["Sesudah"], row["Skor sesudah"]) == (3, None, 13)
    (told,) = table(english["Changes"])
    assert told["Causes"] == "late delivery; reading corrected; other offices' scores changed"


def test_rows_are_as_high_as_their_text(month: Month) -> None:
    """Of Calibri at 10 points a W is 11.8 pixels wide, and a line 12.2 points high."""
    lines = {"W" * 100: 5, "Kantor di Daerah " * 12 + "Jauh": 6}
    offices = month.tables["dim_office"]
    names = [list(lines)[number % 2] for number in range(offices.height)]
    renamed = offices.with_columns(office_name=pl.Series(names))
    book, _ = made_of(replace(month, tables={**month.tables, "dim_office": renamed}))
    for name, count in lines.items():
        for sheet in ("Teraktif Kanwil", "Kelengkapan Kantor", "Unggahan"):
            rows = [cell.row for row in book[sheet] for cell in row if cell.value == name]
            assert rows
            heights = [book[sheet].row_dimensions[row].height for row in rows]
            assert min(heights) >= count * 12.2


def test_charts_are_drawn_from_the_first_ten(month: Month, book: openpyxl.Workbook) -> None:
    made = workbooks(month, MANIFEST, NOTHING_MOVED, {}, OBJECTIONS)["bulletin.xlsx"]
    parts = month.tables["rank_monthly"].filter(policy_id=POLICY).partition_by("league", "category")
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        charts = [archive.read(name) for name in archive.namelist() if "charts/chart" in name]
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
    assert len(charts) == len(parts)
    cells = list(book["Grafik"].iter_rows(min_col=3, max_col=6, values_only=True))
    for part in parts:
        for row in part.filter(pl.col("rank") <= 10).iter_rows(named=True):
            below = row["score"] - row["score_likely_low"]
            drawn = [cell for cell in cells if cell[1:3] == (row["score"], below)]
            high = row["score_likely_high"]
            assert any(high is None or cell[3] == high - row["score"] for cell in drawn)
    assert drawing.count("descr=") == len(charts)


def test_leagues_with_long_and_like_names_have_sheets_of_their_own() -> None:
    wanted = ["Teraktif " + "x" * 40, "Teraktif " + "x" * 41, "a/b", "A b", "'"]
    names = sheet_names(wanted)
    assert list(names) == wanted
    assert len({name.casefold() for name in names.values()}) == len(wanted)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names.values())


def _rows(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"))


def test_the_file_of_rankings_holds_the_ranges_as_numbers(month: Month) -> None:
    text = people(month, MANIFEST)["peringkat.csv"]
    assert text.startswith(b"\xef\xbb\xbf")
    rows = _rows(text)
    ranked = month.tables["rank_monthly"]
    first = rows[0]
    assert (first["Edisi"], first["Status"]) == ("2025-08-provisional-1", "sementara")
    worst = labels.HEADINGS["rank_likely_worst"].indonesian
    assert [int(row[worst]) for row in rows] == ranked["rank_likely_worst"].to_list()
    highest = labels.HEADINGS["score_likely_high"].indonesian
    assert [row[highest] for row in rows] == [
        "tidak terbatas" if high is None else str(high) for high in ranked["score_likely_high"]
    ]
    assert [row["Data lengkap"] for row in rows] == [
        "ya" if is_complete else "tidak" for is_complete in ranked["is_complete"]
    ]
    assert {row["Jenis peringkat"] for row in rows} == {"Akun Teraktif", "Akun Terpopuler"}
    state = month.tables["rank_month_state"].filter(pl.col("policy_id") == first["Aturan"])
    assert int(first["Kelengkapan bulan (%)"]) == state["coverage_percent"].item()


def test_people_s_csv_is_of_an_indonesian_spreadsheet() -> None:
    cells = [True, False, 1.5, -2, None, date(2025, 8, 1), "a;b", "=1"]
    text = people_csv(["x"] * len(cells), [cells]).decode("utf-8-sig")
    assert text.splitlines()[1] == 'ya;tidak;1,500000;-2;;2025-08-01;"a;b";\'=1'


def test_a_name_that_would_steer_a_terminal_or_run_is_harmless_for_people_only(
    month: Month,
) -> None:
    offices = month.tables["dim_office"].with_columns(office_name=pl.lit(" =1+1\x1b[2J\u202e"))
    hostile = replace(month, tables={**month.tables, "dim_office": offices})
    book, _ = made_of(hostile)
    cells = [cell for sheet in book for row in sheet for cell in row if "=1+1" in str(cell.value)]
    assert {cell.value for cell in cells} >= {r" =1+1\x1b[2J\u202e"}
    assert all(cell.data_type == "s" for cell in cells)
    assert not any("\x1b" in str(cell.value) for cell in cells)
    for text in people(hostile, MANIFEST).values():
        assert rb"' =1+1\x1b[2J\u202e" in text
        assert b"\x1b" not in text
    assert "\x1b" in csv_bytes(offices).decode()
