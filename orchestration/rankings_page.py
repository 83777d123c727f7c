"""The rankings as Dagster shows them beside the asset: the first ten, their bounds, what moved.

What belongs here: markdown and small pictures of what the finished state holds. What does not:
computing ranks, scores or bounds, and pages for the terminal (`pages.py`).
"""

from __future__ import annotations

import base64
import html
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from ingest.lake import Home
from orchestration.markdown import cell
from orchestration.publication import answers

_TITLES = {"active": "Akun Teraktif (posts)", "popular": "Akun Terpopuler (interactions)"}
_FIRST = 10
_ROW, _NAME, _BAR, _SCORE = 24, 310, 330, 90
_BLUE, _GREY, _INK = "#3b6fb6", "#b9c7db", "#30363d"


def page(home: Home) -> str:
    """The first ten of every ranking of the newest month under the policy in force, as markdown."""
    months = answers.months(home)
    if not months:
        return "No month is ranked yet: no post of a registered account is known."
    newest = months[-1]
    names = answers.office_names(home, newest)
    before = _ranks(home, months[-2]) if len(months) > 1 else {}
    parts = [f"# {newest}"]
    for (league, category, policy), found in groupby(answers.rank(home, newest), _ranking):
        rows = [row for row in found if row["rank"] <= _FIRST]
        parts += [
            f"## {_TITLES[category]} · {league}",
            f"![{category} in {league}]({_data_uri(chart(rows, names))})",
            "\n".join(_table(rows, names, before)),
            f"Policy `{policy}`. *Could be*: the best and the worst rank that the evidence allows. "
            f"*Moved*: places since {months[-2]}."
            if before
            else f"Policy `{policy}`.",
        ]
    return "\n\n".join(parts)


def chart(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    """Bars of the scores as SVG, each with a line from its lower to its upper bound.

    Args:
        rows: rows of one ranking, as `answers.rank` gives them.
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
        name = names.get(row["office_id"], row["office_id"]).replace("Kantor Wilayah", "Kanwil")
        shown = name if len(name) <= 42 else f"{name[:41]}…"
        drawn.append(
            f'<text x="{_NAME - 8}" y="{middle + 4}" text-anchor="end" fill="{_INK}">'
            f"{html.escape(shown)}</text>"
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


def _ranks(home: Home, month: str) -> dict[tuple[str, str, str], int]:
    """The ranks of a month under the policy in force then; none where no policy was."""
    return {
        (row["league"], row["category"], row["office_id"]): row["rank"]
        for row in answers.rank(home, month)
        if row["is_official"]
    }


def _ranking(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["league"], row["category"], row["policy_id"]


def _data_uri(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
