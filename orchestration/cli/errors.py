"""What went wrong, in one line that says what to do.

What belongs here: failures of the machine around us (disk, rights, damaged or locked files), as
exceptions or as the text that Dagster and dbt keep of them. What does not: mistakes in a user's
files, which name their own remedy (`ingest/reference/errors.py`), and in a call
(`queries.Unanswerable`).
"""

from __future__ import annotations

import errno
import re

#: `[Errno 13] Permission denied: '/home/x'`, as Python words an error of the system, and polars:
#: `Permission denied (os error 13): /home/x`.
_SYSTEM = re.compile(r"\[Errno (\d+)\] ([^:\n]+)(?:: '([^']*)')?")
_RUST = re.compile(r"([^:\n]+) \(os error (\d+)\)(?:: (\S+))?")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_WRONG_KIND = (errno.ENOTDIR, errno.EISDIR, errno.EEXIST)
_WHOLE = "nothing is half-written"
#: What other programs say, as they say it, and what helps.
_KNOWN = {
    r"Could not set lock on file": "another program has warehouse/kurasi.duckdb open; close it and "
    "read what lies in warehouse/current instead",
    r"not a valid DuckDB database|Serialization Error|Corrupt database|different version of DuckDB"
    r"|(?:older|newer) version of DuckDB": "the working database can't be read; call `kurasi "
    "run`, which makes it anew",
    r"No space left on device|database or disk is full": "the disk is full; free some space and "
    f"call it again: {_WHOLE}",
    r"polars\.exceptions\.|[Oo]ut of specification|No magic bytes": "a table can't be read; "
    "`kurasi run` makes anew what is damaged of the lake and of the finished state, and `kurasi "
    "doctor` tells what else is",
    r"disk I/O error": f"the disk is full or failing; free some space and call it again: {_WHOLE}",
    r"dagster\.yaml": "the home's dagster/dagster.yaml is not as Dagster wants it; correct it, or "
    "rename it and call it again, which writes the shipped one",
    r"database disk image is malformed|file is not a database": "Dagster's history of runs is "
    "damaged; call `kurasi run`, which sets it aside and begins a new one",
}


def one_line(problem: BaseException | str) -> str:
    """A problem and its remedy in one line."""
    name = (
        "" if isinstance(problem, str) else f"{type(problem).__module__}.{type(problem).__name__}: "
    )
    text = " ".join(f"{name}{problem}".removeprefix("builtins.").split())
    if found := _SYSTEM.search(text):
        return _of_the_system(int(found[1]), found[2], found[3])
    if found := _RUST.search(text):
        return _of_the_system(int(found[2]), found[1].strip(), found[3])
    for pattern, remedy in _KNOWN.items():
        if re.search(pattern, text):
            return remedy
    return text


def _of_the_system(number: int, words: str, path: str | None) -> str:
    where = path or "a file"
    if number in _FULL:
        return f"the disk is full ({where}); free some space and call it again: {_WHOLE}"
    if number in _FORBIDDEN:
        return f"{where}: {words.lower()}; give this user the right to it, or choose another --home"
    if number in _WRONG_KIND:
        return f"{where}: {words.lower()}; move it away, something else must stand there"
    return f"{where}: {words.lower()}; `kurasi doctor` tells what is wrong with the home"
