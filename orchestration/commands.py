"""The `kurasi` command: a thin shell over the assets that Dagster materializes.

What belongs here: words for the terminal and exit codes (0 done; 1 something new was quarantined or
a check failed; 2 the call was wrong). What does not: any work. Dagster is imported by the calls
that need it only, so that the reading calls start at once.

Results go to standard output, progress and errors to standard error.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ingest.lake import Home, HomeIsBusy, write_bytes
from orchestration import pages
from orchestration.publication import answers, editions, explanation, state

app = typer.Typer(
    help="Rankings of official social media accounts that anyone can recompute.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
out = Console()
err = Console(stderr=True)
log = logging.getLogger("kurasi")

Month = Annotated[str, typer.Option("--month", "-m", help="The month, as 2025-08.")]


class Category(StrEnum):
    """The two rankings."""

    ACTIVE = "active"
    POPULAR = "popular"


@dataclass(slots=True)
class _Call:
    """What holds for the whole call."""

    home: Home
    as_json: bool


call = _Call(Home(Path("home")), as_json=False)


@app.callback()
def _options(
    home: Annotated[
        Path, typer.Option(envvar="KURASI_HOME", help="The folder that holds your data.")
    ] = Path("home"),
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document and nothing else.")
    ] = False,
) -> None:
    call.home, call.as_json = Home(home.resolve()), as_json


@app.command()
def init() -> None:
    """Make a home: an inbox, commented templates of the registry, the shipped policies."""
    root = call.home.root
    templates = Path(__file__).parents[1] / "ingest" / "templates"
    made = []
    for source in sorted(path for path in templates.rglob("*") if path.is_file()):
        target = root / source.relative_to(templates)
        if not target.exists():
            write_bytes(target, source.read_bytes())
            made.append(str(target.relative_to(root)))
    call.home.inbox.mkdir(parents=True, exist_ok=True)
    _instance_folder(call.home)
    _print(
        {"home": str(root), "made": made},
        f"{root} is ready. Fill registry/offices.csv and registry/accounts.csv, put exports into "
        "inbox/<office_id>/, then: kurasi run",
    )


@app.command()
def run(
    month: Annotated[
        str | None, typer.Option("--month", "-m", help="Show this month's top ten at the end.")
    ] = None,
) -> None:
    """Ingest what is new, build the warehouse, rank every month."""
    if not (call.home.registry / "offices.csv").exists():
        raise answers.Unanswerable(
            f"{call.home.root} has no registry/offices.csv; `kurasi init` makes a home"
        )
    _instance_folder(call.home)
    from orchestration.run import run_pipeline

    outcome = run_pipeline(call.home)
    for problem in outcome.problems:
        _tell(problem)
    ranked = [] if outcome.problems else answers.months(call.home)
    shown = month or (ranked[-1] if ranked else None)
    if call.as_json:
        _print({**outcome.counts, "months": ranked})
    else:
        counts = outcome.counts
        out.print(
            f"{counts['deliveries']} new deliveries: {counts['records']} records = "
            f"{counts['loaded']} loaded + {counts['rejected']} rejected + "
            f"{counts['set_aside']} set aside; {counts['quarantined']} deliveries quarantined.",
            soft_wrap=True,
        )
    if shown and ranked and not call.as_json:
        _show_rankings(answers.rank(call.home, shown), shown, first=10)
        out.print(f"Results: {state.current(call.home)}", soft_wrap=True, highlight=False)
        first = answers.rank(call.home, shown, category="popular")[0]["office_id"]
        where = f"--month {shown} --office {first} --category popular"
        out.print(f"Next: {_as_called()} explain {where}", soft_wrap=True, highlight=False)
    if not ranked and not outcome.problems:
        err.print("No month is ranked: no post of a registered account is known yet.")
    if outcome.problems or outcome.counts["quarantined"]:
        if outcome.counts["quarantined"]:
            err.print("Some deliveries could not be read: kurasi deliveries --quarantined")
        raise typer.Exit(1)


@app.command()
def deliveries(
    quarantined: Annotated[
        bool, typer.Option("--quarantined", help="Only those that could not be read.")
    ] = False,
) -> None:
    """The ledger: every delivery with its accounting."""
    rows = answers.deliveries(call.home, only_quarantined=quarantined)
    columns = ("delivery_id", "name", "kind", "status", "records", "loaded", "rejected", "reason")
    _print(rows, pages.table("Deliveries", columns, rows))


@app.command()
def rejects(
    delivery: Annotated[str | None, typer.Argument(help="Only this delivery's.")] = None,
) -> None:
    """The rejected records: which delivery, which record, which rule."""
    rows = answers.rejects(call.home, delivery)
    _print(rows, pages.table("Rejects", ("delivery_id", "record_number", "rule", "detail"), rows))


@app.command()
def rank(
    month: Month,
    policy: Annotated[
        str | None, typer.Option(help="A policy's ID; without it the one in force.")
    ] = None,
    category: Annotated[Category | None, typer.Option(help="One of the two rankings.")] = None,
    league: Annotated[str | None, typer.Option(help="One league.")] = None,
) -> None:
    """The ranking of a month."""
    rows = answers.rank(call.home, month, policy, category and category.value, league)
    if call.as_json:
        _print(rows)
    else:
        _show_rankings(rows, month)


@app.command()
def explain(
    month: Month,
    office: Annotated[str, typer.Option(help="An office's ID.")],
    category: Annotated[Category, typer.Option(help="One of the two rankings.")],
    policy: Annotated[
        str | None, typer.Option(help="A policy's ID; without it the one in force.")
    ] = None,
) -> None:
    """The whole way from a rank to the records that it rests on."""
    found = explanation.explain(call.home, month, office, category.value, policy)
    if call.as_json:
        _print(found)
        return
    rule = explanation.policy_of(call.home, found["policy_id"])
    name = answers.office_names(call.home, month)[office]
    for part in pages.explanation(found, rule, name):
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


@app.command()
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
    """Publish a month: an edition with its evidence, never changed after."""
    if month not in answers.months(call.home):
        answers.rank(call.home, month)  # says what is ranked
    if despite and not (final and reason):
        raise answers.Unanswerable("--despite needs --final and --reason TEXT")
    from orchestration.publication.edition import Request
    from orchestration.publish import publish_month

    _instance_folder(call.home)
    is_new, problems = publish_month(call.home, month, Request(final, despite, reason))
    for problem in problems:
        _tell(problem)
    if problems:
        raise typer.Exit(1)
    newest = editions.editions(call.home, month)[-1]
    words = f"{newest.edition_id} is published" if is_new else f"{month} is unchanged since"
    words += f": {newest.path}" if is_new else f" {newest.edition_id}; nothing was published"
    document = {
        **{"edition_id": newest.edition_id, "status": newest.status, "path": str(newest.path)},
        **{"tree_head": None, "is_new": is_new, "manifest_sha256": newest.manifest_sha256},
    }
    _print(document, words)


@app.command()
def verify(
    path: Annotated[str, typer.Argument(help="An edition, its evidence or its restricted tier.")],
    trace: Annotated[
        int, typer.Option(help="Follow so many counted posts into the delivered files.")
    ] = 0,
    seed: Annotated[int, typer.Option(help="The same seed draws the same posts.")] = 0,
    archive: Annotated[
        Path | None, typer.Option(help="Where the delivered files lie; else the home's archive.")
    ] = None,
) -> None:
    """Check that an edition is what it says: files, formats, rankings."""
    from orchestration.publication import trace as tracing
    from orchestration.publication import verify as verification

    folder = editions.find(call.home, path) or Path(path)
    try:
        checks = verification.verify(folder)
    except verification.NotVerifiable as problem:
        raise answers.Unanswerable(str(problem)) from None
    if trace:
        own = folder / "deliveries"
        files = archive or (own if own.is_dir() else call.home.archive)
        evidence = folder / "evidence" if (folder / "evidence").is_dir() else folder
        checks += tracing.trace(evidence, files, trace, seed)
    ok = all(check["ok"] for check in checks)
    marked = [{**check, "ok": "ok" if check["ok"] else "FAILED"} for check in checks]
    _print({"ok": ok, "checks": checks}, pages.table(path, ("check", "ok", "detail"), marked))
    if not ok:
        raise typer.Exit(1)


@app.command()
def diff(
    before: Annotated[str, typer.Argument(help="An edition's ID or folder.")],
    after: Annotated[str, typer.Argument(help="A later edition of the same month.")],
) -> None:
    """What moved between two editions of a month, and why."""
    from orchestration.publication.difference import NotComparable, difference, movements

    found = [editions.find(call.home, name) for name in (before, after)]
    for name, folder in zip((before, after), found, strict=True):
        if folder is None:
            known = ", ".join(each.edition_id for each in editions.editions(call.home))
            raise answers.Unanswerable(f"no edition {name}; there are {known or 'none'}")
    old, new = (folder / "evidence" for folder in found if folder)
    try:
        moved = difference(old, new)
    except NotComparable as problem:
        raise answers.Unanswerable(str(problem)) from None
    columns = ("policy", "league", "category", "office", "rank", "score", "causes")
    title = f"{before} to {after}: {len(moved['offices'])} rows moved"
    _print(moved, pages.table(title, columns, movements(moved)))


@app.command()
def erase(
    reason: Annotated[str, typer.Option(help="Why; it stands on the tombstone.")],
    by: Annotated[str, typer.Option(help="Who decided it; it stands on the tombstone.")],
    delivery: Annotated[str | None, typer.Argument(help="A delivery's ID: its whole file.")] = None,
    account: Annotated[
        str | None, typer.Option(help="A private account, as x:name: its records in every file.")
    ] = None,
) -> None:
    """Erase a delivery, or the records of a private account, for good; a tombstone stays."""
    from ingest import erasure
    from orchestration.publication.edition import erase_copies

    platform, _, name = (account or "").partition(":")
    if bool(delivery) == bool(account) or (account and not name):
        raise answers.Unanswerable("name a delivery or --account PLATFORM:NAME, one of the two")
    order = erasure.Order(reason, by)
    try:
        if delivery:
            stones = erasure.erase_delivery(call.home, delivery, order)
        else:
            stones = erasure.erase_account(call.home, platform, name, order)
    except erasure.NotErasable as problem:
        raise answers.Unanswerable(str(problem)) from None
    erase_copies(call.home)
    _print(
        [stone.model_dump(mode="json") for stone in stones],
        f"{len(stones)} files are erased. The last finished state still holds what they said until "
        "the next build: kurasi run",
    )


def _show_rankings(rows: list[dict[str, Any]], month: str, first: int | None = None) -> None:
    for shown in pages.rankings(rows, answers.office_names(call.home, month), first):
        out.print(shown)


def _print(document: Any, words: Table | str | None = None) -> None:
    """Print a result: as JSON where that is asked for, else in words."""
    if call.as_json or words is None:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    else:
        out.print(words, soft_wrap=True)


def _tell(problem: object) -> None:
    """An error in one line, as it is: brackets in it are no markup."""
    err.print("[red]error:[/]", escape(str(problem)), highlight=False, soft_wrap=True)


def _instance_folder(home: Home) -> None:
    """Dagster's folder in the home, with telemetry and the welcome pop-up off."""
    target = home.dagster / "dagster.yaml"
    if not target.exists():
        write_bytes(target, (Path(__file__).parents[1] / "dagster.yaml").read_bytes())


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


def main() -> None:
    """Run the command; a user's mistake ends in one line, not in a traceback."""
    # Not by the root logger: Dagster prefixes what reaches that with the run's ID.
    log.addHandler(logging.StreamHandler(sys.stderr))
    log.setLevel(logging.INFO)
    log.propagate = False
    try:
        app(_forward(sys.argv[1:]), prog_name="kurasi")
    except (answers.Unanswerable, state.NoState) as problem:
        _tell(problem)
        sys.exit(2)
    except HomeIsBusy as problem:
        _tell(problem)
        sys.exit(1)
    except BrokenPipeError:  # the reader of a pipe had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
