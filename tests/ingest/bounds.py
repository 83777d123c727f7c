"""Bounds and children in tests: other bounds for one test, and reading without a child.

What belongs here: what tests of several rooms need to change how files are read. What does not:
what such a reading should give (the tests say it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from ingest import children
from ingest.bounds import bounds


def set_bounds(monkeypatch: pytest.MonkeyPatch, **changed: int) -> None:
    """Other bounds until the end of the test, by their fields' names, also in children."""
    for name, value in changed.items():
        monkeypatch.setenv(f"KURASI_MOST_{name.upper()}", str(value))
    bounds.cache_clear()
    monkeypatch.setattr(children, "_idle", [])  # those that are warm have the old ones


def here(
    function: Callable[[Any], Any], tasks: Iterable[Any], most: int
) -> Iterator[tuple[Any, Any]]:
    """Stands for `children.results`, so that a test's own functions hold: no child is started."""
    for task in tasks:
        yield task, function(task)
