"""What the tests of ingest share."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home that is not there yet."""
    return Home(tmp_path / "home")
