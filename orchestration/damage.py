"""What of a home is damaged and can be made anew: found, told in a line, put out of the way.

What belongs here: the working database, the lake and Dagster's history of runs. What does not: the
archive, receipts and editions, which nothing can make anew and nothing here touches, and the
finished state, which tells by itself whether it is whole (`publication/finished_state.py`).
"""

from __future__ import annotations

import logging
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb

from ingest import batches
from ingest.home import Home
from ingest.storage import exclusive, remove_database

log = logging.getLogger("kurasi")

#: What DuckDB says where not the file is at fault, but who may open it, or the machine.
_NO_DAMAGE = re.compile(r"set lock|permission|no space|too many open|out of memory", re.IGNORECASE)


def of_database(path: Path, *, is_thorough: bool = False) -> str | None:
    """Why a DuckDB file can't be read; None where it can, and where it is not there.

    Args:
        path: the file; it may be in use.
        is_thorough: whether to read all that stands in it, which takes as long as a build's tests.
    """
    if not path.exists():
        return None
    try:
        with duckdb.connect(str(path), read_only=True) as database:
            tables = database.execute("select table_name from duckdb_tables()").fetchall()
            for (name,) in tables if is_thorough else ():
                database.execute(f'select bit_xor(hash(rows)) from "{name}" as rows').fetchall()
    except duckdb.Error as problem:
        reason = str(problem).splitlines()[0]
        return None if _NO_DAMAGE.search(reason) else reason
    return None


def remove_database_if_damaged(home: Home, *, is_thorough: bool = False) -> bool:
    """Remove the working database where it can't be read; the caller holds the lock `warehouse`."""
    reason = of_database(home.database, is_thorough=is_thorough)
    if reason is None:
        return False
    log.warning("%s is damaged (%s); it is made anew", home.database, reason)
    remove_database(home)
    return True


def remove_all(home: Home) -> bool:
    """Look at every file that a run can make anew, and remove what is damaged.

    To be called after a failure: it reads the lake and the database as a whole.

    Returns:
        Whether something was removed, so that another run may do better.

    Raises:
        HomeIsBusy: another process is writing to the home.
    """
    with exclusive(home, "ingest"), exclusive(home, "warehouse"):
        parts = batches.remove_unreadable(home)
        for path in parts:
            log.warning("%s is damaged; it is made anew", path)
        return remove_database_if_damaged(home, is_thorough=True) or bool(parts)


def set_history_aside(home: Home) -> bool:
    """Rename what of Dagster's storage is damaged, so that Dagster begins anew.

    Returns:
        Whether something was.
    """
    is_damaged = False
    for folder in (home.dagster / "history", home.dagster / "schedules"):
        if all(_is_sound(path) for path in folder.rglob("*.db")):
            continue
        taken = 1
        while (aside := folder.with_name(f"{folder.name}.damaged-{taken}")).exists():
            taken += 1
        folder.rename(aside)
        log.warning("%s was damaged; it lies in %s now, and a new one begins", folder, aside)
        is_damaged = True
    return is_damaged


def _is_sound(path: Path) -> bool:
    """Whether an SQLite file can be read; one that is in use can."""
    try:
        with closing(sqlite3.connect(path)) as database:
            return bool(database.execute("pragma quick_check").fetchall() == [("ok",)])
    except sqlite3.OperationalError as problem:
        return "locked" in str(problem)
    except sqlite3.DatabaseError:
        return False
