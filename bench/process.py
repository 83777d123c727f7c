"""One command as a process tree: its seconds and the most memory that the tree held at once.

What belongs here: measuring from outside. What does not: which command, and what is made of it.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

#: Looking costs the machine time, so it is not done more often.
_EVERY = 0.25


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: wall seconds, and MiB of all its processes together at the worst."""

    seconds: float
    peak_mib: float


def measure(
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    beside: Sequence[int] = (),
    well: Collection[int] = (0,),
) -> Cost:
    """Run a command to its end.

    Memory is the sum of the processes' proportional set sizes, so that shared pages count once;
    it is looked at four times a second. Linux only.

    Args:
        beside: IDs of processes that work for the command; their memory counts too.
        well: the exit codes by which it says that it was done.

    Raises:
        SystemExit: the command failed; with its last words.
    """
    os.sync()  # what was written before must not be written meanwhile
    start = time.perf_counter()
    # Into a file: a pipe that nobody reads would hold the command up.
    log = Path(f"/tmp/kurasi-bench-{os.getpid()}.log")
    with log.open("w+") as output:
        process = subprocess.Popen(
            command, env={**os.environ, **(environment or {})}, stdout=output, stderr=output
        )
        peak = 0
        while process.poll() is None:
            peak = max(peak, sum(map(_tree_bytes, (process.pid, *beside))))
            time.sleep(_EVERY)
        seconds = time.perf_counter() - start
        output.seek(0)
        words = output.read()
    log.unlink()
    if process.returncode not in well:
        print(words, file=sys.stderr)
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Cost(seconds, peak / 2**20)


def _tree_bytes(root: int) -> int:
    total = 0
    try:
        processes = [psutil.Process(root)]
        processes += processes[0].children(recursive=True)
    except psutil.NoSuchProcess:  # it ended
        return 0
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            total += process.memory_full_info().pss
    return total
