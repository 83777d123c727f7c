"""What can be known of the second engine without Spark: the whole is `make spark-check`."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from bench.spark.compare import compare
from orchestration.shipped import DBT_PROJECT

TABLE = pl.DataFrame(
    {"office": ["a", "a", "b"], "score": [1, 1, None], "ratio": [Decimal("0.10")] * 3}
)


@pytest.mark.parametrize(
    ("other", "differing_types", "rows_of_their_own"),
    [
        (TABLE.reverse(), [], (0, 0)),
        # A row that is there once instead of twice, and one that is there once more.
        (pl.concat([TABLE[1:], TABLE[2:]]), [], (1, 1)),
        # Null is no zero.
        (TABLE.with_columns(pl.col("score").fill_null(0)), [], (1, 1)),
        (TABLE.cast({"score": pl.Int32}), ["score: BIGINT, INTEGER"], (0, 0)),
        (TABLE.drop("ratio"), ["ratio: DECIMAL(3,2), None"], (0, 0)),
    ],
    ids=["another order", "how often", "null", "a type", "a column"],
)
def test_values_types_and_how_often_a_row_is_there(
    tmp_path: Path,
    other: pl.DataFrame,
    differing_types: list[str],
    rows_of_their_own: tuple[int, int],
) -> None:
    TABLE.cast({"ratio": pl.Decimal(3, 2)}).write_parquet(tmp_path / "here.parquet")
    there = tmp_path / "there"
    there.mkdir()
    dtypes = {"ratio": pl.Decimal(3, 2)} if "ratio" in other.columns else {}
    for number, row in enumerate(other.cast(dtypes).iter_slices(1)):
        row.write_parquet(there / f"part-{number}.parquet")
    found = compare("t", tmp_path / "here.parquet", there, tmp_path / "spill")
    assert found.differing_types == differing_types
    assert (found.only_here, found.only_there) == rows_of_their_own
    assert found.is_equal == (not differing_types and rows_of_their_own == (0, 0))


def test_whatever_engines_say_differently_is_said_for_spark_too() -> None:
    macros = DBT_PROJECT / "macros"
    all_words = "".join(path.read_text() for path in macros.glob("*.sql"))
    defaults = set(re.findall(r"macro default__(\w+)", all_words))
    said = set(re.findall(r"macro spark__(\w+)", (macros / "spark.sql").read_text()))
    assert defaults
    assert defaults <= said
