"""`published/current`: the newest edition of each month, all months in one set of files, for BI.

What belongs here: bringing editions together and turning readers to them in one step. What does
not: what an edition holds (`publish.py`).

    published/current -> .sets/<hash>/       index.json  <table>.parquet …  kurasi.duckdb
        editions.parquet        the rankings of every edition ever, as published
        publications.parquet    when each edition was published

Every table has an `edition_id`. A reader that opens several files takes them from one set by
resolving the link once; the set before stays for readers that are still at it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from pathlib import Path

import polars as pl

from ingest import storage
from ingest.home import Home
from orchestration.publication.editions import Edition, editions
from orchestration.publication.formats import json_bytes, parquet_bytes, read_duckdb, write_duckdb
from orchestration.publication.month import TABLES

#: Grows when the files of a set change their form, so that they are written anew.
_VERSION = "3"
#: Readers may be at an older set for so long.
_GRACE_SECONDS = 3600


def refresh(home: Home) -> Path:
    """Turn `published/current` to the newest edition of each month; returns the set's folder."""
    known = editions(home)
    marks = [f"{edition.edition_id} {edition.manifest_sha256}" for edition in known]
    name = hashlib.sha256("\n".join([_VERSION, *marks]).encode()).hexdigest()[:16]
    link, folder = home.published / "current", home.published / ".sets" / name
    if not folder.exists():
        building = home.published / ".building-set"
        shutil.rmtree(building, ignore_errors=True)
        _write(building, known)
        storage.name_folder(building, folder)
    if link.resolve() != folder.resolve():
        before = link.resolve() if link.is_symlink() else folder
        with storage.durable(link) as temporary:
            temporary.symlink_to(os.path.relpath(folder, link.parent))
        _forget(folder.parent, {folder.resolve(), before})
    return folder


def _write(folder: Path, known: list[Edition]) -> None:
    newest = {edition.month: edition for edition in known}
    months = {name: _all_months(name, list(newest.values())) for name in TABLES}
    tables = {name: rows for name, rows in months.items() if rows.width}
    tables["editions"] = pl.concat(
        [
            pl.read_parquet(edition.path / "tables" / "rank_monthly.parquet", glob=False).select(
                pl.lit(edition.edition_id).alias("edition_id"),
                pl.lit(edition.status).alias("status"),
                pl.lit(edition.number).cast(pl.Int32).alias("number"),
                pl.lit(newest[edition.month] == edition).alias("is_newest"),
                pl.all(),
            )
            for edition in known
        ],
        how="diagonal_relaxed",  # an older version's has fewer columns
    )
    tables["publications"] = pl.DataFrame(
        [
            (each.edition_id, each.month, each.status, each.number, each.published_at)
            for each in known
        ],
        schema=["edition_id", "month", "status", "number", "published_at"],
        orient="row",
    ).with_columns(pl.col("published_at").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us"))
    for name, table in tables.items():
        storage.write_bytes(folder / f"{name}.parquet", parquet_bytes(table))
    described = _descriptions(known[-1])
    with storage.durable(folder / "kurasi.duckdb") as temporary:
        write_duckdb(temporary, tables, described)
    index = {
        "months": {month: edition.edition_id for month, edition in newest.items()},
        "editions": [
            {
                "edition_id": edition.edition_id,
                "month": edition.month,
                "status": edition.status,
                "number": edition.number,
                "published_at": edition.published_at,
                "path": os.path.relpath(edition.path, edition.path.parents[1]),
                "manifest_sha256": edition.manifest_sha256,
            }
            for edition in known
        ],
    }
    storage.write_bytes(folder / "index.json", json_bytes(index))


def _all_months(name: str, newest: list[Edition]) -> pl.DataFrame:
    """A table of all editions that have it; an older version's may not."""
    parts = [pl.DataFrame()]
    for edition in newest:
        path = edition.path / "tables" / f"{name}.parquet"
        if path.exists():
            own = pl.lit(edition.edition_id).alias("edition_id")
            parts.append(pl.read_parquet(path, glob=False).select(own, pl.all()))
    return pl.concat(parts, how="diagonal_relaxed")


def _descriptions(edition: Edition) -> dict[str, dict[str, str]]:
    """The comments of the newest edition, and of what only a set has."""
    _, described = read_duckdb(edition.path / "kurasi.duckdb")
    own = {"edition_id": "The edition that the row is of: month, status and number."}
    ranked = described.get("rank_monthly", {})
    return {
        **{name: {**columns, **own} for name, columns in described.items()},
        "editions": {**ranked, **own, "": "The rankings of every edition, as published."},
        "publications": {**own, "": "When each edition was published (UTC)."},
    }


def _forget(sets: Path, kept: set[Path]) -> None:
    """Remove sets that are neither the newest two nor young enough to have readers."""
    for folder in sets.iterdir():
        if folder.resolve() not in kept and time.time() - folder.stat().st_mtime > _GRACE_SECONDS:
            shutil.rmtree(folder)
