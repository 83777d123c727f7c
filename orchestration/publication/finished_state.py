"""The last finished state: the marts and rankings of one build, as Parquet that anyone may read.

The working warehouse is private to its writer, so a finished build is copied out of it, table by
table in a total order, and `warehouse/current` is turned to the copy in one step. Readers see the
old state or the new one, never a mixture, and a failed build leaves the old one.

What belongs here: making the copy, finding it, and what it was built from. What does not: what the
calls read from it (`queries.py`) and editions (`publish.py`).

A table is a file; one that grows with the posts is a folder of that name with a file per month, and
the months that a build left alone are the same files as before.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from ingest.batches import files
from ingest.home import Home
from ingest.storage import durable, make_folder, refuse_newer, write_bytes

#: What a state is made from, besides the code.
INPUTS = (
    "deliveries",
    "platforms",
    "offices",
    "accounts",
    "policies",
    "policy_weights",
    "policy_growth",
)
#: Every table of these layers is part of a state, and what the evidence of an edition is made of.
PUBLIC = ("dim_", "fct_", "obt_", "rank_")
EVIDENCE = (
    "int_delivery_contents",
    "int_disproved_deliveries",
    "int_evidence",
    "int_neighbouring_posts",
    "int_unknown_rejects",
    "stg_deliveries",
    "stg_platforms",
    "stg_rejects",
)
#: Tables that are built by month of publication, and what orders a month's rows totally.
BY_MONTH = {
    "int_evidence": "delivery_id, record_number",
    "fct_engagement": "delivery_id, record_number",
    "fct_post_month": "post_key, policy_id",
    "fct_post_component": "post_key, policy_id, component",
    "fct_flag": "all",
    "dim_post": "post_key",
    "obt_post_month": "post_key, policy_id",
}
#: Megabytes for sorting a month, and how many of its observations need one: some of what DuckDB
#: works on here can't go to the disk.
_LEAST_MEMORY, _OBSERVATIONS_PER_MEGABYTE = 350, 2_000


class NoState(Exception):
    """Nothing was built in this home yet."""


def code(home: Home, sources: Iterable[Path]) -> str:
    """A hash of the code that decides the marts: that which read the lake, and the models'."""
    digest = hashlib.sha256()
    readers = files(home)["reader"].unique().sort()
    digest.update(" ".join(readers).encode())
    _add(digest, sorted(sources))
    return digest.hexdigest()[:16]


def fingerprint(home: Home, sources: Iterable[Path]) -> str:
    """A hash of all that decides the marts: the code, and the lake's tables."""
    digest = hashlib.sha256(code(home, sources).encode())
    _add(digest, [home.table(name) for name in INPUTS])
    return digest.hexdigest()[:16]


def _add(digest: Any, paths: Iterable[Path]) -> None:
    for path in paths:
        digest.update(path.name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())


def current(home: Home) -> Path:
    """The folder of the last finished state.

    Raises:
        NoState: there is none.
        HomeIsNewer: a newer program may have made it.
    """
    refuse_newer(home)
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
    """A table of the last finished state, be it a file or a folder of files."""
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
        _limit_memory(warehouse)
        names = [
            name
            for (name,) in warehouse.execute(
                "select table_name from information_schema.tables order by table_name"
            ).fetchall()
            if name.startswith(PUBLIC) or name in EVIDENCE
        ]
        builds = _builds(warehouse)
        for rows, path in _copies(names, _months(warehouse), builds, folder, home):
            _copy(warehouse, rows, path)
    counts = {name: _count(folder / f"{name}.parquet") for name in names}
    write_bytes(folder / "builds.json", json.dumps(builds, indent=1).encode())
    state = json.dumps({"fingerprint": mark, "rows": counts}, indent=1).encode()
    write_bytes(folder / "state.json", state)
    _turn(home.warehouse / "current", folder)
    _forget(folder, home)
    return counts


def _limit_memory(warehouse: duckdb.DuckDBPyConnection) -> None:
    largest = "select coalesce(max(row_count), 0) from int_months"
    (observations,) = warehouse.execute(largest).fetchall()[0]
    megabytes = max(_LEAST_MEMORY, observations // _OBSERVATIONS_PER_MEGABYTE)
    warehouse.execute(f"set memory_limit = '{megabytes}MB'")


def moved_months(home: Home, warehouse: duckdb.DuckDBPyConnection) -> list[date]:
    """The months that the last finished state and the warehouse have from different builds, or that
    only one of them has."""
    differing = _kept(home).items() ^ _builds(warehouse).items()
    return sorted({date.fromisoformat(month) for month, _ in differing})


def _builds(warehouse: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Month (its first day) to the build that it is of."""
    rows = warehouse.execute("select post_month, built_by from built_months order by all")
    return {month.isoformat(): build for month, build in rows.fetchall()}


def _kept(home: Home) -> dict[str, str]:
    """The same of the last finished state."""
    try:
        path = current(home) / "builds.json"
    except NoState:
        return {}
    return dict(json.loads(path.read_bytes())) if path.exists() else {}


def _months(warehouse: duckdb.DuckDBPyConnection) -> list[str]:
    """Every month of which the tables hold rows, whether or not its build came to an end."""
    tables = ("int_observations", "int_posts", "int_post_values", "fct_flag")
    months = " union ".join(f"select post_month from {name}" for name in tables)
    rows = warehouse.execute(f"{months} order by all").fetchall()
    return [month.isoformat() for (month,) in rows if month]


def _copies(
    names: list[str], months: list[str], builds: dict[str, str], folder: Path, home: Home
) -> Iterator[tuple[str, Path]]:
    """The rows to be copied, each with its file; months that stand in the last state as they are
    become another name of the same file."""
    kept = {month for month, _ in builds.items() & _kept(home).items()}
    for name in names:
        path = folder / f"{name}.parquet"
        if name not in BY_MONTH:
            # `order by all` is a total order: rows that tie in every column are equal.
            yield f"from {name} order by all", path
            continue
        make_folder(path)
        rows = f"from {name} where post_month"
        yield f"{rows} is null", path / "none.parquet"  # for its columns
        for month in months:
            file = path / f"{month[:7]}.parquet"
            known = home.warehouse / "current" / path.name / file.name
            if month in kept and known.exists():
                with durable(file) as temporary:
                    temporary.hardlink_to(known.resolve())
            else:
                yield f"{rows} = date '{month}' order by {BY_MONTH[name]}", file


def _copy(warehouse: duckdb.DuckDBPyConnection, rows: str, path: Path) -> None:
    with durable(path) as temporary:
        warehouse.execute(f"copy ({rows}) to '{temporary}' (format parquet, compression zstd)")


def _count(path: Path) -> int:
    return int(pl.scan_parquet(path).select(pl.len()).collect().item())


def _turn(link: Path, folder: Path) -> None:
    """Point `link` at `folder` in one step."""
    with durable(link) as temporary:
        temporary.symlink_to(os.path.relpath(folder, link.parent))


def _forget(newest: Path, home: Home) -> None:
    """Remove states before the last two; a reader may still be at the one before.

    A state from before an erasure goes too: it holds what was erased.
    """
    erased = [path.stat().st_mtime for path in (home.archive / "tombstones").glob("*.json")]
    others = sorted(
        (path for path in newest.parent.iterdir() if path != newest),
        key=lambda path: path.stat().st_mtime,
    )
    for path in others:
        if path == others[-1] and path.stat().st_mtime > max(erased, default=0):
            continue
        shutil.rmtree(path)
