"""The call that says which account must be exported by when.

What belongs here: words for the terminal. What does not: any work (`publication/due.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.markup import escape
from rich.table import Table

from ingest.storage import write_bytes
from orchestration.cli import completion
from orchestration.cli.commands.options import PolicyOption
from orchestration.cli.console import call, err, out, show
from orchestration.cli.language import _, ngettext, word
from orchestration.publication import due as exports
from orchestration.publication import labels
from orchestration.publication.due import DueExport, DueList


class Sort(StrEnum):
    """What the list can be sorted by."""

    DUE = "due"
    OFFICE = "office"
    PLATFORM = "platform"
    CAPTURED = "captured"
    LACKING = "lacking"
    EVIDENCE = "evidence"


def due(
    month: Annotated[
        str | None,
        typer.Option(
            "--month", "-m", help="The month; else the newest.", autocompletion=completion.months
        ),
    ] = None,
    office: Annotated[
        str | None, typer.Option(help="Only this office's.", autocompletion=completion.offices)
    ] = None,
    sort: Annotated[Sort, typer.Option(help="What comes first.")] = Sort.DUE,
    csv: Annotated[
        Path | None, typer.Option(help="Also write a CSV in Indonesian, to send to the offices.")
    ] = None,
    policy: PolicyOption = None,
) -> None:
    """Which account must be exported by when, and whose posts lack evidence."""
    found = exports.due(call.home, month, office=office, policy=policy, sort=sort.value)
    if found is None:
        if call.as_json:
            show([])
        told = _(
            "No month is ranked yet, so every account is due: put its exports into {inbox}/, "
            "then: kurasi run"
        )
        err.print(
            told.format(inbox=call.home.inbox / "<office_id>"),
            soft_wrap=True,
            highlight=False,
            markup=False,
        )
        return
    if csv is not None:
        write_bytes(csv.resolve(), exports.csv(found))
        count = ngettext("{count} account", "{count} accounts", len(found.exports))
        err.print(f"{count}: {csv}", soft_wrap=True, highlight=False, markup=False)
    if call.as_json:
        show([export.document() for export in found.exports])
        return
    for part in page(found):
        out.print(part, highlight=False)


def page(found: DueList) -> Iterator[str | Table]:
    """The list as a terminal of 80 columns shows it."""
    if not found.exports:
        told = _("No account that {policy} judges is registered in {month}.")
        yield told.format(policy=found.policy_id, month=found.month)
        return
    heading = _("[bold]Exports due · {month}[/] ({policy}; times in {time_zone})")
    yield heading.format(
        month=found.month, policy=escape(found.policy_id), time_zone=found.time_zone
    )
    yield _accounts(found)
    yield _("[bold]Evidence by office · {month}[/]").format(month=found.month)
    yield _offices(found.exports)
    missing = sum(export.coverage == "missing" for export in found.exports)
    never = sum(export.last_captured_at is None for export in found.exports)
    count = ngettext("{count} account", "{count} accounts", len(found.exports))
    told = _(
        "{accounts}: {missing} missing for the month, {never} never exported. "
        "Lacking: counted posts that are late, early or without evidence."
    )
    yield told.format(accounts=count, missing=missing, never=never)
    yield _("Days to choose on the export page, or up to today:")
    yield from _ranges(found.exports)


def _accounts(found: DueList) -> Table:
    shown = _plain_table(
        _("account"), _("last export"), _("export by"), _("coverage"), _("lacking")
    )
    for export in found.exports:
        shown.add_row(
            export.account_id,
            _when(export, found.time_zone, is_due=False),
            _when(export, found.time_zone, is_due=True),
            word(export.coverage, labels.STATES),
            f"{export.posts_without_evidence}/{export.post_count}",
        )
    return shown


def _when(export: DueExport, time_zone: str, *, is_due: bool) -> str:
    """An instant without its year, which the title tells."""
    instant = export.due_at if is_due else export.last_captured_at
    if export.last_captured_at is None:
        return _("at once") if is_due else _("never")
    return exports.local(instant, time_zone)[5:] if instant else _("nothing due")


def _offices(found: Sequence[DueExport]) -> Table:
    shown = _plain_table(_("office"), _("accounts"), _("missing"), _("lacking"), _("evidence"))
    offices: dict[str, list[DueExport]] = {}
    for export in found:
        offices.setdefault(export.office_id, []).append(export)
    for accounts in sorted(offices.values(), key=lambda each: each[0].office_evidence_percent):
        lacking = sum(export.posts_without_evidence for export in accounts)
        posts = sum(export.post_count for export in accounts)
        shown.add_row(
            escape(accounts[0].office_name),
            str(len(accounts)),
            str(sum(export.coverage == "missing" for export in accounts) or ""),
            f"{lacking}/{posts}",
            f"{accounts[0].office_evidence_percent} %",
        )
    return shown


def _plain_table(first: str, *others: str) -> Table:
    """Without frames, so that IDs, which are never cut, have the room of the line."""
    shown = Table(box=box.SIMPLE_HEAD, padding=0)
    shown.add_column(first, overflow="fold")
    for title in others:
        shown.add_column(title, no_wrap=True, justify="left" if title == _("coverage") else "right")
    return shown


def _ranges(found: Sequence[DueExport]) -> Iterator[str]:
    """Each range with its platforms, or the accounts that need an earlier day than the others."""
    platforms: dict[str, list[DueExport]] = {}
    for export in found:
        platforms.setdefault(export.platform, []).append(export)
    latest = {name: max(each.range_from for each in group) for name, group in platforms.items()}
    ranges: dict[tuple[str, str, str], list[str]] = {}
    for name, group in sorted(platforms.items()):
        for export in group:
            key = (str(export.range_from), str(export.range_to), export.range_time_zone)
            whose = name if export.range_from == latest[name] else export.account_id
            names = ranges.setdefault(key, [])
            if whose not in names:
                names.append(whose)
    for (first, last, zone), names in sorted(ranges.items(), reverse=True):
        told = _("  {first} to {last}, days of {zone}: {names}")
        yield told.format(first=first, last=last, zone=zone, names=", ".join(names))
