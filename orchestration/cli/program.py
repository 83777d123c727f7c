"""The `kurasi` command as a whole: its help page, the options of every call, how a call ends.

What belongs here: which calls there are and in which group, and exit codes (0 done; 1 something new
was quarantined or rejected whole, or a check failed; 2 the call was wrong). What does not: the
calls (`commands/`).

Results go to standard output, progress and errors to standard error.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from click.exceptions import ClickException, NoArgsIsHelpError

from ingest.bounds import InvalidBound, bounds
from ingest.home import Home
from ingest.storage import DamagedArchive, HomeIsBusy, HomeIsNewer
from orchestration.cli import errors, interrupts, language, recognised
from orchestration.cli.commands import audit as audit_calls
from orchestration.cli.commands import bulletin as bulletin_calls
from orchestration.cli.commands import disputes as disputes_calls
from orchestration.cli.commands import due as due_calls
from orchestration.cli.commands import editions as editions_calls
from orchestration.cli.commands import growth as growth_calls
from orchestration.cli.commands import home as home_calls
from orchestration.cli.commands import month as month_calls
from orchestration.cli.commands import opinion as opinion_calls
from orchestration.cli.commands import record as record_calls
from orchestration.cli.commands import serve as serve_calls
from orchestration.cli.commands import superset as superset_calls
from orchestration.cli.console import ShownFormatter, call, fail, log, out
from orchestration.cli.language import _
from orchestration.publication import editions, finished_state, queries
from orchestration.publication.links import kept_hours
from orchestration.publication.log.store import DamagedLog
from orchestration.serving.address import NotServed

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

Exit codes: 0 done; 1 something was quarantined or rejected whole, a check failed or the machine
failed us; 2 the call was wrong; 130 interrupted. Whatever happens, call it again: nothing is ever
half-written.
"""
#: What names its own remedy.
_WITH_REMEDY = (
    queries.Unanswerable,
    finished_state.NoState,
    HomeIsBusy,
    HomeIsNewer,
    DamagedArchive,
    DamagedLog,
    editions.DamagedEdition,
    NotServed,
)
#: The groups of the help page, each with its calls in order.
_CALLS: dict[str, list[Callable[..., None]]] = {
    "A month": [
        month_calls.init,
        month_calls.run,
        due_calls.due,
        month_calls.rank,
        month_calls.explain,
    ],
    "The record": [
        record_calls.deliveries,
        record_calls.layouts,
        record_calls.rejects,
        record_calls.receipts,
    ],
    "Editions": [
        editions_calls.publish,
        editions_calls.current,
        bulletin_calls.bulletin,
        editions_calls.verify,
        editions_calls.diff,
        serve_calls.serve,
        superset_calls.superset,
        audit_calls.audit,
    ],
    "Disputes": [disputes_calls.reconcile],
    "Care of a home": [
        home_calls.stamp,
        growth_calls.growth,
        home_calls.doctor,
        home_calls.erase,
    ],
}

app = typer.Typer(
    help=_HELP,
    epilog=_EXAMPLES,
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": language.HELP_OPTIONS},
)
for _group, _calls in _CALLS.items():
    for _call in _calls:
        app.command(rich_help_panel=_group)(_call)
app.add_typer(disputes_calls.objections_app, name="objections", rich_help_panel="Disputes")
app.add_typer(opinion_calls.opinion_app, name="opinion", rich_help_panel="A month")


class _Language(StrEnum):
    """The languages of the terminal."""

    INDONESIAN = language.INDONESIAN
    ENGLISH = language.ENGLISH


def _show_version(is_asked: bool) -> None:
    if is_asked:
        out.print(f"kurasi {version('kurasi')}", highlight=False)
        raise typer.Exit


@app.callback()
def _options(
    home: Annotated[
        Path,
        typer.Option(envvar="KURASI_HOME", readable=False, help="The folder that holds your data."),
    ] = Path("home"),
    _as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document and nothing else.")
    ] = False,
    _lang: Annotated[
        _Language | None, typer.Option("--lang", help="Indonesian or English; else the locale's.")
    ] = None,
    _version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_show_version, help="Print the version."),
    ] = False,
) -> None:
    # The language and the form of the answer are chosen before, for wrong calls have them too.
    call.home = Home(home.resolve())
    try:
        bounds()
        kept_hours()
    except InvalidBound as problem:
        raise queries.Unanswerable(str(problem)) from None
    if home.exists() and not home.is_dir():
        raise queries.Unanswerable(
            _("{home} is a file; --home names the folder of your data").format(home=home)
        )


def run_command() -> None:
    """Run the command with all its calls; a user's mistake ends in one line, not in a traceback."""
    # Not by the root logger: Dagster prefixes what reaches that with the run's ID.
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ShownFormatter())
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addFilter(_not_while_leaving)
    streams = {number: os.dup(number) for number in (1, 2)}
    words = _options_first(sys.argv[1:])
    call.as_json = "--json" in words
    language.speak(language.asked_for(words, os.environ))
    command = typer.main.get_command(app)
    language.translate_help(command)
    try:
        # Not on its own, else typer reports a wrong call in a box of five lines.
        code = command(words, prog_name="kurasi", standalone_mode=False)
    except NoArgsIsHelpError as problem:
        out.print(problem.ctx.get_help() if problem.ctx else _(_HELP))
        code = 2
    except (queries.Unanswerable, finished_state.NoState) as problem:
        code = _failed(problem, 2)
    except ClickException as problem:
        code = _failed(errors.wrong_call(problem), 2)
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


def _options_first(words: list[str]) -> list[str]:
    """Options of the whole call may stand anywhere; typer wants them first."""
    first: list[str] = []
    rest: list[str] = []
    while words:
        word = words.pop(0)
        if word == "--json":
            first.append(word)
        elif word in ("--home", "--lang") and words:
            first += [word, words.pop(0)]
        else:
            rest.append(word)
    return first + rest


def _not_while_leaving(_: logging.LogRecord) -> bool:
    interrupts.wait()
    return True


def _failed(problem: BaseException | str, code: int) -> int:
    if isinstance(problem, queries.Unanswerable):
        told = errors.unanswerable(problem)
    elif isinstance(problem, _WITH_REMEDY):
        told = recognised.told(str(problem))
    else:
        told = errors.one_line(problem)
    fail([told])
    return code
