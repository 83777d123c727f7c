"""Trials: one operation hit by one fault at one file call, and what held after.

What belongs here: kills, errors and power cuts, one after the other, in this process
(`python -m tests.faults.trials`, under the shim), and what whole calls of the command
(`calls.py`) need of it. What does not: how many are tried and what is told of them
(`__main__.py`).

A kill inside a process is played by letting every call from then on fail: the disk is left as it
is after a kill at that call, and the process need not be started anew. Whole calls are killed.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import gc
import json
import logging
import os
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from ingest.home import Home
from tests.faults import promises
from tests.faults.operations import OPERATIONS
from tests.faults.shim import Control, What, plain_environment

#: The faults by their name in the table: what the shim does, and the error's number.
KILL, POWER_CUT = "kill", "power cut"
FAULTS = {
    KILL: (What.FAIL_FROM_NOW, errno.EIO),
    "I/O error": (What.FAIL_ONCE, errno.EIO),
    "full disk": (What.FAIL_FROM_NOW, errno.ENOSPC),
    POWER_CUT: (What.CUT_POWER, 0),
}
_SHUTDOWN, _WITHOUT_JOURNAL = 0x8004587D, 2


@dataclass(slots=True)
class Trial:
    """How one went; a text says what did not hold."""

    operation: str
    fault: str
    #: The call; 0: after the last one.
    at: int
    #: What was counted: any call, or one kind.
    kind: str = "call"
    #: The operation came so far that the fault hit it; else it shows nothing.
    was_hit: bool = True
    #: The next run does not end well.
    stuck: str | None = None
    #: The next run ends well, and the result is not the undisturbed one.
    different: str | None = None
    #: A reader found something broken right after the fault.
    readers: str | None = None
    #: Temporary files stayed after the next run.
    leftovers: str | None = None
    #: What was told to be done did not survive the power cut.
    lost: str | None = None
    was_acknowledged: bool = False


class Volume:
    """A file system of its own in a file, of which the power can be cut; for root, on Linux."""

    def __init__(self, folder: Path) -> None:
        self._image = folder / "volume.img"
        self.mounted_at = folder / "volume"
        self.mounted_at.mkdir(exist_ok=True)
        with self._image.open("wb") as image:
            image.truncate(512 * 2**20)
        _system("mkfs.ext4", "-q", "-F", str(self._image))
        self._mount()

    def lose(self, *, cut: bool) -> None:
        """Lose whatever is not on the disk, and come back with what is.

        Args:
            cut: the power is cut now; else it was cut already.
        """
        if cut:
            folder = os.open(self.mounted_at, os.O_RDONLY)
            try:
                fcntl.ioctl(folder, _SHUTDOWN, struct.pack("I", _WITHOUT_JOURNAL))
            finally:
                os.close(folder)
        self.close()
        self._mount()

    def sync(self) -> None:
        """Bring everything to the disk."""
        _system("sync", "-f", str(self.mounted_at))

    def close(self) -> None:
        """Unmount it; a file of it may be closed a moment later than its reader ends."""
        gc.collect()
        for _ in range(100):
            if _system("umount", str(self.mounted_at), check=False) == 0:
                return
            time.sleep(0.1)
        raise RuntimeError(f"{self.mounted_at} stays busy")

    def _mount(self) -> None:
        # What is written reaches the disk when it is synced, and not before.
        options = "loop,commit=300,noatime"
        _system("mount", "-o", options, str(self._image), str(self.mounted_at))


def why_no_volume() -> str | None:
    """What this machine lacks for power cuts; None where nothing."""
    if os.geteuid():
        return "they need root"
    if lacking := [name for name in ("mkfs.ext4", "mount", "losetup") if not shutil.which(name)]:
        return f"they need {', '.join(lacking)}"
    return "they need a loop device" if _system("losetup", "--find", check=False) else None


def in_process(
    operation: str, ready: Home, tries: list[tuple[str, int]], control: Control, folder: Path
) -> Iterator[Trial]:
    """Try an operation with some faults, each with its call, in this process, which is under the
    shim. Power cuts need a file system of their own, so they are tried by themselves."""
    with volume_for(tries, folder) as volume:
        home = Home((volume.mounted_at if volume else folder) / "home")
        act = OPERATIONS[operation]
        reset(ready, home)
        if problem := _attempt(act, home):
            raise RuntimeError(f"undisturbed, {operation} fails: {problem}")
        undisturbed = promises.content(home)
        for fault, point in tries:
            reset(ready, home)
            trial = Trial(operation, fault, point)
            if volume:
                volume.sync()
            control.arm(point, *FAULTS[fault])
            failed = _attempt(act, home)
            trial.was_hit = control.disarm() >= point
            if volume:
                volume.lose(cut=not point)
                trial.was_acknowledged = failed is None and not point
                if trial.was_acknowledged:
                    trial.lost = promises.differing(undisturbed, promises.content(home))
            trial.readers = promises.what_readers_miss(home)
            trial.stuck = _attempt(act, home)
            if not trial.stuck:
                trial.different = promises.differing(undisturbed, promises.content(home))
                trial.leftovers = promises.leftovers(home)
            yield trial


@contextlib.contextmanager
def volume_for(tries: list[tuple[str, int]], folder: Path) -> Iterator[Volume | None]:
    """The file system of its own that power cuts need; other faults need none."""
    if tries[0][0] != POWER_CUT:
        yield None
        return
    with contextlib.closing(Volume(folder)) as volume:
        yield volume


def count_of_calls(operation: str, ready: Home, control: Control, folder: Path) -> int:
    """How many calls an operation makes, in this process."""
    home = Home(folder / "home")
    reset(ready, home)
    control.disarm()
    _attempt(OPERATIONS[operation], home)
    return control.disarm()


def _attempt(act: Callable[[Home], None], home: Home) -> str | None:
    """Do it; returns why it failed."""
    try:
        act(home)
    except (Exception, pl.exceptions.PanicException) as problem:
        return f"{type(problem).__name__}: {problem}"[:500]
    return None


def reset(ready: Home, home: Home) -> None:
    """Make a home as it is before the operation."""
    _system("rm", "-rf", str(home.root))
    _system("cp", "-a", str(ready.root), str(home.root))


def _system(*words: str, check: bool = True) -> int:
    """Call a program of the system, without the shim."""
    done = subprocess.run(words, env=plain_environment(), check=check, capture_output=True)
    return done.returncode


def main() -> None:
    """Read a task from standard input, try it, and write a line of JSON for each trial.

    The task without tries is to count the calls.
    """
    # Whoever is killed says nothing more.
    logging.disable(logging.CRITICAL)
    sys.unraisablehook = lambda _: None
    task = json.loads(sys.stdin.read())
    folder, ready = Path(task["folder"]), Home(Path(task["ready"]))
    control = Control(Path(os.environ["FAULTS_CONTROL"]))
    if task["tries"] is None:
        print(count_of_calls(task["operation"], ready, control, folder))
        return
    for trial in in_process(task["operation"], ready, task["tries"], control, folder):
        print(json.dumps(asdict(trial)), flush=True)


if __name__ == "__main__":
    main()
