"""Where the time of a job goes: the steps of its run, and the parts of reading.

What belongs here: taking times from what Dagster recorded, and stopping the functions of `ingest/`.
What does not: whole commands (`__main__.py`).
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

from ingest import batches, children, inbox, pipeline
from ingest.files import delimited_text
from ingest.home import Home
from ingest.parsing import parse

HEADER = ("part", "seconds", "share")
#: So few that they are read by one process.
_FILES = 10
_SHOWN = 10
_WATCHED: dict[str, tuple[ModuleType, str]] = {
    "archive": (inbox, "archive_file"),
    "recognise, split and count": (parse, "split"),
    "of it, open": (parse, "open_export"),
    "of it, the second count": (delimited_text, "_count"),
    "parse and hold to the contract": (parse, "interpret"),
    "write the lake": (batches, "write_table"),
}


def steps(root: Path) -> list[tuple[str, str]]:
    """Seconds of the steps of a home's first runs, as Dagster recorded them."""
    os.environ["DAGSTER_HOME"] = str(root / "dagster")
    import dagster as dg

    with dg.DagsterInstance.get() as instance:
        runs = sorted(instance.get_run_records(), key=lambda run: run.storage_id)[:2]
        found = [
            (step.start_time, step.step_key, step.end_time - step.start_time)
            for run in runs
            for step in instance.get_run_step_stats(run.dagster_run.run_id)
            if step.start_time and step.end_time
        ]
    return [(name, f"{seconds:.1f}") for _, name, seconds in sorted(found)]


def models(results: Path) -> list[tuple[str, str]]:
    """Seconds of dbt's models that took longest, and of all others and all tests together."""
    nodes = json.loads(results.read_bytes())["results"]
    took = {node["unique_id"]: node["execution_time"] for node in nodes}
    tests = {name for name in took if name.startswith("test.")}
    first = sorted(took.keys() - tests, key=lambda name: -took[name])
    rows = [(name.split(".")[-1], took[name]) for name in first[:_SHOWN]]
    rows.append(("other models", sum(took[name] for name in first[_SHOWN:])))
    rows.append((f"{len(tests)} tests", sum(took[name] for name in tests)))
    return [(name, f"{seconds:.1f}") for name, seconds in rows]


def reading(data: Path, folder: Path) -> list[tuple[str, str, str]]:
    """Seconds of the parts of reading some files into a new home, in one process."""
    home = Home(folder / "home-parts")
    shutil.rmtree(home.root, ignore_errors=True)
    for number, path in enumerate(sorted((data / "inbox").rglob("*.csv"))[:_FILES]):
        target = home.inbox / "office" / f"{number}.csv"
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(path, target)
    for name in ("offices.csv", "accounts.csv"):
        (home.registry).mkdir(exist_ok=True)
        shutil.copy(data / "registry" / name, home.registry / name)
    spent: dict[str, float] = defaultdict(float)
    with ExitStack() as stack:
        # Watched functions are this process's, so no child is asked.
        stack.enter_context(mock.patch.object(children, "warm", lambda: None))
        stack.enter_context(mock.patch.object(children, "results", _here))
        for name, (module, function) in _WATCHED.items():
            stack.enter_context(_watched(spent, name, module, function))
        start = time.perf_counter()
        pipeline.ingest(home)
        whole = time.perf_counter() - start
    apart = whole - sum(took for name, took in spent.items() if not name.startswith("of it"))
    rows = [(name, spent[name]) for name in _WATCHED]
    rows += [("the rest", apart), ("whole", whole)]
    return [(name, f"{took:.2f}", f"{took / whole:.0%}") for name, took in rows]


def _here(
    function: Callable[[Any], Any], tasks: Iterable[Any], most: int
) -> Iterator[tuple[Any, Any]]:
    """Stands for `children.results`."""
    for task in tasks:
        yield task, function(task)


@contextmanager
def _watched(
    spent: dict[str, float], name: str, module: ModuleType, function: str
) -> Iterator[None]:
    real = getattr(module, function)

    def timed(*values: object, **named: object) -> object:
        start = time.perf_counter()
        try:
            return real(*values, **named)
        finally:
            spent[name] += time.perf_counter() - start

    with mock.patch.object(module, function, timed):
        yield
