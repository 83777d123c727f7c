"""Erasure: what is named is gone from every place of a home, stays gone, and the ledger adds up."""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import openpyxl.comments
import polars as pl
import pytest

from ingest import erasure, storage
from ingest.files import archives
from ingest.home import Home
from ingest.pipeline import ingest
from ingest.schemas import Account
from ingest.storage import write_table
from ingest.tombstones import read_tombstones
from tests.ingest.exports import (
    INSTAGRAM,
    NOON,
    POSTS,
    TIKTOK_STUDIO,
    X_1,
    Record,
    deliver,
    export,
    lake_rows,
    ledger,
)
from tests.ingest.responses import MEDIA, SCRAPED, TWEET, USER, changed, lines, response
from tests.ingest.spreadsheets import xlsx, xml
from tests.ingest.zips import ENCRYPTED, Packed, nested, zipped

ORDER = erasure.Order("the person asked for it", "data protection officer")
PRIVATE = {
    "Account ID": "17841400000000099",
    "Account username": "siti_private",
    "Account name": "Siti",
    "Post ID": "17900000000000099",
    "Permalink": "https://www.instagram.com/p/DMx9S9rgAAG/",
    "Description": "Pagi #SitiBercerita",
}


@pytest.fixture
def filled(home: Home) -> Home:
    deliver(home, "a/posts.csv", export(INSTAGRAM, {}, PRIVATE), NOON)
    deliver(home, "a/x.csv", export(X_1), NOON)
    ingest(home)
    return home


def holding(home: Home, text: str) -> list[str]:
    """The files of a home that hold a text, in their bytes or in a column."""
    found = [
        path
        for path in home.root.rglob("*")
        if path.is_file()
        and any(text.encode() in part for part in archives.contents(path.read_bytes()))
    ]
    for path in home.lake.rglob("*.parquet"):
        table = pl.read_parquet(path, hive_partitioning=False)
        if any(text in str(cell) for row in table.rows() for cell in row):
            found.append(path)
    return [str(path.relative_to(home.root)) for path in found]


def test_an_account_s_records_go_and_those_of_others_stay(filled: Home) -> None:
    assert holding(filled, "siti_private") and holding(filled, "#sitibercerita")
    before = {row["post_id"]: row for row in lake_rows(filled)["observations"]}
    erasure.erase_account(filled, "instagram", "@Siti_Private", ORDER)
    ingest(filled)
    assert holding(filled, "siti_private") == holding(filled, "#sitibercerita") == []
    after = {row["post_id"]: row for row in lake_rows(filled)["observations"]}
    assert before.keys() - after.keys() == {"DMx9S9rgAAG"}
    kept = ("platform_account_id", "like_count", "published_at", "text")
    for post_id, row in after.items():
        assert [row[name] for name in kept] == [before[post_id][name] for name in kept]


def test_the_ledger_tells_what_was_erased_and_still_adds_up(filled: Home) -> None:
    (delivery,) = (row for row in ledger(filled) if row["name"] == "x.csv")
    erasure.erase_delivery(filled, delivery["delivery_id"], ORDER)
    ingest(filled)
    row = {row["sha256"]: row for row in ledger(filled)}[delivery["sha256"]]
    assert row["status"] == "erased"
    assert "data protection officer: the person asked for it" in row["reason"]
    assert (row["record_count"], row["loaded_count"]) == (1, 1)
    assert {row["platform"] for row in lake_rows(filled)["observations"]} == {"instagram"}
    assert not filled.archived(delivery["sha256"]).exists()
    assert not (filled.inbox / "a/x.csv").exists()


def test_erased_bytes_are_not_taken_again(filled: Home, caplog: pytest.LogCaptureFixture) -> None:
    (delivery,) = (row for row in ledger(filled) if row["name"] == "x.csv")
    erasure.erase_delivery(filled, delivery["delivery_id"], ORDER)
    deliver(filled, "b/again.csv", export(X_1), NOON)
    ingest(filled)
    assert "b/again.csv is not taken" in caplog.text
    assert not filled.archived(delivery["sha256"]).exists()
    assert {row["platform"] for row in lake_rows(filled)["observations"]} == {"instagram"}


def test_a_registered_account_and_an_unknown_one_are_refused(filled: Home, tmp_path: Path) -> None:
    row = {"account_id": "a", "office_id": "o", "platform": "instagram"}
    row |= {"platform_account_id": None, "handle": "siti_private", "name": None}
    row |= {"valid_from": None, "valid_to": None}
    accounts = pl.DataFrame([row], schema=Account.create_empty().schema)
    write_table(filled.table("accounts"), accounts)
    before = lake_rows(filled)
    for name, reason in (("siti_private", "is registered as a"), ("nobody", "no record")):
        with pytest.raises(erasure.NotErasable, match=reason):
            erasure.erase_account(filled, "instagram", name, ORDER)
    ingest(filled)
    assert lake_rows(filled) == before


def test_a_crash_after_the_tombstone_is_made_good_by_the_next_run(
    filled: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    (delivery,) = (row for row in ledger(filled) if row["name"] == "x.csv")
    monkeypatch.setattr(erasure, "apply", lambda *_: None)
    erasure.erase_delivery(filled, delivery["delivery_id"], ORDER)
    monkeypatch.undo()
    assert filled.archived(delivery["sha256"]).exists()
    ingest(filled)
    assert not filled.archived(delivery["sha256"]).exists()
    assert {row["platform"] for row in lake_rows(filled)["observations"]} == {"instagram"}


def test_nothing_is_erased_where_nothing_was_asked(home: Home) -> None:
    deliver(home, "a/posts.csv", POSTS, NOON)
    ingest(home)
    assert read_tombstones(home) == {}
    assert {row["status"] for row in ledger(home)} == {"loaded"}


# Forms: the records of an account are found and erased in each in which files come.

OTHER = {
    "Permalink": "https://www.instagram.com/p/DMx50y7gAAF/",
    "Post ID": "17900000000000055",
    "Description": 'Kata; "kedua",\tbaris\rbaru é',
}
CHANGES: Sequence[Record] = ({}, PRIVATE, OTHER)


def _rows(record: Record, changes: Sequence[Record]) -> list[list[Any]]:
    return [[*record], *([*{**record, **change}.values()] for change in changes)]


def _wrapped(content: bytes) -> bytes:
    """Every line as one quoted cell."""
    lines = content.decode().splitlines()
    return "".join('"' + line.replace('"', '""') + '"\n' for line in lines).encode()


_PLAIN = [{**change, "Description": "no line end"} for change in CHANGES]
_TITLED = (
    b"Reach\nDate,Primary\n2025-08-01,5\n2025-08-02,7\n\n"
    b"Siti_Private\nDate,Primary\n2025-08-01,9\n\nViews\nDate,Primary\n2025-08-01,70\n"
)
_MIXED = (
    b"Top cities\nCity,Followers\nDenpasar,5\n\nTop Pages\nAccount,Visits,Share\n"
    b"siti_private,9,1\nkemenkum,7,2\n"
)
_TIKTOK = _rows(TIKTOK_STUDIO, ({}, {"Video title": "hers"}, {"Video title": "third"}))
_LINK = "https://www.tiktok.com/@siti_private/video/7533299687164477450"
_LINK_CELL = "ABCDEFGH"[list(TIKTOK_STUDIO).index("Video link")] + "3"
_TITLE_CELL = "ABCDEFGH"[list(TIKTOK_STUDIO).index("Video title")] + "3"
_SCRAPED = (
    SCRAPED,
    changed(SCRAPED, ownerUsername="Siti_Private", ownerId="31000000009", url=None),
    changed(SCRAPED, caption="oleh siti", shortCode="DMx50y7gAAF", url=None),
)
_MEDIA = [changed(MEDIA, username=name) for name in ("kemenkum", "siti_private", "lain")]
_ANSWERS = {
    "data": [TWEET, changed(TWEET, id="1950972286718705672", author_id="5")],
    "includes": {"users": [USER, {"id": "5", "username": "Siti_Private", "name": "Siti"}]},
}
FORMS = {
    "comma": export(INSTAGRAM, *CHANGES),
    "with withheld counters": export(INSTAGRAM, *({**each, "Likes": "1.2K"} for each in CHANGES)),
    "semicolon": export(INSTAGRAM, *CHANGES, delimiter=";"),
    "tab": export(INSTAGRAM, *CHANGES, delimiter="\t", line_end="\r\n"),
    "sep line": b"sep=;\n" + export(INSTAGRAM, *CHANGES, delimiter=";"),
    "UTF-8 with a mark": b"\xef\xbb\xbf" + export(INSTAGRAM, *CHANGES),
    "UTF-16": export(INSTAGRAM, *CHANGES, delimiter="\t").decode().encode("utf-16"),
    "Windows-1252": export(INSTAGRAM, *({**each, "Description": "é"} for each in CHANGES))
    .decode()
    .encode("cp1252"),
    "without a last line end": export(INSTAGRAM, *CHANGES).removesuffix(b"\n"),
    "the account last, without a line end": export(INSTAGRAM, {}, PRIVATE).removesuffix(b"\n"),
    "malformed": export(INSTAGRAM, *CHANGES) + b"a,Siti_Private\nb,c\n",
    "XLSX, shared texts": xlsx({"Posts": _rows(INSTAGRAM, _PLAIN)}),
    "XLSX, texts in cells": xlsx({"Posts": _rows(INSTAGRAM, _PLAIN)}, has_shared_texts=False),
    "XLSX, two sheets": xlsx(
        {"July": _rows(INSTAGRAM, _PLAIN), "August": _rows(INSTAGRAM, [PRIVATE, OTHER])}
    ),
    "XLSX, malformed": xlsx({"Posts": [*_rows(INSTAGRAM, _PLAIN), ["siti_private"] * 40]}),
    "XLSX, whole lines in cells": xlsx(
        {"Posts": [[line] for line in export(INSTAGRAM, *_PLAIN).decode().splitlines()]}
    ),
    "XML Spreadsheet": xml({"Posts": _rows(INSTAGRAM, CHANGES)}),
    "wrapped": _wrapped(export(INSTAGRAM, *_PLAIN)),
    "titled tables": _TITLED,
    "titled tables of different headers": _MIXED,
    "JSON, a list": response("", *_SCRAPED),
    "JSON, a response": response("data", *_MEDIA, paging={"next": "x"}),
    "JSON, a document a line": lines(*_MEDIA),
    "JSON, pages": lines(*({"data": [record]} for record in _MEDIA)),
    "JSON, an author beside the posts": lines(_ANSWERS),
    "a hyperlink's target": xlsx({"Content": _TIKTOK}, {_LINK_CELL: _LINK}),
    "a hyperlink behind a caption": xlsx({"Content": _TIKTOK}, {_TITLE_CELL: _LINK}),
    "a number marked as text": export(
        INSTAGRAM,
        {},
        {"Account ID": '="17841400000000099"', "Account username": "siti_private"},
    ),
}
#: How many records of the account stand in a form, where it is not one.
COUNTS = {"malformed": 2, "XLSX, two sheets": 2, "XLSX, malformed": 2}


def _all_rows(home: Home) -> dict[str, list[str]]:
    """What the lake says, whatever the hashes and numbers of records."""
    found = {}
    for name in ("observations", "account_days", "rejects", "withheld"):
        rows = pl.read_parquet(home.lake / name / "**/*.parquet", hive_partitioning=False)
        found[name] = sorted(map(str, rows.drop("sha256", "record_number").rows()))
    return found


@pytest.mark.parametrize("form", FORMS)
def test_an_account_is_erased_from_every_form(home: Home, form: str) -> None:
    platform = "tiktok" if "hyperlink" in form else "x" if "author" in form else "instagram"
    path = deliver(home, "a/export", FORMS[form], NOON)
    deliver(home, "a/x.csv", export(X_1), NOON)
    ingest(home)
    (before,) = (row for row in ledger(home) if row["name"] == "export")
    rows_before = _all_rows(home)
    erased = erasure.erase_account(home, platform, "@siti_private", ORDER)
    assert [tombstone.sha256 for tombstone in erased] == [before["sha256"]]
    ingest(home)
    assert not path.exists()
    assert not home.archived(before["sha256"]).exists()
    assert holding(home, "siti_private") == []
    assert holding(home, "Siti_Private") == []
    (after,) = (row for row in ledger(home) if row["sha256"] == erased[0].replaced_by)
    assert (after["kind"], after["status"]) == (before["kind"], "loaded")
    assert before["record_count"] - after["record_count"] == COUNTS.get(form, 1)
    rows_after = _all_rows(home)
    gone = {name: set(rows_before[name]) - set(rows_after[name]) for name in rows_before}
    for name, rows in rows_after.items():
        assert set(rows) <= set(rows_before[name]), name
    counts = ("loaded_count", "rejected_count", "withheld_count")
    assert sum(map(len, rows_before.values())) - sum(map(len, rows_after.values())) == sum(
        before[count] - after[count] for count in counts
    )
    assert "siti_private" not in str(rows_after).lower()
    assert all(len(rows) <= COUNTS.get(form, 1) for rows in gone.values())
    # Erased is erased: there is nothing left, and a run changes nothing.
    with pytest.raises(erasure.NotErasable, match="no record of"):
        erasure.erase_account(home, platform, "siti_private", ORDER)
    assert ingest(home).deliveries == 0


def _with_comment(rows: list[list[Any]], cell: str, text: str) -> bytes:
    content = io.BytesIO()
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.active[cell].comment = openpyxl.comments.Comment(text, "somebody")
    book.save(content)
    return content.getvalue()


_BOOK = xlsx({"Posts": _rows(INSTAGRAM, CHANGES)})
STUCK = {
    "unknown layout": b"name,likes\nsiti_private,5\n",
    "UTF-16 of no known layout": "name,likes\nsiti_private,5\n".encode("utf-16"),
    "two platforms": xlsx(
        {"Instagram": _rows(INSTAGRAM, CHANGES), "X": _rows(X_1, [{"Post text": "one"}])}
    ),
    "a quote in the wrong place": export(INSTAGRAM, *CHANGES).replace(b'"Kata', b'"Ka"ta', 1),
    "a workbook that was cut": _BOOK[:-40],
    "a ZIP of which something can't be taken": zipped(
        Packed("posts.csv", export(INSTAGRAM, *CHANGES)), Packed("x.csv", flags=ENCRYPTED)
    ),
    "a ZIP in a ZIP in a ZIP": nested(
        export(INSTAGRAM, *CHANGES), ["posts.csv", "inner.zip", "middle.zip"]
    ),
    "gzip": gzip.compress(export(INSTAGRAM, *CHANGES), mtime=0),
    # Another record's number is understood only beside the account's.
    "proof of another's number": export(
        INSTAGRAM, {"Views": "1.234"}, {**PRIVATE, "Views": "1.234.567"}
    ),
    "a comment": _with_comment(_rows(INSTAGRAM, [{}, OTHER]), "B2", "from Siti_Private, I think"),
    "a sheet's name": xlsx({"siti_private": _rows(INSTAGRAM, [{}, OTHER])}),
}


@pytest.mark.parametrize("form", STUCK)
def test_a_file_that_names_the_account_and_can_t_be_rewritten_is_named(
    filled: Home, form: str
) -> None:
    deliver(filled, "b/stuck", STUCK[form], NOON)
    ingest(filled)
    (stuck,) = (row for row in ledger(filled) if row["name"] == "stuck")
    before = (ledger(filled), lake_rows(filled), sorted(filled.archive.rglob("*")))
    with pytest.raises(erasure.NotErasable, match=f"kurasi erase {stuck['delivery_id']}"):
        erasure.erase_account(filled, "instagram", "siti_private", ORDER)
    ingest(filled)
    assert (ledger(filled), lake_rows(filled), sorted(filled.archive.rglob("*"))) == before
    erasure.erase_delivery(filled, stuck["delivery_id"], ORDER)
    erasure.erase_account(filled, "instagram", "siti_private", ORDER)
    ingest(filled)
    assert holding(filled, "siti_private") == []


def test_who_is_only_mentioned_by_others_is_not_erased_with_them(home: Home) -> None:
    deliver(home, "a/posts.csv", export(INSTAGRAM, {"Description": "with @siti_private"}), NOON)
    ingest(home)
    with pytest.raises(erasure.NotErasable, match="no record of instagram is of siti_private"):
        erasure.erase_account(home, "instagram", "siti_private", ORDER)


def test_two_accounts_are_erased_one_after_the_other_without_a_run_between(home: Home) -> None:
    other = {**PRIVATE, "Account username": "budi", "Account ID": "17841400000000098"}
    deliver(home, "a/posts.csv", export(INSTAGRAM, {}, PRIVATE, other), NOON)
    ingest(home)
    erasure.erase_account(home, "instagram", "siti_private", ORDER)
    erasure.erase_account(home, "instagram", "budi", ORDER)
    ingest(home)
    assert holding(home, "siti_private") == holding(home, "budi") == []
    assert len(lake_rows(home)["observations"]) == 1


# What a crash of the durable writer left.


def _leftover(folder: Path, process: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f".name.{process}.140737353.tmp"
    path.write_bytes(b"siti_private")
    return path


def _ended_process() -> int:
    process = os.fork()
    if process == 0:
        os._exit(0)
    os.waitpid(process, 0)
    return process


@pytest.mark.parametrize("folder", ["archive/00", "lake/files", "warehouse", "published/current"])
@pytest.mark.parametrize("is_erasing", [True, False])
def test_temporary_files_of_a_crash_are_removed(
    filled: Home, folder: str, is_erasing: bool
) -> None:
    left = _leftover(filled.root / folder, _ended_process())
    own = _leftover(filled.root / folder / "own", os.getpid())  # of a process of our number
    link = filled.warehouse / f".current.{_ended_process()}.1.tmp"
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(filled.archive)
    if is_erasing:
        erasure.erase_account(filled, "instagram", "siti_private", ORDER)
    else:
        ingest(filled)
    assert not left.exists()
    assert not own.exists()
    assert not link.is_symlink()


def test_a_temporary_file_that_is_being_written_stays(filled: Home) -> None:
    other = _leftover(filled.archive / "00", os.getppid())
    with storage.durable(filled.warehouse / "state.json") as temporary:
        temporary.write_text("half")
        ingest(filled)
        assert temporary.exists()
    assert other.exists()
    # Of a process of that number that ended long before the present one began.
    os.utime(other, (1, 1))
    ingest(filled)
    assert not other.exists()


def test_a_folder_that_another_process_writes_to_is_left_alone(filled: Home) -> None:
    left = _leftover(filled.published / "current", _ended_process())
    with storage.exclusive(filled, "publish"):
        ingest(filled)
        assert left.exists()
    ingest(filled)
    assert not left.exists()
