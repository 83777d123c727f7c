"""The run and its report: `python -m bench [OBSERVATIONS ...] [--folder FOLDER]`.

What belongs here: which commands are measured, on which data, and the tables of the report. What
does not: how a command is measured (`process.py`).

Prints Markdown to standard output, progress to standard error. The data are made once and kept in
the folder; each measured home is new.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bench import histories, layouts, parts
from bench.process import Cost, measure
from ingest.home import Home
from ingest.sealing import remove_folder
from orchestration.resources import dbt, dbt_project, prepare_manifest
from orchestration.shipped import DBT_PROJECT

_BIN = Path(sys.executable).parent
_KURASI = str(_BIN / "kurasi")
#: Beyond, pandas holds more memory than a small machine has.
_MOST_FOR_PANDAS = 2_000_000
_SIZES = [100_000, 1_000_000, _MOST_FOR_PANDAS, 10_000_000]
Rows = list[tuple[str, ...]]


def main() -> None:
    arguments = argparse.ArgumentParser(prog="make bench", description=__doc__)
    arguments.add_argument("sizes", nargs="*", type=int, default=_SIZES)
    arguments.add_argument("--folder", type=Path, default=Path("bench-data"))
    given = arguments.parse_args()
    folder = given.folder.resolve()
    print(f"{_machine()}\n")
    demo = _demo(folder)
    costs = {size: _measured(size, folder) for size in given.sizes}
    _print("Whole jobs", _HEADER, [_row(size, cost) for size, cost in costs.items()])
    _print("Growth of the cold job", _GROWTH_HEADER, _growth(costs))
    _print("One more day", _DAY_HEADER, _days(costs))
    for size in given.sizes:
        steps = parts.steps(folder / f"home-{size}")
        _print(f"Steps of the cold job, {size:,} observations", ("step", "seconds"), steps)
    largest = max(given.sizes)
    models = parts.models(_results(largest, folder))
    _print(f"Models and tests of the cold job, {largest:,} observations", ("", "seconds"), models)
    data = folder / str(min(given.sizes))
    _print("Reading 10 files by one process", parts.HEADER, parts.reading(data, folder))
    _print("Fixed cost", _FIXED_HEADER, _fixed(demo, costs))
    _print("Layouts", layouts.HEADER, layouts.compare())


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}"


def _measured(size: int, folder: Path) -> dict[str, Cost]:
    data, home, spare = histories.make(size, folder), folder / f"home-{size}", folder / "spare"
    if home.exists():
        remove_folder(home)
    histories.link(data / "inbox", home / "inbox")
    histories.link(data / "registry", home / "registry")
    measure([_KURASI, "--home", str(home), "init"])
    rivals = ["floor"] if size > _MOST_FOR_PANDAS else ["floor", "pandas"]
    costs = {}
    for name in rivals:
        _say(f"{size:,}: {name} ...")
        shutil.rmtree(spare, ignore_errors=True)
        spare.mkdir()
        command = [sys.executable, "-m", "bench.rivals", name, str(data / "inbox"), str(spare)]
        costs[name] = measure(command)
    shutil.rmtree(spare)
    run = [_KURASI, "--home", str(home), "run"]
    for name in ("cold", "nothing new", "one more day"):
        _say(f"{size:,}: {name} ...")
        if name == "one more day":
            histories.link(data / "day" / "inbox", home / "inbox")
        costs[name] = measure(run)
        if name == "cold":
            shutil.copy(home / "warehouse" / "dbt" / "run_results.json", _results(size, folder))
    return costs


def _results(size: int, folder: Path) -> Path:
    """What dbt says of the cold build."""
    return folder / f"dbt-{size}.json"


_HEADER = (
    "observations",
    "floor s",
    "pandas s",
    "cold s",
    "cold / floor",
    "cold / pandas",
    "floor MiB",
    "pandas MiB",
    "cold MiB",
    "nothing new s",
)


def _row(size: int, costs: dict[str, Cost]) -> tuple[str, ...]:
    floor, cold, pandas = costs["floor"], costs["cold"], costs.get("pandas")
    return (
        f"{size:,}",
        f"{floor.seconds:.1f}",
        f"{pandas.seconds:.1f}" if pandas else "",
        f"{cold.seconds:.1f}",
        f"{cold.seconds / floor.seconds:.2f}",
        f"{cold.seconds / pandas.seconds:.2f}" if pandas else "",
        f"{floor.peak_mib:.0f}",
        f"{pandas.peak_mib:.0f}" if pandas else "",
        f"{cold.peak_mib:.0f}",
        f"{costs['nothing new'].seconds:.1f}",
    )


_GROWTH_HEADER = ("observations", "cold s", "beyond the smallest, s per million", "")
_BAR = 60


def _growth(costs: dict[int, dict[str, Cost]]) -> Iterator[tuple[str, ...]]:
    """The cold job's seconds as a curve."""
    smallest = min(costs)
    longest = max(cost["cold"].seconds for cost in costs.values())
    for size, cost in sorted(costs.items()):
        seconds = cost["cold"].seconds
        beyond = ""
        if size != smallest:
            more = seconds - costs[smallest]["cold"].seconds
            beyond = f"{more / (size - smallest) * 1_000_000:.1f}"
        yield f"{size:,}", f"{seconds:.1f}", beyond, "█" * max(1, round(seconds / longest * _BAR))


_DAY_HEADER = ("history", "one more day s", "to the smallest", "MiB")


def _days(costs: dict[int, dict[str, Cost]]) -> Iterator[tuple[str, ...]]:
    smallest = costs[min(costs)]["one more day"].seconds
    for size, cost in costs.items():
        day = cost["one more day"]
        ratio = f"{day.seconds / smallest:.2f}"
        yield f"{size:,}", f"{day.seconds:.1f}", ratio, f"{day.peak_mib:.0f}"


def _demo(folder: Path) -> dict[str, Cost]:
    """The demo's months, beside a bare `dbt build` of the same models over the same lake."""
    _say("the demo ...")
    home = folder / "home-demo"
    if home.exists():
        remove_folder(home)
    measure([sys.executable, "-m", "ingest.sample", str(home)])
    measure([_KURASI, "--home", str(home), "init"])
    # Only the first run of a checkout does this.
    prepare_manifest(dbt_project(Home(home)), dbt(Home(home)))
    # 1, for among the demo's exports are some that can't be read.
    run = measure([_KURASI, "--home", str(home), "run"], well=(1,))
    command = [str(_BIN / "dbt"), "build", "--target-path", str(folder / "target")]
    command += ["--full-refresh", "--exclude-resource-type", "unit_test"]
    project = {"DBT_PROJECT_DIR": str(DBT_PROJECT), "DBT_PROFILES_DIR": str(DBT_PROJECT)}
    # Twice: dbt parses the project in the first, which it need not do again.
    for _time in range(2):
        bare = measure(command, {"KURASI_HOME": str(home), **project})
    return {"bare": bare, "run": run}


_FIXED_HEADER = ("", "seconds", "to the bare build")


def _fixed(demo: dict[str, Cost], costs: dict[int, dict[str, Cost]]) -> Rows:
    """What runs cost whatever the data, beside a bare `dbt build` of the demo."""
    took = {"demo: dbt build, nothing else": demo["bare"], "demo: kurasi run": demo["run"]}
    for size, cost in costs.items():
        took[f"{size:,} observations: nothing new"] = cost["nothing new"]
        took[f"{size:,} observations: one more day"] = cost["one more day"]
    bare = demo["bare"].seconds
    return [
        (name, f"{cost.seconds:.1f}", f"{cost.seconds / bare:.2f}") for name, cost in took.items()
    ]


def _print(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    print(f"## {title}\n")
    for row in (header, ["---"] * len(header), *rows):
        print(f"| {' | '.join(row)} |")
    print(flush=True)


if __name__ == "__main__":
    main()
