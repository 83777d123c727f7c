"""Dagster's history of runs in SQLite files, by connections that are kept.

Dagster opens a new connection for each of a run's thousand statements and compiles each statement
anew, which took a third of a small run. Here the files that were opened last keep theirs. A file is
written to the disk when SQLite makes a checkpoint, not with each event: a power cut may lose the
last events of a run, and leaves the file sound.

What belongs here: how the files are opened; `dagster.yaml` names this storage. What does not: what
Dagster writes into them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from dagster._core.storage.event_log.sqlite.sqlite_event_log import (
    INDEX_SHARD_NAME,
    SqliteEventLogStorage,
)
from dagster._core.storage.runs.sqlite.sqlite_run_storage import SqliteRunStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event

#: How long a statement waits for another process that writes, as Dagster's own do.
_SECONDS_TO_WAIT = 30
#: Files that are kept open; the interface may look at thousands of runs.
_MOST_OPEN = 8


class _Files:
    """The SQLite files that this process has open."""

    def __init__(self) -> None:
        self._engines: dict[str, Engine] = {}
        # A transaction at a time, as in Dagster's own; one may begin while its thread has another.
        self._lock = RLock()

    @contextmanager
    def transaction(self, url: str) -> Iterator[Connection]:
        """A transaction on a file that exists."""
        with self._lock:
            if url not in self._engines:
                while len(self._engines) >= _MOST_OPEN:
                    self._engines.pop(next(iter(self._engines))).dispose()
                waits = {"timeout": _SECONDS_TO_WAIT}
                self._engines[url] = create_engine(url, connect_args=waits)
                event.listen(self._engines[url], "connect", _write_at_checkpoints)
            with self._engines[url].begin() as connection:
                yield connection

    def close(self) -> None:
        with self._lock:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()


def _write_at_checkpoints(connection: Any, _record: object) -> None:
    connection.execute("pragma synchronous = normal")


class EventLog(SqliteEventLogStorage):
    """Dagster's event log: a file for each run, and one for what all runs say of assets."""

    def __init__(self, base_dir: str) -> None:
        self._files = _Files()
        self._made: set[str] = set()
        super().__init__(base_dir)

    def run_connection(self, run_id: str | None = None) -> AbstractContextManager[Connection]:
        """A transaction on the file of a run."""
        shard = str(run_id)
        if shard not in self._made:
            with super().run_connection(shard):  # makes the file where there is none
                self._made.add(shard)
        return self._files.transaction(self.conn_string_for_shard(shard))

    def index_connection(self) -> AbstractContextManager[Connection]:
        """A transaction on the file that all runs share."""
        return self.run_connection(INDEX_SHARD_NAME)

    def dispose(self) -> None:
        """Close all files."""
        self._files.close()
        super().dispose()


class Runs(SqliteRunStorage):
    """Dagster's list of runs: one file."""

    def __init__(self, conn_string: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._files = _Files()
        super().__init__(conn_string, inst_data)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A transaction on the file."""
        with self._files.transaction(self._conn_string) as connection:
            yield connection

    def dispose(self) -> None:
        """Close the file."""
        self._files.close()
        super().dispose()


class Storage(DagsterSqliteStorage):
    """Dagster's storage in SQLite files as it lays them out, by connections that are kept."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir, inst_data)
        history = Path(base_dir) / "history"
        self._run_storage = Runs.from_local(str(history))
        self._event_log_storage = EventLog(str(history / "runs"))

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Any
    ) -> Storage:
        return cls.from_local(inst_data=inst_data, **config_value)
