"""What all calls of the `kurasi` command share: the home, the two streams, the form of an answer.

What belongs here: printing a result or an error as the call asked for. What does not: how a table
looks (`tables.py`) and any call (`commands/`).
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook, RenderResult
from rich.markup import escape
from rich.segment import Segment
from rich.table import Table

from ingest.home import Home
from ingest.regular_files import shown, shown_lines
from ingest.storage import write_bytes
from orchestration.cli import interrupts
from orchestration.cli.language import _
from orchestration.cli.recognised import told, told_record
from orchestration.serving.address import without_password
from orchestration.shipped import DAGSTER_FILES


class _Shown(RenderHook):
    """What stands in files reaches a terminal as text and never as an order to it."""

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        return [_ShownRenderable(each) for each in renderables]


@dataclass(frozen=True, slots=True)
class _ShownRenderable:
    renderable: ConsoleRenderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self.renderable, options):
            text = segment.text if segment.control else shown_lines(segment.text)
            yield Segment(text, segment.style, segment.control)


class ShownFormatter(logging.Formatter):
    """The same of the lines of the log."""

    def format(self, record: logging.LogRecord) -> str:
        """A line as it can be shown, in the language spoken."""
        return shown_lines(super().format(told_record(record)))


def _console(*, is_for_errors: bool) -> Console:
    made = Console(stderr=is_for_errors)
    made.push_render_hook(_Shown())
    return made


out = _console(is_for_errors=False)
err = _console(is_for_errors=True)
log = logging.getLogger("kurasi")


#: What JSON may hold as it is and a terminal obeys: C1 controls, and the direction of writing.
_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


@dataclass(slots=True)
class Call:
    """What holds for the whole call."""

    home: Home
    as_json: bool
    #: Whether the one JSON document is printed.
    is_answered: bool = False


call = Call(Home(Path("home")), as_json=False)


def show(document: Any, words: Table | str | None = None) -> None:
    """Print a result: as JSON where that is asked for, else in words."""
    if call.as_json or words is None:
        text = json.dumps(document, ensure_ascii=False, indent=1)
        sys.stdout.write(_STEERING.sub(_as_json, text) + "\n")
        call.is_answered = True
    else:
        out.print(words, soft_wrap=True)


def fail(problems: Sequence[str]) -> None:
    """Print why a call failed: each problem in a line, and as JSON where that is asked for.

    A call that has answered has its one document already.
    """
    for problem in problems:
        print_error(problem)
    if call.as_json and not call.is_answered:
        show(failure(problems))


def failure(problems: Sequence[str]) -> dict[str, Any]:
    """Why a call failed, as JSON has it.

    Returns:
        `error` and `remedy` of the first problem, and under `further` those of the others. A remedy
        is what a line says after its first semicolon; null where it says nothing there.
    """
    told = []
    for problem in problems:
        error, _, remedy = without_password(problem).partition("; ")
        told.append({"error": error, "remedy": remedy or None})
    return {**told[0], "further": told[1:]}


def _as_json(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def print_error(problem: object) -> None:
    """An error in one line, as it is but for passwords: brackets in it are no markup."""
    interrupts.wait()
    err.print(
        f"[red]{_('error')}:[/]",
        escape(shown(without_password(str(problem)))),
        highlight=False,
        soft_wrap=True,
    )


def print_warning(text: str) -> None:
    """A warning of the rooms below in one line."""
    err.print(
        f"[yellow]{_('warning')}:[/]", escape(shown(told(text))), highlight=False, soft_wrap=True
    )


def instance_folder(home: Home) -> None:
    """Dagster's folder in the home: its settings, and where it finds the definitions."""
    for source in DAGSTER_FILES:
        target = home.dagster / source.name
        if not target.exists():
            write_bytes(target, source.read_bytes())
