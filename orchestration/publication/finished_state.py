"""The last finished state: the marts and rankings of one build, as Parquet that anyone may read.

The working warehouse is private to its writer, so a finished build is copied out of it, table by
table in a total order, and `warehouse/current` is turned to the copy in one step. Readers see the
old state or the new one, never a mixture, and a failed build leaves the old one.

What belongs here: making the copy, finding it, and what it was built from. What does not: what the
calls read from it (`queries.py`) and editions (`publish.py`).

A table is a file; one that grows with the posts is a folder of that name with a file per month, and
the months that a build left alone are the same files as before. Nobody writes to a state any more,
and a superseded one stays for readers that are still at it (`links.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from ingest.batches import files
from ingest.home import Home
from ingest.sealing import remove_folder, seal, unseal
from ingest.storage import durable, make_folder, refuse_newer, write_bytes
from orchestration.publication import links

#: What a state is made from, besides the code.
INPUTS = (
    "deliveries",
    "platforms",
    "offices",
    "accounts",
    "campaigns",
    "policies",
    "policy_weights",
    "policy_growth",
    "opinion_offices",
    "opinion_draws",
    "opinion_intervals",
)
#: Every table of these layers is part of a state, and what the evidence of an edition is made of.
PUBLIC = ("agg_", "dim_", "fct_", "obt_", "rank_")
EVIDENCE = (
    "int_coverage_spans",
    "int_delivery_contents",
    "int_disproved_deliveries",
    "int_evidence",
    "int_neighbouring_posts",
    "int_unknown_rejects",
    "stg_deliveries",
    "stg_platforms",
    "stg_rejects",
)
#: What the home's own calls read besides; no part of an edition.
AT_HOME = ("int_comments", "int_opinion_labels")
#: Tables that are built by month of publication, and what orders a month's rows totally.
BY_MONTH = {
    "int_evidence": "delivery_id, record_number",
    "fct_engagement": "delivery_id, record_number",
    "fct_post_month": "post_key, policy_id",
    "fct_post_component": "post_key, policy_id, component",
    "fct_post_baseline": "post_key, policy_id",
    "fct_flag": "all",
    "fct_post_campaign": "post_key, campaign_id",
    "dim_post": "post_key",
    "obt_post_month": "post_key, policy_id",
}
#: Megabytes for sorting a month, and how many of its observations need one: some of what DuckDB
#: works on here can't go to the disk.
_LEAST_MEMORY, _OBSERVATIONS_PER_MEGABYTE = 350, 2_000


#: What to do where a state lacks a table or a column.
OF_AN_EARLIER_VERSION = "the last build is of an earlier version; `kurasi run` builds it anew"


class NoState(Exception):
    """Nothing was built in this home yet, or not by this version."""


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
        digest.update(bytes.fromhex(_sha256(path)))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
    """The fingerprint of the last finished state; None where there is none, or a file of it is not
    as it was written."""
    try:
        folder = current(home)
    except NoState:
        return None
    state = _described(folder)
    return str(state["fingerprint"]) if state and is_whole(folder) else None


def is_whole(folder: Path) -> bool:
    """Whether each file of a state is as it was written."""
    state = _described(folder)
    return state is not None and _hashes(folder) == state["files"]


def _described(folder: Path) -> dict[str, Any] | None:
    """What a state says of itself; None where that is damaged or was said by an older version."""
    try:
        state = json.loads((folder / "state.json").read_bytes())
        return dict(state) if {"fingerprint", "rows", "files"} <= state.keys() else None
    except (OSError, ValueError, AttributeError):
        return None


def _hashes(folder: Path) -> dict[str, str]:
    """The hash of each file of a state but `state.json`, by its path in the state."""
    # What a crash left of a file begins with a dot.
    paths = sorted(path for path in folder.rglob("[!.]*.*") if path.is_file())
    found = {str(path.relative_to(folder)): path for path in paths}
    found.pop("state.json", None)
    with ThreadPoolExecutor() as pool:  # Python lets others work while it hashes
        return dict(zip(found, pool.map(_sha256, found.values()), strict=True))


def table(home: Home, name: str) -> pl.LazyFrame:
    """A table of the last finished state, be it a file or a folder of files.

    Raises:
        NoState: there is none, or it is of a version that did not know the table.
        HomeIsNewer: a newer program may have made it.
    """
    path = current(home) / f"{name}.parquet"
    if not path.exists():
        raise NoState(OF_AN_EARLIER_VERSION)
    return scan(path)


def scan(path: Path) -> pl.LazyFrame:
    """A table of a state, whatever characters stand in its path."""
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    return pl.scan_parquet(files, glob=False, hive_partitioning=False)


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
    unseal(folder)  # a damaged state is written anew in its place
    with duckdb.connect(str(database)) as warehouse:
        _limit_memory(warehouse)
        names = [
            name
            for (name,) in warehouse.execute(
                "select table_name from information_schema.tables order by table_name"
            ).fetchall()
            if name.startswith(PUBLIC) or name in (*EVIDENCE, *AT_HOME)
        ]
        for rows, path in _copies(names, _months(warehouse), _kept(home, warehouse), folder, home):
            _copy(warehouse, rows, path)
        # Of which state it holds stands with it: a crash on either side of the next lines only
        # lets the next state be copied whole.
        warehouse.execute(
            "create or replace table kept_months as "
            "select $state as state, post_month, built_by from built_months",
            {"state": folder.name},
        )
    counts = {name: _count(folder / f"{name}.parquet") for name in names}
    state = {"fingerprint": mark, "rows": counts, "files": _hashes(folder)}
    write_bytes(folder / "state.json", json.dumps(state, indent=1).encode())
    seal(folder)
    links.turn(home.warehouse / "current", folder)
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
    there = {month.isoformat() for (month,) in warehouse.execute(_BUILT).fetchall()}
    try:
        files = (current(home) / "fct_post_month.parquet").glob("????-??.parquet")
        there |= {f"{path.stem}-01" for path in files}
    except NoState:
        pass
    return sorted(date.fromisoformat(month) for month in there - _kept(home, warehouse))


_BUILT = "select post_month from built_months"


def _kept(home: Home, warehouse: duckdb.DuckDBPyConnection) -> set[str]:
    """The months (first days) that the last finished state has of the warehouse's own builds."""
    try:
        state = current(home).name
    except NoState:
        return set()
    rows = warehouse.execute(
        "select post_month from built_months inner join kept_months using (post_month, built_by) "
        "where state = $state",
        {"state": state},
    )
    return {month.isoformat() for (month,) in rows.fetchall()}


def _months(warehouse: duckdb.DuckDBPyConnection) -> list[str]:
    """Every month of which the tables hold rows, whether or not its build came to an end."""
    tables = ("int_observations", "int_posts", "int_post_values", "fct_flag")
    months = " union ".join(f"select post_month from {name}" for name in tables)
    rows = warehouse.execute(f"{months} order by all").fetchall()
    return [month.isoformat() for (month,) in rows if month]


def _copies(
    names: list[str], months: list[str], kept: Collection[str], folder: Path, home: Home
) -> Iterator[tuple[str, Path]]:
    """The rows to be copied, each with its file; months that stand in the last state as they are
    become another name of the same file."""
    known = _whole_files(home) if kept else {}
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
            same = known.get(str(file.relative_to(folder)))
            if month in kept and same:
                with durable(file) as temporary:
                    temporary.hardlink_to(same)
            else:
                yield f"{rows} = date '{month}' order by {BY_MONTH[name]}", file


def _whole_files(home: Home) -> dict[str, Path]:
    """The files of the last finished state that are as it wrote them, by their path in it."""
    folder = current(home)
    state = _described(folder)
    if state is None:
        return {}
    whole = _hashes(folder).items() & state["files"].items()
    return {name: folder / name for name, _ in whole}


def _copy(warehouse: duckdb.DuckDBPyConnection, rows: str, path: Path) -> None:
    with durable(path) as temporary:
        place = str(temporary).replace("'", "''")
        warehouse.execute(f"copy ({rows}) to '{place}' (format parquet, compression zstd)")


def _count(path: Path) -> int:
    return int(scan(path).select(pl.len()).collect().item())


def _forget(newest: Path, home: Home) -> None:
    """Remove the other states, but those superseded so lately that they may have readers.

    A state from before an erasure goes all the same: it holds what was erased.
    """
    erased = [path.stat().st_mtime for path in (home.archive / "tombstones").glob("*.json")]
    for folder in newest.parent.iterdir():
        if folder == newest:
            continue
        if _made_at(folder) <= max(erased, default=0) or not links.is_kept(folder):
            remove_folder(folder)


def _made_at(folder: Path) -> float:
    """When a state was finished (seconds since 1970); 0 where a crash left it unfinished."""
    try:
        return (folder / "state.json").stat().st_mtime
    except FileNotFoundError:
        return 0
