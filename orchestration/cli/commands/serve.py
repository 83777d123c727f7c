"""The call that turns a database server to what is published.

What belongs here: words for the terminal. What does not: any work (`serving/`).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from orchestration.cli.console import call, err, show
from orchestration.publication import queries


def serve(
    address: Annotated[
        str,
        typer.Argument(
            help="postgresql://USER@HOST:5432/DATABASE; the password best in ~/.pgpass.",
            show_default=False,
        ),
    ],
    role: Annotated[
        str, typer.Option(help="Who may read; made where it is missing.")
    ] = "kurasi_reader",
    keep: Annotated[
        int, typer.Option(min=1, help="So many sets stay there, the current one included.")
    ] = 2,
) -> None:
    """Serve what is published from a PostgreSQL database, for BI with many readers."""
    # Late: the driver is an extra, which a plain installation may lack.
    try:
        from orchestration.serving import serve as serving
    except ModuleNotFoundError as problem:
        if problem.name != "psycopg2":
            raise
        raise queries.Unanswerable(
            "this needs psycopg2, which is not installed; `pip install psycopg2-binary` into the "
            "environment of kurasi"
        ) from None
    with err.status("serving what is published"):
        served = serving.serve(call.home, address, role, keep)
    if served.is_new:
        words = f"{served.row_count:,} rows in {served.table_count} tables are served"
    else:
        words = "the newest set is served already"
    removed = f"; older sets removed: {len(served.removed)}" if served.removed else ""
    show(asdict(served), f"{words}{removed}; {role} reads the views of schema kurasi")
