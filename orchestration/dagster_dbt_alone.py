"""dagster-dbt without dbt in the same process.

dagster-dbt imports dbt where it finds it, which takes two seconds of every run, for things that are
not done here: to choose models by dbt's selectors and to ask the warehouse by its adapters. dbt
runs in a process of its own (`cli/dbt.py`), so here dagster-dbt is to find none, as in an
installation whose dbt lies elsewhere.

What belongs here: how it is imported, by everybody. What does not: what is done with it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _not_found(module: str) -> Iterator[None]:
    """Let a module that nobody imported yet look like one that is not installed."""
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]  # so says Python's import system
    try:
        yield
    finally:
        del sys.modules[module]


with _not_found("dbt.version"):
    import dagster_dbt

__all__ = ["dagster_dbt"]
