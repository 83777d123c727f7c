"""What all calls of the `kurasi` command share: the home, the two streams, the form of an answer.

What belongs here: printing a result or an error as the call asked for. What does not: how a table
looks (`tables.py`) and any call (`commands/`).
"""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ingest.home import Home
from ingest.regular_files import shown
from ingest.storage import write_bytes
from orchestration.cli import interrupts

out = Console()
err = Console(stderr=True)
log = logging.getLogger("kurasi")


@dataclass(slots=True)
class Call:
    """What holds for the whole call."""

    home: Home
    as_json: bool


call = Call(Home(Path("home")), as_json=False)


def show(document: Any, words: Table | str | None = None) -> None:
    """Print a result: as JSON where that is asked for, else in words."""
    if call.as_json or words is None:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    else:
        out.print(words, soft_wrap=True)


def print_error(problem: object) -> None:
    """An error in one line, as it is: brackets in it are no markup."""
    interrupts.wait()
    err.print("[red]error:[/]", escape(shown(str(problem))), highlight=False, soft_wrap=True)


def print_warning(text: str) -> None:
    """A warning in one line, as it is."""
    err.print("[yellow]warning:[/]", escape(shown(text)), highlight=False, soft_wrap=True)


def instance_folder(home: Home) -> None:
    """Dagster's folder in the home, with telemetry and the welcome pop-up off."""
    target = home.dagster / "dagster.yaml"
    if not target.exists():
        write_bytes(target, (Path(__file__).parents[2] / "dagster.yaml").read_bytes())
