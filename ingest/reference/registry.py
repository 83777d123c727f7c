"""The registry: which offices and accounts there are, and when (`registry/*.csv` of a home).

What belongs here: refusing a registry that contradicts itself; every mistake is reported at once,
with its line. What does not: reading rows (`rows.py`), campaigns (`campaigns.py`), and whose post a
row of an export is. That join is the warehouse's, so that a corrected registry re-admits posts.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from ingest.reference.errors import InputProblems
from ingest.reference.rows import RegistryFile, Row, frame, read_rows
from ingest.schemas import Account, Office


def read_registry(folder: Path, platforms: Mapping[str, bool]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read `offices.csv` and `accounts.csv` of `folder` as frames of `Office` and of `Account`.

    `platforms` are the keys that an account's platform may have, and whether its exports name
    accounts. Dates are days without a time zone, `valid_to` is exclusive. The rows come in a total
    order (ID, `valid_from`, the other columns), whatever their order in the file. Raises
    `InputProblems` with every mistake of both files.
    """
    offices = read_rows(folder / "offices.csv", Office, "office_id", platforms)
    accounts = read_rows(folder / "accounts.csv", Account, "account_id", platforms)
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
    return frame(offices), frame(accounts)


def _check_spans(file: RegistryFile, *, may_overlap: bool) -> None:
    """The rows of one ID leave no day out and, where they may not, have no day in common."""
    last: dict[str | None, Row] = {}
    for row in sorted(file.rows, key=lambda row: (row.start, row.line)):
        name = row.cells[file.key]
        before = last.get(name, row)
        last[name] = max(before, row, key=lambda row: row.end)
        remedy = "end the first row on the day on which the second begins"
        if row.start > before.end and not file.unsound & {name, None}:
            file.add_problem(row.line, f"{name!r} has a gap between {before} and {row}", remedy)
        elif row.start < before.end and row is not before and not may_overlap:
            file.add_problem(row.line, f"{name!r} overlaps itself: {before} and {row}", remedy)


def _check_unique(file: RegistryFile, key: str, value: str, *, same_date: bool) -> None:
    """Rows with one key don't differ in the value: on one date, or ever.

    Of each key only the rows that reach furthest are kept, one for each of two values: a later row
    that differs from any differs from one of these. So many rows of one key cost as little as few.
    """
    furthest: dict[tuple[str | None, str | None], dict[str | None, Row]] = {}
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
