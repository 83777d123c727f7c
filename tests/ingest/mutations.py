"""The table of mutations, each applied to a good file of any layout, and how its files may end.

- `known`: every row as it was written;
- `recorded`: the same, apart from what stands in a column that is named as unknown;
- `unreported`: as written or not reported, where the mutation took the value away;
- `withheld`: as written or null, and each counter that is null is told with its rule and text;
- `rejected`: some records are rejected with a rule, all others are as written;
- `quarantined`: the file is not read, and the reason says why.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, date
from random import Random
from zoneinfo import ZoneInfo

from ingest.sample import FORMATS, DayExport, spreadsheets
from tests.ingest.export_files import COUNTERS, File, Mutant

#: Gains less losses: a minus sign is no damage there.
_NET = {"follower_change"} | {
    f"tiktok_studio_overview {n}" for n in ("likes", "comments", "shares")
}


def _renamed(file: File) -> Iterator[Mutant]:
    for name in dict.fromkeys(file.header):
        yield file.written(["Vibes" if each == name else each for each in file.header])


def _in_another_language(file: File) -> Iterator[Mutant]:
    yield file.written([f"Přehled {name[::-1]}" for name in file.header])


def _half_in_another_locale(file: File) -> Iterator[Mutant]:
    """An account's language was changed while the export was being put together."""
    for other in FORMATS[file.format.kind]:
        words = {name: header for header, name in other.columns if name in COUNTERS}
        if other.title == file.format.title and other.locale != file.format.locale:
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
    for name in dict.fromkeys(file.header):
        kept = [place for place, each in enumerate(file.header) if each != name]
        table = [[record[place] for place in kept] for record in (file.header, *file.records)]
        yield file.written(table[0], table[1:])


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
    yield file.written([*file.header, *file.header], [[*r, *r] for r in file.records])


def _with_a_dead_double(file: File) -> Iterator[Mutant]:
    places = file.columns(COUNTERS)
    for dead in ("", "0", " "):
        yield file.written(
            [*(file.header[place] for place in places), *file.header],
            [[*(dead if r[place] else "" for place in places), *r] for r in file.records],
        )


def _with_a_double_that_disagrees(file: File) -> Iterator[Mutant]:
    last = file.records[-1]
    # The first column of each counter; another one can be a part of it that is not read.
    first = {file.fields[place]: place for place in reversed(file.columns(COUNTERS))}
    places = [place for place in first.values() if last[place]]
    doubles = [[("77" if n == place else last[n]) for n in places] for place in places]
    header = [*file.header, *(file.header[place] for place in places)]
    if places:
        yield file.written(header, [[*last, *each] for each in doubles]), [None] * len(places)


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
    for space in (" ", "  ", "\u00a0", "\u2009"):
        yield file.written(
            [f"{space}{name.replace(' ', space + ' ')}{space}" for name in file.header]
        )


def _invisible_in_the_header(file: File) -> Iterator[Mutant]:
    for mark in ("\u200b", "\u00ad", "\u2060"):
        yield file.written([f"{name}{mark}" for name in file.header])
    for place in {0, len(file.header) // 2, len(file.header) - 1}:
        header = list(file.header)
        header[place] = f"{header[place]}\u200b"
        yield file.written(header)


def _spaces_around_counters(file: File) -> Iterator[Mutant]:
    yield from file.with_counters(*(f"{s}{{}}{s}".format for s in (" ", "\u00a0", "\t", "  ")))


def _padded(file: File) -> Iterator[Mutant]:
    """A spreadsheet's empty columns at the end."""
    yield file.written([*file.header, "", ""], [[*record, "", ""] for record in file.records])


def _semicolons(file: File) -> Iterator[Mutant]:
    yield file.written(delimiter=";")
    yield file.written(delimiter="\t")
    yield file.written(delimiter=";", first="sep=;\n")
    yield file.written(first="sep=,\r\n", line_end="\r\n")


def _in_a_spreadsheet(file: File) -> Iterator[Mutant]:
    table = [*file.before, file.header, *file.records]
    yield spreadsheets.xlsx("Sheet1", table)
    yield spreadsheets.xml("Sheet1", table)


def _other_line_ends(file: File) -> Iterator[Mutant]:
    yield file.written(line_end="\r\n")


def _blank_lines(file: File) -> Iterator[Mutant]:
    """Not after a title, where a blank line parts tables."""
    if not file.format.title:
        yield file.written(records=[part for record in file.records for part in ([], record)])


def _header_again(file: File) -> Iterator[Mutant]:
    """Two exports that were put under each other."""
    records = [*file.records, file.header, *file.records]
    yield file.written(records=records), [*file.numbers, None, *file.numbers]


def _records_twice(file: File) -> Iterator[Mutant]:
    yield file.written(records=file.records * 2), file.numbers * 2


def _records_reversed(file: File) -> Iterator[Mutant]:
    yield file.written(records=file.records[::-1]), file.numbers[::-1]


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
    zone = ZoneInfo(file.format.time_zone or file.export.office.time_zone)
    return [post.published_at.replace(tzinfo=UTC).astimezone(zone) for post in file.export.posts]


_DATE_FORMS = (
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%m-%d-%y",
    "%d/%m",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y-%m-%d %H:%M:%S",
    "%d %B %Y",
    "%B %d, %Y",
    "%d %b",
    "%m/%d",
    "%d/%m/%y",
    "%m/%d/%y %H:%M",
    "%m/%d/%Y %I:%M %p",
    "%Y%m%d",
    "%s",
    "%j",
)


def _other_date_order(file: File) -> Iterator[Mutant]:
    for place in file.columns({"time", "day"}):
        dates = _dates(file)
        for form in _DATE_FORMS:
            records = [list(record) for record in file.records]
            for record, day in zip(records[-len(dates) :], dates, strict=True):
                record[place] = day.strftime(form)
            yield file.written(records=records)


def _thousands(mark: str, after: str = "") -> Callable[[str], str]:
    def write(cell: str) -> str:
        return f"{int(cell.split('.')[0]):,}".replace(",", mark) + after

    return write


def _followed(after: str) -> Callable[[str], str]:
    def write(cell: str) -> str:
        return cell.split(".")[0] + after

    return write


def _thousands_separators(file: File) -> Iterator[Mutant]:
    marks = (".", ",", " ", "\u00a0", "\u202f", "'", "’", "_", "٬")
    yield from file.with_counters(*map(_thousands, marks))


def _decimal_commas(file: File) -> Iterator[Mutant]:
    rests = (",0", ",00", ",5", ",50", ",000")
    yield from file.with_counters(*map(_followed, rests), _thousands(".", ",00"))


def _decimal_points(file: File) -> Iterator[Mutant]:
    rests = (".5", ".50", ".005", ".000", ".123")
    yield from file.with_counters(*map(_followed, rests), _thousands(",", ".00"))


def _floats(file: File) -> Iterator[Mutant]:
    yield from file.with_counters(_followed(".0"))


def _rounded(mark: str, scale: int, unit: str) -> Callable[[str], str]:
    def write(cell: str) -> str:
        return f"{int(cell.split('.')[0]) / 10**scale:.1f}".replace(".", mark) + unit

    return write


def _units(file: File) -> Iterator[Mutant]:
    """A number of which only some digits are left, unless it is as round as that."""
    units = (
        (3, "K"),
        (3, "k"),
        (3, " rb"),
        (3, " ribu"),
        (3, " mil"),
        (6, " jt"),
        (6, "M"),
        (6, " juta"),
        (3, " tis."),
        (3, "rb"),
        (3, "E+3"),
        (6, "e6"),
        (6, " mill."),
    )
    yield from file.with_counters(*(_rounded(m, *unit) for unit in units for m in (".", ",")))


def _other_marks(file: File) -> Iterator[Mutant]:
    digits = [
        str.maketrans("0123456789", other) for other in ("０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩")
    ]
    forms = ("{}*", "{}%", "~{}", ">{}", "${}", "({})", "{}+", "{} views", "≈ {}", "0x{}", "{}/7")
    others = [lambda cell, table=table: cell.translate(table) for table in digits]
    yield from file.with_counters(*(form.format for form in forms), *others)


def _minus_signs(file: File) -> Iterator[Mutant]:
    is_net = {n for n in COUNTERS if {n, f"{file.format.kind} {n}"} & _NET}
    last = dict(zip(file.fields, file.records[-1], strict=True))
    columns = {name for name in COUNTERS - is_net if last.get(name)}
    for sign in ("-", "−", "–") if columns else ():
        yield file.with_one_counter(columns, f"{sign}{{}}".format)


def _spreadsheet_s_text_marks(file: File) -> Iterator[Mutant]:
    yield from file.with_counters('="{}"'.format, "'{}".format)


def _null_tokens(file: File) -> Iterator[Mutant]:
    tokens = ("", "-", "--", "NAN", "undefined", "N/A", "null")
    yield from file.with_counters(*(lambda cell, token=token: token for token in tokens))


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
    for place in file.columns({"id"}) if file.format.kind.startswith("x_") else ():
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
WITHHELD = frozenset(["withheld"])

#: Name to the mutation, and how its files may end.
MUTATIONS: dict[str, tuple[Callable[[File], Iterator[Mutant]], frozenset[str]]] = {
    "renamed column": (_renamed, RECORDED | QUARANTINED | REJECTED),
    "another language": (_in_another_language, QUARANTINED),
    "another locale": (_half_in_another_locale, KNOWN),
    "new column": (_with_a_new_column, RECORDED),
    "new first column": (_with_a_new_first_column, RECORDED | QUARANTINED),
    "dropped column": (_without_a_column, KNOWN | UNREPORTED | QUARANTINED | REJECTED),
    "dropped header cell": (_without_a_header_cell, REJECTED | QUARANTINED),
    "dropped cell": (_without_a_cell, REJECTED | QUARANTINED),
    "cell too many": (_with_a_cell_too_many, REJECTED | QUARANTINED),
    "reordered": (_reordered, KNOWN),
    "column twice": (_with_a_column_twice, KNOWN),
    "dead double": (_with_a_dead_double, KNOWN),
    "double that disagrees": (_with_a_double_that_disagrees, REJECTED),
    "BOM, UTF-16": (_other_unicode, KNOWN),
    "Windows-1252": (_windows_1252, KNOWN),
    "two BOMs": (_two_byte_order_marks, KNOWN | RECORDED | REJECTED | QUARANTINED),
    "UTF-16 without BOM": (_utf_16_without_a_mark, QUARANTINED),
    "case": (_other_case, KNOWN),
    "spaces in header": (_spaces_in_the_header, KNOWN),
    "invisible in header": (_invisible_in_the_header, KNOWN | RECORDED | QUARANTINED),
    "mojibake in header": (_mojibake_in_the_header, KNOWN | RECORDED | QUARANTINED),
    "spaces around counters": (_spaces_around_counters, KNOWN),
    "padded": (_padded, KNOWN | RECORDED),
    "delimiter": (_semicolons, KNOWN),
    # A title above a table is read in text only.
    "spreadsheet": (_in_a_spreadsheet, KNOWN | QUARANTINED),
    "line ends": (_other_line_ends, KNOWN),
    "blank lines": (_blank_lines, KNOWN),
    "header again": (_header_again, KNOWN | REJECTED | QUARANTINED),
    "records twice": (_records_twice, KNOWN | REJECTED),
    "records reversed": (_records_reversed, KNOWN),
    "wrapped": (_wrapped, KNOWN | QUARANTINED),
    # An ID tells the time where the printed one is written otherwise.
    "date order": (_other_date_order, KNOWN | UNREPORTED | REJECTED | QUARANTINED),
    "thousands": (_thousands_separators, KNOWN | WITHHELD | REJECTED | QUARANTINED),
    "decimal comma": (_decimal_commas, KNOWN | WITHHELD | REJECTED | QUARANTINED),
    "decimal point": (_decimal_points, KNOWN | WITHHELD | REJECTED | QUARANTINED),
    "floats": (_floats, KNOWN),
    "unit": (_units, KNOWN | WITHHELD | REJECTED | QUARANTINED),
    "other marks": (_other_marks, KNOWN | WITHHELD | REJECTED | QUARANTINED),
    "minus": (_minus_signs, WITHHELD | REJECTED | QUARANTINED),
    "marks of text": (_spreadsheet_s_text_marks, KNOWN),
    "null tokens": (_null_tokens, UNREPORTED),
    "scientific IDs": (_ids_in_scientific_notation, KNOWN | REJECTED | UNREPORTED),
    "rounded IDs": (_ids_rounded, REJECTED | KNOWN),  # known by a link that bears the ID
}
