"""ZIPs for the tests, written by hand, so that they can say what is not so.

What belongs here: bytes as APPNOTE.TXT has them. What does not: what reading them should give.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

STORED, DEFLATED = 0, 8
#: Flags: it has a password; its name is UTF-8.
ENCRYPTED, UTF8 = 1, 0x800


@dataclass(frozen=True, slots=True)
class Packed:
    """A file in a ZIP; what is None is as it should be."""

    name: str | bytes
    content: bytes = b""
    method: int = DEFLATED
    flags: int = UTF8
    #: What the directory says of it.
    size: int | None = None
    crc: int | None = None
    mode: int = 0o100644
    #: What only its head says.
    head_name: bytes | None = None
    #: Where the directory says that it begins.
    place: int | None = None
    #: The bytes in the ZIP, and how many of them it tells of.
    packed: bytes | None = None
    packed_size: int | None = None

    def encoded(self) -> bytes:
        """Its name as it is written."""
        return self.name if isinstance(self.name, bytes) else self.name.encode()


def zipped(*files: Packed, count: int | None = None, before: bytes = b"") -> bytes:
    """A ZIP of files, behind some bytes; `count` is how many files it tells of."""
    heads, directory = before, b""
    for file in files:
        packed = file.content if file.method == STORED else deflated(file.content)
        packed = packed if file.packed is None else file.packed
        size = len(file.content) if file.size is None else file.size
        crc = zlib.crc32(file.content) if file.crc is None else file.crc
        name = file.encoded()
        head_name = name if file.head_name is None else file.head_name
        place = len(heads) if file.place is None else file.place
        # A day in 2025; times in a ZIP have no zone, and are not read.
        packed_size = len(packed) if file.packed_size is None else file.packed_size
        told = file.flags, file.method, 0, 0x5B01, crc, packed_size, size
        heads += struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, *told, len(head_name), 0)
        heads += head_name + packed
        directory += struct.pack("<4sHHHHHHIIIHHH", b"PK\1\2", 0x314, 20, *told, len(name), 0, 0)
        directory += struct.pack("<HHII", 0, 0, file.mode << 16, place) + name
    told_count = len(files) if count is None else count
    return heads + directory + end(told_count, len(directory), len(heads))


def end(count: int, size: int, place: int, part: int = 0) -> bytes:
    """The record at the end of a ZIP: how many files, and where its directory lies."""
    return struct.pack("<4sHHHHIIH", b"PK\5\6", part, part, count, count, size, place, 0)


def simple(files: dict[str, bytes]) -> bytes:
    """A ZIP as a platform makes it."""
    return zipped(*(Packed(name, content) for name, content in files.items()))


def nested(content: bytes, names: Sequence[str]) -> bytes:
    """A file in a ZIP in a ZIP, the innermost name first."""
    for name in names:
        content = simple({name: content})
    return content


def deflated(content: bytes) -> bytes:
    """Bytes as a ZIP packs them."""
    stream = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return stream.compress(content) + stream.flush()
