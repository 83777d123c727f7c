"""Mistakes in the files that people write: the registry and the policies.

What belongs here: how such a mistake is worded (file, line, what is wrong, what to do), and what
the readers of these files share. What does not: damage in exports, which is quarantined or rejected
record by record and never stops a run.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from ingest.bounds import bounds


class InputProblem(Exception):
    """One mistake in a user's file, on one line.

    `file` is named as the user sees it (`registry/accounts.csv`), `line` counts from 1 and is None
    where the mistake has no line, `remedy` says what to do.
    """

    def __init__(self, file: str, line: int | None, problem: str, remedy: str) -> None:
        super().__init__(file, line, problem, remedy)
        self.file = file
        self.line = line
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file} line {self.line}"
        return " ".join(f"{place}: {self.problem} — {self.remedy}".split())


class InputProblems(Exception):
    """All mistakes found at once, one line each, in the order of files and lines."""

    def __init__(self, problems: Sequence[InputProblem]) -> None:
        self.problems = sorted(problems, key=lambda p: (p.file, p.line or 0))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def read_input(path: Path, file: str, bound: str) -> bytes:
    """The bytes of a user's file, which may be a link.

    Args:
        path: where it lies.
        file: as the user sees it.
        bound: the name of the bound of its size.

    Raises:
        InputProblem: it is larger than the bound.
    """
    most = bounds().bytes_of(bound)
    with path.open("rb") as content:
        found = content.read(most + 1)
    if len(found) > most:
        problem = f"the file is larger than {bounds().told(bound)}"
        raise InputProblem(file, None, problem, "put the right file there")
    return found


def decode(content: bytes, file: str) -> str:
    """The text of a user's file, without a byte order mark; raises `InputProblem` if not UTF-8."""
    try:
        return content.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputProblem(file, line, "the text is not UTF-8", "save it as UTF-8") from error


@cache
def known_time_zones() -> frozenset[str]:
    """The names of the IANA time zones, such as `Asia/Jakarta`."""
    # `localtime` is whatever this machine is set to, so the same file would mean different months.
    return frozenset(zoneinfo.available_timezones() - {"localtime", "Factory"})
