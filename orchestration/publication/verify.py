"""Whether an edition is what it says: its files, its formats against each other, its rankings.

What belongs here: which checks there are, each with its outcome, and those of files and formats.
What does not: what the tables and words should say (`verify_tables.py`, `verify_words.py`), and the
way to the delivered files (`trace.py`, `replay.py`).

Finds every change of a byte and every contradiction; an edition that was rewritten as a whole, from
the records on, agrees with itself and is found only by who kept its hash, a head of the log or the
delivered files (docs/trust.md).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from python_calamine import CalamineWorkbook

from orchestration.publication import replay, verify_tables, verify_words
from orchestration.publication.editions import EDITION_FORMAT, format_of
from orchestration.publication.evidence import VERSION, sums
from orchestration.publication.formats import csv_bytes, json_bytes, read_duckdb
from orchestration.publication.released import RECOMPUTE, readable_version

Check = dict[str, Any]
_NEWER = (
    "{what} of version {version}, and this program knows up to {known}; verify it with a newer one"
)

#: The sheet of an edition of a former format that holds `rank_monthly` whole, cell by cell.
_RANKINGS_SHEET = "Data peringkat"
#: From this version of the evidence on, and this format, all of an edition follows from it.
_PROVES_ALL, _PROVES_ALL_FORMAT = 5, 3
#: From this format on an edition has the bulletin's documents.
_TELLS_FORMAT = 4


class NotVerifiable(Exception):
    """The path is no edition and no evidence; the text says what is."""


def verify(folder: Path) -> list[Check]:
    """Check an edition, its restricted tier, or a folder of evidence alone.

    Returns:
        One `{check, ok, detail}` per check; `detail` says what was found.

    Raises:
        NotVerifiable: the folder is none of these, or of a newer version.
    """
    known = _known_format(folder)
    if (folder / "run.json").exists() and (folder / "manifest.json").exists():
        checks = dict(_OF_AN_EDITION)
        if known >= _PROVES_ALL_FORMAT:
            checks |= _PROVEN
        checks |= _OF_THIS_FORMAT if known == EDITION_FORMAT else _OF_FORMER_FORMATS
    elif (folder / "deliveries").is_dir() and (folder / "manifest.json").exists():
        checks = _OF_THE_RESTRICTED_TIER
    elif (folder / "SHA256SUMS").exists():
        return [_outcome("recompute", _recompute_in, folder)]
    else:
        raise NotVerifiable(
            f"{folder} is no edition; name a folder such as published/2025-08/2025-08-final-1"
        )
    return [_outcome(name, check, folder) for name, check in checks.items()]


def faults_of_new(folder: Path) -> list[Check]:
    """The checks that fail of an edition that was just built: whether it follows from its evidence.

    What this program wrote a moment ago from the same tables is not written once more.
    """
    checks = _OF_AN_EDITION | {"tables": verify_tables.differences}
    outcomes = (_outcome(name, check, folder) for name, check in checks.items())
    return [outcome for outcome in outcomes if not outcome["ok"]]


def difference_from_written(folder: Path) -> str | None:
    """How an edition, or its restricted tier, differs from what was written; None where it doesn't.

    Only hashes are compared; what the files say is left to `verify`.
    """
    is_public = (folder / "run.json").exists()
    names = ("seal", "files") if is_public else ("restricted_files", "deliveries")
    for name in names:
        outcome = _outcome(name, (_OF_AN_EDITION | _OF_THE_RESTRICTED_TIER)[name], folder)
        if not outcome["ok"]:
            return str(outcome["detail"])
    return None


def _known_format(folder: Path) -> int:
    """The format of an edition; of what is damaged this version's, and the checks tell the rest.

    Raises:
        NotVerifiable: it is of a newer version.
    """
    try:
        version = format_of(json.loads((folder / "manifest.json").read_bytes()))
    except (FileNotFoundError, ValueError, AttributeError):
        return EDITION_FORMAT
    if version > EDITION_FORMAT:
        raise NotVerifiable(
            _NEWER.format(what=f"{folder} is", version=version, known=EDITION_FORMAT)
        )
    return version


def _outcome(name: str, check: Callable[[Path], Iterator[str]], folder: Path) -> Check:
    try:
        told = list(check(folder))
    except Exception as problem:  # a damaged file can break any reader in any way
        told = [f"{type(problem).__name__}: {' '.join(str(problem).split())[:300]}"]
    found = [text for text in told if not isinstance(text, verify_words.Unproven)]
    detail = "; ".join(found[:5]) + (f"; and {len(found) - 5} more" if len(found) > 5 else "")
    unproven = "; ".join(["as it should be", *map(str, told)])
    return {"check": name, "ok": not found, "detail": detail or unproven}


def _version_fits(folder: Path) -> Iterator[str]:
    """An edition of a former format is as those of that time, and so has not more to prove."""
    rules = json.loads((folder / "evidence" / "policies.json").read_bytes())
    manifest = json.loads((folder / "manifest.json").read_bytes())
    told = format_of(manifest)
    has_bulletin = "bulletin.json" in manifest["files"]
    if has_bulletin != (told >= _TELLS_FORMAT):
        yield f"bulletin.json is {'no file' if has_bulletin else 'a file'} of format {told}"
    if (rules["evidence_version"] >= _PROVES_ALL) != (told >= _PROVES_ALL_FORMAT):
        yield f"an edition of format {told} has no evidence of version {rules['evidence_version']}"


def _seal(folder: Path) -> Iterator[str]:
    """`run.json` is whole, and seals the manifest and the files whose bytes can't be foreseen."""
    content = (folder / "run.json").read_bytes()
    run = json.loads(content)
    unsealed = {key: value for key, value in run.items() if key != "sha256"}
    if json_bytes(run) != content or run["sha256"] != _sha256(json_bytes(unsealed)):
        yield "run.json was changed"
    manifest = (folder / "manifest.json").read_bytes()
    if run["manifest_sha256"] != _sha256(manifest):
        yield "manifest.json is not the one that run.json names"
    if run["edition_id"] != json.loads(manifest)["edition_id"]:
        yield "run.json is another edition's"


def _files(folder: Path) -> Iterator[str]:
    """Every file is there as listed, and no other."""
    listed = json.loads((folder / "manifest.json").read_bytes())["files"]
    listed |= json.loads((folder / "run.json").read_bytes())["files"]
    yield from _compare(folder, listed, {"manifest.json", "run.json"})


def _restricted_files(folder: Path) -> Iterator[str]:
    """The evidence is the edition's, and all but the deliveries stands in the hash list."""
    listed = json.loads((folder / "manifest.json").read_bytes())["files"]
    evidence = {path: entry for path, entry in listed.items() if path.startswith("evidence/")}
    deliveries = {str(p.relative_to(folder)) for p in (folder / "deliveries").iterdir()}
    erased = {f"tombstones/{sha256}.json" for sha256 in _erased(folder)}
    receipts = {str(p.relative_to(folder)) for p in folder.glob("receipts/*.jsonl")}
    others = {"manifest.json", "README.md", "SHA256SUMS", *deliveries, *erased, *receipts}
    yield from _compare(folder, evidence, others)
    paths = ("manifest.json", "README.md", *evidence, *receipts)
    if (folder / "SHA256SUMS").read_bytes() != sums({p: (folder / p).read_bytes() for p in paths}):
        yield "SHA256SUMS does not agree with the files"


def _compare(folder: Path, listed: dict[str, Any], others: set[str]) -> Iterator[str]:
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}
    for path in sorted(listed.keys() - there):
        yield f"{path} is missing"
    for path in sorted(there - listed.keys() - others):
        yield f"{path} is not listed"
    for path in sorted(there & listed.keys()):
        content = (folder / path).read_bytes()
        if listed[path] != {"bytes": len(content), "sha256": _sha256(content)}:
            yield f"{path} was changed"


def _deliveries(folder: Path) -> Iterator[str]:
    """Every delivery of the evidence is there, byte by byte, or a tombstone says it was erased."""
    for path in sorted((folder / "deliveries").iterdir()):
        with path.open("rb") as file:  # it may be of any size
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != path.name:
            yield f"deliveries/{path.name} was changed"
    needed = {row["sha256"] for row in _rows(folder / "evidence" / "deliveries.csv")}
    there = {path.name for path in (folder / "deliveries").iterdir()}
    for sha256 in sorted((needed - _erased(folder)) ^ there):
        yield f"deliveries/{sha256} is {'missing' if sha256 in needed else 'not of this edition'}"


def _erased(folder: Path) -> set[str]:
    return {path.stem for path in (folder / "tombstones").glob("*.json")}


def _recompute(folder: Path) -> Iterator[str]:
    """The rankings follow from the evidence, by a program that shares no code with this one."""
    yield from _recompute_in(folder / "evidence")


def _recompute_in(evidence: Path) -> Iterator[str]:
    own = (evidence / "recompute.py").read_bytes()
    version = json.loads((evidence / "policies.json").read_bytes())["evidence_version"]
    if version > VERSION:
        yield _NEWER.format(what="evidence", version=version, known=VERSION)
        return
    if readable_version(own) != version:
        # Whatever it is, it is not run: it may do anything.
        yield f"recompute.py is not a released program of evidence version {version}"
    if version == VERSION:
        yield from _run(RECOMPUTE, evidence)
    elif readable_version(own) == version:
        yield from _run(evidence / "recompute.py", evidence)
    for row in _rows(evidence / "rankings.csv"):
        rule = evidence / f"policy.{row['policy_id']}.yml"
        if _sha256(rule.read_bytes()) != row["policy_sha256"]:
            yield f"{rule.name} is not the policy that the ranking names"
            break


def _run(program: Path, evidence: Path) -> Iterator[str]:
    """What a program of recomputation prints as differences."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", program, evidence],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        lines = (done.stdout if done.stdout.strip() else done.stderr).strip().splitlines()
        yield from lines[-1:] if not done.stdout.strip() else lines


def _evidence_is_published(folder: Path) -> Iterator[str]:
    """What the evidence proves is what the tables publish."""
    for name, table in {
        "rankings": "rank_monthly",
        "month_state": "rank_month_state",
        "coverage": "fct_coverage",
    }.items():
        proven = (folder / "evidence" / f"{name}.csv").read_bytes()
        if proven != (folder / "tables" / f"{table}.csv").read_bytes():
            yield f"evidence/{name}.csv and tables/{table}.csv differ"
    # Posts of a neighbouring month that may count in this one are evidence, and rows of their own.
    month = json.loads((folder / "evidence" / "policies.json").read_bytes())["month"]
    every = _rows(folder / "evidence" / "decisions.csv")
    decisions = [row for row in every if row["month"] == month]
    published = _rows(folder / "tables" / "fct_post_month.csv")
    if decisions != [{key: row[key] for key in every[0]} for row in published]:
        yield "evidence/decisions.csv and tables/fct_post_month.csv differ"


def _formats(folder: Path) -> Iterator[str]:
    """Parquet, CSV and DuckDB hold the same rows."""
    tables, _ = read_duckdb(folder / "kurasi.duckdb")
    names = {path.stem for path in (folder / "tables").glob("*.csv")}
    with duckdb.connect(folder / "kurasi.duckdb", read_only=True) as engine:
        for kind in ("views", "functions"):
            query = f"select count(*) from duckdb_{kind}() where not internal"
            if engine.execute(query).fetchall() != [(0,)]:
                yield f"kurasi.duckdb has {kind} besides its tables"
    for name in sorted(names ^ tables.keys()):
        yield f"kurasi.duckdb and tables/ differ on {name}"
    for name in sorted(names & tables.keys()):
        text = (folder / "tables" / f"{name}.csv").read_bytes()
        if csv_bytes(pl.read_parquet(folder / "tables" / f"{name}.parquet", glob=False)) != text:
            yield f"tables/{name}.parquet and tables/{name}.csv differ"
        if csv_bytes(tables[name]) != text:
            yield f"kurasi.duckdb and tables/{name}.csv differ on {name}"


def _workbook(folder: Path) -> Iterator[str]:
    """The bulletin holds the published rankings."""
    text = (folder / "tables" / "rank_monthly.csv").read_text("utf-8")
    published = list(csv.reader(io.StringIO(text, newline="")))
    if _sheet(folder / "bulletin.xlsx", _RANKINGS_SHEET) != published:
        yield f"bulletin.xlsx, sheet {_RANKINGS_SHEET!r}, and tables/rank_monthly.csv differ"


def _sheet(path: Path, name: str) -> list[list[str]]:
    """A sheet's cells as text, read without the program that wrote them."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python(skip_empty_area=False)
    return [[_cell_text(value) for value in row] for row in rows]


def _cell_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():  # every number in a sheet is one
        return str(int(value))
    return str(value)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


_Checks = dict[str, Callable[[Path], Iterator[str]]]
_OF_AN_EDITION: _Checks = {
    "seal": _seal,
    "files": _files,
    "version": _version_fits,
    "recompute": _recompute,
    "evidence_is_published": _evidence_is_published,
    "formats": _formats,
}
#: What the workbook of this format tells is held to all tables (`words`).
_OF_FORMER_FORMATS: _Checks = {"workbook": _workbook}
#: What follows from evidence that proves all, whatever words an edition of its format has.
_PROVEN: _Checks = {
    "run": verify_words.run,
    "tables": verify_tables.differences,
    "objections": verify_words.objections,
    "difference": verify_words.moves,
}
#: What editions of former formats can't be held to.
_OF_THIS_FORMAT: _Checks = _PROVEN | {
    "lists": verify_words.files_of_an_edition,
    "manifest": verify_words.manifest,
    "words": verify_words.words,
    "bulletin": verify_words.bulletin,
    "beside": verify_words.beside,
}
_OF_THE_RESTRICTED_TIER: _Checks = {
    "restricted_files": _restricted_files,
    "recompute": _recompute,
    "deliveries": _deliveries,
    "receipts": replay.receipts_differ,
}
