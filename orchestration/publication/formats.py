"""How tables become files: Parquet and CSV for machines, CSV for people, one DuckDB file.

What belongs here: bytes that are equal where the rows are equal (a DuckDB file is equal in content
only). What does not: which rows (`month.py`) and what people read (`workbook/`).

A machine's CSV is UTF-8 with `\\n`, blank for null, `true` and `false`, instants in UTC as ISO
8601, lists joined by one space. Text stands in it as it is. What a spreadsheet could take for a
formula, or what would steer a terminal, is made harmless only in what people read (`harmless`).
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import polars as pl

from ingest.regular_files import shown

#: Beginnings that a spreadsheet takes for a formula, also in the width that East Asian input has.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: What a spreadsheet could read as a number, and so cut, round or show with an exponent.
_NUMBERLIKE = re.compile("[0-9.,eE]+")
#: The oldest storage that duckdb 1.2 to 1.5 all read.
STORAGE = "v1.2.0"


def csv_bytes(table: pl.DataFrame) -> bytes:
    """A table as CSV for machines."""
    lists = [name for name, dtype in table.schema.items() if isinstance(dtype, pl.List)]
    flat = table.with_columns(pl.col(lists).list.join(" ")) if lists else table
    return flat.write_csv(
        line_terminator="\n",
        null_value="",
        datetime_format="%Y-%m-%dT%H:%M:%SZ",
        date_format="%Y-%m-%d",
        quote_style="necessary",
    ).encode()


def parquet_bytes(table: pl.DataFrame, described: Mapping[str, str] | None = None) -> bytes:
    """A table as Parquet, which tells what it and its columns mean.

    Each of them has its `description` in the metadata of its Arrow schema or field; the file's own
    metadata, which other readers see too, has the table's as `description` and the columns' as JSON
    under `column_descriptions`.

    Args:
        table: the rows.
        described: column to what it means; the table itself is the empty one.
    """
    meanings = described or {}
    columns = {name: meanings[name] for name in table.columns if name in meanings}
    schema = table.head(0).to_arrow().schema
    schema = schema.with_metadata({"description": meanings.get("", "")})
    for number, name in enumerate(table.columns):
        if name in columns:
            field = schema.field(number).with_metadata({"description": columns[name]})
            schema = schema.set(number, field)
    told = {
        "description": meanings.get("", ""),
        "column_descriptions": json.dumps(columns, ensure_ascii=False),
    }
    buffer = io.BytesIO()
    table.write_parquet(
        buffer, compression="zstd", statistics=True, arrow_schema=schema, metadata=told
    )
    return buffer.getvalue()


def json_bytes(document: Any) -> bytes:
    """A document as JSON, one form only: keys as given, one space of indent, a final newline."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def people_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as CSV that an Indonesian spreadsheet opens: marked as UTF-8, formulas harmless.

    Where the comma stands before decimals, `;` stands between cells.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_for_people(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _for_people(cell: Any) -> Any:
    """A cell of people's CSV: `ya` and `tidak`, decimals behind a comma, no text that runs."""
    if isinstance(cell, bool):
        return "ya" if cell else "tidak"
    if isinstance(cell, float | Decimal):
        return f"{cell:f}".replace(".", ",")
    return harmless(cell)


def harmless(cell: Any) -> Any:
    """A cell for people: text that a spreadsheet would run gets an apostrophe in front.

    Control and formatting characters stand in it as `\\x1b`; what is no text stays as it is.
    """
    if not isinstance(cell, str):
        return cell
    text = shown(cell)
    return f"'{text}" if is_formula(text) else text


def kept_text(text: str | None) -> str | None:
    """An ID for people's CSV: one that a spreadsheet could take for a number has a mark before it.

    The mark is an apostrophe, which `harmless` too puts in front; it is no part of the ID.
    """
    return f"'{text}" if text and _NUMBERLIKE.fullmatch(text) else text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could take a text for a formula."""
    return text.lstrip(" ").startswith(_FORMULA)


def write_duckdb(
    path: Path, tables: Mapping[str, pl.DataFrame], descriptions: Mapping[str, Mapping[str, str]]
) -> None:
    """Write tables with their comments into a new DuckDB file that 1.2 and later open."""
    # Not in its place: below a folder with `?` in its name DuckDB can't write (`Home.database`).
    with TemporaryDirectory() as folder:
        written = Path(folder, "kurasi.duckdb")
        _write_duckdb(written, tables, descriptions)
        shutil.copyfile(written, path)


def _write_duckdb(
    path: Path, tables: Mapping[str, pl.DataFrame], descriptions: Mapping[str, Mapping[str, str]]
) -> None:
    with duckdb.connect(config={"threads": 1}) as engine:
        engine.execute(f"attach '{_quoted(path)}' as edition (storage_version '{STORAGE}')")
        engine.execute("begin")
        for name, table in tables.items():
            engine.register("rows_of_table", table.to_arrow())
            engine.execute(f'create table edition."{name}" as from rows_of_table')
            engine.unregister("rows_of_table")
            for column, text in descriptions.get(name, {}).items():
                target = (
                    f'column edition."{name}"."{column}"' if column else f'table edition."{name}"'
                )
                if not column or column in table.columns:
                    engine.execute(f"comment on {target} is '{_quoted(text)}'")
        engine.execute("commit")
        engine.execute("detach edition")


def read_duckdb(path: Path) -> tuple[dict[str, pl.DataFrame], dict[str, dict[str, str]]]:
    """The tables of a DuckDB file, and its comments, as `write_duckdb` takes them."""
    with duckdb.connect(str(path), read_only=True) as engine:
        names = [
            name for (name,) in engine.execute("select table_name from duckdb_tables()").fetchall()
        ]
        tables = {name: engine.execute(f'from "{name}"').pl() for name in names}
    return tables, read_comments(path)


def read_comments(path: Path) -> dict[str, dict[str, str]]:
    """The comments of a DuckDB file alone: table to `{"": its own, column: …}`."""
    with duckdb.connect(str(path), read_only=True) as engine:
        comments = engine.execute(
            "select table_name, '', comment from duckdb_tables() where comment is not null "
            "union all select table_name, column_name, comment from duckdb_columns() "
            "where comment is not null"
        ).fetchall()
    described: dict[str, dict[str, str]] = {}
    for name, column, text in comments:
        described.setdefault(name, {})[column] = text
    return described


def _quoted(text: object) -> str:
    return str(text).replace("'", "''")
