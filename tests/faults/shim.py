"""The C shim between a program and the disk, from Python's side.

What belongs here: compiling `shim.c`, and telling it which call fails, and how. What does not:
which operations are tried (`operations.py`) and what must hold after (`promises.py`).
"""

from __future__ import annotations

import mmap
import os
import shutil
import struct
import subprocess
from enum import IntEnum
from pathlib import Path

_SOURCE = Path(__file__).with_name("shim.c")
_SIZE = 64


class What(IntEnum):
    """What happens at a call; the numbers are those of `shim.c`."""

    KILL_GROUP = 1
    FAIL_ONCE = 2
    FAIL_FROM_NOW = 3
    CUT_POWER = 4
    CUT_POWER_OF_GROUP = 5


def compiler() -> str | None:
    """A C compiler of this machine."""
    return shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def compile_to(folder: Path) -> Path:
    """Compile the shim; returns the library.

    Raises:
        subprocess.CalledProcessError: it can't be compiled here.
    """
    library = folder / "shim.so"
    words = [compiler() or "cc", "-O2", "-shared", "-fPIC", "-o", library, _SOURCE, "-ldl"]
    subprocess.run(words, check=True)
    return library


class Control:
    """The numbers that the shim shares with whoever tells it what to do."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(_SIZE))
        self.path = path
        with path.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), _SIZE)

    def arm(self, at: int, what: What, error: int = 0) -> None:
        """Count from 0 again; at call `at` something happens."""
        self._page[:32] = struct.pack("4q", 0, at, what, error)

    def disarm(self) -> int:
        """Nothing happens any more; returns how many calls there were."""
        (count,) = struct.unpack("q", self._page[:8])
        self._page[:32] = bytes(32)
        return int(count)

    def environment(
        self, library: Path, below: Path, only: str = "", but: str = ""
    ) -> dict[str, str]:
        """The environment of a program under the shim: calls below a folder count, only those on
        paths with one part, and none on paths with another."""
        return {
            **plain_environment(),
            "LD_PRELOAD": str(library),
            "FAULTS_CONTROL": str(self.path),
            "FAULTS_BELOW": str(below),
            "FAULTS_ONLY": only,
            "FAULTS_BUT": but,
        }


def plain_environment() -> dict[str, str]:
    """This process's environment without the shim."""
    return {
        name: text
        for name, text in os.environ.items()
        if name != "LD_PRELOAD" and not name.startswith("FAULTS_")
    }
