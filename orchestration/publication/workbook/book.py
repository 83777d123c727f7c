"""The bulletin as a workbook, in Indonesian or in English.

What belongs here: which sheets it has and in which order, and what stands around its pages. What
does not: what the sheets tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from orchestration.publication.labels import STATUSES
from orchestration.publication.month import PublishedMonth, next_month
from orchestration.publication.workbook import guide, records, standings
from orchestration.publication.workbook.bulletin import Bulletin
from orchestration.publication.workbook.page import Book, Charts, Frame, Sheet, sheet_names

#: File to its language.
WORKBOOKS = {"bulletin.xlsx": "id", "bulletin.en.xlsx": "en"}


def workbooks(
    month: PublishedMonth,
    manifest: Mapping[str, Any],
    moved: Mapping[str, Any],
    descriptions: Mapping[str, Mapping[str, str]],
    objections: pl.DataFrame,
) -> dict[str, bytes]:
    """The bulletin as XLSX in each language, by the file's name; equal content, equal bytes.

    Args:
        month: the rows.
        manifest: the edition's ID, status, reason and what the month lacks.
        moved: the document of `difference.json`.
        descriptions: table to column to its meaning in English.
        objections: those that the edition tells, as in `objections.csv`.
    """
    return {
        name: _workbook(Bulletin(month, manifest, moved, objections, language), descriptions)
        for name, language in WORKBOOKS.items()
    }


def _workbook(bulletin: Bulletin, descriptions: Mapping[str, Mapping[str, str]]) -> bytes:
    sheets = _sheets(bulletin, descriptions)
    names = sheet_names(sheet.name for sheet in sheets)
    contents = {names[sheet.name]: sheet.title for sheet in sheets}
    status = STATUSES[bulletin.manifest["status"]].told(bulletin.language)
    frame = Frame(
        state=f"{bulletin.month_name} · {status}",
        source=bulletin.manifest["edition_id"],
        page_of=bulletin.told("Halaman {page} dari {pages}", "Page {page} of {pages}"),
    )
    made = next_month(bulletin.month.first_day)
    book = Book(bulletin.manifest["edition_id"], made, frame, bulletin.language)
    book.add(guide.summary(bulletin, contents))
    for sheet in sheets:
        named = replace(sheet, name=names[sheet.name])
        if isinstance(named, Charts):
            book.add_charts(named)
        else:
            book.add(named)
    return book.close()


def _sheets(
    bulletin: Bulletin, descriptions: Mapping[str, Mapping[str, str]]
) -> list[Sheet | Charts]:
    """Every sheet behind the summary."""
    told: list[Sheet | Charts] = [
        *standings.rankings_and_details(bulletin),
        standings.charts(bulletin),
        standings.changes(bulletin),
        standings.comparison(bulletin),
        records.offices(bulletin),
        records.accounts(bulletin),
        records.all_posts(bulletin),
        records.tally(bulletin),
        records.unregistered(bulletin),
        records.objections(bulletin),
        guide.methods(bulletin),
    ]
    return [*told, guide.columns(bulletin, descriptions)]
