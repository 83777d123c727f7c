"""The form goes out as a spreadsheet, is filled in by people, and comes back row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from orchestration.audit import form
from orchestration.audit.evaluate import Audit, evaluate
from orchestration.audit.ranking import NotAuditable
from tests.orchestration.audit.rankings import ranking

SEED = "20237331128159211123"
FIRST_BLANK = "Halaman ada (ya/tidak)"

Row = dict[str, str]


def planned() -> Audit:
    """The plan of the top 1 of a ranking whose first office is far ahead."""
    return evaluate(ranking([900, 12_400, 60], [600, 100]), SEED, 1)


def rows_of(audit: Audit) -> list[Row]:
    text = form.write(audit, ".csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def sound(row: Row) -> Row:
    """A row as somebody fills it in who sees what was recorded."""
    return row | {
        FIRST_BLANK: "ya",
        "Akun dan waktu terbit cocok, bukan ganda (ya/tidak)": "Ya",
        "Terlihat: suka": row["Tercatat: suka"],
        "Tanggal kunjungan (2026-11-30 atau 30/11/2026)": "01/10/2025",
    }


def written(path: Path, rows: list[Row], delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def read(path: Path, audit: Audit) -> form.Filled:
    return form.read(path, audit.ranking, audit.seed, audit.top)


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_csv_comes_back_in_any_order_and_with_the_spreadsheets_delimiter(
    tmp_path: Path, delimiter: str
) -> None:
    audit = planned()
    rows = [sound(row) for row in reversed(rows_of(audit))]
    filled = read(written(tmp_path / "form.csv", rows, delimiter), audit)
    assert filled.faults == []
    assert {page.number for page in audit.pages} == filled.findings.keys()
    after = evaluate(audit.ranking, SEED, 1, filled.findings)
    assert after.confirmed == 1
    # The next form has what was found before.
    assert [sound(row) for row in rows_of(after)] == rows_of(after)


def test_a_workbook_comes_back_with_its_cells_typed(tmp_path: Path) -> None:
    audit = planned()
    path = tmp_path / "form.xlsx"
    path.write_bytes(form.write(audit, ".xlsx"))
    book = openpyxl.load_workbook(path)
    page = book["Kunjungan"]
    header = [cell.value for cell in page[1]]
    for line in range(2, page.max_row + 1):
        likes = page.cell(line, header.index("Tercatat: suka") + 1).value
        for name, value in zip(
            header[header.index(FIRST_BLANK) :], ["ya", "ya", likes, "2025-10-01"], strict=False
        ):
            page.cell(line, header.index(name) + 1).value = value
    book.save(path)
    filled = read(path, audit)
    assert filled.faults == []
    assert evaluate(audit.ranking, SEED, 1, filled.findings).confirmed == 1


def test_rows_that_are_not_filled_in_are_no_findings(tmp_path: Path) -> None:
    audit = planned()
    filled = read(written(tmp_path / "form.csv", rows_of(audit)), audit)
    assert (filled.findings, filled.faults) == ({}, [])


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("12400", 12_400),
        ("12.400", 12_400),
        ("12,400", 12_400),
        ("12,4 rb", 12_350),
        ("12.4K", 12_350),
        ("12 ribu", 11_500),
        ("1,25 jt", 1_245_000),
        ("1.2M", 1_150_000),
        ("", None),
    ],
)
def test_a_number_counts_as_the_least_that_is_shown_so(
    tmp_path: Path, text: str, least: int | None
) -> None:
    audit = planned()
    row = sound(rows_of(audit)[0]) | {"Terlihat: suka": text}
    (finding,) = read(written(tmp_path / "form.csv", [row]), audit).findings.values()
    assert finding.seen.get("likes") == least


def _changed(**cells: str) -> Callable[[Row], Row]:
    """A change of the columns that begin with these words."""

    def change(row: Row) -> Row:
        return {
            name: next((text for word, text in cells.items() if name.startswith(word)), old)
            for name, old in row.items()
        }

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_changed(Nomor="99999"), "there is no page '99999'"),
        (_changed(Kode="0123456789ab"), "name the edition, seed, league, category and top"),
        (_changed(Tautan="https://x.com/other"), "has another link; restore it"),
        (_changed(Halaman="mungkin"), "write ya or tidak"),
        (_changed(Akun=""), "'Akun dan waktu terbit cocok, bukan ganda (ya/tidak)' is ''"),
        (_changed(Terlihat="banyak"), "write a whole number, or as the page shows it: 12,4 rb"),
        (_changed(Terlihat="-5"), "write a whole number"),
        (_changed(Tanggal=""), "write the day of the visit"),
        (_changed(Tanggal="31/02/2025"), "write the day of the visit"),
        (_changed(Tanggal="2025-08-01"), "visited before it was published"),
    ],
)
def test_a_bad_row_is_told_in_one_line_and_the_others_count(
    tmp_path: Path, change: Callable[[Row], Row], told: str
) -> None:
    audit = planned()
    first, *others = (sound(row) for row in rows_of(audit))
    path = written(tmp_path / "form.csv", [change(first), *others])
    filled = read(path, audit)
    (line,) = filled.faults
    assert line.startswith(f"{path}, row 2: ")
    assert told in line and "\n" not in line
    assert filled.findings.keys() == {int(row["Nomor halaman"]) for row in others}


def test_two_different_findings_of_a_page_are_none(tmp_path: Path) -> None:
    audit = planned()
    row = sound(rows_of(audit)[0])
    other = row | {"Terlihat: suka": "1"}
    filled = read(written(tmp_path / "form.csv", [row, other, row]), audit)
    assert not filled.findings
    assert [line.partition(": ")[2] for line in filled.faults] == [
        f"page {row['Nomor halaman']} is filled in twice, differently; leave the right one"
    ]


def test_another_file_is_no_form(tmp_path: Path) -> None:
    audit = planned()
    path = tmp_path / "list.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(NotAuditable, match="is no form of this audit"):
        read(path, audit)
    path.write_text("")
    with pytest.raises(NotAuditable, match="empty"):
        read(path, audit)


def test_posts_that_are_counted_ask_for_no_numbers() -> None:
    audit = evaluate(ranking([1] * 9, [1] * 3, category="active"), SEED, 1)
    (row, *_) = rows_of(audit)
    assert not [name for name in row if "suka" in name]
    assert "Halaman ada (ya/tidak)" in row
