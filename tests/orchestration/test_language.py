"""The terminal in Indonesian: every text has its twin, and calls speak it when asked."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from orchestration.cli import language
from orchestration.cli.program import app
from orchestration.publication import wording
from tests.conftest import Kurasi

ROOM = Path(language.__file__).parent
SOURCES = [*sorted(ROOM.rglob("*.py")), Path(wording.__file__)]
#: Functions whose first text, or two, a reader sees in the language that is spoken.
SPEAK = {"_": 1, "N_": 1, "say": 1, "ngettext": 2}
#: Headings and codes that the code looks up by their name.
NAMED = (
    "delivery id",
    "captured at",
    "file",
    "outcome",
    "record",
    "what",
    "counter",
    "rule",
    "detail",
    "logged",
    "check",
    "found",
    "to do",
    "rejected",
    "withheld",
    "quarantined",
    "provisional",
    "final",
    "revised",
    "likely",
    "evidence",
    "likes",
    "shares",
    "views",
    "permission denied",
    "operation not permitted",
    "read-only file system",
    "not a directory",
    "is a directory",
    "no such file or directory",
    "interrupted: what was finished is kept; call it again to go on",
    "stopped: what was finished is kept; call it again to go on",
    # Checks of `kurasi verify` and kinds of warnings, which are codes in JSON.
    "seal",
    "files",
    "version",
    "recompute",
    "evidence is published",
    "formats",
    "workbook",
    "run",
    "tables",
    "objections",
    "difference",
    "lists",
    "manifest",
    "words",
    "bulletin",
    "beside",
    "restricted files",
    "deliveries",
    "receipts",
    "seen after cutoff",
    "unregistered account",
    "unknown league",
    "unmatched handle",
    "capture in the future",
    "capture disproved",
    "sender of another office",
    "missing counters",
    "posts of no export",
)
#: What shows its text to people.
SHOW = ("Unanswerable", "err.print", "out.print", "print_error", "print_warning", "Finding")


def catalogue() -> Catalog:
    with language.CATALOGUE.open("rb") as source:
        return read_po(source, locale=language.INDONESIAN)


def said() -> Iterator[str]:
    """Every text that the code looks up as it stands there."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                for text in node.args[: SPEAK.get(node.func.id, 0)]:
                    if isinstance(text, ast.Constant):
                        yield text.value
                    else:
                        assert not isinstance(text, ast.JoinedStr), ast.unparse(node)
    yield from wording.TITLES.values()
    yield from wording.LEGEND.values()


def of_the_help(told: object) -> Iterator[str]:
    for name in ("help", "epilog", "rich_help_panel"):
        if text := getattr(told, name, None):
            yield text
    if isinstance(told, click.Command):
        yield from of_the_help(told.get_help_option(click.Context(told)))
    for option in getattr(told, "params", ()):
        yield from of_the_help(option)
    for call in getattr(told, "commands", {}).values():
        yield from of_the_help(call)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_text_of_the_command_has_an_indonesian_twin() -> None:
    entries = {}
    for message in catalogue():
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        entries.update(dict.fromkeys(ids, texts[0]))
    needed = {*said(), *of_the_help(typer.main.get_command(app)), *NAMED}
    assert sorted(needed - {text for text, twin in entries.items() if twin}) == []
    for text in needed:
        assert fields(text) == fields(entries[text]), text
        assert text.count("\n") == entries[text].count("\n"), text
        assert set(re.findall(r"--[a-z-]+", text)) <= set(re.findall(r"--[a-z-]+", entries[text]))


def test_no_sentence_of_the_command_goes_past_the_catalogue() -> None:
    past = []
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not ast.unparse(node.func).endswith(SHOW):
                continue
            past += [f"{path.name}: {ast.unparse(text)}" for text in node.args if is_sentence(text)]
    assert past == []


def is_sentence(text: ast.expr) -> bool:
    """Whether a text has words of its own, apart from what is put into it."""
    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
    own = " ".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
    is_call_or_name = own.startswith(("kurasi ", "version of "))
    return bool(re.search("[a-z] [a-z]", own)) and not is_call_or_name


@pytest.mark.parametrize(
    ("words", "environment", "code"),
    [
        ([], {}, "en"),
        ([], {"LANG": "id_ID.UTF-8"}, "id"),
        ([], {"LANG": "id_ID.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ([], {"LANG": "en_US.UTF-8", "LANGUAGE": "id:en"}, "id"),
        (["--lang", "en", "rank"], {"LANG": "id_ID.UTF-8"}, "en"),
    ],
)
def test_the_language_is_asked_for_or_that_of_the_locale(
    words: list[str], environment: dict[str, str], code: str
) -> None:
    assert language.asked_for(words, environment) == code


def test_a_call_speaks_indonesian(tmp_path: Path, kurasi: Kurasi) -> None:
    page = kurasi(tmp_path, "--lang", "id", "rank", "--help").out
    assert "Peringkat satu bulan." in page
    assert "Tampilkan bantuan ini" in page
    done = kurasi(tmp_path, "rank", "--months", "x", "--lang", "id")
    assert done.code == 2
    assert "tidak ada opsi --months; maksud Anda --month?" in done.err


def test_numbers_have_the_marks_of_the_language() -> None:
    try:
        for code, *expected in (("id", "12.345", "1.234,50"), ("en", "12,345", "1,234.50")):
            language.speak(code)
            assert [language.number(12345), language.decimal(1234.5, 2)] == expected
    finally:
        language.speak(language.ENGLISH)
