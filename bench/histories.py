"""The histories that are measured, made once and kept.

What belongs here: where a history lies, and handing it to a home. What does not: what it holds
(`ingest.sample.history`).
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
from pathlib import Path

from ingest.sample import history


def make(size: int, folder: Path) -> Path:
    """The folder with inbox and registry of at least so many observations, and of one more day."""
    data = folder / str(size)
    if not (data / "made").exists():
        print(f"making {size:,} observations ...", file=sys.stderr, flush=True)
        shutil.rmtree(data, ignore_errors=True)
        with multiprocessing.Pool() as pool:
            pool.starmap(
                history.write_account, [(n, size, data) for n in range(history.ACCOUNTS)], 1
            )
        history.write_accounts(data)
        history.write_one_more_day(data / "day")
        (data / "made").touch()
    return data


def link(source: Path, target: Path) -> None:
    """Put the files of a folder into another as well, without copying them."""
    shutil.copytree(source, target, copy_function=os.link, dirs_exist_ok=True)
