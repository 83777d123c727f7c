"""A PostgreSQL server of a test's own.

What belongs here: starting and stopping it, as a user without rights, for PostgreSQL refuses root.
What does not: what is tested on it.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

_UNPRIVILEGED: dict[str, Any] = (
    {"user": "nobody", "group": "nogroup", "extra_groups": []} if not os.getuid() else {}
)


@dataclass(frozen=True)
class Server:
    """Where a server listens. Its database is `postgres`; `kurasi` may do all there."""

    port: int
    password: str = "rahasia"

    def address(self, user: str = "kurasi") -> str:
        """The address for a user, all of whom have the same password."""
        return f"postgresql://{user}:{self.password}@127.0.0.1:{self.port}/postgres"

    def connect(self, user: str = "kurasi") -> psycopg2.extensions.connection:
        """A connection as a user."""
        return psycopg2.connect(self.address(user))


def is_here() -> bool:
    """Whether a server can be started at all."""
    return bool(shutil.which("initdb") and shutil.which("postgres"))


@contextmanager
def running() -> Iterator[Server]:
    """A server with an empty database, which is gone afterwards."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:  # a socket's path must be short
        folder = Path(name)
        password = folder / "password"
        password.write_text("rahasia\n")
        if _UNPRIVILEGED:
            for path in (folder, password):
                shutil.chown(path, "nobody", "nogroup")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        initialize = ["initdb", "-D", str(folder / "data"), "-U", "kurasi", "-A", "scram-sha-256"]
        subprocess.run(
            [*initialize, f"--pwfile={password}", "--no-sync", "--encoding=UTF8", "--locale=C"],
            **_UNPRIVILEGED,
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
        )
        process = subprocess.Popen(
            ["postgres", "-D", folder / "data", "-p", str(port), "-k", folder, "-h", "127.0.0.1"],
            **_UNPRIVILEGED,
            cwd=folder,
            stderr=subprocess.DEVNULL,
        )
        server = Server(port)
        try:
            _wait_for(server)
            yield server
        finally:
            process.send_signal(signal.SIGINT)  # waits for no connection, unlike SIGTERM
            process.wait(30)


def _wait_for(server: Server) -> None:
    """Until the server answers, which takes a second."""
    for _ in range(300):
        try:
            server.connect().close()
        except psycopg2.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the PostgreSQL server does not answer")
