"""ZIPs of exports: what is taken out of one, and what is refused, with its reason."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.files import Damage, zips
from tests.ingest.bounds import SetBounds
from tests.ingest.exports import X_1, export
from tests.ingest.spreadsheets import xlsx
from tests.ingest.zips import ENCRYPTED, STORED, Packed, deflated, end, nested, simple, zipped
from tests.properties import examples

GOOD = Packed("good.csv", b"a,b\n1,2\n")
MIB = 2**20


def taken(content: bytes) -> dict[str, bytes]:
    """The files that are taken out of a ZIP."""
    return {each.name: each.content for each in zips.entries(content) if each.content is not None}


def problems(content: bytes) -> dict[str, str]:
    """Why others are not."""
    return {each.name: each.problem for each in zips.entries(content) if each.problem is not None}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("is_streamed", [False, True])
def test_files_are_taken_as_they_were_packed(method: int, *, is_streamed: bool) -> None:
    files = {"Table data.csv": export(X_1), "folder/é.csv": b"", "ten.csv": b"a\n" * MIB}
    content = io.BytesIO()
    # Who can't go back writes the sizes behind each file.
    content.seekable = lambda: not is_streamed  # type: ignore[method-assign]
    with zipfile.ZipFile(content, "w", method) as archive:
        archive.mkdir("folder")
        for name, inner in files.items():
            archive.writestr(name, inner)
        archive.comment = b"made by a test"
    assert zips.is_one(content.getvalue())
    assert taken(content.getvalue()) == files
    assert problems(content.getvalue()) == {}


def test_a_workbook_is_none_be_it_whole_or_cut_and_stays_one_in_a_zip() -> None:
    book = xlsx({"Sheet": [["a"]]})
    assert not zips.is_one(book)
    assert not zips.is_one(book[:-100])
    assert not zips.is_one(simple({"mimetype": b"", "content.xml": b""}))
    assert taken(simple({"Content.xlsx": book})) == {"Content.xlsx": book}


def test_a_zip_in_a_zip_is_opened_and_one_in_that_is_not() -> None:
    inner = nested(b"a", ["a.csv", "August.zip"])
    assert taken(inner) == {"August.zip/a.csv": b"a"}
    deeper = simple({"2025.zip": inner, "good.csv": b"good"})
    assert taken(deeper) == {"good.csv": b"good"}
    (told,) = problems(deeper).items()
    assert told == ("2025.zip/August.zip", "it is a ZIP in a ZIP in a ZIP; send it by itself")


def test_what_a_computer_adds_is_left_and_named() -> None:
    names = ["__MACOSX/._a.csv", ".DS_Store", "a/Thumbs.db", "desktop.ini", "README.txt", "a/.b/c"]
    found = list(zips.entries(simple(dict.fromkeys(names, b"x") | {"./a.csv": b"a"})))
    assert [each.name for each in found if each.content is None and not each.problem] == names
    assert [each.name for each in found if each.content is not None] == ["./a.csv"]
    with pytest.raises(Damage, match="no file that could be an export"):
        list(zips.entries(simple(dict.fromkeys(names, b"x"))))


REFUSED = {
    "a password": (Packed("a.csv", b"a", flags=ENCRYPTED), "has a password"),
    "bzip2": (Packed("a.csv", b"a", method=12), "packed by the method 12, which is not read"),
    "others bytes": (Packed("a.csv", b"a", crc=1), "not those that were packed (CRC-32)"),
    "no deflated bytes": (Packed("a.csv", b"a", packed=b"\xff" * 9), "it is damaged"),
    "cut": (Packed("a.csv", b"abc" * 99, packed=deflated(b"abc" * 99)[:-3]), "another length"),
    "more than it says": (Packed("a.csv", b"a", packed=deflated(bytes(MIB))), "another length"),
    "fewer than it says": (Packed("a.csv", b"a", size=9), "another length"),
    "stored, more": (Packed("a.csv", b"ab", size=1, method=STORED), "another length"),
    "bytes behind it": (Packed("a.csv", b"a", packed=deflated(b"a") + b"b"), "another length"),
    "10 GB": (Packed("a.csv", b"a", size=10**10 % 2**32), "bytes, more than 12 MiB (KURASI_MOST_"),
    "an empty one that says 10 GB": (Packed("a.csv", size=2**32 - 2), "more than 12 MiB"),
    "two names": (Packed("a.csv", b"a", head_name=b"b.csv"), "its head and the directory"),
    "a parent": (Packed("../../a.csv", b"a"), "leads out of the ZIP"),
    "a parent of Windows": (Packed("b\\..\\..\\a.csv", b"a"), "leads out of the ZIP"),
    "the root": (Packed("/etc/a.csv", b"a"), "leads out of the ZIP"),
    "a drive": (Packed("C:\\a.csv", b"a"), "leads out of the ZIP"),
    "no name": (Packed("", b"a"), "leads out of the ZIP"),
    "a folder that holds bytes": (Packed("a/", b"a"), "is that of a folder"),
    "an escape": (Packed("\x1b[2Ja.csv", b"a"), "holds control characters"),
    "a zero": (Packed("a.csv\0.exe", b"a"), "holds control characters"),
    "letters turned round": (Packed("a\u202evsc.exe", b"a"), "holds control characters"),
    "a long name": (Packed("a" * 300, b"a"), "is too long"),
    "a link": (Packed("a.csv", b"/etc/passwd", mode=0o120777), "it is a link"),
    "a sidecar": (Packed("b.csv.delivery.json", b"{}"), "put it beside the ZIP"),
    "a sidecar of the good one": (Packed("good.csv.delivery.json", b"{}"), "put it beside"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_can_t_be_taken_costs_the_others_nothing(what: str) -> None:
    file, reason = REFUSED[what]
    content = zipped(GOOD, file)
    (*others, told) = problems(content).items()
    assert told[0] == file.encoded().decode().partition("\0")[0]
    assert reason in told[1]
    assert ";" in told[1] or "KURASI_MOST_" in told[1], "and what to do"
    has_own_sidecar = what == "a sidecar of the good one"
    assert taken(content) == ({} if has_own_sidecar else {"good.csv": GOOD.content})
    assert bool(others) == has_own_sidecar


def test_of_two_files_of_one_name_neither_is_meant() -> None:
    content = zipped(GOOD, Packed("a.csv", b"1"), Packed("a.csv", b"2"))
    assert taken(content) == {"good.csv": GOOD.content}
    assert "stands twice" in problems(content)["a.csv"]


WHOLE = simple({"a.csv": b"abc" * 99, "good.csv": GOOD.content})
_LOCATOR = b"PK\6\7" + bytes(16)
REFUSED_WHOLE = {
    "cut": (WHOLE[:-30], "its directory lacks"),
    "cut in the middle": (WHOLE[: len(WHOLE) // 2], "its directory lacks"),
    "nothing but a head": (WHOLE[:4], "its directory lacks"),
    "bytes before": (b"PK\3\4" + WHOLE, "its directory is not where it should be"),
    "a file before that it does not tell of": (zipped(GOOD, before=WHOLE[:40]), "stand before"),
    "one behind": (
        zipped(GOOD, Packed("a.csv", b"a", packed=deflated(b"a") + WHOLE[:40], packed_size=3)),
        "stand before or between",
    ),
    "bytes after": (WHOLE + b"MZ", "other bytes stand after the end"),
    "a second ZIP after it": (WHOLE + WHOLE, "its directory is not where it should be"),
    "one file lies in two": (zipped(GOOD, Packed("a.csv", b"a", place=0)), "in one another"),
    "a file that is not there": (zipped(GOOD, Packed("a.csv", b"a", place=7)), "not where its"),
    "a file in the directory": (zipped(Packed("a.csv", b"a", packed_size=99)), "in one another"),
    "no file": (end(0, 0, 0), "no file that could be an export"),
    "more files than it says": (zipped(GOOD, Packed("a.csv"), count=1), "lists 2"),
    "fewer files than it says": (zipped(GOOD, count=3), "tells of 3 files and lists 1"),
    "65,535 files": (zipped(GOOD, count=65_535), "more than 1,000 (KURASI_MOST_ZIP_ENTRIES"),
    "a name that is no text": (zipped(GOOD, Packed(b"\xff.csv", b"a")), "damaged or cut"),
    "one of several": (WHOLE[:-22] + end(2, 0, 0, part=1), "was split"),
    "two directories": (_LOCATOR + end(0, 0, len(_LOCATOR)), "ZIP64"),
}


@pytest.mark.parametrize("what", REFUSED_WHOLE)
def test_a_zip_that_is_not_what_it_says_is_refused_whole(what: str) -> None:
    content, reason = REFUSED_WHOLE[what]
    with pytest.raises(Damage) as raised:
        list(zips.entries(content))
    assert reason in str(raised.value)
    assert ";" in str(raised.value) or "KURASI_MOST_" in str(raised.value), "and what to do"


def test_a_zip_holds_so_many_files_and_bytes_with_those_in_it(set_bounds: SetBounds) -> None:
    inner = simple({f"{n}.csv": bytes(MIB // 2) for n in range(3)})
    outer = simple({"one.zip": inner, "two.zip": inner, "a.csv": b"a"})
    assert len(taken(outer)) == 7
    set_bounds(zip_entries=8)
    assert list(taken(outer)) == ["one.zip/0.csv", "one.zip/1.csv", "one.zip/2.csv", "a.csv"]
    assert "hold more files than 8 (KURASI_MOST_ZIP_ENTRIES" in problems(outer)["two.zip"]
    set_bounds(zip_entries=1000, unpacked_mib=2)
    assert list(taken(outer)) == ["one.zip/0.csv", "one.zip/1.csv", "one.zip/2.csv", "a.csv"]
    assert "unpacked, than 2 MiB (KURASI_MOST_UNPACKED_MIB" in problems(outer)["two.zip"]
    with pytest.raises(Damage, match="more bytes, unpacked, than 2 MiB"):
        list(zips.entries(simple({f"{n}.csv": bytes(MIB) for n in range(3)})))


def test_why_a_zip_is_kept_names_up_to_twenty_files() -> None:
    bad = [Packed(f"{n}.csv", b"a", flags=ENCRYPTED) for n in range(23)]
    told = zips.why_not_whole(zipped(GOOD, *bad))
    assert told.startswith("23 of its 24 files can't be taken: 0.csv: it has a password; pack it")
    assert told.endswith("and 3 more")


# Damage: whatever is changed, nothing else than what was packed is taken.

FILES = {"Table data.csv": export(X_1), "folder/é.csv": b"a,b\n1,2\n", "Totals.csv": b"Date\n"}
STREAMED = io.BytesIO()
STREAMED.seekable = lambda: False  # type: ignore[method-assign]
with zipfile.ZipFile(STREAMED, "w", zipfile.ZIP_DEFLATED) as archive:
    for name, inner in FILES.items():
        archive.writestr(name, inner)
FORMS = {"plain": simple(FILES), "streamed": STREAMED.getvalue()}


def taken_or_refused(content: bytes) -> dict[str, bytes]:
    """The files that are taken; none where the ZIP is refused."""
    zips.is_one(content)
    try:
        return taken(content)
    except Damage:
        return {}


@pytest.mark.parametrize("form", FORMS)
def test_a_zip_that_is_cut_anywhere_is_refused(form: str) -> None:
    whole = FORMS[form]
    assert taken_or_refused(whole) == FILES
    for length in range(len(whole)):
        with pytest.raises(Damage):
            list(zips.entries(whole[:length]))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("bit", [0, 3, 7])
def test_a_changed_bit_costs_files_and_changes_none(form: str, bit: int) -> None:
    whole = FORMS[form]
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1 << bit
        assert taken_or_refused(bytes(changed)).items() <= FILES.items(), place


@given(places=st.lists(st.tuples(st.integers(0, 2**16), st.binary(max_size=9)), max_size=4))
@settings(max_examples=examples(300))
def test_changed_bytes_cost_files_and_change_none(places: list[tuple[int, bytes]]) -> None:
    changed = bytearray(FORMS["plain"])
    for place, others in places:
        start = place % len(changed)
        changed[start : start + len(others)] = others
    assert taken_or_refused(bytes(changed)).items() <= FILES.items()
