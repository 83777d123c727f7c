"""What an edition says of itself: its manifest, its README and which files it holds.

What belongs here: the keys of `manifest.json`, and which of them follow from the edition's other
files, so that whoever verifies works them out again. What does not: writing an edition
(`publish.py`) and finding one (`editions.py`).

What nothing in an edition proves is `code` and `engines`, by which it was made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from ingest.regular_files import shown
from orchestration.publication.evidence import VERSION
from orchestration.publication.formats import csv_bytes
from orchestration.publication.month import BESIDE, DERIVED
from orchestration.shipped import DBT_PROJECT, ROOT, place_in_repository

#: Of the manifest alone; an edition's own format is `editions.EDITION_FORMAT`.
MANIFEST_VERSION = 1
#: Of the tables of an edition.
TABLES_VERSION = 4
ENGINES = ("duckdb", "polars", "pyarrow", "dbt-core", "dbt-duckdb", "xlsxwriter", "babel", "tzdata")
#: Files whose bytes can't be foreseen, or follow from the order of arrival; their hashes stand in
#: `run.json`.
UNFORESEEN = ("kurasi.duckdb", "attested/intervals.csv", "attested/shares.csv")


def versions() -> dict[str, Any]:
    """Of what the edition is, and by what it was made."""
    return {
        "schema_versions": {"evidence": VERSION, "tables": TABLES_VERSION},
        "code": {"version": version("kurasi"), "sha256": _code_hash()},
        "engines": {name: version(name) for name in ENGINES},
    }


def origin(
    tables: Mapping[str, pl.DataFrame], observations: int, statuses: Sequence[str], rejects: int
) -> dict[str, Any]:
    """What the edition was made from, and how much of it.

    Args:
        tables: the edition's.
        observations: how many the evidence holds.
        statuses: of each delivery of the evidence.
        rejects: how many rejected records the evidence names.
    """
    policies = tables["dim_policy"].select("policy_id", "policy_sha256").iter_rows()
    registry = {name: tables[f"dim_{name}"] for name in ("office", "account")}
    counted = tables["fct_post_month"].filter("is_counted")["policy_id"].value_counts()
    return {
        "policies": dict(policies),
        "registry": {
            name: hashlib.sha256(csv_bytes(table)).hexdigest() for name, table in registry.items()
        },
        "counts": {
            "posts": tables["dim_post"].height,
            "counted": dict(counted.sort("policy_id").iter_rows()),
            "observations": observations,
            "deliveries": len(statuses),
            "quarantined": statuses.count("quarantined"),
            "rejects": rejects,
        },
    }


def edition_id(month: str, status: str, number: int) -> str:
    """As `2025-08-final-2`."""
    return f"{month}-{status}-{number}"


def content_hash(files: Mapping[str, bytes]) -> str:
    """A hash of the rows, whatever the program that verifies them and the words around them.

    What stands beside the rankings is left out: a correction of an earlier month would make new
    editions of the five months after it. So is what only says the others' rows in another form: a
    program that knows one form more would make new editions of every month.
    """
    left_out = {f"tables/{name}.csv" for name in (*BESIDE, *DERIVED)}
    digest = hashlib.sha256()
    for path in sorted(files.keys() - left_out):
        if path.endswith((".csv", "policies.json")):
            digest.update(f"{path}\n{hashlib.sha256(files[path]).hexdigest()}\n".encode())
    return digest.hexdigest()


def _code_hash() -> str:
    """A hash of the code that read, scored and published."""
    endings = {".py", ".sql", ".yml", ".md"}
    places: dict[Path, Path] = {}
    for folder in (ROOT / "ingest", ROOT / "orchestration", DBT_PROJECT):
        places |= {place_in_repository(path): path for path in folder.rglob("*")}
    digest = hashlib.sha256()
    for place, path in sorted(places.items()):
        if place.suffix in endings and not {"target", "logs"} & set(place.parts):
            text = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{place} {text}\n".encode())
    return digest.hexdigest()


def readme(manifest: Mapping[str, Any]) -> str:
    """The edition's README."""
    notes = [
        f"Replaces {manifest['replaces']}." if manifest["replaces"] else "",
        f"Reason: {shown(manifest['reason'])}" if manifest["reason"] else "",
        f"The month lacks: {manifest['lacks']}" if manifest["lacks"] else "",
        "Published as final despite that." if manifest["despite"] else "",
    ]
    paragraphs = "".join(f"{note}\n\n" for note in notes if note)
    return _README.format(**manifest, notes=paragraphs)


_README = """\
# {edition_id}

The rankings of {month}: edition {number}, {status}. An edition is never changed; a correction is a
new one.

{notes}- `bulletin.xlsx`, in English `bulletin.en.xlsx`, and `people/`: for reading; the sheet
  "Kolom" ("Columns") explains each column
- `bulletin.json`, in English `bulletin.en.json`: all that the bulletin, each office's card and the
  pictures tell; `kurasi bulletin` makes these from it
- `tables/`, `kurasi.duckdb`: the rankings and the facts behind them, for programs; raw text
- `evidence/`: all that is needed to recompute the rankings without this software:
  `python -I -S evidence/recompute.py`
- `difference.json`: what moved since the edition before, and why
- `objections.csv`: the objections that were answered since then, as numbers, without names
- `attested/`: between which two instants each delivery was captured, and what of each score stands
  on deliveries for which these are within a day
- `manifest.json`: what this was made from, and the hash of each file; `run.json`: when, and the
  head of the log before it
- `witness.py`: watches the log in which this edition stands, so that neither is replaced unseen:
  `python3 -I witness.py --help`. Beside this folder, `{edition_id}.receipt.json` is its place there

`kurasi verify FOLDER` checks all of it.
"""
