"""The pages of an edition on the disk: a folder beside it, made anew whenever it is asked for.

What belongs here: where the pages lie, and what of them the edition tells and what stands beside
it. What does not: how a page is made (`rendering.py`) and what it tells (`contents.py`).

    published/<month>/<edition_id>.bulletin/   not hashed: it follows from the edition beside it
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.home import Home
from ingest.storage import write_bytes
from orchestration.publication.bulletin import rendering
from orchestration.publication.bulletin.contents import FILES
from orchestration.publication.editions import PAGES, Edition, file_of
from orchestration.publication.log.receipts import head_of_edition


class NoBulletin(Exception):
    """An edition tells nothing of which pages could be made; the text says what to do."""


def folder_of(edition: Edition) -> Path:
    """Where the pages of an edition lie."""
    return edition.path.with_name(f"{edition.edition_id}{PAGES}")


def write_pages(home: Home, edition: Edition, language: str) -> Iterator[Path]:
    """Make the bulletin, the cards and the pictures of an edition anew, a file at a time.

    Args:
        home: whose own templates come before those that are shipped.
        edition: what they tell.
        language: `id` or `en`.

    Yields:
        Each file, once it is written.

    Raises:
        NoBulletin: the edition is of a former format.
        DamagedEdition: it is not as it was published.
        BadTemplate: a template can't be filled in.
    """
    folder = folder_of(edition)
    told, stamp = document(edition, language), stamp_of(edition)
    for name, content in rendering.render(told, stamp, home.bulletin_templates):
        write_bytes(folder / name, content)
        yield folder / name


def document(edition: Edition, language: str) -> dict[str, Any]:
    """What an edition tells, in one language.

    Raises:
        NoBulletin: the edition is of a former format.
        DamagedEdition: it is not as it was published.
    """
    (name,) = (name for name, each in FILES.items() if each.code == language)
    content = file_of(edition, name)
    if content is None:
        raise NoBulletin(
            f"{edition.edition_id} is of a former format and has no bulletin; publish "
            f"{edition.month} again with --reason, and its next edition has one"
        )
    told: dict[str, Any] = json.loads(content)
    return told


def stamp_of(edition: Edition) -> dict[str, Any]:
    """What an edition can't hold of itself: its manifest's hash, and the log's head with it."""
    head = head_of_edition(edition.path)
    log = None if head is None else {"size": head["size"], "root": head["root"]}
    return {"manifest_sha256": edition.manifest_sha256, "log": log}
