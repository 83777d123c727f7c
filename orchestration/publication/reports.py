"""The reports for BI: the tables `rpt_…` of `published/current`, of the newest editions.

What belongs here: running the models of `dbt_project/models/reports/` on published tables. What
does not: what a report says, which is those models', and how a set is written (`newest.py`).

A report is no part of an edition: it compares a month with the one before, and must do so with what
is published of that. So dbt builds the models on the warehouse, where contracts and tests hold
them, and readers get the rows that the same SQL gives on editions. It is plain for that: `ref` is
all of dbt that it may call.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cache

import duckdb
import polars as pl
from jinja2 import Environment, StrictUndefined

from orchestration.publication import dictionary
from orchestration.publication.bulletin.beside_words import LABELS
from orchestration.publication.bulletin.previous import month_before
from orchestration.publication.editions import Edition
from orchestration.publication.labels import (
    CATEGORIES,
    COMPLETE,
    GRADES,
    INCOMPLETE,
    LEAGUES,
    STATES,
    STATUSES,
)

#: Each report after those that it reads; it is sorted by the columns named, a total order.
REPORTS: dict[str, tuple[str, ...]] = {
    "rpt_office": ("office_id",),
    "rpt_ranking": ("league", "category", "rank", "office_id"),
    "rpt_post": ("office_id", "platform", "post_id"),
    "rpt_office_month": ("league", "office_id"),
    "rpt_coverage": ("office_id", "platform", "account_id"),
    "rpt_opinion": ("office_id", "label"),
}
#: What each row of a report tells besides: of which edition it is.
OWN_COLUMNS = {
    "edition_id": "The edition that the row is of: month, status and number.",
    "status": "provisional: the month is not settled; final: it is; revised: a correction of a "
    "final edition.",
    "status_name": "The status in Indonesian: sementara, final, perbaikan.",
}
#: Each name in Indonesian that has a twin in English: the column of its code, and code to name.
_ENGLISH: dict[str, tuple[str, Mapping[str, str] | Mapping[bool, str]]] = {
    "status_name": ("status", {code: words.english for code, words in STATUSES.items()}),
    "league_name": ("league", {code: words.english for code, words in LEAGUES.items()}),
    "category_name": ("category", {code: words.english for code, words in CATEGORIES.items()}),
    "completeness_name": ("is_complete", {True: COMPLETE.english, False: INCOMPLETE.english}),
    "grade_name": ("grade", {code: words.english for code, words in GRADES.items()}),
    "state_name": ("state", {code: words.english for code, words in STATES.items()}),
    "label_name": ("label", {code: english for code, (_, english) in LABELS.items()}),
}


def reports(
    newest: Mapping[str, Edition], tables: Mapping[str, pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    """The reports of some months.

    Args:
        newest: month (`2025-08`) to its newest edition.
        tables: those of all these editions, with `edition_id`; of older ones some are missing.

    Returns:
        Each of `REPORTS` with `OWN_COLUMNS`, in the order of months. After a code's name in
        Indonesian, such as `league_name`, stands the one in English, `league_name_en`.
    """
    found: dict[str, list[pl.DataFrame]] = {name: [] for name in REPORTS}
    for month, edition in newest.items():
        first_day = date.fromisoformat(f"{month}-01")
        before = newest.get(f"{month_before(first_day):%Y-%m}")
        for name, rows in _of_month(first_day, edition, before, tables).items():
            found[name].append(rows)
    return {name: pl.concat(parts) for name, parts in found.items()}


def columns(name: str) -> dict[str, str]:
    """The columns of a report in their order, each with its type in DuckDB."""
    types = dict.fromkeys(OWN_COLUMNS, "varchar")
    types |= {each["name"]: each["data_type"] for each in dictionary.tables()[name]["columns"]}
    found = {}
    for column, type_ in types.items():
        found[column] = type_
        if column in _ENGLISH:
            found[f"{column}_en"] = "varchar"
    return found


def fingerprint() -> str:
    """A hash of what the reports are made by."""
    return hashlib.sha256("\n".join(_sql(name) for name in REPORTS).encode()).hexdigest()


def descriptions() -> dict[str, dict[str, str]]:
    """What the reports and their columns mean, as `dictionary.meanings`."""
    meanings = dictionary.meanings()
    english = {f"{name}_en": f"`{name}` in English." for name in _ENGLISH}
    return {name: {**meanings[name], **OWN_COLUMNS, **english} for name in REPORTS}


def _of_month(
    first_day: date, edition: Edition, before: Edition | None, tables: Mapping[str, pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    own = pl.col("edition_id") == edition.edition_id
    # The month before is there for its ranks alone.
    ranked = own | (pl.col("edition_id") == before.edition_id) if before else own
    found = {}
    with duckdb.connect(config={"threads": 1}) as engine:
        for name in sorted(_sources()):
            rows = tables.get(name, pl.DataFrame())
            if rows.width:
                rows = rows.filter(ranked if name == "rank_monthly" else own)
            _offer(engine, name, rows)
        for name, order in REPORTS.items():
            engine.execute(f"create table {name} as {_sql(name)}")
            rows = engine.execute(f"from {name} where month = $month", {"month": first_day}).pl()
            status = STATUSES[edition.status]
            told = rows.select(
                pl.lit(edition.edition_id).alias("edition_id"),
                pl.lit(edition.status).alias("status"),
                pl.lit(status.indonesian).alias("status_name"),
                pl.exclude("edition_id"),
            ).sort(*order, nulls_last=True)
            found[name] = _with_english(told)
    return found


def _with_english(rows: pl.DataFrame) -> pl.DataFrame:
    """Each name in Indonesian with its twin after it; of a code without one the code."""
    columns = []
    for name in rows.columns:
        columns.append(pl.col(name))
        if name in _ENGLISH:
            code, names = _ENGLISH[name]
            english = pl.col(code).replace_strict(
                names, default=pl.col(code).cast(pl.String), return_dtype=pl.String
            )
            columns.append(english.alias(f"{name}_en"))
    return rows.select(columns)


def _offer(engine: duckdb.DuckDBPyConnection, name: str, rows: pl.DataFrame) -> None:
    """Make a table as its model describes it; what an older edition lacks of it is null."""
    if not rows.width:
        rows = pl.DataFrame({"edition_id": pl.Series(dtype=pl.String)})
    engine.register(f"rows_of_{name}", rows.to_arrow())
    columns = ", ".join(
        f"cast({column['name'] if column['name'] in rows.columns else 'null'} "
        f"as {column['data_type']}) as {column['name']}"
        for column in dictionary.tables()[name]["columns"]
    )
    engine.execute(f"create view {name} as select {columns} from rows_of_{name}")


@cache
def _sources() -> frozenset[str]:
    """The tables of editions that the reports read."""
    read: set[str] = set()
    for name in REPORTS:
        _render(name, read)
    return frozenset(read - REPORTS.keys())


@cache
def _sql(name: str) -> str:
    """A report's SQL, with tables under their own names."""
    return _render(name, set())


def _render(name: str, read: set[str]) -> str:
    """A report's SQL; the tables that it reads are added to `read`."""

    def ref(table: str) -> str:
        read.add(table)
        return table

    text = (dictionary.MODELS / "reports" / f"{name}.sql").read_text("utf-8")
    return Environment(undefined=StrictUndefined).from_string(text).render(ref=ref)
