"""The calls of the record: what was received, what is understood, what was rejected.

What belongs here: words for the terminal. What does not: any work (`queries.py`).
"""

from __future__ import annotations

from typing import Annotated

import typer

from ingest.platforms import listing
from orchestration.cli import completion, tables
from orchestration.cli.console import call, show
from orchestration.publication import queries


def deliveries(
    quarantined: Annotated[
        bool, typer.Option("--quarantined", help="Only those that could not be read.")
    ] = False,
) -> None:
    """The ledger: every file received, with its accounting."""
    rows = queries.deliveries(call.home, only_quarantined=quarantined)
    columns = ("delivery_id", "name", "kind", "status", "records", "loaded", "rejected", "reason")
    show(rows, tables.table("Deliveries", columns, rows))


def layouts() -> None:
    """What is understood: the exports of each platform, with an example header for each."""
    rows = listing()
    show(rows, tables.layouts(rows))


def rejects(
    delivery: Annotated[
        str | None,
        typer.Argument(help="Only this delivery's.", autocompletion=completion.deliveries),
    ] = None,
) -> None:
    """The rejected records, each with its rule."""
    rows = queries.rejects(call.home, delivery)
    show(rows, tables.table("Rejects", ("delivery_id", "record_number", "rule", "detail"), rows))
