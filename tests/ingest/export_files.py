"""Good files of every layout, whose truth is known, and that can be written otherwise.

What belongs here: a file as header and records. What does not: what is done to it (`mutations.py`,
`test_truncation.py`) and what must come of it (`truths.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.sample import FORMATS, DayExport, Export, ExportFormat, sheet
from ingest.schemas import METRICS
from tests.ingest import truths

QUOTE = '"'
#: What counts people or actions.
COUNTERS = set(METRICS)
#: A mutated file; the record of the good file that each of its records is, where that is not the
#: one at the same place, and None for a record that must not be loaded.
Mutant = bytes | tuple[bytes, list[int | None]]


@dataclass(frozen=True)
class File:
    """A good file of a layout: its header, its records, and what they say."""

    format: ExportFormat
    export: Export | DayExport
    before: list[list[str]]
    header: list[str]
    records: list[list[str]]
    #: The field of each column, as the writer has it.
    fields: list[str]

    def written(
        self,
        header: Sequence[str] | None = None,
        records: Sequence[Sequence[str]] | None = None,
        *,
        delimiter: str = ",",
        line_end: str = "\n",
        first: str = "",
        encoding: str = "utf-8",
        is_quoted: bool = False,
    ) -> bytes:
        """The bytes of the file, with another header or other records."""
        marks = {*delimiter, *'"\r\n'}

        def quoted(cell: str) -> str:
            return f'"{cell.replace(QUOTE, QUOTE * 2)}"' if is_quoted or marks & {*cell} else cell

        table = [self.header if header is None else header]
        table += self.records if records is None else records
        lines = [delimiter.join(map(quoted, record)) for record in (*self.before, *table)]
        return (first + "".join(f"{line}{line_end}" for line in lines)).encode(encoding)

    def columns(self, names: set[str]) -> list[int]:
        """The positions of the columns of some fields."""
        return [place for place, name in enumerate(self.fields) if name in names]

    def with_counters(self, *writes: Callable[[str], str]) -> Iterator[Mutant]:
        """Counters written otherwise: every way in one file, and one of the ways in another.

        A reader that learns from one record how another is meant must be right in both.
        """
        places = self.columns(COUNTERS)
        if not places:
            return
        ways: Iterable[Sequence[Callable[[str], str]]] = (
            writes,
            [writes[len(self.format.kind) % len(writes)]],
        )
        if self.format.total_word:  # YouTube's, which has each video once
            ways = [[write] for write in writes]
        for some in ways:
            records = [
                [
                    write(cell) if place in places and cell.strip("-")[:1].isdigit() else cell
                    for place, cell in enumerate(record)
                ]
                for write in some
                for record in self.records
            ]
            yield self.written(records=records), self.numbers * len(some)

    def with_one_counter(self, names: set[str], write: Callable[[str], str]) -> Mutant:
        """For each of some counters a record in which that one is written so that it is wrong."""
        last = self.records[-1]
        records = [
            [
                write(cell) if field == name and cell else cell
                for field, cell in zip(self.fields, last, strict=True)
            ]
            for name in sorted(names)
        ]
        return self.written(records=records), [len(self.records)] * len(records)

    @property
    def numbers(self) -> list[int | None]:
        """The number of each record."""
        return [*range(1, len(self.records) + 1)]


def file_of(export_format: ExportFormat) -> File:
    """The fixed facts in a format, with a line end after the last record."""
    export = truths.fixed(replace(export_format, ends_with_line_end=True))
    table = sheet(export)
    start = len(table) - 4 if export_format.title else 0
    return File(
        format=export.format,
        export=export,
        before=table[:start],
        header=table[start],
        records=table[start + 1 :],
        fields=list(export_format.fields),
    )


def _chosen() -> dict[str, ExportFormat]:
    """Each format of a kind and locale with another header, three at most; of Meta's series three
    titles. Words that were inferred have to prove themselves, which what is mutated need not."""
    titles = {
        "en": "Facebook follows",
        "id": "Jangkauan",
        "es": "Visualizaciones",
        "pt": "Alcance do Facebook",
    }
    found: dict[str, ExportFormat] = {}
    for kind, formats in FORMATS.items():
        for each in formats:
            is_other = each.title and each.title not in (titles[each.locale], "Top cities")
            alike = [n for n in found if n.startswith(f"{kind} {each.locale}")]
            is_known = each.columns in [found[name].columns for name in alike]
            # Of the legacy workbook only the key metrics can come as text; others need their sheet.
            is_sheet = kind in ("facebook_insights_stories", "facebook_insights_others")
            is_odd = is_sheet or each.is_response or len(each.columns) >= 200
            is_more = each.is_inferred or len(alike) == 3
            if not (is_other or is_known or is_odd or is_more):
                found[f"{kind} {each.locale} {len(alike) + 1}"] = each
    return found


#: Kind, locale and number to the format.
CHOSEN = _chosen()
