"""Whether the home's folder can be worked in: what must be there, rights, locks, room.

What belongs here: looks at the folder as a folder. What does not: what its files say.
"""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator

from ingest.home import Home
from ingest.storage import leftovers
from orchestration.cli.doctor.finding import Finding
from orchestration.cli.language import _, ngettext, number

_SPARE_BYTES = 500 * 2**20


def folders(home: Home) -> Iterator[Finding]:
    wanted = (
        home.inbox,
        home.registry / "offices.csv",
        home.registry / "accounts.csv",
        home.policies,
    )
    missing = [str(path.relative_to(home.root)) for path in wanted if not path.exists()]
    if not missing:
        yield Finding("home", str(home.root))
        return
    told = _("{home}: {names} missing")
    detail = told.format(home=home.root, names=", ".join(missing))
    yield Finding("home", detail, _("kurasi init makes what is missing"))


def writable(home: Home) -> Finding:
    folders = (home.archive, home.lake, home.warehouse, home.published, home.dagster)
    for folder in [home.root, *(each for each in folders if each.exists())]:
        try:
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as problem:
            found = f"{folder}: {(problem.strerror or '').lower()}"
            remedy = _("let this user write there: chown -R {folder}").format(folder=folder)
            return Finding("permission", found, remedy)
    return Finding("permission", _("every folder can be written"))


def locks(home: Home) -> Iterator[Finding]:
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
    told = _("under way now: {names}").format(names=", ".join(held))
    yield Finding("locks", told if held else _("nothing is under way"))


def space(home: Home) -> Finding:
    """A build needs the room of the warehouse again, and some to spare."""
    used = sum(path.stat().st_size for path in home.warehouse.rglob("*") if path.is_file())
    free = shutil.disk_usage(home.root).free
    needed = _SPARE_BYTES + used
    told = _("{mib} MiB free").format(mib=number(free // 2**20))
    if free > needed:
        return Finding("space", told)
    lacking = number((needed - free) // 2**20)
    return Finding("space", told, _("free {mib} MiB").format(mib=lacking))


def crash_files(home: Home) -> Finding:
    """Temporary files whose process has ended."""
    found = leftovers(home)
    if not found:
        return Finding("leftovers", _("no temporary file of an earlier crash"))
    detail = ngettext(
        "{count} temporary file of a crash: {example}",
        "{count} temporary files of a crash, as {example}",
        len(found),
    )
    remedy = _("kurasi run, which removes them")
    return Finding("leftovers", detail.format(example=found[0]), remedy)
