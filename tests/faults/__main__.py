"""`make faults`: break operations at their file calls, and tell which promises held.

    make faults [SEED=1] [KILLS=1000] [CUTS=200] [CORPORA="FOLDER …"] [ONLY="ingest …"]

Kills, errors, full disks and power cuts are drawn from all file calls of ingest, erasing, the copy
of the state, publishing, a first build and whole runs; then deliveries are permuted, and readers,
runs and publications go on at once. The exit code is 1 where a promise was broken.

What belongs here: how many of what are tried, and the table. What does not: how one is tried
(`trials.py`). Hostile files are `hostile.py`'s: `run(folder)` gives rows for the table.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import random
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from ingest.home import Home
from tests.faults import operations, promises, shim, together, trials
from tests.faults.promises import Row
from tests.faults.trials import KILL, POWER_CUT, Trial

#: Of a hundred faults, how many hit which operation; a whole call takes as long as ten others.
_SHARES = {"ingest": 36, "erase": 14, "copy of the state": 20, "publish": 24}
_CALL_SHARES = {"first build": 4, "whole run": 2}
#: What needs no finished build.
_QUICK = {"ingest", "erase"}
#: Beside each kill so many errors of each kind.
_ERRORS = 0.1
#: The first calls on a new database left files that nothing opened; each is tried.
_FIRST_CALLS = 8


def main() -> int:
    """Try all; prints the table and returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--cuts", type=int, default=200)
    parser.add_argument("--orders", type=int, default=2)
    parser.add_argument("--only", nargs="*", default=[*_SHARES, *_CALL_SHARES, "together"])
    parser.add_argument("--corpora", nargs="*", type=Path, default=[])
    asked = parser.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="kurasi-faults-") as name:
        for number, corpus in enumerate(asked.corpora or [None]):
            folder = Path(name).resolve() / str(number)
            folder.mkdir()
            print(f"preparing homes from {corpus or 'a sample world'} ...", file=sys.stderr)
            homes = operations.prepare(
                folder, asked.seed, corpus, is_quick=set(asked.only) <= _QUICK
            )
            share = 1 / len(asked.corpora or [None])
            kills, cuts = round(asked.kills * share), round(asked.cuts * share)
            rows += faults(folder, homes, asked.seed, kills, cuts, asked.only)
            if "together" in asked.only:
                inputs, ready = homes["whole run"], homes["copy of the state"]
                rows += together.at_once(ready, folder, 1)
                rows += together.permutations(inputs, ready, folder, asked.seed, asked.orders)
        if importlib.util.find_spec("tests.faults.hostile"):
            rows += importlib.import_module("tests.faults.hostile").run(Path(name))
    print(table(rows))
    return 0 if all(tried == held for _, _, tried, held in rows) else 1


def faults(
    folder: Path, homes: dict[str, Home], seed: int, kills: int, cuts: int, only: list[str]
) -> list[Row]:
    """Draw faults over the operations, try them, and count what held."""
    if not shim.compiler():
        print("left out: faults at file calls, for there is no C compiler here")
        return []
    library = shim.compile_to(folder)
    control = shim.Control(folder / "control")
    counts = {trials.KILL: kills, "I/O error": _part(kills), "full disk": _part(kills)}
    if lacking := trials.why_no_volume():
        print(f"left out: power cuts, for {lacking}")
    else:
        counts[POWER_CUT] = cuts
    found: list[Trial] = []
    whole = sum(share for name, share in {**_SHARES, **_CALL_SHARES}.items() if name in only)
    for operation in (name for name in _SHARES if name in only):
        worker = _Worker(operation, homes[operation], folder, library, control)
        calls = worker.count()
        for fault, count in counts.items():
            wanted = max(1, count * _SHARES[operation] // whole) if count else 0
            points = _draw(f"{seed} {operation} {fault}", calls, wanted)
            if fault == POWER_CUT and points:  # some after the last call: what was told holds
                points[: max(1, wanted // 5)] = [0] * max(1, wanted // 5)
            found += _told(worker.trials(fault, points))
    for operation in (name for name in _CALL_SHARES if name in only):
        wanted = kills * _CALL_SHARES[operation] // whole
        arguments = (homes[operation], control, library, Home(folder / "called"))
        found += _told(_whole_calls(operation, seed, wanted, *arguments))
    return _rows(found)


def _part(kills: int) -> int:
    return round(kills * _ERRORS)


def _draw(seed: str, calls: int, count: int) -> list[int]:
    every = range(1, calls + 1)
    return sorted(random.Random(seed).sample(every, min(count, calls)))


class _Worker:
    """A process under the shim that tries one operation again and again."""

    def __init__(
        self, operation: str, ready: Home, folder: Path, library: Path, control: shim.Control
    ) -> None:
        self._task = {"operation": operation, "folder": str(folder), "ready": str(ready.root)}
        self._folder, self._library, self._control = folder, library, control

    def count(self) -> int:
        """How many file calls the operation makes."""
        return int("".join(self._lines({"points": None}, "home")))

    def trials(self, fault: str, points: list[int]) -> Iterator[Trial]:
        """Try the fault at some calls; where the process itself dies, the next one goes on."""
        below = "volume" if fault == POWER_CUT else "home"
        while points:
            done = 0
            for line in self._lines({"points": points, "fault": fault}, below):
                yield Trial(**json.loads(line))
                done += 1
            if done < len(points):
                trial = Trial(str(self._task["operation"]), fault, points[done])
                trial.stuck = "the process ended without a word"
                yield trial
                done += 1
            points = points[done:]

    def _lines(self, more: dict[str, object], below: str) -> Iterator[str]:
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
            process.stdin.write(json.dumps({**self._task, **more}))
            process.stdin.close()
            yield from process.stdout


def _whole_calls(
    operation: str,
    seed: int,
    count: int,
    ready: Home,
    control: shim.Control,
    library: Path,
    home: Home,
) -> Iterator[Trial]:
    if not count:
        return
    _, calls = trials.whole_call(operation, KILL, ready, 0, control, library, home)
    undisturbed = promises.content(home)
    first = [point for point in range(1, _FIRST_CALLS + 1) if operation == "first build"][:count]
    points = first + _draw(f"{seed} {operation}", calls, count - len(first))
    for point in points:
        trial, _ = trials.whole_call(operation, KILL, ready, point, control, library, home)
        if not trial.stuck:
            trial.different = promises.differing(undisturbed, promises.content(home))
        yield trial


def _told(tried: Iterator[Trial]) -> Iterator[Trial]:
    """Tell each broken promise at once, and now and then how far it is."""
    for number, trial in enumerate(tried, 1):
        place = f"{trial.operation}, {trial.fault} at call {trial.at}"
        for what in ("stuck", "different", "readers", "leftovers", "lost"):
            if problem := getattr(trial, what):
                print(f"BROKEN {place}: {what}: {problem}", file=sys.stderr, flush=True)
        if number % 25 == 0:
            print(f"{number} of {trial.operation}, {trial.fault}", file=sys.stderr, flush=True)
        yield trial


def _rows(found: list[Trial]) -> list[Row]:
    """What held, by promise, operation and fault."""
    groups: dict[tuple[str, str], list[Trial]] = defaultdict(list)
    for trial in found:
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
