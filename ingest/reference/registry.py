"""The registry: which offices and accounts there are, and when (`registry/*.csv` of a home).

What belongs here: reading the two files, normalising their values, and refusing a registry that
contradicts itself; every mistake is reported at once, with its line. What does not: whose post a
row of an export is. That join is the warehouse's, so that a corrected registry re-admits posts.
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
from ingest.reference.errors import (
    InputProblem,
    InputProblems,
    decode,
    known_time_zones,
    read_input,
)
from ingest.schemas import Account, Office

#: A number that a spreadsheet turned into a float (`1.78414E+16`, `1,78E+16`, `178414.0`).
_LOST_DIGITS = re.compile(r"\d+([.,]\d+)?[eE][+-]?\d+|\d+[.,]\d+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class _Row(NamedTuple):
    """One sound row: its cells as text, and its span (`end` is `date.max` where it is open)."""

    line: int
    cells: dict[str, str | None]
    start: date
    end: date

    def __str__(self) -> str:
        return f"line {self.line} ({self.start} to {self.cells['valid_to'] or 'open'})"


@dataclass
class _File:
    """What was read from one file, and what is wrong with it; `key` is the ID of its rows."""

    name: str
    schema: type[dy.Schema]
    key: str
    platforms: Mapping[str, bool]
    problems: list[InputProblem] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)
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


def read_registry(folder: Path, platforms: Mapping[str, bool]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read `offices.csv` and `accounts.csv` of `folder` as frames of `Office` and of `Account`.

    `platforms` are the keys that an account's platform may have, and whether its exports name
    accounts. Dates are days without a time zone, `valid_to` is exclusive. The rows come in a total
    order (ID, `valid_from`, the other columns), whatever their order in the file. Raises
    `InputProblems` with every mistake of both files.
    """
    offices = _read(folder / "offices.csv", Office, "office_id", platforms)
    accounts = _read(folder / "accounts.csv", Account, "account_id", platforms)
    _check_spans(offices, may_overlap=False)
    _check_spans(accounts, may_overlap=True)
    _check_unique(accounts, "account_id", "platform", same_date=False)
    _check_unique(accounts, "account_id", "office_id", same_date=True)
    _check_unique(accounts, "platform_account_id", "account_id", same_date=False)
    _check_unique(accounts, "handle", "account_id", same_date=True)
    known = {row.cells["office_id"] for row in offices.rows} | offices.unsound
    for row in accounts.rows:
        if None not in known and row.cells["office_id"] not in known:
            problem = f"office_id {row.cells['office_id']!r} is unknown"
            accounts.add_problem(row.line, problem, f"add it to {offices.name}, or correct it here")
    if problems := offices.problems + accounts.problems:
        raise InputProblems(problems)
    return _frame(offices), _frame(accounts)


def _read(path: Path, schema: type[dy.Schema], key: str, platforms: Mapping[str, bool]) -> _File:
    file = _File(f"{path.parent.name}/{path.name}", schema, key, platforms)
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


def _records(path: Path, file: _File) -> Iterator[tuple[int, dict[str, str | None]]]:
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


def _sound_row(file: _File, line: int, cells: dict[str, str | None]) -> _Row | None:
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
    return _Row(line, cells, dates["valid_from"], dates["valid_to"])


def _check_spans(file: _File, *, may_overlap: bool) -> None:
    """The rows of one ID leave no day out and, where they may not, have no day in common."""
    last: dict[str | None, _Row] = {}
    for row in sorted(file.rows, key=lambda row: (row.start, row.line)):
        name = row.cells[file.key]
        before = last.get(name, row)
        last[name] = max(before, row, key=lambda row: row.end)
        remedy = "end the first row on the day on which the second begins"
        if row.start > before.end and not file.unsound & {name, None}:
            file.add_problem(row.line, f"{name!r} has a gap between {before} and {row}", remedy)
        elif row.start < before.end and row is not before and not may_overlap:
            file.add_problem(row.line, f"{name!r} overlaps itself: {before} and {row}", remedy)


def _check_unique(file: _File, key: str, value: str, *, same_date: bool) -> None:
    """Rows with one key don't differ in the value: on one date, or ever.

    Of each key only the rows that reach furthest are kept, one for each of two values: a later row
    that differs from any differs from one of these. So many rows of one key cost as little as few.
    """
    furthest: dict[tuple[str | None, str | None], dict[str | None, _Row]] = {}
    for row in sorted(file.rows, key=lambda row: (row.start, row.line)) if same_date else file.rows:
        if not row.cells[key]:
            continue
        # A platform's own names are unique on that platform only.
        scope = None if key == file.key else row.cells["platform"]
        known = furthest.setdefault((scope, row.cells[key]), {})
        own = row.cells[value]
        for other in known.values():
            if other.cells[value] != own and (row.start < other.end or not same_date):
                problem = f"{key} {row.cells[key]!r} has two {value}s"
                both = [f"{one.cells[value]!r} on {one}" for one in (other, row)]
                problem += f"{' on one date' if same_date else ''}: {' and '.join(both)}"
                file.add_problem(row.line, problem, "correct one of the two rows")
                break
        if own not in known or (same_date and row.end > known[own].end):
            known[own] = row
        if len(known) > 2:
            del known[min(known, key=lambda each: known[each].end)]


def _frame(file: _File) -> pl.DataFrame:
    columns = file.schema.column_names()
    text = pl.DataFrame([row.cells for row in file.rows], schema=dict.fromkeys(columns, pl.String))
    frame = text.with_columns(pl.col("valid_from", "valid_to").str.to_date("%Y-%m-%d"))
    return file.schema.validate(frame.sort(file.key, "valid_from", *columns, nulls_last=True))
