"""Spreadsheets: what stands in a cell is read as a person would say it, or refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import xlsxwriter

from ingest.home import Home
from ingest.pipeline import ingest
from tests.ingest.bounds import SetBounds
from tests.ingest.exports import (
    CAPTION,
    FACEBOOK,
    GOOD,
    INSTAGRAM,
    NOON,
    TIKTOK_STUDIO,
    X_1,
    YOUTUBE,
    Record,
    deliver,
    export,
    ledger,
    observations,
    only,
    quarantine,
    read,
    read_all,
    rejects,
    withheld,
)
from tests.ingest.spreadsheets import Sheets, with_formula, xlsx, xml
from tests.ingest.zips import simple


def _rows(record: Record, *changes: dict[str, Any]) -> list[list[Any]]:
    header = [name.removesuffix("²") for name in record]
    return [header, *([*{**record, **change}.values()] for change in changes or ({},))]


FORMS = pytest.mark.parametrize("form", [xlsx, xml], ids=["xlsx", "xml"])
Form = Callable[[Sheets], bytes]


@FORMS
@pytest.mark.parametrize("name", GOOD)
def test_a_spreadsheet_says_what_the_csv_says(name: str, form: Form) -> None:
    assert only(form({"Sheet1": _rows(GOOD[name])})) == only(export(GOOD[name]))


@FORMS
def test_numbers_in_cells_are_digits(form: Form) -> None:
    counts = {"Likes": 75, "Reach": 12100212.0, "Views": 0, "Saves": 999_999_999_999}
    row = only(form({"Sheet1": _rows(INSTAGRAM, counts)}))
    names = ("like_count", "reach_count", "view_count", "save_count")
    assert [row[name] for name in names] == [75, 12100212, 0, 999_999_999_999]


@FORMS
@pytest.mark.parametrize("post_id", [1950972286718705671, 1.95097228671871e18, 10**15])
def test_an_id_that_a_cell_holds_as_a_number_has_lost_digits(form: Form, post_id: float) -> None:
    without_link = {"Post id": post_id, "Link": ""}
    ((number, rule, detail),) = rejects(form({"Sheet1": _rows(X_1, without_link)}))
    assert (number, rule) == (1, "digits_lost")
    assert "E+" in detail


@FORMS
def test_a_short_id_in_a_number_is_whole(form: Form) -> None:
    row = only(form({"Sheet1": _rows(FACEBOOK, {"Page ID": 100064000000001})}))
    assert row["platform_account_id"] == "100064000000001"


@FORMS
def test_a_number_that_is_no_count_is_withheld(form: Form) -> None:
    texts = [12.5, 1e-7, 1234.5678, True, "#REF!"]
    found = withheld(form({"Sheet1": _rows(X_1, *({"Likes": value} for value in texts))}))
    shown = ["12.5", "0.0000001", "1234.5678", "TRUE", "#REF!"]
    assert [detail for *_, detail in found] == [f"likes = {text}" for text in shown]


def _times(*times: datetime) -> list[list[Any]]:
    return _rows(FACEBOOK, *({"Publish time": time} for time in times))


@FORMS
def test_a_typed_time_is_read_where_the_file_shows_that_the_month_came_first(form: Form) -> None:
    """A spreadsheet made dates of the texts; the 31st is no month, so it read the month first."""
    content = form({"Sheet1": _times(datetime(2025, 7, 31, 10, 30), datetime(2025, 7, 8, 10, 30))})
    found = [row["published_at"] for row in observations(content)]
    assert found == [datetime(2025, 7, 31, 17, 30), datetime(2025, 7, 8, 17, 30)]


@FORMS
def test_a_typed_time_that_may_have_day_and_month_swapped_is_rejected(form: Form) -> None:
    content = form({"Sheet1": _times(datetime(2025, 7, 8, 10, 30), datetime(2025, 7, 7, 10, 30))})
    ((number, rule, detail),) = rejects(content)
    assert (number, rule) == (1, "ambiguous_time")
    assert "2025-07-08 or 2025-08-07" in detail


def test_where_some_times_are_left_as_text_the_others_were_swapped() -> None:
    rows = _rows(FACEBOOK, {"Publish time": datetime(2025, 8, 7, 10, 30)}, {})
    assert [rule for _, rule, _ in rejects(xlsx({"Sheet1": rows}))] == ["ambiguous_time"]


def test_a_shortcode_confirms_a_typed_time() -> None:
    """The shortcode was made on 2 November 2025."""
    change = {
        "Publish time": datetime(2025, 11, 2, 0, 31),
        "Permalink": "https://www.instagram.com/p/DQjCOIrgAAF/",
    }
    row = only(xlsx({"Sheet1": _rows(INSTAGRAM, change)}))
    assert row["published_at"] == datetime(2025, 11, 2, 7, 31)


def test_a_typed_day_of_youtube_or_x_is_the_day() -> None:
    """Their months are words, so no spreadsheet swaps them."""
    typed = {"Video publish time": datetime(2025, 8, 7)}
    assert str(only(xlsx({"Table data": _rows(YOUTUBE, typed)}))["published_date"]) == "2025-08-07"
    assert only(xlsx({"Sheet1": _rows(X_1, {"Date": datetime(2025, 8, 1)})})) == only(export(X_1))


@FORMS
def test_blank_rows_and_columns_around_a_table_are_its_looks(form: Form) -> None:
    rows = _rows(X_1, {}, {"Post text": " spaces stay "})
    looks = [[""] * 30, rows[0] + [""] * 3, ["", " "], *([*row, " "] for row in rows[1:]), [], [""]]
    records, found = read(form({"Sheet1": looks, "Sheet2": [], "Sheet3": [[" "]]}))
    assert records.count == 2
    assert found.observations["record_number"].to_list() == [1, 2]
    assert found.observations["text"].to_list() == [CAPTION, " spaces stay "]


@FORMS
def test_a_cell_beyond_the_header_makes_its_record_malformed(form: Form) -> None:
    rows = _rows(X_1, {}, {})
    rows[1] = [*rows[1], "7"]
    assert rejects(form({"Sheet1": rows})) == [(1, "field_count", "18 of 17 fields")]


def test_tiktok_s_links_stand_behind_words() -> None:
    column = "ABCDEFGH"[list(TIKTOK_STUDIO).index("Video link")]
    link = TIKTOK_STUDIO["Video link"]
    content = xlsx({"Content": _rows(TIKTOK_STUDIO)}, {f"{column}2": link})
    assert only(content) == only(export(TIKTOK_STUDIO))


def test_a_link_behind_a_caption_does_not_take_its_place() -> None:
    column = "ABCDEFGH"[list(TIKTOK_STUDIO).index("Video title")]
    content = xlsx({"Content": _rows(TIKTOK_STUDIO)}, {f"{column}2": "https://elsewhere.example/"})
    assert only(content)["text"] == "Open"


def test_a_formula_is_worth_what_it_was_worth_when_it_was_saved() -> None:
    column = "ABCDEFGHIJKLMNOPQ"[list(X_1).index("Likes")]
    book = {"Sheet1": _rows(X_1)}
    assert only(with_formula(book, f"{column}2", "=70+5", 75)) == only(export(X_1))
    # A formula that nobody has calculated is no "not reported".
    found = withheld(with_formula(book, f"{column}2", "=70+5", ""))
    assert found == [(1, "like_count", "unreadable_count", "likes = =70+5")]
    found = withheld(with_formula(book, f"{column}2", "=1/0", "#DIV/0!"))
    assert [rule for _, _, rule, _ in found] == ["unreadable_count"]


# Files that are no good workbook.


def test_a_workbook_that_is_cut_is_quarantined() -> None:
    content = xlsx({"Sheet1": _rows(X_1, {}, {})})
    for length in range(8, len(content), len(content) // 50):
        assert "the workbook is damaged or cut" in quarantine(content[:length])


def test_an_xml_spreadsheet_that_is_cut_is_quarantined() -> None:
    content = xml({"Sheet1": _rows(X_1, {}, {})})
    for length in range(130, len(content), len(content) // 50):
        assert "the spreadsheet is damaged or cut" in quarantine(content[:length])


def test_other_documents_and_old_workbooks_are_told() -> None:
    letter = simple({"[Content_Types].xml": b"", "word/document.xml": b""})
    assert "a document of another program" in quarantine(letter)
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
    assert "save it as XLSX" in quarantine(old)
    assert "the workbook is empty" in quarantine(xlsx({"Sheet1": []}))
    assert "the spreadsheet is empty" in quarantine(xml({"Sheet1": []}))


def test_cells_are_counted_before_they_are_made(set_bounds: SetBounds) -> None:
    set_bounds(cells=100)
    for form in (xlsx, xml):
        assert read_all(form({"Sheet1": _rows(X_1)}))
        many = quarantine(form({"Sheet1": _rows(X_1, *[{}] * 10)}))
        assert "more than 100 (KURASI_MOST_CELLS sets this bound)" in many


@pytest.mark.parametrize("place", [(1_048_575, 16_383), (1_048_575, 18)])
def test_one_cell_far_out_makes_no_huge_table(place: tuple[int, int]) -> None:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_string(0, 0, "near")
    sheet.write_string(*place, "far out")
    book.close()
    assert f"fill or span {(place[0] + 1) * (place[1] + 1):,} places" in quarantine(
        content.getvalue()
    )


@pytest.mark.parametrize(
    "attribute", ['ss:MergeAcross="2000000000"', 'ss:Index="2000000000"', 'ss:Index="19000000"']
)
def test_a_few_digits_make_no_huge_row(attribute: str) -> None:
    content = xml({"Sheet1": _rows(X_1)}).replace(b"<Cell>", f"<Cell {attribute}>".encode(), 1)
    assert attribute.encode() in content
    assert "fill or span" in quarantine(content)


def test_a_workbook_s_unpacked_size_is_bounded(set_bounds: SetBounds) -> None:
    set_bounds(unpacked_mib=1)
    content = io.BytesIO(xlsx({"Sheet1": _rows(X_1)}))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(2**21))
    assert "unpacked, more than 1 MiB" in quarantine(content.getvalue())


@pytest.mark.parametrize(
    ("good", "bad"),
    [(b'"Number">75', b'"Number">many'), (b"<Cell>", b'<Cell ss:Index="x">')],
)
def test_a_cell_that_is_not_what_it_says_quarantines_the_file(good: bytes, bad: bytes) -> None:
    content = xml({"Sheet1": _rows(X_1, {"Likes": 75})})
    assert good in content
    assert "the spreadsheet is damaged" in quarantine(content.replace(good, bad))


def test_entities_are_not_followed() -> None:
    content = xml({"Sheet1": _rows(X_1)}).replace(
        b"?>\n", b'?>\n<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', 1
    )
    assert "the spreadsheet is damaged" in quarantine(content)


# Workbooks of several sheets.


def test_sheets_of_one_workbook_are_read_each_by_its_own_header() -> None:
    """As YouTube's three tables come from another spreadsheet program."""
    chart = [["Date", *YOUTUBE], *(["2025-08-01", *row] for row in _rows(YOUTUBE)[1:])]
    totals = [["Date", "Views"], ["2025-08-01", 5], ["2025-08-02", 7]]
    book = xlsx({"Totals": totals, "Table data": _rows(YOUTUBE), "Chart data": chart})
    found = read_all(book)
    assert [(records.sheet, records.layout.kind, records.count) for records, _ in found] == [
        ("Totals", "youtube_by_day", 2),
        ("Table data", "youtube_table", 1),
        ("Chart data", "youtube_chart", 1),
    ]
    assert [rows.set_aside["record_number"].to_list() for _, rows in found] == [[1, 2], [], [4]]
    assert found[1][1].observations["record_number"].to_list() == [3]


def test_a_workbook_is_one_delivery_with_one_account(home: Home) -> None:
    book = xlsx({"Totals": [["Date", "Views"], ["2025-08-01", 5]], "Videos": _rows(YOUTUBE)})
    deliver(home, "kanwil-bali/youtube.xlsx", book, NOON)
    ingest(home)
    (row,) = ledger(home)
    assert (row["platform"], row["kind"], row["holds"]) == ("youtube", "youtube_table", "posts")
    assert row["reason"] == "YouTube's numbers by day: they hold no posts and no account's day"
    counts = ("record_count", "loaded_count", "rejected_count", "set_aside_count")
    assert [row[name] for name in counts] == [2, 1, 0, 1]


def test_a_sheet_that_no_layout_knows_quarantines_the_workbook() -> None:
    book = {"Videos": _rows(YOUTUBE), "Rekap": [["Kantor", "Jumlah"], ["Bali", 7]]}
    assert quarantine(xlsx(book)).startswith("sheet Rekap: unknown layout")


def test_exports_of_two_platforms_in_one_workbook_are_told() -> None:
    book = {"YouTube": _rows(YOUTUBE), "X": _rows(X_1)}
    assert "the workbook holds exports of x and youtube" in quarantine(xlsx(book))
