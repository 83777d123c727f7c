"""The last finished state: the marts and rankings of one build, as Parquet that anyone may read.

The working warehouse is private to its writer, so a finished build is copied out of it, table by
table in a total order, and `warehouse/current` is turned to the copy in one step. Readers see the
old state or the new one, never a mixture, and a failed build leaves the old one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from ingest.deliveries import File
from ingest.lake import Home, durable, make_folder, read_table, write_bytes

#: What a state is made from, besides the code.
INPUTS = ("deliveries", "platforms", "offices", "accounts", "policies")
#: Every table of these layers is part of a state, and what the evidence of an edition is made of.
PUBLIC = ("dim_", "fct_", "obt_", "rank_")
EVIDENCE = ("int_observations", "stg_deliveries")


class NoState(Exception):
    """Nothing was built in this home yet."""


def fingerprint(home: Home, code: Iterable[Path]) -> str:
    """A hash of all that decides the marts: the lake's tables, by which version of the reading
    code they were read, and the models' files."""
    digest = hashlib.sha256()
    readers = read_table(home.table("files"), File)["reader"].unique().sort()
    digest.update(" ".join(readers).encode())
    for path in (*(home.table(name) for name in INPUTS), *sorted(code)):
        digest.update(path.name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def current(home: Home) -> Path:
    """The folder of the last finished state.

    Raises:
        NoState: there is none.
    """
    link = home.warehouse / "current"
    if not link.exists():
        raise NoState(f"nothing is built in {home.root} yet; run `kurasi run`")
    return link.resolve()


def built_from(home: Home) -> str | None:
    """The fingerprint of the last finished state; None where there is none, or it is damaged."""
    try:
        return str(json.loads((current(home) / "state.json").read_bytes())["fingerprint"])
    except (NoState, FileNotFoundError, ValueError, KeyError):
        return None


def table(home: Home, name: str) -> pl.LazyFrame:
    """A table of the last finished state."""
    return pl.scan_parquet(current(home) / f"{name}.parquet")


def keep(home: Home, database: Path, mark: str) -> dict[str, int]:
    """Copy the public tables of a finished build out of the warehouse, and turn readers to them.

    Args:
        home: where the state is kept.
        database: the working DuckDB file; nobody writes to it meanwhile.
        mark: the build's fingerprint.

    Returns:
        Table name to number of rows.
    """
    folder = home.warehouse / "states" / mark
    make_folder(folder)
    with duckdb.connect(str(database), read_only=True) as warehouse:
        names = [
            name
            for (name,) in warehouse.execute(
                "select table_name from information_schema.tables order by table_name"
            ).fetchall()
            if name.startswith(PUBLIC) or name in EVIDENCE
        ]
        counts = {name: _copy(warehouse, name, folder) for name in names}
        descriptions = _descriptions(warehouse, names)
    write_bytes(folder / "descriptions.json", json.dumps(descriptions, indent=1).encode())
    state = json.dumps({"fingerprint": mark, "rows": counts}, indent=1).encode()
    write_bytes(folder / "state.json", state)
    _turn(home.warehouse / "current", folder)
    _forget(folder, home)
    return counts


def _copy(warehouse: duckdb.DuckDBPyConnection, name: str, folder: Path) -> int:
    # `order by all` is a total order: rows that tie in every column are equal.
    with durable(folder / f"{name}.parquet") as temporary:
        (rows,) = warehouse.execute(
            f"copy (from {name} order by all) to '{temporary}' (format parquet, compression zstd)"
        ).fetchone() or (0,)
    return int(rows)


def _descriptions(warehouse: duckdb.DuckDBPyConnection, names: list[str]) -> dict[str, Any]:
    """What each table and column means: table to `{"": its own, column: …}`."""
    comments = warehouse.execute(
        "select table_name, '', comment from duckdb_tables() union all "
        "select table_name, column_name, comment from duckdb_columns() where not internal"
    ).fetchall()
    found: dict[str, Any] = {name: {} for name in names}
    for table_name, column, comment in comments:
        if table_name in found and comment:
            found[table_name][column] = " ".join(comment.split())
    return found


def _turn(link: Path, folder: Path) -> None:
    """Point `link` at `folder` in one step."""
    with durable(link) as temporary:
        temporary.symlink_to(os.path.relpath(folder, link.parent))


def _forget(newest: Path, home: Home) -> None:
    """Remove states before the last two; a reader may still be at the one before.

    A state from before an erasure goes too: it holds what was erased.
    """
    stones = [path.stat().st_mtime for path in (home.archive / "tombstones").glob("*.json")]
    others = sorted(
        (path for path in newest.parent.iterdir() if path != newest),
        key=lambda path: path.stat().st_mtime,
    )
    for path in others:
        if path == others[-1] and path.stat().st_mtime > max(stones, default=0):
            continue
        shutil.rmtree(path)
