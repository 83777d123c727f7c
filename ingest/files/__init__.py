"""The forms in which an export's tables come, brought to one type: `Table`.

What belongs here: encodings, delimited text, spreadsheets, tables that stand under each other,
whole records in one cell, JSON, files in a ZIP, and writing a table again; one module per form,
recognised by content and never by a file's name. What does not: any platform's words (`platforms/`)
and what a record says (`parsing/`). Which headers and links are known is handed in. What is
repaired is told; what can be read two ways is left as it is, or raises `Damage`.
"""

from __future__ import annotations

from ingest.files import (
    delimited_text,
    encodings,
    json_records,
    json_text,
    stacked_tables,
    wrapped_records,
    xlsx,
    xml_spreadsheet,
    zips,
)
from ingest.files.table import (
    Damage,
    IsKnown,
    IsLink,
    MalformedRecord,
    Reference,
    References,
    Table,
    UnknownTable,
    is_known_below,
)

__all__ = [
    "Damage",
    "MalformedRecord",
    "Reference",
    "References",
    "Table",
    "UnknownTable",
    "tables",
]


def tables(
    content: bytes, is_known: IsKnown, is_link: IsLink, references: References
) -> tuple[Table | UnknownTable, ...]:
    """The tables of an export file; more than one where it is a workbook of several sheets.

    Args:
        content: the file's bytes as they were received.
        is_known: whether some layout knows a header; only the records under such a one are split.
        is_link: whether a column's header says that its cells are links, so that a hyperlink's
            target stands for the words that a spreadsheet shows.
        references: which keys of a JSON record name an object of a list beside the records.

    Raises:
        Damage: the file is empty, of no known form, too large, or damaged.
    """
    if not content:
        raise Damage("the file is empty (0 bytes); export it again")
    if zips.is_one(content):
        raise Damage(zips.why_not_whole(content))
    if xlsx.is_one(content):
        return tuple(_known(table, is_known) for table in xlsx.read(content, is_link))
    if xml_spreadsheet.is_one(content):
        return tuple(_known(table, is_known) for table in xml_spreadsheet.read(content, is_link))
    if json_text.is_one(content):
        return (json_records.read(content, is_known, references),)
    text = encodings.read(content)
    encoded = stacked_tables.flatten(text.encoded, is_known) or text.encoded
    return (delimited_text.read(encoded, text.repairs, is_known),)


def _known(table: Table, is_known: IsKnown) -> Table | UnknownTable:
    """A spreadsheet's table where its header is known; else what can be said of it."""
    if wrapped_records.is_wrapped(table.header, is_known):
        cells = [[*table.header], *(record for _, record in table.records())]
        inner = wrapped_records.unwrap(cells)
        return delimited_text.read(inner, (wrapped_records.REPAIR,), is_known, table.sheet)
    if is_known(table.header, table.sheet):
        return table
    rows = [table.header, *(record for _, record in table.records())]
    return UnknownTable((table.header,), is_known_below(rows, table.sheet, is_known), table.sheet)
