"""The datasets: the reports `rpt_…`, with headings, meanings, metrics and columns that are made.

What belongs here: what Superset is told of a table. What does not: a table with several policies,
where a plain sum would count a post twice; only reports are datasets. What may be summed is in
`metrics.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from babel.dates import get_month_names

from orchestration.publication import dictionary, labels
from orchestration.publication.reports import REPORTS, columns
from orchestration.superset.identity import identity
from orchestration.superset.metrics import Metric, metrics
from orchestration.superset.words import heading

_MONTHS = tuple(get_month_names("wide", locale="id").values())
#: The times of a report's rows; else it is the month.
_TIMES = {"rpt_post": "local_date"}


@dataclass(frozen=True, slots=True)
class Made:
    """A column that Superset makes from others of the row."""

    name: str
    heading: str
    meaning: str
    #: SQL of DuckDB.
    expression: str


_MONTH_NAME = Made(
    "month_name",
    "Bulan",
    "Bulan, dengan namanya.",
    "case month(month) "
    + " ".join(f"when {number} then '{name}'" for number, name in enumerate(_MONTHS, start=1))
    + " end || ' ' || year(month)",
)
#: Its own name is Indonesian, for a pivot table shows that above columns.
_MONTH_CODE = Made(
    "bulan", "Bulan (2025-08)", "Bulan sebagai tahun dan angka.", "strftime(month, '%Y-%m')"
)
_LIKELY = Made(
    "likely_ranks",
    "Kemungkinan besar",
    labels.MEANINGS["likely_ranks"].indonesian,
    "case when rank_likely_best = rank_likely_worst then cast(rank_likely_best as varchar) "
    "else rank_likely_best || ' s.d. ' || rank_likely_worst end",
)
#: A move that is not certain is no zero, and without a month before there is nothing to compare.
_MOVE = Made(
    "move",
    "Dari bulan lalu",
    "Naik atau turun berapa peringkat sejak bulan sebelumnya. tidak pasti: rentang peringkat kedua "
    "bulan beririsan, atau ekspor kantor ada yang belum lengkap pada salah satunya. –: bulan "
    "sebelumnya tidak dapat dibandingkan.",
    "case when previous_rank is null then '–' "
    "when places_gained_count is null then 'tidak pasti' "
    "when places_gained_count = 0 then 'tetap' "
    "when places_gained_count > 0 then '▲ naik ' || places_gained_count "
    "else '▼ turun ' || -places_gained_count end",
)
_MADE = {"rpt_ranking": (_LIKELY, _MOVE)}


def _of_one_row(name: str, label: str, column: str) -> Metric:
    return Metric(
        name,
        label,
        "Kosong jika barisnya lebih dari satu: peringkat tidak dijumlahkan dan tidak dirata-rata.",
        f"case when count(*) = 1 then max({column}) end",
    )


def _of_the_month(column: str) -> Metric:
    return Metric(
        f"month_{column}",
        heading(column),
        "Kosong jika barisnya dari beberapa bulan yang berbeda.",
        f"case when count(distinct {column}) = 1 then max({column}) end",
    )


#: What is no sum, and so has no place in the semantic layer.
_SINGLE = {
    "rpt_ranking": [
        _of_one_row("rank_of_one", "Peringkat", "rank"),
        _of_one_row("places_gained_of_one", "Naik (+) atau turun (-)", "places_gained_count"),
        _of_the_month("coverage_percent"),
        _of_the_month("evidence_percent"),
        Metric(
            "newest_month",
            "Bulan terbaru",
            "Hanya untuk mengurutkan bulan.",
            "max(month)",
        ),
    ]
}


def documents() -> dict[str, dict[str, Any]]:
    """What the bundle says of each report."""
    return {name: _document(name) for name in REPORTS}


def made(name: str) -> tuple[Made, ...]:
    """The columns that a report has in Superset alone."""
    return (_MONTH_NAME, _MONTH_CODE, *_MADE.get(name, ()))


def _document(name: str) -> dict[str, Any]:
    meanings = {**dictionary.meanings("id")[name], **_OWN}
    published = [_published(column, type_, meanings) for column, type_ in columns(name).items()]
    extra = [
        _column(each.name, each.heading, each.meaning, "varchar", each.expression)
        for each in made(name)
    ]
    return {
        "table_name": name,
        "main_dttm_col": _TIMES.get(name, "month"),
        "description": meanings[""],
        "schema": "main",
        "sql": None,
        "filter_select_enabled": True,
        "uuid": identity("dataset", name),
        "metrics": [_metric(each) for each in metrics().get(name, []) + _SINGLE.get(name, [])],
        "columns": published + extra,
        "version": "1.0.0",
    }


_OWN = {
    "edition_id": labels.MEANINGS["edition_id"].indonesian,
    "status": labels.MEANINGS["status"].indonesian,
    "status_name": labels.MEANINGS["status"].indonesian,
}


def _published(name: str, type_: str, meanings: Mapping[str, str]) -> dict[str, Any]:
    indonesian = name.removesuffix("_en")
    if indonesian != name:
        meaning = f"`{indonesian}` dalam bahasa Inggris."
        return _column(name, f"{heading(indonesian)} (Inggris)", meaning, type_)
    return _column(name, heading(name), meanings[name], type_)


def _column(
    name: str, label: str, meaning: str, type_: str, expression: str | None = None
) -> dict[str, Any]:
    is_time = type_ in ("date", "timestamp")
    return {
        "column_name": name,
        "verbose_name": label,
        "description": meaning,
        "type": type_.upper(),
        "is_dttm": is_time,
        "is_active": True,
        "groupby": True,
        "filterable": True,
        "expression": expression,
    }


def _metric(metric: Metric) -> dict[str, Any]:
    return {
        "metric_name": metric.name,
        "verbose_name": metric.label,
        "description": metric.meaning,
        "expression": metric.expression,
    }
