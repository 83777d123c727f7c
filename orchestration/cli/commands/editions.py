"""The calls of editions: publish, verify, compare.

What belongs here: words for the terminal. What does not: any work (`publication/`, `runner.py`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from orchestration.cli import completion, errors, tables
from orchestration.cli.commands.options import MonthOption
from orchestration.cli.console import call, fail, instance_folder, out, show
from orchestration.cli.language import _
from orchestration.cli.recognised import told
from orchestration.months import FIRST_MONTH
from orchestration.publication import editions, newest, queries
from orchestration.publication.log import receipts as log_receipts
from orchestration.publication.log.store import log_beside, log_folder
from orchestration.publication.unanswerable import Unknown


def publish(
    month: MonthOption,
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
        raise queries.Unanswerable(_("--despite needs --final and --reason TEXT"))
    if month < FIRST_MONTH:
        error = _("{month} is too old; editions begin with {first}")
        raise queries.Unanswerable(error.format(month=month, first=FIRST_MONTH))
    instance_folder(call.home)
    # Late: Dagster takes seconds to import.
    from orchestration.in_process import publish_month
    from orchestration.publication.publish import Request

    is_new, problems = publish_month(call.home, month, Request(final, despite, reason))
    if problems:
        fail([errors.one_line(problem) for problem in problems])
        raise typer.Exit(1)
    made = editions.editions(call.home, month)[-1]
    if is_new:
        outcome = _("{edition} is published: {folder}")
    else:
        outcome = _("{month} is unchanged since {edition}; nothing was published")
    words = outcome.format(month=month, edition=made.edition_id, folder=escape(str(made.path)))
    document = {
        "edition_id": made.edition_id,
        "status": made.status,
        "path": str(made.path),
        "tree_head": log_receipts.head_of_edition(made.path),
        "is_new": is_new,
        "manifest_sha256": made.manifest_sha256,
    }
    show(document, words)


def current() -> None:
    """Where readers of the newest editions begin: one folder, the same for hours.

    `published/current` leads elsewhere with the next publication. Who reads several files, or one
    with a library that opens it more than once, resolves the link first, which this does.
    """
    try:
        folder = newest.current(call.home)
    except newest.NothingPublished as problem:
        raise queries.Unanswerable(str(problem)) from None
    if call.as_json:
        index = json.loads((folder / "index.json").read_bytes())
        show({"path": str(folder), "months": index["months"]})
    else:
        out.print(folder, markup=False, highlight=False, emoji=False, soft_wrap=True)


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
    head: Annotated[
        Path | None, typer.Option(help="A head of the log that you kept: it must still hold.")
    ] = None,
    witnesses: Annotated[
        Path | None,
        typer.Option(
            help="Who may sign heads (allowed_signers); the signatures lie beside --head."
        ),
    ] = None,
    quorum: Annotated[int, typer.Option(min=1, help="How many of them must have signed.")] = 1,
    replay: Annotated[
        bool,
        typer.Option("--replay", help="Read the restricted tier's files anew and compare all."),
    ] = False,
) -> None:
    """Check that an edition is what it says it is."""
    # Late: what writes and reads workbooks takes a while to import.
    from orchestration.publication import replay as replaying
    from orchestration.publication import trace as tracing
    from orchestration.publication import verify as verification
    from orchestration.publication.log import against_head

    folder = editions.find(call.home, path) or Path(path)
    _refuse_without(head, witnesses, folder)
    try:
        checks = verification.verify(folder)
    except verification.NotVerifiable as problem:
        raise queries.Unanswerable(str(problem)) from None
    if trace:
        own = folder / "deliveries"
        files = archive or (own if own.is_dir() else call.home.archive)
        evidence = folder / "evidence" if (folder / "evidence").is_dir() else folder
        checks += tracing.trace(evidence, files, trace, seed)
    if head:
        log = log_beside(folder) or log_folder(call.home)
        checks += against_head.check_head(folder, log, head)
        if witnesses:
            checks.append(against_head.check_witnesses(folder, log, head, witnesses, quorum))
    if replay:
        checks += replaying.replay(_restricted(folder))
    ok = all(check["ok"] for check in checks)
    marked = [_marked(check) for check in checks]
    show({"ok": ok, "checks": checks}, tables.table(path, ("check", "ok", "detail"), marked))
    if not ok:
        raise typer.Exit(1)


def _marked(check: Mapping[str, Any]) -> dict[str, str]:
    """A check as a terminal shows it."""
    return {
        "check": _(check["check"].replace("_", " ")),
        "ok": "ok" if check["ok"] else _("FAILED"),
        "detail": told(check["detail"]),
    }


def _refuse_without(head: Path | None, witnesses: Path | None, folder: Path) -> None:
    """Options of the log name files that are there, and need an edition."""
    if witnesses and not head:
        raise queries.Unanswerable(_("--witnesses needs --head FILE, beside which they signed"))
    for path in (head, witnesses):
        if path and not path.is_file():
            raise queries.Unanswerable(_("{path} is no file").format(path=path))
    if head and not (folder / "manifest.json").is_file():
        error = _("{folder} is no edition; only an edition stands in the log")
        raise queries.Unanswerable(error.format(folder=folder))


def _restricted(folder: Path) -> Path:
    """The restricted tier of an edition, or the folder itself where it is one."""
    beside = folder.resolve().parents[1] / "restricted" / folder.resolve().name
    for path in (folder, beside):
        if (path / "deliveries").is_dir() and (path / "receipts").is_dir():
            return path
    error = _(
        "{folder} has no delivered files with receipts beside it; name a folder such as "
        "published/restricted/2025-08-final-1 of this version"
    )
    raise queries.Unanswerable(error.format(folder=folder))


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
    from orchestration.publication.difference import NotComparable, difference

    found = [editions.find(call.home, name) for name in (before, after)]
    for name, folder in zip((before, after), found, strict=True):
        if folder is None:
            known = [each.edition_id for each in editions.editions(call.home)]
            raise Unknown("edition", name, known)
    old, new = (folder / "evidence" for folder in found if folder)
    try:
        moved = difference(old, new)
    except NotComparable as problem:
        raise queries.Unanswerable(str(problem)) from None
    if call.as_json:
        show(moved)
        return
    title = _("{first} to {last}").format(first=before, last=after)
    for shown in tables.movements(title, moved):
        out.print(shown, highlight=False)
