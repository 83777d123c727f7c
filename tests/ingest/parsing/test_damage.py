"""Damage that a file as a whole explains: what is repaired is told, what is in doubt is refused."""

from __future__ import annotations

import gzip

import pytest

from ingest.files import encodings
from tests.ingest.exports import (
    CAPTION,
    FACEBOOK,
    INSTAGRAM,
    INSTAGRAM_ES,
    TIKTOK_STUDIO,
    X_1,
    X_2,
    YOUTUBE_ID,
    Record,
    export,
    observations,
    only,
    quarantine,
    read,
    rejects,
    withheld,
)

# Numbers.


def _likes(*texts: str) -> tuple[dict[int, int | None], dict[int, str]]:
    """What a file with these likes says: record to value, and record to the broken rule."""
    _, rows = read(export(X_1, *({"Likes": likes} for likes in texts)))
    assert rows.rejects.is_empty()
    found = dict(rows.observations.select("record_number", "like_count").iter_rows())
    return found, dict(rows.withheld.select("record_number", "rule").iter_rows())


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        # Two groups can only be thousands, and then one group is too.
        (["1.234.567", "1.234", "12"], [1234567, 1234, 12]),
        (["1,234,567", "1,234", "1,000"], [1234567, 1234, 1000]),
        # A fraction of zeros after groups of the other mark.
        (["1.234,00", "10.500", "0,0"], [1234, 10500, 0]),
        (["1,234.0", "10,500", "635.0"], [1234, 10500, 635]),
        (["12100212.0", "12.00", "1234.000", "7,0"], [12100212, 12, 1234, 7]),
        (["'1.234.567", '="75"', "=75", "'75"], [1234567, 75, 75, 75]),
    ],
)
def test_numbers_whose_file_leaves_no_doubt_are_read(texts: list[str], values: list[int]) -> None:
    found, broken = _likes(*texts)
    assert list(found.values()) == values
    assert broken == {}


@pytest.mark.parametrize(
    "texts",
    [
        ["1.234"],
        ["1,234", "12"],
        ["1.000", "2.000"],
        # The file writes both ways, so neither is proven.
        ["1.234", "1.234.567", "1,234,567"],
        ["1,234", "1.234.567"],
        ["1.234", "7.5"],  # points are decimals here
        ["1,234", "7,5"],
    ],
)
def test_numbers_that_can_be_read_two_ways_are_withheld(texts: list[str]) -> None:
    found, broken = _likes(*texts)
    assert found[1] is None
    assert broken[1] == "ambiguous_count"


def test_both_readings_of_a_number_are_named() -> None:
    assert withheld(export(X_1, {"Likes": "1.234"})) == [
        (1, "like_count", "ambiguous_count", "likes = 1.234, which is 1234 or a fraction")
    ]


def test_the_ledger_tells_how_many_numbers_were_in_groups() -> None:
    records, _ = read(export(X_1, {"Likes": "1.234.567"}, {"Likes": "1.234"}, {"Likes": "7.0"}))
    # 7.0 shows that points are decimals, so 1.234 stays in doubt.
    assert records.repairs == ("thousands separators taken out of numbers: 1",)


def test_a_fraction_in_a_column_that_is_not_read_shows_how_decimals_are_written() -> None:
    """YouTube in Indonesian: the hours `10,5` say that points group thousands."""
    row = only(export(YOUTUBE_ID, {"Penayangan": "1.234", "Waktu tonton (jam)": "10,5"}))
    assert row["view_count"] == 1234
    doubtful = {"Penayangan": "1.234", "Waktu tonton (jam)": "10", "Tayangan": "7"}
    share = "Rasio klik-tayang dari tayangan (%)"
    assert [cell[1:3] for cell in withheld(export(YOUTUBE_ID, {**doubtful, share: "5"}))] == [
        ("view_count", "ambiguous_count")
    ]


def test_a_rounded_number_is_no_count_even_where_points_are_understood() -> None:
    content = export(YOUTUBE_ID, {"Penayangan": "10,6 rb", "Waktu tonton (jam)": "1.234,5"})
    assert withheld(content) == [(1, "view_count", "rounded_count", "views = 10,6 rb")]


def test_ids_that_a_spreadsheet_rounded_to_15_digits_are_rejected() -> None:
    ids = ["122100000000001000", "122100000000002000", "122100000000003000"]
    changes = [{"Post ID": post_id, "Permalink": ""} for post_id in ids]
    assert [rule for _, rule, _ in rejects(export(FACEBOOK, *changes))] == ["digits_lost"] * 3
    # One such ID among others is one by chance.
    whole = [*changes, {"Post ID": "122100000000004005"}]
    assert rejects(export(FACEBOOK, *whole)) == []


@pytest.mark.parametrize(
    "left", ["122100000000001000", "12210000000000100", "1221000000"], ids=["rounded", "cut", "ten"]
)
def test_a_facebook_id_that_lost_digits_is_taken_from_its_link(left: str) -> None:
    link = "https://www.facebook.com/x/posts/122100000000001007"
    content = export(FACEBOOK, {"Post ID": left, "Permalink": link})
    row = only(content)
    assert (row["post_id"], row["delivered_post_id"]) == ("122100000000001007", left)


def test_an_id_beside_a_link_of_nearly_the_same_number_is_rejected() -> None:
    link = "https://www.facebook.com/x/posts/122100000000001007"
    for contradicting in ("122100000000001009", "122100000"):
        ((_, rule, _),) = rejects(export(FACEBOOK, {"Post ID": contradicting, "Permalink": link}))
        assert rule == "id_differs_from_link"
    # A reel's link bears another number.
    other = {
        "Post ID": "122100000000001000",
        "Permalink": "https://www.facebook.com/reel/99887766554433",
    }
    assert only(export(FACEBOOK, other))["post_id"] == "122100000000001000"


@pytest.mark.parametrize(
    "damaged",
    ["17841400000000000", "1784140000000000", "178414000000"],
    ids=["rounded", "cut", "cut more"],
)
def test_the_main_account_cut_or_rounded_in_some_records_is_no_other_account(damaged: str) -> None:
    good: Record = {}
    content = export(INSTAGRAM, good, good, {"Account ID": damaged})
    assert [(n, rule) for n, rule, _ in rejects(content)] == [(3, "digits_lost")]
    # Guests of nearly the same number are guests.
    assert rejects(export(INSTAGRAM, good, good, {"Account ID": "17841400000000002"})) == []


def test_an_account_that_was_rounded_with_its_posts_is_rejected() -> None:
    """The shortcode tells the post; nothing tells whose it is."""
    rounded = [
        {"Post ID": f"179000000000{n}00", "Account ID": "17841400000000000"} for n in (101, 202)
    ]
    rules = {rule for _, rule, _ in rejects(export(INSTAGRAM, *rounded))}
    assert rules == {"digits_lost"}
    lost = {"Post ID": "1.79E+16", "Account ID": "17841400000000000"}
    assert [rule for _, rule, _ in rejects(export(INSTAGRAM, lost))] == ["digits_lost"]


def test_a_short_id_with_a_fraction_of_zeros_is_whole_and_a_long_one_is_not() -> None:
    row = only(export(FACEBOOK, {"Page ID": "100064000000001.0"}))
    assert row["platform_account_id"] == "100064000000001"
    found = rejects(export(FACEBOOK, {"Post ID": "122100000000000000.0"}))
    assert [rule for _, rule, _ in found] == ["digits_lost"]


# Texts.


@pytest.mark.parametrize("token", ["NAN", "null", "-", "--", "N/A", "undefined"])
def test_names_and_captions_are_never_taken_for_not_reported(token: str) -> None:
    row = only(
        export(INSTAGRAM, dict.fromkeys(("Account username", "Account name", "Description"), token))
    )
    assert row["account_handle"] == token.lower()
    assert (row["account_name"], row["text"]) == (token, token)
    assert only(export(FACEBOOK, {"Page name": token, "Title": token}))["text"] == token
    assert only(export(TIKTOK_STUDIO, {"Video title": token}))["text"] == token


def _mangled(content: bytes) -> bytes:
    """UTF-8 opened as Windows-1252 and saved as UTF-8, as Windows maps the open bytes."""
    text = "".join(
        chr(octet) if octet in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([octet]).decode("cp1252")
        for octet in content
    )
    return text.encode()


@pytest.mark.parametrize("record", [INSTAGRAM, INSTAGRAM_ES, X_1])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_whole_file_of_mojibake_is_taken_back_and_the_ledger_says_so(
    record: Record, mark: bytes
) -> None:
    content = export(record, {}, {})
    records, rows = read(_mangled(mark + content))
    assert records.repairs == (encodings.MOJIBAKE,)
    assert rows.observations.drop("sha256").to_dicts() == observations(content)


def test_mojibake_beside_good_text_is_kept_as_delivered() -> None:
    texts = ["cafÃ© â€œHukumâ€\x9d", "Kata “Pengayoman” 🇮🇩"]
    content = export(X_1, *({"Post text": each} for each in texts))
    records, rows = read(content)
    assert records.repairs == ()
    assert rows.observations["text"].to_list() == texts


@pytest.mark.parametrize("caption", ["Â£5", "São Paulo é", "Ã", "naïve café", "Â\x80Ã\x82"])
def test_texts_that_may_be_meant_so_are_kept(caption: str) -> None:
    records, rows = read(export(X_1, {"Post text": caption}))
    assert records.repairs == ()
    assert rows.observations["text"].to_list() == [caption]


def test_a_header_of_mojibake_is_known_where_its_texts_can_not_be_taken_back() -> None:
    """A part of the file was pasted in later."""
    header, rest = export(INSTAGRAM_ES, {}).split(b"\n", 1)
    records, rows = read(_mangled(header) + b"\n" + rest)
    assert records.repairs == (
        "the header had been saved as if it were Windows-1252; texts are as delivered",
    )
    assert records.unknown_columns == ()
    assert rows.observations["text"].to_list() == [CAPTION]


# Days.


@pytest.mark.parametrize(
    "printed",
    ["Sab, 1 Agu 2026", "sáb, 1 ago 2026", "Sat, Aug 1, 2026", "1 de agosto de 2026", "2026-08-01"],
)
def test_x_s_printed_day_is_read_in_every_language(printed: str) -> None:
    """The ID's day is 31 July 2025, so the printed one flags a year's difference."""
    row = only(export(X_2, {"Date": printed}))
    assert row["published_at"].isoformat() == "2025-07-31T17:30:15"
    assert row["printed_at"].isoformat() == "2026-07-31T10:00:00"


@pytest.mark.parametrize("printed", ["", "土, 8月 1, 2026", "01/08/2026", "Sabtu"])
def test_a_printed_day_that_nobody_can_read_does_not_cost_the_record(printed: str) -> None:
    row = only(export(X_2, {"Date": printed}))
    assert row == {**only(export(X_2)), "printed_at": None}


# Forms.


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            gzip.compress(export(X_1), mtime=0),
            "the file is compressed; unpack it and send the file inside",
        ),
        (b"%PDF-1.7\n\xe2\xe3", "the file is a PDF, not an export"),
        (b"\n<!DOCTYPE html><table><tr><td>Post id", "the file is a web page, not an export"),
        (b"<HTML><table><tr><td>Post id", "the file is a web page, not an export"),
        (
            b'window.YTD.tweets.part0 = [\n  {"tweet": {"favorite_count": "5"}}\n]',
            "the file is a part of X's archive of an account, which holds no counters over time; "
            "send the CSV of the analytics page",
        ),
        (
            b'[{"id": "1", "like_count": 5}]',
            # Keys that every platform has make no response the nearest.
            "JSON, but of no known response: has keys id, like_count",
        ),
        (b"halo\ndunia\n", "unknown layout: its header is like none of those that are understood"),
        (
            b"Laporan, Juli 2025\n\n" + export(X_1),
            "unknown layout: a known header stands only below other rows; take those away, or send "
            "the export as it was downloaded",
        ),
    ],
)
def test_what_is_no_export_is_told_in_words_that_help(content: bytes, reason: str) -> None:
    assert quarantine(content) == reason


# Columns.


@pytest.mark.parametrize(
    ("record", "column", "lacks"),
    [
        (INSTAGRAM_ES, "me gusta", "instagram_content, which needs: Likes"),
        (YOUTUBE_ID, "Judul video", "youtube_table, which needs: Video title"),
    ],
)
def test_the_nearest_layout_is_named_in_every_language(
    record: Record, column: str, lacks: str
) -> None:
    renamed = {("Lainnya" if name == column else name): cell for name, cell in record.items()}
    assert quarantine(export(renamed)) == f"unknown layout; nearest is {lacks}"
