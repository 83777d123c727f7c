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
_STATES = {"complete": _GOOD, "partial": _POOR, "missing": _BAD}
_GRADES = {"exact": _GOOD, "interpolated": _FAIR, "late": _POOR, "early": _BAD, "none": _NONE}
#: The colour of each name that a chart shows.
COLOURS = {
    "Instagram": "#b5477d",
    "Facebook": "#3566b0",
    "X": "#4b4f56",
    "TikTok": "#2aa198",
    "YouTube": "#d98c5f",
}
COLOURS |= {GRADES[code].indonesian: colour for code, colour in _GRADES.items()}
COLOURS |= {STATES[code].indonesian: colour for code, colour in _STATES.items()}


def _total(name: str, title: str, meaning: str, metric: str) -> Chart:
    settings = {
        "metric": metric,
        "header_font_size": 0.4,
        "subheader_font_size": 0.15,
        "y_axis_format": ",d",
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
            "month_name": {"columnWidth": 130},
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
            "completeness_name",
        ],
        "order_by_cols": ['["rank", true]', '["office_id", true]'],
        "row_limit": 1000,
        "include_search": False,
        "show_cell_bars": False,
        "color_pn": False,
        "column_config": {
            "rank": {"d3NumberFormat": "d", "horizontalAlign": "center", "columnWidth": 70},
            "office_short_name": {"columnWidth": 200},
            "likely_ranks": {"horizontalAlign": "center", "columnWidth": 110},
            "move": {"columnWidth": 95},
            "score": {"d3NumberFormat": ",d", "columnWidth": 55},
            "completeness_name": {"columnWidth": 90},
        },
    },
)
_MOVEMENT = Chart(
    "pergerakan",
    "Peringkat tiap bulan",
    "Peringkat setiap kantor pada bulan-bulan yang terbit. Warna lebih tua: peringkat lebih bawah.",
    "pivot_table_v2",
    "rpt_ranking",
    {
        "groupbyRows": ["office_short_name"],
        "groupbyColumns": ["bulan"],
        "metrics": ["rank_of_one"],
        "metricsLayout": "COLUMNS",
        "aggregateFunction": "Minimum",
        "rowOrder": "key_a_to_z",
        "colOrder": "key_z_to_a",
        "valueFormat": "d",
        "row_limit": 10000,
        "order_desc": True,
        "conditional_formatting": [
            {"column": "rank_of_one", "operator": "None", "colorScheme": "#b8842e"}
        ],
    },
)


_BARS = {
    "orientation": "horizontal",
    "stack": "Stack",
    "row_limit": 1000,
    "x_axis_sort_asc": True,
    "color_scheme": "supersetColors",
    "show_legend": True,
    "legendType": "plain",
    "legendOrientation": "top",
    "rich_tooltip": True,
}
_PLATFORMS = Chart(
    "platform",
    "Unggahan menurut platform",
    "Unggahan yang terhitung menurut aturan, menurut platformnya.",
    "echarts_timeseries_bar",
    "rpt_post",
    {
        **_BARS,
        "x_axis": "platform_name",
        "metrics": ["counted_posts"],
        "y_axis_format": ",d",
        "show_legend": False,
        "show_value": True,
    },
)
_EVIDENCE = Chart(
    "bukti",
    "Mutu bukti: bagian unggahan",
    "Dari ekspor mana nilai unggahan diketahui, sebagai bagian unggahan setiap platform. dari dua "
    "ekspor: diamati sebelum dan sesudah jendela waktu aturan. ekspor terlambat: diamati hanya "
    "sesudahnya, sehingga nilainya diperkirakan.",
    "echarts_timeseries_bar",
    "rpt_post",
    {
        **_BARS,
        "x_axis": "platform_name",
        "metrics": ["counted_posts"],
        "groupby": ["grade_name"],
        "contributionMode": "row",
        "legendType": "scroll",
        "y_axis_format": ".0%",
    },
)
_COVERAGE = Chart(
    "kelengkapan",
    "Kelengkapan ekspor akun",
    "Apakah ekspor mencakup seluruh bulan, untuk setiap akun terdaftar dari semua kategori satuan "
    "kerja. Unggahan akun yang tidak lengkap mungkin belum terhitung.",
    "echarts_timeseries_bar",
    "rpt_coverage",
    {
        **_BARS,
        "x_axis": "platform_name",
        "metrics": ["accounts"],
        "groupby": ["state_name"],
        "y_axis_format": ",d",
        "show_value": True,
        "only_total": True,
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
    _total("unggahan", "Unggahan", "Yang dihitung Akun Teraktif.", "counted_posts"),
    _total(
        "interaksi",
        "Interaksi",
        "Yang dijumlahkan Akun Terpopuler. Satuan: interaksi berbobot.",
        "interactions",
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
