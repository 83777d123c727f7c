"""Calls that can't be answered, each with what to name instead.

What belongs here: what is said of a name that nobody knows, and which names are like it. What does
not: looking for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches


class Unanswerable(Exception):
    """The call names something that is not there; the text says what to name instead."""


class Unknown(Unanswerable):
    """A name that nobody knows: the text has the names that are like it, else all that there are.

    Attributes:
        kind: of what it is a name: `office`, `policy`, `league`, `edition`, …
        wanted: the name.
        place: the month or edition in which it was looked for; None: anywhere.
        meant: the names that were probably meant, the likest first.
        known: all names.
    """

    def __init__(
        self, kind: str, wanted: str, known: Iterable[str], place: str | None = None
    ) -> None:
        self.kind, self.wanted, self.place = kind, wanted, place
        self.known = list(known)
        self.meant = _alike(wanted, self.known)
        where = f" in {place}" if place else ""
        if self.meant:
            remedy = f"did you mean {' or '.join(self.meant)}?"
        else:
            remedy = f"there are {', '.join(self.known) or 'none'}"
        super().__init__(f"no {kind} {wanted}{where}; {remedy}")


#: So many names are proposed, and so alike they are: office IDs share long beginnings.
_PROPOSED, _LIKENESS = 3, 0.8


def _alike(wanted: str, known: Sequence[str]) -> list[str]:
    """The names that were probably meant: those that hold what was typed, else those alike."""
    typed = wanted.lower()
    holding = [each for each in known if typed and typed in each.lower()]
    if 0 < len(holding) <= _PROPOSED:
        return holding
    return get_close_matches(typed, known, _PROPOSED, _LIKENESS)


class NoMonth(Unanswerable):
    """What should be a month is not written as one.

    Attributes:
        wanted: what was written.
        meant: the month that was probably meant, else an example.
    """

    def __init__(self, wanted: str) -> None:
        self.wanted, self.meant = wanted, "2025-08"
        for pattern in _MONTHS:
            found = re.fullmatch(pattern, wanted.strip())
            if found and 1 <= int(found["month"]) <= 12:
                self.meant = f"{found['year']}-{int(found['month']):02}"
        super().__init__(f"{wanted!r} is no month; write it as {self.meant}")


#: How people write a month otherwise: 2025-8, 2025/08, 202508; 08-2025; with a day: 2025-08-01.
_MONTHS = (
    r"(?P<year>\d{4})[-/. ]?(?P<month>\d{1,2})",
    r"(?P<month>\d{1,2})[-/. ](?P<year>\d{4})",
    r"(?P<year>\d{4})-(?P<month>\d{2})-\d{2}",
)


class NotRanked(Unanswerable):
    """A month that is not ranked.

    Attributes:
        month: that month, `YYYY-MM`.
        known: the ranked months, oldest first.
        meant: the same month of other years.
    """

    def __init__(self, month: str, known: Sequence[str]) -> None:
        self.month, self.known = month, known
        self.meant = [each for each in known if each[5:] == month[5:]]
        remedies = []
        if self.meant:
            remedies.append(f"; did you mean {' or '.join(self.meant)}?")
        if known:
            remedies.append(f"; ranked are {known[0]} to {known[-1]}")
        super().__init__(f"{month} is not ranked{''.join(remedies)}")
