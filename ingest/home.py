"""Where things lie in a home, the one folder that holds a user's state.

What belongs here: paths. What does not: how anything is written there (`storage.py`) and what it
means.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Home:
    """A user's state: one folder outside the code. Its paths are named here and nowhere else."""

    root: Path

    @property
    def mark(self) -> Path:
        """Which format the home has, for programs that are older than it."""
        return self.root / "home.json"

    @property
    def inbox(self) -> Path:
        """Exports as received."""
        return self.root / "inbox"

    @property
    def registry(self) -> Path:
        """`offices.csv` and `accounts.csv`, and `campaigns.csv` where there are some."""
        return self.root / "registry"

    @property
    def policies(self) -> Path:
        """One YAML file per policy."""
        return self.root / "policies"

    @property
    def archive(self) -> Path:
        """Every file ever received, once, under its SHA-256."""
        return self.root / "archive"

    @property
    def objections(self) -> Path:
        """What offices object to: a folder each, in the archive, as nothing else can make it."""
        return self.archive / "objections"

    @property
    def opinion(self) -> Path:
        """The comments that were drawn of each month, by code: `2025-08.json`."""
        return self.archive / "opinion"

    @property
    def lake(self) -> Path:
        """Typed Parquet tables; can be rebuilt from the archive, the registry and the policies."""
        return self.root / "lake"

    @property
    def warehouse(self) -> Path:
        """The last finished state, what dbt leaves, and as a rule the working database."""
        return self.root / "warehouse"

    @property
    def database(self) -> Path:
        """The working DuckDB database, private to the one writer; `kurasi run` can make it anew."""
        return self._plain / "warehouse" / "kurasi.duckdb"

    @property
    def published(self) -> Path:
        """Editions."""
        return self.root / "published"

    @property
    def bulletin_templates(self) -> Path:
        """The home's own templates of the bulletin, each before the one that is shipped."""
        return self.root / "templates" / "bulletin"

    @property
    def dagster(self) -> Path:
        """Dagster's run storage (`DAGSTER_HOME`)."""
        return self._plain / "dagster"

    @property
    def _plain(self) -> Path:
        """The home; of one with a `?` in its path a folder of the user's cache.

        DuckDB and SQLite's users take what follows a `?` for options and write to another folder.
        """
        if "?" not in str(self.root.resolve()):
            return self.root
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        return cache / "kurasi" / hashlib.sha256(os.fsencode(self.root.resolve())).hexdigest()[:16]

    def archived(self, sha256: str) -> Path:
        """Where the bytes with this hash lie, whether or not they are there yet."""
        return self.archive / sha256[:2] / sha256

    def observations(self, platform: str, month: str, batch: str) -> Path:
        """The typed rows of one platform and month (its first day) that a batch of files holds."""
        folder = self.lake / "observations" / f"platform={platform}" / f"month={month}"
        return folder / f"{batch}.parquet"

    def files(self, batch: str) -> Path:
        """What the files are that were read together; it says that their rows are in the lake."""
        return self.lake / "files" / f"{batch}.parquet"

    def contents(self, batch: str) -> Path:
        """What each file of a batch holds of which account and month."""
        return self.lake / "contents" / f"{batch}.parquet"

    def account_days(self, batch: str) -> Path:
        """The accounts' days of the files that were read together."""
        return self.lake / "account_days" / f"{batch}.parquet"

    def comments(self, batch: str) -> Path:
        """The comments of the public in the files that were read together."""
        return self.lake / "comments" / f"{batch}.parquet"

    def labels(self, batch: str) -> Path:
        """What hands say of comments, of the files that were read together."""
        return self.lake / "labels" / f"{batch}.parquet"

    def rejects(self, batch: str) -> Path:
        """The rejected records of the files that were read together."""
        return self.lake / "rejects" / f"{batch}.parquet"

    def withheld(self, batch: str) -> Path:
        """The counters that can't be read in the files that were read together."""
        return self.lake / "withheld" / f"{batch}.parquet"

    def table(self, name: str) -> Path:
        """A table of the lake that is one file: `deliveries`, `offices`, `policies`, …"""
        return self.lake / f"{name}.parquet"
