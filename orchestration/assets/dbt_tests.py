"""What a test of dbt holds, in a sentence for Dagster's page of the check.

What belongs here: words for the generic tests, by name and arguments. What does not: the tests, and
words for those of one table, which stand beside them (`dbt_project/tests/`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def meaning(test: Mapping[str, Any]) -> str:
    """What holds where a test passes.

    Args:
        test: the test's node of dbt's manifest.

    Raises:
        KeyError: nobody described a test of this kind.
    """
    if test["description"]:
        return str(test["description"])
    kind, given = test["test_metadata"]["name"], test["test_metadata"]["kwargs"]
    column = given.get("column_name")
    columns = ", ".join(f"`{name}`" for name in given.get("columns", []))
    other = str(given.get("to", "")).removeprefix("ref('").removesuffix("')")
    meanings = {
        "accepted_values": f"`{column}` is one of: {', '.join(map(str, given.get('values', [])))}.",
        "as_many_rows_as": f"It has exactly the rows of `{other}`: none lost, none twice.",
        "filled": f"None of these columns is null: {columns}.",
        "key": f"No two rows agree in all of {columns}, and none of these is null.",
        "not_null": f"`{column}` is never null.",
        "relationships": f"Each `{column}` is a `{given.get('field')}` of `{other}`.",
        "unique": f"No two rows have the same `{column}`.",
        "unique_together": f"No two rows agree in all of {columns}.",
    }
    return meanings[kind]
