"""Editions: a month frozen as it was published, never changed after.

What belongs here: what an edition holds, when one is refused, and how it reaches the disk. What
does not: the rows (`month.py`), the files' forms (`evidence.py`, `formats.py`, `workbook.py`) and
the folder that leads BI to the newest editions (`newest.py`).

    published/<month>/<edition_id>/          the public tier
        manifest.json  run.json  README.md  difference.json  bulletin.xlsx  kurasi.duckdb
        witness.py  tables/  people/  evidence/  attested/
    published/<month>/<edition_id>.receipt.json   its place in the log (`log/`)
    published/restricted/<edition_id>/       the restricted tier: evidence and delivered files

An edition is built in a folder whose name begins with a dot, recomputed there, and gets its name
in one step; what a crash left is removed by the next publication. Everything but `run.json` and
`attested/` follows from the input, byte by byte (of `kurasi.duckdb` the content), so the same
publication again is the same. Before it is built the log holds all that it is made from, and after
it has its name the log holds the edition.
"""

from __future__ import annotations

import hashlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ingest import storage
from ingest.home import Home
from ingest.regular_files import shown
from ingest.tombstones import Tombstone, read_tombstones
from orchestration.publication import dictionary, newest, verify
from orchestration.publication.difference import difference
from orchestration.publication.editions import EDITION_FORMAT, Edition, editions
from orchestration.publication.evidence import VERSION, evidence, sums
from orchestration.publication.formats import csv_bytes, json_bytes, parquet_bytes, write_duckdb
from orchestration.publication.log.attested import attested
from orchestration.publication.log.record import came_later, record
from orchestration.publication.log.store import Log
from orchestration.publication.month import Month, NotPublishable, read_month
from orchestration.publication.workbook import people, workbook

#: Of the manifest alone; an edition's own format is `editions.EDITION_FORMAT`.
MANIFEST_VERSION = 1
_ENGINES = ("duckdb", "polars", "pyarrow", "dbt-core", "dbt-duckdb", "xlsxwriter", "tzdata")
_ROOT = Path(__file__).parents[2]
#: What watches the log; it stands alone, as the evidence's program does.
_WITNESS = Path(__file__).with_name("log") / "witness.py"


class NotRecomputed(Exception):
    """The edition, as built, differs from what its evidence gives; it is not published."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: a final edition, one despite what the month lacks, and why."""

    final: bool = False
    despite: bool = False
    reason: str | None = None


def publish(home: Home, first_day: date, request: Request, run_id: str) -> tuple[Edition, bool]:
    """Publish a month as the finished state has it.

    Returns:
        The month's newest edition, and whether it is new; where nothing changed since the last
        one, nothing is written.

    Raises:
        NoState: nothing is built yet.
        NotPublishable: the month can't be published as asked.
        DamagedArchive: a file that the edition is made from is lost or was changed; nothing was
            published.
        NotRecomputed: recomputing it from its evidence differs; nothing was published.
        DamagedLog: the log is not as it was written; nothing was published.
        HomeIsBusy: another publication is under way.
    """
    with storage.exclusive(home, "publish"):
        _clean(home)
        log = record(home)
        month = read_month(home, first_day)
        earlier = editions(home, month.name)
        last = earlier[-1] if earlier else None
        files = _data(month, home)
        content = _content(files)
        status = _status(request, last)
        if last and last.content_sha256 == content and (last.is_settled or last.status == status):
            newest.refresh(home)
            return last, False
        if request.final and month.lacks and not request.despite:
            raise NotPublishable(
                f"{month.name} can't be final: {month.lacks}; with --despite --reason TEXT it can"
            )
        if last and last.is_settled and not request.reason:
            raise NotPublishable(f"{last.edition_id} is published; say with --reason what changed")
        number = _next_number(home, month.name, last)
        manifest = {
            "manifest_version": MANIFEST_VERSION,
            "edition_format": EDITION_FORMAT,
            "edition_id": f"{month.name}-{status}-{number}",
            "month": month.name,
            "status": status,
            "number": number,
            "replaces": last.edition_id if last else None,
            "reason": request.reason,
            "lacks": month.lacks or None,
            "despite": request.despite and bool(month.lacks),
            "official_policy": month.official_policy,
            "content_sha256": content,
            **_origin(month),
        }
        folder = _build(home, month, manifest, files, last, run_id, log)
        restricted = home.published / "restricted" / str(manifest["edition_id"])
        storage.name_folder(folder / "restricted", restricted)
        path = home.published / month.name / str(manifest["edition_id"])
        storage.name_folder(folder / "public", path)
        record(home)
        newest.refresh(home)
        _clean(home)
        return editions(home, month.name)[-1], True


def _status(request: Request, last: Edition | None) -> str:
    if last and last.is_settled:
        return "revised"
    return "final" if request.final else "provisional"


def _next_number(home: Home, month: str, last: Edition | None) -> int:
    """The number of the next edition; never that of one that was published and is lost."""
    numbers = [last.number if last else 0]
    numbers += [_number(path.name) for path in _restricted_of(home, month)]
    return max(numbers) + 1


def _restricted_of(home: Home, month: str) -> list[Path]:
    """The restricted tiers of a month's editions."""
    return list((home.published / "restricted").glob(f"{month}-*"))


def _number(edition_id: str) -> int:
    """The number in an edition's ID; 0 where it is none."""
    _, _, number = edition_id.rpartition("-")
    return int(number) if number.isdecimal() else 0


def _clean(home: Home) -> None:
    """Remove what a crash left: unfinished files, and a restricted tier without its edition.

    One whose edition was published and is lost stays, as the last that there is of it.
    """
    erase_copies(home)
    shutil.rmtree(home.published / ".building", ignore_errors=True)
    for path in home.published.glob(".*.tmp"):
        path.unlink()
    known = {edition.edition_id for edition in editions(home)}
    published = newest.published(home)
    for folder in (home.published / "restricted").glob("*"):
        if folder.name in known or published is None or folder.name in published:
            continue
        month = folder.name[:7]
        numbers = [_number(name) for name in known | published if name[:7] == month]
        if _number(folder.name) > max(numbers, default=0):
            shutil.rmtree(folder)


def erase_copies(home: Home) -> None:
    """Put a tombstone in the place of each delivered file that was erased, in every edition.

    The public tier holds no delivered file and stays as it was published.
    """
    for sha256, tombstone in read_tombstones(home).items():
        for copy in (home.published / "restricted").glob(f"*/deliveries/{sha256}"):
            _write_tombstone(copy.parents[1], tombstone)
            copy.unlink()


def _write_tombstone(folder: Path, tombstone: Tombstone) -> None:
    path = folder / "tombstones" / f"{tombstone.sha256}.json"
    storage.write_bytes(path, tombstone.as_bytes())


def _data(month: Month, home: Home) -> dict[str, bytes]:
    """The files that follow from the month's rows alone, by their path in the edition."""
    policies = month.tables["dim_policy"]
    rules = {
        f"policy.{policy_id}.yml": storage.read_archived(home, sha256)
        for policy_id, sha256 in policies.select("policy_id", "policy_sha256").iter_rows()
    }
    files = {f"evidence/{name}": text for name, text in evidence(month, rules).items()}
    for name, table in month.tables.items():
        files[f"tables/{name}.csv"] = csv_bytes(table)
        files[f"tables/{name}.parquet"] = parquet_bytes(table)
    return files


def _content(files: dict[str, bytes]) -> str:
    """A hash of the rows, whatever the program that verifies them and the words around them."""
    digest = hashlib.sha256()
    for path in sorted(files):
        if path.endswith((".csv", "policies.json")):
            digest.update(f"{path}\n{hashlib.sha256(files[path]).hexdigest()}\n".encode())
    return digest.hexdigest()


def _origin(month: Month) -> dict[str, Any]:
    """What the edition was made from and by."""
    policies = month.tables["dim_policy"].select("policy_id", "policy_sha256").iter_rows()
    registry = {name: month.tables[f"dim_{name}"] for name in ("office", "account")}
    decisions = month.tables["fct_post_month"]
    counted = decisions.filter("is_counted")["policy_id"].value_counts().sort("policy_id")
    return {
        "policies": dict(policies),
        "registry": {
            name: hashlib.sha256(csv_bytes(table)).hexdigest() for name, table in registry.items()
        },
        "schema_versions": {"evidence": VERSION, "tables": 3},
        "code": {"version": version("kurasi"), "sha256": _code_hash()},
        "engines": {name: version(name) for name in _ENGINES},
        "counts": {
            "posts": month.tables["dim_post"].height,
            "counted": dict(counted.iter_rows()),
            "observations": month.observations.height,
            "deliveries": month.deliveries.height,
            "quarantined": month.deliveries.filter(status="quarantined").height,
            "rejects": month.rejects.height,
        },
    }


def _code_hash() -> str:
    """A hash of the code that read, scored and published."""
    endings = {".py", ".sql", ".yml", ".md"}
    folders = [_ROOT / name for name in ("ingest", "orchestration", "dbt_project")]
    paths = [
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in endings and not {"target", "logs"} & set(path.parts)
    ]
    digest = hashlib.sha256()
    for path in sorted(paths):
        text = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(_ROOT)} {text}\n".encode())
    return digest.hexdigest()


def _build(
    home: Home,
    month: Month,
    manifest: dict[str, Any],
    files: dict[str, bytes],
    last: Edition | None,
    run_id: str,
    log: Log,
) -> Path:
    """Write both tiers of an edition into a hidden folder, and recompute it there."""
    folder = home.published / ".building"
    public = folder / "public"
    descriptions = dictionary.meanings()
    for path, content in files.items():
        storage.write_bytes(public / path, content)
    moved: dict[str, Any] = {"edition_id": manifest["edition_id"], "before": None}
    if last:
        moved["before"] = last.edition_id
        moved |= difference(last.path / "evidence", public / "evidence")
    words = {
        "difference.json": json_bytes(moved),
        "README.md": _readme(manifest).encode(),
        "bulletin.xlsx": workbook(month, manifest, moved, descriptions),
        "witness.py": _WITNESS.read_bytes(),
    }
    for name, text in people(month, manifest).items():
        words[f"people/{name}"] = text
    for path, content in words.items():
        storage.write_bytes(public / path, content)
    with storage.durable(public / "kurasi.duckdb") as temporary:
        write_duckdb(temporary, month.tables, descriptions)
    listed = {path: _entry(content) for path, content in sorted({**files, **words}.items())}
    for name, content in attested(home, log, month).items():
        storage.write_bytes(public / "attested" / name, content)
    manifest_bytes = json_bytes({**manifest, "files": listed})
    storage.write_bytes(public / "manifest.json", manifest_bytes)
    run = {
        "edition_id": manifest["edition_id"],
        "published_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "run_id": run_id,
        "manifest_sha256": hashlib.sha256(manifest_bytes).hexdigest(),
        "log": {**log.head._asdict(), "came_later": came_later(home)},
        # Files whose bytes can't be foreseen, or follow from the order of arrival.
        "files": {
            str(path.relative_to(public)): _entry(path.read_bytes())
            for path in (public / "kurasi.duckdb", *sorted((public / "attested").iterdir()))
        },
    }
    run["sha256"] = hashlib.sha256(json_bytes(run)).hexdigest()
    storage.write_bytes(public / "run.json", json_bytes(run))
    failed = [check for check in verify.verify(public) if not check["ok"]]
    if failed:
        shutil.rmtree(folder)
        raise NotRecomputed(f"{failed[0]['check']}: {failed[0]['detail']}")
    _build_restricted(home, month, folder / "restricted", public)
    return folder


def _build_restricted(home: Home, month: Month, folder: Path, public: Path) -> None:
    copied = [public / "manifest.json", *sorted((public / "evidence").iterdir())]
    files = {str(path.relative_to(public)): path.read_bytes() for path in copied}
    files["README.md"] = _RESTRICTED.encode()
    for path, content in files.items():
        storage.write_bytes(folder / path, content)
    storage.write_bytes(folder / "SHA256SUMS", sums(files))
    storage.make_folder(folder / "deliveries")
    tombstones = read_tombstones(home)

    def keep(sha256: str) -> None:
        if tombstone := tombstones.get(sha256):
            _write_tombstone(folder, tombstone)
            return
        storage.copy_archived(home, sha256, folder / "deliveries" / sha256)

    # Waiting for the disk is most of the work, so several files wait at once.
    with ThreadPoolExecutor() as pool:
        list(pool.map(keep, month.deliveries["sha256"].unique().sort()))
    folder.chmod(0o700)


def _entry(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _readme(manifest: dict[str, Any]) -> str:
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

{notes}- `bulletin.xlsx` and `people/`: for reading; the sheet "Kolom" explains each column
- `tables/`, `kurasi.duckdb`: the rankings and the facts behind them, for programs; raw text
- `evidence/`: all that is needed to recompute the rankings without this software:
  `python -I -S evidence/recompute.py`
- `difference.json`: what moved since the edition before, and why
- `attested/`: between which two instants each delivery was captured, and what of each score stands
  on deliveries for which these are within a day
- `manifest.json`: what this was made from, and the hash of each file; `run.json`: when, and the
  head of the log before it
- `witness.py`: watches the log in which this edition stands, so that neither is replaced unseen:
  `python3 -I witness.py --help`. Beside this folder, `{edition_id}.receipt.json` is its place there

`kurasi verify FOLDER` checks all of it.
"""
_RESTRICTED = """\
# Restricted evidence

The evidence of the edition that `manifest.json` names, and the delivered files themselves, each
under its SHA-256. They hold captions and names: for auditors, not for publication. Where a file was
erased, `tombstones/` says when, why and by whom.
"""
