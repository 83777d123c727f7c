"""XML Spreadsheet 2003: text that Excel opens, mostly named `.xls`.

Facebook's Insights of pages came so until about 2018. What belongs here: its elements, read twice
by different ways through the text. What does not: how cells become a table
(`spreadsheet_cells.py`).
"""

from __future__ import annotations

import xml.parsers.expat
from datetime import datetime
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from ingest.files.spreadsheet_cells import (
    Sheet,
    cell,
    is_filled,
    refuse_too_many,
    table,
)
from ingest.files.table import Damage, IsLink, Table

_NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"


def _qualified(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"


_SHEET = _qualified("Worksheet")
_TABLE = _qualified("Table")
_ROW = _qualified("Row")
_CELL = _qualified("Cell")
_DATA = _qualified("Data")
_COMMENT = _qualified("Comment")
_INDEX = _qualified("Index")
_ACROSS = _qualified("MergeAcross")
_NAME = _qualified("Name")
_TYPE = _qualified("Type")
_LINK = _qualified("HRef")


def is_one(content: bytes) -> bool:
    """Whether the bytes begin as an XML document of this namespace."""
    start = content[:4096].replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").lstrip()
    start = start.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    return start.startswith(b"<") and _NAMESPACE.encode() in start


def read(content: bytes, is_link: IsLink) -> tuple[Table, ...]:
    """The worksheets that hold anything, in order.

    Raises:
        Damage: the text is broken or cut, two counts of its rows differ, or its cells are too many.
    """
    try:
        root = defusedxml.ElementTree.fromstring(content.lstrip(), forbid_dtd=True)
        counts = _count(content.lstrip())
        sheets = [
            _sheet(element, count, is_link)
            for element, count in zip(root.iter(_SHEET), counts, strict=True)
        ]
    except (ParseError, xml.parsers.expat.ExpatError, DefusedXmlException, ValueError) as problem:
        raise Damage(f"the spreadsheet is damaged or cut ({problem}); export it again") from None
    found = tuple(filled for sheet in sheets if (filled := table(sheet)))
    if not found:
        raise Damage("the spreadsheet is empty; export it again")
    return found


def _sheet(element: Element, filled_count: int, is_link: IsLink) -> Sheet:
    """The rows as text; rows and cells that are left out count, where an index tells of them."""
    rows: list[list[str]] = []
    behind: dict[int, list[str]] = {}
    header: list[str] = []
    place_count = 0
    for row_element in element.iterfind(f"{_TABLE}/{_ROW}"):
        row: list[str] = []
        for cell_element in row_element.iterfind(_CELL):
            place = int(cell_element.get(_INDEX, len(row) + 1)) - 1
            across = int(cell_element.get(_ACROSS, 0))
            # Before they are made: a few digits can tell of any number of cells.
            refuse_too_many(place_count + max(place, len(row)) + 1 + across)
            row += [""] * (place - len(row))
            text = _text(cell_element.find(_DATA))
            link = cell_element.get(_LINK)
            if link and place < len(header) and is_link(header[place]) and "://" not in text:
                text = link
            row += [text] + [""] * across
            comments = ["".join(each.itertext()) for each in cell_element.iterfind(_COMMENT)]
            behind.setdefault(len(rows), []).extend([link, *comments] if link else comments)
        rows.append(row)
        place_count += len(row)
        header = header or (row if is_filled(row) else [])
    return Sheet(element.get(_NAME, ""), rows, filled_count, behind)


def _text(data: Element | None) -> str:
    if data is None:
        return ""
    text = "".join(data.itertext())
    kind = data.get(_TYPE)
    if kind == "Number":
        digits = text.strip()
        # Digits that were written whole are whole, up to where a spreadsheet rounds.
        return cell(int(digits) if digits.isdecimal() else float(digits))
    if kind == "DateTime":
        return cell(datetime.fromisoformat(text.strip()))
    if kind == "Boolean":
        return cell(text.strip() == "1")
    return text


def _count(content: bytes) -> list[int]:
    """The filled rows of each worksheet, counted from the parser's events."""
    counts: list[int] = []
    depth: dict[str, bool] = {"data": False, "filled": False}

    def start(name: str, _: dict[str, str]) -> None:
        if name == f"{_NAMESPACE} Worksheet":
            counts.append(0)
        elif name == f"{_NAMESPACE} Row":
            depth["filled"] = False
        elif name == f"{_NAMESPACE} Data":
            depth["data"] = True

    def end(name: str) -> None:
        if name == f"{_NAMESPACE} Data":
            depth["data"] = False
        elif name == f"{_NAMESPACE} Row":
            counts[-1] += depth["filled"]

    def characters(text: str) -> None:
        depth["filled"] |= depth["data"] and bool(text.strip())

    parser = xml.parsers.expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = characters
    parser.Parse(content, True)
    return counts
