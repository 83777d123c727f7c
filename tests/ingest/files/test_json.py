"""JSON is read strictly: what is no whole and unequivocal JSON is refused, and told."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.files import json_records, json_text
from ingest.parsing import parse
from tests.ingest.bounds import SetBounds
from tests.ingest.exports import observations, only, quarantine, read, rejects, withheld
from tests.ingest.naughty import NAUGHTY
from tests.ingest.responses import (
    GOOD,
    MEDIA,
    SCRAPED,
    TWEET,
    Json,
    changed,
    lines,
    response,
    with_values,
)
from tests.properties import examples

_GOOD = response("data", MEDIA, changed(MEDIA, id="17900000000000002"))


@pytest.mark.parametrize("kind", GOOD)
def test_wherever_a_response_is_cut_it_is_refused(kind: str) -> None:
    record, under = GOOD[kind]
    whole = response(under, record, record, meta={"count": 2}) if under else response("", record)
    for length in range(1, len(whole)):
        with pytest.raises(parse.Quarantine):
            parse.split(whole[:length], "0" * 64)


def test_lines_that_are_cut_are_refused_unless_every_line_left_is_whole() -> None:
    whole = lines(MEDIA, MEDIA, MEDIA)
    ends = {place for place, octet in enumerate(whole) if octet == ord("\n")}
    for length in range(1, len(whole)):
        if {length, length - 1} & ends:
            assert read(whole[:length])[0].count == whole[:length].count(b'"id"')
        else:
            quarantine(whole[:length])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'[{"id": "1", "id": "1"}]', "the key id stands twice in an object"),
        (b'[{"a": {"b": 1, "b": 1}}]', "the key b stands twice in an object"),
        (b'[{"id": NaN}]', "NaN is no number"),
        (b'[{"id": -Infinity}]', "-Infinity is no number"),
        (b'[{"id": 01}]', "broken or cut (line 1, column 10"),
        (b'[{"id": 1},]', "broken or cut (line 1, column 12"),
        (b'[{"id": 1}] x', "broken or cut (line 1, column 13"),
        (b"[{'id': 1}]", "broken or cut (line 1, column 3"),
        (b'{"id": "a\tb"}', "broken or cut (line 1, column 10"),
        (b'{"id": "\xe9"}', "not UTF-8 (byte 8)"),
        (b'{"id": "\xed\xa0\xbd"}', "not UTF-8 (byte 8)"),
        (b"[]", "an empty list"),
        (b'{"a": ' + b"[" * 60 + b"]" * 60 + b"}", "nested deeper than 50 (KURASI_MOST_NESTING"),
        (b"[" * 100_000, "nested too deep"),
        (lines(MEDIA) + b'{"id": \n', "broken or cut (line 2, column 8"),
        (lines(MEDIA) + b'{"id": 1, "id": 2}\n', "line 2: the key id stands twice"),
        (lines({"posts": {"data": [MEDIA]}, "media": {"data": [MEDIA]}}), "several lists of rec"),
        (lines({"error": {"code": 190}}), "of no known response: has keys error"),
        (lines({"data": [{"a": 1}]}), "of no known response: has keys data.a"),
    ],
)
def test_what_is_no_strict_json_or_no_known_one_is_refused(content: bytes, reason: str) -> None:
    assert reason in quarantine(content)


def test_a_response_that_lacks_a_key_names_the_nearest_kind() -> None:
    reason = quarantine(response("data", changed(MEDIA, comments_count=None, timestamp=None)))
    assert reason == (
        "JSON, but of no known response: has keys data.id, data.shortcode, "
        "data.caption, data.media_type, data.media_product_type, data.permalink, data.like_count; "
        "nearest is instagram_api_media, which "
        "needs: @.timestamp"
    )


def test_utf_8_with_a_mark_and_utf_16_are_read() -> None:
    expected = observations(_GOOD)
    assert observations(b"\xef\xbb\xbf \r\n" + _GOOD) == expected
    for encoding in ("utf-16-le", "utf-16-be"):
        content = f"\ufeff{_GOOD.decode()}".encode(encoding)
        assert observations(content) == expected
        quarantine(content[:-1])


def test_what_is_no_character_is_replaced_and_told() -> None:
    """A program that cuts a text in the middle of an emoji leaves half of a surrogate pair."""
    content = _GOOD.replace(b"Kata", rb"\ud83d \u0000 \\ud83d \ud83c\uddee\ud83c\udde9 ")
    records, rows = read(content)
    assert records.repairs == (json_text.REPAIR,)
    assert rows.observations["text"][0].startswith("\ufffd \ufffd \\ud83d 🇮🇩 ")
    assert read(_GOOD)[0].repairs == ()


def test_what_is_no_record_is_rejected_and_costs_no_other() -> None:
    content = json.dumps({"data": [MEDIA, None, "siti", MEDIA]}).encode()
    assert [(number, rule) for number, rule, _ in rejects(content)] == [
        (2, "no_object"),
        (3, "no_object"),
    ]
    assert [row["record_number"] for row in observations(content)] == [1, 4]


def test_a_page_without_records_is_rejected_among_others() -> None:
    content = lines({"data": [MEDIA]}, {"error": {"code": 4}}, {"data": []}, {"data": [MEDIA]})
    assert rejects(content) == [
        (2, "no_records", "the document has no records where the others have theirs, but error")
    ]
    assert [row["record_number"] for row in observations(content)] == [1, 3]


def test_an_unknown_key_is_named_and_the_file_loads() -> None:
    content = response("data", with_values(MEDIA, {"boost__ads": [1], "a.b": 1}), note="x")
    records, rows = read(content)
    assert records.unknown_columns == ("@.boost.ads", '@["a.b"]', "$.note")
    assert rows.observations.height == 1


def test_a_key_in_other_capitals_that_says_something_else_rejects_its_record() -> None:
    content = response("data", MEDIA, changed(MEDIA, Like_Count=76))
    assert [each[:2] for each in rejects(content)] == [(2, "columns_disagree")]


@pytest.mark.parametrize("value", ["75.5", True, "1.2K", -2, [75], {"count": 75}])
def test_a_counter_that_is_none_is_withheld_or_not_reported(value: Any) -> None:
    content = response("data", changed(MEDIA, like_count=value), MEDIA)
    assert [row["like_count"] for row in observations(content)] == [None, 75]
    assert len(withheld(content)) == (0 if isinstance(value, dict) else 1)


def test_more_keys_than_the_bound_are_refused(set_bounds: SetBounds) -> None:
    set_bounds(values=17)
    assert "2 records with 9 keys, which is more than 17" in quarantine(_GOOD)
    set_bounds(keys=8)
    assert "more keys than 8 (KURASI_MOST_KEYS sets this bound)" in quarantine(_GOOD)


def test_two_parsers_count_the_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that saw fewer would be told."""
    found = json.loads(_GOOD)
    found["data"].pop()
    monkeypatch.setattr(json_records.pydantic_core, "from_json", lambda *_, **__: found)
    assert "two parsers count 2 and 1 records" in quarantine(_GOOD)


_NUMBER = re.compile(r"(?<=[:\"])[0-9]+(?=[,}\"])")


@pytest.mark.parametrize("kind", GOOD)
def test_a_changed_digit_changes_one_value_alone(kind: str) -> None:
    """Whatever number of a record is another one, what the other keys say stays."""
    record, under = GOOD[kind]
    before = only(response(under, record))
    text = json.dumps(record, separators=(",", ":"))
    changes = 0
    for found in _NUMBER.finditer(text):
        other = str(int(found[0]) + 1)
        content = response(under, json.loads(text[: found.start()] + other + text[found.end() :]))
        rows = read(content)[1]
        if rows.rejects.height:
            continue
        after = rows.observations.drop("sha256").to_dicts()[0]
        moved = {name for name in after if after[name] != before[name]}
        names = {"post_id", "delivered_post_id", "id_at", "published_at", "permalink"}
        assert len(moved - names) <= 1, (found[0], moved)
        changes += bool(moved)
    assert changes >= 3


def test_every_naughty_text_is_read_back() -> None:
    content = response("data", *(changed(MEDIA, caption=text) for text in NAUGHTY))
    assert [row["text"] for row in observations(content)] == list(NAUGHTY)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)


@given(
    extra=st.dictionaries(st.text(max_size=6), _VALUES, max_size=4), indent=st.none() | st.just(2)
)
@settings(max_examples=examples(60))
def test_whatever_else_a_record_holds_its_post_is_read(extra: Json, indent: int | None) -> None:
    known = {key.casefold() for key in (*TWEET, "author", "note_tweet", "referenced_tweets")}
    others = {key: value for key, value in extra.items() if key.strip().casefold() not in known}
    content = json.dumps({"data": [{**others, **TWEET}]}, indent=indent).encode()
    row = only(content)
    assert (row["post_id"], row["like_count"], row["text"]) == (TWEET["id"], 75, TWEET["text"])


@given(document=_VALUES | st.dictionaries(st.text(max_size=4), _VALUES))
@settings(max_examples=examples(60))
def test_any_other_document_is_refused(document: Any) -> None:
    quarantine(json.dumps([document]).encode())


def test_a_scrape_of_comments_alone_is_no_list_of_posts() -> None:
    comments = response("", *SCRAPED["latestComments"])
    assert quarantine(comments).startswith("JSON, but of no known response: has keys id, text")


def _leaves(record: Json, path: str = "") -> list[str]:
    """The paths of a record's keys that hold no object, as `changed` has them."""
    found = []
    for key, value in record.items():
        here = f"{path}__{key}" if path else key
        found += _leaves(value, here) if isinstance(value, dict) else [here]
    return found


#: What follows from other keys, and without them is another word, or nothing.
_FOLLOWING = {
    "post_type",
    "post_kind",
    "is_reply",
    "hashtags",
    "caption_length",
    "has_question",
}


@pytest.mark.parametrize("kind", GOOD)
def test_a_key_that_is_renamed_empty_or_in_another_place_makes_nothing_wrong(kind: str) -> None:
    """What it said is not reported, or the record or the file is refused."""
    record, under = GOOD[kind]
    before = only(response(under, record))
    refused = 0
    for leaf in _leaves(record):
        name = leaf.rpartition("__")[2]
        value = record
        for key in leaf.split("__"):
            value = value[key]
        for other in (
            with_values(record, {leaf: None, leaf.replace(name, f"{name}_v2"): value}),
            with_values(record, {leaf: None, "moved": {name: value}}),
            with_values(record, {leaf: []}),
            with_values(record, {leaf: {name: value}}),
        ):
            try:
                rows = read(response(under, other))[1]
            except parse.Quarantine:
                refused += 1
                continue
            for row in rows.observations.drop("sha256").to_dicts():
                # The ID tells the account, the shortcode stands in the link, and so on.
                wrong = {n: row[n] for n in row if row[n] not in (before[n], None)}
                assert wrong.keys() <= _FOLLOWING, (leaf, wrong)
    assert refused


def test_the_order_of_keys_does_not_matter() -> None:
    for kind, (record, under) in GOOD.items():
        turned = dict(reversed(record.items()))
        assert only(response(under, turned)) == only(response(under, record)), kind
