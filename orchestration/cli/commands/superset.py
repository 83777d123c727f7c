"""The call that writes a dashboard for Apache Superset.

What belongs here: words for the terminal. What does not: what is in the dashboard (`superset/`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ingest.storage import write_bytes
from orchestration.cli.console import call, show
from orchestration.cli.language import _
from orchestration.publication import newest, queries
from orchestration.superset.bundle import NoAddress, address, bundle


def superset(
    out: Annotated[
        Path, typer.Option(help="The ZIP file to write; Superset imports it.", show_default=False)
    ],
    published: Annotated[
        Path | None,
        typer.Option(
            help="Where Superset sees the home's published/, if elsewhere, as in a container.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write a dashboard on what is published, for Apache Superset to import."""
    try:
        newest.current(call.home)
    except newest.NothingPublished as problem:
        raise queries.Unanswerable(str(problem)) from None
    target = out.resolve()
    if not target.parent.is_dir():
        raise queries.Unanswerable(
            _("there is no folder {folder}; make it first").format(folder=target.parent)
        )
    if target.is_dir():
        raise queries.Unanswerable(_("{path} is a folder; --out names a file").format(path=target))
    seen = published or call.home.published
    if not seen.is_absolute():
        raise queries.Unanswerable(
            _("--published names the whole path, such as /published, and not {path}").format(
                path=seen
            )
        )
    try:
        content, locked = bundle(seen), address(seen)
    except NoAddress as problem:
        raise queries.Unanswerable(str(problem)) from None
    write_bytes(target, content)
    show(
        {"path": str(target), "sqlalchemy_uri": locked},
        _("{path} is written; it reads {address}").format(path=target, address=locked),
    )
