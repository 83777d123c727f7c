"""The calls of disputes: an office's own list against an edition, and objections.

What belongs here: words for the terminal, and what is at hand beside the edition. What does not:
any work (`publication/reconcile.py`, `publication/objections.py`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape

from ingest.storage import write_bytes
from orchestration.cli import completion, tables
from orchestration.cli.commands.options import MonthOption
from orchestration.cli.console import call, out, show
from orchestration.cli.language import N_, _, both, word
from orchestration.publication import editions, finished_state, labels, objections, queries
from orchestration.publication.answer_book import answer_book
from orchestration.publication.claims import NoList, read_claims, read_links
from orchestration.publication.edition_record import NotAnEdition, read_record
from orchestration.publication.reconcile import (
    INDONESIAN,
    NotReconcilable,
    Reconciliation,
    sentence,
)
from orchestration.publication.reconcile import reconcile as held_against
from orchestration.publication.unanswerable import Unknown

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
    for part in tables.reconciliation(found):
        out.print(part, highlight=False, soft_wrap=isinstance(part, str))


class State(StrEnum):
    """How an objection is settled."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


objections_app = typer.Typer(
    help="What offices object to: keep it, answer it, list it.", no_args_is_help=True
)
_NO_DAY = N_("{day} is no day; write it as 2025-09-15")


@objections_app.command("add")
def add_objection(
    month: MonthOption,
    office: OfficeOption,
    claims: Annotated[
        Path | None, typer.Option(help="The office's list; it is held against the edition.")
    ] = None,
    text: Annotated[str | None, typer.Option(help="What the office says.")] = None,
    by: Annotated[str | None, typer.Option(help="Who filed it.")] = None,
    filed: Annotated[
        str | None, typer.Option("--date", help="When; without it today, in the policy's zone.")
    ] = None,
    deadline: Annotated[
        str | None,
        typer.Option(
            help=f"Until when to answer; without it {objections.DEADLINE_DAYS} days later."
        ),
    ] = None,
    edition: EditionOption = None,
    links: LinksOption = None,
    policy: RuleOption = None,
) -> None:
    """Keep an office's objection to a month, with its list and what came out."""
    queries.first_day(month)
    found = reconciled(month, office, claims, edition, links, policy) if claims else None
    if found is None and office not in (known := queries.office_names(call.home, month)):
        raise Unknown("office", office, known, month)
    new = objections.NewObjection(
        month=month,
        office_id=office,
        filed_date=_day(filed) or _today(month),
        deadline_date=_day(deadline),
        by=by,
        text=text,
        claims=(claims.name, claims.read_bytes()) if claims else None,
        outcome=found.document() if found else None,
        reasons=found.reasons if found else {},
    )
    try:
        kept = objections.add(call.home, new)
    except objections.NoObjection as problem:
        raise queries.Unanswerable(str(problem)) from None
    told = _("{objection} is kept; to be answered by {day}")
    words = told.format(objection=kept.filed.objection_id, day=kept.filed.deadline_date)
    if found:
        words += f"\n{escape(both(sentence(found.bridge, INDONESIAN), sentence(found.bridge)))}"
    show(kept.document(), words)


@objections_app.command("answer")
def answer_objection(
    objection: Annotated[str, typer.Argument(help="An objection's ID.")],
    state: Annotated[State, typer.Option(help="How it is settled.")],
    text: Annotated[str | None, typer.Option(help="The answer in words.")] = None,
    by: Annotated[str | None, typer.Option(help="Who answers.")] = None,
    answered: Annotated[
        str | None, typer.Option("--date", help="When; without it today, in the policy's zone.")
    ] = None,
) -> None:
    """Answer an objection; the next edition of its month tells it."""
    day = _day(answered) or _today(objection[:7])
    new = objections.Answer(state=state.value, answered_date=day, text=text, by=by)
    try:
        kept = objections.answer(call.home, objection, new)
    except objections.NoObjection as problem:
        raise queries.Unanswerable(str(problem)) from None
    told = _("{objection}: {state}. The next edition of {month} tells it")
    words = told.format(
        objection=objection, state=word(kept.state, labels.OUTCOMES), month=kept.filed.month
    )
    show(kept.document(), words)


@objections_app.command("list")
def list_objections(
    month: Annotated[
        str | None, typer.Option("--month", "-m", help="Only of this month, as 2025-08.")
    ] = None,
    office: Annotated[
        str | None, typer.Option(help="Only of this office.", autocompletion=completion.offices)
    ] = None,
    state: Annotated[
        str | None, typer.Option(help="Only open ones, or those that are settled so.")
    ] = None,
) -> None:
    """The objections, with deadline, state and answer."""
    states = (objections.OPEN, *objections.SETTLED)
    if state not in (None, *states):
        raise Unknown("state", str(state), states)
    rows = [
        each.document()
        for each in objections.objections(call.home, month)
        if office in (None, each.filed.office_id) and state in (None, each.state)
    ]
    show(rows, "\n".join(tables.objections(rows)))


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise queries.Unanswerable(_(_NO_DAY).format(day=text)) from None


def _today(month: str) -> date:
    """The day in the zone of the policy in force in a month; in UTC where none is known."""
    try:
        ranked = finished_state.table(call.home, "rank_monthly").filter("is_official")
        official = ranked.filter(month=queries.first_day(month)).select("policy_id").collect()
        zone = queries.policy(call.home, official["policy_id"][0])["time_zone"]
    except (finished_state.NoState, queries.Unanswerable, IndexError):
        zone = "UTC"
    return datetime.now(UTC).astimezone(ZoneInfo(zone)).date()


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
            told = _("{edition} is of {of}, not of {month}")
            raise queries.Unanswerable(
                told.format(edition=record.edition_id, of=record.month, month=month)
            )
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
        told = _(
            "no edition of {month} is published; name one with --edition, or: "
            "kurasi publish --month {month}"
        )
        raise queries.Unanswerable(told.format(month=month))
    return known[-1].path


def _delivered(folder: Path) -> Path | None:
    """The delivered files of a restricted tier, where the folder is one."""
    return folder / "deliveries" if (folder / "deliveries").is_dir() else None


def _months(policy: str, posts: Any) -> dict[tuple[str, str], str]:
    return queries.months_of_posts(call.home, policy, posts)
