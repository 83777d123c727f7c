"""How one kind of export is written, declared as text in its platform's module.

The headers are written out again and not imported from `ingest/platforms/`, so that writer and
readers check each other.

A block declares a layout: its kind, locale, the zone and the form in which it prints a time, the
number of columns in a fixed place (others stand in any order), its style, and the name of a
spreadsheet's sheet; the file's name; the header, each column with the field that fills it, or
blank. Words of style:

- `bom`, `utf16`: UTF-8 with a byte order mark, UTF-16; `sep`: a first line that names the comma;
- `quoted`: every cell; `crlf`: line ends; `cut`: no line end after the last record;
- `xlsx`, `xml`: a spreadsheet; `typed`: whose numbers and times are no texts;
- `floats`: counters as `12.0`; `none=--`: how a value is written that is not reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Layout:
    """How one kind of export is written; `columns` are pairs of header and field."""

    kind: str
    locale: str
    time_zone: str
    time_form: str
    name_form: str
    style: str
    fixed_columns: int
    columns: tuple[tuple[str, str], ...]
    #: The line before the header of Meta's series.
    title: str = ""
    #: The name of a spreadsheet's sheet.
    sheet: str = "Sheet1"

    @property
    def words(self) -> frozenset[str]:
        """The words of its style."""
        return frozenset(self.style.split())

    @property
    def form(self) -> str:
        """How its tables come: `csv`, `xlsx` or `xml`."""
        return next(iter(self.words & {"xlsx", "xml"}), "csv")

    @property
    def none(self) -> str:
        """How a value that is not reported is written."""
        told = [word for word in self.words if word.startswith("none=")]
        return told[0].removeprefix("none=") if told else ""


def layouts(blocks: str) -> Iterator[Layout]:
    """The layouts that blocks of text declare."""
    for block in blocks.strip().split("\n\n"):
        head, name, *columns = block.split("\n")
        kind, locale, zone, form, fixed, style, *sheet = head.split(";")
        made = Layout(kind, locale, zone, form, name, style, int(fixed), pairs(*columns))
        yield replace(made, sheet=sheet[0]) if sheet else made


def pairs(*parts: str) -> tuple[tuple[str, str], ...]:
    """Reads `left=right|left=right`; the right side may lack."""
    split = (part.partition("=") for part in "|".join(parts).split("|"))
    return tuple((left, right) for left, _, right in split)
