"""Labels that came back in a workbook: what is kept of it.

What belongs here: how such a workbook is known, its words, and the kept copy. What does not: how it
was made (`orchestration/opinion/form.py`) and which labels hold (`dbt_project/`).

A sheet for each reading: `Label`, in which every comment of the sample stands, and `Label kedua`,
in which another person reads a fifth of them again. Kept are the codes and the labels; the
comments' texts, which stand in the workbook for who reads it, are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ingest.comments import kept
from ingest.fields.layout import normalise
from ingest.files import Table, xlsx

CODE, LABEL = "Kode", "Label"
#: The sheets' names, and which reading each is.
READINGS = {"Label": "first", "Label kedua": "second"}
#: The words of the drop-downs.
WORDS = {
    "positif": "positive",
    "netral": "neutral",
    "negatif": "negative",
    "pertanyaan atau pengaduan": "question_or_complaint",
    "bukan tentang kantor": "not_about_office",
}


def without_persons(content: bytes) -> bytes | None:
    """The kept copy of a workbook of labels; None of any other workbook.

    Raises:
        Damage: it is no XLSX workbook, is broken or too large, or two readers disagree.
    """
    sheets = [table for table in xlsx.read(content, lambda _: False) if _is_of_labels(table)]
    if not sheets:
        return None
    records = [record for table in sheets for record in _records(table)]
    return kept.written("opinion_labels", "labels", records)


def _is_of_labels(table: Table) -> bool:
    names = [normalise(name) for name in table.header]
    return table.sheet in READINGS and {CODE.lower(), LABEL.lower()} <= set(names)


def _records(table: Table) -> Iterator[dict[str, Any]]:
    """Each row of a sheet; a label that is none of the words stays as it was written."""
    names = [normalise(name) for name in table.header]
    code, label = names.index(CODE.lower()), names.index(LABEL.lower())
    for _, cells in table.records():
        written = _cell(cells, label)
        yield {
            "code": _cell(cells, code) or None,
            "reading": READINGS[table.sheet or ""],
            "label": WORDS.get(written.lower(), written) or None,
        }


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""
