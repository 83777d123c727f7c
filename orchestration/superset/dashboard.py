"""The dashboard: where each chart stands, and which filter reaches it.

What belongs here: rows, widths, heights, filters. What does not: what a chart shows (`charts.py`).
"""

from __future__ import annotations

from typing import Any

from orchestration.superset.charts import CHARTS, COLOURS
from orchestration.superset.identity import identity

_TITLE = "Kurasi: Akun Teraktif dan Akun Terpopuler"
#: Charts from left to right, each with its width of twelve; the height is in units of 8 pixels.
_ROWS: tuple[tuple[int, dict[str, int]], ...] = (
    (20, {"edisi": 6, "unggahan": 3, "interaksi": 3}),
    (76, {"peringkat": 8, "pergerakan": 4}),
    (34, {"platform": 3, "bukti": 5, "kelengkapan": 4}),
    (42, {"unggahan-per-hari": 12}),
)
#: A month above a column stays in one line.
_CSS = ".pvtTable .pvtColLabel { white-space: nowrap; padding: 4px; }"
_NUMBERS = {chart.name: number for number, chart in enumerate(CHARTS, start=1)}
_BY_NAME = {chart.name: chart for chart in CHARTS}


def document() -> dict[str, Any]:
    """What the bundle says of the dashboard."""
    return {
        "dashboard_title": _TITLE,
        "description": "Peringkat, pergerakan, platform, mutu bukti, dan kelengkapan ekspor dari "
        "edisi yang terbit.",
        "css": _CSS,
        "slug": "kurasi",
        "published": True,
        "uuid": identity("dashboard", "kurasi"),
        "position": _position(),
        "metadata": {
            "native_filter_configuration": _filters(),
            "label_colors": COLOURS,
            "color_scheme": "supersetColors",
            "cross_filters_enabled": False,
            "refresh_frequency": 0,
            "expanded_slices": {},
            "timed_refresh_immune_slices": [],
        },
        "version": "1.0.0",
    }


def _position() -> dict[str, Any]:
    """The tree of rows and charts, by their IDs in it."""
    rows = [f"ROW-{number}" for number in range(1, len(_ROWS) + 1)]
    found: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "children": rows, "parents": ["ROOT_ID"]},
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": _TITLE}},
    }
    for row, (height, widths) in zip(rows, _ROWS, strict=True):
        parents = ["ROOT_ID", "GRID_ID"]
        found[row] = {
            "type": "ROW",
            "id": row,
            "children": [f"CHART-{name}" for name in widths],
            "parents": parents,
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        for name, width in widths.items():
            found[f"CHART-{name}"] = {
                "type": "CHART",
                "id": f"CHART-{name}",
                "children": [],
                "parents": [*parents, row],
                "meta": {
                    "chartId": _NUMBERS[name],
                    "uuid": identity("chart", name),
                    "sliceName": _BY_NAME[name].title,
                    "width": width,
                    "height": height,
                },
            }
    return found


def _filters() -> list[dict[str, Any]]:
    """Month, league and ranking: one value of each, so that no tile mixes two."""
    return [
        _filter("bulan", "Bulan", "month_name", except_for=("pergerakan",), sort="newest_month"),
        _filter("kategori", "Kategori satuan kerja", "league_name", except_for=("kelengkapan",)),
        _filter(
            "jenis",
            "Jenis peringkat",
            "category_name",
            except_for=tuple(
                chart.name for chart in CHARTS if chart.dataset in ("rpt_post", "rpt_coverage")
            ),
            is_descending=True,
        ),
    ]


def _filter(
    name: str,
    title: str,
    column: str,
    except_for: tuple[str, ...],
    sort: str | None = None,
    is_descending: bool = False,
) -> dict[str, Any]:
    """A filter that always has one value, at first the first of its list."""
    settings: dict[str, Any] = {
        "multiSelect": False,
        "enableEmptyFilter": True,
        "defaultToFirstItem": True,
        "searchAllOptions": False,
        "inverseSelection": False,
        "sortAscending": not (is_descending or sort),
    }
    if sort:
        settings["sortMetric"] = sort
    return {
        "id": f"NATIVE_FILTER-{name}",
        "type": "NATIVE_FILTER",
        "filterType": "filter_select",
        "name": title,
        "description": "",
        "targets": [
            {"datasetUuid": identity("dataset", "rpt_ranking"), "column": {"name": column}}
        ],
        "scope": {
            "rootPath": ["ROOT_ID"],
            "excluded": sorted(_NUMBERS[each] for each in except_for),
        },
        "controlValues": settings,
        "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
        # Charts wait for it, so that none is drawn of all months at once.
        "requiredFirst": True,
        "cascadeParentIds": [],
        "chartsInScope": [],
        "tabsInScope": [],
    }
