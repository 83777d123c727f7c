"""Whether what people read in an edition, and what it says of itself, follows from its tables.

What belongs here: `people/`, the workbook, the bulletin's documents, the READMEs,
`objections.csv`, `difference.json`, the manifest, and which files an edition of this version's
format holds. What does not: the tables (`verify_tables.py`).

All of it is made anew and compared. What can't be: the manifest's `code` and `engines`, and the
time and the run in `run.json`.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineWorkbook

from orchestration.publication import dictionary, verify_beside
from orchestration.publication.bulletin import contents, previous
from orchestration.publication.claim_words import REASONS
from orchestration.publication.difference import difference
from orchestration.publication.editions import EDITION_FORMAT, read_edition
from orchestration.publication.evidence import WORDS, names_of
from orchestration.publication.formats import csv_bytes, json_bytes, read_duckdb
from orchestration.publication.log.receipts import WITNESS
from orchestration.publication.manifest import (
    ENGINES,
    MANIFEST_VERSION,
    TABLES_VERSION,
    UNFORESEEN,
    content_hash,
    edition_id,
    origin,
    readme,
)
from orchestration.publication.month import TABLES, PublishedMonth
from orchestration.publication.objections import SETTLED, read_told
from orchestration.publication.workbook.book import WORKBOOKS, workbooks
from orchestration.publication.workbook.people import people

_STATUSES = ("provisional", "final", "revised")
#: Of an office in `difference.json`, what stands in its row of the ranking.
_IN_RANKING = ("rank", "rank_best", "rank_worst", "score", "score_low", "score_high", "post_count")


class Unproven(str):
    """What a check could not look at, and why; no fault."""


def read_published(folder: Path) -> PublishedMonth:
    """The tables of an edition's public folder; one of a former format has fewer."""
    paths = {name: folder / "tables" / f"{name}.parquet" for name in TABLES}
    tables = {
        name: pl.read_parquet(path, glob=False) for name, path in paths.items() if path.exists()
    }
    rules = _json(folder / "evidence" / "policies.json")
    return PublishedMonth(date.fromisoformat(rules["month"]), tables)


def files_of_an_edition(folder: Path) -> Iterator[str]:
    """It lists the files of this format, and no other."""
    policies = _json(folder / "manifest.json")["policies"]
    expected = {f"tables/{name}.{form}" for name in TABLES for form in ("csv", "parquet")}
    expected |= {f"evidence/{name}" for name in names_of(policies)}
    expected |= {f"people/{name}" for name in ("peringkat.csv", "unggahan.csv", "cakupan.csv")}
    expected |= {"README.md", "difference.json", "objections.csv", "witness.py", *WORKBOOKS}
    expected |= contents.FILES.keys()
    listed = set(_json(folder / "manifest.json")["files"])
    for path in sorted(listed ^ expected):
        yield f"{path} is {'no file' if path in listed else 'a file'} of an edition"
    if set(_json(folder / "run.json")["files"]) != set(UNFORESEEN):
        yield "run.json lists other files than it should"
    if (folder / "witness.py").read_bytes() != WITNESS.read_bytes():
        yield Unproven("witness.py is not the one of this version, so watch the log with this one")


def manifest(folder: Path) -> Iterator[str]:
    """The manifest says what follows from the edition's other files."""
    month, told = read_published(folder), _json(folder / "manifest.json")
    with (folder / "evidence" / "deliveries.csv").open(encoding="utf-8", newline="") as file:
        statuses = [row["status"] for row in csv.DictReader(file)]
    paths = [path for path in told["files"] if path.startswith(("tables/", "evidence/"))]
    moved = _json(folder / "difference.json")
    expected = {
        "manifest_version": MANIFEST_VERSION,
        "edition_format": EDITION_FORMAT,
        "edition_id": edition_id(told["month"], told["status"], told["number"]),
        "month": month.name,
        "replaces": moved["before"],
        "lacks": month.lacks or None,
        "official_policy": month.official_policy,
        "content_sha256": content_hash({path: (folder / path).read_bytes() for path in paths}),
        "schema_versions": {
            "evidence": _json(folder / "evidence" / "policies.json")["evidence_version"],
            "tables": TABLES_VERSION,
        },
        **origin(
            month.tables,
            _records_in(folder / "evidence" / "observations.csv"),
            statuses,
            _records_in(folder / "evidence" / "rejects.csv"),
        ),
    }
    for key, value in expected.items():
        if told[key] != value:
            yield f"manifest.json: {key} is {told[key]}, the files say {value}"
    unproven = {"status", "number", "reason", "despite", "code", "engines", "files"}
    for key in sorted(told.keys() ^ expected.keys() ^ unproven):
        yield f"manifest.json: {key} is {'no key' if key in told else 'missing'}"
    if set(told["engines"]) != set(ENGINES) or set(told["code"]) != {"version", "sha256"}:
        yield "manifest.json: code and engines have other keys than they should"
    yield from _contradictions(told)


def _contradictions(told: dict[str, Any]) -> Iterator[str]:
    """What a manifest can't say at once."""
    status, replaces, reason = told["status"], told["replaces"], told["reason"]
    if status not in _STATUSES or not isinstance(told["number"], int) or told["number"] < 1:
        yield f"manifest.json: {status} {told['number']} is no status and number"
    if replaces:
        month, _, number = replaces.rpartition("-")
        earlier = month.rpartition("-")
        if earlier[0] != told["month"] or not number.isdecimal() or int(number) >= told["number"]:
            yield f"manifest.json: it can't replace {replaces}"
        is_settled = earlier[2] in ("final", "revised")
        if is_settled != (status == "revised"):
            yield f"manifest.json: {status} can't follow {replaces}"
    if status == "revised" and not (reason and replaces):
        yield "manifest.json: a revision without a reason, or of nothing"
    if told["despite"] and not (told["lacks"] and reason):
        yield "manifest.json: published despite nothing, or without a reason"
    if status == "final" and told["lacks"] and not told["despite"]:
        yield "manifest.json: final though the month lacks something, without saying so"


def objections(folder: Path) -> Iterator[str]:
    """What is told of objections is told once, of offices there are, and adds up."""
    month, answers = read_published(folder), read_told(folder)
    if (folder / "objections.csv").read_bytes() != csv_bytes(answers):
        yield "objections.csv is not written as it is by us"
    if answers["objection_id"].is_duplicated().any():
        yield "objections.csv tells an objection twice"
    offices = set(month.tables["dim_office"]["office_id"])
    for row in answers.iter_rows(named=True):
        reasons = [each.partition("=") for each in (row["reasons"] or "").split()]
        is_sound = (
            row["objection_id"].startswith(f"{month.name}-objection-")
            and row["office_id"] in offices
            and row["outcome"] in SETTLED
            and row["filed_date"] <= min(row["deadline_date"], row["answered_date"])
            and row["answer_number"] >= 1
            and {name for name, _, _ in reasons} <= REASONS.keys()
            and sum(int(count) for _, _, count in reasons) == row["claim_count"]
        )
        if not is_sound:
            yield f"objections.csv: {row['objection_id']} contradicts itself"


def words(folder: Path) -> Iterator[str]:
    """What people read says what the tables say."""
    month, told = read_published(folder), _json(folder / "manifest.json")
    moved = _json(folder / "difference.json")
    own = {key: value for key, value in told.items() if key != "files"}
    expected = {f"people/{name}": text for name, text in people(month, told).items()}
    expected["README.md"] = readme(own).encode()
    expected |= {f"evidence/{name}": text for name, text in WORDS.items()}
    for path, content in expected.items():
        if (folder / path).read_bytes() != content:
            yield f"{path} does not say what the tables say"
    answers = read_told(folder)
    books = workbooks(month, told, moved, dictionary.meanings(), answers)
    for name, book in books.items():
        yield from _sheets_differ(folder / name, book)
        if told["engines"]["xlsxwriter"] != version("xlsxwriter"):
            yield Unproven(f"another xlsxwriter made {name}, so only its cells are compared")
        elif (folder / name).read_bytes() != book:
            yield f"{name} holds something besides its cells"
    yield from _comments_differ(folder, month)


def bulletin(folder: Path) -> Iterator[str]:
    """The bulletin's documents tell what the tables say, and the ranks of the month before."""
    month, told = read_published(folder), _json(folder / "manifest.json")
    before = _json(folder / "bulletin.json")["previous"]
    is_same_babel = told["engines"]["babel"] == version("babel")
    made = contents.documents(month, told, read_told(folder), before)
    for name, content in made.items():
        if (folder / name).read_bytes() == content:
            continue
        if is_same_babel:
            yield f"{name} does not tell what the tables say"
        else:
            yield Unproven(f"another babel wrote the numbers of {name}, so it is not compared")
    if before is not None:
        yield from _previous_differs(folder, month, before)


def beside(folder: Path) -> Iterator[str]:
    """What stands beside the rankings agrees with itself and with what counts."""
    yield from verify_beside.differences(read_published(folder))


def _previous_differs(folder: Path, month: PublishedMonth, before: dict[str, Any]) -> Iterator[str]:
    """The ranks of the month before are those of the edition that is named."""
    earlier = f"{previous.month_before(month.first_day):%Y-%m}"
    if before["month"] != earlier or not before["edition_id"].startswith(f"{earlier}-"):
        yield f"bulletin.json: {before['edition_id']} is no edition of the month before"
        return
    beside = folder.parents[1] / earlier / before["edition_id"]
    if not beside.is_dir():
        name = before["edition_id"]
        yield Unproven(f"{name} is not beside it, so what moved since then is not held")
    elif before != previous.ranks_of(read_edition(beside), month):
        yield f"bulletin.json: the ranks before are not those of {before['edition_id']}"


def _sheets_differ(path: Path, expected: bytes) -> Iterator[str]:
    told, made = (
        CalamineWorkbook.from_path(path),
        CalamineWorkbook.from_filelike(io.BytesIO(expected)),
    )
    if told.sheet_names != made.sheet_names:
        yield f"{path.name} has the sheets {told.sheet_names}, not {made.sheet_names}"
        return
    for name in made.sheet_names:
        cells, own = (book.get_sheet_by_name(name).to_python() for book in (told, made))
        if cells != own:
            row = next(n for n in range(len(cells) + 1) if cells[: n + 1] != own[: n + 1])
            yield f"{path.name}, sheet {name!r}, row {row + 1}, is not what the tables say"


def _comments_differ(folder: Path, month: PublishedMonth) -> Iterator[str]:
    """The comments in the DuckDB file are the dictionary's."""
    _, described = read_duckdb(folder / "kurasi.duckdb")
    meanings = dictionary.meanings()
    expected = {
        name: {c: text for c, text in meanings[name].items() if not c or c in table.columns}
        for name, table in month.tables.items()
    }
    if described != expected:
        yield "kurasi.duckdb has other comments than the dictionary"


def moves(folder: Path) -> Iterator[str]:
    """`difference.json` is the difference from the edition before, or at least ends in this one."""
    path = folder / "difference.json"
    told = _json(path)
    own = _json(folder / "manifest.json")["edition_id"]
    if told["edition_id"] != own:
        yield f"difference.json is of {told['edition_id']}"
    if told["before"] is None:
        if set(told) != {"edition_id", "before"}:
            yield "difference.json tells a difference from nothing"
        return
    before = folder.parent / told["before"]
    if (before / "evidence").is_dir():
        moved = difference(before / "evidence", folder / "evidence")
        if json_bytes({"edition_id": own, "before": told["before"], **moved}) != path.read_bytes():
            yield f"difference.json is not the difference from {told['before']}"
        return
    yield Unproven(
        f"{told['before']} is not beside it, so only this side of the difference is held"
    )
    yield from _after_differs(folder, told)


def _after_differs(folder: Path, told: dict[str, Any]) -> Iterator[str]:
    """The later half of each pair is what this edition says."""
    place = ("policy_id", "league", "category", "office_id")
    with (folder / "evidence" / "rankings.csv").open(encoding="utf-8", newline="") as file:
        rankings = {tuple(row[c] for c in place): row for row in csv.DictReader(file)}
    for office in told["offices"]:
        row = rankings.get(tuple(office[c] for c in place), {})
        wrong = [c for c in _IN_RANKING if office[c][1] != _number(row.get(c))]
        if wrong:
            yield f"difference.json: {wrong[0]} of {office['office_id']} is not the ranking's"
    post = ("policy_id", "platform", "post_id")
    with (folder / "evidence" / "decisions.csv").open(encoding="utf-8", newline="") as file:
        decisions = {tuple(row[c] for c in post): row for row in csv.DictReader(file)}
    for each in told["posts"]:
        row = decisions.get(tuple(each[c] for c in post), {})
        if each["value"][1] != _number(row.get("value")):
            yield f"difference.json: the value of {each['post_id']} is not its own"


def run(folder: Path) -> Iterator[str]:
    """`run.json` has its keys, and a time that can be."""
    told = _json(folder / "run.json")
    keys = {"edition_id", "published_at", "run_id", "manifest_sha256", "files", "log", "sha256"}
    if set(told) != keys:
        yield f"run.json: {', '.join(sorted(set(told) ^ keys))}: no key, or missing"
    published = datetime.fromisoformat(told["published_at"].removesuffix("Z"))
    month = date.fromisoformat(f"{told['edition_id'][:7]}-01")
    if published.date() < month:
        yield f"run.json: published {told['published_at']}, before its month began"


def _records_in(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _json(path: Path) -> Any:
    return json.loads(path.read_bytes())
