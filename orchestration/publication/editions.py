"""Which editions there are: read from the folders of `published/`.

What belongs here: an edition as its manifest describes it, and finding one by its name. What does
not: making (`publish.py`) and checking (`verify.py`) them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from ingest.home import Home

#: Of all that an edition holds; grows when a file, a column, a key or a word that people read
#: changes. Format 1, of manifests that name none, valued posts by the former definitions; from
#: format 3 on all that people read can be made anew from the tables; format 4 has the bulletin.
EDITION_FORMAT = 4
#: Ends the name of the folder that holds an edition's pages, beside the edition.
PAGES = ".bulletin"


class DamagedEdition(Exception):
    """A published folder is not as it was written; the text says which, and what to do."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition; `path` is its public folder."""

    edition_id: str
    month: str
    status: str
    number: int
    content_sha256: str
    published_at: str
    manifest_sha256: str
    path: Path
    format: int

    @property
    def is_settled(self) -> bool:
        """Whether the month is published as final, so that a further edition is a revision."""
        return self.status in ("final", "revised")


def editions(home: Home, month: str = "*") -> list[Edition]:
    """The editions of a month (`2025-08`), or all, in the order of months and numbers.

    Raises:
        DamagedEdition: a folder can't be read as an edition.
    """
    found = [read_edition(folder) for folder in folders(home, month)]
    return sorted(found, key=lambda edition: (edition.month, edition.number))


def folders(home: Home, month: str = "*") -> list[Path]:
    """The folders of the editions of a month, or of all, be they sound or damaged."""
    found = [
        path
        for path in home.published.glob(f"{month}/*")
        if path.parent.name[:1].isdigit()
        and not path.name.startswith(".")
        and not path.name.endswith(PAGES)
        and path.is_dir()
    ]
    return sorted(found)


def find(home: Home, name: str) -> Path | None:
    """The folder of an edition, by its ID or by a path to it; None where there is none."""
    for path in (Path(name), *home.published.glob(f"*/{name}")):
        if (path / "manifest.json").is_file() and path.parent.name != "restricted":
            return path
    return None


def format_of(manifest: dict[str, Any]) -> int:
    """The format of the edition that a manifest describes."""
    return int(manifest.get("edition_format", 1))


def damaged(folder: Path) -> DamagedEdition:
    """That a published folder is not as it was written."""
    return DamagedEdition(
        f"{folder} is damaged; restore it from the backup, or move it out of published/ "
        "(it is sealed: chmod -R u+w first)"
    )


def read_edition(folder: Path) -> Edition:
    """The edition in a folder, by its manifest, which its `run.json` seals.

    Raises:
        DamagedEdition: the two are not as they were written.
    """
    try:
        content = (folder / "manifest.json").read_bytes()
        manifest = json.loads(content)
        run = json.loads((folder / "run.json").read_bytes())
        if hashlib.sha256(content).hexdigest() != run["manifest_sha256"]:
            raise damaged(folder)
        return Edition(
            edition_id=manifest["edition_id"],
            month=manifest["month"],
            status=manifest["status"],
            number=manifest["number"],
            content_sha256=manifest["content_sha256"],
            published_at=run["published_at"],
            manifest_sha256=run["manifest_sha256"],
            path=folder,
            format=format_of(manifest),
        )
    except (ValueError, KeyError, TypeError, AttributeError, OSError):
        raise damaged(folder) from None


def table_of(edition: Edition, name: str) -> pl.DataFrame:
    """A table of an edition; no columns where it has none.

    Raises:
        DamagedEdition: its file is not as it was published.
    """
    content = file_of(edition, f"tables/{name}.parquet")
    return pl.DataFrame() if content is None else pl.read_parquet(content)


def file_of(edition: Edition, path: str) -> bytes | None:
    """A file of an edition; None where it lists none of that path.

    Raises:
        DamagedEdition: the file is not as it was published.
    """
    listed = json.loads((edition.path / "manifest.json").read_bytes())["files"]
    if path not in listed:
        return None
    try:
        content = (edition.path / path).read_bytes()
    except OSError:
        raise damaged(edition.path) from None
    if hashlib.sha256(content).hexdigest() != listed[path]["sha256"]:
        raise damaged(edition.path)
    return content
