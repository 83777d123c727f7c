"""`kurasi doctor`: whether this installation and this home can work, and what to do where not.

What belongs here: checks that only look, each with its remedy. What does not: repairing anything.
"""

from __future__ import annotations

import fcntl
import re
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from ingest import inbox
from ingest.home import Home
from ingest.platforms import NAMES_ACCOUNTS
from ingest.receipts import damaged_receipts
from ingest.reference.campaigns import read_campaigns
from ingest.reference.errors import InputProblems
from ingest.reference.policies import read_policies
from ingest.reference.registry import read_registry
from ingest.schemas import Delivery
from ingest.storage import damage_of_archive, leftovers, read_table
from ingest.tombstones import damaged_tombstones
from orchestration.publication import editions, finished_state, objections
from orchestration.publication.log.record import contradictions
from orchestration.publication.log.store import DamagedLog, log_folder, read_log
from orchestration.publication.warnings import warnings
from orchestration.shipped import LOCK

_OLDEST_PYTHON, _NEWEST_PYTHON = (3, 11), (3, 13)
#: What decides bytes and results; its versions must be the locked ones.
_ENGINES = ("duckdb", "dbt-core", "dbt-duckdb", "polars", "pyarrow", "dataframely", "dagster")
_SPARE_BYTES = 500 * 2**20
#: So many damaged files of the archive are named.
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `remedy` is empty where nothing needs doing.

    With `is_warning` nothing is broken: the remedy is for whoever wants better numbers.
    """

    check: str
    detail: str
    remedy: str = ""
    is_warning: bool = False

    @property
    def is_ok(self) -> bool:
        """Nothing is broken."""
        return self.is_warning or not self.remedy

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"ok": self.is_ok, **asdict(self)}


def examine(home: Home) -> Iterator[Finding]:
    """Look at the installation, then at the home; every check is reported, also the good ones."""
    yield _python()
    yield from _versions()
    if not home.root.is_dir():
        yield Finding("home", f"{home.root} is no folder", "kurasi init makes a home there")
        return
    yield from _folders(home)
    yield _writable(home)
    yield from _inbox(home)
    yield from _inputs(home)
    yield from _curves(home)
    yield from _locks(home)
    yield _warehouse(home)
    yield from _archive(home)
    yield from _kinds(home)
    yield from _editions(home)
    yield from _log(home)
    yield _space(home)
    yield _leftovers(home)
    yield from _warnings(home)


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    is_right = _OLDEST_PYTHON <= sys.version_info[:2] <= _NEWEST_PYTHON
    return Finding("python", found, "" if is_right else "install with Python 3.11, 3.12 or 3.13")


def _versions() -> Iterator[Finding]:
    locked = dict(
        re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", LOCK.read_text(), re.MULTILINE)
    )
    for name in _ENGINES:
        try:
            found = version(name)
        except PackageNotFoundError:
            found = "not installed"
        is_right = found == locked.get(name)
        remedy = "" if is_right else f"install {locked.get(name)}, which is locked: make install"
        yield Finding(f"version of {name}", found, remedy)


def _folders(home: Home) -> Iterator[Finding]:
    wanted = (
        home.inbox,
        home.registry / "offices.csv",
        home.registry / "accounts.csv",
        home.policies,
    )
    missing = [str(path.relative_to(home.root)) for path in wanted if not path.exists()]
    detail = f"{home.root}: {', '.join(missing)} missing" if missing else str(home.root)
    yield Finding("home", detail, "kurasi init makes what is missing" if missing else "")


def _writable(home: Home) -> Finding:
    folders = (home.archive, home.lake, home.warehouse, home.published, home.dagster)
    for folder in [home.root, *(each for each in folders if each.exists())]:
        try:
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as problem:
            found = f"{folder}: {(problem.strerror or '').lower()}"
            return Finding("permission", found, f"let this user write there: chown -R {folder}")
    return Finding("permission", "every folder can be written")


def _inbox(home: Home) -> Iterator[Finding]:
    """What lies in the inbox and is not taken; each is told, for nobody else tells of it."""
    found = list(inbox.not_taken(home))
    for each in found:
        detail, _, remedy = each.reason.partition("; ")
        yield Finding("inbox", f"{each.name} is not taken: {detail}", remedy or "look at it")
    if not found:
        yield Finding("inbox", "everything in it can be taken")


def _inputs(home: Home) -> Iterator[Finding]:
    readers = {
        "registry": (home.registry, _registry),
        "policies": (home.policies, _policies),
    }
    for name, (folder, read) in readers.items():
        if not folder.is_dir():
            continue
        try:
            found = read(folder, NAMES_ACCOUNTS)
        except InputProblems as problems:
            for problem in problems.problems:
                place = (
                    problem.file if problem.line is None else f"{problem.file} line {problem.line}"
                )
                yield Finding(name, f"{place}: {problem.problem}", problem.remedy)
            continue
        yield Finding(name, f"valid, {' + '.join(str(table.height) for table in found)} rows")


def _registry(folder: Path, platforms: Mapping[str, bool]) -> tuple[pl.DataFrame, ...]:
    offices, accounts = read_registry(folder, platforms)
    return offices, accounts, read_campaigns(folder, platforms, set(offices["league"]))


def _policies(folder: Path, platforms: Collection[str]) -> tuple[pl.DataFrame]:
    return (read_policies(folder, platforms).policies,)


def _curves(home: Home) -> Iterator[Finding]:
    """Without a growth curve a policy with a window takes late values whole: late exports pay."""
    if not home.policies.is_dir():
        return
    try:
        policies = read_policies(home.policies, NAMES_ACCOUNTS)
    except InputProblems:  # told with the inputs
        return
    has_window = policies.policies.filter(pl.col("window_hours").is_not_null())["policy_id"]
    lacking = [each for each in has_window if each not in policies.growth["policy_id"]]
    for policy_id in lacking:
        yield Finding(
            "growth",
            f"{policy_id} has no growth curve, so late values count whole{_late(home, policy_id)}",
            "add growth to the policy of a coming month: kurasi growth fits it from your exports, "
            "and ingest/templates/policies has curves with their sources",
            is_warning=True,
        )
    if not lacking:
        yield Finding("growth", "every policy with a window has growth curves")


def _late(home: Home, policy_id: str) -> str:
    """How many values a curve would change, where something is built."""
    try:
        posts = finished_state.table(home, "fct_post_month").filter(policy_id=policy_id)
        counted = posts.filter("is_counted").select("grade").collect()["grade"]
    except (finished_state.NoState, OSError, pl.exceptions.PolarsError):
        return ""
    return f" ({(counted == 'late').sum():,} of {counted.len():,} counted posts)"


def _locks(home: Home) -> Iterator[Finding]:
    """A lock is the system's and dies with its process, so one that is held is no fault."""
    held = []
    for name in ("ingest", "run", "publish"):
        path = home.root / f".{name}.lock"
        if not path.exists():
            continue
        with path.open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                held.append(name)
    yield Finding("locks", f"under way now: {', '.join(held)}" if held else "nothing is under way")


def _warehouse(home: Home) -> Finding:
    path = home.database
    if not path.exists():
        return Finding("warehouse", "nothing is built yet")
    try:
        with duckdb.connect(str(path), read_only=True) as database:
            (storage,) = database.execute(
                "select tags['storage_version'] from duckdb_databases() where not internal"
            ).fetchone() or ("unknown",)
    except duckdb.IOException as problem:
        if "lock" in str(problem).lower():
            return Finding("warehouse", "in use by another program now")
        return Finding("warehouse", _first_line(problem), _ANEW)
    except duckdb.Error as problem:
        return Finding("warehouse", _first_line(problem), _ANEW)
    try:
        state = finished_state.current(home)
        if not finished_state.is_whole(state):
            return Finding("warehouse", f"{state} is damaged or of an older version", _ANEW)
        built = f", last finished state {state.name}"
    except finished_state.NoState:
        built = ", no finished state yet"
    return Finding("warehouse", f"storage {storage}, duckdb {version('duckdb')}{built}")


_ANEW = "kurasi run, which makes it anew"


def _archive(home: Home) -> Iterator[Finding]:
    """Every file of the ledger is in the archive, apart from those that were erased, every archived
    file holds the bytes of its name, and receipts, tombstones and objections are as they were
    written."""
    ledger: pl.DataFrame = Delivery.create_empty()
    try:
        ledger = read_table(home.table("deliveries"), Delivery)
    except pl.exceptions.PolarsError as problem:
        yield Finding("lake", f"deliveries.parquet: {_first_line(problem)}", _ANEW)
    kept = ledger.filter(ledger["status"] != "erased")["sha256"].unique()
    found = [
        *damaged_receipts(home),
        *damaged_tombstones(home),
        *objections.damaged(home),
        *damage_of_archive(home, kept),
    ]
    for damaged in found[:_SHOWN]:
        detail, _, remedy = str(damaged).rpartition("; ")
        yield Finding("archive", detail, remedy)
    if len(found) > _SHOWN:
        more = f"{len(found) - _SHOWN} more files of it are lost or were changed"
        yield Finding("archive", more, "restore archive/ from the backup (docs/operations.md)")
    yield from _rejected(ledger)
    if not found:
        quarantined = ledger.filter(status="quarantined").height
        told = f", {quarantined} quarantined" if quarantined else ""
        yield Finding("archive", f"{kept.len()} files, each with the bytes of its hash{told}")


def _rejected(ledger: pl.DataFrame) -> Iterator[Finding]:
    """Files that were read, and of which nothing could be taken: the newest first."""
    rejected = ledger.filter(status="rejected")
    newest = rejected.sort("received_at", "delivery_id", descending=[True, False])
    for row in newest.head(_SHOWN).iter_rows(named=True):
        yield Finding(
            "rejected",
            f"{Path(row['folder'], row['name'])}: {row['reason']}",
            f"export it again as downloaded; why: kurasi rejects {row['delivery_id']}",
            is_warning=True,
        )
    if newest.height > _SHOWN:
        more = f"{newest.height - _SHOWN} more files of which no record could be taken"
        yield Finding("rejected", more, "kurasi deliveries --rejected", is_warning=True)


def _kinds(home: Home) -> Iterator[Finding]:
    """The words for kinds of posts that nobody knows, with the posts that they name."""
    try:
        posts = finished_state.table(home, "dim_post").filter(post_kind="unknown")
        words = (
            posts.drop_nulls("post_type")
            .group_by("platform", "post_type")
            .len()
            .sort("len", "platform", "post_type", descending=[True, False, False])
            .collect()
        )
    except (finished_state.NoState, OSError, pl.exceptions.PolarsError):
        return
    for platform, word, count in words.head(_SHOWN).iter_rows():
        yield Finding(
            "kinds",
            f"{count:,} posts of {platform} are of a kind that is not known: {word}",
            "name its kind in ingest/platforms/, or report the word",
            is_warning=True,
        )


def _editions(home: Home) -> Iterator[Finding]:
    """Every edition and its restricted tier is as it was published, and readers get the newest."""
    # Late: what reads workbooks takes a while to import.
    from orchestration.publication import newest, verify

    published = editions.folders(home)
    is_sound = True
    for folder in (*published, *sorted((home.published / "restricted").glob("*"))):
        if found := verify.difference_from_written(folder):
            is_sound = False
            detail, _, remedy = str(editions.damaged(folder)).partition("; ")
            yield Finding("editions", f"{detail} ({found})", remedy)
    try:
        known = editions.editions(home)
        problem = newest.damage(home)
    except editions.DamagedEdition:  # told above
        return
    ever = {path.name for path in (home.published / "restricted").glob("*")}
    ever |= newest.published(home) or set()
    for name in sorted(ever - {each.edition_id for each in known}):
        is_sound = False
        path = home.published / name[:7] / name
        yield Finding("editions", f"{path} was published and is gone", "restore it from the backup")
    if problem and is_sound:
        yield Finding("editions", problem, _ANEW)
    if is_sound and not problem:
        last = f", the newest {known[-1].edition_id}" if known else ""
        yield Finding("editions", f"{len(known)} published{last}, each as it was published")


def _log(home: Home) -> Iterator[Finding]:
    """The log is as it was written, and what it says is true of the home."""
    try:
        log = read_log(log_folder(home))
        found = contradictions(home)
    except DamagedLog as problem:
        detail, _, remedy = str(problem).partition("; ")
        yield Finding("log", detail, remedy)
        return
    except pl.exceptions.PolarsError as problem:  # a damaged ledger is told above
        yield Finding("log", _first_line(problem), is_warning=True)
        return
    for line in found[:_SHOWN]:
        detail, _, remedy = line.partition("; ")
        yield Finding("log", detail, remedy, is_warning=True)
    if len(found) > _SHOWN:
        more = f"{len(found) - _SHOWN} more lines are not true of this home any more"
        yield Finding(
            "log", more, "restore archive/ and published/ from the backup", is_warning=True
        )
    if log is None:
        yield Finding("log", "none yet; the next run begins it")
    elif not found:
        yield Finding("log", f"{log.size} lines, as they were written: {log.head.root}")


def _space(home: Home) -> Finding:
    """A build needs the room of the warehouse again, and some to spare."""
    used = sum(path.stat().st_size for path in home.warehouse.rglob("*") if path.is_file())
    free = shutil.disk_usage(home.root).free
    needed = _SPARE_BYTES + used
    remedy = "" if free > needed else f"free {(needed - free) // 2**20:,} MiB"
    return Finding("space", f"{free // 2**20:,} MiB free", remedy)


def _leftovers(home: Home) -> Finding:
    """Temporary files whose process has ended."""
    found = leftovers(home)
    if not found:
        return Finding("leftovers", "no temporary file of an earlier crash")
    detail = f"{len(found)} temporary files of a crash, as {found[0]}"
    return Finding("leftovers", detail, "kurasi run, which removes them")


def _warnings(home: Home) -> Iterator[Finding]:
    """What the last finished state should tell its readers, or what comes first in a new home."""
    try:
        is_empty = read_table(home.table("deliveries"), Delivery).is_empty()
        found = warnings(home, datetime.now(UTC).replace(tzinfo=None))
    except pl.exceptions.PolarsError as problem:  # what was damaged is told above
        yield Finding("warnings", _first_line(problem), is_warning=True)
        return
    if is_empty:
        yield Finding(
            "exports",
            "none was read yet",
            f"fill registry/, put exports into {home.inbox.name}/<office_id>/, then: kurasi run",
            is_warning=True,
        )
    for warning in found:
        check = warning.kind.replace("_", " ")
        yield Finding(check, warning.text, warning.remedy, is_warning=True)
    if not found:
        yield Finding("warnings", "none")


def _first_line(problem: Exception) -> str:
    return str(problem).splitlines()[0]
