"""Where the templates of the bulletin lie: the shipped ones, and a home's own before them.

What belongs here: finding them, and telling what is wrong with one. What does not: what is filled
in (`pages.py`, `web.py`).
"""

from __future__ import annotations

import shutil
from pathlib import Path

#: The templates that come with the program; their README tells how a home replaces one.
SHIPPED = Path(__file__).parent / "templates"


class BadTemplate(Exception):
    """A template can't be filled in; the text names it and says what is wrong, in one line."""


def copy_templates(own: Path, target: Path) -> None:
    """Lay the shipped templates in a folder, and over them the files that a home has of its own."""
    for folder in (SHIPPED, own):
        if not folder.is_dir():
            continue
        for path in folder.iterdir():
            if path.is_file():
                shutil.copyfile(path, target / path.name)
