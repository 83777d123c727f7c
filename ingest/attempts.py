"""What is being read, written down before it is read.

What belongs here: how often a file was under way when a process ended. What does not: reading it
(`batches.py`) and watching processes (`children.py`).

Files are read by children, which end without harm. Yet where a machine goes down with them, nobody
is left to tell, and every later run would go down too. So the files under way are named on the disk
before they are read. One that is found there again and again is first read with others as before,
since most runs end for other reasons; then alone; then no more.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator

from ingest.home import Home
from ingest.storage import write_bytes

#: After so many attempts that did not end well a file is read alone, and after so many not at all.
_ALONE = 2
_MOST = 4


class Attempts:
    """The attempts to read some files of a home that have not ended well so far."""

    def __init__(self, home: Home, hashes: Collection[str]) -> None:
        self._path = home.lake / "attempts.json"
        self._counts: dict[str, int] = {}
        try:
            found = json.loads(self._path.read_bytes())
            self._counts = {sha256: int(found[sha256]) for sha256 in found if sha256 in hashes}
        except (FileNotFoundError, ValueError, TypeError):  # none, or damaged: nothing is known
            pass

    def suspected(self) -> list[str]:
        """The files that are to be read alone."""
        return [sha256 for sha256, count in self._counts.items() if count >= _ALONE]

    def is_deadly(self, sha256: str) -> bool:
        """Whether a file is not to be read any more."""
        return self._counts.get(sha256, 0) >= _MOST

    def noted(self, batches: Iterable[list[str]]) -> Iterator[list[str]]:
        """The batches, each written down right before it is given."""
        for batch in batches:
            for sha256 in batch:
                self._counts[sha256] = self._counts.get(sha256, 0) + 1
            self._write()
            yield batch

    def ended(self, sha256: str) -> None:
        """A file ended a process: it is read alone once more."""
        self._counts[sha256] = max(self._counts.get(sha256, 0), _MOST - 1)

    def forget(self, hashes: Iterable[str]) -> None:
        """Files were read, or given up, or are not to blame."""
        for sha256 in hashes:
            self._counts.pop(sha256, None)

    def close(self) -> None:
        """This process is done with reading, well or not, and lives."""
        self._path.unlink(missing_ok=True)

    def _write(self) -> None:
        write_bytes(self._path, json.dumps(self._counts, sort_keys=True).encode())
