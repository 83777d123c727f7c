"""A file without the records of one account.

What belongs here: which records of a file are of an account, the copy without them, and the proof
that all other records read as before. What does not: which files are looked at and what becomes of
them (`erasure.py`), and the form of the copy (`files/writing.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ingest.files import archives, stacked_tables, writing
from ingest.files.table import Table, split_record
from ingest.parsing import parse
from ingest.parsing.parse import Quarantine, Records
from ingest.parsing.recognise import OpenedTable, open_export

#: The name under which a file is read here; rows are compared without it.
_UNNAMED = "0" * 64


class NotRedactable(Exception):
    """A file that names the account and can't be rewritten without it; the text says why."""


def redacted(content: bytes, name: str) -> bytes | None:
    """A copy of a file without the records of an account; None where it holds nothing of it.

    A record is the account's where a cell, or what stands behind it, is the account's name or
    number or a link into the account, and where reading the record gives that account. A text in
    which somebody else mentions the account is somebody else's.

    Args:
        content: the file's bytes.
        name: the account's number or handle, in small letters and without `@`.

    Raises:
        NotRedactable: the file names the account, but can't be opened, or can't be written so that
            all other records read as they did.
    """
    try:
        opened = open_export(content)
        # Whatever is read of the account stands in a cell, so that most files need no more.
        is_behind_cells = any(_has_behind(each.table, name) for each in opened)
        if not is_behind_cells and not any(_has_text(each.table, name) for each in opened):
            if is_mentioned(content, name):
                raise NotRedactable("the account is named outside the tables' cells")
            return None
        records = parse.split_opened(opened, _UNNAMED)
    except Quarantine as problem:
        if is_mentioned(content, name):
            raise NotRedactable(str(problem)) from None
        return None
    if any(_is_one_of([each.table.sheet or "", *each.table.header], name) for each in opened):
        raise NotRedactable("a header or a sheet's name is the account")
    rows = [parse.interpret([each]) for each in records]
    removed = _records_of(opened, rows, name)
    if not any(removed):
        if is_behind_cells:
            raise NotRedactable("a comment or a link behind a cell names the account")
        return None
    try:
        copy = writing.without([each.table for each in opened], removed)
        opened_copy = open_export(copy)
        records_of_copy = parse.split_opened(opened_copy, _UNNAMED)
    except (writing.NotWritable, Quarantine) as problem:
        raise NotRedactable(str(problem)) from None
    rows_of_copy = [parse.interpret([each]) for each in records_of_copy]
    if any(_records_of(opened_copy, rows_of_copy, name)):
        raise NotRedactable("a record of the account stays in the copy")
    before = _said(records, rows, removed)
    if before != _said(records_of_copy, rows_of_copy, [frozenset()] * len(records_of_copy)):
        raise NotRedactable("other records would be read differently without the account's")
    return copy


def is_mentioned(content: bytes, name: str) -> bool:
    """Whether a file's bytes, or what is compressed in them, hold a name, whoever writes it."""
    encodings = ("utf-8", "utf-16-le", "utf-16-be", "cp1252")
    for part in archives.contents(content):
        if name.isascii():
            # Many times faster than decoding: bytes have small letters for the ASCII ones.
            lowered = part.lower()
            found = any(name.encode(encoding) in lowered for encoding in encodings)
        else:
            found = any(name in part.decode(each, errors="ignore").lower() for each in encodings)
        if found:
            return True
    return False


def _records_of(
    opened: Sequence[OpenedTable], rows: Sequence[parse.Rows], name: str
) -> list[frozenset[int]]:
    """Of each table, the numbers of the account's records, counted within the table."""
    found = []
    before = 0
    for each, read in zip(opened, rows, strict=True):
        numbers = {number - before for number in _read_as(read.observations, name)}
        found.append(frozenset(numbers | _in_cells(each.table, name)))
        before += each.table.record_count
    return found


def _read_as(observations: pl.DataFrame, name: str) -> set[int]:
    """The numbers of records that are read as the account's; comments and labels are nobody's."""
    if "account_handle" not in observations.columns:
        return set()
    is_account = (pl.col("account_handle") == name) | (pl.col("platform_account_id") == name)
    return set(observations.filter(is_account)["record_number"])


def _in_cells(table: Table, name: str) -> set[int]:
    """The numbers of records of which a cell, or what stands behind one, is the account."""
    frame = table.frame(range(len(table.columns)))
    is_account = [
        _is_account(pl.col(str(place)), name, is_joined=header == stacked_tables.RECORD)
        for place, header in enumerate(table.header)
    ]
    found = set(frame.filter(pl.any_horizontal(is_account))["record_number"])
    found |= {number for number, texts in table.behind.items() if _is_one_of(texts, name)}
    found |= {
        record.number
        for record in table.malformed
        if _is_one_of(split_record(record.text, table.delimiter or ","), name)
    }
    return found


def _is_account(column: pl.Expr, name: str, *, is_joined: bool) -> pl.Expr:
    """Whether a cell is the account's name or number, or a link into the account.

    Args:
        column: the cells.
        name: the account.
        is_joined: a cell holds all cells of a record, one after the other.
    """
    text = column.str.strip_chars().str.to_lowercase()
    whole = pl.escape_regex(name)
    # A spreadsheet's marks that a number is text may stand around it.
    found = text.str.contains(f'^(?:=?"|\'|=)?@?{whole}"?$')
    found |= text.str.contains(f"^https?://.*[/?#]@?{whole}(?:[/?#]|$)")
    if is_joined:
        found |= text.str.contains(f'(?:^|[,;\t/?#])[" ]*@?{whole}[" ]*(?:[,;\t/?#]|$)')
    return found


def _is_one_of(texts: Sequence[str], name: str) -> bool:
    column = pl.Series("text", list(texts), dtype=pl.String).to_frame()
    return bool(column.select(_is_account(pl.col("text"), name, is_joined=False).any()).item())


def _has_behind(table: Table, name: str) -> bool:
    """Whether something behind a cell holds the name, be it inside a longer text."""
    return any(name in text.lower() for texts in table.behind.values() for text in texts)


def _has_text(table: Table, name: str) -> bool:
    """Whether any cell holds the name, be it inside a longer text."""
    others = [table.sheet or "", *table.header]
    others += [record.text for record in table.malformed]
    if name in " ".join(others).lower():
        return True
    whole = pl.all().exclude("record_number").str.to_lowercase()
    frame = table.frame(range(len(table.columns)))
    found = frame.select(pl.any_horizontal(whole.str.contains(name, literal=True).any()))
    return bool(found.item())


def _said(
    records: Sequence[Records], rows: Sequence[parse.Rows], removed: Sequence[frozenset[int]]
) -> list[object]:
    """What a file says but for some records; the others are numbered as if those were not there."""
    said: list[object] = []
    numbers: dict[int, int] = {}
    before = 0
    for each, left_out in zip(records, removed, strict=True):
        for number in range(1, each.count + 1):
            if number not in left_out:
                numbers[before + number] = len(numbers) + 1
        before += each.count
    kept = pl.DataFrame(
        {"record_number": list(numbers), "new_number": list(numbers.values())},
        schema={"record_number": pl.Int64, "new_number": pl.Int64},
    )
    for each, read in zip(records, rows, strict=True):
        said.append((each.layout.kind, each.locale, each.sheet))
        for frame in (read.observations, read.rejects, read.set_aside, read.withheld):
            others = frame.join(kept, on="record_number", maintain_order="left")
            said.append(others.drop("record_number", "sha256").rows())
    return said
