"""Readers of a PostgreSQL server during publications: `python -m bench.serving [SETS]`.

What belongs here: publications and readers at once, and what these saw. What does not: the server
(`tests/postgresql.py`) and what a reader may not do (`tests/publication/test_serving.py`).

Prints Markdown to standard output; exit 1 where a reader in REPEATABLE READ saw two publications in
one transaction, or an error. Readers in READ COMMITTED are told beside: each of their statements is
of one publication, two of them may not be. Where pyodbc and PostgreSQL's ODBC driver are installed
(`pip install pyodbc`, Debian's `odbc-postgresql`) a reader comes by ODBC too.
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import psycopg2

from orchestration.serving.serve import turn
from tests import postgresql

_ROLE, _READER = "kurasi_reader", "ani"
_LEVELS = ("REPEATABLE READ", "REPEATABLE READ", "READ COMMITTED")
_ODBC_DRIVER = "PostgreSQL Unicode"
#: Rows of each table of a set; all of them name the set.
_ROWS = {"rank_monthly": 2_000, "dim_post": 20_000, "obt_post_month": 40_000}


@dataclass(frozen=True)
class Seen:
    """What a reader saw."""

    way: str
    level: str
    transactions: int
    sets: int
    mixed_statements: int
    mixed_transactions: int
    errors: list[str]
    milliseconds: float


def main() -> int:
    arguments = argparse.ArgumentParser(prog="make postgres-check", description=__doc__)
    arguments.add_argument("sets", nargs="?", type=int, default=20)
    asked = arguments.parse_args()
    if not postgresql.is_here():
        print("initdb and postgres are not on the PATH", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name, postgresql.running() as server:
        seconds, seen, size = _publish(Path(name), server, asked.sets)
    print(f"{asked.sets} publications of {sum(_ROWS.values()):,} rows while {len(seen)} read, two ")
    print(f"sets kept: {statistics.median(seconds):.2f} s each (median), {size} at the end.\n")
    print(
        "| by | isolation | transactions | sets seen | mixed statements | mixed transactions |",
        end="",
    )
    print(" errors | ms (median) |\n|---|---|---|---|---|---|---|---|")
    for each in seen:
        print(
            f"| {each.way} | {each.level} | {each.transactions:,} | {each.sets} "
            f"| {each.mixed_statements} | {each.mixed_transactions} | {len(each.errors)} "
            f"| {each.milliseconds:.0f} |"
        )
        for error in each.errors[:3]:
            print(error, file=sys.stderr)
    strict = [each for each in seen if each.level == "REPEATABLE READ"]
    is_well = all(
        each.sets > 1 and not each.errors and not each.mixed_transactions for each in strict
    )
    return 0 if is_well and not any(each.mixed_statements for each in seen) else 1


def _publish(
    folder: Path, server: postgresql.Server, sets: int
) -> tuple[list[float], list[Seen], str]:
    """Turn the server to some sets while readers are at it.

    Returns:
        The seconds that each took, what each reader saw, and the database's size at the end.
    """
    connection = server.connect()
    _turn_to(connection, _a_set(folder, 0))
    with connection, connection.cursor() as cursor:
        password = server.password
        cursor.execute(f"create role {_READER} login password %s in role {_ROLE}", [password])
    context = multiprocessing.get_context("spawn")
    stop, found = context.Event(), context.Queue()
    ways = [("psycopg2", level) for level in _LEVELS]
    if _has_odbc():
        ways.append(("ODBC", "REPEATABLE READ"))
    begin = context.Barrier(len(ways) + 1)
    readers = [
        context.Process(target=_read, args=(server, way, level, begin, stop, found))
        for way, level in ways
    ]
    for reader in readers:
        reader.start()
    begin.wait(60)
    seconds = []
    for number in range(1, sets + 1):
        made = _a_set(folder, number)
        started = time.perf_counter()
        _turn_to(connection, made)
        seconds.append(time.perf_counter() - started)
    stop.set()
    seen = [found.get(timeout=60) for _ in readers]
    for reader in readers:
        reader.join()
    with connection, connection.cursor() as cursor:
        cursor.execute("select pg_size_pretty(pg_database_size(current_database()))")
        (size,) = cursor.fetchone()
    connection.close()
    return seconds, sorted(seen, key=lambda each: (each.way, each.level)), size


def _has_odbc() -> bool:
    """Whether a reader can come by ODBC."""
    if not importlib.util.find_spec("pyodbc") or not shutil.which("odbcinst"):
        return False
    drivers = subprocess.run(["odbcinst", "-q", "-d"], capture_output=True, text=True, check=False)
    return f"[{_ODBC_DRIVER}]" in drivers.stdout.splitlines()


def _a_set(folder: Path, number: int) -> Path:
    """A set of which every row says so."""
    path = folder / f"set-{number}"
    path.mkdir()
    for name, height in _ROWS.items():
        table = pl.select(
            pl.lit(f"edition-{number}").alias("edition_id"),
            pl.int_range(height).alias("score"),
            pl.lit("2025-08-01").str.to_date().alias("month"),
        )
        table.write_parquet(path / f"{name}.parquet")
    duckdb.connect(str(path / "kurasi.duckdb")).close()
    return path


def _turn_to(connection: psycopg2.extensions.connection, folder: Path) -> None:
    turn(connection, lambda: folder, _ROLE, keep=2)


def _read(
    server: postgresql.Server,
    way: str,
    level: str,
    begin: Barrier,
    stop: Event,
    found: Queue[Seen],
) -> None:
    """Read all tables in one transaction again and again, as a dashboard does."""
    connection, error = _connect(server, way)
    sets: set[str] = set()
    mixed_statements = mixed_transactions = 0
    errors: list[str] = []
    times: list[float] = []
    begin.wait(60)
    while not stop.is_set():
        started = time.perf_counter()
        cursor = connection.cursor()
        try:
            cursor.execute(f"set transaction isolation level {level}, read only")
            told = [_editions(cursor, name) for name in _ROWS]
        except error as problem:
            errors.append(str(problem))
            continue
        finally:
            connection.rollback()
        times.append(1000 * (time.perf_counter() - started))
        mixed_statements += sum(len(each) != 1 for each in told)
        mixed_transactions += len(set().union(*told)) != 1
        sets = sets.union(*told)
    connection.close()
    middle = statistics.median(times)
    found.put(
        Seen(
            way, level, len(times), len(sets), mixed_statements, mixed_transactions, errors, middle
        )
    )


def _connect(server: postgresql.Server, way: str) -> tuple[Any, type[Exception]]:
    """A reader's connection, and the errors that it raises; each transaction says its isolation."""
    if way == "psycopg2":
        return server.connect(_READER), psycopg2.Error
    import pyodbc

    address = (
        f"DRIVER={{{_ODBC_DRIVER}}};SERVER=127.0.0.1;PORT={server.port};DATABASE=postgres;"
        f"UID={_READER};PWD={server.password}"
    )
    return pyodbc.connect(address, autocommit=False), pyodbc.Error


def _editions(cursor: Any, name: str) -> set[str]:
    """The sets of which a view shows rows; its number of rows is part of what is told."""
    cursor.execute(f"select edition_id, count(*) from kurasi.{name} group by edition_id")
    return {
        edition if count == _ROWS[name] else f"{edition}: {count} rows"
        for edition, count in cursor.fetchall()
    }


if __name__ == "__main__":
    sys.exit(main())
