"""The rows of the registry's files: reading them, and what holds of every one.

What belongs here: splitting a file into rows, normalising values, dates and keys; each mistake is
noted with its line. What does not: how rows belong together (`registry.py`, `campaigns.py`).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

import dataframely as dy
import polars as pl

from ingest.bounds import bounds
from ingest.reference.errors import InputProblem, decode, known_time_zones, read_input

#: A number that a spreadsheet turned into a float (`1.78414E+16`, `1,78E+16`, `178414.0`).
_LOST_DIGITS = re.compile(r"\d+([.,]\d+)?[eE][+-]?\d+|\d+[.,]\d+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Row(NamedTuple):
    """One sound row: its cells as text, and its span (`end` is `date.max` where it is open)."""

    line: int
    cells: dict[str, str | None]
    start: date
    end: date

    def __str__(self) -> str:
        return f"line {self.line} ({self.start} to {self.cells['valid_to'] or 'open'})"


@dataclass
class RegistryFile:
    """What was read from one file, and what is wrong with it; `key` is the ID of its rows."""

    name: str
    schema: type[dy.Schema]
    key: str
    platforms: Mapping[str, bool]
    problems: list[InputProblem] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    #: The IDs of unsound rows, null where a row has none: what only follows from another mistake
    #: isn't reported.
    unsound: set[str | None] = field(default_factory=set)
    #: The columns that may not be blank.
    required: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        columns = self.schema.columns().items()
        self.required = frozenset(name for name, column in columns if not column.nullable)

    def add_problem(self, line: int | None, problem: str, remedy: str) -> None:
        self.problems.append(InputProblem(self.name, line, problem, remedy))


def read_rows(
    path: Path, schema: type[dy.Schema], key: str, platforms: Mapping[str, bool]
) -> RegistryFile:
    """Read a file of the registry; its mistakes are noted in what is returned.

    Args:
        path: `registry/<name>.csv`.
        schema: its columns, among them `valid_from` and `valid_to`.
        key: the column with the ID of its rows.
        platforms: the keys that a platform may have, and whether its exports name accounts.
    """
    file = RegistryFile(f"{path.parent.name}/{path.name}", schema, key, platforms)
    seen: dict[tuple[str | None, ...], int] = {}
    try:
        for line, cells in _records(path, file):
            first = seen.setdefault(tuple(cells.values()), line)
            if first != line:
                file.add_problem(line, f"the row repeats line {first}", "delete one of the two")
            elif row := _sound_row(file, line, cells):
                file.rows.append(row)
            else:
                file.unsound.add(cells[key])
    except InputProblem as problem:
        file.problems.append(problem)
        file.unsound.add(None)
    return file


def _records(path: Path, file: RegistryFile) -> Iterator[tuple[int, dict[str, str | None]]]:
    """The cells of each row in the schema's order, normalised, with the row's line."""
    if not path.is_file():
        raise InputProblem(
            file.name, None, "there is no such file", "`kurasi init` writes a template"
        )
    content = read_input(path, file.name, "registry_mib")
    if content.count(b"\n") > bounds().registry_rows:
        remedy = "take out rows that are not needed"
        problem = f"there are more rows than {bounds().told('registry_rows')}"
        raise InputProblem(file.name, None, problem, remedy)
    columns = file.schema.column_names()
    header: list[str] = []
    delimiter = ","
    text = io.StringIO(decode(content, file.name), newline=None)
    for line, row in enumerate(text, start=1):
        # A spreadsheet puts quotes around a comment, and saves a blank row as separators.
        if not row.strip(' \t\n,;"') or row.lstrip(' \t"').startswith("#"):
            continue
        if not header and row.count(";") > row.count(","):
            delimiter = ";"
        try:
            # Line by line, so that a quote that isn't closed can't swallow the rest of the file.
            rows = csv.reader([row], delimiter=delimiter, strict=True, skipinitialspace=True)
            values = [value.strip() for value in next(rows)]
        except csv.Error:
            values = []
        while len(values) > len(header) and not values[-1]:
            values.pop()  # a spreadsheet's padding
        if not header:
            header = [value.lower() for value in values]
            wrong = [f"{name!r} is missing" for name in columns if name not in header]
            wrong += [f"{name!r} is unknown" for name in header if name not in columns]
            wrong += [f"{name!r} stands twice" for name in columns if header.count(name) > 1]
            if header[0] == "hashtag":
                wrong.append("'hashtag' is the first")  # its rows would be comments
            if wrong:
                remedy = f"the header is {','.join(columns)}"
                raise InputProblem(file.name, line, f"column {', '.join(wrong)}", remedy)
        elif len(values) != len(header):
            remedy = f"put {delimiter!r} between them, also blank ones; close quotes on their line"
            file.add_problem(line, f"the row can't be split into {len(header)} values", remedy)
            file.unsound.add(None)
        else:
            cells = {name: values[header.index(name)] or None for name in columns}
            if handle := cells.get("handle"):
                cells["handle"] = handle.removeprefix("@").strip().lower() or None
            yield line, cells
    if not header:
        raise InputProblem(file.name, None, "there is no header", f"begin with {','.join(columns)}")


def _sound_row(file: RegistryFile, line: int, cells: dict[str, str | None]) -> Row | None:
    """Note what is wrong with a row; None where its keys or dates can't be used."""
    faults: dict[str, tuple[str, str]] = {}
    dates = {"valid_to": date.max}
    for column, value in cells.items():
        if value is None:
            if column in file.required:
                faults[column] = "is blank", "fill it in"
        elif column != "name" and not value.isprintable():
            faults[column] = f"{value!r} holds an invisible character", "type the value anew"
        elif column in ("valid_from", "valid_to"):
            try:
                dates[column] = date.fromisoformat(value if _DATE.fullmatch(value) else "")
            except ValueError:
                faults[column] = f"{value!r} is not a date", "write it as YYYY-MM-DD"
        elif column == "platform_account_id" and _LOST_DIGITS.fullmatch(value):
            remedy = "format the column as text and copy the ID from the platform again"
            faults[column] = f"{value!r} lost digits in a spreadsheet", remedy
        elif column == "platform" and value not in file.platforms:
            faults[column] = f"{value!r} is unknown", f"use one of {', '.join(file.platforms)}"
        elif column == "time_zone" and value not in known_time_zones():
            faults[column] = f"{value!r} is unknown", "use an IANA name such as Asia/Jakarta"
    if "valid_from" in dates and dates["valid_to"] <= dates["valid_from"]:
        problem = f"{cells['valid_to']} is not after valid_from {cells['valid_from']}"
        faults["valid_to"] = problem, "write the first day that no longer counts, or leave it blank"
    # Only where a platform's exports name no account can the sender stand for it.
    names = cells.get("platform_account_id"), cells.get("handle")
    if names == (None, None) and file.platforms.get(cells.get("platform") or "", False):
        faults["handle"] = "and platform_account_id are both blank", "fill in at least one"
    for column, (problem, remedy) in faults.items():
        file.add_problem(line, f"{column} {problem}", remedy)
    if faults.keys() - {"time_zone", "handle"}:
        return None
    return Row(line, cells, dates["valid_from"], dates["valid_to"])


def frame(file: RegistryFile) -> pl.DataFrame:
    """The sound rows as a frame of the file's schema."""
    return file.schema.validate(text_frame(file))


def text_frame(file: RegistryFile) -> pl.DataFrame:
    """The sound rows in a total order; all columns are texts but for the dates."""
    columns = file.schema.column_names()
    text = pl.DataFrame([row.cells for row in file.rows], schema=dict.fromkeys(columns, pl.String))
    dated = text.with_columns(pl.col("valid_from", "valid_to").str.to_date("%Y-%m-%d"))
    return dated.sort(file.key, "valid_from", *columns, nulls_last=True)
