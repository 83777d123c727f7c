"""The tables, views and roles on a PostgreSQL server, and the rows of a set in them.

What belongs here: all SQL that is sent. What does not: when it is sent (`serve.py`).

    kurasi_data.<table>    the rows of the sets that are kept, each with the `set_id` of its set
    kurasi_data.served     the sets that are kept; the one that `is_current` is the pointer
    kurasi.<table>         a view: the rows of the set to which the pointer leads

Readers have the views alone, and these never change while a set takes the place of another: a
reader's snapshot has a pointer and the rows that it leads to. Old rows are deleted and not dropped
with a partition, which would have to wait for every reader, and every reader for it.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from psycopg2.extensions import cursor as Cursor
from psycopg2.sql import SQL, Composable, Identifier, Literal

from orchestration.serving import rows
from orchestration.serving.address import NotServed

_DATA, _VIEWS = "kurasi_data", "kurasi"
#: One call at a time turns a database; the lock ends with the transaction.
_LOCK = "select pg_try_advisory_xact_lock(hashtextextended('kurasi serve', 0))"
_SERVED = """
create table if not exists kurasi_data.served (
    set_id text primary key,
    served_at timestamp with time zone not null,
    is_current boolean not null
);
create unique index if not exists served_current on kurasi_data.served (is_current)
where is_current;
comment on table kurasi_data.served is
'The sets of which the rows are here; the views of schema kurasi show the one that is current.'
"""
_COLUMNS = """
select attname, format_type(atttypid, atttypmod)
from pg_attribute
where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped and attname <> 'set_id'
order by attnum
"""
_TABLES = """
select table_name from information_schema.columns
where table_schema = 'kurasi_data' and column_name = 'set_id' and table_name <> 'served'
order by table_name
"""
_OLD = """
select set_id from kurasi_data.served
order by is_current desc, served_at desc, set_id
offset %s
"""


def lock(cursor: Cursor) -> bool:
    """Take the database for this transaction; whether no other call has it."""
    cursor.execute(_LOCK)
    return bool(_one(cursor))


def prepare(cursor: Cursor, role: str) -> None:
    """Make the schemas, the pointer and the readers' role where they are missing."""
    for schema in (_DATA, _VIEWS):
        cursor.execute("select to_regnamespace(%s) is null", [schema])
        if _one(cursor):
            cursor.execute(SQL("create schema {}").format(Identifier(schema)))
    cursor.execute("select to_regclass('kurasi_data.served') is null")
    if _one(cursor):
        cursor.execute(_SERVED)
    cursor.execute("select count(*) from pg_roles where rolname = %s", [role])
    if not _one(cursor):
        cursor.execute(SQL("create role {} nologin").format(Identifier(role)))


def let_read(cursor: Cursor, role: str) -> None:
    """Give a role the views and nothing else."""
    for right in ("usage on schema {}", "select on all tables in schema {}"):
        words = f"grant {right} to {{}}"
        cursor.execute(SQL(words).format(Identifier(_VIEWS), Identifier(role)))


def current(cursor: Cursor) -> str | None:
    """The set to which the pointer leads."""
    cursor.execute("select max(set_id) from kurasi_data.served where is_current")
    found = _one(cursor)
    return None if found is None else str(found)


def is_kept(cursor: Cursor, set_id: str) -> bool:
    """Whether the rows of a set are there."""
    cursor.execute("select count(*) from kurasi_data.served where set_id = %s", [set_id])
    return bool(_one(cursor))


def fit(cursor: Cursor, path: Path, meanings: Mapping[str, str]) -> None:
    """Make the table and the view of a Parquet file, or give them the columns that are new.

    Args:
        cursor: of the transaction.
        path: the file, which has the table's name.
        meanings: column to what it means; the table itself is the empty one.

    Raises:
        NotServed: a column has another type than before.
    """
    name, wanted = path.stem, rows.columns_of(path)
    table, view = Identifier(_DATA, name), Identifier(_VIEWS, name)
    cursor.execute(_COLUMNS, [table.as_string(cursor)])
    there: dict[str, str] = dict(cursor.fetchall())
    for column in wanted.keys() & there.keys():
        if wanted[column] != there[column]:
            raise NotServed(
                f"{name}.{column} is {wanted[column]} now and {there[column]} on the server; drop "
                "the schemas kurasi and kurasi_data there and serve anew, for they hold copies only"
            )
    new = {column: type_ for column, type_ in wanted.items() if column not in there}
    if not there:
        cursor.execute(SQL("create table {} (set_id text not null)").format(table))
        cursor.execute(SQL("create index on {} (set_id)").format(table))
    for column, type_ in new.items():
        added = SQL("alter table {} add column {} " + type_)
        cursor.execute(added.format(table, Identifier(column)))
    if new:  # else the view is left alone: replacing it would wait for its readers
        shown = SQL(", ").join(Identifier(column) for column in [*there, *new])
        pointer = SQL("(select set_id from kurasi_data.served where is_current)")
        words = "create or replace view {} as select {} from {} where set_id = {}"
        cursor.execute(SQL(words).format(view, shown, table, pointer))
    _comment(cursor, SQL("view {}").format(view), meanings.get(""))
    for column in wanted:
        target = SQL("column {}").format(Identifier(_VIEWS, name, column))
        _comment(cursor, target, meanings.get(column))


def _comment(cursor: Cursor, target: Composable, text: str | None) -> None:
    cursor.execute(SQL("comment on {} is {}").format(target, Literal(text)))


def append(cursor: Cursor, path: Path, set_id: str) -> int:
    """Copy the rows of a Parquet file as those of a set; returns how many."""
    columns = SQL(", ").join(map(Identifier, ["set_id", *rows.columns_of(path)]))
    copy = SQL("copy {} ({}) from stdin").format(Identifier(_DATA, path.stem), columns)
    count = 0
    for height, text in rows.batches(path, set_id):
        cursor.copy_expert(copy.as_string(cursor), io.BytesIO(text))
        count += height
    return count


def turn(cursor: Cursor, set_id: str) -> None:
    """Lead the pointer to a set."""
    cursor.execute("update kurasi_data.served set is_current = false where is_current")
    cursor.execute(
        "insert into kurasi_data.served values (%s, now(), true) "
        "on conflict (set_id) do update set is_current = true, served_at = now()",
        [set_id],
    )


def prune(cursor: Cursor, keep: int) -> list[str]:
    """Remove the rows of all sets but the newest `keep`; returns the sets that went."""
    cursor.execute(_OLD, [keep])
    old = [set_id for (set_id,) in cursor.fetchall()]
    if old:
        cursor.execute(_TABLES)
        for name in [*(name for (name,) in cursor.fetchall()), "served"]:
            gone = SQL("delete from {} where set_id = any(%s)").format(Identifier(_DATA, name))
            cursor.execute(gone, [old])
    return old


def _one(cursor: Cursor) -> object:
    row = cursor.fetchone()
    return row[0] if row else None
