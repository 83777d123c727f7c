"""What others wrote into files reaches a terminal and a spreadsheet as text, never as an order."""

from __future__ import annotations

import csv
import io
import json
import logging
import unicodedata

import pytest
from rich.markup import escape
from rich.table import Table

from orchestration.cli.console import ShownFormatter, call, out, print_error, show
from orchestration.cli.tables import table
from orchestration.publication.formats import people_csv

#: Clears the screen, sets the window's title, the one-byte CSI, turns the direction, ends a line.
HOSTILE = "Bali \x1b[2J\x1b]0;x\x07 \x9b31m \u202eexe.csv \r\b \u2066\u2028 é 官 Kanwil\u00a0Aceh"
TOLD = r"Bali \x1b[2J\x1b]0;x\x07 \x9b31m \u202eexe.csv \r\x08 \u2066\u2028 é 官 Kanwil"


def steering(text: str) -> set[str]:
    """The characters of a text that are neither shown nor a line's end."""
    return {each for each in text if unicodedata.category(each) in ("Cc", "Cf", "Zl")} - {"\n"}


def test_no_control_character_reaches_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    bare = Table()
    bare.add_column("office", no_wrap=True)
    bare.add_row(escape(HOSTILE))
    for shown in (bare, table(HOSTILE, ("name",), [{"name": HOSTILE}]), escape(HOSTILE)):
        out.print(shown, width=200)
    print_error(HOSTILE)
    printed = capsys.readouterr()
    assert printed.out.count(r"\x1b[2J") == 4
    assert steering(printed.out + printed.err) == set()
    assert "Kanwil\u00a0Aceh" in printed.out


def test_lines_of_the_log_are_shown_so_too() -> None:
    record = logging.LogRecord("kurasi", logging.INFO, "", 0, "%s\nnext", (HOSTILE,), None)
    first, second = ShownFormatter().format(record).split("\n")
    assert first.startswith(TOLD)
    assert second == "next"


def test_json_holds_the_text_as_it_is_and_a_terminal_nothing_to_obey(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call, "as_json", True)
    show([{"name": HOSTILE}])
    printed = capsys.readouterr().out
    assert json.loads(printed) == [{"name": HOSTILE}]
    assert steering(printed) == set()


def test_a_csv_for_people_neither_steers_nor_runs() -> None:
    cells = [HOSTILE, "=1+1", " @SUM(A1)", "\t=1", "＝1", "-", 7, None, "plain, with a comma"]
    text = people_csv(["a"] * len(cells), [cells]).decode("utf-8-sig")
    (_, found) = csv.reader(io.StringIO(text), delimiter=";")
    assert steering(text) == set()
    assert found[0].startswith(TOLD)
    assert found[1:] == ["'=1+1", "' @SUM(A1)", r"\t=1", "'＝1", "'-", "7", "", cells[-1]]
