"""Responses in the inbox: when they came, and the private persons in them, who are not kept."""

from __future__ import annotations

import hashlib
import json
import logging
from typing import Any

import pytest

from ingest import erasure, inbox
from ingest.files import archives
from ingest.home import Home
from ingest.parsing import persons
from ingest.pipeline import ingest
from ingest.receipts import read_receipts, response_date
from tests.ingest.exports import (
    EVENING,
    INSTAGRAM,
    MORNING,
    NOON,
    deliver,
    export,
    lake_rows,
    ledger,
    observations,
)
from tests.ingest.responses import (
    MEDIA,
    PAGE_POST,
    SCRAPED,
    TWEET,
    USER,
    changed,
    lines,
    response,
)

_HEADERS = "HTTP/2 200\r\ncontent-type: application/json\r\ndate: Sat, 02 Aug 2025 01:00:00 GMT\r\n"
SCRAPE = response("", SCRAPED, changed(SCRAPED, latestComments=[], firstComment=""))


def holding(home: Home, text: str) -> list[str]:
    """The files of a home that hold a text."""
    files = [path for path in home.root.rglob("*") if path.is_file()]
    held = [p for p in files if any(text.encode() in c for c in archives.contents(p.read_bytes()))]
    return [str(path.relative_to(home.root)) for path in held]


def only_delivery(home: Home) -> dict[str, Any]:
    (row,) = ledger(home)
    return row


# When a response came.


def test_the_date_of_the_headers_beside_a_response_is_its_capture(home: Home) -> None:
    path = deliver(home, "a/media.json", response("data", MEDIA), NOON)
    path.with_name("media.json.headers").write_text(_HEADERS)
    assert ingest(home).not_taken == 0
    row = only_delivery(home)
    assert row["captured_at"].isoformat() == MORNING
    assert row["captured_at_source"] == "headers"


def test_a_sidecar_says_more_than_headers_and_headers_more_than_the_receipt(home: Home) -> None:
    told = {"captured_at": f"{EVENING}+00:00"}
    path = deliver(home, "a/media.json", response("data", MEDIA), NOON, told)
    path.with_name("media.json.headers").write_text(_HEADERS)
    ingest(home)
    assert only_delivery(home)["captured_at_source"] == "sidecar"


def test_headers_that_come_later_tell_of_the_same_arrival(home: Home) -> None:
    path = deliver(home, "a/media.json", response("data", MEDIA), NOON)
    ingest(home)
    assert only_delivery(home)["captured_at_source"] == "receipt"
    path.with_name("media.json.headers").write_text(_HEADERS)
    ingest(home)
    assert only_delivery(home)["captured_at"].isoformat() == MORNING


def test_headers_without_a_date_and_without_a_response_are_told(home: Home) -> None:
    path = deliver(home, "a/media.json", response("data", MEDIA), NOON)
    path.with_name("media.json.headers").write_text("HTTP/2 200\r\n")
    deliver(home, "a/lost.json.headers", _HEADERS.encode(), NOON)
    assert ingest(home).not_taken == 2
    told = {each.name: each.reason for each in inbox.not_taken(home)}
    assert "have no Date" in told["a/media.json"]
    assert "beside no export" in told["a/lost.json.headers"]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        (_HEADERS, "Sat, 02 Aug 2025 01:00:00 GMT"),
        ('{"Date": "Sat, 02 Aug 2025 01:00:00 GMT"}', "Sat, 02 Aug 2025 01:00:00 GMT"),
        # A proxy or a redirect comes first.
        (f"HTTP/1.1 302\nDate: Fri, 01 Aug 2025 01:00:00 GMT\n\n{_HEADERS}", _HEADERS[-32:-2][1:]),
        ("last-modified: Sat, 02 Aug 2025 01:00:00 GMT", None),
        ("date: Sat, 45 Aug 2025 01:00:00 GMT", None),
        ("date: 2025-08-02", None),
    ],
)
def test_a_date_is_read_in_the_one_form_of_http(text: str, date: str | None) -> None:
    assert response_date(text) == date


# Private persons.


def test_the_archive_keeps_a_copy_without_commenters_and_the_ledger_both_hashes(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    path = deliver(home, "a/scrape.json", SCRAPE, NOON, {"captured_at": f"{MORNING}+00:00"})
    assert ingest(home).loaded == 2
    assert not path.exists()
    assert not path.with_name("scrape.json.delivery.json").exists()
    assert holding(home, "siti_private") == []
    row = only_delivery(home)
    assert row["received_sha256"] == hashlib.sha256(SCRAPE).hexdigest()
    assert row["captured_at"].isoformat() == MORNING
    copy = home.archived(row["sha256"]).read_bytes()
    assert hashlib.sha256(copy).hexdigest() == row["sha256"] != row["received_sha256"]
    assert observations(copy) == observations(SCRAPE)
    assert f"{row['sha256']} of {row['received_sha256']}" in caplog.text


def test_the_same_bytes_again_are_the_same_delivery(home: Home) -> None:
    deliver(home, "a/scrape.json", SCRAPE, NOON)
    ingest(home)
    before = ledger(home)
    path = deliver(home, "a/scrape.json", SCRAPE, NOON)
    other = deliver(home, "a/again.json", SCRAPE, EVENING)
    ingest(home)
    assert ledger(home) == before
    assert not path.exists() and not other.exists()


def test_a_sidecar_that_comes_later_tells_of_the_file_when_it_is_there_again(home: Home) -> None:
    deliver(home, "a/scrape.json", SCRAPE, NOON)
    ingest(home)
    deliver(home, "a/scrape.json", SCRAPE, EVENING, {"captured_at": f"{MORNING}+00:00"})
    ingest(home)
    assert only_delivery(home)["captured_at"].isoformat() == MORNING


def test_bytes_that_came_before_stay_what_they_were_under_other_rules(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(home, "a/scrape.json", SCRAPE, NOON)
    ingest(home)
    before = ledger(home)
    monkeypatch.setattr(persons, "PERSONS", frozenset({"latestComments", "firstComment", "alt"}))
    deliver(home, "a/scrape.json", SCRAPE, NOON)
    ingest(home)
    assert ledger(home) == before


def test_a_crash_before_the_received_file_is_removed_is_made_good(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = deliver(home, "a/scrape.json", SCRAPE, NOON)
    monkeypatch.setattr(inbox, "remove_redacted", lambda *_: None)
    ingest(home)
    assert path.exists()
    before = ledger(home)
    monkeypatch.undo()
    ingest(home)
    assert not path.exists()
    assert ledger(home) == before


def test_a_file_without_private_persons_is_archived_as_it_came(home: Home) -> None:
    content = response("data", PAGE_POST)
    path = deliver(home, "a/posts.json", content, NOON)
    deliver(home, "a/posts.csv", export(INSTAGRAM), NOON)
    ingest(home)
    assert path.exists()
    row = {row["name"]: row for row in ledger(home)}["posts.json"]
    assert (row["sha256"], row["received_sha256"]) == (hashlib.sha256(content).hexdigest(), None)
    assert all(receipt.received_sha256 is None for receipt in read_receipts(home))


def test_facebook_s_commenters_go_and_the_counts_stay(home: Home) -> None:
    named = [{"from": {"name": "Siti Private", "id": "99"}, "message": "Mantap", "id": "1_2"}]
    post = changed(PAGE_POST, comments__data=named, reactions__data=[{"name": "Siti Private"}])
    deliver(home, "a/posts.json", response("data", post), NOON)
    ingest(home)
    assert holding(home, "Siti Private") == []
    (row,) = lake_rows(home)["observations"]
    assert (row["like_count"], row["comment_count"]) == (75, 8)


def test_x_s_users_stay_only_as_authors_of_posts_that_answer_nobody(home: Home) -> None:
    """Whoever answers the account is a commenter: the number stays, so it is nobody's sender."""
    answer = changed(TWEET, id="1950972286718705672", author_id="5", in_reply_to_user_id=USER["id"])
    users = [USER, {"id": "5", "username": "siti_private"}, {"id": "6", "username": "budi_private"}]
    document = {
        "data": [TWEET, answer],
        "includes": {"users": users, "tweets": [changed(TWEET, text="dari budi_private")]},
    }
    deliver(home, "a/tweets.json", lines(document), NOON)
    ingest(home)
    assert holding(home, "siti_private") == holding(home, "budi_private") == []
    rows = lake_rows(home)["observations"]
    assert [(row["platform_account_id"], row["account_handle"]) for row in rows] == [
        ("4400000001", "kemenkumjabar"),
        ("5", None),
    ]


def test_erased_bytes_are_not_taken_again_as_they_came(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(home, "a/scrape.json", SCRAPE, NOON)
    ingest(home)
    row = only_delivery(home)
    erasure.erase_delivery(home, row["delivery_id"], erasure.Order("asked for", "officer"))
    # What would be taken out of them today does not matter.
    monkeypatch.setattr(persons, "PERSONS", frozenset({"latestComments"}))
    path = deliver(home, "a/scrape.json", SCRAPE, EVENING)
    ingest(home)
    assert path.exists()  # whoever put it there again is told, and deletes it
    assert only_delivery(home)["status"] == "erased"
    assert holding(home, "Mantap") == ["inbox/a/scrape.json"]


def test_a_response_that_is_not_known_is_kept_without_commenters_too(home: Home) -> None:
    deliver(
        home, "a/odd.json", json.dumps({"x": [{"latestComments": ["siti_private"]}]}).encode(), NOON
    )
    ingest(home)
    assert only_delivery(home)["status"] == "quarantined"
    assert holding(home, "siti_private") == []


def test_what_can_not_be_read_is_archived_as_it_came_and_quarantined(home: Home) -> None:
    path = deliver(home, "a/cut.json", SCRAPE[:-1], NOON)
    ingest(home)
    row = only_delivery(home)
    assert (row["status"], row["received_sha256"]) == ("quarantined", None)
    assert path.exists()


def test_a_lost_receipt_is_written_anew_with_both_hashes(home: Home) -> None:
    deliver(home, "a/scrape.json", SCRAPE, NOON)
    ingest(home)
    before = ledger(home)
    (path,) = (home.archive / "receipts").glob("*.jsonl")
    path.write_bytes(path.read_bytes()[:-9])
    ingest(home)
    assert ledger(home) == before


# What a response covers.


def test_a_response_covers_days_only_where_its_sidecar_says_so(home: Home) -> None:
    told = {"captured_at": f"{MORNING}+00:00", "covers_from": "2025-07-01"}
    deliver(home, "a/told.json", response("data", MEDIA), NOON, told)
    deliver(home, "a/silent.json", response("data", MEDIA, paging={}), NOON)
    ingest(home)
    assert {row["name"]: row["covers_posts"] for row in ledger(home)} == {
        "told.json": True,
        "silent.json": False,
    }
