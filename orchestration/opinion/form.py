"""The workbook in which people label comments, in Indonesian.

What belongs here: its sheets, their order and their look. What does not: how it is read when it
comes back (`ingest/comments/labels.py`, which has its words too).

Comments are shuffled, so that nobody labels office after office. The second reader's sheet has
another order and none of the first one's labels. No text can run as a formula.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping
from datetime import datetime

import polars as pl
import xlsxwriter

from ingest.comments.labels import CODE, LABEL, READINGS, WORDS
from ingest.regular_files import shown
from orchestration.opinion.sample import Sample

_WIDTHS = {CODE: 18, "Kantor": 28, "Unggahan": 44, "Komentar": 70, LABEL: 26}
_HELP = (
    "Bacalah setiap komentar dan pilih satu label dari daftar di kolom Label.",
    "positif: memuji, berterima kasih, atau mendukung kantor atau kegiatannya.",
    "netral: tentang kantor, tetapi tanpa pujian dan tanpa celaan.",
    "negatif: mencela atau mengeluhkan kantor tanpa meminta jawaban.",
    "pertanyaan atau pengaduan: meminta jawaban, bantuan, atau tindakan; juga bila nadanya positif "
    "atau negatif.",
    "bukan tentang kantor: iklan, sapaan antarwarga, komentar kantor sendiri, atau hal lain.",
    "Setiap komentar harus diberi label. Angka kantor baru disebutkan bila semuanya terisi.",
    "Lembar “Label kedua” diisi oleh orang lain, tanpa melihat lembar “Label”. Bila perlu, salin "
    "berkas ini untuknya sebelum mulai; kedua berkas boleh dikirim terpisah.",
    "Jangan mengubah kolom Kode. Setelah selesai, taruh berkas ini di kotak masuk (inbox).",
    "Berkas ini memuat kata-kata masyarakat: hapus setelah diterima, jangan disebarkan.",
)
_TEXT_LENGTH = 32_000


def write(sample: Sample, comments: pl.DataFrame, offices: Mapping[str, str]) -> bytes:
    """The workbook of a sample; its bytes follow from what it tells.

    Args:
        sample: what was drawn.
        comments: `code`, `office_id`, `caption` of the post (which may be null) and `text`.
        offices: the names of offices.
    """
    buffer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    book = xlsxwriter.Workbook(buffer, options)
    year, month = map(int, sample.month.split("-"))
    book.set_properties(
        {"title": f"Label komentar {sample.month}", "created": datetime(year, month, 1)}
    )
    _help(book)
    for sheet, reading in READINGS.items():
        is_read = pl.lit(value=True) if reading == "first" else pl.col("code").is_in(sample.twice)
        rows = comments.filter(is_read).to_dicts()
        rows.sort(key=lambda row: hashlib.sha256(f"{reading},{row['code']}".encode()).digest())
        _sheet(book, sheet, [_cells(row, offices) for row in rows])
    book.close()
    return buffer.getvalue()


def _help(book: xlsxwriter.Workbook) -> None:
    page = book.add_worksheet("Petunjuk")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 100, wrapped)
    for row, line in enumerate(_HELP):
        page.write_string(row, 0, line, wrapped)


def _cells(row: Mapping[str, str | None], offices: Mapping[str, str]) -> list[str]:
    office_id = row["office_id"] or ""
    return [
        row["code"] or "",
        offices.get(office_id, office_id),
        (row["caption"] or "")[:200],
        row["text"] or "",
    ]


def _sheet(book: xlsxwriter.Workbook, name: str, rows: Iterable[list[str]]) -> None:
    page = book.add_worksheet(name)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.freeze_panes(1, 0)
    heading = book.add_format({"bold": True, "bottom": 1})
    text = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
    choice = book.add_format({"valign": "top", "bg_color": "#FFF2CC"})
    for column, (title, width) in enumerate(_WIDTHS.items()):
        page.set_column(column, column, width)
        page.write_string(0, column, title, heading)
    last = 0
    for last, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells):
            page.write_string(last, column, shown(cell)[:_TEXT_LENGTH], text)
        page.write_blank(last, len(cells), None, choice)
    place = list(_WIDTHS).index(LABEL)
    page.data_validation(
        1,
        place,
        max(last, 1),
        place,
        {
            "validate": "list",
            "source": list(WORDS),
            "error_title": LABEL,
            "error_message": "Pilih satu label dari daftar.",
        },
    )
