"""Editions: a month frozen as it was published, never changed after.

What belongs here: what an edition holds, when one is refused, and how it reaches the disk. What
does not: the rows (`month.py`), the files' forms (`evidence.py`, `formats.py`, `workbook/`), what
is told to the offices (`bulletin/`) and the folder that leads BI to the newest editions
(`newest.py`).

    published/<month>/<edition_id>/          the public tier
        manifest.json  run.json  README.md  difference.json  bulletin.xlsx  bulletin.en.xlsx
        bulletin.json  bulletin.en.json  kurasi.duckdb  witness.py  tables/  people/  evidence/
        attested/
    published/<month>/<edition_id>.receipt.json   its place in the log (`log/`)
    published/restricted/<edition_id>/       the restricted tier: evidence, delivered files, and
                                             the receipts that tell when they came and from whom

An edition is built in a folder whose name begins with a dot, recomputed there, and gets its name
in one step; what a crash left is removed by the next publication. Everything but `run.json` and
`attested/` follows from the input, byte by byte (of `kurasi.duckdb` the content), so the same
publication again is the same. Before it is built the log holds all that it is made from, and after
it has its name the log holds the edition.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ingest import storage
from ingest.home import Home
from ingest.receipts import Receipt, as_lines, read_receipts
from ingest.sealing import seal
from ingest.tombstones import Tombstone, read_tombstones
from orchestration.publication import dictionary, newest, objections, verify
from orchestration.publication.bulletin import contents, previous
from orchestration.publication.difference import difference
from orchestration.publication.editions import EDITION_FORMAT, Edition, editions
from orchestration.publication.evidence import evidence, sums
from orchestration.publication.formats import csv_bytes, json_bytes, parquet_bytes, write_duckdb
from orchestration.publication.log.attested import attested
from orchestration.publication.log.receipts import WITNESS
from orchestration.publication.log.record import came_later, record
from orchestration.publication.log.store import Log
from orchestration.publication.manifest import (
    MANIFEST_VERSION,
    UNFORESEEN,
    content_hash,
    edition_id,
    origin,
    readme,
    versions,
)
from orchestration.publication.month import Month, NotPublishable, read_month
from orchestration.publication.workbook.book import workbooks
from orchestration.publication.workbook.people import people


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
        content = content_hash(files)
        status = _status(request, last)
        if last and _is_unchanged(last, content, status, request):
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
            "edition_id": edition_id(month.name, status, number),
            "month": month.name,
            "status": status,
            "number": number,
            "replaces": last.edition_id if last else None,
            "reason": request.reason,
            "lacks": month.lacks or None,
            "despite": request.despite and bool(month.lacks),
            "official_policy": month.official_policy,
            "content_sha256": content,
            **origin(
                month.tables,
                month.observations.height,
                month.deliveries["status"].to_list(),
                month.rejects.height,
            ),
            **versions(),
        }
        folder = _build(home, month, manifest, files, last, run_id, log)
        restricted = home.published / "restricted" / str(manifest["edition_id"])
        storage.name_folder(folder / "restricted", restricted)
        path = home.published / month.name / str(manifest["edition_id"])
        storage.name_folder(folder / "public", path)
        seal(path)
        record(home)
        newest.refresh(home)
        _clean(home)
        return editions(home, month.name)[-1], True


def _is_unchanged(last: Edition, content: str, status: str, request: Request) -> bool:
    """Whether a publication would tell nothing that the last edition does not.

    One of a former format tells less, so a reason makes a new edition of the same rows.
    """
    is_asked_for = request.reason is not None and last.format < EDITION_FORMAT
    is_same = last.content_sha256 == content and (last.is_settled or last.status == status)
    return is_same and not is_asked_for


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
    receipts = _receipts_by_file(home)
    for sha256, tombstone in read_tombstones(home).items():
        restricted = home.published / "restricted"
        for told in restricted.glob(f"*/receipts/{sha256}.jsonl"):
            if told.read_bytes() != receipts[sha256]:
                storage.write_bytes(told, receipts[sha256])
            _relist(told.parents[1], f"receipts/{told.name}", receipts[sha256])
        for copy in restricted.glob(f"*/deliveries/{sha256}"):
            _write_tombstone(copy.parents[1], tombstone)
            copy.unlink()


def _relist(folder: Path, name: str, content: bytes) -> None:
    """Let the hash list of a restricted tier tell what a file holds now."""
    path = folder / "SHA256SUMS"
    listed = path.read_text("utf-8").splitlines(keepends=True)
    own = sums({name: content}).decode()
    now = [own if line.endswith(f"  {name}\n") else line for line in listed]
    if now != listed:
        storage.write_bytes(path, "".join(now).encode())


def _receipts_by_file(home: Home) -> dict[str, bytes]:
    """The receipts of each file as they are kept, by its SHA-256; none where it has none."""
    found: dict[str, list[Receipt]] = defaultdict(list)
    for receipt in read_receipts(home):
        found[receipt.sha256].append(receipt)
    return defaultdict(bytes, {sha256: as_lines(own) for sha256, own in found.items()})


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
    meanings = dictionary.meanings()
    for name, table in month.tables.items():
        files[f"tables/{name}.csv"] = csv_bytes(table)
        files[f"tables/{name}.parquet"] = parquet_bytes(table, meanings[name])
    return files


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
    told = objections.untold(home, month.name, editions(home, month.name))
    words = {
        "difference.json": json_bytes(moved),
        "README.md": readme(manifest).encode(),
        "objections.csv": csv_bytes(told),
        "witness.py": WITNESS.read_bytes(),
    }
    words |= contents.documents(month, manifest, told, previous.newest_before(home, month))
    words |= workbooks(month, manifest, moved, descriptions, told)
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
        "files": {name: _entry((public / name).read_bytes()) for name in UNFORESEEN},
    }
    run["sha256"] = hashlib.sha256(json_bytes(run)).hexdigest()
    storage.write_bytes(public / "run.json", json_bytes(run))
    if failed := verify.faults_of_new(public):
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
    receipts, delivered = _receipts_by_file(home), month.deliveries["sha256"].unique().sort()
    told = {f"receipts/{sha256}.jsonl": receipts[sha256] for sha256 in delivered}
    storage.write_bytes(folder / "SHA256SUMS", sums({**files, **told}))
    storage.make_folder(folder / "deliveries")
    tombstones = read_tombstones(home)

    def keep(sha256: str) -> None:
        storage.write_bytes(folder / "receipts" / f"{sha256}.jsonl", receipts[sha256])
        if tombstone := tombstones.get(sha256):
            _write_tombstone(folder, tombstone)
            return
        storage.copy_archived(home, sha256, folder / "deliveries" / sha256)

    # Waiting for the disk is most of the work, so several files wait at once.
    with ThreadPoolExecutor() as pool:
        list(pool.map(keep, delivered))
    folder.chmod(0o700)


def _entry(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


_RESTRICTED = """\
# Restricted evidence

The evidence of the edition that `manifest.json` names, and the delivered files themselves, each
under its SHA-256. They hold captions and names: for auditors, not for publication. Where a file was
erased, `tombstones/` says when, why and by whom. `receipts/` tells of each file when it came, under
which name, from which folder, and what its sidecar said: that is where capture times come from.

`kurasi verify --replay FOLDER` reads the files anew and compares all of it with the evidence.
"""
