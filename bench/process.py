"""One command as a process tree: its seconds and the most memory that the tree held at once.

What belongs here: measuring from outside. What does not: which command, and what is made of it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

#: Looking costs the machine time, so it is not done more often.
_EVERY = 0.25


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: wall seconds, and MiB of all its processes together at the worst."""

    seconds: float
    peak_mib: float


def measure(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end.

    Memory is the sum of the processes' proportional set sizes, so that shared pages count once;
    it is looked at four times a second. Linux only.

    Raises:
        SystemExit: the command failed; with its last words.
    """
    start = time.perf_counter()
    # Into a file: a pipe that nobody reads would hold the command up.
    log = Path(f"/tmp/kurasi-bench-{os.getpid()}.log")
    with log.open("w+") as told:
        process = subprocess.Popen(
            command, env={**os.environ, **(environment or {})}, stdout=told, stderr=told
        )
        peak = 0
        while process.poll() is None:
            peak = max(peak, _tree_bytes(process.pid))
            time.sleep(_EVERY)
        seconds = time.perf_counter() - start
        told.seek(0)
        words = told.read()
    log.unlink()
    if process.returncode:
        print(words, file=sys.stderr)
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Cost(seconds, peak / 2**20)


def _tree_bytes(root: int) -> int:
    processes, total = [root], 0
    while processes:
        process = Path(f"/proc/{processes.pop()}")
        try:
            rollup = (process / "smaps_rollup").read_text()
            for task in (process / "task").iterdir():
                processes += map(int, (task / "children").read_text().split())
        except (OSError, ProcessLookupError):  # it ended
            continue
        total += next(
            (int(line.split()[1]) * 1024 for line in rollup.splitlines() if line[:4] == "Pss:"), 0
        )
    return total
