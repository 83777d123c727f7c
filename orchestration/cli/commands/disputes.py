"""The calls of disputes: an office's own list against an edition.

What belongs here: words for the terminal, and what is at hand beside the edition. What does not:
any work (`publication/reconcile.py`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ingest.storage import write_bytes
from orchestration.cli import completion, tables
from orchestration.cli.commands.options import MonthOption
from orchestration.cli.console import call, out, show
from orchestration.publication import editions, queries
from orchestration.publication.answer_book import answer_book
from orchestration.publication.claims import NoList, read_claims, read_links
from orchestration.publication.edition_record import NotAnEdition, read_record
from orchestration.publication.reconcile import NotReconcilable, Reconciliation
from orchestration.publication.reconcile import reconcile as held_against

OfficeOption = Annotated[
    str, typer.Option(help="An office's ID.", autocompletion=completion.offices)
]
ClaimsOption = Annotated[
    Path, typer.Option(help="The office's list: CSV or XLSX, any columns, links or IDs.")
]
EditionOption = Annotated[
    str | None,
    typer.Option(
        help="An edition's ID or folder; without it the month's newest.",
        autocompletion=completion.published,
    ),
]
LinksOption = Annotated[
    Path | None,
    typer.Option(help="What short links lead to: CSV or XLSX, each beside the long one."),
]
#: As `options.PolicyOption`, but of an edition.
RuleOption = Annotated[str | None, typer.Option(help="A policy's ID; without it the one in force.")]


def reconcile(
    month: MonthOption,
    office: OfficeOption,
    claims: ClaimsOption,
    edition: EditionOption = None,
    links: LinksOption = None,
    policy: RuleOption = None,
    book: Annotated[
        Path | None, typer.Option("--out", help="Write the answer as a workbook, in Indonesian.")
    ] = None,
) -> None:
    """Hold an office's own list of posts against an edition."""
    found = reconciled(month, office, claims, edition, links, policy)
    if book:
        write_bytes(book, answer_book(found))
    if call.as_json:
        show(found.document())
        return
    for part in tables.reconciliation(found.document(), found.office_name):
        out.print(part, highlight=False, soft_wrap=isinstance(part, str))


def reconciled(
    month: str,
    office: str,
    claims: Path,
    edition: str | None,
    links: Path | None,
    policy: str | None,
) -> Reconciliation:
    """A list held against an edition, with what the home knows where it is the edition's.

    Raises:
        Unanswerable: a file can't be read, or something named is not there.
    """
    queries.first_day(month)
    folder = _edition(month, edition)
    try:
        record = read_record(folder)
        if record.month != month:
            raise queries.Unanswerable(f"{record.edition_id} is of {record.month}, not of {month}")
        is_home = folder.resolve().is_relative_to(call.home.published.resolve())
        return held_against(
            record,
            read_claims(claims, record.known_ids),
            office,
            policy,
            pairs=read_links(links) if links else None,
            delivered=call.home.archive if is_home else _delivered(folder),
            known=_months if is_home else None,
        )
    except (NoList, NotAnEdition, NotReconcilable) as problem:
        raise queries.Unanswerable(str(problem)) from None


def _edition(month: str, name: str | None) -> Path:
    """The folder of an edition: by its ID, by a path, else the month's newest."""
    if name is not None:
        return editions.find(call.home, name) or Path(name)
    known = editions.editions(call.home, month)
    if not known:
        raise queries.Unanswerable(
            f"no edition of {month} is published; name one with --edition, or: "
            f"kurasi publish --month {month}"
        )
    return known[-1].path


def _delivered(folder: Path) -> Path | None:
    """The delivered files of a restricted tier, where the folder is one."""
    return folder / "deliveries" if (folder / "deliveries").is_dir() else None


def _months(policy: str, posts: Any) -> dict[tuple[str, str], str]:
    return queries.months_of_posts(call.home, policy, posts)
