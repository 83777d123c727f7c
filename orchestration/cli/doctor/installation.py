"""Whether the installation is the locked one: Python, and what decides bytes and results.

What belongs here: looks that need no home. What does not: the home.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from orchestration.cli.doctor.finding import Finding
from orchestration.cli.language import _
from orchestration.shipped import LOCK

_OLDEST_PYTHON, _NEWEST_PYTHON = (3, 11), (3, 13)
#: What decides bytes and results; its versions must be the locked ones.
_ENGINES = ("duckdb", "dbt-core", "dbt-duckdb", "polars", "pyarrow", "dataframely", "dagster")


def python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    is_right = _OLDEST_PYTHON <= sys.version_info[:2] <= _NEWEST_PYTHON
    remedy = "" if is_right else _("install with Python 3.11, 3.12 or 3.13")
    return Finding("python", found, remedy)


def versions() -> Iterator[Finding]:
    locked = dict(
        re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", LOCK.read_text(), re.MULTILINE)
    )
    for name in _ENGINES:
        try:
            found = version(name)
        except PackageNotFoundError:
            found = _("not installed")
        is_right = found == locked.get(name)
        told = _("install {version}, which is locked: make install")
        remedy = "" if is_right else told.format(version=locked.get(name))
        yield Finding(f"version of {name}", found, remedy)
