"""Tables whose every record is one cell, as a spreadsheet makes them that took a line for a cell.

What belongs here: recognising them and taking the records out. What does not: splitting what was
taken out (`delimited_text.py`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from ingest.files.table import Damage, IsKnown

REPAIR = "each record was one quoted cell"
_BROKEN = (
    "each record is one quoted cell, and some are broken in pieces that can't be joined "
    "without doubt; send the file as downloaded"
)


def is_wrapped(header: tuple[str, ...], is_known: IsKnown) -> bool:
    """Whether a header of one cell holds a whole known header."""
    if len(header) != 1:
        return False
    try:
        inner = next(filter(None, _split(header[0])), [])
    except csv.Error:
        return False
    return is_known(inner, None)


def unwrap(cells: Iterable[list[str]]) -> bytes:
    """The records that stand in the cells of some records of one cell each, the header's first.

    Only where every cell holds as many fields as the header is there no doubt: a caption's line end
    breaks a record in two.

    Raises:
        Damage: some record is more than one cell, or a cell is no whole record.
    """
    lines: list[str] = []
    widths: set[int] = set()
    try:
        for record in cells:
            if not record:  # a blank line
                continue
            if len(record) > 1 or not record[0]:
                raise Damage(_BROKEN)
            (inner,) = _split(record[0])
            lines.append(f"{record[0]}\n")
            widths.add(len(inner))
    except (csv.Error, ValueError):
        raise Damage(_BROKEN) from None
    if len(widths) != 1:
        raise Damage(_BROKEN)
    return "".join(lines).encode()


def _split(cell: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(cell, newline=""), strict=True)
