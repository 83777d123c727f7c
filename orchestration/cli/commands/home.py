"""The calls that care for a home: lost capture times, the doctor, erasure.

What belongs here: words for the terminal. What does not: any work (`doctor/`,
`ingest/inbox.py`, `ingest/erasure.py`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ingest import erasure, inbox
from orchestration.cli import completion, recognised, tables
from orchestration.cli.console import call, show
from orchestration.cli.doctor import Finding, examine
from orchestration.cli.language import _, ngettext
from orchestration.publication import objections, queries

_EXAMPLE_TIME = "2025-08-02T08:00:00+07:00"


def stamp(
    folder: Annotated[Path, typer.Argument(help="Exports that were made together.")],
    captured_at: Annotated[
        str, typer.Option(help="When, with the zone's offset: 2025-08-02T08:00:00+07:00.")
    ],
) -> None:
    """Write down when exports were made, where their files' own times were lost."""
    try:
        instant = datetime.fromisoformat(captured_at)
    except ValueError:
        told = _("{time} is no time; write {example}")
        raise queries.Unanswerable(told.format(time=captured_at, example=_EXAMPLE_TIME)) from None
    if instant.tzinfo is None:
        told = _("{time} has no offset from UTC; write {example}")
        raise queries.Unanswerable(told.format(time=captured_at, example=_EXAMPLE_TIME))
    try:
        stamped = inbox.stamp(folder, instant)
    except inbox.NotStampable as problem:
        raise queries.Unanswerable(str(problem)) from None
    show(
        {"stamped": [str(path) for path in stamped], "captured_at": instant.isoformat()},
        ngettext(
            "{count} export is said to be of {time}; next: kurasi run",
            "{count} exports are said to be of {time}; next: kurasi run",
            len(stamped),
        ).format(time=instant.isoformat()),
    )


def doctor() -> None:
    """Look whether all is well, and say what to do where not."""
    findings = list(examine(call.home))
    rows = [
        {
            "": _mark(finding),
            "check": _(finding.check),
            "found": recognised.told(finding.detail),
            "to do": recognised.told(finding.remedy),
        }
        for finding in findings
    ]
    ok = all(finding.is_ok for finding in findings)
    document = {"ok": ok, "checks": [finding.document() for finding in findings]}
    show(document, tables.table(_("Doctor"), ("", "check", "found", "to do"), rows))
    if not ok:
        raise typer.Exit(1)


def _mark(finding: Finding) -> str:
    """Whether to do something, in a word."""
    if finding.is_warning:
        return _("note")
    return "" if finding.remedy else "ok"


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
    comment: Annotated[
        str | None,
        typer.Option(help="A comment of the public, as youtube:ID, and what answers it."),
    ] = None,
    objection: Annotated[
        str | None, typer.Option(help="An objection's ID: names, words and list.")
    ] = None,
) -> None:
    """Erase a file, a private account, a comment or an objection's words; a tombstone stays."""
    # Late: what publishes editions takes a while to import.
    from orchestration.publication.log.record import record
    from orchestration.publication.publish import erase_copies

    # A comment has no account any more; its records are found by its ID, as an account's are.
    platform, _colon, name = (account or comment or "").partition(":")
    named = [bool(each) for each in (delivery, account, comment, objection)]
    if named.count(True) != 1 or ((account or comment) and not name):
        raise queries.Unanswerable(
            _(
                "name a delivery, --account PLATFORM:NAME, --comment PLATFORM:ID or "
                "--objection ID, one of them"
            )
        )
    if objection:
        _erase_objection(objection, reason, by)
        return
    order = erasure.Order(reason, by)
    try:
        if delivery:
            tombstones = erasure.erase_delivery(call.home, delivery, order)
        else:
            tombstones = erasure.erase_account(call.home, platform, name, order)
    except erasure.NotErasable as problem:
        raise queries.Unanswerable(str(problem)) from None
    erase_copies(call.home)
    show(
        [tombstone.model_dump(mode="json") for tombstone in tombstones],
        ngettext(
            "{count} file is erased. The last finished state still holds what it said until the "
            "next build: kurasi run",
            "{count} files are erased. The last finished state still holds what they said until "
            "the next build: kurasi run",
            len(tombstones),
        ),
    )
    record(call.home)


def _erase_objection(objection_id: str, reason: str, by: str) -> None:
    try:
        kept = objections.erase(call.home, objection_id, reason, by, datetime.now(UTC).date())
    except objections.NoObjection as problem:
        raise queries.Unanswerable(str(problem)) from None
    show(
        kept.document(),
        _(
            "{objection} is erased: that there was one stays, names, words and the list do not"
        ).format(objection=objection_id),
    )
