"""Whether what was published and logged is as it was.

What belongs here: looks at editions and the log. What does not: whether they are right, which
`kurasi verify` tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from ingest.home import Home
from orchestration.cli.doctor.finding import ANEW, SHOWN, Finding, first_line
from orchestration.cli.language import _, ngettext
from orchestration.publication import editions
from orchestration.publication.log.record import contradictions
from orchestration.publication.log.store import DamagedLog, log_folder, read_log


def edition_files(home: Home) -> Iterator[Finding]:
    """Every edition and its restricted tier is as it was published, and readers get the newest."""
    # Late: what reads workbooks takes a while to import.
    from orchestration.publication import newest, verify

    published = editions.folders(home)
    is_sound = True
    for folder in (*published, *sorted((home.published / "restricted").glob("*"))):
        if found := verify.difference_from_written(folder):
            is_sound = False
            detail, _separator, remedy = str(editions.damaged(folder)).partition("; ")
            yield Finding("editions", f"{detail} ({found})", remedy)
    try:
        known = editions.editions(home)
        problem = newest.damage(home)
    except editions.DamagedEdition:  # told above
        return
    ever = {path.name for path in (home.published / "restricted").glob("*")}
    ever |= newest.published(home) or set()
    for name in sorted(ever - {each.edition_id for each in known}):
        is_sound = False
        path = home.published / name[:7] / name
        told = _("{path} was published and is gone").format(path=path)
        yield Finding("editions", told, _("restore it from the backup"))
    if problem and is_sound:
        yield Finding("editions", problem, _(ANEW))
    if is_sound and not problem:
        yield Finding("editions", _published(known))


def _published(known: Sequence[editions.Edition]) -> str:
    if not known:
        return _("none published yet")
    told = ngettext(
        "{count} published, {newest}, as it was published",
        "{count} published, the newest {newest}, each as it was published",
        len(known),
    )
    return told.format(newest=known[-1].edition_id)


def log_lines(home: Home) -> Iterator[Finding]:
    """The log is as it was written, and what it says is true of the home."""
    try:
        log = read_log(log_folder(home))
        found = contradictions(home)
    except DamagedLog as problem:
        detail, _separator, remedy = str(problem).partition("; ")
        yield Finding("log", detail, remedy)
        return
    except pl.exceptions.PolarsError as problem:  # a damaged ledger is told above
        yield Finding("log", first_line(problem), is_warning=True)
        return
    for line in found[:SHOWN]:
        detail, _separator, remedy = line.partition("; ")
        yield Finding("log", detail, remedy, is_warning=True)
    if len(found) > SHOWN:
        more = ngettext(
            "{count} more line is not true of this home any more",
            "{count} more lines are not true of this home any more",
            len(found) - SHOWN,
        )
        remedy = _("restore archive/ and published/ from the backup")
        yield Finding("log", more, remedy, is_warning=True)
    if log is None:
        yield Finding("log", _("none yet; the next run begins it"))
    elif not found:
        told = ngettext(
            "{count} line, as it was written: {root}",
            "{count} lines, as they were written: {root}",
            log.size,
        )
        yield Finding("log", told.format(root=log.head.root))
