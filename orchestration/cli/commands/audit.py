"""The call that audits a published ranking by a sample of its posts.

What belongs here: words and tables for the terminal. What does not: any work
(`orchestration/audit/`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.markup import escape
from rich.table import Table

from ingest.regular_files import shown
from ingest.storage import write_bytes
from orchestration.cli import completion
from orchestration.cli.commands.options import Category, MonthOption
from orchestration.cli.console import call, err, out, print_error, show
from orchestration.cli.language import _, ngettext, number
from orchestration.publication import editions
from orchestration.publication.unanswerable import Unanswerable, Unknown
from orchestration.publication.wording import TITLES, short_name

if TYPE_CHECKING:
    from orchestration.audit.evaluate import Audit, Page

_TOP = 3
_LINES_SHOWN = 60


def audit(
    month: MonthOption,
    seed: Annotated[
        str, typer.Option(help="Public and random, such as 20 dice, chosen after publication.")
    ],
    edition: Annotated[
        str | None,
        typer.Option(
            help="An edition's ID or folder; else the month's newest.",
            autocompletion=completion.published,
        ),
    ] = None,
    category: Annotated[Category, typer.Option(help="Which ranking.")] = Category.POPULAR,
    league: Annotated[
        str | None,
        typer.Option(help="Else the policy's first.", autocompletion=completion.leagues),
    ] = None,
    top: Annotated[
        int, typer.Option(min=1, help="Up to which place, fixed before the first visit.")
    ] = _TOP,
    findings: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="The form, filled in.")
    ] = None,
    form: Annotated[
        Path | None,
        typer.Option("--out", help="Write the form in Indonesian, .xlsx or .csv, to fill in."),
    ] = None,
) -> None:
    """Draw posts to visit, and say whether the top places are confirmed.

    Exit code 1: with findings, the top is not confirmed, or rows of them can't be taken.
    """
    # Late: what reads and writes workbooks takes a while to import.
    from orchestration.audit import form as forms
    from orchestration.audit.evaluate import document, evaluate
    from orchestration.audit.ranking import NotAuditable, read

    folder = _edition(month, edition)
    if not seed.strip() or shown(seed) != seed:
        raise Unanswerable(_("--seed is a line of visible characters, such as 20 digits by dice"))
    if form and form.exists():  # it may be filled in
        told = _("{path} is there already; name another file with --out")
        raise Unanswerable(told.format(path=form))
    try:
        ranking = read(folder, category.value, league)
        filled = forms.read(findings, ranking, seed, top) if findings else forms.Filled()
        found = evaluate(ranking, seed, top, filled.findings)
        if form:
            write_bytes(form.resolve(), forms.write(found, form.suffix))
    except NotAuditable as problem:
        raise Unanswerable(str(problem)) from None
    for fault in filled.faults:
        print_error(fault)
    if call.as_json:
        show({**document(found), "faults": filled.faults})
    else:
        for part in _result(found) if findings else _plan(found, form):
            out.print(part, highlight=False, soft_wrap=isinstance(part, str))
    if form:
        where = f"{_pages(len(found.pages))}: {form}"
        err.print(where, soft_wrap=True, highlight=False, markup=False)
    if findings and (filled.faults or not found.largest.is_confirmed):
        raise typer.Exit(1)


def _edition(month: str, name: str | None) -> Path:
    """The folder of the edition that is audited."""
    if name is None:
        known = editions.editions(call.home, month)
        if not known:
            told = _("{month} has no edition; kurasi publish -m {month} makes one")
            raise Unanswerable(told.format(month=month))
        return known[-1].path
    folder = editions.find(call.home, name)
    if folder is None:
        known = editions.editions(call.home, month)
        raise Unknown("edition", name, [each.edition_id for each in known], month)
    found = editions.read_edition(folder)
    if found.month != month:
        told = _("{edition} is of {of}, not of {month}")
        raise Unanswerable(told.format(edition=found.edition_id, of=found.month, month=month))
    return folder


def _heading(audit: Audit) -> Iterator[str]:
    ranking = audit.ranking
    title = f"{_(TITLES[ranking.category])} · {escape(ranking.league)} · {ranking.month}"
    yield f"[bold]{title}[/] · {escape(ranking.edition_id)}"
    yield f"manifest {ranking.manifest_sha256} · seed {escape(audit.seed)}"


def _plan(audit: Audit, form: Path | None) -> Iterator[str | Table]:
    """What is to be visited."""
    yield from _heading(audit)
    yield _claims(audit, with_findings=False)
    told = _("{pages} to visit, so that the top {top} can be confirmed if all is sound.")
    yield told.format(pages=_pages(len(audit.pages)), top=audit.largest.k)
    yield from _listed(audit)
    if form is None:
        yield _("To get the form: --out audit.xlsx; when it is filled in: --findings audit.xlsx")


def _listed(audit: Audit) -> Iterator[str]:
    for page in audit.pages[:_LINES_SHOWN]:
        yield from _page(page, audit.ranking.category)
    if len(audit.pages) > _LINES_SHOWN:
        told = _("… and {count} more; --out FILE or --json has them all")
        yield told.format(count=number(len(audit.pages) - _LINES_SHOWN))


def _page(page: Page, category: str) -> Iterator[str]:
    post = page.post
    least = ""
    if category == "popular":
        least = _(" · at least {number}").format(number=number(post.value))
    recorded = ", ".join(f"{_(name)} {number(count)}" for name, count in post.recorded.items())
    published = _("published {when}").format(when=post.published)
    when = f"{post.platform} {post.handle} · {published}"
    yield escape(shown(f"{page.number}  {when}{least}"))
    yield escape(shown(f"       {post.link}"))
    if category == "popular":
        told = _("       recorded {when}: {numbers}")
        yield escape(told.format(when=post.recorded_at, numbers=recorded))


def _result(audit: Audit) -> Iterator[str | Table]:
    """What the findings say."""
    yield from _heading(audit)
    yield _claims(audit, with_findings=True)
    if audit.confirmed is None:
        yield _("[bold]No place is confirmed yet.[/]")
    else:
        told = _("[bold]The top {top} is confirmed at 5 % risk.[/]")
        yield told.format(top=audit.confirmed)
    yield from _still(audit)
    yield _offices(audit)
    yield from _meaning(audit)


def _still(audit: Audit) -> Iterator[str]:
    """What is missing for the largest top."""
    claim = audit.largest
    if claim.is_confirmed:
        return
    if claim.further_pages is None:
        told = _(
            "The top {top} can't be confirmed: what the pages do not support is more than what "
            "these offices are ahead."
        )
        yield told.format(top=claim.k)
        return
    told = ngettext(
        "For the top {top}, {count} more page is to be visited, if all is sound; --out FILE writes "
        "the form with it.",
        "For the top {top}, {count} more pages are to be visited, if all are sound; --out FILE "
        "writes the form with them.",
        len(claim.further_pages),
    )
    yield told.format(top=claim.k)


def _claims(audit: Audit, *, with_findings: bool) -> Table:
    """A line for each top that is claimed."""
    ranking = audit.ranking
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column(_("top"), justify="right")
    table.add_column(_("last office"), overflow="fold")
    table.add_column(_("ahead of"), overflow="fold")
    table.add_column(_("by"), justify="right")
    for title in (_("P-value"), _("confirmed")) if with_findings else ():
        table.add_column(title, justify="right")
    table.add_column(_("pages to visit"), justify="right")
    for claim in audit.claims:
        last, following = ranking.offices[claim.k - 1 : claim.k + 1]
        names = (escape(short_name(office.name)) for office in (last, following))
        done = (
            (f"{claim.p_value:.4f}", _("yes") if claim.is_confirmed else _("no"))
            if with_findings
            else ()
        )
        needed = _("can't be")
        if claim.further_pages is not None:
            needed = number(len(claim.further_pages))
        table.add_row(str(claim.k), *names, number(last.score - claim.bar), *done, needed)
    return table


def _offices(audit: Audit) -> Table:
    from orchestration.audit.evaluate import office_rows  # late, as the rest of the room

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column(_("office"), overflow="fold")
    for title in (_("draws"), _("pages"), _("less"), _("gone"), _("not its"), _("not supported")):
        table.add_column(title, overflow="fold", justify="right")
    for row, sample in zip(office_rows(audit), audit.samples, strict=True):
        table.add_row(
            escape(short_name(sample.office.name)),
            str(row["draws"]),
            f"{row['pages_seen']}/{row['posts']}",
            str(row["pages_with_less"]),
            str(row["pages_gone"]),
            str(row["pages_not_matching"]),
            number(row["not_supported"]),
        )
    return table


def _meaning(audit: Audit) -> Iterator[str]:
    """What the result says, and what no visit can."""
    yield _(
        "Confirmed: if posts of these offices were overstated so much that a told top is wrong, "
        "findings as good as these would come up with a chance of 5 % at most, for all tops "
        "together. A page that is gone counts as if it supported nothing."
    )
    visits = [page.finding.visited for page in audit.pages if page.finding]
    if visits and audit.ranking.category == "popular":
        told = _(
            "Visited {first} to {last}: the pages tell that interactions were there on that day, "
            "not when they were gained."
        )
        yield told.format(first=min(visits), last=max(visits))
    elif visits:
        told = _("Visited {first} to {last}: the pages tell what was there on that day.")
        yield told.format(first=min(visits), last=max(visits))
    lacking = [each for each in audit.ranking.offices if not each.is_complete]
    told = _(
        "Not audited: posts that the ranking lacks or values too low; {lacking} of {all} offices "
        "lack exports."
    )
    yield told.format(lacking=len(lacking), all=len(audit.ranking.offices))


def _pages(count: int) -> str:
    return ngettext("{count} page", "{count} pages", count)
