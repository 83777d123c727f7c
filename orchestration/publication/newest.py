"""`published/current`: the newest edition of each month, all months in one set of files, for BI.

What belongs here: bringing editions together and turning readers to them in one step. What does
not: what an edition holds (`publish.py`).

    published/current -> .sets/<hash>/       index.json  <table>.parquet …  kurasi.duckdb
        rpt_<name>.parquet      the reports for BI (`reports.py`)
        editions.parquet        the rankings of every edition ever, as published
        publications.parquet    when each edition was published

Every table has an `edition_id`. A reader that opens several files takes them from one set by
resolving the link once, or from the folder that `index.json` names. Nobody writes to a set any
more, and a superseded one stays for readers that are still at it (`links.py`).
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from ingest import storage
from ingest.home import Home
from ingest.sealing import remove_folder, seal
from orchestration.publication import links
from orchestration.publication.editions import Edition, damaged, editions, table_of
from orchestration.publication.formats import json_bytes, parquet_bytes, read_duckdb, write_duckdb
from orchestration.publication.month import TABLES
from orchestration.publication.reports import OWN_COLUMNS, descriptions, fingerprint, reports

log = logging.getLogger("kurasi")

#: Grows when the files of a set change their form, so that they are written anew.
_VERSION = "6"
#: Of what readers rely on: names, types and meanings; `docs/bi.md` says when it grows.
_SCHEMA_VERSION = 1


class NothingPublished(Exception):
    """There is no set of editions to read; the text says what to do."""


def refresh(home: Home) -> Path:
    """Turn `published/current` to the newest edition of each month; returns the set's folder.

    A set that is damaged is left for a new one. The caller holds the lock `publish`.

    Raises:
        DamagedEdition: an edition can't be read; then readers keep what they have.
    """
    known = editions(home)
    link, folder = home.published / "current", _folder(home, known)
    if not folder.exists():
        building = home.published / ".building-set"
        shutil.rmtree(building, ignore_errors=True)
        _write(building, known, os.path.relpath(folder, home.published))
        storage.name_folder(building, folder)
    seal(folder)  # now, for a sealed folder can't be moved; a crash before it is mended too
    if links.led_to(link) != folder:
        links.turn(link, folder)
    _forget(folder)
    return folder


def current(home: Home) -> Path:
    """The set to which readers are led now; it stays as it is for hours after it is superseded.

    Raises:
        NothingPublished: there is none.
    """
    link = home.published / "current"
    if link.is_dir():
        return link.resolve()
    if editions(home):
        raise NothingPublished(f"{link} leads nowhere; `kurasi run` makes it anew")
    raise NothingPublished(f"nothing is published in {home.root} yet; `kurasi publish` does it")


def published(home: Home) -> set[str] | None:
    """The IDs of the editions that the last set knew; None where it can't be read."""
    link = home.published / "current"
    if not link.is_symlink() and not link.exists():
        return None if (home.published / ".sets").exists() else set()
    try:
        index = json.loads((link / "index.json").read_bytes())
        return {str(edition["edition_id"]) for edition in index["editions"]}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def mend(home: Home) -> None:
    """Make `published/current` anew where it is missing, damaged or behind, and tell it.

    Of an edition that is gone readers keep what they have, until the next publication.

    Raises:
        DamagedEdition: an edition can't be read.
        HomeIsBusy: a publication is under way, which makes it anew by itself.
    """
    known = {edition.edition_id for edition in editions(home)}
    if gone := sorted((published(home) or set()) - known):
        path = home.published / gone[0][:7] / gone[0]
        log.warning("%s was published and is gone; restore it from the backup", path)
    elif problem := damage(home):
        with storage.exclusive(home, "publish"):
            log.warning("%s; it is made anew from the editions", problem)
            refresh(home)


def damage(home: Home) -> str | None:
    """Why `published/current` does not give what is published; None where it does.

    Raises:
        DamagedEdition: an edition can't be read.
    """
    known = editions(home)
    if not known:
        return None
    link = home.published / "current"
    folder = links.led_to(link)
    if folder is None or not folder.is_dir():
        return f"{link} {'is no link' if link.exists() else 'leads nowhere'}"
    if not _is_whole(folder):
        return f"{link} is damaged"
    return None if folder == _folder(home, known) else f"{link} is behind"


def _folder(home: Home, known: list[Edition]) -> Path:
    """The set of some editions: one that is whole, or else one that is not there yet."""
    marks = [f"{edition.edition_id} {edition.manifest_sha256}" for edition in known]
    name = hashlib.sha256("\n".join([_VERSION, fingerprint(), *marks]).encode()).hexdigest()[:16]
    folder = home.published / ".sets" / name
    number = 1
    while folder.exists() and not _is_whole(folder):
        number += 1
        folder = folder.with_name(f"{name}-{number}")
    return folder


def _is_whole(folder: Path) -> bool:
    """Whether each file of a set is as it was written, and none is missing."""
    try:
        content = (folder / "index.json").read_bytes()
        index = json.loads(content)
        return bool(content == json_bytes(_sealed(index)) and index["files"] == _hashes(folder))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _sealed(index: dict[str, Any]) -> dict[str, Any]:
    """An index with the hash of all else that it says."""
    said = {key: value for key, value in index.items() if key != "sha256"}
    return {**said, "sha256": hashlib.sha256(json_bytes(said)).hexdigest()}


def _hashes(folder: Path) -> dict[str, str]:
    """The hash of each file of a set but its index."""
    found = {}
    for path in sorted(folder.iterdir()):
        if path.name != "index.json":
            with path.open("rb") as file:
                found[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def _write(folder: Path, known: list[Edition], final_path: str) -> None:
    """Write the set of some editions; `final_path` is where in `published/` it will lie."""
    newest = {edition.month: edition for edition in known}
    months = {name: _all_months(name, list(newest.values())) for name in TABLES}
    tables = {name: rows for name, rows in months.items() if rows.width}
    tables |= reports(newest, tables)
    tables["editions"] = pl.concat(
        [
            table_of(edition, "rank_monthly").select(
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
    described = _descriptions(known[-1])
    for name, table in tables.items():
        content = parquet_bytes(table, described.get(name))
        storage.write_bytes(folder / f"{name}.parquet", content)
    with storage.durable(folder / "kurasi.duckdb") as temporary:
        write_duckdb(temporary, tables, described)
    index = {
        "schema_version": _SCHEMA_VERSION,
        "folder": final_path,
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
        "files": _hashes(folder),
    }
    storage.write_bytes(folder / "index.json", json_bytes(_sealed(index)))


def _all_months(name: str, newest: list[Edition]) -> pl.DataFrame:
    """A table of all editions that have it; an older version's may not."""
    parts = [pl.DataFrame()]
    for edition in newest:
        rows = table_of(edition, name)
        if rows.width:
            own = pl.lit(edition.edition_id).alias("edition_id")
            parts.append(rows.select(own, pl.all()))
    return pl.concat(parts, how="diagonal_relaxed")


def _descriptions(edition: Edition) -> dict[str, dict[str, str]]:
    """The comments of the newest edition, and of what only a set has."""
    try:
        _, described = read_duckdb(edition.path / "kurasi.duckdb")
    except duckdb.Error:
        raise damaged(edition.path) from None
    own = {"edition_id": OWN_COLUMNS["edition_id"]}
    numbered = {
        **own,
        "status": OWN_COLUMNS["status"],
        "number": "Counts the month's editions from 1.",
    }
    ranked = described.get("rank_monthly", {})
    return {
        **{name: {**columns, **own} for name, columns in described.items()},
        **descriptions(),
        "editions": {
            **ranked,
            **numbered,
            "is_newest": "Whether no later edition of the month was published.",
            "": "The rankings of every edition, as published.",
        },
        "publications": {
            **numbered,
            "month": "The month that the edition is of, such as 2025-08.",
            "published_at": "When the edition was published (UTC).",
            "": "When each edition was published (UTC).",
        },
    }


def _forget(newest: Path) -> None:
    """Remove the other sets, but those superseded so lately that they may have readers."""
    for folder in newest.parent.iterdir():
        if folder != newest and not links.is_kept(folder):
            remove_folder(folder)
