"""The links that lead readers to what is newest, `published/current` and `warehouse/current`.

What belongs here: turning such a link in one step, and how long what it led to before stays. What
does not: what it leads to (`newest.py`, `finished_state.py`).

A reader that opens several files, or one file several times, resolves the link once and reads on
from there, whatever is published meanwhile.
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from ingest.bounds import InvalidBound
from ingest.storage import durable

#: Names the environment variable that says for how many hours what is superseded stays.
KEPT_HOURS = "KURASI_KEPT_HOURS"
#: Longer than the longest refresh that BI services allow, which is five hours.
_DEFAULT_HOURS = 6


def turn(link: Path, folder: Path) -> None:
    """Lead readers to `folder` in one step; what they were led to is superseded from now on."""
    before = led_to(link)
    if before and before.is_dir():
        os.utime(before)  # nothing in it changes any more, so its time can tell this
    with durable(link) as temporary:
        temporary.symlink_to(os.path.relpath(folder, link.parent))


def led_to(link: Path) -> Path | None:
    """Where a link leads, be it there or not; None where it is no link."""
    return link.parent / link.readlink() if link.is_symlink() else None


def is_kept(superseded: Path) -> bool:
    """Whether a superseded folder may still have readers."""
    return time.time() - superseded.stat().st_mtime <= kept_hours() * 3600


def kept_hours() -> int:
    """For how many hours what is superseded stays.

    Raises:
        InvalidBound: the variable holds no whole number above 0.
    """
    text = os.environ.get(KEPT_HOURS, "").strip()
    if not text:
        return _DEFAULT_HOURS
    if not re.fullmatch("[1-9][0-9]{0,5}", text):
        raise InvalidBound(f"{KEPT_HOURS} is {text[:40]!r}; write a whole number from 1 to 999999")
    return int(text)
