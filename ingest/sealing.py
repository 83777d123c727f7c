"""Finished folders: nobody changes them any more, for readers hold on to them.

What belongs here: taking and giving back the right to write. What does not: writing itself
(`storage.py`).
"""

from __future__ import annotations

import shutil
import stat
from pathlib import Path


def seal(folder: Path) -> None:
    """Take the right to write from a folder and all in it: 0444 and 0555, with the usual umask.

    A sealed folder can't be moved, so seal it where it stays. The superuser may write all the same.
    """
    for path in (folder, *folder.rglob("*")):
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222)


def unseal(folder: Path) -> None:
    """Let the owner add, replace and remove what lies in a folder; the files stay as they are."""
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            path.chmod(stat.S_IMODE(path.stat().st_mode) | stat.S_IWUSR)


def remove_folder(folder: Path) -> None:
    """Remove a folder with all that lies in it, be it sealed or not."""
    unseal(folder)
    shutil.rmtree(folder)
