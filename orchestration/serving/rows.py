"""The rows of a Parquet file in the form that PostgreSQL's `COPY` reads.

What belongs here: the type that a column gets on the server, and the text of its values. What does
not: where they are copied to (`tables.py`).

Text and not CSV, for there a line `\\.` inside a value would end the copy on servers before 18.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

#: So many rows are in memory at once.
_BATCH = 50_000
_NULL = "\\N"
_QUOTE = '"'
#: What has a meaning in the text form; and of U+0000, which PostgreSQL can't hold, its picture.
_ESCAPED = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\u2400"}
_ESCAPED_IN_ARRAY = {"\\": "\\\\", _QUOTE: "\\" + _QUOTE}


def columns_of(path: Path) -> dict[str, str]:
    """The columns of a Parquet file, each with its type as PostgreSQL's `format_type` spells it."""
    schema = pl.scan_parquet(path, glob=False).collect_schema()
    return {name: _type(name, type_) for name, type_ in schema.items()}


def _type(name: str, type_: pl.DataType) -> str:
    match type_:
        case pl.String():
            return "text"
        case pl.Boolean():
            return "boolean"
        case pl.UInt64():
            return "numeric(20,0)"
        case _ if type_.is_integer():
            # One width for all: a published column may become wider.
            return "bigint"
        case _ if type_.is_float():
            return "double precision"
        case pl.Decimal(precision=precision, scale=scale):
            return f"numeric({precision},{scale})"
        case pl.Date():
            return "date"
        case pl.Datetime(time_zone=None):  # UTC, as every instant in Kurasi
            return "timestamp with time zone"
        case pl.List(inner=pl.DataType() as inner):
            return f"{_type(name, inner)}[]"
    raise TypeError(f"{name}: no type of PostgreSQL is known for {type_}")


def batches(path: Path, set_id: str) -> Iterator[tuple[int, bytes]]:
    """The rows of a Parquet file, some at a time: how many, and their text after a set's ID."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=_BATCH):
            rows = pl.DataFrame(batch).select(pl.lit(set_id).alias("set_id"), pl.all())
            yield rows.height, _text(rows)


def _text(rows: pl.DataFrame) -> bytes:
    lists = [name for name, type_ in rows.schema.items() if isinstance(type_, pl.List)]
    return (
        rows.with_columns(_array(name) for name in lists)
        .with_columns(_replaced(pl.col(pl.String), _ESCAPED))
        .write_csv(
            include_header=False,
            separator="\t",
            quote_style="never",
            null_value=_NULL,
            datetime_format="%Y-%m-%dT%H:%M:%S%.6fZ",
        )
        .encode()
    )


def _array(column: str) -> pl.Expr:
    """A list as PostgreSQL writes an array: `{"a","b",NULL}`."""
    element = _replaced(pl.element().cast(pl.String), _ESCAPED_IN_ARRAY)
    quoted = pl.concat_str(pl.lit(_QUOTE), element, pl.lit(_QUOTE)).fill_null("NULL")
    return pl.concat_str(
        pl.lit("{"), pl.col(column).list.eval(quoted).list.join(","), pl.lit("}")
    ).alias(column)


def _replaced(text: pl.Expr, words: dict[str, str]) -> pl.Expr:
    return text.str.replace_many(list(words), list(words.values()))
