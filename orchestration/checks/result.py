"""What Dagster is told of a check: sound, or the rows to look at.

What belongs here: the form of every check's result. What does not: the checks.
"""

from textwrap import shorten
from typing import Any

import dagster as dg
import polars as pl

from orchestration.assets.markdown import table

_SHOWN, _LONGEST = 20, 200


def result(
    name: str,
    asset: str | list[str],
    found: pl.DataFrame,
    problem: str,
    severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR,
    **metadata: Any,
) -> dg.AssetCheckResult:
    """A check's result: sound where nothing was found, else the rows to look at."""
    if found.height:
        rows = [[_short(value) for value in row] for row in found.head(_SHOWN).rows()]
        problem += f"\n\n{table(found.columns, rows).value}"
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=name,
        passed=found.is_empty(),
        severity=severity,
        description=problem if found.height else None,
        metadata={"found": found.height, **metadata},
    )


def _short(value: object) -> object:
    """A long text as far as a table has room for it."""
    return shorten(value, _LONGEST, placeholder=" …") if isinstance(value, str) else value
