"""The `kurasi` command: a thin shell over the assets that Dagster materializes.

What belongs here: words for the terminal and exit codes (0 done; 1 something new was quarantined or
a check failed; 2 the call was wrong). What does not: any work. Dagster is imported by the calls
that need it only, so that the reading calls start at once.

Results go to standard output, progress and errors to standard error.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from click.exceptions import ClickException, NoArgsIsHelpError, UsageError

from ingest.home import Home
from ingest.storage import HomeIsBusy, write_bytes
from orchestration.cli import completion, errors, tables
from orchestration.cli.console import call, err, instance_folder, log, out, show, tell
from orchestration.cli.interrupts import hold
from orchestration.publication import editions, explanation, finished_state, queries

_HELP = (
    "Rankings of official social media accounts that anyone can recompute.\n\n"
    "Kurasi reads the exports that the platforms give, keeps every record of them, and ranks the "
    "offices by how much they post (Akun Teraktif) and by what their posts gain (Akun Terpopuler). "
    "Each rank comes with the best and the worst that the evidence allows, and leads back to the "
    "record of the export.\n\n"
    "Everything lives in one folder, the home: --home FOLDER, else KURASI_HOME, else ./home."
)
_EXAMPLES = """[bold]A first month[/]

  kurasi init               [dim]a home: fill its registry/ and inbox/[/]

  kurasi run                [dim]read what is new, build, rank[/]

  kurasi rank -m 2025-08    [dim]who stands where[/]

  kurasi explain -m 2025-08 --office kanwil-bali --category popular

  kurasi publish -m 2025-08 [dim]freeze it, with its evidence[/]

Exit codes: 0 done; 1 something was quarantined, a check failed or the machine failed us; 2 the call
was wrong; 130 interrupted. Whatever happens, call it again: nothing is ever half-written.
"""
#: What tells its own remedy.
_TOLD = (queries.Unanswerable, finished_state.NoState, HomeIsBusy, editions.DamagedEdition)
_MONTH, _RECORDS, EDITIONS, CARE = "A month", "The record", "Editions", "Care of a home"

app = typer.Typer(
    help=_HELP,
    epilog=_EXAMPLES,
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
Month = Annotated[
    str,
    typer.Option("--month", "-m", help="The month, as 2025-08.", autocompletion=completion.months),
]
Policy = Annotated[
    str | None,
    typer.Option(
        help="A policy's ID; without it the one in force.", autocompletion=completion.policies
    ),
]


class Category(StrEnum):
    """The two rankings."""

    ACTIVE = "active"
    POPULAR = "popular"


@app.callback()
def _options(
    home: Annotated[
        Path,
        typer.Option(envvar="KURASI_HOME", readable=False, help="The folder that holds your data."),
    ] = Path("home"),
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document and nothing else.")
    ] = False,
) -> None:
    call.home, call.as_json = Home(home.resolve()), as_json
    if home.exists() and not home.is_dir():
        raise queries.Unanswerable(f"{home} is a file; --home names the folder of your data")


@app.command(rich_help_panel=_MONTH)
def init() -> None:
    """Make a home: inbox, templates of the registry, policies."""
    root = call.home.root
    templates = Path(__file__).parents[2] / "ingest" / "templates"
    made = []
    for source in sorted(path for path in templates.rglob("*") if path.is_file()):
        target = root / source.relative_to(templates)
        if not target.exists():
            write_bytes(target, source.read_bytes())
            made.append(str(target.relative_to(root)))
    call.home.inbox.mkdir(parents=True, exist_ok=True)
    instance_folder(call.home)
    show(
        {"home": str(root), "made": made},
        f"{root} is ready. Fill registry/offices.csv and registry/accounts.csv, put exports into "
        "inbox/<office_id>/, then: kurasi run",
    )


@app.command(rich_help_panel=_MONTH)
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
            f"{call.home.root} has no registry/offices.csv; `kurasi init` makes a home"
        )
    instance_folder(call.home)
    from orchestration.runner import run_pipeline

    outcome = run_pipeline(call.home)
    hold()
    for problem in outcome.problems:
        tell(errors.one_line(problem))
    ranked = [] if outcome.problems else queries.months(call.home)
    shown = month or (ranked[-1] if ranked else None)
    if call.as_json:
        show({**outcome.counts, "months": ranked})
    else:
        counts = outcome.counts
        out.print(
            f"{counts['deliveries']} new deliveries: {counts['records']} records = "
            f"{counts['loaded']} loaded + {counts['rejected']} rejected + "
            f"{counts['set_aside']} set aside; {counts['quarantined']} deliveries quarantined.",
            soft_wrap=True,
        )
    if shown and ranked and not call.as_json:
        _show_rankings(queries.rank(call.home, shown), shown, first=10)
        out.print(f"Results: {finished_state.current(call.home)}", soft_wrap=True, highlight=False)
        first = queries.rank(call.home, shown, category="popular")[0]["office_id"]
        where = f"--month {shown} --office {first} --category popular"
        out.print(f"Next: {_as_called()} explain {where}", soft_wrap=True, highlight=False)
    if not ranked and not outcome.problems:
        err.print("No month is ranked: no post of a registered account is known yet.")
    if outcome.problems or outcome.counts["quarantined"]:
        if outcome.counts["quarantined"]:
            err.print("Some deliveries could not be read: kurasi deliveries --quarantined")
        raise typer.Exit(1)


@app.command(rich_help_panel=_RECORDS)
def deliveries(
    quarantined: Annotated[
        bool, typer.Option("--quarantined", help="Only those that could not be read.")
    ] = False,
) -> None:
    """The ledger: every file received, with its accounting."""
    rows = queries.deliveries(call.home, only_quarantined=quarantined)
    columns = ("delivery_id", "name", "kind", "status", "records", "loaded", "rejected", "reason")
    show(rows, tables.table("Deliveries", columns, rows))


@app.command(rich_help_panel=_RECORDS)
def layouts() -> None:
    """What is understood: the exports of each platform, with an example header for each."""
    from ingest.platforms import listing

    rows = listing()
    show(rows, tables.layouts(rows))


@app.command(rich_help_panel=_RECORDS)
def rejects(
    delivery: Annotated[
        str | None,
        typer.Argument(help="Only this delivery's.", autocompletion=completion.deliveries),
    ] = None,
) -> None:
    """The rejected records, each with its rule."""
    rows = queries.rejects(call.home, delivery)
    show(rows, tables.table("Rejects", ("delivery_id", "record_number", "rule", "detail"), rows))


@app.command(rich_help_panel=_MONTH)
def rank(
    month: Month,
    policy: Policy = None,
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


@app.command(rich_help_panel=_MONTH)
def explain(
    month: Month,
    office: Annotated[str, typer.Option(help="An office's ID.", autocompletion=completion.offices)],
    category: Annotated[Category, typer.Option(help="One of the two rankings.")],
    policy: Policy = None,
) -> None:
    """The whole way from a rank to the records under it."""
    found = explanation.explain(call.home, month, office, category.value, policy)
    if call.as_json:
        show(found)
        return
    rule = explanation.policy_of(call.home, found["policy_id"])
    name = queries.office_names(call.home, month)[office]
    for part in tables.explanation(found, rule, name):
        out.print(part, highlight=False)


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
    for shown in tables.rankings(rows, queries.office_names(call.home, month), first):
        out.print(shown)


def _forward(words: list[str]) -> list[str]:
    """Options of the whole call may stand anywhere; typer wants them first."""
    first: list[str] = []
    rest: list[str] = []
    while words:
        word = words.pop(0)
        if word == "--json":
            first.append(word)
        elif word == "--home" and words:
            first += [word, words.pop(0)]
        else:
            rest.append(word)
    return first + rest


def main(app: typer.Typer) -> None:
    """Run the command with all its calls; a user's mistake ends in one line, not in a traceback."""
    # Not by the root logger: Dagster prefixes what reaches that with the run's ID.
    log.addHandler(logging.StreamHandler(sys.stderr))
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addFilter(_not_while_leaving)
    streams = {number: os.dup(number) for number in (1, 2)}
    try:
        # Not on its own, else typer tells of a wrong call in a box of five lines.
        code = app(_forward(sys.argv[1:]), prog_name="kurasi", standalone_mode=False)
    except NoArgsIsHelpError as problem:
        out.print(problem.ctx.get_help() if problem.ctx else _HELP)
        code = 2
    except (queries.Unanswerable, finished_state.NoState) as problem:
        code = _failed(problem, 2)
    except ClickException as problem:
        asked = problem.ctx.command_path if isinstance(problem, UsageError) and problem.ctx else ""
        told = getattr(problem, "message", None) or problem.format_message()
        code = _failed(f"{told.rstrip('.')}; {asked or 'kurasi'} --help shows what it takes", 2)
    except BrokenPipeError:  # the reader of a pipe had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as problem:
        # Dagster keeps both in files while a step runs; on a full disk it doesn't give them back.
        for number, stream in streams.items():
            os.dup2(stream, number)
        if os.environ.get("KURASI_DEBUG"):
            raise
        code = _failed(problem, 1)
    sys.exit(code if isinstance(code, int) else 0)


def _not_while_leaving(_: logging.LogRecord) -> bool:
    hold()
    return True


def _failed(problem: BaseException | str, code: int) -> int:
    known = isinstance(problem, _TOLD)
    tell(problem if known else errors.one_line(problem))
    return code
