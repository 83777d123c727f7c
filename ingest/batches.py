"""Batches: archived files, read together into the lake's Parquet files.

What belongs here: which files are read together and by which process, and where their rows go. What
does not: how one file is read (`reading.py`) and which deliveries it is (`deliveries.py`).

A batch is named by its files' hashes, and its rows lie under that name, by platform and by month of
publication, ordered by file and record. The table of files says in which batch a file's rows are;
what lies under another name is of a crash or an older reading, and counts for nothing.
"""

from __future__ import annotations

import hashlib
import inspect
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

import dataframely as dy
import polars as pl

from ingest import contract, forms, reading
from ingest.contract import PLATFORMS, AccountDay, Contents, PostObservation, Reject
from ingest.lake import Home, read_table, write_table
from ingest.layouts import LAYOUTS, cells, layout

log = logging.getLogger("kurasi")

#: Files are read in batches of at most so many files and bytes: many small files cost as much as
#: one large one, memory stays bounded, and a crash costs one batch.
_MOST_FILES = 500
_MOST_BYTES = 32 * 2**20
#: So many batches of fewer records than this are joined into one, so that a reader of the lake
#: opens few files after years of daily exports.
_SMALL_RECORDS = 50_000
_SMALL_BATCHES = 24

_ENDED = (
    "the process that read this file ended without a word, twice; it may need more memory than "
    "there is, or be made to harm"
)
#: What tells the rows of each table of the lake apart, and their order.
_KEYS = {
    "observations": ["sha256", "record_number"],
    "account_days": ["sha256", "record_number", "metric"],
    "rejects": ["sha256", "record_number"],
    "contents": [
        *("sha256", "platform", "month", "platform_account_id", "account_handle", "is_guest"),
    ],
}


class File(dy.Schema):
    """What the bytes with one hash turned out to be."""

    sha256 = dy.String(primary_key=True)
    #: Where its rows lie in the lake.
    batch = dy.String(nullable=False)
    #: The version of the reading code; another one reads the file again.
    reader = dy.String(nullable=False)
    platform = dy.String(nullable=True)
    kind = dy.String(nullable=True)
    locale = dy.String(nullable=True)
    status = dy.String(nullable=False)
    reason = dy.String(nullable=True)
    record_count = dy.Int64(nullable=True)
    loaded_count = dy.Int64(nullable=True)
    rejected_count = dy.Int64(nullable=True)
    set_aside_count = dy.Int64(nullable=True)
    is_truncated = dy.Bool(nullable=False)
    unknown_columns = dy.List(dy.String(nullable=False), nullable=False)
    repairs = dy.List(dy.String(nullable=False), nullable=False)
    covers_posts = dy.Bool(nullable=False)
    holds = dy.String(nullable=True)


def reader_version() -> str:
    """A hash of the code that decides what a file's rows are."""
    names = {known.read.__module__ for known in LAYOUTS}
    modules = [contract, forms, reading, layout, cells, *(sys.modules[name] for name in names)]
    texts = sorted(inspect.getsource(module) for module in modules)
    return hashlib.sha256("".join(texts).encode()).hexdigest()[:16]


def prepare(home: Home) -> None:
    """Make the lake's tables of rows, empty, so that a reader finds their columns."""
    for path, schema in {
        **{
            home.observations(platform, contract.NO_MONTH, "_empty"): lake_schema(PostObservation)
            for platform in PLATFORMS
        },
        home.account_days("_empty"): lake_schema(AccountDay),
        home.contents("_empty"): lake_schema(Contents),
        home.rejects("_empty"): Reject.create_empty().schema,
    }.items():
        if not path.exists():
            write_table(path, pl.DataFrame(schema=schema))


def lake_schema(rows: type[dy.Schema]) -> pl.Schema:
    """The columns of a table in the lake: those of the contract, and the batch."""
    return pl.Schema({**rows.create_empty().schema, "batch": pl.String()})


def read_new(home: Home, hashes: set[str]) -> pl.DataFrame:
    """Read the archived files that this version of the code has not read.

    Returns:
        What every file is, as `File`.
    """
    version = reader_version()
    files = read_table(home.table("files"), File).filter(pl.col("reader") == version)
    todo = hashes - set(files["sha256"])
    done = 0
    for rows in _read_all(home, todo):
        more = pl.DataFrame(
            [{"reader": version, **row} for row in rows], schema=File.create_empty().schema
        )
        files = File.validate(pl.concat([files, more])).sort("sha256")
        write_table(home.table("files"), files)
        done += len(rows)
        log.info("read %d of %d new files", done, len(todo))
    files = _join_small(home, files)
    _remove_unknown(home, set(files["batch"]) | {"_empty"})
    return files


def rejects(home: Home) -> pl.LazyFrame:
    """The rejected records of all files, as `Reject`."""
    files = read_table(home.table("files"), File)
    paths = [home.rejects(batch) for batch in ("_empty", *files["batch"].unique().sort())]
    return pl.scan_parquet(
        [path for path in paths if path.exists()], schema=Reject.create_empty().schema
    )


def _batches(sizes: dict[str, int]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for sha256 in sorted(sizes):
        batch.append(sha256)
        size += sizes[sha256]
        if len(batch) >= _MOST_FILES or size >= _MOST_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _read_all(home: Home, hashes: set[str]) -> Iterator[list[dict[str, Any]]]:
    """Read archived files batch by batch: a few here, many by a process per core."""
    sizes = {sha256: home.archived(sha256).stat().st_size for sha256 in hashes}
    batches = list(_batches(sizes))
    if sum(sizes.values()) <= _MOST_BYTES:
        for batch in batches:
            yield _read_batch(home, batch)
        return
    workers = min(len(os.sched_getaffinity(0)), len(batches))
    while batches:
        died: list[list[str]] = []
        yield from _read_by_pool(home, batches, workers, died)
        # Whose work ended a process is not known: each is tried again by a process of its own.
        batches = []
        for batch in died:
            again: list[list[str]] = []
            yield from _read_by_pool(home, [batch], 1, again)
            if not again:
                continue
            if len(batch) == 1:
                yield [_described(batch[0], _name(batch), _quarantined(reading.Quarantine(_ENDED)))]
            else:
                middle = len(batch) // 2
                batches += [batch[:middle], batch[middle:]]


def _read_by_pool(
    home: Home, batches: Sequence[list[str]], workers: int, died: list[list[str]]
) -> Iterator[list[dict[str, Any]]]:
    """Read batches by worker processes; those under way when one dies are put into `died`, and
    those behind them are read by new ones."""
    waiting = list(batches)
    while waiting:
        with _pool(workers) as pool:
            running: dict[Future[list[dict[str, Any]]], list[str]] = {}
            is_broken = False
            while running or (waiting and not is_broken):
                # As many as there are workers: what waits in memory is bounded.
                while waiting and len(running) < workers and not is_broken:
                    batch = waiting.pop(0)
                    running[pool.submit(_read_batch, home, batch)] = batch
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    batch = running.pop(future)
                    try:
                        yield future.result()
                    except BrokenProcessPool:
                        is_broken = True
                        died.append(batch)


def _pool(workers: int) -> ProcessPoolExecutor:
    # A forked process would inherit the locks of polars' threads. One thread per worker: the
    # files are enough work for all cores.
    os.environ["POLARS_MAX_THREADS"] = "1"
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


def _name(hashes: list[str]) -> str:
    return hashlib.sha256("".join(hashes).encode()).hexdigest()[:16]


def _read_batch(home: Home, hashes: list[str]) -> list[dict[str, Any]]:
    """Read some archived files, write their rows, and tell what each file is."""
    name = _name(hashes)
    told: list[dict[str, Any]] = []
    alike: dict[tuple[str, tuple[str, ...]], list[reading.Records]] = {}
    for sha256 in hashes:
        try:
            records = reading.split(home.archived(sha256).read_bytes(), sha256)
        except reading.Quarantine as problem:
            told.append(_described(sha256, name, _quarantined(problem)))
            continue
        fields = tuple(sorted(records.fitting.columns))
        alike.setdefault((records.layout.kind, fields), []).append(records)
    posts: list[pl.DataFrame] = []
    days: list[pl.DataFrame] = []
    rejects: list[pl.DataFrame] = []
    for files in alike.values():
        rows = reading.interpret(files)
        (days if files[0].layout.holds == "account_days" else posts).append(rows.observations)
        rejects.append(rows.rejects)
        told += _accounting(files, rows, name)
    _write(home, name, posts, days, rejects)
    return told


def _write(
    home: Home,
    name: str,
    posts: list[pl.DataFrame],
    days: list[pl.DataFrame],
    rejects: list[pl.DataFrame],
) -> None:
    """Write a batch's rows, each kind and each month's in files of their own."""
    if any(table.height for table in posts):
        whole = pl.concat(posts).with_columns(batch=pl.lit(name)).sort(_KEYS["observations"])
        for (platform, month), part in whole.group_by("platform", MONTH, maintain_order=True):
            write_table(home.observations(str(platform), f"{month:%Y-%m-%d}", name), part)
        write_table(home.contents(name), contents(whole))
    if any(table.height for table in days):
        whole = pl.concat(days).with_columns(batch=pl.lit(name)).sort(_KEYS["account_days"])
        write_table(home.account_days(name), whole)
    if any(table.height for table in rejects):
        write_table(home.rejects(name), pl.concat(rejects).sort(_KEYS["rejects"]))


#: The month of publication as the record tells it, in UTC or, of a day alone, as it stands.
MONTH = pl.coalesce(pl.col("published_at").dt.date(), "published_date").dt.truncate("1mo")


def contents(posts: pl.DataFrame) -> pl.DataFrame:
    """What each file holds of which account in which month, as `Contents` and its batch."""
    held = (
        posts.with_columns(month=MONTH)
        .group_by("batch", *_KEYS["contents"])
        .agg(
            pl.len().cast(pl.Int64).alias("row_count"),
            pl.col("published_at").min().alias("oldest_published_at"),
            pl.col("published_date").min().alias("oldest_published_date"),
        )
    )
    return held.select(lake_schema(Contents).names()).sort(_KEYS["contents"], nulls_last=True)


def _accounting(
    files: list[reading.Records], rows: reading.Rows, batch: str
) -> Iterator[dict[str, Any]]:
    loaded, refused, aside = (
        dict(table["sha256"].value_counts().iter_rows())
        # A record of an account's day is a row for each of its metrics.
        for table in (rows.observations.unique(_KEYS["observations"]), rows.rejects, rows.set_aside)
    )
    truncated = set(rows.set_aside.filter("is_cap_notice")["sha256"])
    for file in files:
        sha256 = file.sha256
        platform = file.layout.platform
        yield _described(
            sha256,
            batch,
            {
                "platform": platform.key if platform else None,
                "kind": file.layout.kind,
                "locale": file.locale,
                "status": "loaded",
                "reason": file.layout.note,
                "record_count": file.count,
                "loaded_count": loaded.get(sha256, 0),
                "rejected_count": refused.get(sha256, 0),
                "set_aside_count": aside.get(sha256, 0),
                "is_truncated": sha256 in truncated,
                "unknown_columns": list(file.unknown_columns),
                "repairs": list(file.repairs),
                "holds": file.layout.holds,
                "covers_posts": file.layout.holds == "posts" and file.layout.covers_posts,
            },
        )


def _described(sha256: str, batch: str, told: dict[str, Any]) -> dict[str, Any]:
    return {"sha256": sha256, "batch": batch, **told}


def _quarantined(problem: reading.Quarantine) -> dict[str, Any]:
    platform = problem.layout.platform if problem.layout else None
    return {
        "platform": platform.key if platform else None,
        "kind": problem.layout.kind if problem.layout else None,
        "status": "quarantined",
        "reason": str(problem),
        "is_truncated": False,
        "unknown_columns": [],
        "repairs": [],
        "holds": None,
        "covers_posts": False,
    }


def _join_small(home: Home, files: pl.DataFrame) -> pl.DataFrame:
    """Join many small batches into one, as if their files had been read together."""
    sizes = files.group_by("batch").agg(pl.col("record_count").sum())
    small = set(sizes.filter(pl.col("record_count") < _SMALL_RECORDS)["batch"])
    if len(small) < _SMALL_BATCHES:
        return files
    is_small = pl.col("batch").is_in(small)
    name = _name(sorted(files.filter(is_small)["sha256"]))
    parts: dict[tuple[str, ...], list[Any]] = {}
    for path in sorted(home.lake.glob("**/*.parquet")):
        if path.stem in small:
            parts.setdefault(path.relative_to(home.lake).parts[:-1], []).append(path)
    for folder, paths in parts.items():
        rows = pl.concat(pl.read_parquet(path, hive_partitioning=False) for path in paths)
        if "batch" in rows.columns:
            rows = rows.with_columns(batch=pl.lit(name))
        rows = rows.sort(_KEYS[folder[0]], nulls_last=True)
        write_table(home.lake.joinpath(*folder, f"{name}.parquet"), rows)
    files = files.with_columns(batch=pl.when(is_small).then(pl.lit(name)).otherwise("batch"))
    write_table(home.table("files"), files)
    log.info("joined %d small batches of the lake", len(small))
    return files


def _remove_unknown(home: Home, batches: set[str]) -> None:
    """Remove rows that no file claims: of a crash, of an older reading, of joined batches."""
    for kind in ("observations/*/*", "account_days", "contents", "rejects"):
        for path in home.lake.glob(f"{kind}/*.parquet"):
            if path.stem not in batches:
                path.unlink()
