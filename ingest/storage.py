"""The one durable writer, the archive that is held to its hashes, the lock that keeps two writers
apart, and the mark that keeps older programs out.

What belongs here: the way a file reaches the disk, and the way an archived one comes back. What
does not: where it lies (`home.py`), what it means (`schemas.py`) and when it is written
(`pipeline.py`).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import re
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from io import BufferedReader
from pathlib import Path

import dataframely as dy
import polars as pl

from ingest.home import Home

log = logging.getLogger("kurasi")

#: The folders that `durable` writes to, and the lock that is held meanwhile, unless it is `ingest`.
_WRITTEN_UNDER = {
    "archive": None,
    "lake": None,
    "inbox": None,
    "registry": None,
    "policies": None,
    "warehouse": "warehouse",
    "published": "publish",
}
#: Temporary files of `durable` that are not renamed yet, for a process that leaves at once.
unfinished: set[Path] = set()
#: How `durable` names them: with the process and the thread that write them.
_TEMPORARY = re.compile(r"\..+\.([0-9]+)\.[0-9]+\.tmp")
#: A process that began so long after a file was written is another one of the same number.
_SLACK_SECONDS = 60
_HASH = re.compile("[0-9a-f]{64}")
_CHANGED = "its bytes are not those of its name any more (SHA-256)"
#: Files are copied so many bytes at a time.
_PIECE = 2**20


#: Of all that lies in a home; grows when an older program could not read what this one writes, or
#: would damage it. Homes without a mark are of format 1.
HOME_FORMAT = 3


class HomeIsBusy(Exception):
    """Another process is writing to the same home."""


class DamagedArchive(Exception):
    """An archived file is lost or was changed; the text names it and says what to do."""


class HomeIsNewer(Exception):
    """A newer program has written to the home; the text says what to do."""


def refuse_newer(home: Home) -> None:
    """Look whether this program may use a home.

    Raises:
        HomeIsNewer: it may not.
    """
    found = _home_format(home)
    if found > HOME_FORMAT:
        raise HomeIsNewer(
            f"a newer version of kurasi has written to {home.root} (format {found}, this one knows "
            f"{HOME_FORMAT}); install that version, or restore the home from before it"
        )


def _home_format(home: Home) -> int:
    try:
        return int(json.loads(home.mark.read_bytes())["home_format"])
    except FileNotFoundError:
        return 1
    except (ValueError, KeyError, TypeError):
        return HOME_FORMAT  # damaged: what lies in the home tells more than this


def make_folder(folder: Path) -> None:
    """Make a folder and its parents so that they survive a loss of power."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        _sync(path.parent)


@contextmanager
def durable(path: Path) -> Iterator[Path]:
    """Write `path` so that a reader sees the old file or the whole new one, whatever happens.

    Yields a temporary path beside it; what the block wrote there is synced to the disk and renamed,
    and the folder is synced. When the block raises, the old file stays and nothing is left over.
    """
    make_folder(path.parent)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.tmp")
    # A container's first process has the same number each time.
    temporary.unlink(missing_ok=True)
    unfinished.add(temporary)
    try:
        yield temporary
        _sync(temporary)
        temporary.replace(path)
        _sync(path.parent)
    finally:
        unfinished.discard(temporary)
        temporary.unlink(missing_ok=True)


def remove_leftovers(home: Home) -> list[Path]:
    """Remove the temporary files that a crash of `durable` left in a home, and give their paths.

    The caller holds the lock `ingest`, under which archive and lake are written; folders that are
    written under a lock of their own are left alone while another process holds it. A file whose
    process still runs is never touched.
    """
    removed: list[Path] = []
    for name, lock in _WRITTEN_UNDER.items():
        found = list(_leftovers(home.root / name))
        found += [path for path in _unfinished_folders(home, name) if path.exists()]
        if not found:
            continue
        with ExitStack() as held:
            if lock:
                try:
                    held.enter_context(exclusive(home, lock))
                except HomeIsBusy:
                    continue
            for path in found:
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path, ignore_errors=True)  # it was named meanwhile
                else:
                    path.unlink(missing_ok=True)
                removed.append(path)
    return removed


def _unfinished_folders(home: Home, name: str) -> tuple[Path, ...]:
    """Folders that nobody needs once their lock is free: unfinished editions and sets of editions,
    and what the working database put to the disk."""
    if name == "published":
        return home.published / ".building", home.published / ".building-set"
    if name == "warehouse":
        return (home.database.with_name(f"{home.database.name}.tmp"),)
    return ()


def leftovers(home: Home) -> list[Path]:
    """The temporary files that a crash of `durable` left in a home, which the next run removes."""
    return [path for name in _WRITTEN_UNDER for path in _leftovers(home.root / name)]


def _leftovers(folder: Path) -> Iterator[Path]:
    """Temporary files below a folder whose process has ended."""
    for parent, folders, files in os.walk(folder):
        for name in (*files, *folders):  # a link to a folder is listed as one
            found = _TEMPORARY.fullmatch(name)
            path = Path(parent, name)
            if not found or (path.is_dir() and not path.is_symlink()):
                continue
            try:
                written_at = path.lstat().st_mtime
            except FileNotFoundError:  # it was renamed meanwhile
                continue
            if not _is_written(name, int(found[1]), written_at):
                yield path


def _is_written(name: str, process: int, written_at: float) -> bool:
    """Whether the process that writes a temporary file still runs."""
    if process == os.getpid():
        return any(path.name == name for path in list(unfinished))
    import psutil  # late, so that reading calls, which have no use for it, stay fast

    try:
        return bool(psutil.Process(process).create_time() <= written_at + _SLACK_SECONDS)
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True


def name_folder(folder: Path, name: Path) -> None:
    """Give a finished folder, whose files are on the disk, its name in one durable step.

    Raises:
        FileExistsError: the name is taken; nothing is overwritten.
    """
    make_folder(name.parent)
    if name.exists():
        raise FileExistsError(name)
    folder.rename(name)
    _sync(name.parent)
    _sync(folder.parent)


def write_bytes(path: Path, content: bytes) -> None:
    """Write bytes durably."""
    with durable(path) as temporary:
        temporary.write_bytes(content)


def is_hash(name: str) -> bool:
    """Whether a name is a SHA-256, as those of archived files are."""
    return _HASH.fullmatch(name) is not None


def archive_bytes(home: Home, content: bytes) -> str:
    """Keep bytes once, under their SHA-256, which is returned.

    What lies there damaged gets its bytes back.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    path = home.archived(sha256)
    is_there = path.exists()
    if is_there and _sha256(path) == sha256:
        return sha256
    write_bytes(path, content)
    if is_there:
        _tell_mended(path)
    return sha256


def archive_file(home: Home, file: BufferedReader, sha256: str) -> None:
    """Keep what a file holds once, under its SHA-256; never more than a piece of it in memory.

    What lies there damaged gets its bytes back.

    Raises:
        OSError: it does not hold the bytes with this hash (any more).
    """
    path = home.archived(sha256)
    is_there = path.exists()
    if is_there and _sha256(path) == sha256:
        return
    file.seek(0)
    with durable(path) as temporary:
        if _copy(file, temporary) != sha256:
            raise OSError("it changed while it was read; the next run takes it")
    if is_there:
        _tell_mended(path)


def read_archived(home: Home, sha256: str) -> bytes:
    """The archived bytes with this hash: the one way in which an archived file is read, beside
    `copy_archived`.

    Raises:
        DamagedArchive: they are lost, can't be read, or are others now.
    """
    path = home.archived(sha256)
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise _damaged(path, (problem.strerror or "it can't be read").lower()) from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise _damaged(path, _CHANGED)
    return content


def copy_archived(home: Home, sha256: str, target: Path) -> None:
    """Copy the archived bytes with this hash durably; never more than a piece of them in memory.

    Raises:
        DamagedArchive: they are lost or are others now; nothing was written.
    """
    path = home.archived(sha256)
    try:
        file = path.open("rb")
    except OSError as problem:
        raise _damaged(path, (problem.strerror or "it can't be read").lower()) from None
    with file, durable(target) as temporary:
        if _copy(file, temporary) != sha256:
            raise _damaged(path, _CHANGED)


def _copy(file: BufferedReader, target: Path) -> str:
    """Copy what is left of an open file, a piece at a time; returns its SHA-256."""
    digest = hashlib.sha256()
    with target.open("wb") as copy:
        while piece := file.read(_PIECE):
            digest.update(piece)
            copy.write(piece)
    return digest.hexdigest()


def is_sound(home: Home, sha256: str) -> bool:
    """Whether the archive holds the bytes with this hash; they are read whole."""
    try:
        return _sha256(home.archived(sha256)) == sha256
    except OSError:
        return False


def damage_of_archive(home: Home, hashes: Iterable[str]) -> Iterator[DamagedArchive]:
    """What is wrong with archived files: these and all others that lie there, each read whole."""
    there = {path.name for path in home.archive.glob("??/*") if is_hash(path.name)}
    yield from damage_of_archived(home, sorted(there.union(hashes)))


def damage_of_archived(home: Home, hashes: Iterable[str]) -> Iterator[DamagedArchive]:
    """What is wrong with these archived files, each read whole."""
    for sha256 in hashes:
        path = home.archived(sha256)
        try:
            if _sha256(path) != sha256:
                yield _damaged(path, _CHANGED)
        except OSError as problem:
            yield _damaged(path, (problem.strerror or "it can't be read").lower())


def _damaged(path: Path, reason: str) -> DamagedArchive:
    return DamagedArchive(
        f"{path}: {reason}; restore this file from a backup of archive/ (or deliver its export "
        "again), then: kurasi run"
    )


def _tell_mended(path: Path) -> None:
    log.warning("%s had been changed; it is as it was, for its bytes were delivered", path)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_table(path: Path, table: pl.DataFrame) -> None:
    """Write a table as Parquet, durably. Equal tables give equal bytes."""
    with durable(path) as temporary:
        table.write_parquet(temporary, compression="zstd", statistics=True)


def read_table(path: Path, schema: type[dy.Schema]) -> pl.DataFrame:
    """A table of the lake, or no rows where it was never written.

    A column that an older version did not write is null.
    """
    if not path.exists():
        return schema.create_empty()
    table = pl.read_parquet(path, glob=False, hive_partitioning=False)
    columns = schema.create_empty().schema
    return table.with_columns(
        pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in columns.items()
        if name not in table.columns
    )


def remove_database(home: Home) -> None:
    """Remove the working database with its log and what it put to the disk; nobody uses it."""
    for path in home.database.parent.glob(f"{home.database.name}*"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


@contextmanager
def exclusive(home: Home, name: str, *, waits: bool = False) -> Iterator[None]:
    """Hold the home's lock `name`; the system lets go of it when the process ends, however it ends.

    From then on the home is one of this program's format. A lock that is only ever held for a
    moment may be waited for.

    Raises:
        HomeIsBusy: another process holds it, and it is not waited for.
        HomeIsNewer: a newer program has written to the home.
    """
    refuse_newer(home)
    make_folder(home.root)
    with (home.root / f".{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HomeIsBusy(
                f"another process is writing to {home.root}; wait until it is done"
            ) from None
        mark = f"{json.dumps({'home_format': HOME_FORMAT})}\n".encode()
        if not home.mark.exists() or home.mark.read_bytes() != mark:
            write_bytes(home.mark, mark)
        yield


def _sync(path: Path) -> None:
    """Ask the system to bring a file's or a folder's content to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
