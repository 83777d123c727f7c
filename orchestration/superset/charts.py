"""The charts: what each shows of a report, and how.

What belongs here: a chart's columns, metrics and looks. What does not: where it stands and which
filters reach it (`dashboard.py`), and what a metric is (`datasets.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from orchestration.publication.labels import GRADES, STATES
from orchestration.superset.identity import identity


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of the dashboard."""

    name: str
    title: str
    #: What it says and what it does not, in Indonesian.
    meaning: str
    #: Superset's `viz_type`.
    kind: str
    dataset: str
    #: Superset's settings of that kind.
    settings: dict[str, Any]


#: Colours that tell good evidence from bad also to those who don't see red and green.
_GOOD, _FAIR, _POOR, _BAD, _NONE = "#2a7f9e", "#7fc1c7", "#e8a33d", "#c8553d", "#9a9a9a"
COLOURS = {
    "Instagram": "#b5477d",
    "Facebook": "#3566b0",
    "X": "#4b4f56",
    "TikTok": "#2aa198",
    "YouTube": "#d0523f",
    **dict(
        zip(
            [words.indonesian for words in GRADES.values()],
            [_GOOD, _FAIR, _POOR, _BAD, _NONE],
            strict=True,
        )
    ),
    **dict(
        zip([words.indonesian for words in STATES.values()], [_GOOD, _POOR, _BAD], strict=True)
    ),
}


def _total(name: str, title: str, meaning: str, metric: str, number_format: str) -> Chart:
    settings = {
        "metric": metric,
        "header_font_size": 0.4,
        "subheader_font_size": 0.15,
        "y_axis_format": number_format,
    }
    return Chart(name, title, meaning, "big_number_total", "rpt_post", settings)


_EDITION = Chart(
    "edisi",
    "Edisi yang ditampilkan",
    "Status edisi bulan ini. sementara: bulan belum ditetapkan, peringkat masih dapat berubah.",
    "table",
    "rpt_ranking",
    {
        "query_mode": "aggregate",
        "groupby": ["month_name", "status_name"],
        "metrics": ["month_coverage_percent", "month_evidence_percent"],
        "row_limit": 10,
        "order_desc": False,
        "show_cell_bars": False,
        "column_config": {
            "month_coverage_percent": {"d3NumberFormat": "d"},
            "month_evidence_percent": {"d3NumberFormat": "d"},
        },
    },
)
_RANKING = Chart(
    "peringkat",
    "Peringkat bulan ini",
    "Di samping setiap peringkat: rentang peringkat yang kemungkinan besar dimiliki kantor. Data "
    "yang belum lengkap dapat menambah skor. tidak pasti: belum terbukti naik atau turun.",
    "table",
    "rpt_ranking",
    {
        "query_mode": "raw",
        "all_columns": [
            "rank",
            "office_short_name",
            "likely_ranks",
            "move",
            "score",
            "post_count",
            "completeness_name",
        ],
        "order_by_cols": ['["rank", true]', '["office_id", true]'],
        "row_limit": 1000,
        "server_page_length": 10,
        "include_search": False,
        "table_timestamp_format": "%Y-%m-%d",
        "show_cell_bars": False,
        "color_pn": False,
        "column_config": {
            "rank": {"d3NumberFormat": "d", "horizontalAlign": "center"},
            "likely_ranks": {"horizontalAlign": "center"},
            "score": {"d3NumberFormat": ",d"},
            "post_count": {"d3NumberFormat": ",d"},
        },
    },
)
_MOVEMENT = Chart(
    "pergerakan",
    "Peringkat tiap bulan",
    "Peringkat setiap kantor pada bulan-bulan yang terbit. Warna lebih tua: peringkat lebih baik.",
    "pivot_table_v2",
    "rpt_ranking",
    {
        "groupbyRows": ["office_short_name"],
        "groupbyColumns": ["month_code"],
        "metrics": ["rank_of_one"],
        "metricsLayout": "COLUMNS",
        "aggregateFunction": "Minimum",
        "rowOrder": "key_a_to_z",
        "colOrder": "key_a_to_z",
        "valueFormat": "d",
        "row_limit": 10000,
        "order_desc": True,
    },
)


def _pie(name: str, title: str, meaning: str, dataset: str, column: str, metric: str) -> Chart:
    settings = {
        "groupby": [column],
        "metric": metric,
        "row_limit": 100,
        "sort_by_metric": True,
        "color_scheme": "supersetColors",
        "donut": True,
        "innerRadius": 45,
        "outerRadius": 70,
        "label_type": "key_percent",
        "labels_outside": True,
        "label_line": True,
        "show_labels": True,
        "show_labels_threshold": 0,
        "show_legend": False,
        "number_format": ",d",
    }
    return Chart(name, title, meaning, "pie", dataset, settings)


_PLATFORMS = _pie(
    "platform",
    "Unggahan menurut platform",
    "Unggahan yang terhitung menurut aturan, menurut platformnya.",
    "rpt_post",
    "platform_name",
    "counted_posts",
)
_EVIDENCE = _pie(
    "bukti",
    "Unggahan menurut mutu bukti",
    "Dari ekspor mana nilai setiap unggahan diketahui. ekspor terlambat: diamati hanya sesudah "
    "jendela waktu aturan, sehingga nilainya diperkirakan.",
    "rpt_post",
    "grade_name",
    "counted_posts",
)
_COVERAGE = Chart(
    "kelengkapan",
    "Akun menurut kelengkapan ekspor",
    "Apakah ekspor mencakup seluruh bulan, untuk setiap akun terdaftar semua kategori satuan "
    "kerja. Akun yang tidak lengkap dapat menyembunyikan unggahan.",
    "echarts_timeseries_bar",
    "rpt_coverage",
    {
        "x_axis": "platform_name",
        "metrics": ["accounts"],
        "groupby": ["state_name"],
        "orientation": "horizontal",
        "stack": "Stack",
        "row_limit": 1000,
        "x_axis_sort_asc": True,
        "color_scheme": "supersetColors",
        "show_legend": True,
        "legendType": "plain",
        "legendOrientation": "top",
        "show_value": True,
        "only_total": False,
        "y_axis_format": ",d",
        "rich_tooltip": True,
    },
)
_DAYS = Chart(
    "unggahan-per-hari",
    "Unggahan per hari",
    "Unggahan yang terhitung, menurut hari terbitnya dalam zona waktu aturan.",
    "echarts_timeseries_bar",
    "rpt_post",
    {
        "x_axis": "local_date",
        "time_grain_sqla": "P1D",
        "metrics": ["counted_posts"],
        "groupby": ["platform_name"],
        "stack": "Stack",
        "row_limit": 10000,
        "color_scheme": "supersetColors",
        "show_legend": True,
        "legendType": "plain",
        "legendOrientation": "top",
        "x_axis_time_format": "%d/%m",
        "y_axis_format": ",d",
        "rich_tooltip": True,
    },
)
CHARTS = (
    _EDITION,
    _total(
        "unggahan",
        "Unggahan terhitung",
        "Yang dihitung Akun Teraktif.",
        "counted_posts",
        ",d",
    ),
    _total(
        "interaksi",
        "Interaksi",
        "Yang dijumlahkan Akun Terpopuler. Satuan: interaksi berbobot.",
        "interactions",
        ",d",
    ),
    _total(
        "interaksi-per-unggahan",
        "Interaksi per unggahan",
        "Interaksi dibagi unggahan terhitung.",
        "interactions_per_post",
        ",.1f",
    ),
    _RANKING,
    _MOVEMENT,
    _PLATFORMS,
    _EVIDENCE,
    _COVERAGE,
    _DAYS,
)


def documents() -> dict[str, dict[str, Any]]:
    """What the bundle says of each chart."""
    return {chart.name: _document(chart) for chart in CHARTS}


def _document(chart: Chart) -> dict[str, Any]:
    return {
        "slice_name": chart.title,
        "description": chart.meaning,
        "viz_type": chart.kind,
        "params": {"viz_type": chart.kind, "adhoc_filters": [], **chart.settings},
        "query_context": None,
        "cache_timeout": None,
        "uuid": identity("chart", chart.name),
        "dataset_uuid": identity("dataset", chart.dataset),
        "version": "1.0.0",
    }
