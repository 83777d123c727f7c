"""Titled tables that stand under each other in one text.

What belongs here: making one table of them where there is no doubt. What does not: encodings
(`encodings.py`), splitting the one table (`delimited_text.py`), and which titles are known.
"""

from __future__ import annotations

import csv
import io

from ingest.files.table import Damage, IsKnown, is_known_below

#: The column of the tables' titles, and that of records whose tables have different headers.
TITLE = "Table"
RECORD = "Record"
#: How a series of days names its first column.
_DAY = ("date", "tanggal", "fecha", "data")


def flatten(encoded: bytes, is_known: IsKnown) -> bytes | None:
    """Titled tables that stand under each other as one table, or None where a file has no title.

    A title is a record with one cell at the start or after a blank record. Tables of one header
    become `Table` and its columns; others become `Table` and `Record`, the cells in one.

    Raises:
        Damage: a quote stands in the wrong place, the file was cut or mixes series and others, or
            one of several tables is a whole export of its own.
    """
    lines = encoded[:10_000].decode("utf-8", errors="ignore").lstrip("\r\n").splitlines()
    title = lines[0] if lines else ""
    is_one_cell = not set(title.rstrip(";\t,")) & set(",;\t")
    is_title = len(title) <= 200 and title.count('"') <= 2 and is_one_cell
    if len(lines) < 2 or not is_title or title.strip() in ("[", "{"):  # JSON
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
    if len(headers) > 1:
        for title, rows in tables:
            if is_known_below(rows, None, is_known):
                raise Damage(
                    f"a known export stands under the title {title!r}, among other tables; take "
                    "the rows around it away, or send the export as it was downloaded"
                )
    if len(headers) > 1 and not encoded.endswith((b"\n", b"\r")):
        raise Damage("the file ends inside a table; export it again")
    if len(headers) > 1 and any(header[0].casefold() in _DAY for header in headers):
        raise Damage("a series of days stands beside tables of another shape; export them apart")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if len(headers) == 1:
        writer.writerow([TITLE, *headers.pop()])
        writer.writerows([title, *row] for title, rows in tables for row in rows[1:])
    else:
        writer.writerow([TITLE, RECORD])
        writer.writerows([title, delimiter.join(row)] for title, rows in tables for row in rows[1:])
    flat = text.getvalue()
    return (flat if encoded.endswith((b"\n", b"\r")) else flat.rstrip("\n")).encode()
