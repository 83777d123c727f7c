"""How large and how long: the bounds within which foreign files are taken and read.

What belongs here: every such bound, its default and the environment variable that changes it. What
does not: holding a file to a bound (whoever opens it does) and what bounds a platform's numbers
(`schemas.py`).

An export of an account is a few megabytes. What is larger came by mistake, or to do harm, and is
refused with a reason that names the bound. Set a variable where every process of the home sees it,
beside `KURASI_HOME`; what was refused is then read again by itself.
"""

from __future__ import annotations

import os
import re
from dataclasses import astuple, dataclass
from functools import cache

#: The ends of the names of sizes, as they are told, and their bytes.
_UNITS = {"mib": (" MiB", 2**20), "kib": (" KiB", 2**10)}


class InvalidBound(Exception):
    """An environment variable that holds no bound; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Every bound; the variable `KURASI_MOST_`, with a field's name in capitals, changes it."""

    #: The size of a file that is copied from the inbox into the archive.
    archived_mib: int = 1024
    #: The size of an archived file that is read; reading takes up to thirty times as much memory.
    read_mib: int = 12
    #: What an XLSX workbook or a ZIP holds, unpacked.
    unpacked_mib: int = 128
    #: The files that a ZIP holds, those of the ZIPs in it among them.
    zip_entries: int = 1000
    #: The cells of a spreadsheet, and the rows times the columns over which they are spread.
    cells: int = 200_000
    #: The keys that the records of a JSON file have.
    keys: int = 5_000
    #: The records of a JSON file times the keys that any of them has.
    values: int = 2_000_000
    #: How deep the lists and objects of a JSON file are nested.
    nesting: int = 50
    #: The resident memory of a process that reads files.
    memory_mib: int = 512
    #: The processor's time for reading one file.
    seconds: int = 8
    #: The size of a file of the registry.
    registry_mib: int = 16
    #: The rows of a file of the registry.
    registry_rows: int = 100_000
    #: The size of a policy, which is a hundred lines; reading a MiB of YAML takes half a minute.
    policy_kib: int = 128
    #: The size of a sidecar, which is a few lines.
    sidecar_kib: int = 64

    def told(self, name: str) -> str:
        """A bound with its unit and what changes it, for the end of a reason."""
        unit, _ = _UNITS.get(name.rpartition("_")[2], ("", 1))
        return f"{getattr(self, name):,}{unit} ({_variable(name)} sets this bound)"

    def bytes_of(self, name: str) -> int:
        """A bound of a size, in bytes."""
        _, factor = _UNITS[name.rpartition("_")[2]]
        return int(getattr(self, name)) * factor

    @property
    def mark(self) -> str:
        """Tells these bounds from others."""
        return "-".join(map(str, astuple(self)))


@cache
def bounds() -> Bounds:
    """The bounds in force in this process.

    Raises:
        InvalidBound: a variable holds no whole number above 0.
    """
    changed = {}
    for name in Bounds.__annotations__:
        if text := os.environ.get(_variable(name), "").strip():
            if not re.fullmatch("[1-9][0-9]{0,8}", text):
                raise InvalidBound(
                    f"{_variable(name)} is {text[:40]!r}; write a whole number from 1 to 999999999"
                )
            changed[name] = int(text)
    return Bounds(**changed)


def _variable(name: str) -> str:
    return f"KURASI_MOST_{name.upper()}"
