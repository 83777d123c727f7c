"""What an office gets back for its list, as a workbook in plain Indonesian.

What belongs here: the sheets, their columns and their look. What does not: the outcome
(`reconcile.py`) and the words of the reasons (`claim_words.py`).

No text in it can run as a formula, not even after somebody edits its cell, and IDs are text.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from textwrap import wrap
from typing import Any

import xlsxwriter

from ingest.regular_files import shown
from orchestration.publication.claim_words import REASONS
from orchestration.publication.reconcile import Reconciliation, month_name, sentence
from orchestration.publication.workbook import landscape_page

_INDONESIAN = 1
#: Heading and width, in characters.
_CLAIMS = {
    "Lembar": 14,
    "Baris": 7,
    "Yang ditulis": 50,
    "Platform": 11,
    "ID unggahan": 22,
    "Hasil": 24,
    "Penjelasan": 60,
    "Yang perlu dilakukan": 50,
    "Bukti (SHA-256 berkas)": 30,
    "Nomor rekaman": 10,
}
_UNCLAIMED = {
    "Platform": 11,
    "ID unggahan": 22,
    "Tautan": 50,
    "Waktu terbit (UTC)": 22,
    "Hasil": 24,
    "Bukti (SHA-256 berkas)": 30,
    "Nomor rekaman": 10,
}
_POINTS_PER_LINE = 15
#: Of the summary's texts, in characters.
_SUMMARY_WIDTH = 80
_NUMBERS = ("Baris", "Nomor rekaman")


def answer_book(found: Reconciliation) -> bytes:
    """The workbook; its bytes follow from what it tells."""
    buffer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    book = xlsxwriter.Workbook(buffer, options)
    year, month = map(int, found.month.split("-"))
    book.set_properties({"title": found.edition_id, "created": datetime(year, month, 1)})
    _summary(book, found)
    _table(book, "Daftar kantor", _CLAIMS, [_claim(each) for each in found.found])
    lacking = [_lacking(row) for row in found.unclaimed]
    _table(book, "Tidak tercantum", _UNCLAIMED, lacking)
    book.close()
    return buffer.getvalue()


def _summary(book: xlsxwriter.Workbook, found: Reconciliation) -> None:
    page = landscape_page(book, "Ringkasan")
    title = book.add_format({"bold": True, "font_size": 16})
    bold = book.add_format({"bold": True, "valign": "top"})
    plain = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
    page.set_column(0, 0, 44)
    page.set_column(1, 1, _SUMMARY_WIDTH)
    _, name = month_name(found.month)
    page.write_string(0, 0, f"Pencocokan daftar unggahan {name}", title)
    lines = {
        "Kantor": f"{found.office_name} ({found.office_id})",
        "Edisi": found.edition_id,
        "Aturan": found.policy_id,
        "Hasil": sentence(found.bridge, _INDONESIAN),
    }
    for row, (label, text) in enumerate(lines.items(), start=2):
        page.write_string(row, 0, label, bold)
        page.write_string(row, 1, shown(text), plain)
        # Not all programs fit a row to its text.
        page.set_row(row, _POINTS_PER_LINE * max(1, len(wrap(text, _SUMMARY_WIDTH - 10))))
    first = len(lines) + 3
    for row, step in enumerate(found.bridge, start=first):
        is_end = step in (found.bridge[0], found.bridge[-1])
        page.write_string(row, 0, step.words[_INDONESIAN], bold if is_end else None)
        page.write_number(row, 1, step.count, bold if is_end else None)


def _claim(each: Any) -> list[Any]:
    return [
        each.claim.sheet,
        each.claim.line,
        each.claim.text,
        each.platform,
        each.post[1] if each.post else None,
        REASONS[each.reason].alasan,
        each.detail[_INDONESIAN],
        each.remedy[_INDONESIAN],
        *_evidence(each.evidence),
    ]


def _lacking(row: dict[str, Any]) -> list[Any]:
    return [
        row["platform"],
        row["post_id"],
        row["link"],
        row["published_at"],
        REASONS[row["reason"]].alasan,
        *_evidence(row["evidence"]),
    ]


def _evidence(place: dict[str, Any] | None) -> tuple[Any, Any]:
    return (place["sha256"], place["record_number"]) if place else (None, None)


def _table(
    book: xlsxwriter.Workbook, name: str, columns: dict[str, int], rows: Sequence[Sequence[Any]]
) -> None:
    page = landscape_page(book, name)
    page.repeat_rows(0)
    page.freeze_panes(1, 0)
    text = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
    number = book.add_format({"num_format": "0", "valign": "top"})
    for place, (heading, width) in enumerate(columns.items()):
        page.set_column(place, place, width)
        is_number = heading in _NUMBERS
        for line, row in enumerate(rows, start=1):
            if row[place] is None:
                continue
            if is_number:
                page.write_number(line, place, row[place], number)
            else:
                page.write_string(line, place, shown(str(row[place]))[:32_000], text)
    page.add_table(
        0,
        0,
        max(len(rows), 1),
        len(columns) - 1,
        {
            "style": "Table Style Light 9",
            "columns": [{"header": heading} for heading in columns],
        },
    )
    # IDs are text on purpose.
    page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
