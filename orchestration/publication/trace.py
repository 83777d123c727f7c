"""Following counted posts to the bytes of the delivered files.

What belongs here: reading one record of an archived file again and holding what it says against
the evidence. What does not: opening files (`ingest/parsing/recognise.py`, the one way in), and
typing and judging records, of which nothing is used: a counter is read from the text of its cell
by rules of its own.
"""

from __future__ import annotations

import csv
import hashlib
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ingest.fields.layout import Layout, normalise
from ingest.parsing.recognise import OpenedTable, Quarantine, open_export
from ingest.platforms import instagram

#: A field of a layout, and the counter that it feeds.
_COUNTERS = {
    "likes": "like_count",
    "reactions": "like_count",
    "comments": "comment_count",
    "replies": "comment_count",
    "shares": "share_count",
    "reposts": "share_count",
    "saves": "save_count",
    "bookmarks": "save_count",
    "favorites": "save_count",
}
#: Where a post's ID stands: in a column of its own, or in a link.
_IDENTITY = ("post_id", "content", "link", "permalink")
_NOT_REPORTED = ("", "-", "--", "nan", "undefined", "n/a", "null")


def trace(evidence: Path, archive: Path, number: int, seed: int) -> Iterator[dict[str, Any]]:
    """Draw counted posts and follow each of their observations into its delivered file.

    Args:
        evidence: an edition's folder of evidence.
        archive: delivered files, each named by its SHA-256, in this folder or one level below.
        number: how many posts to draw; all where there are fewer.
        seed: the same seed draws the same posts.

    Yields:
        One `{check, ok, detail}` per post.
    """
    rules = json.loads((evidence / "policies.json").read_bytes())
    withheld = _withheld(evidence / "withheld.csv")
    seen: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in _rows(evidence / "observations.csv"):
        seen[row["platform"], row["post_id"]].append(row)
    counted = {
        (row["platform"], row["post_id"])
        for row in _rows(evidence / "decisions.csv")
        if row["is_counted"] == "true"
    }
    drawn = random.Random(seed).sample(sorted(counted), min(number, len(counted)))
    for platform, post_id in drawn:
        observations = seen[platform, post_id]
        problems = [text for row in observations if (text := _differs(row, archive, withheld))]
        if not observations:
            problems = ["no observation stands in the evidence"]
        last = max(observations, key=lambda row: row["captured_at"], default={})
        found = (
            f"{len(observations)} records agree, the last is record {last.get('record_number')} "
        )
        found += f"of {last.get('sha256')}"
        yield {
            "check": f"trace {platform} {post_id} {rules['month'][:7]}",
            "ok": not problems,
            "detail": "; ".join(problems) or found,
        }


def _differs(row: dict[str, str], archive: Path, withheld: set[tuple[str, str, str]]) -> str | None:
    """How an observation differs from its record; None where it does not."""
    sha256, number = row["sha256"], int(row["record_number"])
    place = f"record {number} of {sha256}"
    paths = [archive / sha256, archive / sha256[:2] / sha256]
    content = next((path.read_bytes() for path in paths if path.is_file()), None)
    if content is None:
        return f"{sha256} is not in {archive}; restore it from a backup"
    if hashlib.sha256(content).hexdigest() != sha256:
        return f"{sha256} was changed; restore it from a backup"
    try:
        opened = open_export(content)
    except Quarantine as problem:
        return f"{sha256} can't be opened: {problem}"
    found = _record(opened, number)
    if found is None:
        return f"{place} does not exist"
    layout, header, record = found
    counters = _counters(layout, header, record)
    wrong = [
        f"{name} is {text}, not {row[name] or 'blank'}"
        for name, text in counters.items()
        if text != row[name] and (sha256, str(number), name) not in withheld
    ]
    if not _is_of_post(layout, header, record, row["post_id"]):
        wrong.append(f"the post is not {row['post_id']}")
    return f"{place}: {', '.join(wrong)}" if wrong else None


def _record(
    opened: Sequence[OpenedTable], number: int
) -> tuple[Layout, Sequence[str], list[str]] | None:
    """A record of a delivered file, numbered through its sheets, with its layout and header."""
    for each in opened:
        if number <= each.table.record_count:
            record = each.table.record(number)
            return None if record is None else (each.layout, each.table.header, record)
        number -= each.table.record_count
    return None


def _cells(layout: Layout, header: Sequence[str], record: list[str], field: str) -> list[str]:
    names = {name for column in layout.columns if column.field == field for name in column.locales}
    positions = [n for n, name in enumerate(header) if normalise(name) in names]
    return [record[position].strip() for position in positions]


def _counters(layout: Layout, header: Sequence[str], record: list[str]) -> dict[str, str]:
    """The weighted counters as text: digits, or blank where the record does not report them."""
    counters = dict.fromkeys(_COUNTERS.values(), "")
    for field, counter in _COUNTERS.items():
        for cell in _cells(layout, header, record, field):
            digits = re.sub(r"[.,](0{1,2}|0{4,})$|(?<=[0-9]{4})[.,]0+$", "", cell.strip("='\""))
            whole = re.sub("[.,]", "", digits).lstrip("0") or "0"
            is_reported = cell.lower() not in _NOT_REPORTED and not cell.startswith("-")
            if is_reported and counters[counter] in ("", "0"):
                counters[counter] = whole
    return counters


def _is_of_post(layout: Layout, header: Sequence[str], record: list[str], post_id: str) -> bool:
    """Whether the record is of the post; a number that a shortcode replaced can't be told."""
    cells = [cell for field in _IDENTITY for cell in _cells(layout, header, record, field)]
    is_number = layout.platform is instagram.PLATFORM and not any(
        code in cell for cell in cells for code in ("/p/", "/reel/", "/tv/")
    )
    return is_number or any(post_id in cell for cell in cells)


def _withheld(path: Path) -> set[tuple[str, str, str]]:
    """The counters that can't be read; the evidence of older versions has none."""
    if not path.exists():
        return set()
    return {(row["sha256"], row["record_number"], row["field"]) for row in _rows(path)}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
