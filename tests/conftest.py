"""What tests share: the command, run as a user runs it, bounds that a test sets, and how property
tests draw examples."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ingest import children
from ingest.bounds import bounds
from tests import postgresql, properties
from tests.ingest.bounds import SetBounds

properties.register()


@dataclass(frozen=True)
class Call:
    """How a call of `kurasi` ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Kurasi = Callable[..., Call]


def call_kurasi(home: Path, *words: str) -> Call:
    """Run `kurasi --home HOME WORDS` in a process of its own."""
    done = subprocess.run(
        [Path(sys.executable).with_name("kurasi"), "--home", home, *words],
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"},
        check=False,
    )
    return Call(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def kurasi() -> Kurasi:
    """`kurasi(home, *words)`."""
    return call_kurasi


@pytest.fixture(scope="module")
def server() -> Iterator[postgresql.Server]:
    """A PostgreSQL server of a module's own, with an empty database."""
    if not postgresql.is_here():
        pytest.skip("NOT TESTED: no PostgreSQL here (initdb and postgres are not on the PATH)")
    with postgresql.running() as server:
        yield server


@pytest.fixture
def set_bounds(monkeypatch: pytest.MonkeyPatch) -> Iterator[SetBounds]:
    """`set_bounds(read_mib=1)`."""

    def change(**changed: int) -> None:
        for name, value in changed.items():
            monkeypatch.setenv(f"KURASI_MOST_{name.upper()}", str(value))
        bounds.cache_clear()
        monkeypatch.setattr(children, "_idle", [])  # those that are warm have other bounds

    yield change
    bounds.cache_clear()
