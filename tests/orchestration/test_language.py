"""The terminal in Indonesian: every text has its twin, and calls speak it when asked."""

from __future__ import annotations

import ast
import io
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
#: Texts of which the code makes the key, as codes in the place of words.
CODES = """
account accounts captured at check comments complete counter delivery id detail draws early exact
file final found interpolated late label labelled line logged missing negative neutral none
not about it ok outcome office partial permalink platform positive provisional published at
question reason record revised rule text to do what
""".split()


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
    needed = {*said(), *of_the_help(typer.main.get_command(app))}
    assert sorted(needed - {text for text, twin in entries.items() if twin}) == []
    for text in needed:
        assert fields(text) == fields(entries[text]), text
        assert text.count("\n") == entries[text].count("\n"), text
        assert set(re.findall(r"--[a-z-]+", text)) <= set(re.findall(r"--[a-z-]+", entries[text]))
