"""Sentences of the rooms below, as the Indonesian terminal tells them."""

from __future__ import annotations

import ast
import logging
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import ingest
import orchestration
from orchestration.cli import language, recognised

INGEST, ORCHESTRATION = (Path(each.__file__ or "").parent for each in (ingest, orchestration))
ROOMS = [
    path
    for path in sorted([*INGEST.rglob("*.py"), *ORCHESTRATION.rglob("*.py")])
    if not path.is_relative_to(ORCHESTRATION / "cli") and "sample" not in path.parts
]
#: SQL that words what a month lacks.
WORDED_IN_SQL = ("coverage {} of {} percent: {}", "evidence {} of {} percent of the components")
#: Rooms of which every sentence is told.
WHOLE = [
    INGEST / "regular_files.py",
    INGEST / "files" / "json_records.py",
    INGEST / "files" / "wrapped_records.py",
    INGEST / "files" / "xlsx.py",
    INGEST / "files" / "zips.py",
    INGEST / "parsing" / "recognise.py",
    INGEST / "parsing" / "records.py",
    ORCHESTRATION / "publication" / "warnings.py",
]


@pytest.fixture(autouse=True)
def _indonesian() -> Iterator[None]:
    language.speak(language.INDONESIAN)
    yield
    language.speak(language.ENGLISH)


def twins() -> dict[str, str]:
    with recognised.CATALOGUE.open("rb") as source:
        catalogue = read_po(source, locale=language.INDONESIAN)
    return {str(each.id): str(each.string) for each in catalogue if each.id}


def shape(text: str) -> str:
    """A wording, whatever its parts are called."""
    return "".join(
        own + ("" if part is None else "{}") for own, part, *_ in string.Formatter().parse(text)
    )


def shapes(path: Path) -> set[str]:
    """The texts of a room, with `{}` where something is put in."""
    tree = ast.parse(path.read_text("utf-8"))
    inner = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = set()
    for node in ast.walk(tree):
        if id(node) in inner | docs:
            continue
        if isinstance(node, ast.JoinedStr):
            parts = [
                str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values
            ]
            found.add("".join(parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found


def test_every_wording_is_one_of_the_code_and_has_a_twin_with_the_same_parts() -> None:
    worded = {re.sub(r"\{[^{}]*\}", "{}", each) for path in ROOMS for each in shapes(path)}
    for wording, twin in twins().items():
        assert twin, wording
        assert shape(wording) in worded | {*WORDED_IN_SQL}, wording
        assert fields(wording) == fields(twin), wording
        assert wording.count("; ") == twin.count("; "), wording
        assert re.findall(r"%[sd]", wording) == re.findall(r"%[sd]", twin), wording
        assert calls(wording) <= calls(twin), wording


def test_of_what_an_officer_meets_most_no_sentence_is_left_out() -> None:
    known = {part for wording in twins() for part in (shape(wording), *shape(wording).split("; "))}
    for path in WHOLE:
        worded = (each for each in shapes(path) if "\\" not in each)
        sentences = {each for each in worded if len(re.findall(r"\b[a-z]{2,}\b", each)) > 3}
        assert sentences - known == set(), path


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("the file is empty (0 bytes); export it again", "berkasnya kosong (0 bita); ekspor lagi"),
        (
            "registry/accounts.csv line 3: office_id kanwil-x is unknown — add it to offices.csv, "
            "or correct it here",
            "registry/accounts.csv baris 3: office_id kanwil-x tidak dikenal — tambahkan ke "
            "offices.csv, atau perbaiki di sini",
        ),
        (
            "it has 1,234,567 bytes, more than 512 MiB (KURASI_MOST_READ_MIB sets this bound)",
            "ukurannya 1.234.567 bita, lebih dari 512 MiB (KURASI_MOST_READ_MIB mengatur batas "
            "ini)",
        ),
        (
            "2 accounts are not in the registry; 1 post with 1,864 interactions would have counted "
            "(x:one: 1); name the official ones in registry/accounts.csv",
            "2 akun tidak ada dalam daftar akun resmi; 1 unggahan dengan 1.864 interaksi "
            "semestinya dihitung (x:one: 1); tulis yang resmi dalam registry/accounts.csv",
        ),
        ("run.json was changed; and 3 more", "run.json diubah; dan 3 lagi"),
        ("a sentence that nobody worded; nor this", "a sentence that nobody worded; nor this"),
    ],
)
def test_a_sentence_is_told_by_its_wording_and_its_parts_stay(sentence: str, told: str) -> None:
    assert recognised.told(sentence) == told


def test_in_english_a_sentence_is_as_it_is() -> None:
    language.speak(language.ENGLISH)
    assert recognised.told("the file is empty") == "the file is empty"


def test_a_line_of_the_log_is_told_with_its_numbers() -> None:
    record = logging.makeLogRecord({"msg": "read %d of %d new files", "args": (1, 2)})
    assert recognised.told_record(record).getMessage() == "terbaca 1 dari 2 berkas baru"
    assert record.getMessage() == "read 1 of 2 new files"


def calls(text: str) -> set[str]:
    """Options, calls and variables, which no language changes."""
    return set(re.findall(r"--[a-z-]+|`[^`]+`|KURASI_\w+", text))


def fields(text: str) -> list[str]:
    return sorted(part for _own, part, *_ in string.Formatter().parse(text) if part is not None)
