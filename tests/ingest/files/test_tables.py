"""The one type of table: what every form gives, and that two parsers count its records."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from ingest import files
from ingest.files import Damage, MalformedRecord, Table, UnknownTable, delimited_text
from tests.ingest.spreadsheets import xlsx, xml

_HEADER = ("name", "likes")
_RECORDS = [["one", "1"], ["two", "2", "more"], ["three", ""]]


def _tables(content: bytes) -> tuple[Table | UnknownTable, ...]:
    return files.tables(content, lambda header, _: tuple(header) == _HEADER, lambda _: False, {})


def _table(content: bytes) -> Table:
    (table,) = _tables(content)
    assert isinstance(table, Table)
    return table


def _text(rows: Sequence[Sequence[str]], delimiter: str = ",") -> bytes:
    return "".join(f"{delimiter.join(row)}\n" for row in rows).encode()


def _book(form: Callable[..., bytes]) -> bytes:
    return form({"July": [_HEADER, *_RECORDS]})


@pytest.mark.parametrize(
    ("content", "sheet", "delimiter"),
    [
        (_text([_HEADER, *_RECORDS]), None, ","),
        (_text([_HEADER, *_RECORDS], ";"), None, ";"),
        (_text([_HEADER, *_RECORDS], "\t").decode().encode("utf-16"), None, "\t"),
        (_book(xlsx), "July", None),
        (_book(xml), "July", None),
    ],
    # A workbook's bytes hold the time, so that they name no test.
    ids=["commas", "semicolons", "UTF-16", "XLSX", "XML Spreadsheet"],
)
def test_every_form_gives_the_same_table(
    content: bytes, sheet: str | None, delimiter: str | None
) -> None:
    table = _table(content)
    assert table.header == _HEADER
    assert table.numbers.to_list() == [1, 3]
    assert [column.to_pylist() for column in table.columns] == [["one", "three"], ["1", ""]]
    ((number, rule, detail, _),) = table.malformed
    assert (number, rule, detail) == (2, "field_count", "3 of 2 fields")
    assert (table.record_count, table.second_count) == (3, 3)
    assert (table.sheet, table.delimiter, table.ending) == (sheet, delimiter, "line")
    assert table.record(3) == ["three", ""]
    assert table.record(2) is None
    assert list(table.records()) == list(enumerate(_RECORDS, start=1))


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (b"name,likes\none,1\n", "line"),
        (b"name,likes\none,1\r", "line"),
        (b'name,likes\none,"1"', "quote"),
        (b"name,likes\none,1", "open"),
        (b"name,likes", "open"),
    ],
)
def test_a_table_says_how_it_ends(content: bytes, ending: str) -> None:
    assert _table(content).ending == ending


def test_a_table_whose_records_are_counted_differently_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = _table(b"name,likes\none,1\n")
    monkeypatch.setattr(delimited_text, "_count", lambda *_: 2)
    with pytest.raises(Damage, match="two parsers count 1 and 2 records") as problem:
        _table(b"name,likes\none,1\n")
    assert problem.value.header == _HEADER
    more = MalformedRecord(2, "field_count", "3 of 2 fields", "")
    with pytest.raises(Damage, match="two parsers count 2 and 1 records"):
        Table(table.header, table.numbers, table.columns, (more,), second_count=1)


def test_an_unknown_header_is_told_as_each_delimiter_gives_it() -> None:
    (unknown,) = _tables(b"a;b,c\n1,2\n")
    assert unknown == UnknownTable((("a;b", "c"), ("a", "b,c"), ("a;b,c",)), False)
    (below,) = _tables(b"Laporan,2025\n\nname,likes\n")
    assert isinstance(below, UnknownTable)
    assert below.has_known_header_below
    other, known = _tables(xlsx({"A": [["Laporan"], [*_HEADER]], "B": [[*_HEADER]]}))
    assert other == UnknownTable((("Laporan",),), True, "A")
    assert isinstance(known, Table)


def test_what_stands_behind_cells_is_kept_by_record() -> None:
    rows = [_HEADER, *_RECORDS, ["Open", "4"]]
    table = _table(xlsx({"July": rows}, {"A5": "https://example.org/four"}))
    assert table.behind == {4: ("https://example.org/four",)}
    assert table.record(4) == ["Open", "4"]
    linked = xml({"July": rows}).replace(
        b'<Cell><Data ss:Type="String">Open',
        b'<Cell ss:HRef="https://example.org/four"><Data ss:Type="String">Open',
    )
    assert _table(linked).behind == {4: ("https://example.org/four",)}
