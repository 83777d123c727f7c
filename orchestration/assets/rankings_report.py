"""The rankings as Dagster shows them beside the asset: the first ten, their ranges, what moved.

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
from orchestration.publication.wording import (
    LEGEND,
    TITLES,
    completeness,
    likely_ranks,
    mark,
    places_gained,
    possible_ranks,
    publication,
    short_name,
)

_FIRST = 10
_LONGEST = 42
_MEANINGS = {
    "moved": "places since the month before; only where the likely ranks of the two months don't "
    "overlap and the office's exports are there in both.",
    "picture": "the solid line is the likely range of the score, the dashed one the possible "
    "range.",
}
_ROW, _NAME, _BAR, _SCORE = 24, 310, 330, 90
_BLUE, _GREY, _INK = "#3b6fb6", "#b9c7db", "#30363d"


def page(home: Home) -> str:
    """The first ten of every ranking of the newest month under the policy in force, as markdown."""
    newest = queries.months(home)[-1:]
    if not newest:
        return "No month is ranked yet: no post of a registered account is known."
    names = queries.office_names(home, newest[0])
    states = queries.month_states(home, newest[0])
    before = _before(home)
    parts = [f"# {newest[0]} · {publication(queries.newest_edition(home, newest[0]))}"]
    for (league, category, policy), rows in _firsts(home).items():
        parts += [
            f"## {TITLES[category]} · {league}",
            f"Policy `{policy}` · {completeness(states[policy])}",
            f"![{category} in {league}]({_data_uri(chart(rows, names))})",
            "\n".join(_table(rows, names, before)),
        ]
    meanings = LEGEND | _MEANINGS
    for word, meaning in meanings.items():
        parts.append("**" + cell(word) + "**: " + meaning)
    return "\n\n".join(parts)


def top_tens(home: Home) -> dict[str, str]:
    """The same in short, one markdown table per ranking, small enough to be shown in line."""
    newest = queries.months(home)[-1:]
    if not newest:
        return {}
    names = queries.office_names(home, newest[0])
    states = queries.month_states(home, newest[0])
    edition = queries.newest_edition(home, newest[0])
    before = _before(home)
    found = {}
    for (league, category, policy), rows in _firsts(home).items():
        status = edition["status"] if edition else "not published"
        covered = f"{states[policy]['coverage_percent']} % covered"
        lines = [
            f"|{row['rank']}|{likely_ranks(row)}|{possible_ranks(row)}|{_moved(row, before)}"
            f"|{cell(_short(row, names) + mark(row))}|{row['score']:,}|"
            for row in rows
        ]
        header = [
            f"{newest[0]} · {status} · {covered}",
            "",
            "|rank|likely|possible|moved|office|score|",
            "|--:|--|--|--|--|--:|",
        ]
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
    name = short_name(names.get(row["office_id"], row["office_id"]))
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def chart(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    """Bars of the scores as SVG, each with a line over its likely range and a faint one over its
    possible range; what has no upper bound or lies outside the field runs out of it.

    Args:
        rows: rows of one ranking, as `queries.rank` gives them.
        names: office to name.
    """
    most = max([row[end] or 0 for row in rows for end in ("score", "score_likely_high")] + [1])
    width, height = _NAME + _BAR + _SCORE, _ROW * len(rows) + 8
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
    ]
    for place, row in enumerate(rows):
        top, middle = 4 + place * _ROW, 4 + place * _ROW + _ROW / 2
        possible = _line(row["score_low"], row["score_high"], most, middle)
        likely = _line(row["score_likely_low"], row["score_likely_high"], most, middle)
        drawn.append(
            f'<text x="{_NAME - 8}" y="{middle + 4}" text-anchor="end" fill="{_INK}">'
            f"{html.escape(_short(row, names) + mark(row))}</text>"
            f'<rect x="{_NAME}" y="{top + 3}" width="{_BAR * row["score"] / most:.1f}" '
            f'height="{_ROW - 8}" fill="{_GREY if row["rank"] > 3 else _BLUE}"/>'
            f'<path d="{possible}" stroke="{_INK}" fill="none" opacity="0.5" '
            f'stroke-dasharray="2 3"/>'
            f'<path d="{likely}" stroke="{_INK}" fill="none" stroke-width="2"/>'
            f'<text x="{_NAME + _BAR + 12}" y="{middle + 4}" fill="{_INK}">{row["score"]:,}</text>'
        )
    return "".join(drawn) + "</svg>"


def _line(low: int, high: int | None, most: int, middle: float) -> str:
    """The path of a range, with a stop at each end that lies in the field."""
    start = _NAME + _BAR * min(low / most, 1)
    path = f"M{start:.1f} {middle - 4}v8M{start:.1f} {middle}"
    if high is None or high > most:
        return f"{path}H{_NAME + _BAR + 6}"
    return f"{path}H{_NAME + _BAR * high / most:.1f}m0 -4v8"


def _table(
    rows: Sequence[Mapping[str, Any]],
    names: Mapping[str, str],
    before: Mapping[Any, Mapping[str, Any]],
) -> Iterator[str]:
    yield "| rank | likely | possible | moved | office | score | posts |"
    yield "|--:|:-:|:-:|:-:|:--|--:|--:|"
    for row in rows:
        name = names.get(row["office_id"], row["office_id"])
        yield (
            f"| {row['rank']} | {likely_ranks(row)} | {possible_ranks(row)} "
            f"| {_moved(row, before)} | {cell(f'{name} {mark(row)}')} | {row['score']:,} "
            f"| {row['post_count']:,} |"
        )


def _moved(row: Mapping[str, Any], before: Mapping[Any, Mapping[str, Any]]) -> str:
    then = before.get((row["league"], row["category"], row["office_id"]))
    if then is None:
        return "new" if before else ""
    gain = places_gained(row, then)
    if gain is None:
        return ""
    return f"▲ {gain}" if gain > 0 else f"▼ {-gain}"


def _before(home: Home) -> dict[tuple[str, str, str], Mapping[str, Any]]:
    """The rows of the month before the newest under the policy in force then, if there was one."""
    rows = [row for month in queries.months(home)[-2:-1] for row in queries.rank(home, month)]
    return {
        (row["league"], row["category"], row["office_id"]): row
        for row in rows
        if row["is_official"]
    }


def _ranking(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["league"], row["category"], row["policy_id"]


def _data_uri(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
