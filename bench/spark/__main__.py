"""Both engines over the same lakes: `python -m bench.spark ENVIRONMENT [OBSERVATIONS ...]`.

What belongs here: the order of the check, and its report. What does not: its parts (beside it).

Builds the demo's sample world, and a history of each number of observations, by `kurasi run` on
DuckDB and by dbt on a cluster of a master and two workers. Compares every table of the marts and
the rankings. Prints Markdown to standard output, progress to standard error; exit 1 where a table
differs or one of the workers shuffled nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from bench import histories
from bench.process import Cost, measure
from bench.spark import cluster, compare, events
from ingest.home import Home
from ingest.sealing import remove_folder

_KURASI = str(Path(sys.executable).parent / "kurasi")
_SESSION = Path(__file__).with_name("session.py")
_ROOMS = ("marts", "ranking")


def main() -> int:
    arguments = argparse.ArgumentParser(prog="make spark-check", description=__doc__)
    arguments.add_argument("environment", type=Path)
    arguments.add_argument("sizes", nargs="*", type=int)
    arguments.add_argument("--folder", type=Path, default=Path("bench-data"))
    given = arguments.parse_args()
    folder = given.folder.resolve()
    checks = [_check("demo", _demo(folder), given.environment.resolve())]
    checks += [
        _check(f"{size:,} observations", _history(size, folder), given.environment.resolve())
        for size in given.sizes
    ]
    return 0 if all(checks) else 1


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _demo(folder: Path) -> Path:
    home = _new(folder / "spark-home-demo")
    measure([sys.executable, "-m", "ingest.sample", str(home)])
    return home


def _history(size: int, folder: Path) -> Path:
    data, home = histories.make(size, folder), _new(folder / f"spark-home-{size}")
    histories.link(data / "inbox", home / "inbox")
    histories.link(data / "registry", home / "registry")
    return home


def _new(folder: Path) -> Path:
    if folder.exists():
        remove_folder(folder)
    return folder


def _check(name: str, home: Path, environment: Path) -> bool:
    _say(f"{name}: DuckDB ...")
    measure([_KURASI, "--home", str(home), "init"])
    # 1, for among the demo's exports are some that can't be read.
    duckdb = measure([_KURASI, "--home", str(home), "run"], well=(0, 1))
    folder = _new(home.with_name(f"{home.name}-on-spark"))
    folder.mkdir()
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
        compare.compare(
            name, published / f"{name}.parquet", folder / "tables" / "kurasi.db" / name, folder
        )
        for name in names
    ]


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
