"""The call that makes the pages of a month: bulletin, cards, pictures.

What belongs here: words for the terminal. What does not: any work (`publication/bulletin/`).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from orchestration.cli import completion
from orchestration.cli.commands.options import MonthOption
from orchestration.cli.console import call, err, show
from orchestration.cli.language import _, ngettext
from orchestration.publication import editions, queries
from orchestration.publication.unanswerable import Unknown


class _Language(StrEnum):
    """The languages of a bulletin."""

    INDONESIAN = "id"
    ENGLISH = "en"


def bulletin(
    month: MonthOption,
    edition: Annotated[
        str | None,
        typer.Option(
            help="An edition's ID; without it the newest.", autocompletion=completion.published
        ),
    ] = None,
    language: Annotated[
        _Language, typer.Option(help="Indonesian or English.")
    ] = _Language.INDONESIAN,
) -> None:
    """Make the bulletin of a month, a card for each office, and pictures for sharing."""
    found = _edition(month, edition)
    # Late: typst and the templates' engine take a while to import.
    from orchestration.publication.bulletin import page_files
    from orchestration.publication.bulletin.template_files import BadTemplate

    written: list[Path] = []
    with err.status(_("{edition}: making the pages").format(edition=found.edition_id)) as status:
        try:
            for path in page_files.write_pages(call.home, found, language.value):
                written.append(path)
                status.update(f"{_files(found, written)}, {escape(path.name)}")
        except (page_files.NoBulletin, BadTemplate) as problem:
            raise queries.Unanswerable(str(problem)) from None
    folder = page_files.folder_of(found)
    document = {
        "edition_id": found.edition_id,
        "language": language.value,
        "path": str(folder),
        "files": [str(path.relative_to(folder)) for path in written],
    }
    words = _("{files} in {folder}")
    show(document, words.format(files=_files(found, written), folder=escape(str(folder))))


def _files(edition: editions.Edition, written: Sequence[Path]) -> str:
    files = ngettext("{count} file", "{count} files", len(written))
    return f"{edition.edition_id}: {files}"


def _edition(month: str, edition_id: str | None) -> editions.Edition:
    """The edition that is named; without a name the newest of the month."""
    queries.first_day(month)
    known = editions.editions(call.home, month)
    if not known:
        told = _("{month} is not published; kurasi publish --month {month}")
        raise queries.Unanswerable(told.format(month=month))
    if edition_id is None:
        return known[-1]
    for each in known:
        if each.edition_id == edition_id:
            return each
    raise Unknown("edition", edition_id, [each.edition_id for each in known], month)
