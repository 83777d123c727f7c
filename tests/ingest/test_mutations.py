"""Mutations of every layout: each ends as known, recorded, rejected or quarantined.

What belongs here: one table of mutations, applied to a good file of every layout, whose truth is
known from the facts that were written. What does not: random damage (`test_any_export.py`), files
that were cut (`test_cuts.py`) and quotes in the wrong place (`test_counting.py`).

How a mutated file may end:

- `known`: every row as it was written;
- `recorded`: the same, apart from what stands in a column that is named as unknown;
- `unreported`: as written or not reported, where the mutation took the value away;
- `rejected`: some records are rejected with a rule, all others are as written;
- `quarantined`: the file is not read, and the reason says why.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ingest import reading
from ingest.sample import WRITERS, DayExport, Export, Layout, sheet
from tests.ingest import truths
from tests.ingest.exports import read

#: What counts people or actions.
_COUNTERS = {
    *("comments", "engaged_viewers", "follower_change", "followers", "impressions", "interactions"),
    *("likes", "link_clicks", "lost_followers", "new_followers", "new_viewers", "posts", "saves"),
    *("profile_visits", "reach", "replies", "returning_viewers", "shares", "views"),
}
#: Gains less losses: a minus sign is no damage there.
_NET = {"follower_change"} | {
    f"tiktok_studio_overview {n}" for n in ("likes", "comments", "shares")
}


@dataclass(frozen=True)
class File:
    """A good file of a layout: its header, its records, and what they say."""

    layout: Layout
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
    ) -> bytes:
        """The bytes of the file, with another header or other records."""
        text = io.StringIO()
        writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end)
        writer.writerows(self.before)
        writer.writerow(self.header if header is None else header)
        writer.writerows(self.records if records is None else records)
        return (first + text.getvalue()).encode(encoding)

    def columns(self, names: set[str]) -> list[int]:
        """The positions of the columns of some fields."""
        return [place for place, name in enumerate(self.fields) if name in names]

    def with_counters(self, write: Callable[[str], str]) -> Iterator[bytes]:
        """Every counter written otherwise: in all records, and in the last alone."""
        places = self.columns(_COUNTERS)
        for start in {0, len(self.records) - 1} if places else ():
            yield self.written(
                records=[
                    [
                        write(cell) if at >= start and place in places and cell else cell
                        for place, cell in enumerate(record)
                    ]
                    for at, record in enumerate(self.records)
                ]
            )


def file_of(layout: Layout) -> File:
    """The fixed facts in a layout."""
    export = truths.fixed(layout)
    table = sheet(export)
    start = len(table) - 4 if layout.title else 0
    return File(
        layout=layout,
        export=export,
        before=table[:start],
        header=table[start],
        records=table[start + 1 :],
        fields=[name for _, name in layout.columns],
    )


def _chosen() -> dict[str, Layout]:
    """One layout of each kind, locale and generation; of Meta's series three titles."""
    titles = {"en": "Facebook follows", "id": "Reach", "es": "Views"}
    found: dict[str, Layout] = {}
    for kind, layouts in WRITERS.items():
        for layout in layouts:
            other_title = layout.title and layout.title not in (titles[layout.locale], "Cities")
            if not other_title and len(layout.columns) < 200:
                place = sum(name.startswith(f"{kind} {layout.locale}") for name in found)
                found[f"{kind} {layout.locale} {place + 1}"] = layout
    return found


LAYOUTS = _chosen()

# The mutations. Each gives some files, with the record of the good file that each of their records
# is, where that is not the one at the same place.

Mutant = bytes | tuple[bytes, list[int | None]]


def _renamed(file: File) -> Iterator[Mutant]:
    for place in range(len(file.header)):
        yield file.written([*file.header[:place], "Vibes", *file.header[place + 1 :]])


def _in_another_language(file: File) -> Iterator[Mutant]:
    yield file.written([f"Přehled {name[::-1]}" for name in file.header])


def _half_in_another_locale(file: File) -> Iterator[Mutant]:
    """An account's language was changed while the export was being put together."""
    for other in WRITERS[file.layout.kind]:
        words = {name: header for header, name in other.columns if name in _COUNTERS}
        if other.title == file.layout.title and other.locale != file.layout.locale:
            yield file.written(
                [words.get(n, h) for h, n in zip(file.header, file.fields, strict=True)]
            )


def _with_a_new_column(file: File) -> Iterator[Mutant]:
    for place in (1, len(file.header)):
        yield file.written(
            [*file.header[:place], "Vibes", *file.header[place:]],
            [[*record[:place], "77", *record[place:]] for record in file.records],
        )


def _with_a_new_first_column(file: File) -> Iterator[Mutant]:
    yield file.written(["Vibes", *file.header], [["77", *record] for record in file.records])


def _without_a_column(file: File) -> Iterator[Mutant]:
    for place in range(len(file.header)):
        yield file.written(
            [*file.header[:place], *file.header[place + 1 :]],
            [[*record[:place], *record[place + 1 :]] for record in file.records],
        )


def _without_a_header_cell(file: File) -> Iterator[Mutant]:
    for place in {0, len(file.header) // 2, len(file.header) - 1}:
        yield file.written([*file.header[:place], *file.header[place + 1 :]])


def _without_a_cell(file: File) -> Iterator[Mutant]:
    for place in {0, len(file.header) // 2, len(file.header) - 1}:
        *records, last = file.records
        yield file.written(records=[*records, [*last[:place], *last[place + 1 :]]])


def _with_a_cell_too_many(file: File) -> Iterator[Mutant]:
    for place in {0, len(file.header) // 2, len(file.header)}:
        *records, last = file.records
        yield file.written(records=[*records, [*last[:place], "77", *last[place:]]])


def _reordered(file: File) -> Iterator[Mutant]:
    shuffled = Random(5).sample(range(len(file.header)), len(file.header))
    for order in (range(len(file.header))[::-1], shuffled):
        yield file.written(
            [file.header[place] for place in order],
            [[record[place] for place in order] for record in file.records],
        )


def _with_a_column_twice(file: File) -> Iterator[Mutant]:
    for place in range(len(file.header)):
        yield file.written(
            [*file.header, file.header[place]],
            [[*record, record[place]] for record in file.records],
        )


def _with_a_dead_double(file: File) -> Iterator[Mutant]:
    for place in file.columns(_COUNTERS):
        for dead in ("", "0"):
            yield file.written(
                [file.header[place], *file.header],
                [[dead if record[place] else "", *record] for record in file.records],
            )


def _with_a_double_that_disagrees(file: File) -> Iterator[Mutant]:
    for place in file.columns(_COUNTERS):
        yield file.written(
            [*file.header, file.header[place]],
            [[*record, "77"] for record in file.records],
        )


def _other_unicode(file: File) -> Iterator[Mutant]:
    yield file.written(encoding="utf-8-sig")
    yield file.written(encoding="utf-16")
    yield "\ufeff".encode("utf-16-be") + file.written(encoding="utf-16-be")


def _windows_1252(file: File) -> Iterator[Mutant]:
    yield file.written(encoding="cp1252")


def _two_byte_order_marks(file: File) -> Iterator[Mutant]:
    yield file.written(first="\ufeff", encoding="utf-8-sig")


def _utf_16_without_a_mark(file: File) -> Iterator[Mutant]:
    yield file.written(encoding="utf-16-le")


def _other_case(file: File) -> Iterator[Mutant]:
    for change in (str.upper, str.lower, str.title):
        yield file.written([change(name) for name in file.header])


def _spaces_in_the_header(file: File) -> Iterator[Mutant]:
    for space in (" ", "  ", "\u00a0", "\t "):
        yield file.written(
            [f"{space}{name.replace(' ', space + ' ')}{space}" for name in file.header]
        )


def _invisible_in_the_header(file: File) -> Iterator[Mutant]:
    for place in range(len(file.header)):
        header = list(file.header)
        header[place] = f"{header[place]}\u200b"
        yield file.written(header)


def _spaces_around_counters(file: File) -> Iterator[Mutant]:
    for space in (" ", "\u00a0", "\t"):
        yield from file.with_counters(lambda cell, space=space: f"{space}{cell}{space}")


def _padded(file: File) -> Iterator[Mutant]:
    """A spreadsheet's empty columns at the end."""
    yield file.written([*file.header, "", ""], [[*record, "", ""] for record in file.records])


def _semicolons(file: File) -> Iterator[Mutant]:
    yield file.written(delimiter=";")
    yield file.written(delimiter="\t")
    yield file.written(delimiter=";", first="sep=;\n")
    yield file.written(first="sep=,\r\n", line_end="\r\n")


def _other_line_ends(file: File) -> Iterator[Mutant]:
    yield file.written(line_end="\r\n")


def _blank_lines(file: File) -> Iterator[Mutant]:
    """Not after a title, where a blank line parts tables."""
    if not file.layout.title:
        yield file.written(records=[part for record in file.records for part in ([], record)])


def _header_again(file: File) -> Iterator[Mutant]:
    """Two exports that were put under each other."""
    count = len(file.records)
    numbers = [*range(1, count + 1)]
    yield (
        file.written(records=[*file.records, file.header, *file.records]),
        [*numbers, None, *numbers],
    )


def _records_twice(file: File) -> Iterator[Mutant]:
    numbers = [*range(1, len(file.records) + 1)]
    yield file.written(records=[*file.records, *file.records]), [*numbers, *numbers]


def _records_reversed(file: File) -> Iterator[Mutant]:
    numbers = [*range(1, len(file.records) + 1)]
    yield file.written(records=file.records[::-1]), [*numbers[::-1]]


def _wrapped(file: File) -> Iterator[Mutant]:
    """A spreadsheet took each line for one cell."""
    table = [[" ".join(cell.split("\n")) for cell in r] for r in (file.header, *file.records)]
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows(table)
    wrapped = [[line] for line in lines.getvalue().splitlines()]
    yield file.written(wrapped[0], wrapped[1:])


def _dates(file: File) -> list[date]:
    """The day or the local instant that each record prints; a totals row prints none."""
    if isinstance(file.export, DayExport):
        return [told.day for told in file.export.days]
    zone = ZoneInfo(file.layout.time_zone or file.export.office.time_zone)
    return [post.published_at.replace(tzinfo=UTC).astimezone(zone) for post in file.export.posts]


_DATE_FORMS = (
    *("%d/%m/%Y %H:%M", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%Y", "%m-%d-%y", "%d/%m"),
    *("%Y-%m-%d", "%Y/%m/%d", "%Y-%m-%d %H:%M:%S", "%d %B %Y", "%B %d, %Y", "%d %b", "%m/%d"),
    *("%d/%m/%y", "%m/%d/%y %H:%M", "%m/%d/%Y %I:%M %p", "%Y%m%d", "%s", "%j"),
)


def _other_date_order(file: File) -> Iterator[Mutant]:
    for place in file.columns({"time", "day"}):
        dates = _dates(file)
        for form in _DATE_FORMS:
            records = [list(record) for record in file.records]
            for record, day in zip(records[-len(dates) :], dates, strict=True):
                record[place] = day.strftime(form)
            yield file.written(records=records)


def _thousands(mark: str) -> Callable[[str], str]:
    def write(cell: str) -> str:
        number, dot, rest = cell.partition(".")
        return f"{int(number):,}".replace(",", mark) + dot + rest

    return write


def _thousands_separators(file: File) -> Iterator[Mutant]:
    for mark in (".", ",", " ", "\u00a0", "\u202f", "'", "’", "_", "٬"):
        yield from file.with_counters(_thousands(mark))


def _decimal_commas(file: File) -> Iterator[Mutant]:
    for rest in (",0", ",00", ",5", ",50", ",000"):
        yield from file.with_counters(lambda cell, rest=rest: cell.split(".")[0] + rest)
    yield from file.with_counters(lambda cell: _thousands(".")(cell.split(".")[0]) + ",00")


def _decimal_points(file: File) -> Iterator[Mutant]:
    for rest in (".5", ".50", ".005", ".000", ".123"):
        yield from file.with_counters(lambda cell, rest=rest: cell.split(".")[0] + rest)


def _floats(file: File) -> Iterator[Mutant]:
    yield from file.with_counters(lambda cell: cell.split(".")[0] + ".0")


def _units(file: File) -> Iterator[Mutant]:
    """A number of which only some digits are left, unless it is as round as that."""
    for mark in (".", ","):
        for scale, unit in (
            *((3, "K"), (3, "k"), (3, " rb"), (3, " ribu"), (3, " mil"), (6, " jt"), (6, "M")),
            *((6, " juta"), (3, "tis."), (3, " mil"), (3, "E+3"), (6, "e6")),
        ):

            def write(cell: str, mark: str = mark, scale: int = scale, unit: str = unit) -> str:
                return f"{int(cell.split('.')[0]) / 10**scale:.1f}".replace(".", mark) + unit

            yield from file.with_counters(write)


def _other_marks(file: File) -> Iterator[Mutant]:
    digits = str.maketrans("0123456789", "０１２３４５６７８９")
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    yield from file.with_counters(lambda cell: cell.translate(digits))
    yield from file.with_counters(lambda cell: cell.translate(arabic))
    for form in ("{}*", "{}%", "~{}", ">{}", "${}", "({})", "{}+", "{} views", "≈ {}", "0x{}"):
        yield from file.with_counters(lambda cell, form=form: form.format(cell))


def _minus_signs(file: File) -> Iterator[Mutant]:
    places = [
        place
        for place in file.columns(_COUNTERS)
        if not {file.fields[place], f"{file.layout.kind} {file.fields[place]}"} & _NET
    ]
    for sign in ("-", "−", "–") if places else ():
        *records, last = file.records
        cells = [f"{sign}{c}" if n in places and c else c for n, c in enumerate(last)]
        yield file.written(records=[*records, cells])


def _spreadsheet_s_text_marks(file: File) -> Iterator[Mutant]:
    yield from file.with_counters(lambda cell: f'="{cell}"')
    yield from file.with_counters(lambda cell: f"'{cell}")


def _null_tokens(file: File) -> Iterator[Mutant]:
    for token in ("", "-", "--", "NAN", "undefined", "N/A", "null"):
        yield from file.with_counters(lambda cell, token=token: token)


def _ids_in_scientific_notation(file: File) -> Iterator[Mutant]:
    for place in file.columns({"id", "plain", "owner"}):
        records = [list(record) for record in file.records]
        for record in records:
            if record[place].isdigit():
                record[place] = f"{float(record[place]):.2E}"
        if records != file.records:
            yield file.written(records=records)


def _ids_rounded(file: File) -> Iterator[Mutant]:
    """A spreadsheet keeps 15 digits; only where a link tells the ID too, the loss is seen."""
    for place in file.columns({"id"}) if file.layout.kind.startswith("x_") else ():
        records = [list(record) for record in file.records]
        for record in records:
            record[place] = record[place][:15] + "0" * len(record[place][15:])
        yield file.written(records=records)


def _mojibake_in_the_header(file: File) -> Iterator[Mutant]:
    header = [name.encode().decode("cp1252", errors="replace") for name in file.header]
    yield file.written(header)


KNOWN, RECORDED, UNREPORTED = (
    frozenset(["known"]),
    frozenset(["recorded"]),
    frozenset(["unreported"]),
)
REJECTED, QUARANTINED = frozenset(["rejected"]), frozenset(["quarantined"])

#: Name to the mutation, and how its files may end.
MUTATIONS: dict[str, tuple[Callable[[File], Iterator[Mutant]], frozenset[str]]] = {
    "renamed column": (_renamed, RECORDED | QUARANTINED),
    "another language": (_in_another_language, QUARANTINED),
    "another locale": (_half_in_another_locale, KNOWN),
    "new column": (_with_a_new_column, RECORDED),
    "new first column": (_with_a_new_first_column, RECORDED | QUARANTINED),
    "dropped column": (_without_a_column, KNOWN | UNREPORTED | QUARANTINED),
    "dropped header cell": (_without_a_header_cell, REJECTED | QUARANTINED),
    "dropped cell": (_without_a_cell, REJECTED | QUARANTINED),
    "cell too many": (_with_a_cell_too_many, REJECTED | QUARANTINED),
    "reordered": (_reordered, KNOWN),
    "column twice": (_with_a_column_twice, KNOWN),
    "dead double": (_with_a_dead_double, KNOWN),
    "double that disagrees": (_with_a_double_that_disagrees, REJECTED),
    "BOM, UTF-16": (_other_unicode, KNOWN),
    "Windows-1252": (_windows_1252, KNOWN),
    "two BOMs": (_two_byte_order_marks, KNOWN | RECORDED | QUARANTINED),
    "UTF-16 without BOM": (_utf_16_without_a_mark, QUARANTINED),
    "case": (_other_case, KNOWN),
    "spaces in header": (_spaces_in_the_header, KNOWN),
    "invisible in header": (_invisible_in_the_header, KNOWN | RECORDED | QUARANTINED),
    "mojibake in header": (_mojibake_in_the_header, KNOWN | RECORDED | QUARANTINED),
    "spaces around counters": (_spaces_around_counters, KNOWN),
    "padded": (_padded, KNOWN | RECORDED),
    "delimiter": (_semicolons, KNOWN),
    "line ends": (_other_line_ends, KNOWN),
    "blank lines": (_blank_lines, KNOWN),
    "header again": (_header_again, REJECTED | QUARANTINED),
    "records twice": (_records_twice, KNOWN),
    "records reversed": (_records_reversed, KNOWN),
    "wrapped": (_wrapped, KNOWN | QUARANTINED),
    "date order": (_other_date_order, KNOWN | REJECTED | QUARANTINED),
    "thousands": (_thousands_separators, KNOWN | REJECTED | QUARANTINED),
    "decimal comma": (_decimal_commas, KNOWN | REJECTED | QUARANTINED),
    "decimal point": (_decimal_points, KNOWN | REJECTED | QUARANTINED),
    "floats": (_floats, KNOWN),
    "unit": (_units, KNOWN | REJECTED | QUARANTINED),
    "other marks": (_other_marks, KNOWN | REJECTED | QUARANTINED),
    "minus": (_minus_signs, REJECTED | QUARANTINED),
    "marks of text": (_spreadsheet_s_text_marks, KNOWN),
    "null tokens": (_null_tokens, UNREPORTED),
    "scientific IDs": (_ids_in_scientific_notation, KNOWN | REJECTED | UNREPORTED),
    "rounded IDs": (_ids_rounded, REJECTED),
}


def _ends(file: File, mutant: Mutant) -> str:
    """How a mutated file ends; whatever is read of it must be as it was written."""
    content, origin = mutant if isinstance(mutant, tuple) else (mutant, None)
    try:
        records, found = read(content)
    except reading.Quarantine as problem:
        assert len(str(problem)) > 20
        return "quarantined"
    told = [set(part["record_number"]) for part in (found.observations, found.rejects)]
    told.append(set(found.set_aside["record_number"]))
    assert sum(map(len, told)) == records.count
    assert set().union(*told) == set(range(1, records.count + 1))
    truth = {(row["record_number"], row.get("metric")): row for row in truths.rows(file.export)}
    is_whole = True
    for row in found.observations.drop("sha256").to_dicts():
        number = row["record_number"]
        source = number if origin is None else origin[number - 1]
        assert source is not None
        expected = truth[source, row.get("metric")]
        is_whole &= _is_as_written(row, expected)
    if found.rejects.height:
        assert all(len(rule) > 3 and detail for *_, rule, detail in found.rejects.rows())
        return "rejected"
    if records.unknown_columns:
        return "recorded"
    width = len({metric for _, metric in truth}) * (records.count - found.set_aside.height)
    return "known" if is_whole and found.observations.height == width else "unreported"


def _is_as_written(row: dict[str, Any], expected: dict[str, Any]) -> bool:
    """Whether a row says everything that was written; fails where it says something else."""
    is_whole = True
    for name, value in row.items():
        if name == "record_number" or (name == "is_guest" and row["reach_count"] is None):
            continue
        wanted = expected[name]
        if name == "text":  # some mutations can't keep a line end
            value, wanted = (each and " ".join(each.split()) for each in (value, wanted))
        if value != wanted:
            assert not value and not (value == 0 and not isinstance(value, bool)), (name, value)
            is_whole = False
    return is_whole


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize("name", LAYOUTS)
def test_a_mutated_file_is_understood_or_refused(name: str, mutation: str) -> None:
    file = file_of(LAYOUTS[name])
    mutate, ends = MUTATIONS[mutation]
    if not truths.rows(file.export):  # whatever a table says that holds nothing, it is set aside
        ends |= KNOWN
    for mutant in mutate(file):
        assert mutant != file.written()
        assert _ends(file, mutant) in ends


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_has_at_least_twelve_mutations(name: str) -> None:
    file = file_of(LAYOUTS[name])
    assert _ends(file, file.written()) == "known"
    assert sum(any(True for _ in mutate(file)) for mutate, _ in MUTATIONS.values()) >= 12
