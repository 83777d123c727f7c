"""The calls of a month: make a home, run, rank, explain.

What belongs here: words for the terminal. What does not: any work (`runner.py`, `queries.py`).
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from ingest.storage import HomeIsBusy, write_bytes
from orchestration.cli import completion, errors, interrupts, tables
from orchestration.cli.commands.options import Category, MonthOption, PolicyOption
from orchestration.cli.console import (
    call,
    err,
    failure,
    instance_folder,
    out,
    print_error,
    print_warning,
    show,
)
from orchestration.cli.explanation_page import explanation_page
from orchestration.cli.language import _, ngettext, number
from orchestration.publication import explanation, finished_state, queries
from orchestration.publication.editions import DamagedEdition
from orchestration.publication.log.record import contradictions
from orchestration.publication.log.store import DamagedLog
from orchestration.publication.warnings import warnings

#: Of a line in which a path stands: brackets in it are no markup.
_AS_IT_IS: dict[str, Any] = {"markup": False, "highlight": False, "soft_wrap": True}
_TEMPLATES = Path(__file__).parents[3] / "ingest" / "templates"


def init() -> None:
    """Make a home: inbox, templates of the registry, policies."""
    root = call.home.root
    made = []
    for source in sorted(path for path in _TEMPLATES.rglob("*") if path.is_file()):
        target = root / source.relative_to(_TEMPLATES)
        if not target.exists():
            write_bytes(target, source.read_bytes())
            made.append(str(target.relative_to(root)))
    call.home.inbox.mkdir(parents=True, exist_ok=True)
    instance_folder(call.home)
    show(
        {"home": str(root), "made": made},
        _(
            "{home} is ready. Fill registry/offices.csv and registry/accounts.csv, put exports "
            "into inbox/<office_id>/, then: kurasi run"
        ).format(home=escape(str(root))),
    )


def run(
    month: Annotated[
        str | None, typer.Option("--month", "-m", help="Show this month's top ten at the end.")
    ] = None,
) -> None:
    """Read what is new, build the warehouse, rank every month."""
    if month:
        queries.first_day(month)
    if not (call.home.registry / "offices.csv").exists():
        raise queries.Unanswerable(
            _("{home} has no registry/offices.csv; `kurasi init` makes a home").format(
                home=call.home.root
            )
        )
    instance_folder(call.home)
    # Late: Dagster takes seconds to import.
    from orchestration.runner import run_pipeline

    outcome = run_pipeline(call.home)
    interrupts.wait()
    outcome.problems += _mend_published()
    untrue, damaged = _untrue_lines() if not outcome.problems else ([], [])
    outcome.problems += damaged
    problems = [errors.one_line(problem) for problem in outcome.problems]
    for problem in problems:
        print_error(problem)
    ranked = [] if outcome.problems else queries.months(call.home)
    shown = month or (ranked[-1] if ranked else None)
    if call.as_json:
        document: dict[str, Any] = {**outcome.counts, "months": ranked}
        if problems:
            document.update(failure(problems))
        show(document)
    else:
        out.print(_accounting(outcome.counts), soft_wrap=True)
    if shown and ranked and not call.as_json:
        _show_rankings(queries.rank(call.home, shown), shown, first=10)
        results = _("Results: {folder}").format(folder=finished_state.current(call.home))
        out.print(results, **_AS_IT_IS)
        first = queries.rank(call.home, shown, category="popular")[0]["office_id"]
        where = f"--month {shown} --office {first} --category popular"
        following = _("Next: {call}").format(call=f"{_as_called()} explain {where}")
        out.print(following, **_AS_IT_IS)
    for line in untrue:
        print_warning(line)
    if not outcome.problems:
        if unread := outcome.counts["withheld"]:
            print_warning(
                ngettext(
                    "{count} counter of new records can't be read and is withheld, so its post "
                    "lacks evidence; export it again: kurasi rejects",
                    "{count} counters of new records can't be read and are withheld, so these "
                    "posts lack evidence; export them again: kurasi rejects",
                    unread,
                )
            )
        for warning in warnings(call.home, datetime.now(UTC).replace(tzinfo=None)):
            print_warning(warning.line)
    if not ranked and not outcome.problems:
        err.print(_why_nothing_is_ranked(), **_AS_IT_IS)
    wrong = ("quarantined", "rejected_whole", "damaged", "not_taken")
    if outcome.problems or any(outcome.counts[name] for name in wrong):
        if outcome.counts["quarantined"]:
            err.print(_("Some deliveries could not be read: kurasi deliveries --quarantined"))
        if outcome.counts["rejected_whole"]:
            err.print(
                _(
                    "Of some deliveries no record could be taken, so they count for nothing; "
                    "export them again as downloaded. Why: kurasi deliveries --rejected"
                ),
                soft_wrap=True,
            )
        if outcome.counts["not_taken"]:
            err.print(
                ngettext(
                    "{count} thing in the inbox was not taken, see the warning above: kurasi "
                    "doctor names it again",
                    "{count} things in the inbox were not taken, see the warnings above: kurasi "
                    "doctor names them again",
                    outcome.counts["not_taken"],
                ),
                soft_wrap=True,
            )
        raise typer.Exit(1)


def _accounting(counts: Mapping[str, int]) -> str:
    """What a run read, as a sum that adds up."""
    new = ngettext("{count} new delivery", "{count} new deliveries", counts["deliveries"])
    records = ngettext("{count} record", "{count} records", counts["records"])
    told = _("{new}: {records} = {loaded} loaded + {rejected} rejected + {set_aside} set aside")
    parts = [
        told.format(
            new=new,
            records=records,
            loaded=number(counts["loaded"]),
            rejected=number(counts["rejected"]),
            set_aside=number(counts["set_aside"]),
        ),
        ngettext(
            "{count} delivery quarantined", "{count} deliveries quarantined", counts["quarantined"]
        ),
    ]
    if whole := counts["rejected_whole"]:
        parts.append(_("{count} rejected whole").format(count=number(whole)))
    return f"{parts[0]}; {', '.join(parts[1:])}."


def _mend_published() -> list[str]:
    """Give readers of `published/current` what is published, where they lack it.

    Returns:
        Why that can't be.
    """
    if not call.home.published.is_dir():
        return []
    from orchestration.publication import newest  # late, as above

    try:
        newest.mend(call.home)
    except HomeIsBusy:  # a publication is under way, and does it
        pass
    except DamagedEdition as problem:
        return [str(problem)]
    return []


def _untrue_lines() -> tuple[list[str], list[str]]:
    """What the log says and is not true of the home any more; and what of it is damaged."""
    try:
        return contradictions(call.home), []
    except DamagedLog as problem:
        return [], [str(problem)]


def rank(
    month: MonthOption,
    policy: PolicyOption = None,
    category: Annotated[Category | None, typer.Option(help="One of the two rankings.")] = None,
    league: Annotated[
        str | None, typer.Option(help="One league.", autocompletion=completion.leagues)
    ] = None,
) -> None:
    """The ranking of a month."""
    rows = queries.rank(call.home, month, policy, category and category.value, league)
    if call.as_json:
        show(rows)
    else:
        _show_rankings(rows, month)


def explain(
    month: MonthOption,
    office: Annotated[str, typer.Option(help="An office's ID.", autocompletion=completion.offices)],
    category: Annotated[Category, typer.Option(help="One of the two rankings.")],
    policy: PolicyOption = None,
) -> None:
    """The whole way from a rank to the records under it."""
    found = explanation.explain(call.home, month, office, category.value, policy)
    if call.as_json:
        show(found)
        return
    rule = queries.policy(call.home, found["policy_id"])
    name = queries.office_names(call.home, month)[office]
    state = queries.month_states(call.home, month)[found["policy_id"]]
    edition = queries.newest_edition(call.home, month)
    for part in explanation_page(found, rule, name, state, edition):
        out.print(part, highlight=False, soft_wrap=True)


def _why_nothing_is_ranked() -> str:
    """What to do where no post of a registered account is known."""
    if not queries.deliveries(call.home):
        told = _("No month is ranked yet. Put exports into {inbox}/, then: {call}")
        inbox = call.home.inbox / "<office_id>"
        return told.format(inbox=inbox, call=f"{_as_called()} run")
    told = _(
        "No month is ranked: no post of a registered account is known yet. Compare the accounts in "
        "{registry} with: {call}"
    )
    registry = call.home.registry / "accounts.csv"
    return told.format(registry=registry, call=f"{_as_called()} deliveries")


def _as_called() -> str:
    """This command, as it can be called again from the same folder."""
    command = sys.argv[0]
    if shutil.which("kurasi") == command:
        command = "kurasi"
    return " ".join(_from_here(path) for path in (command, "--home", str(call.home.root)))


def _from_here(path: str) -> str:
    here = f"{Path.cwd()}/"
    return path.removeprefix(here) or "."


def _show_rankings(rows: list[dict[str, Any]], month: str, first: int | None = None) -> None:
    names = queries.office_names(call.home, month)
    states = queries.month_states(call.home, month)
    edition = queries.newest_edition(call.home, month)
    for shown in tables.rankings(rows, names, states, edition, first):
        is_text = isinstance(shown, str)
        out.print(shown, highlight=not is_text, soft_wrap=is_text)
