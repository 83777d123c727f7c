"""What an office gets back for its list, as a workbook in plain Indonesian.

What belongs here: the sheets and their columns. What does not: the outcome (`reconcile.py`), the
words of the reasons (`claim_words.py`), and how a sheet looks (`workbook/page.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from orchestration.publication.claim_words import REASONS
from orchestration.publication.reconcile import Reconciliation, month_name, sentence
from orchestration.publication.workbook.page import (
    Book,
    Cell,
    Column,
    Frame,
    Link,
    Section,
    Sheet,
)

_INDONESIAN = 1
_CLAIMS = (
    Column("Lembar", 13),
    Column("Baris", 8, "center"),
    Column("Yang ditulis", 34),
    Column("Platform", 11),
    Column("ID unggahan", 22),
    Column("Hasil", 17),
    Column("Penjelasan", 34),
    Column("Yang perlu dilakukan", 28),
    Column("Bukti (SHA-256 berkas, nomor rekaman)", 24),
)
_UNCLAIMED = (
    Column("Platform", 11),
    Column("ID unggahan", 22),
    Column("Tautan", 44),
    Column("Waktu terbit (UTC)", 22),
    Column("Hasil", 20),
    Column("Bukti (SHA-256 berkas, nomor rekaman)", 30),
)


def answer_book(found: Reconciliation) -> bytes:
    """The workbook; its bytes follow from what it tells."""
    year, month = map(int, found.month.split("-"))
    _, name = month_name(found.month)
    frame = Frame(name, found.edition_id, "Halaman {page} dari {pages}")
    book = Book(found.edition_id, date(year, month, 1), frame, "id")
    title = f"Pencocokan daftar unggahan, {name}"
    book.add(_summary(found, title))
    claims = [_claim(each) for each in found.found]
    book.add(_table("Daftar kantor", title, found, _CLAIMS, claims))
    lacking = [_lacking(row) for row in found.unclaimed]
    book.add(_table("Tidak tercantum", title, found, _UNCLAIMED, lacking))
    return book.close()


def _summary(found: Reconciliation, title: str) -> Sheet:
    steps: list[list[Cell]] = [[step.words[_INDONESIAN], step.count] for step in found.bridge]
    rows: list[list[Cell]] = [
        ["Kantor", f"{found.office_name} ({found.office_id})"],
        ["Edisi", found.edition_id],
        ["Aturan", found.policy_id],
        ["Hasil", sentence(found.bridge, _INDONESIAN)],
        [Section("Dari daftar ke jumlah pada edisi"), None],
        *steps,
    ]
    return Sheet(
        name="Ringkasan",
        title=title,
        about=(),
        columns=(Column("Hal", 40), Column("Keterangan", 57)),
        rows=rows,
        is_table=False,
    )


def _table(
    name: str,
    title: str,
    found: Reconciliation,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
) -> Sheet:
    return Sheet(
        name=name,
        title=f"{title}: {name.lower()}",
        about=[f"{found.office_name} · {found.edition_id} · {found.policy_id}"],
        columns=columns,
        rows=rows,
        is_landscape=True,
    )


def _claim(each: Any) -> list[Cell]:
    return [
        each.claim.sheet,
        each.claim.line,
        each.claim.text,
        each.platform,
        each.post[1] if each.post else None,
        REASONS[each.reason].alasan,
        each.detail[_INDONESIAN],
        each.remedy[_INDONESIAN],
        _evidence(each.evidence),
    ]


def _lacking(row: dict[str, Any]) -> list[Cell]:
    return [
        Link(row["platform"], row["link"]),
        row["post_id"],
        row["link"],
        row["published_at"],
        REASONS[row["reason"]].alasan,
        _evidence(row["evidence"]),
    ]


def _evidence(place: dict[str, Any] | None) -> str | None:
    return f"{place['sha256']}, rekaman {place['record_number']}" if place else None
