"""The forms in which an export's table comes, brought to one: delimited text in UTF-8.

What belongs here: encodings, a spreadsheet's marks around a file, whole records in one cell. What
does not: any platform's words (`layouts/`) and how records are split (`reading.py`). What is
repaired is told; what can be read two ways is left as it is, or raises `Damage`.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

#: A character of UTF-8 that is longer than a byte.
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
#: A spreadsheet's own first line, which names the delimiter.
_SEPARATOR = re.compile(rb'"?sep=([,;\t])"?[^\r\n]*(?:\r\n|\n|\r)', re.IGNORECASE)

#: How a series of days names its first column.
_DAY = ("date", "tanggal", "fecha")


class Damage(Exception):
    """A file that can't be brought to text; the message says why, for a person."""


@dataclass(frozen=True, slots=True)
class Text:
    """A file as delimited text."""

    #: UTF-8 without a byte order mark.
    encoded: bytes
    #: What was repaired, for a person.
    repairs: tuple[str, ...] = ()


def to_text(content: bytes) -> Text:
    """The text of an export file, without a byte order mark and a spreadsheet's `sep=` line.

    Windows-1252 is taken where UTF-8 fails, every byte is printable in it, and no two bytes could
    be a character of UTF-8; so a good file with one broken byte is not read as another text.

    Raises:
        Damage: the file is empty, binary, cut inside a character, or of an unknown encoding.
    """
    if not content:
        raise Damage("the file is empty (0 bytes); export it again")
    repairs: tuple[str, ...] = ()
    try:
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            encoded = content.decode("utf-16").encode()
        else:
            encoded = content.removeprefix(b"\xef\xbb\xbf")
            encoded.decode("utf-8")
    except UnicodeDecodeError as problem:
        older = _windows_1252(content)
        is_cut = problem.reason == "unexpected end of data"
        if content[:2] in (b"\xff\xfe", b"\xfe\xff") or is_cut or older is None:
            raise Damage(
                f"the file is not UTF-8 or UTF-16 text (byte {problem.start}); send the export as "
                "it was downloaded, not saved again by a spreadsheet"
            ) from None
        encoded = older.encode()
        repairs = ("read as Windows-1252, which a spreadsheet writes instead of UTF-8",)
    if b"\x00" in encoded:
        raise Damage("the file is binary, not text")
    if named := _SEPARATOR.match(encoded):
        encoded = encoded[named.end() :]
    return Text(encoded, repairs)


def _windows_1252(content: bytes) -> str | None:
    if _UTF8_SEQUENCE.search(content):
        return None
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) else text


def unwrap(encoded: bytes) -> bytes | None:
    """The records of a file whose every record is one quoted cell, or None where one is not.

    A spreadsheet that took a whole line for a cell writes such files. Only where every cell holds
    as many fields as the header is there no doubt: a caption's line end breaks a record in two.
    """
    try:
        outer = list(csv.reader(io.StringIO(encoded.decode(), newline=""), strict=True))
        cells = [record[0] for record in outer if len(record) == 1 and record[0]]
        if len(cells) < sum(map(bool, outer)):
            return None
        inner = [list(csv.reader(io.StringIO(cell, newline=""), strict=True)) for cell in cells]
    except csv.Error:
        return None
    if {len(records) for records in inner} != {1} or len({len(row[0]) for row in inner}) != 1:
        return None
    return "".join(f"{cell}\n" for cell in cells).encode()


def flatten(encoded: bytes) -> bytes | None:
    """Titled tables that stand under each other as one table, or None where a file has no title.

    A title is a record with one cell at the start or after a blank record. Tables of one header
    become `Table` and its columns; others become `Table` and `Record`, the cells in one.

    Raises:
        Damage: a quote stands in the wrong place, or the file was cut or mixes series and others.
    """
    lines = encoded[:10_000].decode("utf-8", errors="ignore").lstrip("\r\n").splitlines()
    title = lines[0] if lines else ""
    is_one_cell = not set(title.rstrip(";\t,")) & set(",;\t")
    is_title = len(title) <= 200 and title.count('"') <= 2 and is_one_cell
    if len(lines) < 2 or not is_title:
        return None
    delimiter = max(",;\t", key=lines[1].count)
    try:
        reader = csv.reader(
            io.StringIO(encoded.decode(), newline=""), delimiter=delimiter, strict=True
        )
        records = list(reader)
    except csv.Error as problem:
        raise Damage(f"a quote stands in the wrong place ({problem}); export it again") from None
    tables: list[tuple[str, list[list[str]]]] = []
    after_blank = True
    for record in records:
        filled = [cell for cell in record if cell.strip()]
        if after_blank and len(filled) == 1:
            tables.append((filled[0].strip(), []))
        elif filled and tables:
            tables[-1][1].append(record)
        elif filled:
            return None
        after_blank = not filled
    tables = [(title, rows) for title, rows in tables if rows]
    if not tables:
        return None
    headers = {tuple(cell.strip() for cell in rows[0]) for _, rows in tables}
    if len(headers) > 1 and not encoded.endswith((b"\n", b"\r")):
        raise Damage("the file ends inside a table; export it again")
    if len(headers) > 1 and any(header[0].casefold() in _DAY for header in headers):
        raise Damage("a series of days stands beside tables of another shape; export them apart")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if len(headers) == 1:
        writer.writerow(["Table", *headers.pop()])
        writer.writerows([title, *row] for title, rows in tables for row in rows[1:])
    else:
        writer.writerow(["Table", "Record"])
        writer.writerows([title, delimiter.join(row)] for title, rows in tables for row in rows[1:])
    flat = text.getvalue()
    return (flat if encoded.endswith((b"\n", b"\r")) else flat.rstrip("\n")).encode()
