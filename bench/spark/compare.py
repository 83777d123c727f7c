"""Whether two sets of tables are equal, value by value and type by type, from their Parquet files.

What belongs here: the comparison, by DuckDB, within bounded memory. What does not: who made them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

_MEMORY = "1GB"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One table of both sets: its rows, and in how many values, rows or types they differ."""

    name: str
    rows: int
    other_rows: int
    differing_types: list[str]
    only_here: int
    only_there: int

    @property
    def is_equal(self) -> bool:
        return not (
            self.differing_types
            or self.only_here
            or self.only_there
            or self.rows != self.other_rows
        )


def compare(name: str, here: Path, there: Path, spill: Path) -> Comparison:
    """Compare all rows of one table as bags: an equal row that is there twice counts twice.

    Args:
        here, there: a Parquet file, or a folder that holds some, in folders of their own where they
            are parts of a table (`post_month=2025-07-01`).
        spill: where DuckDB puts what has no room in memory.
    """
    with duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": str(spill)}) as engine:
        for side, path in (("here", here), ("there", there)):
            files = str(path / "**" / "*.parquet") if path.is_dir() else str(path)
            reading = engine.read_parquet(files, hive_partitioning=path.is_dir())
            reading.create_view(side)
        types = [_types(engine, side) for side in ("here", "there")]
        rows, other_rows = (_count(engine, f"from {side}") for side in ("here", "there"))
        differing = [
            f"{column}: {types[0].get(column)}, {types[1].get(column)}"
            for column in sorted(types[0].keys() | types[1].keys())
            if types[0].get(column) != types[1].get(column)
        ]
        columns = ", ".join(f'"{column}"' for column in types[0] if column in types[1])
        one, other = (f"select {columns} from {side}" for side in ("here", "there"))
        return Comparison(
            name,
            rows,
            other_rows,
            differing,
            _count(engine, f"from ({one} except all {other})"),
            _count(engine, f"from ({other} except all {one})"),
        )


def _types(engine: duckdb.DuckDBPyConnection, side: str) -> dict[str, str]:
    described = engine.execute(f"describe {side}").fetchall()
    return {str(row[0]): str(row[1]) for row in described}


def _count(engine: duckdb.DuckDBPyConnection, source: str) -> int:
    found = engine.execute(f"select count(*) {source}").fetchone()
    assert found
    return int(found[0])
