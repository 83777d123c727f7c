"""The forms in which an export's tables come, brought to one: delimited text in UTF-8.

What belongs here: encodings, spreadsheets, tables that stand under each other, whole records in one
cell; one module per form, recognised by content and never by a file's name. What does not: any
platform's words (`platforms/`) and how records are split (`records.py`). What is repaired is told;
what can be read two ways is left as it is, or raises `Damage`.
"""

from __future__ import annotations

from collections.abc import Callable

from ingest.files import encodings, stacked_tables, xlsx, xml_spreadsheet
from ingest.files.table import Damage, Table

__all__ = ["Damage", "Table", "tables"]


def tables(content: bytes, is_link: Callable[[str], bool]) -> tuple[Table, ...]:
    """The tables of an export file; more than one where it is a workbook of several sheets.

    Args:
        content: the file's bytes as they were received.
        is_link: whether a column's header says that its cells are links, so that a hyperlink's
            target stands for the words that a spreadsheet shows.

    Raises:
        Damage: the file is empty, of no known form, too large, or damaged as a whole.
    """
    if not content:
        raise Damage("the file is empty (0 bytes); export it again")
    if xlsx.is_one(content):
        return xlsx.read(content, is_link)
    if xml_spreadsheet.is_one(content):
        return xml_spreadsheet.read(content, is_link)
    table = encodings.read(content)
    if flat := stacked_tables.flatten(table.encoded):
        table = Table(flat, table.repairs)
    return (table,)
