"""Turning a PostgreSQL server to the newest set of editions, in one transaction.

What belongs here: what is done in which order, and what a server's refusal means. What does not:
the SQL (`tables.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from psycopg2 import errors
from psycopg2.extensions import connection as Connection

from ingest.home import Home
from orchestration.publication import newest, queries
from orchestration.publication.formats import read_comments
from orchestration.serving import tables
from orchestration.serving.address import SCHEMES, NotServed, without_password

#: Only a new column waits for readers, and those who come after wait for it; so not for long.
_SETTINGS = "set local lock_timeout = '60s'"
_CONNECT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Served:
    """What a call found and did."""

    set_id: str
    #: Whether the rows were not there before.
    is_new: bool
    table_count: int
    #: How many rows were copied.
    row_count: int
    #: Sets that are no longer kept.
    removed: list[str]


def serve(home: Home, address: str, role: str, keep: int) -> Served:
    """Lead the readers of a server to what is published, all at once or not at all.

    Where the set is there already nothing is copied.

    Args:
        home: whose `published/current` is served.
        address: `postgresql://USER@HOST:PORT/DATABASE`, as libpq takes it.
        role: who may read the views; it is made where it is missing.
        keep: how many sets stay on the server, the current one included.

    Raises:
        Unanswerable: the address is none, or nothing is published.
        NotServed: the server can't be reached or refuses, or another call is at it.
    """
    with _told(), _connection(address) as connection:
        return turn(connection, lambda: _newest_set(home), role, keep)


def turn(connection: Connection, newest_set: Callable[[], Path], role: str, keep: int) -> Served:
    """The same by a connection, in its next transaction.

    Args:
        connection: to the server; what was done is committed or rolled back.
        newest_set: gives the folder of the set. It is asked once no other call can turn the server,
            so that an older set never takes the place of a newer one.
        role: as above.
        keep: as above.
    """
    with connection, connection.cursor() as cursor:
        cursor.execute(_SETTINGS)
        if not tables.lock(cursor):
            raise NotServed("another `kurasi serve` is at this database; call it again")
        folder = newest_set()
        set_id = folder.name
        files = sorted(folder.glob("*.parquet"))
        tables.prepare(cursor, role)
        is_new, count = not tables.is_kept(cursor, set_id), 0
        if is_new:
            meanings = read_comments(folder / "kurasi.duckdb")
            for path in files:
                tables.fit(cursor, path, meanings.get(path.stem, {}))
                count += tables.append(cursor, path, set_id)
        if tables.current(cursor) != set_id:
            tables.turn(cursor, set_id)
        tables.let_read(cursor, role)
        return Served(set_id, is_new, len(files), count, tables.prune(cursor, keep))


def _newest_set(home: Home) -> Path:
    if problem := newest.damage(home):
        raise NotServed(f"{problem}; `kurasi run` makes it anew")
    link = home.published / "current"
    if not link.exists():
        raise queries.Unanswerable("nothing is published yet; `kurasi publish` publishes a month")
    return link.resolve()


@contextmanager
def _connection(address: str) -> Iterator[Connection]:
    if not address.startswith(SCHEMES):
        raise queries.Unanswerable(_NO_ADDRESS)
    try:
        connection = psycopg2.connect(
            address, connect_timeout=_CONNECT_SECONDS, application_name="kurasi serve"
        )
    except psycopg2.ProgrammingError:  # says which part it could not read, maybe the password
        raise queries.Unanswerable(_NO_ADDRESS) from None
    try:
        yield connection
    finally:
        connection.close()


_NO_ADDRESS = (
    "that is no address of a PostgreSQL server; it is written "
    "postgresql://USER@HOST:5432/DATABASE, with %40 for an @ in it"
)


@contextmanager
def _told() -> Iterator[None]:
    """A server's refusal in one line."""
    try:
        yield
    except errors.LockNotAvailable:
        raise NotServed(
            "a reader holds a table that gets new columns for more than a minute; call it again"
        ) from None
    except errors.InsufficientPrivilege as problem:
        raise NotServed(
            f"{_line(problem)}; the user needs CREATE on the database, CREATEROLE where the "
            "readers' role is missing, and must own what an earlier call made"
        ) from None
    except psycopg2.Error as problem:
        raise NotServed(
            f"PostgreSQL: {_line(problem)}; readers keep what they had, call it again"
        ) from None


def _line(problem: psycopg2.Error) -> str:
    said = problem.diag.message_primary or str(problem) or type(problem).__name__
    return without_password(said.strip().splitlines()[0])
