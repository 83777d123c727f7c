"""What a file holds in compressed form, for looking whether something is named in it.

What belongs here: ZIP entries and gzip, also of files that are damaged. What does not: reading
tables (`xlsx.py`).
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

from ingest.bounds import bounds

#: Archives inside archives are opened so deep.
_DEEPEST = 3
#: The start of a ZIP entry with deflated content: signature, version, flags, method 8.
_ENTRY = re.compile(rb"PK\x03\x04..(..)\x08\x00", re.DOTALL)
_ENTRY_BYTES = 30
#: Compressed bytes are taken so many at a time, so that little is made of them at once.
_STEP = 2**16
_GZIP = b"\x1f\x8b"


def contents(content: bytes, depth: int = 0) -> Iterator[bytes]:
    """The bytes of a file, and of all that is compressed in it.

    A ZIP file that was cut has no directory, so entries are found by their own heads.
    """
    yield content
    if depth == _DEEPEST:
        return
    for found in _ENTRY.finditer(content):
        head = content[found.start() : found.start() + _ENTRY_BYTES]
        if len(head) < _ENTRY_BYTES:
            return
        name_length, extra_length = struct.unpack_from("<HH", head, 26)
        start = found.start() + _ENTRY_BYTES + name_length + extra_length
        if inner := _inflated(content[start:], -zlib.MAX_WBITS):
            yield from contents(inner, depth + 1)
    if content.startswith(_GZIP) and (inner := _inflated(content, zlib.MAX_WBITS | 16)):
        yield from contents(inner, depth + 1)


def _inflated(compressed: bytes, window: int) -> bytes:
    """What can be had of a compressed stream, which may be cut or be none."""
    stream = zlib.decompressobj(window)
    parts: list[bytes] = []
    length = 0
    most = bounds().unpacked_mib * 2**20
    for place in range(0, len(compressed), _STEP):
        try:
            part = stream.decompress(compressed[place : place + _STEP])
        except zlib.error:
            break
        parts.append(part)
        length += len(part)
        if stream.eof or length > most:
            break
    return b"".join(parts)
