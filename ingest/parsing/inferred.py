"""Headers that were worked out and never seen: a file with such ones has to prove them.

What belongs here: how far its records agree with themselves. What does not: which words are
inferred (`Column.inferred`) and what agreement is on a platform (`Layout.proof`).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ingest.fields.layout import Layout
from ingest.files import Damage
from ingest.parsing import records

#: So many of the records must agree, in percent: a few may be damaged.
_ENOUGH = 80


def check(
    fitting: pl.DataFrame, characters: Mapping[str, frozenset[str]], layout: Layout, locale: str
) -> None:
    """Hold the records of a table under inferred headers to what their IDs and links say.

    Args:
        fitting: `record_number` and the text of every field.
        characters: what occurs in each field (`characters.py`).
        layout: knows the header.
        locale: the language in which it does.

    Raises:
        Damage: too few records prove that the columns are what they are taken for.
    """
    if layout.proof is None:
        return
    frame = records.derived(
        fitting.with_columns(file=pl.lit(0, dtype=pl.UInt32)), layout, characters
    )
    is_proven = layout.proof(frozenset(fitting.columns)).fill_null(value=False)
    proven = int(frame.select(is_proven.sum()).item())
    if fitting.is_empty() or proven * 100 < fitting.height * _ENOUGH:
        raise Damage(
            f"the header is read as {layout.kind} in the language {locale}, of which no export has "
            f"been seen, and only {proven} of {fitting.height} records prove it by their ID, link "
            "or sum; export it in English, and report the header, so that its words become known"
        )
