"""Deliveries in any order, and readers, run and publish at once.

What belongs here: what whole calls do to each other and after each other. What does not: faults
(`trials.py`).
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import threading
from pathlib import Path

from ingest.home import Home
from tests.faults import promises
from tests.faults.operations import KURASI, call, newest_month
from tests.faults.promises import Row
from tests.faults.shim import plain_environment

_PORTIONS = 3
_BUSY = "another process is writing"


def permutations(inputs: Home, finished: Home, folder: Path, seed: int, count: int) -> list[Row]:
    """Deliver the exports in other orders, in several runs, and publish: the same state, the same
    edition byte for byte.

    Args:
        inputs: a home with inputs only.
        finished: the same after one run, with nothing published; it is published here.
        folder: where the other homes are made.
        seed: of the orders.
        count: how many orders are tried.
    """
    month = f"{newest_month(finished):%Y-%m}"
    call(finished, "publish", "-m", month)
    expected = _results(finished)
    held = 0
    for number in range(count):
        home = Home(folder / f"order-{number}")
        shutil.copytree(inputs.root, home.root)
        exports = sorted(path for path in home.inbox.rglob("*") if path.is_file())
        random.Random(seed + number).shuffle(exports)
        away = {path: folder / "away" / path.relative_to(home.root) for path in exports}
        for path, place in away.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            path.rename(place)
        for first in range(_PORTIONS):
            for path in exports[first::_PORTIONS]:
                away[path].rename(path)
            call(home, "run")
        call(home, "publish", "-m", month)
        held += _results(home) == expected
    return [("the order of deliveries changes no byte", "runs and an edition", count, held)]


def _results(home: Home) -> dict[str, str]:
    """The finished state, the editions and the ledger, but for how files lie in the lake."""
    told = promises.content(home)
    names = ("warehouse/current/", "published/")
    state = {name: text for name, text in told.items() if name.startswith(names)}
    state.pop("warehouse/current/state.json", None)
    return state


def at_once(ready: Home, folder: Path, rounds: int) -> list[Row]:
    """Readers while runs and publications go on: whoever can't go on says that the home is busy,
    and readers always get an answer."""
    home = Home(folder / "at-once")
    shutil.copytree(ready.root, home.root, symlinks=True)
    month = f"{newest_month(home):%Y-%m}"
    writers = writers_held = reads = reads_held = 0
    for number in range(rounds):
        (home.inbox / f"more {number}.csv").write_text(f"not,an,export\n{number},2,3\n")
        calls = [("run",), ("run",), ("publish", "-m", month), ("publish", "-m", month)]
        running = [
            subprocess.Popen(
                [KURASI, "--home", home.root, *words],
                env=plain_environment(),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for words in calls
        ]
        ended = threading.Event()
        answers: list[bool] = []
        reader = threading.Thread(target=_read, args=(home, month, ended, answers))
        reader.start()
        for process in running:
            _, told = process.communicate()
            writers += 1
            # A new file that is no export is told by the exit code, in one line.
            writers_held += process.returncode == 0 or (
                process.returncode == 1 and (_BUSY in told or "could not be read" in told)
            )
        ended.set()
        reader.join()
        reads += len(answers)
        reads_held += sum(answers)
    return [
        (
            "at once, each ends well or says that the home is busy",
            "run, publish",
            writers,
            writers_held,
        ),
        ("at once, readers always see a whole publication", "rank, editions", reads, reads_held),
    ]


def _read(home: Home, month: str, ended: threading.Event, answers: list[bool]) -> None:
    while not ended.is_set():
        done = call(home, "--json", "rank", "-m", month)
        is_whole = done.returncode == 0 and bool(json.loads(done.stdout))
        answers.append(is_whole and promises.what_readers_miss(home) is None)
