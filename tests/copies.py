"""Copies that a test may change, though what they are made of is sealed (`ingest/sealing.py`)."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path


def writable_copy(source: Path, target: Path) -> Path:
    """Copy a folder with its links, all of it writable by its owner; returns the copy."""
    shutil.copytree(source, target, symlinks=True)
    return writable(target)


def writable(folder: Path) -> Path:
    """Let the owner change a folder and all that lies in it; returns it."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(stat.S_IMODE(path.stat().st_mode) | stat.S_IWUSR)
    return folder
