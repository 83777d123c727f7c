"""Tables as Dagster shows them. What does not belong here: what stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import dagster as dg


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> dg.MarkdownMetadataValue:
    """A markdown table; what people wrote into files can't break out of its cell."""
    lines = [header, ["---"] * len(header), *rows]
    cells = ((cell(value) for value in line) for line in lines)
    return dg.MetadataValue.md("\n".join(f"| {' | '.join(line)} |" for line in cells))


def cell(value: object) -> str:
    """A value as it is, in one line and without any mark-up; nothing for None."""
    text = " ".join(str("" if value is None else value).split())
    for mark in "\\|`*_<>[]":
        text = text.replace(mark, f"\\{mark}")
    return text
