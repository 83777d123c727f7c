"""`make faults`: break operations at their file calls, and tell which promises held.

    make faults [SEED=1] [KILLS=1000] [CUTS=200] [CORPORA="FOLDER …"]

Kills, errors, full disks and power cuts are drawn from the file calls of ingest, erasing, the copy
of the state, publishing, a first build, whole runs and whole publications; then readers, runs and
publications go on at once, deliveries come in other orders, and hostile files are read. The exit
code is 1 where a promise was broken.

What belongs here: how many of what are tried, and the table. What does not: how one is tried
(`trials.py`, `calls.py`).
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from ingest.home import Home
from tests.faults import calls, hostile, operations, shim, together, trials
from tests.faults.calls import Calls
from tests.faults.promises import Row
from tests.faults.trials import KILL, POWER_CUT, Trial

_Point = TypeVar("_Point", int, tuple[str, int])

#: Of a hundred faults, how many hit which operation: fewer than it makes file calls, each of which
#: is hit once; and few hit whole calls, which take as long as ten others.
_SHARES = {
    "publish": 30,
    "first build": 2,
    "whole run": 2,
    "whole run's history": 1,
    "whole publish": 1,
    "ingest": 28,
    "copy of the state": 20,
    "erase": 16,
}
#: Of those of whole calls, how many kills end one process only.
_OF_ONE_PROCESS = 0.25
#: What needs no finished build.
_QUICK = {"ingest", "erase"}
#: Beside each kill so many errors of each kind.
_ERRORS = 0.1
#: The first calls on a new database left files that nothing opened; each is tried.
_FIRST, _FIRST_CALLS = "first build", 8
#: Bytes that all homes and volumes together stay below.
_ROOM = 8 * 2**30


def main() -> int:
    """Try all; prints the table and returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--cuts", type=int, default=200)
    parser.add_argument("--orders", type=int, default=2)
    parser.add_argument("--only", nargs="*", default=[*_SHARES, "together", "hostile"])
    parser.add_argument("--corpora", nargs="*", type=Path, default=[])
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)  # what this process itself does to a home
    corpora = [corpus.resolve() for corpus in asked.corpora] or [None]
    kills, cuts = asked.kills // len(corpora), asked.cuts // len(corpora)
    rows: list[Row] = []
    with place() as whole:
        for number, corpus in enumerate(corpora):
            if asked.only == ["hostile"]:
                break
            folder = whole / str(number)
            folder.mkdir()
            print(f"preparing homes from {corpus or 'a sample world'} ...", file=sys.stderr)
            homes = operations.prepare(
                folder, asked.seed, corpus, is_quick=set(asked.only) <= _QUICK
            )
            of_it = faults(folder, homes, asked.seed, kills, cuts, asked.only)
            if "together" in asked.only:
                inputs, ready = homes["inputs"], homes["copy of the state"]
                of_it += _done(together.at_once(ready, folder, 1))
                of_it += _done(
                    together.permutations(inputs, ready, folder, asked.seed, asked.orders)
                )
            origin = f", {corpus.name}" if corpus else ""
            rows += [(promise, f"{what}{origin}", n, held) for promise, what, n, held in of_it]
        if "hostile" in asked.only:
            rows += _done(hostile.run(whole / "hostile"))
    print(table(rows))
    return 0 if all(tried == held for _, _, tried, held in rows) else 1


@contextmanager
def place() -> Iterator[Path]:
    """A folder for the homes, which is removed: in memory where there is room, for each trial would
    wait for the disk hundreds of times. Power cuts have a file system of their own.
    """
    memory = Path("/dev/shm")
    has_room = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM
    where = memory if has_room and not os.environ.get("TMPDIR") else None
    with tempfile.TemporaryDirectory(prefix="kurasi-faults-", dir=where) as name:
        yield Path(name).resolve()


def faults(
    folder: Path, homes: dict[str, Home], seed: int, kills: int, cuts: int, only: list[str]
) -> list[Row]:
    """Draw faults over the operations, try them, and count what held.

    Operations are tried side by side, one for each core that this process may use.
    """
    if not shim.compiler():
        print("left out: faults at file calls, for there is no C compiler here")
        return []
    library = shim.compile_to(folder)
    counts = {KILL: kills, "I/O error": _part(kills), "full disk": _part(kills)}
    if lacking := trials.why_no_volume():
        print(f"left out: power cuts, for {lacking}")
    else:
        counts[POWER_CUT] = cuts
    wanted = {name: share for name, share in _SHARES.items() if name in only}
    if (lacking := calls.why_no_strace()) and wanted.keys() & operations.CALLS.keys():
        print(f"left out: kills of one process of a whole call, for {lacking}")

    def tried(operation: str) -> list[Row]:
        of_it = {fault: _share(wanted, operation, count) for fault, count in counts.items()}
        place_of_it = folder / f"{operation} tried"
        place_of_it.mkdir()
        found: list[Trial] = []
        for trial in _told(_tried(operation, homes, seed, of_it, library, place_of_it)):
            if stopped.is_set():
                break
            found.append(trial)
        return _done(_rows(found))

    stopped = threading.Event()
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        try:
            return [row for rows in pool.map(tried, wanted) for row in rows]
        finally:  # the others end, too, where this is interrupted
            stopped.set()


def _part(kills: int) -> int:
    return round(kills * _ERRORS)


def _share(wanted: dict[str, int], operation: str, count: int) -> int:
    return max(1, count * wanted[operation] // sum(wanted.values())) if count else 0


def _tried(
    operation: str,
    homes: dict[str, Home],
    seed: int,
    counts: dict[str, int],
    library: Path,
    folder: Path,
) -> Iterator[Trial]:
    """Try so many of each fault on an operation, at calls drawn by the seed."""
    control = shim.Control(folder / "control")
    call = operations.CALLS.get(operation)
    ready = homes[call.start if call else operation]
    tries = (Calls if call else _Worker)(operation, ready, folder, library, control)
    made = tries.count()
    of_one_process = 0
    if isinstance(tries, Calls) and not calls.why_no_strace():
        of_one_process = math.ceil(counts[KILL] * _OF_ONE_PROCESS)
    at_home: list[tuple[str, int]] = []
    on_volume: list[tuple[str, int]] = []
    for fault, count in counts.items():
        drawn = f"{seed} {operation} {fault}"
        if fault == POWER_CUT:  # some after the last call: what was told holds
            after = math.ceil(count / 5)
            points = [0] * after + _draw(drawn, range(1, made + 1), count - after)
            on_volume += [(fault, point) for point in points]
            continue
        count -= of_one_process if fault == KILL else 0
        first = _FIRST_CALLS if (fault, operation) == (KILL, _FIRST) else 0
        points = [*range(1, min(count, made, first) + 1)]
        points += _draw(drawn, range(len(points) + 1, made + 1), count - len(points))
        at_home += [(fault, point) for point in points]
    for each in filter(None, (at_home, on_volume)):
        yield from tries.trials(each)
    if isinstance(tries, Calls) and of_one_process:
        drawn = f"{seed} {operation} {calls.ONE_PROCESS}"
        yield from tries.traced(_draw(drawn, tries.traced_points(), of_one_process))


def _draw(seed: str, of: Sequence[_Point], count: int) -> list[_Point]:
    return sorted(random.Random(seed).sample(of, min(count, len(of))))


class _Worker:
    """A process under the shim that tries one operation again and again."""

    def __init__(
        self, operation: str, ready: Home, folder: Path, library: Path, control: shim.Control
    ) -> None:
        self._operation = operation
        self._task: dict[str, object] = {
            "operation": operation,
            "folder": str(folder),
            "ready": str(ready.root),
        }
        self._folder, self._library, self._control = folder, library, control

    def count(self) -> int:
        """How many file calls the operation makes."""
        return int("".join(self._lines(None, "home")))

    def trials(self, tries: list[tuple[str, int]]) -> Iterator[Trial]:
        """Try faults, each with its call; where the process itself dies, the next one goes on."""
        below = "volume" if tries[0][0] == POWER_CUT else "home"
        while tries:
            done = 0
            for line in self._lines(tries, below):
                yield Trial(**json.loads(line))
                done += 1
            if done < len(tries):
                trial = Trial(self._operation, *tries[done])
                trial.stuck = "the process ended without a word"
                yield trial
                done += 1
            tries = tries[done:]

    def _lines(self, tries: list[tuple[str, int]] | None, below: str) -> Iterator[str]:
        environment = self._control.environment(self._library, self._folder / below)
        with subprocess.Popen(
            [sys.executable, "-m", "tests.faults.trials"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdin
            assert process.stdout
            process.stdin.write(json.dumps(self._task | {"tries": tries}))
            process.stdin.close()
            yield from process.stdout


def _told(tried: Iterator[Trial]) -> Iterator[Trial]:
    """Tell each broken promise at once, and now and then how far it is."""
    for number, trial in enumerate(tried, 1):
        place = f"{trial.operation}, {trial.fault} at {trial.kind} {trial.at}"
        for what in ("stuck", "different", "readers", "leftovers", "lost"):
            if problem := getattr(trial, what):
                print(f"BROKEN {place}: {what}: {problem}", file=sys.stderr, flush=True)
        if not trial.was_hit:
            print(f"{place}: not so far", file=sys.stderr, flush=True)
        if number % (5 if trial.operation in operations.CALLS else 25) == 0:
            print(f"{number} of {trial.operation}, {trial.fault}", file=sys.stderr, flush=True)
        yield trial


def _done(rows: list[Row]) -> list[Row]:
    """Tell rows as soon as they are known."""
    print(table(rows), file=sys.stderr, flush=True)
    return rows


def _rows(found: list[Trial]) -> list[Row]:
    """What held, by promise, operation and fault."""
    groups: dict[tuple[str, str], list[Trial]] = defaultdict(list)
    for trial in (each for each in found if each.was_hit):
        groups[trial.operation, trial.fault].append(trial)
    rows: list[Row] = []
    for (operation, fault), group in groups.items():
        after = f"after a{'n' if fault[0] == 'I' else ''} {fault}"
        held = sum(not (trial.stuck or trial.different) for trial in group)
        rows.append((f"{after}, the next run gives the same", operation, len(group), held))
        held = sum(not trial.readers for trial in group)
        rows.append((f"{after}, readers see the old or the new", operation, len(group), held))
        ended = [trial for trial in group if not trial.stuck]
        held = sum(not trial.leftovers for trial in ended)
        rows.append((f"{after}, the next run removes what was left", operation, len(ended), held))
        told = [trial for trial in group if trial.was_acknowledged]
        if told:
            held = sum(not trial.lost for trial in told)
            rows.append((f"{after}, what was told is there", operation, len(told), held))
    return rows


def table(rows: list[Row]) -> str:
    """The rows as text."""
    titles = ("promise", "operation", "tried", "held")
    cells = [titles, *((promise, what, str(n), str(held)) for promise, what, n, held in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(4)]
    lines = [
        f"{promise:<{widths[0]}}  {what:<{widths[1]}}  {n:>{widths[2]}}  {held:>{widths[3]}}"
        for promise, what, n, held in cells
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


if __name__ == "__main__":
    sys.exit(main())
