"""Both engines over the same lakes: `python -m bench.spark ENVIRONMENT [OBSERVATIONS ...]`.

What belongs here: the order of the check, and its report. What does not: its parts (beside it).

Builds the demo's sample world, and a history of each number of observations, by `kurasi run` on
DuckDB and by dbt on a cluster of a master and two workers; then both again when more exports have
arrived, by a session that knows the first one's tables and replaces months in them. Compares every
table of the marts and the rankings both times. Prints Markdown to standard output, progress to
standard error; exit 1 where a table differs, one of the workers shuffled nothing, or no month, or
every month, was replaced.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from bench import histories
from bench.process import Cost, measure
from bench.spark import cluster, compare, events
from ingest.home import Home
from ingest.sealing import remove_folder

_KURASI = str(Path(sys.executable).parent / "kurasi")
_SESSION = Path(__file__).with_name("session.py")
_ROOMS = ("marts", "ranking")
#: Exports of the demo that arrive later than the others; they say nothing of the months before.
_LATER = "Aug-*_Sep-30-2025_*"


def main() -> int:
    arguments = argparse.ArgumentParser(prog="make spark-check", description=__doc__)
    arguments.add_argument("environment", type=Path)
    arguments.add_argument("sizes", nargs="*", type=int)
    arguments.add_argument("--folder", type=Path, default=Path("bench-data"))
    given = arguments.parse_args()
    folder = given.folder.resolve()
    worlds = [_demo(folder), *(_history(size, folder) for size in given.sizes)]
    checks = [_check(world, given.environment.resolve()) for world in worlds]
    return 0 if all(checks) else 1


@dataclass(frozen=True, slots=True)
class _World:
    """A home with exports in its inbox, and a folder of those that arrive later."""

    name: str
    home: Path
    later: Path


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _demo(folder: Path) -> _World:
    home, later = _new(folder / "spark-home-demo"), _new(folder / "spark-later-demo")
    measure([sys.executable, "-m", "ingest.sample", str(home)])
    inbox = home / "inbox"
    for path in list(inbox.rglob(_LATER)):
        target = later / path.relative_to(inbox)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
    return _World("demo", home, later)


def _history(size: int, folder: Path) -> _World:
    data, home = histories.make(size, folder), _new(folder / f"spark-home-{size}")
    histories.link(data / "inbox", home / "inbox")
    histories.link(data / "registry", home / "registry")
    return _World(f"{size:,} observations", home, data / "day" / "inbox")


def _new(folder: Path) -> Path:
    if folder.exists():
        remove_folder(folder)
    return folder


def _check(world: _World, environment: Path) -> bool:
    measure([_KURASI, "--home", str(world.home), "init"])
    folder = _new(world.home.with_name(f"{world.home.name}-on-spark"))
    folder.mkdir()
    are_whole_equal = _build(world.name, world.home, folder, environment)
    before = _months(folder)
    histories.link(world.later, world.home / "inbox")
    are_later_equal = _build(f"{world.name}, more exports", world.home, folder, environment)
    after = _months(folder)
    kept = sum(after.get(month) == files for month, files in before.items())
    print(f"Of {len(after)} months of tables {len(after) - kept} were replaced, {kept} kept.\n")
    return are_whole_equal and are_later_equal and 0 < kept < len(after)


def _build(name: str, home: Path, folder: Path, environment: Path) -> bool:
    """Build on both engines, in the folders that hold what each built before; whether both built
    the same, Spark by both workers."""
    _say(f"{name}: DuckDB ...")
    # 1, for among the demo's exports are some that can't be read.
    duckdb = measure([_KURASI, "--home", str(home), "run"], well=(0, 1))
    for old in ("lake", "events", "views"):
        shutil.rmtree(folder / old, ignore_errors=True)
    _link_lake(Home(home).lake, folder / "lake")
    _say(f"{name}: Spark ...")
    with cluster.running(environment, folder) as (master, processes):
        command = [str(environment / "bin" / "python"), str(_SESSION), master, str(folder)]
        spark = measure(command, {"SPARK_LOCAL_IP": "127.0.0.1"}, beside=processes)
    _say(f"{name}: comparing ...")
    compared = _compared(home, folder)
    workers = events.workers(folder / "events")
    _report(name, compared, workers, [_times(home / "warehouse", duckdb), _times(folder, spark)])
    is_shared = len(workers) == cluster.WORKERS and all(
        worker.written and worker.read for worker in workers.values()
    )
    return is_shared and all(table.is_equal for table in compared)


def _months(folder: Path) -> dict[Path, set[str]]:
    """Each month of each table that is replaced by month, and the names of its files."""
    months = (folder / "tables" / "kurasi.db").glob("int_*/post_month=*")
    return {month: {path.name for path in month.glob("*.parquet")} for month in months}


def _link_lake(lake: Path, target: Path) -> None:
    """Spark reads no file whose name begins with `_`, as those without rows do."""
    for path in lake.rglob("*.parquet"):
        link = target / path.relative_to(lake).with_name(path.name.removeprefix("_"))
        link.parent.mkdir(parents=True, exist_ok=True)
        os.link(path, link)


def _compared(home: Path, folder: Path) -> list[compare.Comparison]:
    """Every table of the marts and the rankings, as readers get it and as Spark wrote it."""
    manifest = json.loads((folder / "dbt" / "manifest.json").read_text())
    names = sorted(
        str(node["name"])
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][1] in _ROOMS
    )
    published = home / "warehouse" / "current"
    return [
        compare.compare(name, published / f"{name}.parquet", _written(folder, name), folder)
        for name in names
    ]


def _written(folder: Path, name: str) -> Path:
    """Where Spark wrote a table, or what has no files of its own."""
    view = folder / "views" / name
    return view if view.exists() else folder / "tables" / "kurasi.db" / name


def _times(folder: Path, whole: Cost) -> tuple[str, ...]:
    """Of a run: wall seconds, those in models, and MiB of all its processes at the worst."""
    results = json.loads((folder / "dbt" / "run_results.json").read_text())["results"]
    models = sum(
        result["execution_time"]
        for result in results
        if result["unique_id"].startswith("model.") and ".rpt_" not in result["unique_id"]
    )
    return f"{whole.seconds:.0f}", f"{models:.0f}", f"{whole.peak_mib:.0f}"


def _report(
    name: str,
    compared: list[compare.Comparison],
    workers: dict[str, events.Worker],
    times: list[tuple[str, ...]],
) -> None:
    equal = sum(table.is_equal for table in compared)
    print(f"## {name}: {equal} of {len(compared)} tables are equal\n")
    _print(
        ("table", "rows", "equal", "what differs"),
        [
            (table.name, f"{table.rows:,}", _verdict(table), _difference(table))
            for table in compared
        ],
    )
    _print(
        ("worker", "shuffled out, MiB", "shuffled in, MiB", "CPU s"),
        [
            (
                executor,
                f"{worker.written / 2**20:.1f}",
                f"{worker.read / 2**20:.1f}",
                f"{worker.cpu_seconds:.0f}",
            )
            for executor, worker in workers.items()
        ],
    )
    _print(
        ("engine", "whole run s", "in models s", "MiB"),
        [(engine, *row) for engine, row in zip(("DuckDB", "Spark"), times, strict=True)],
    )
    print("The run on DuckDB reads the exports too. Spark builds all models but the reports.\n")


def _verdict(table: compare.Comparison) -> str:
    return "yes" if table.is_equal else "NO"


def _difference(table: compare.Comparison) -> str:
    if table.is_equal:
        return ""
    rows = f"{table.only_here:,} and {table.only_there:,} rows of their own"
    return "; ".join([rows, *table.differing_types])


def _print(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    for row in (header, ("---",) * len(header), *rows):
        print(f"| {' | '.join(row)} |")
    print(flush=True)


if __name__ == "__main__":
    sys.exit(main())
