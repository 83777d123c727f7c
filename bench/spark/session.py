"""dbt in a Spark session: `python bench/spark/session.py MASTER FOLDER`.

Runs in an environment of its own (`requirements.txt`), in which there is no Kurasi. Reads the
folder's `lake`; writes the tables to `tables`, and what they are to `metastore`, so that the next
session replaces months in them; what readers get and has no files, as views, to `views`, the event
log to `events`, what dbt says to `dbt`.

What belongs here: the settings of the session, and the functions that Spark lacks. What does not:
the cluster (`cluster.py`), and SQL (`dbt_project/macros/spark.sql`).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from dbt.adapters.spark.connections import SparkCredentials
from dbt.cli.main import dbtRunner
from pyspark.sql import SparkSession

_PROJECT = Path(__file__).parents[2] / "dbt_project"
#: How the names of the marts and the rankings begin.
_READ = ("agg_", "dim_", "fct_", "obt_", "rank_")
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.executor.memory": "2g",
    "spark.sql.shuffle.partitions": "8",
    # So the next session knows the tables of this one.
    "spark.sql.catalogImplementation": "hive",
    # A number without room is an error and never another number.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    # A backslash in a string is a backslash.
    "spark.sql.parser.escapedStringLiterals": "true",
    "spark.eventLog.enabled": "true",
    "spark.eventLog.compress": "false",
}


def main() -> int:
    master, folder = sys.argv[1], Path(sys.argv[2])
    (folder / "events").mkdir(exist_ok=True)
    builder = SparkSession.builder.master(master).appName("kurasi")
    for name, value in _SETTINGS.items():
        builder = builder.config(name, value)
    builder = builder.config("spark.sql.warehouse.dir", str(folder / "tables"))
    builder = builder.config("spark.eventLog.dir", (folder / "events").as_uri())
    metastore = f"jdbc:derby:;databaseName={folder / 'metastore'};create=true"
    builder = builder.config("spark.hadoop.javax.jdo.option.ConnectionURL", metastore)
    derby_log = f"-Dderby.stream.error.file={folder / 'derby.log'}"
    builder = builder.config("spark.driver.extraJavaOptions", derby_log)
    session = builder.getOrCreate()
    session.udf.register("edit_count", edit_count, "bigint")
    _keep_ansi()
    os.environ["KURASI_HOME"] = str(folder)
    words = ["run", "--target", "spark", "--project-dir", str(_PROJECT)]
    words += ["--profiles-dir", str(_PROJECT), "--target-path", str(folder / "dbt")]
    words += ["--log-path", str(folder / "dbt"), "--exclude", "path:models/reports"]
    result = dbtRunner().invoke(words)
    if result.success:
        _write_views(session, folder / "tables" / "kurasi.db", folder / "views")
    session.stop()
    return 0 if result.success else 1


def _write_views(session: SparkSession, tables: Path, folder: Path) -> None:
    """What readers get and has no files of its own: views, and tables without any month."""
    for table in session.catalog.listTables("kurasi"):
        if table.name.startswith(_READ) and not any((tables / table.name).rglob("*.parquet")):
            session.table(f"kurasi.{table.name}").write.parquet(str(folder / table.name))


def _keep_ansi() -> None:
    """dbt-spark 1.11 turns ANSI off with every statement, and a number without room would wrap."""
    prepare = SparkCredentials.__post_init__

    def prepare_with_ansi(credentials: SparkCredentials) -> None:
        prepare(credentials)
        credentials.server_side_parameters["spark.sql.ansi.enabled"] = "true"

    SparkCredentials.__post_init__ = prepare_with_ansi


def edit_count(text: str | None, other: str | None) -> int | None:
    """How many letters are missing, too many, wrong or swapped (Damerau and Levenshtein)."""
    if text is None or other is None:
        return None
    most = len(text) + len(other)
    rows: list[list[int]] = [[most] * (len(other) + 2), [most, *range(len(other) + 1)]]
    last_row: dict[str, int] = {}
    for row, letter in enumerate(text, 1):
        counts, last_match = [most, row], 0
        for column, other_letter in enumerate(other, 1):
            swap_row = last_row.get(other_letter, 0)
            swap = rows[swap_row][last_match] + (row - swap_row) + (column - last_match) - 1
            if letter == other_letter:
                last_match, change = column, 0
            else:
                change = 1
            counts.append(
                min(rows[row][column] + change, counts[-1] + 1, rows[row][column + 1] + 1, swap)
            )
        last_row[letter] = row
        rows.append(counts)
    return rows[-1][-1]


if __name__ == "__main__":
    sys.exit(main())
