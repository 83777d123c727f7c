"""Following counted posts to the bytes of the delivered files.

What belongs here: reading one record of an archived file again and holding what it says against
the evidence. What does not: opening files (`ingest/parsing/recognise.py`, the one way in), the
processes that do it (`ingest/children.py`), and typing and judging records, of which nothing is
used: a counter, a time and a name are read from the text of their cells by rules of their own.
Where a time can be read in several ways, the evidence has to be one of them.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ingest import children
from ingest.bounds import bounds
from ingest.fields.layout import Layout, normalise
from ingest.parsing.recognise import OpenedTable, Quarantine, open_export
from ingest.platforms import facebook, instagram
from orchestration.publication.month import UNREGISTERED

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
#: How fields begin whose sum feeds the likes: kinds of reactions.
_REACTION = "reaction_"
#: Where a post's ID stands: in a column of its own, or in a link.
_IDENTITY = ("post_id", "content", "link", "permalink")
#: Fields in which the post's account stands: as a number, and as a handle.
_ACCOUNT_NUMBERS = ("page_id", "account_id", "owner_id", "channel_id", "author_id")
_HANDLES = ("username", "account_handle", "handle")
#: Fields in which the time of publication stands; Meta's exports print it in a zone of their own.
_OF_META, _META_ZONE = ("publish_time", "posted"), ZoneInfo("America/Los_Angeles")
_TIMES = (
    *_OF_META,
    "published_at",
    "post_time",
    "created_time",
    "created_at",
    "create_time",
    "timestamp",
    "time",
)
_META = (facebook.PLATFORM, instagram.PLATFORM)
_OFFSET = re.compile(r"[+-]\d\d:?\d\d$")
_NOT_REPORTED = ("", "-", "--", "nan", "undefined", "n/a", "null")


@dataclass(frozen=True, slots=True)
class _File:
    """A delivered file, and what the evidence says of some of its records."""

    sha256: str
    #: Rows of `observations.csv`.
    rows: list[dict[str, str]]
    #: Record numbers, each with a counter of it that is withheld.
    withheld: set[tuple[str, str]]
    #: The numbers of all its records that stand in the evidence or among its rejects.
    numbers: set[str]


@dataclass(frozen=True, slots=True)
class _Found:
    """What a delivered file says otherwise."""

    #: How a record differs, by its number.
    differences: dict[str, str]
    #: The numbers of records of a post that the evidence leaves out, by the post's ID.
    left_out: dict[str, list[int]]


def trace(evidence: Path, archive: Path, number: int, seed: int) -> Iterator[dict[str, Any]]:
    """Draw counted posts and follow each of their observations into its delivered file.

    Held are the counters, the post, its account and its time of publication, and that the day is
    the decision's; and the other way round, that no record of these files that names the post is
    left out.

    Args:
        evidence: an edition's folder of evidence.
        archive: delivered files, each named by its SHA-256, in this folder or one level below.
        number: how many posts to draw; all where there are fewer.
        seed: the same seed draws the same posts.

    Yields:
        One `{check, ok, detail}` per post; one in all where the evidence can't be read.
    """
    seen: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    try:
        month = json.loads((evidence / "policies.json").read_bytes())["month"][:7]
        withheld = _withheld(evidence / "withheld.csv")
        for row in _rows(evidence / "observations.csv"):
            seen[row["platform"], row["post_id"]].append(row)
        decisions = _rows(evidence / "decisions.csv")
        counted = {
            (row["platform"], row["post_id"]) for row in decisions if row["is_counted"] == "true"
        }
        numbers: dict[str, set[str]] = defaultdict(set)
        for row in chain(chain.from_iterable(seen.values()), _rows(evidence / "rejects.csv")):
            numbers[row["sha256"]].add(row["record_number"])
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as problem:
        detail = f"{evidence} can't be read: {type(problem).__name__}: {problem}"
        yield {"check": "trace", "ok": False, "detail": " ".join(detail.split())[:300]}
        return
    drawn = random.Random(seed).sample(sorted(counted), min(number, len(counted)))
    files: dict[str, _File] = {}
    for post in drawn:
        for row in seen[post]:
            sha256 = row["sha256"]
            file = files.setdefault(sha256, _File(sha256, [], set(), numbers[sha256]))
            file.rows.append(row)
            file.withheld.update(withheld.get((row["sha256"], row["record_number"]), ()))
    found = dict(_read(archive, files.values()))
    for platform, post_id in drawn:
        observations = seen[platform, post_id]
        problems = [
            text
            for row in observations
            if (text := found[row["sha256"]].differences.get(row["record_number"]))
        ]
        for sha256 in sorted({row["sha256"] for row in observations}):
            problems += [
                f"record {record} of {sha256} is of the post and is left out"
                for record in found[sha256].left_out.get(post_id, ())
            ]
        if not observations:
            problems = ["no observation stands in the evidence"]
        last = max(observations, key=lambda row: row["captured_at"], default={})
        agree = (
            f"{len(observations)} records agree, the last is record {last.get('record_number')} "
            f"of {last.get('sha256')}"
        )
        yield {
            "check": f"trace {platform} {post_id} {month}",
            "ok": not problems,
            "detail": "; ".join(problems) or agree,
        }


def _read(archive: Path, files: Iterable[_File]) -> Iterator[tuple[str, _Found]]:
    """Read delivered files by other processes, for a file may end the one that reads it.

    Yields:
        A file's SHA-256, and what it says otherwise. One that ended its process was tried twice.
    """
    workers = len(os.sched_getaffinity(0))
    again: list[_File] = []
    for file, found in children.results(partial(_differences, archive), files, workers):
        if isinstance(found, children.Ended):
            again.append(file)
        else:
            yield file.sha256, found
    for file, found in children.results(partial(_differences, archive), again, 1):
        if isinstance(found, children.Ended):
            found = _of_all(file, f"{file.sha256} can't be read: {found}")
        yield file.sha256, found


def _differences(archive: Path, file: _File) -> _Found:
    """How the records of a delivered file differ from the evidence; those that don't are left out.

    For a child (`ingest/children.py`), as it opens the file.
    """
    children.follows(file.sha256)
    paths = (archive / file.sha256, archive / file.sha256[:2] / file.sha256)
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        return _of_all(file, f"{file.sha256} is not in {archive}; restore it from a backup")
    try:
        size = path.stat().st_size
        if size > bounds().read_mib * 2**20:
            too_large = f"it has {size:,} bytes, more than {bounds().told('read_mib')}"
            return _of_all(file, f"{file.sha256} is not read: {too_large}")
        content = path.read_bytes()
    except OSError as problem:
        why = (problem.strerror or "").lower()
        return _of_all(file, f"{path} can't be read ({why}); give this user the right to it")
    if hashlib.sha256(content).hexdigest() != file.sha256:
        return _of_all(file, f"{file.sha256} was changed; restore it from a backup")
    try:
        opened = open_export(content)
    except Quarantine as problem:
        return _of_all(file, f"{file.sha256} can't be opened: {problem}")
    differences = {
        row["record_number"]: text
        for row in file.rows
        if (text := _differs(row, opened, file.withheld))
    }
    return _Found(differences, _left_out(opened, file))


def _left_out(opened: Sequence[OpenedTable], file: _File) -> dict[str, list[int]]:
    """The records that name a post which is looked for, and that the evidence does not have."""
    wanted = {row["post_id"] for row in file.rows}
    found: dict[str, list[int]] = defaultdict(list)
    for number in range(1, sum(each.table.record_count for each in opened) + 1):
        told = _record(opened, number)
        if str(number) in file.numbers or told is None:
            continue
        cells = [cell for field in _IDENTITY for cell in _cells(*told, field) if cell]
        for post_id in wanted.intersection(re.findall(r"[\w-]+", " ".join(cells[:1]))):
            found[post_id].append(number)
    return dict(found)


def _of_all(file: _File, text: str) -> _Found:
    """What holds of all records that are looked for in a file."""
    return _Found({row["record_number"]: text for row in file.rows}, {})


def _differs(
    row: dict[str, str], opened: Sequence[OpenedTable], withheld: set[tuple[str, str]]
) -> str | None:
    """How an observation differs from its record; None where it does not."""
    place = f"record {row['record_number']} of {row['sha256']}"
    found = _record(opened, int(row["record_number"]))
    if found is None:
        return f"{place} does not exist"
    layout, header, record = found
    counters = _counters(layout, header, record)
    wrong = [
        f"{name} is {text}, not {row[name] or 'blank'}"
        for name, text in counters.items()
        if text != row[name] and (row["record_number"], name) not in withheld
    ]
    if not _is_of_post(layout, header, record, row["post_id"]):
        wrong.append(f"the post is not {row['post_id']}")
    wrong += _account_differs(layout, header, record, row)
    wrong += _time_differs(layout, header, record, row)
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
    kinds = [column.field for column in layout.columns if column.field.startswith(_REACTION)]
    parts = [cell for kind in kinds for cell in _cells(layout, header, record, kind)]
    if parts and all(part.isdecimal() for part in parts):
        counters["like_count"] = str(sum(map(int, parts)))
    return counters


def _is_of_post(layout: Layout, header: Sequence[str], record: list[str], post_id: str) -> bool:
    """Whether the record is of the post; a number that a shortcode replaced can't be told."""
    cells = [cell for field in _IDENTITY for cell in _cells(layout, header, record, field)]
    is_number = layout.platform is instagram.PLATFORM and not any(
        code in cell for cell in cells for code in ("/p/", "/reel/", "/tv/")
    )
    return is_number or any(post_id in cell for cell in cells)


def _account_differs(
    layout: Layout, header: Sequence[str], record: list[str], row: dict[str, str]
) -> Iterator[str]:
    """The account, where the record names one and the evidence does not hide it."""
    for column, fields in (("platform_account_id", _ACCOUNT_NUMBERS), ("account_handle", _HANDLES)):
        cells = [
            cell.strip("='\"@").casefold()
            for field in fields
            for cell in _cells(layout, header, record, field)
            if cell
        ]
        if cells and row[column] not in ("", UNREGISTERED, *cells):
            yield f"the account is {cells[0]}, not {row[column]}"


def _time_differs(
    layout: Layout, header: Sequence[str], record: list[str], row: dict[str, str]
) -> Iterator[str]:
    """The time of publication, where the record prints it; what an ID tells is arithmetic."""
    cells = [
        (cell, _META_ZONE if field in _OF_META and layout.platform in _META else UTC)
        for field in _TIMES
        for cell in _cells(layout, header, record, field)
        if cell
    ]
    # Evidence of older versions does not say what the ID tells.
    if not cells or row.get("id_at", row["published_at"]) == row["published_at"] != "":
        return
    told = row["published_at"].removesuffix("Z") or row["published_date"]
    if not any(_says(cell, zone, told, row["published_precision"]) for cell, zone in cells):
        yield f"it was published {told}, which {cells[0][0]!r} does not say"


def _says(cell: str, zone: tzinfo, told: str, precision: str) -> bool:
    """Whether a cell can be read as an instant (UTC, ISO 8601) or a day, in some order."""
    instant = datetime.fromisoformat(told)
    if cell.isdecimal():
        return instant.replace(tzinfo=UTC).timestamp() == int(cell[:10])
    if offset := _OFFSET.search(cell):
        zone = datetime.strptime(offset[0].replace(":", ""), "%z").tzinfo or UTC
        cell = cell.removesuffix(offset[0])
    wall = instant if precision == "day" else instant.replace(tzinfo=UTC).astimezone(zone)
    numbers = [int(digits) for digits in re.findall(r"\d+", cell)]
    has_name_of_month = bool(re.search(r"[^\W\d]{3}", cell))
    wanted = Counter([wall.year, wall.day])
    if not has_name_of_month:
        wanted[wall.month] += 1
    if precision == "day":
        return not wanted - Counter(numbers)
    wanted[wall.minute] += 1
    hours = {wall.hour, (wall.hour - 1) % 12 + 1}
    rest = Counter(numbers) - wanted
    return not wanted - Counter(numbers) and bool(hours & rest.keys())


def _withheld(path: Path) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """The counters that can't be read, as `_File` names them, by file and record number.

    The evidence of older versions has none.
    """
    found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in _rows(path) if path.exists() else ():
        number = row["record_number"]
        found[row["sha256"], number].append((number, row["field"]))
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
