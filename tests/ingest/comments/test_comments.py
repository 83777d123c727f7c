"""Comments of the public in the inbox: what is kept of them, and that nobody is named."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import polars as pl
import pytest

from ingest import batches, erasure, pipeline
from ingest.comments import persons
from ingest.files import archives
from ingest.home import Home
from ingest.parsing.persons import without_persons
from ingest.pipeline import ingest
from ingest.schemas import Comment
from tests.ingest.comments.responses import (
    FACEBOOK,
    INSTAGRAM,
    PERSONS,
    SCRAPED,
    TIKTOK,
    WITHOUT,
    YOUTUBE,
    as_json,
    table_as_csv,
    table_as_xlsx,
)
from tests.ingest.exports import NOON, deliver, ledger
from tests.ingest.responses import MEDIA, response

_AT = datetime(2025, 8, 2, 1, 2, 3)
FILES = {
    "youtube.json": as_json(YOUTUBE),
    "instagram.json": as_json(INSTAGRAM),
    "facebook.json": as_json(FACEBOOK),
    "scraped.json": as_json(SCRAPED),
    "tiktok.json": as_json(TIKTOK),
    "table.csv": table_as_csv(),
    "table.xlsx": table_as_xlsx(),
}
#: By file: the post, the two comments, when they were written, and whether the account wrote them.
KEPT = {
    "youtube.json": ("dQw4w9WgXcQ", "UgA", "UgA.1", _AT, (False, True)),
    "instagram.json": ("DMx9S9rgAAF", "1", "2", _AT, (False, True)),
    "facebook.json": (
        "122100000000000001",
        "122100000000000001_1",
        "122100000000000001_2",
        _AT,
        (False, True),
    ),
    # Its link does not tell whose the post is.
    "scraped.json": ("DMx9S9rgAAF", "1", "2", _AT, (None, None)),
    "tiktok.json": ("7533299687164477449", "1", "2", _AT, (False, True)),
    # Its dates have no zone.
    "table.csv": ("7533299687164477449", "1", "2", None, (None, True)),
    "table.xlsx": ("7533299687164477449", "1", "2", None, (None, True)),
}


def comments(home: Home) -> list[dict[str, Any]]:
    rows = batches.scan(home.lake / "comments", Comment).collect()
    return rows.sort("sha256", "record_number").to_dicts()


def holding(home: Home) -> list[str]:
    """The files of a home that hold a person of the comments."""
    files = [path for path in home.root.rglob("*") if path.is_file()]
    return [
        str(path.relative_to(home.root))
        for path in files
        for content in archives.contents(path.read_bytes())
        if any(person.encode() in content for person in PERSONS)
    ]


def test_comments_of_every_source_are_kept_without_whoever_wrote_them(home: Home) -> None:
    for name, content in FILES.items():
        deliver(home, f"komentar/{name}", content, NOON)
    assert ingest(home).quarantined == 0
    assert holding(home) == []
    found = {row["sha256"]: row for row in ledger(home)}
    assert {row["holds"] for row in found.values()} == {"comments"}
    told: dict[str, list[dict[str, Any]]] = {}
    for row in comments(home):
        told.setdefault(found[row["sha256"]]["name"], []).append(row)
    # A table is the same file, whatever it came as.
    told.setdefault("table.csv", told.get("table.xlsx", []))
    told.setdefault("table.xlsx", told["table.csv"])
    assert told.keys() == KEPT.keys()
    for name, (post, first, second, at, by_account) in KEPT.items():
        rows = told[name]
        assert [row["comment_id"] for row in rows] == [first, second], name
        assert [row["text"] for row in rows] == [WITHOUT, "Senin & Selasa"], name
        assert {row["post_id"] for row in rows} == {post}, name
        assert {row["published_at"] for row in rows} == {at}, name
        assert [row["like_count"] for row in rows] == [3, 0], name
        assert tuple(row["is_by_account"] for row in rows) == by_account, name
        answered = None if name.startswith("table") else first
        assert [row["parent_comment_id"] for row in rows] == [None, answered], name


def test_what_is_kept_is_kept_as_it_is_and_what_somebody_adds_is_not() -> None:
    kept = without_persons(as_json(YOUTUBE))
    assert kept is not None
    assert without_persons(kept) is None
    document = json.loads(kept)
    document["comments"][0]["author"] = "rahasia"
    document["comments"][1]["text"] = "Senin & Selasa, @rahasia"
    again = without_persons(as_json(document))
    assert again is not None
    assert b"rahasia" not in again


def test_a_scrapers_error_among_comments_is_rejected_and_told(home: Home) -> None:
    deliver(home, "a/scraped.json", as_json([*SCRAPED, {"error": "no_items"}]), NOON)
    summary = ingest(home)
    assert (summary.records, summary.loaded, summary.rejected) == (3, 2, 1)
    assert pipeline.rejects(home)["record_number"].to_list() == [3]


def test_a_response_of_posts_stays_one_and_loses_its_comments(home: Home) -> None:
    media = {**MEDIA, "comments": INSTAGRAM["comments"]}
    deliver(home, "a/media.json", response("data", media), NOON)
    ingest(home)
    assert [row["holds"] for row in ledger(home)] == ["posts"]
    assert holding(home) == []
    assert comments(home) == []


def test_erasing_a_comment_takes_it_and_its_answers_and_leaves_the_others(home: Home) -> None:
    other = {**TIKTOK[0], "cid": "9", "text": "Terima kasih"}
    deliver(home, "a/tiktok.json", as_json([*TIKTOK, other]), NOON)
    ingest(home)
    erasure.erase_account(home, "tiktok", "1", erasure.Order("asked", "officer"))
    ingest(home)
    assert [row["comment_id"] for row in comments(home)] == ["9"]
    assert {row["status"] for row in ledger(home)} == {"erased", "loaded"}


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("trims @a.b_c dan @D", "trims [akun] dan [akun]"),
        ("(021) 555-1234 ext 5; +62 812 3456 789", "([nomor] ext 5; [nomor]"),
        ("NIK 3273010101800001", "NIK [nomor]"),
        ("buka jam 08.00-16.00, 17 Agustus 2025", "buka jam 08.00-16.00, 17 Agustus 2025"),
        ("lihat https://t.me/budi dan wa.me/62812", "lihat [tautan] dan [tautan]"),
        ("kirim ke a.b+c@mail.go.id ya", "kirim ke [surel] ya"),
        ("x" * 200_000, "x" * 200_000),
    ],
    ids=lambda text: text[:20],
)
def test_a_text_is_kept_without_what_reaches_a_person(text: str, without: str) -> None:
    assert persons.without(text) == without
    assert persons.without(without) == without


def test_values_of_other_types_in_the_place_of_texts_are_no_harm() -> None:
    for value in (None, 1, True, [], {}, [[]], "x"):
        item = {**TIKTOK[0], "videoWebUrl": value, "text": value, "diggCount": value}
        thread = {"snippet": {"topLevelComment": {"id": value, "snippet": value}}}
        for document in ([item], {"items": [thread]}):
            kept = without_persons(as_json(document))
            assert kept is None or pl.DataFrame(json.loads(kept)["comments"]).height == 1
