"""The log on the disk: reading it whole, and adding to it.

What belongs here: its files, and refusing one that is not as it was written. What does not: what is
logged (`facts.py`) and when (`record.py`).

First the new leaves get a file of their own, which is never written again, then the head is
replaced. A crash in between leaves leaves that no head counts yet; they stay, and the next head
does.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingest.home import Home
from ingest.storage import write_bytes
from orchestration.publication.log.facts import Fact, Key, instant, key
from orchestration.publication.log.tree import Tree
from orchestration.publication.log.witness import Head, Refused, as_base64, read_head

_REMEDY = "restore published/log from the newest backup; nothing was added to it"


class DamagedLog(Exception):
    """The log is not as it was written; the text says what is wrong, and what to do."""


class Log:
    """The lines of a home's log, in memory.

    A line is JSON: a fact, and `logged_at`, when it was added by the clock of the machine, never
    before the line above it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines: list[bytes] = []
        #: The last line that was written of each thing.
        self.last: dict[Key, int] = {}
        self._tree = Tree()

    @property
    def origin(self) -> str:
        """The log's name, as its first line tells."""
        return str(self.fact(0)["origin"])

    @property
    def size(self) -> int:
        """The number of lines."""
        return len(self.lines)

    @property
    def head(self) -> Head:
        """The head over all lines."""
        return self.head_at(self.size)

    def head_at(self, size: int) -> Head:
        """The head as it was over the first lines."""
        return Head(self.origin, size, as_base64(self._tree.root(size)))

    def is_prefix(self, head: Head) -> bool:
        """Whether a head is that of this log's first lines."""
        return head.size <= self.size and head == self.head_at(head.size)

    def proof(self, index: int) -> list[str]:
        """That a line is part of the head: hashes in Base64, the deepest first."""
        return [as_base64(each) for each in self._tree.inclusion(index, self.size)]

    def fact(self, index: int) -> dict[str, Any]:
        """What a line says."""
        return dict(json.loads(self.lines[index]))

    def facts(self) -> Iterator[dict[str, Any]]:
        """What all lines say, in their order."""
        return (self.fact(index) for index in range(self.size))

    def last_fact(self, of: Key) -> dict[str, Any] | None:
        """What was said last of a thing; None where nothing was."""
        return self.fact(self.last[of]) if of in self.last else None

    def take(self, line: bytes) -> None:
        """Take a line in at the end, in memory alone.

        Raises:
            DamagedLog: it says nothing that is known.
        """
        try:
            fact = json.loads(line)
            of = key(fact)
            datetime.fromisoformat(fact["logged_at"])
        except (ValueError, KeyError, TypeError):
            raise damaged(f"line {self.size} says nothing that is known", self.folder) from None
        self.last[of] = self.size
        self.lines.append(line)
        self._tree.append(line)


def damaged(problem: str, path: Path) -> DamagedLog:
    """That the log is not as it was written."""
    return DamagedLog(f"{path}: {problem}; {_REMEDY}")


def log_folder(home: Home) -> Path:
    """Where the log lies."""
    return home.published / "log"


def log_beside(edition: Path) -> Path | None:
    """The log of the folder `published` in which an edition lies; None where it lies elsewhere."""
    folder = edition.resolve().parents[1] / "log"
    return folder if (folder / "checkpoint").is_file() else None


def read_log(folder: Path) -> Log | None:
    """The log in a folder; None where none was begun.

    Raises:
        DamagedLog: it is not as it was written.
    """
    log = Log(folder)
    for path in sorted((folder / "leaves").glob("*.jsonl")):
        content = path.read_bytes()
        lines = content.split(b"\n")[:-1]
        if not content.endswith(b"\n") or path.name != _name(log.size, len(lines)):
            raise damaged("it is not what its name says: lines are missing, or too many", path)
        for line in lines:
            log.take(line)
    checkpoint = folder / "checkpoint"
    if checkpoint.exists():
        try:
            head = read_head(checkpoint)
        except Refused as problem:
            raise damaged(str(problem), checkpoint) from None
        if not log.size or not log.is_prefix(head):
            raise damaged(f"the {log.size} lines beside it are not those of this head", checkpoint)
    return log if log.size else None


def begin(folder: Path) -> Log:
    """A log without a line but the first, which names it; not written yet."""
    log = Log(folder)
    # A name that says nothing of the home or the machine, and that no other log has.
    origin = f"kurasi/{secrets.token_hex(8)}"
    log.take(_line({"kind": "log", "origin": origin}, instant(datetime.now(UTC))))
    return log


def append(log: Log, facts: Iterable[Fact], written: int) -> None:
    """Add facts to a log and write its head.

    Args:
        log: the caller holds the home's lock `log`.
        facts: in the order in which they are to stand.
        written: how many of the log's lines are on the disk.
    """
    now = instant(datetime.now(UTC))
    if log.size:  # a clock that was set back makes no line older than the one above it
        now = max(now, log.fact(-1)["logged_at"])
    for fact in facts:
        log.take(_line(fact, now))
    if log.size > written:
        content = b"".join(line + b"\n" for line in log.lines[written:])
        write_bytes(log.folder / "leaves" / _name(written, log.size - written), content)
    checkpoint, head = log.folder / "checkpoint", log.head.text.encode()
    if not checkpoint.exists() or checkpoint.read_bytes() != head:
        write_bytes(checkpoint, head)


def _line(fact: Mapping[str, str], logged_at: str) -> bytes:
    """A line: one form only, so that equal facts have equal hashes."""
    document = {**fact, "logged_at": logged_at}
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def _name(size: int, count: int) -> str:
    """The file of the lines that were added to so many."""
    return f"{size:08}-{size + count:08}.jsonl"
