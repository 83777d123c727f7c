"""Trials of whole calls of the command: one call hit by one fault at one file call.

What belongs here: calling the command under the shim, or under `strace`, and what held after. What
does not: what a trial is and operations inside a process (`trials.py`).

The shim counts the file calls of all processes of a call, and a kill ends all of them. `strace`
counts each kind of call of each thread by itself, and its kill ends one process, whatever the
others do; it sees also what passes by the C library.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, CompletedProcess, Popen

from ingest.home import Home
from tests.faults import promises
from tests.faults.operations import CALLS, KURASI, Call
from tests.faults.shim import Control, What, plain_environment
from tests.faults.trials import FAULTS, KILL, POWER_CUT, Trial, reset, volume_for

ONE_PROCESS = "kill of one process"
#: Seconds after which a call is taken to hang.
_PATIENCE = 600
#: What happens to whole calls, where it is not what happens inside a process.
_TO_ALL = {KILL: What.KILL_GROUP, POWER_CUT: What.CUT_POWER_OF_GROUP}
#: The system calls that change files, as `strace` names them; a `?`: not on every machine.
_CHANGES = (
    "?open,openat,?creat,write,writev,pwrite64,?sendfile,?copy_file_range,fsync,fdatasync,ftruncate,"
    "?fallocate,?mkdir,mkdirat,?rmdir,?unlink,unlinkat,?rename,renameat,?renameat2,?link,linkat,"
    "?symlink,symlinkat"
)


class Calls:
    """Tries one call of the command again and again."""

    def __init__(
        self, operation: str, ready: Home, folder: Path, library: Path, control: Control
    ) -> None:
        self._operation, self._ready, self._folder = operation, ready, folder
        self._library, self._control = library, control
        self._undisturbed: dict[str, str] = {}

    def count(self) -> int:
        """How many file calls it makes, undisturbed.

        Raises:
            RuntimeError: undisturbed it fails.
        """
        home = self._fresh(self._folder)
        self._control.disarm()
        ended = self._under_shim(home)
        calls = self._control.disarm()
        self._keep(home, ended)
        return calls

    def trials(self, tries: list[tuple[str, int]]) -> Iterator[Trial]:
        """Try faults, each with its call; 0: after the last one. Power cuts need a file system of
        their own, so they are tried by themselves."""
        with volume_for(tries, self._folder) as volume:
            for fault, point in tries:
                home = self._fresh(volume.mounted_at if volume else self._folder)
                if volume:
                    volume.sync()
                trial = Trial(self._operation, fault, point)
                what, number = FAULTS[fault]
                self._control.arm(point, _TO_ALL.get(fault, what), number)
                ended = self._under_shim(home)
                trial.was_hit = self._control.disarm() >= point
                if volume:
                    volume.lose(cut=not point)
                    trial.was_acknowledged = not point and self._problem(ended) is None
                    if trial.was_acknowledged:
                        trial.lost = self._difference(home)
                yield self._after(trial, home)

    def traced_points(self) -> list[tuple[str, int]]:
        """The calls at which a thread changed the home, undisturbed: their kind, and how many of
        that kind the thread had made.

        Raises:
            RuntimeError: undisturbed it fails.
        """
        home = self._fresh(self._folder)
        self._keep(home, self._under_strace(home))
        counts: Counter[tuple[str, str]] = Counter()
        points: set[tuple[str, int]] = set()
        for line in self._traced().splitlines():
            made = re.match(r"([0-9]+) +([a-z0-9]+)\(", line)
            if not made:
                continue
            thread, kind = made.groups()
            counts[thread, kind] += 1
            path = line.partition(f"{home.root}/")[2]
            is_counted = not (self._call.but and self._call.but[1:] in path)
            if path and is_counted and self._call.only in path and "O_RDONLY" not in line:
                points.add((kind, counts[thread, kind]))
        return sorted(points)

    def traced(self, points: list[tuple[str, int]]) -> Iterator[Trial]:
        """Kill the first process of which a thread makes so many calls of a kind."""
        for kind, number in points:
            home = self._fresh(self._folder)
            self._under_strace(home, f"--inject={kind}:signal=KILL:when={number}")
            trial = Trial(self._operation, ONE_PROCESS, number, kind)
            trial.was_hit = "+++ killed by SIGKILL +++" in self._traced()
            yield self._after(trial, home)

    @property
    def _call(self) -> Call:
        return CALLS[self._operation]

    @property
    def _log(self) -> Path:
        return self._folder / "strace.log"

    def _traced(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def _fresh(self, folder: Path) -> Home:
        home = Home(folder / "called")
        reset(self._ready, home)
        return home

    def _keep(self, home: Home, ended: CompletedProcess[str] | None) -> None:
        if problem := self._problem(ended):
            raise RuntimeError(f"undisturbed, {self._operation} fails: {problem}")
        self._undisturbed = promises.content(home)

    def _after(self, trial: Trial, home: Home) -> Trial:
        """What held: seen by a reader, and after the next call, which nothing disturbs."""
        trial.readers = promises.what_readers_miss(home)
        trial.stuck = self._problem(self._ended(home, plain_environment()))
        if not trial.stuck:
            trial.different = self._difference(home)
            trial.leftovers = promises.leftovers(home)
        return trial

    def _difference(self, home: Home) -> str | None:
        return promises.differing(self._undisturbed, promises.content(home))

    def _problem(self, ended: CompletedProcess[str] | None) -> str | None:
        if ended is None:
            return f"it does not end within {_PATIENCE} seconds"
        if any(each in ended.stdout for each in self._call.ends_well):
            return None
        return f"exit code {ended.returncode}: {ended.stderr[-500:]}"

    def _under_shim(self, home: Home) -> CompletedProcess[str] | None:
        only = self._call.only, self._call.but
        return self._ended(home, self._control.environment(self._library, home.root, *only))

    def _under_strace(self, home: Home, *more: str) -> CompletedProcess[str] | None:
        words = ["strace", "--follow-forks", "--decode-fds=path", "--quiet=attach,personality"]
        words += [f"--trace={_CHANGES}", f"--output={self._log}", *more]
        return self._ended(home, plain_environment(), words)

    def _ended(
        self, home: Home, environment: dict[str, str], before: list[str] | None = None
    ) -> CompletedProcess[str] | None:
        """Call the command; None where it does not end, and is ended."""
        words = [*(before or []), str(KURASI), "--home", str(home.root)]
        with Popen(
            words + self._call.words(self._ready),
            env=environment,
            stdout=PIPE,
            stderr=PIPE,
            text=True,
            start_new_session=True,  # a kill ends its group and nobody else
        ) as process:
            try:
                told, problems = process.communicate(timeout=_PATIENCE)
            except subprocess.TimeoutExpired:
                return None
            finally:
                with contextlib.suppress(ProcessLookupError):  # what is left of it
                    os.killpg(process.pid, signal.SIGKILL)
        return CompletedProcess(words, process.returncode, told, problems)


def why_no_strace() -> str | None:
    """What this machine lacks for kills under `strace`; None where nothing."""
    if not shutil.which("strace"):
        return "they need strace"
    words = ["strace", "--follow-forks", "--output=/dev/null"]
    done = subprocess.run([*words, "true"], capture_output=True, check=False)
    return "strace may not trace here" if done.returncode else None
