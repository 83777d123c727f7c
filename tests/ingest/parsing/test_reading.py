"""Reading: damage ends as known, rejected or quarantined, never as another number."""

from __future__ import annotations

import pytest

from ingest.files import delimited_text
from ingest.parsing import parse
from ingest.schemas import MAX_COUNT
from tests.ingest.exports import (
    CAPTION,
    FACEBOOK,
    GOOD,
    INSTAGRAM,
    TIKTOK_BUSINESS,
    X_1,
    YOUTUBE,
    Record,
    export,
    observations,
    only,
    quarantine,
    read,
    rejects,
    split,
    withheld,
)

# Files that are no text, no table or no known one.


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty (0 bytes)"),
        (b"\xef\xbb\xbf", "unknown layout"),
        (b"\n\n  \n", "unknown layout"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not UTF-8 or UTF-16 text (byte 0)"),
        (b"PK\x03\x04\x14\x00\x06\x00", "the workbook is damaged or cut"),
        (export(X_1)[:60] + b"\x00" + export(X_1)[60:], "the file is binary"),
        (b"\xff\xfe" + export(X_1, {"Post text": "\x00"}).decode().encode("utf-16-le"), "binary"),
        (export(X_1, {"Post text": "a"}).decode().encode("utf-16-le"), "the file is binary"),
        (export(X_1).decode().encode("utf-16") + b"\x00", "not UTF-8 or UTF-16 text"),
        (b"x" * 300_000, "unknown layout"),
        (b'"' + b"x" * 300_000, "unknown layout"),
        (b'[{"id": 1}]', "JSON, but of no known response: has keys id"),
        (b"Region,Views\nID,5\n", "unknown layout"),
    ],
)
def test_a_file_that_is_no_known_export_is_quarantined(content: bytes, reason: str) -> None:
    assert reason in quarantine(content)


def _wrapped(content: bytes) -> bytes:
    """Every line as one quoted cell, as a spreadsheet makes it that took a line for a cell."""
    lines = content.decode().splitlines()
    return "".join('"' + line.replace('"', '""') + '"\n' for line in lines).encode()


@pytest.mark.parametrize("name", GOOD)
def test_whole_records_in_one_quoted_cell_are_taken_out(name: str) -> None:
    column = next(header for header, cell in GOOD[name].items() if cell == CAPTION)
    content = export(GOOD[name], {column: 'no line end, "quotes"'}, {column: "a, b"})
    records, _ = read(_wrapped(content))
    assert records.repairs == ("each record was one quoted cell",)
    assert observations(_wrapped(content)) == observations(content)


def test_whole_records_in_one_cell_that_are_broken_in_pieces_are_told() -> None:
    assert "each record is one quoted cell" in quarantine(_wrapped(export(INSTAGRAM)))


def test_windows_1252_is_read_where_nothing_speaks_against_it() -> None:
    content = export(X_1, {"Post text": "Menkumham – “café” 5 €"})
    older = content.decode().encode("cp1252")
    records, _ = read(older)
    assert records.repairs == ("read as Windows-1252, which a spreadsheet writes instead of UTF-8",)
    assert observations(older) == observations(content)
    for doubtful in (
        older.replace(b"5", b"\x81"),  # no character
        older.replace(b"5", b"\x07"),
        older.replace(b"5", "é".encode()),  # a good UTF-8 file with broken bytes
    ):
        assert "not UTF-8" in quarantine(doubtful)


def test_a_file_that_ends_inside_a_character_was_cut() -> None:
    content = export(X_1, {}, {"Post text": "café"})
    assert "not UTF-8" in quarantine(content[: content.rindex("é".encode()) + 1])


@pytest.mark.parametrize(
    ("delimiter", "line"), [(",", "sep=,"), (";", '"sep=;"'), ("\t", "SEP=\t")]
)
def test_a_line_that_names_the_delimiter_is_no_header(delimiter: str, line: str) -> None:
    content = export(INSTAGRAM, {}, delimiter=delimiter)
    assert only(line.encode() + b"\r\n" + content) == only(export(INSTAGRAM))


def test_a_spreadsheet_s_marks_for_text_are_taken_off() -> None:
    marked = {name: f'="{cell}"' for name, cell in INSTAGRAM.items() if cell.isdecimal()}
    assert only(export(INSTAGRAM, marked)) == {
        **only(export(INSTAGRAM)),
        "delivered_post_id": INSTAGRAM["Post ID"],
    }
    assert only(export(X_1, {"Likes": "'75"}))["like_count"] == 75


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n", "\n  \n"])
@pytest.mark.parametrize("name", GOOD)
def test_a_header_without_records_is_a_true_zero(name: str, end: str) -> None:
    header = export(GOOD[name]).split(b"\n", 1)[0]
    records, rows = read(header + end.encode())
    assert records.count == 0
    assert rows.observations.is_empty()
    assert rows.rejects.is_empty()


# Forms of a good file.


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_line_ends_delimiters_and_encodings_do_not_matter(
    line_end: str, delimiter: str, encoding: str
) -> None:
    text = export(INSTAGRAM, {}, {}, line_end=line_end, delimiter=delimiter).decode()
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    first, second = observations((mark + text).encode(encoding))
    assert first == only(export(INSTAGRAM))
    assert second == {**first, "record_number": 2}


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_blank_lines_are_no_records(line_end: bytes) -> None:
    texts = [{"Post text": text} for text in ("one", "two\n\n\ntwo", "three")]
    header, *lines = export(X_1, *texts, line_end="\r\n").split(b"\r\n")
    content = line_end + header + line_end * 3 + (line_end * 2).join(lines) + line_end * 2
    records, rows = read(content)
    assert records.count == 3
    assert rows.observations["record_number"].to_list() == [1, 2, 3]
    assert rows.observations["text"].to_list() == ["one", "two\n\n\ntwo", "three"]


def test_a_header_cell_may_hold_a_line_end() -> None:
    content = export(X_1, {}, {})
    for line_end in (b"\n", b"\r", b"\r\n"):
        changed = content.replace(b"Post text", b'"Post' + line_end + b'text"', 1)
        assert observations(changed) == observations(content)


def test_a_caption_longer_than_any_platform_allows_is_kept() -> None:
    assert only(export(X_1, {"Post text": "a\n" * 200_000}))["text"] == "a\n" * 200_000


def test_records_keep_their_numbers_over_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Large files are read in blocks; a record cut short in any of them keeps its number."""
    monkeypatch.setattr(delimited_text, "_LONGEST_RECORD", 1000)
    lines = export(X_1, *({"Post text": f"{n}\n{n}"} for n in range(50))).split(b"\n")
    # Each record has two lines; the second line of record 20 and of record 40 is cut short.
    lines[40], lines[80] = b'19",cut', b'39",cut'
    _, rows = read(b"\n".join(lines))
    assert rows.rejects["record_number"].to_list() == [20, 40]
    numbers = rows.observations["record_number"].to_list()
    assert rows.observations["text"].to_list() == [f"{n - 1}\n{n - 1}" for n in numbers]
    assert len(numbers) == 48


def test_a_record_longer_than_a_block_is_quarantined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited_text, "_LONGEST_RECORD", 1000)
    reason = quarantine(export(X_1, {}, {"Post text": "a" * 5000}, {}))
    assert "the records can't be split" in reason


# Records that do not fit the header.


def test_a_record_cut_short_is_rejected_and_the_others_load() -> None:
    content = export(X_1, {"Post text": "one"}, {"Post text": "two"}, {"Post text": "three"})
    lines = content.splitlines(keepends=True)
    lines[2] = lines[2].rsplit(b",", 4)[0] + b"\n"
    assert rejects(b"".join(lines)) == [(2, "field_count", "13 of 17 fields")]
    assert [row["text"] for row in observations(b"".join(lines))] == ["one", "three"]


def test_a_record_longer_than_the_header_is_rejected() -> None:
    content = export(X_1, {"Post text": "one"}).removesuffix(b"\n") + b",extra\n"
    assert rejects(content) == [(1, "field_count", "18 of 17 fields")]


def test_a_delimiter_at_the_end_of_every_line_is_a_column_without_a_name() -> None:
    content = export(X_1, {"Post text": "one"}).replace(b"\n", b",\n")
    records, _ = read(content)
    assert records.unknown_columns == ("",)
    assert only(content) == only(export(X_1, {"Post text": "one"}))


@pytest.mark.parametrize(
    "damage",
    [
        ('"Kata ""Pengayoman""', '"Kata "Pengayoman"'),  # a quote inside is not doubled
        ('kedua 🇮🇩"', "kedua 🇮🇩"),  # the closing quote lacks
        ('kedua 🇮🇩"', 'kedua 🇮🇩"!'),  # a quoted field goes on
        ('""Pengayoman""', '\\"Pengayoman\\"'),  # another way to escape
    ],
)
@pytest.mark.parametrize("place", [1, 2, 3])
def test_a_quote_in_the_wrong_place_is_found(damage: tuple[str, str], place: int) -> None:
    """Whatever another reader makes of it: records lost, joined, or with other texts."""
    parts = export(INSTAGRAM, {}, {}, {}).decode().split(damage[0])
    content = damage[0].join(parts[:place]) + damage[1] + damage[0].join(parts[place:])
    reason = quarantine(content.encode())
    assert "a quote stands in the wrong place" in reason
    assert f"record {place}" in reason or f"record {place + 1}" in reason


def test_a_file_cut_inside_a_caption_is_quarantined() -> None:
    content = export(INSTAGRAM, {}, {})
    assert "a quote stands in the wrong place in or before record 2" in quarantine(
        content[: content.rindex(b"baris") + 4]
    )


def test_a_quote_inside_an_unquoted_cell_is_a_character() -> None:
    content = export(X_1, {"Post text": "TEXT"}, {}).replace(b"TEXT", b'Layar 5" dan 7"')
    assert [row["text"] for row in observations(content)] == ['Layar 5" dan 7"', CAPTION]


# Cells.


@pytest.mark.parametrize("token", ["", "-", "--", "NAN", "NaN", "undefined", "null", " ", "N/A"])
def test_null_tokens_are_not_zero(token: str) -> None:
    counters = ("Likes", "Comments", "Shares", "Saves", "Views", "Reach")
    row = only(export(INSTAGRAM, dict.fromkeys(counters, token)))
    names = ("like", "comment", "share", "save", "view", "reach")
    assert [row[f"{name}_count"] for name in names] == [None] * 6
    assert only(export(TIKTOK_BUSINESS, {"Add to Favorites ": token}))["save_count"] is None


def test_counters_are_whole_numbers() -> None:
    expected = {"0": 0, "12": 12, " 12 ": 12, "12.0": 12, "12.00": 12, "0012": 12, "0.0": 0}
    rows = observations(export(X_1, *({"Likes": text} for text in expected)))
    assert [row["like_count"] for row in rows] == list(expected.values())


@pytest.mark.parametrize(
    ("rule", "texts"),
    [
        ("digits_lost", ["1.2E+5", "1E5", "1,2E+05"]),
        ("count_too_large", [str(MAX_COUNT + 1), "99999999999999"]),
        ("rounded_count", ["10,6 rb", "10 rb", "1,2 jt", "1.2K", "3M", "10rb", "2 mil", "5 juta"]),
        ("negative_count", ["-1", "-27", "-1.0"]),
        (
            "unreadable_count",
            ["1 234", "12.5", "1.23.456", "0.123", "٣", "１２", "5%", "#REF!", "1.234.56", "+5"],
        ),
    ],
)
def test_counters_that_could_be_another_number_are_withheld(rule: str, texts: list[str]) -> None:
    """`10,6 rb` is anything from 10,550 to 10,649. What else the record says is loaded."""
    content = export(X_1, *({"Likes": text} for text in texts))
    assert withheld(content) == [
        (number, "like_count", rule, f"likes = {text.removesuffix('.0')}")
        for number, text in enumerate(texts, start=1)
    ]
    assert read(content)[1].withheld["text"].to_list() == [t.removesuffix(".0") for t in texts]
    whole = {**only(export(X_1)), "like_count": None}
    assert observations(content) == [
        {**whole, "record_number": number} for number in range(1, len(texts) + 1)
    ]


def test_a_counter_of_more_people_than_there_are_is_withheld() -> None:
    content = export(X_1, {"Likes": str(MAX_COUNT)}, {"Likes": str(MAX_COUNT + 1)})
    assert [cell[:3] for cell in withheld(content)] == [(2, "like_count", "count_too_large")]
    assert [row["like_count"] for row in observations(content)] == [MAX_COUNT, None]


def test_every_counter_is_withheld_by_itself() -> None:
    content = export(INSTAGRAM, {"Likes": "1.2K", "Reach": "9,1 rb"}, {"Saves": "many"}, {})
    assert [cell[:3] for cell in withheld(content)] == [
        (1, "like_count", "rounded_count"),
        (1, "reach_count", "rounded_count"),
        (2, "save_count", "unreadable_count"),
    ]
    first, second, third = observations(content)
    assert (first["like_count"], first["reach_count"], first["comment_count"]) == (None, None, 8)
    assert (second["like_count"], second["save_count"]) == (75, None)
    # A reach that can't be read is no missing one, which would make it a guest's post.
    assert not first["is_guest"]
    assert third == {**only(export(INSTAGRAM)), "record_number": 3}


def test_null_is_not_reported_unless_the_counter_is_named_as_withheld() -> None:
    content = export(INSTAGRAM, {"Likes": ""}, {"Likes": "1.234"})
    assert [row["like_count"] for row in observations(content)] == [None, None]
    assert [cell[:2] for cell in withheld(content)] == [(2, "like_count")]


@pytest.mark.parametrize(
    ("record", "column"),
    [(FACEBOOK, "Post ID"), (FACEBOOK, "Page ID"), (INSTAGRAM, "Account ID"), (X_1, "Post id")],
)
def test_ids_in_scientific_notation_are_rejected(record: Record, column: str) -> None:
    ((number, rule, detail),) = rejects(export(record, {column: "1.23E+16"}))
    assert (number, rule) == (1, "digits_lost")
    assert "1.23E+16" in detail


def test_a_record_with_several_faults_is_rejected_once() -> None:
    content = export(YOUTUBE, {"Likes": "-1", "Shares": "1.2K", "Video publish time": ""})
    assert [number for number, _, _ in rejects(content)] == [1]


def test_files_read_together_give_what_they_give_alone() -> None:
    contents = [export(YOUTUBE, {"Likes": str(n)}, {"Likes": f"-{n}"}) for n in range(1, 4)]
    together = parse.interpret([split(content, f"{n:064}") for n, content in enumerate(contents)])
    assert together.observations["like_count"].to_list() == [1, None, 2, None, 3, None]
    assert together.observations["record_number"].to_list() == [1, 2] * 3
    assert together.withheld.select("sha256", "record_number", "rule").rows() == [
        (f"{n:064}", 2, "negative_count") for n in range(3)
    ]


def test_a_file_of_rejects_alone_is_read_beside_a_good_one() -> None:
    """As ingest reads many small files; polars has panicked at it."""
    bad = {"Account ID": "many"}
    files = [export(INSTAGRAM), export(INSTAGRAM, bad, bad)]
    records = [split(content, f"{n:064}") for n, content in enumerate(files)]
    rows = parse.interpret(records)
    assert rows.observations["sha256"].to_list() == [f"{0:064}"]
    assert rows.rejects["sha256"].to_list() == [f"{1:064}"] * 2


def test_a_short_header_with_semicolons_is_no_title() -> None:
    """Its first record begins with a caption whose comma stands in the file's second line."""
    content = export(TIKTOK_BUSINESS, delimiter=";")
    assert content.splitlines()[1].count(b",") > content.splitlines()[1].count(b";")
    assert only(content) == only(export(TIKTOK_BUSINESS))
