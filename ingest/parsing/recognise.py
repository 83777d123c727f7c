"""Opening an export: its tables, each with the layout that knows its header.

What belongs here: `open_export`, the one way in for reading, tracing and erasing alike, and why a
file can't be opened. What does not: forms and encodings (`files/`), and what becomes of the records
(`parse.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from ingest import files, platforms
from ingest.comments import kept
from ingest.fields.layout import Layout, Match, normalise
from ingest.files import Damage, Table, UnknownTable
from ingest.files.stacked_tables import TITLE
from ingest.platforms import REFERENCES, is_link

#: The platforms' exports, and what is kept of comments and labels.
LAYOUTS: tuple[Layout, ...] = (*platforms.LAYOUTS, *kept.LAYOUTS)

#: A header that has this share of a layout's required columns is worth naming that layout.
_NEAR = 0.5
#: So many keys of a JSON document, and characters of them, are told.
_TOLD_KEYS = 12
_LONGEST_TOLD = 300


class Quarantine(Exception):
    """A file that can't be read as a whole; the text says why, for a person."""

    def __init__(self, reason: str, layout: Layout | None = None) -> None:
        super().__init__(reason)
        self.layout = layout


@dataclass(frozen=True, slots=True)
class OpenedTable:
    """A table of an export and how its layout reads its header."""

    table: Table
    layout: Layout
    match: Match


def open_export(content: bytes) -> tuple[OpenedTable, ...]:
    """The tables of one export file, recognised, their records split and counted twice.

    Args:
        content: the file's bytes as they were received.

    Only a spreadsheet has more than one table.

    Raises:
        Quarantine: the file is empty or no table, no layout knows a header, or two parsers count
            its records differently.
    """
    try:
        tables = files.tables(content, is_known, is_link, REFERENCES)
    except Damage as problem:
        known = _matches(tuple(problem.header), None, LAYOUTS) if problem.header else []
        raise Quarantine(str(problem), known[0][0] if known else None) from None
    opened: list[OpenedTable] = []
    for table in tables:
        try:
            opened.append(_recognise(table))
        except Quarantine as problem:
            raise in_sheet(problem, table.sheet, len(tables)) from None
    found = {each.layout.platform.key for each in opened if each.layout.platform}
    if len(found) > 1:
        names = " and ".join(sorted(found))
        raise Quarantine(f"the workbook holds exports of {names}; send each by itself")
    return tuple(opened)


def in_sheet(problem: Quarantine, sheet: str | None, sheet_count: int) -> Quarantine:
    """The same problem with its sheet's name, where there are several sheets."""
    if sheet_count == 1:
        return problem
    return Quarantine(f"sheet {sheet}: {problem}", problem.layout)


def is_known(header: Sequence[str], sheet: str | None) -> bool:
    """Whether some layout knows a header."""
    return bool(_matches(tuple(header), sheet, LAYOUTS))


def _recognise(table: Table | UnknownTable) -> OpenedTable:
    if isinstance(table, UnknownTable):
        raise Quarantine(_why_unknown(table))
    matches = _matches(table.header, table.sheet, LAYOUTS)
    if len(matches) > 1:
        kinds = " and ".join(layout.kind for layout, _ in matches)
        raise Quarantine(f"the header fits two layouts: {kinds}; our declarations are at fault")
    layout, match = matches[0]
    if layout.titles:
        _check_titles(table, layout, match)
    return OpenedTable(table, layout, match)


def _check_titles(table: Table, layout: Layout, match: Match) -> None:
    """Titled tables are the layout's only where it knows each title."""
    (place,) = match.positions[TITLE.casefold()]
    titles = dict.fromkeys(table.columns[place].to_pylist())
    unknown = [title for title in titles if normalise(title) not in layout.titles]
    if unknown:
        raise Quarantine(
            f"unknown layout: tables under titles, of which nobody knows {unknown[0]!r}; send the "
            "export as it was downloaded"
        )


@cache
def _telling(layout: Layout) -> frozenset[str]:
    """The headers of a layout's required columns that no other platform has."""
    own = {name for column in layout.columns if column.required for name in column.locales}
    others = {
        name
        for other in LAYOUTS
        if other.platform is not layout.platform
        for name in other.by_header.keys() | other.ignored_headers
    }
    return frozenset(own - others)


@lru_cache(256)
def _matches(
    header: tuple[str, ...], sheet: str | None, layouts: tuple[Layout, ...]
) -> list[tuple[Layout, Match]]:
    """The layouts that know a header. Remembered, for most files of a batch have the same."""
    return [(layout, match) for layout in layouts if (match := layout.match(header, sheet))]


def _why_unknown(table: UnknownTable) -> str:
    if table.keys is not None:
        return _why_unknown_json(table, table.keys)
    if not table.headers:
        return (
            "unknown layout: a quote stands in the wrong place in its header, or it has none; send "
            "the export as it was downloaded"
        )
    if table.has_known_header_below:
        return (
            "unknown layout: a known header stands only below other rows; take those away, or send "
            "the export as it was downloaded"
        )
    nearest = _nearest(table)
    if nearest is None:
        return "unknown layout: its header is like none of those that are understood"
    layout, missing = nearest
    return f"unknown layout; nearest is {layout.kind}, which needs: {', '.join(missing)}"


def _why_unknown_json(table: UnknownTable, keys: Sequence[str]) -> str:
    told = ", ".join(keys[:_TOLD_KEYS])[:_LONGEST_TOLD] or "none"
    nearest = _nearest(table)
    lacks = (
        f"; nearest is {nearest[0].kind}, which needs: {', '.join(nearest[1])}" if nearest else ""
    )
    return f"JSON, but of no known response: has keys {told}{lacks}"


def _nearest(table: UnknownTable) -> tuple[Layout, list[str]] | None:
    """The layout most of whose required columns a header has, and those that it lacks.

    A header that only has what several platforms share, such as likes and a date, is like none.
    """
    nearest: tuple[float, Layout, list[str]] | None = None
    for header in table.headers:
        names = {normalise(name) for name in header}
        for layout in LAYOUTS:
            if not names & _telling(layout):
                continue
            missing = layout.missing(header, table.sheet)
            needed = sum(column.required for column in layout.columns)
            share = 1 - len(missing) / needed
            if share >= _NEAR and needed > 2 and (nearest is None or share > nearest[0]):
                nearest = (share, layout, missing)
    return nearest[1:] if nearest else None
