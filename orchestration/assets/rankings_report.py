"""The rankings as Dagster shows them beside the asset: the first ten, their bounds, what moved.

What belongs here: markdown and small pictures of what the finished state holds. What does not:
computing ranks, scores or bounds, and pages for the terminal (`cli/tables.py`).
"""

from __future__ import annotations

import base64
import html
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from ingest.home import Home
from orchestration.assets.markdown import cell
from orchestration.publication import queries

_TITLES = {"active": "Akun Teraktif (posts)", "popular": "Akun Terpopuler (interactions)"}
_FIRST = 10
_LONGEST = 42
_ROW, _NAME, _BAR, _SCORE = 24, 310, 330, 90
_BLUE, _GREY, _INK = "#3b6fb6", "#b9c7db", "#30363d"


def page(home: Home) -> str:
    """The first ten of every ranking of the newest month under the policy in force, as markdown."""
    newest = queries.months(home)[-1:]
    if not newest:
        return "No month is ranked yet: no post of a registered account is known."
    names = queries.office_names(home, newest[0])
    parts = [f"# {newest[0]}"]
    for (league, category, policy), rows in _firsts(home).items():
        parts += [
            f"## {_TITLES[category]} · {league}",
            f"![{category} in {league}]({_data_uri(chart(rows, names))})",
            "\n".join(_table(rows, names, _before(home))),
            f"Policy `{policy}`. *Could be*: the best and the worst rank that the evidence allows. "
            "*Moved*: places since the month before.",
        ]
    return "\n\n".join(parts)


def top_tens(home: Home) -> dict[str, str]:
    """The same in short, one markdown table per ranking, small enough to be shown in line."""
    names = {} if not queries.months(home) else queries.office_names(home, queries.months(home)[-1])
    before = _before(home)
    found = {}
    for (league, category, _), rows in _firsts(home).items():
        lines = [
            f"|{row['rank']}|{_moved(row, before)}|{cell(_short(row, names))}|{row['score']:,}|"
            for row in rows
        ]
        header = ["|rank|moved|office|score|", "|--:|:-:|:--|--:|"]
        found[f"top_ten_{category}_{league}"] = "\n".join([*header, *lines])
    return found


def _firsts(home: Home) -> dict[tuple[str, str, str], list[Mapping[str, Any]]]:
    """(league, category, policy) to the rows of the newest month up to the tenth rank."""
    newest = queries.months(home)[-1:]
    rows = queries.rank(home, newest[0]) if newest else []
    return {
        ranking: [row for row in found if row["rank"] <= _FIRST]
        for ranking, found in groupby(rows, _ranking)
    }


def _short(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """An office's name as far as there is room for it."""
    name = names.get(row["office_id"], row["office_id"])
    name = name.replace("Kantor Wilayah Kementerian Hukum", "Kanwil")
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def chart(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    """Bars of the scores as SVG, each with a line from its lower to its upper bound.

    Args:
        rows: rows of one ranking, as `queries.rank` gives them.
        names: office to name.
    """
    most = max([row[end] or 0 for row in rows for end in ("score", "score_high")] + [1])
    width, height = _NAME + _BAR + _SCORE, _ROW * len(rows) + 8
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
    ]
    for place, row in enumerate(rows):
        top, middle = 4 + place * _ROW, 4 + place * _ROW + _ROW / 2
        end, low = (_NAME + _BAR * row[key] / most for key in ("score", "score_low"))
        # Without an upper bound the line runs out of the picture's field.
        high = _NAME + (_BAR + 6 if row["score_high"] is None else _BAR * row["score_high"] / most)
        drawn.append(
            f'<text x="{_NAME - 8}" y="{middle + 4}" text-anchor="end" fill="{_INK}">'
            f"{html.escape(_short(row, names))}</text>"
            f'<rect x="{_NAME}" y="{top + 3}" width="{end - _NAME:.1f}" height="{_ROW - 8}" '
            f'fill="{_GREY if row["rank"] > 3 else _BLUE}"/>'
            f'<path d="M{low:.1f} {middle - 4}v8M{low:.1f} {middle}H{high:.1f}'
            f'{"m0 -4v8" if row["score_high"] is not None else ""}" '
            f'stroke="{_INK}" fill="none" opacity="0.6"/>'
            f'<text x="{_NAME + _BAR + 12}" y="{middle + 4}" fill="{_INK}">{row["score"]:,}</text>'
        )
    return "".join(drawn) + "</svg>"


def _table(
    rows: Sequence[Mapping[str, Any]], names: Mapping[str, str], before: Mapping[Any, int]
) -> Iterator[str]:
    yield "| rank | moved | office | score | could be | posts |"
    yield "|--:|:-:|:--|--:|:-:|--:|"
    for row in rows:
        name = cell(names.get(row["office_id"], row["office_id"]))
        yield (
            f"| {row['rank']} | {_moved(row, before)} | {name} | {row['score']:,} "
            f"| {row['rank_best']} to {row['rank_worst']} | {row['post_count']} |"
        )


def _moved(row: Mapping[str, Any], before: Mapping[Any, int]) -> str:
    then = before.get((row["league"], row["category"], row["office_id"]))
    if then is None:
        return "new" if before else ""
    gain = then - row["rank"]
    return f"▲ {gain}" if gain > 0 else f"▼ {-gain}" if gain else "="


def _before(home: Home) -> dict[tuple[str, str, str], int]:
    """The ranks of the month before the newest under the policy in force then, if there was one."""
    rows = [row for month in queries.months(home)[-2:-1] for row in queries.rank(home, month)]
    return {
        (row["league"], row["category"], row["office_id"]): row["rank"]
        for row in rows
        if row["is_official"]
    }


def _ranking(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["league"], row["category"], row["policy_id"]


def _data_uri(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
