"""Reading without a child, and the type of the fixture that sets bounds.

What belongs here: what tests of several rooms need to change how files are read. What does not:
what such a reading should give (the tests say it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

#: Sets bounds until the end of the test, by their fields' names, also in children.
SetBounds = Callable[..., None]


def here(
    function: Callable[[Any], Any], tasks: Iterable[Any], most: int
) -> Iterator[tuple[Any, Any]]:
    """Stands for `children.results`, so that a test's own functions hold: no child is started."""
    for task in tasks:
        yield task, function(task)
