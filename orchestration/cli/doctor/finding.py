"""What a look of the doctor found, and what several looks share.

What belongs here: the form of a finding. What does not: any look.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from orchestration.cli.language import N_

#: So many things of one kind are named.
SHOWN = 20
ANEW = N_("kurasi run, which makes it anew")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `remedy` is empty where nothing needs doing.

    With `is_warning` nothing is broken: the remedy is for whoever wants better numbers.
    """

    check: str
    detail: str
    remedy: str = ""
    is_warning: bool = False

    @property
    def is_ok(self) -> bool:
        """Nothing is broken."""
        return self.is_warning or not self.remedy

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"ok": self.is_ok, **asdict(self)}


def first_line(problem: Exception) -> str:
    return str(problem).splitlines()[0]
