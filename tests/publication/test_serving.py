"""`kurasi serve`: a PostgreSQL server has what is published, and its readers have nothing else."""

from __future__ import annotations

import io
import traceback
from pathlib import Path

import polars as pl
import psycopg2
import pytest

from ingest.home import Home
from orchestration.publication.publish import Request, publish
from orchestration.serving import rows
from orchestration.serving.address import NotServed, without_password
from orchestration.serving.serve import serve
from tests import postgresql
from tests.conftest import Kurasi
from tests.publication.conftest import AUGUST

#: What a reader must not do.
FORBIDDEN = (
    "select * from kurasi_data.rank_monthly",
    "select * from kurasi_data.served",
    "update kurasi.rank_monthly set rank = 1",
    "insert into kurasi.dim_platform (platform) values ('none')",
    "delete from kurasi.rank_monthly",
    "create table kurasi.mine (number bigint)",
    "create table public.mine (number bigint)",
    "drop view kurasi.rank_monthly",
    "create or replace view kurasi.rank_monthly as select 1 as rank",
    "set role kurasi",
    "select pg_read_file('/etc/hostname')",
    "copy (select 1) to program 'true'",
)


def answer(server: postgresql.Server, query: str, user: str = "kurasi") -> list[tuple[object, ...]]:
    connection = server.connect(user)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_a_server_has_what_is_published(home: Home, server: postgresql.Server) -> None:
    publish(home, AUGUST, Request(), "one")
    first = serve(home, server.address(), "kurasi_reader", 2)
    folder = (home.published / "current").resolve()
    assert (first.set_id, first.is_new, first.removed) == (folder.name, True, [])
    answer(server, "create role ani login password 'rahasia' in role kurasi_reader")

    files = sorted(folder.glob("*.parquet"))
    assert first.table_count == len(files) > 10
    connection = server.connect("ani")
    connection.cursor().execute("set time zone 'UTC'")
    for path in files:
        expected = pl.read_parquet(path)
        with connection.cursor() as cursor:
            cursor.execute(f'select * from kurasi."{path.stem}"')
            names = [column.name for column in cursor.description]
            found = [tuple(map(plain, row)) for row in cursor.fetchall()]
        assert names == expected.columns
        assert sorted(found, key=repr) == sorted(expected.rows(), key=repr), path.stem
    connection.close()
    (described,) = answer(
        server, "select obj_description('kurasi.rank_monthly'::regclass)", user="ani"
    )
    assert described[0]
    for statement in FORBIDDEN:
        with pytest.raises(
            psycopg2.Error, match=r"permission denied|must be owner|must be superuser or have"
        ):
            answer(server, statement, user="ani")

    again = serve(home, server.address(), "kurasi_reader", 2)
    assert (again.is_new, again.row_count) == (False, 0)
    publish(home, AUGUST, Request(final=True, despite=True, reason="due"), "two")
    # A reader sees one publication as long as its transaction lasts, though the set is removed.
    at_it = server.connect("ani")
    at_it.set_session(isolation_level="REPEATABLE READ")
    with at_it.cursor() as cursor:
        cursor.execute("select distinct edition_id from kurasi.rank_monthly")
        before = cursor.fetchall()
        second = serve(home, server.address(), "kurasi_reader", 1)
        cursor.execute("select distinct edition_id from kurasi.obt_post_month")
        assert cursor.fetchall() == before == [("2025-08-provisional-1",)]
    at_it.close()
    assert second.removed == [first.set_id]
    newest = answer(server, "select distinct edition_id from kurasi.obt_post_month", user="ani")
    assert newest == [("2025-08-final-2",)]
    kept = answer(server, "select distinct set_id from kurasi_data.obt_post_month")
    assert kept == [(second.set_id,)]

    blocking = server.connect()
    blocking.cursor().execute("select pg_advisory_xact_lock(hashtextextended('kurasi serve', 0))")
    with pytest.raises(NotServed, match="another `kurasi serve`"):
        serve(home, server.address(), "kurasi_reader", 2)
    blocking.close()


def plain(value: object) -> object:
    """A value as polars gives it: instants are UTC without a zone mark."""
    return value.replace(tzinfo=None) if hasattr(value, "tzinfo") else value


def test_values_that_the_copy_could_read_otherwise(
    tmp_path: Path, server: postgresql.Server
) -> None:
    table = pl.DataFrame(
        {
            "text": ["", None, "\\N", "\\.", "a\tb\nc\r\\n", '"quoted"', "😀\u2028"],
            "number": pl.Series([0, None, -1, 2**62, 1, 2, 3], dtype=pl.Int64),
            "ratio": pl.Series(
                ["0.00", None, "-1.50", "99.99", "1", "2", "3"], dtype=pl.String
            ).cast(pl.Decimal(9, 2)),
            "words": [[], None, ["a,b", 'c"\\'], ["", "{}"], ["NULL"], [None, "\n"], ["x"]],
        }
    )
    path = tmp_path / "odd.parquet"
    table.write_parquet(path)
    types = rows.columns_of(path)
    assert list(types.values()) == ["text", "bigint", "numeric(9,2)", "text[]"]
    connection = server.connect()
    with connection, connection.cursor() as cursor:
        columns = ", ".join(f"{name} {type_}" for name, type_ in types.items())
        cursor.execute(f"create temporary table odd (set_id text, {columns})")
        for _, text in rows.batches(path, "one"):
            cursor.copy_expert("copy odd from stdin", io.BytesIO(text))
        cursor.execute("select text, number, ratio, words from odd")
        assert cursor.fetchall() == table.rows()
    connection.close()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://kurasi:ra%zzhasia@127.0.0.1:1/x", "no address"),
        ("mysql://kurasi:rahasia@127.0.0.1/x", "no address"),
        ("host=127.0.0.1 password=rahasia", "no address"),
        ("postgresql://kurasi:rahasia@127.0.0.1:1/x", "127.0.0.1"),
    ],
)
def test_a_wrong_address_in_one_line_without_its_password(
    tmp_path: Path, address: str, said: str
) -> None:
    with pytest.raises(Exception, match=said) as problem:
        serve(Home(tmp_path), address, "kurasi_reader", 2)
    assert "hasia" not in "".join(traceback.format_exception(problem.value))


def test_no_password_in_a_message() -> None:
    told = without_password("No such command 'postgresql://a:ra/ha@sia@host/x?password=rahasia'")
    assert told == "No such command 'postgresql://a:***@host/x?password=***"


def test_without_the_driver_it_says_what_to_install(
    kurasi: Kurasi, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "psycopg2.py").write_text("raise ModuleNotFoundError(name='psycopg2')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    done = kurasi(tmp_path / "home", "serve", "postgresql://kurasi:rahasia@127.0.0.1:1/x")
    assert done.code == 2
    assert "psycopg2-binary" in done.err
    assert "rahasia" not in done.err + done.out
