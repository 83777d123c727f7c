"""A counter is followed into the delivered file in every form in which files come."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import signal
from pathlib import Path

import pytest

from orchestration.publication import trace as module
from orchestration.publication.trace import trace
from tests.ingest.bounds import SetBounds
from tests.ingest.exports import INSTAGRAM, X_1, export
from tests.ingest.responses import SCRAPED, TANGLED, TWEET, changed, lines, response
from tests.ingest.spreadsheets import xlsx, xml

_X = ("x", "1950972286718705671")


#: What a record says besides its counters; of X the ID tells the time.
_TOLD = {
    "platform_account_id": "",
    "account_handle": "",
    "published_at": "2025-07-31T17:30:15Z",
    "published_date": "",
    "published_precision": "second",
    "id_at": "2025-07-31T17:30:15Z",
}
_PRINTED = {"published_at": "2025-07-31T17:30:00Z", "published_precision": "minute"}


def _problems(
    folder: Path,
    content: bytes,
    number: int,
    likes: str,
    post: tuple[str, str] = _X,
    told: dict[str, str] = _TOLD,
) -> list[str]:
    """What a trace of one observation says of this file."""
    sha256 = hashlib.sha256(content).hexdigest()
    evidence, archive = folder / "evidence", folder / "archive"
    for each in (evidence, archive):
        each.mkdir()
    (archive / sha256).write_bytes(content)
    (evidence / "policies.json").write_text(json.dumps({"month": "2025-08-01"}))
    counts = {"like_count": likes, "comment_count": "8", "share_count": "6", "save_count": "4"}
    place = {"captured_at": "2025-08-02", "sha256": sha256, "record_number": str(number)}
    key = dict(zip(("platform", "post_id"), post, strict=True))
    for name, row in (
        ("observations.csv", {**key, **place, **counts, **told}),
        ("decisions.csv", {**key, "is_counted": "true"}),
        ("rejects.csv", {"sha256": sha256, "record_number": "99"}),
    ):
        with (evidence / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, row)
            writer.writeheader()
            writer.writerow(row)
    return [check["detail"] for check in trace(evidence, archive, 9, seed=1) if not check["ok"]]


def _wrapped(content: bytes) -> bytes:
    """Every line as one quoted cell."""
    lines = content.decode().splitlines()
    return "".join('"' + line.replace('"', '""') + '"\n' for line in lines).encode()


_ROWS = [[*X_1], [*X_1.values()]]
_OTHERS = [[*X_1], *([*{**X_1, "Post id": f"195097228671870000{n}"}.values()] for n in (1, 2))]


@pytest.mark.parametrize(
    ("content", "number"),
    [
        (export(X_1), 1),
        (export({**X_1, "Likes": "75.0"}), 1),
        (export({**X_1, "Likes": '="75"'}, delimiter=";"), 1),
        (b"sep=,\r\n" + export(X_1), 1),
        (export({**X_1, "Post text": "café"}).decode().encode("cp1252"), 1),
        (export(X_1, delimiter="\t").decode().encode("utf-16"), 1),
        (_wrapped(export({**X_1, "Post text": "no line end"})), 1),
        (xlsx({"Posts": _ROWS}), 1),
        (xml({"Others": _OTHERS, "Posts": _ROWS}), 3),
        (response("data", changed(TWEET, id="1950972286718705672"), TWEET), 2),
        (lines({"error": {}}, {"data": [TWEET]}), 2),
    ],
    # A workbook's bytes hold the time, so that they name no test.
    ids=[
        "plain",
        "float",
        "formula",
        "sep line",
        "Windows-1252",
        "UTF-16",
        "wrapped",
        "workbook",
        "XML spreadsheet",
        "response",
        "lines",
    ],
)
def test_a_counter_is_found_in_every_form(tmp_path: Path, content: bytes, number: int) -> None:
    assert _problems(tmp_path, content, number, "75") == []


def test_thousands_are_the_digits(tmp_path: Path) -> None:
    assert _problems(tmp_path, export({**X_1, "Likes": "1.234.567"}), 1, "1234567") == []


@pytest.mark.parametrize(
    ("number", "likes", "post", "text"),
    [
        (3, "76", _X, "like_count is 75, not 76"),
        (3, "75", ("x", "1950972286718705672"), "the post is not 1950972286718705672"),
        (4, "75", _X, "does not exist"),
    ],
)
def test_what_differs_in_a_workbook_is_told(
    tmp_path: Path, number: int, likes: str, post: tuple[str, str], text: str
) -> None:
    book = xlsx({"Others": _OTHERS, "Posts": _ROWS})
    (problem,) = _problems(tmp_path, book, number, likes, post)
    assert text in problem


def test_an_instagram_workbook_is_traced_by_its_shortcode(tmp_path: Path) -> None:
    book = xlsx({"Sheet1": [[*INSTAGRAM], [*INSTAGRAM.values()]]})
    assert _problems(tmp_path, book, 1, "75", ("instagram", "DMx9S9rgAAF")) == []


_INSTAGRAM = ("instagram", "DMx9S9rgAAF")


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (_PRINTED, None),
        ({**_PRINTED, "published_at": "2025-07-31T17:31:00Z"}, "it was published 2025-07-31T17:31"),
        ({**_PRINTED, "published_at": "2025-07-31T10:30:00Z"}, "it was published 2025-07-31T10:30"),
        ({**_PRINTED, "published_at": "2025-08-31T17:30:00Z"}, "it was published 2025-08-31T17:30"),
        ({**_PRINTED, "platform_account_id": "17841400000000001"}, None),
        (
            {**_PRINTED, "platform_account_id": "17841400000000002"},
            "the account is 17841400000000001, not 17841400000000002",
        ),
        ({**_PRINTED, "account_handle": "kemenkum_jabar"}, None),
        (
            {**_PRINTED, "account_handle": "kemenkum_bali"},
            "the account is kemenkum_jabar, not kemenkum_bali",
        ),
        ({**_PRINTED, "account_handle": "(unregistered)"}, None),
    ],
)
def test_time_and_account_are_traced(
    tmp_path: Path, told: dict[str, str], text: str | None
) -> None:
    row = {**_TOLD, "id_at": "2025-07-31T17:29:50Z", **told}
    problems = _problems(tmp_path, export(INSTAGRAM), 1, "75", _INSTAGRAM, row)
    assert [text in problem for problem in problems] == ([True] if text else [])


def test_a_record_of_the_post_that_is_left_out_is_told(tmp_path: Path) -> None:
    content = export(X_1)
    twice = content + content.split(b"\n", 1)[1]
    (problem,) = _problems(tmp_path, twice, 1, "75")
    assert problem.startswith("record 2 of ")
    assert problem.endswith(" is of the post and is left out")


def test_hidden_likes_and_a_sum_of_reactions_are_traced(tmp_path: Path) -> None:
    hidden, summed = tmp_path / "hidden", tmp_path / "summed"
    hidden.mkdir()
    summed.mkdir()
    scrape = response("", changed(SCRAPED, likesCount=-1))
    (problem,) = _problems(hidden, scrape, 1, "", ("instagram", "DMx9S9rgAAF"))
    assert problem.endswith("share_count is , not 6, save_count is , not 4")
    post = ("facebook", "122100000000000001")
    (problem,) = _problems(summed, response("", TANGLED), 1, "75", post)
    assert problem.endswith(": save_count is , not 4")


def test_a_malformed_record_and_a_file_that_can_not_be_opened_are_told(tmp_path: Path) -> None:
    content = export(X_1, {}) + b"one,two\n"
    malformed, unknown = tmp_path / "malformed", tmp_path / "unknown"
    malformed.mkdir()
    unknown.mkdir()
    (problem,) = _problems(malformed, content, 2, "75")
    assert "record 2 of" in problem
    assert "does not exist" in problem
    (problem,) = _problems(unknown, b"a,b\n1,2\n", 1, "75")
    assert "can't be opened: unknown layout" in problem


_differences = module._differences


def _deadly(archive: Path, file: module._File) -> module._Found:
    """Reads a file, but one whose reader is killed, whoever it is."""
    if b"deadly" in (archive / file.sha256).read_bytes():
        os.kill(os.getpid(), signal.SIGKILL)
    return _differences(archive, file)


def test_a_file_that_ends_its_reader_is_told_and_costs_no_other_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_differences", _deadly)
    good, deadly = tmp_path / "good", tmp_path / "deadly"
    good.mkdir()
    deadly.mkdir()
    (problem,) = _problems(deadly, export({**X_1, "Post text": "deadly"}), 1, "75")
    assert problem.endswith("can't be read: the process that read it ended without a word, twice")
    assert _problems(good, export(X_1), 1, "75") == []


def test_a_file_beyond_the_bounds_is_not_read(tmp_path: Path, set_bounds: SetBounds) -> None:
    set_bounds(read_mib=1)
    large = export({**X_1, "Post text": "x" * 2**20})
    (problem,) = _problems(tmp_path, large, 1, "75")
    assert f"is not read: it has {len(large):,} bytes, more than 1 MiB" in problem


def test_evidence_that_can_t_be_read_is_told(tmp_path: Path) -> None:
    assert _problems(tmp_path, export(X_1), 1, "75") == []
    (tmp_path / "evidence" / "observations.csv").write_text("no,such,columns\n1,2,3\n")
    (check,) = trace(tmp_path / "evidence", tmp_path / "archive", 9, seed=1)
    assert not check["ok"]
    assert "evidence can't be read: KeyError: 'platform'" in check["detail"]
