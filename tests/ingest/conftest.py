"""What the tests of ingest share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import children
from ingest.bounds import bounds
from ingest.home import Home
from tests.ingest.bounds import SetBounds


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home that is not there yet."""
    return Home(tmp_path / "home")


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
