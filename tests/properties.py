"""How property tests draw their examples: the same ones in every run, or at random without end.

What belongs here: hypothesis's profiles and the number of examples of a test. What does not: any
property.

`make test` draws the same examples every time, so that it gives the same verdict twice. `make fuzz`
explores at random (`fuzz.py`); what it finds becomes a fixed example with `@example`.
"""

from __future__ import annotations

import os

from hypothesis import settings

#: How many times as many examples the profile `fuzz` draws.
TIMES = "KURASI_FUZZ_TIMES"
_FUZZ = "fuzz"


def register() -> None:
    """Make the profiles, and load the fixed one; `pytest --hypothesis-profile=fuzz` replaces it."""
    settings.register_profile("fixed", derandomize=True, database=None, deadline=None)
    settings.register_profile(
        _FUZZ, derandomize=False, database=None, deadline=None, print_blob=True
    )
    settings.load_profile("fixed")


def examples(count: int) -> int:
    """How many examples a test draws: `count`, in the profile `fuzz` more where one asks for it."""
    if settings.get_current_profile_name() != _FUZZ:
        return count
    return count * int(os.environ.get(TIMES, "1"))
