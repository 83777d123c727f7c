"""Which characters occur in a column, so that a rule is evaluated only where it can apply.

What belongs here: looking at a column's bytes as a whole, which costs next to nothing. What does
not: any rule.

A set may name more than occurs, never less: a cell that is taken out later leaves its characters.
"""

from __future__ import annotations

import pyarrow as pa

#: Line ends.
LINES = frozenset("\r\n")
#: Stands for all white space around which a text is stripped.
SPACE = " "
#: Stands for all that has no name here, letters above all.
OTHER = "other"

#: What rules look for by name.
_NAMED = {ord(character): frozenset(character) for character in "\r\n.,='+-"}
_SPACES = b"\t\n\v\f\r "


def occurring(column: pa.ChunkedArray) -> frozenset[str]:
    """The named characters in a column's texts, `SPACE`, and `OTHER`; none where all are digits."""
    return frozenset[str]().union(*map(_in_chunk, column.chunks))


def _in_chunk(chunk: pa.StringArray) -> frozenset[str]:
    _, offsets, data = chunk.buffers()
    if not len(chunk) or not data:
        return frozenset()
    ends = memoryview(offsets).cast("i")
    octets = bytes(memoryview(data)[ends[chunk.offset] : ends[chunk.offset + len(chunk)]])
    if not octets or octets.isdigit():
        return frozenset()
    found = frozenset({OTHER}).union(*(name for code, name in _NAMED.items() if code in octets))
    is_spaced = not octets.isascii() or any(code in octets for code in _SPACES)
    return found | {SPACE} if is_spaced else found
