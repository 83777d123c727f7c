"""The calls that publish, check and look after: editions, erasure, the doctor.

What belongs here: words for the terminal and exit codes. What does not: any work.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli import completion, errors, tables
from orchestration.cli.commands import CARE, EDITIONS, Month, app
from orchestration.cli.console import call, instance_folder, show, tell
from orchestration.publication import editions, queries

__all__ = ["app"]


@app.command(rich_help_panel=EDITIONS)
def publish(
    month: Month,
    final: Annotated[
        bool, typer.Option("--final", help="The month's final edition; refused while data lack.")
    ] = False,
    despite: Annotated[
        bool, typer.Option("--despite", help="Final although data lack; needs --reason.")
    ] = False,
    reason: Annotated[
        str | None, typer.Option(help="Why; printed on the edition. A revision needs it.")
    ] = None,
) -> None:
    """Publish a month: an edition, never changed after."""
    if month not in queries.months(call.home):
        queries.rank(call.home, month)  # says what is ranked
    if despite and not (final and reason):
        raise queries.Unanswerable("--despite needs --final and --reason TEXT")
    from orchestration.assets.editions import FIRST_MONTH, publish_month
    from orchestration.publication.publish import Request

    if month < FIRST_MONTH:
        raise queries.Unanswerable(f"{month} is too old; editions begin with {FIRST_MONTH}")
    instance_folder(call.home)
    is_new, problems = publish_month(call.home, month, Request(final, despite, reason))
    for problem in problems:
        tell(errors.one_line(problem))
    if problems:
        raise typer.Exit(1)
    newest = editions.editions(call.home, month)[-1]
    words = f"{newest.edition_id} is published" if is_new else f"{month} is unchanged since"
    words += f": {newest.path}" if is_new else f" {newest.edition_id}; nothing was published"
    document = {
        **{"edition_id": newest.edition_id, "status": newest.status, "path": str(newest.path)},
        **{"tree_head": None, "is_new": is_new, "manifest_sha256": newest.manifest_sha256},
    }
    show(document, words)


@app.command(rich_help_panel=EDITIONS)
def verify(
    path: Annotated[
        str,
        typer.Argument(
            help="An edition, its evidence or its restricted tier.",
            autocompletion=completion.published,
        ),
    ],
    trace: Annotated[
        int, typer.Option(min=0, help="Follow so many counted posts into the delivered files.")
    ] = 0,
    seed: Annotated[int, typer.Option(help="The same seed draws the same posts.")] = 0,
    archive: Annotated[
        Path | None, typer.Option(help="Where the delivered files lie; else the home's archive.")
    ] = None,
) -> None:
    """Check that an edition is what it says it is."""
    from orchestration.publication import trace as tracing
    from orchestration.publication import verify as verification

    folder = editions.find(call.home, path) or Path(path)
    try:
        checks = verification.verify(folder)
    except verification.NotVerifiable as problem:
        raise queries.Unanswerable(str(problem)) from None
    if trace:
        own = folder / "deliveries"
        files = archive or (own if own.is_dir() else call.home.archive)
        evidence = folder / "evidence" if (folder / "evidence").is_dir() else folder
        checks += tracing.trace(evidence, files, trace, seed)
    ok = all(check["ok"] for check in checks)
    marked = [{**check, "ok": "ok" if check["ok"] else "FAILED"} for check in checks]
    show({"ok": ok, "checks": checks}, tables.table(path, ("check", "ok", "detail"), marked))
    if not ok:
        raise typer.Exit(1)


@app.command(rich_help_panel=EDITIONS)
def diff(
    before: Annotated[
        str, typer.Argument(help="An edition's ID or folder.", autocompletion=completion.published)
    ],
    after: Annotated[
        str,
        typer.Argument(
            help="A later edition of the same month.", autocompletion=completion.published
        ),
    ],
) -> None:
    """What moved between two editions of a month, and why."""
    from orchestration.publication.difference import NotComparable, difference, movements

    found = [editions.find(call.home, name) for name in (before, after)]
    for name, folder in zip((before, after), found, strict=True):
        if folder is None:
            known = ", ".join(each.edition_id for each in editions.editions(call.home))
            raise queries.Unanswerable(f"no edition {name}; there are {known or 'none'}")
    old, new = (folder / "evidence" for folder in found if folder)
    try:
        moved = difference(old, new)
    except NotComparable as problem:
        raise queries.Unanswerable(str(problem)) from None
    columns = ("policy", "league", "category", "office", "rank", "score", "causes")
    title = f"{before} to {after}: {len(moved['offices'])} rows moved"
    show(moved, tables.table(title, columns, movements(moved)))


@app.command(rich_help_panel=CARE)
def doctor() -> None:
    """Look whether all is well, and say what to do where not."""
    from orchestration.cli.doctor import examine

    findings = list(examine(call.home))
    rows = [
        {
            **{"": "" if finding.remedy else "ok", "check": finding.check},
            **{"found": finding.detail, "to do": finding.remedy},
        }
        for finding in findings
    ]
    ok = not any(finding.remedy for finding in findings)
    document = {"ok": ok, "checks": [finding.document() for finding in findings]}
    show(document, tables.table("Doctor", ("", "check", "found", "to do"), rows))
    if not ok:
        raise typer.Exit(1)


@app.command(rich_help_panel=CARE)
def erase(
    reason: Annotated[str, typer.Option(help="Why; it stands on the tombstone.")],
    by: Annotated[str, typer.Option(help="Who decided it; it stands on the tombstone.")],
    delivery: Annotated[
        str | None,
        typer.Argument(
            help="A delivery's ID: its whole file.", autocompletion=completion.deliveries
        ),
    ] = None,
    account: Annotated[
        str | None, typer.Option(help="A private account, as x:name: its records in every file.")
    ] = None,
) -> None:
    """Erase a file or a private account; a tombstone stays."""
    from ingest import erasure
    from orchestration.publication.publish import erase_copies

    platform, _, name = (account or "").partition(":")
    if bool(delivery) == bool(account) or (account and not name):
        raise queries.Unanswerable("name a delivery or --account PLATFORM:NAME, one of the two")
    order = erasure.Order(reason, by)
    try:
        if delivery:
            stones = erasure.erase_delivery(call.home, delivery, order)
        else:
            stones = erasure.erase_account(call.home, platform, name, order)
    except erasure.NotErasable as problem:
        raise queries.Unanswerable(str(problem)) from None
    erase_copies(call.home)
    show(
        [stone.model_dump(mode="json") for stone in stones],
        f"{len(stones)} files are erased. The last finished state still holds what they said until "
        "the next build: kurasi run",
    )
