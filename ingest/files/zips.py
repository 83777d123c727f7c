"""ZIP archives of exports, as platforms hand them out: what is in them, one file after the other.

What belongs here: telling such an archive from a workbook, which is a ZIP too; its directory, held
to what it says; taking files out of it within bounds. What does not: what becomes of them
(`unpacking.py`), workbooks (`xlsx.py`), and looking for a name in ZIPs of any kind (`archives.py`).

Form: PKWARE's APPNOTE.TXT 6.3.10. YouTube Studio hands out `Table data.csv`, `Chart data.csv` and
`Totals.csv` in one (seen 2021 to 2026). zipfile reads the directory. The bytes are inflated here,
since zipfile makes as much of a few bytes as they say, and stops without a word where they go on.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ingest.bounds import bounds
from ingest.files.table import Damage
from ingest.regular_files import shown

#: The head of a file in a ZIP, the record that ends its directory, and their lengths.
_HEAD, _HEAD_BYTES = b"PK\x03\x04", 30
_END, _END_BYTES = b"PK\x05\x06", 22
#: Stands before that record where another one, for ZIPs of more than 4 GiB, holds in its place.
_LOCATOR, _LOCATOR_BYTES = b"PK\x06\x07", 20
#: So many first bytes tell a ZIP.
START_BYTES = 4
#: The sizes of a file may stand behind it, in so many bytes.
_DESCRIPTOR_BYTES = 24
#: What a directory may tell of a file, far more than names and times take.
_LARGEST_LINE = 2**10
_STORED, _DEFLATED = 0, 8
_IS_ENCRYPTED = 0x1 | 0x40 | 0x2000
_IS_UTF8 = 0x800
_SIZES_FOLLOW = 0x8
#: ZIPs in ZIPs are opened so deep: one that holds the ZIPs of several platforms, and no deeper.
_DEEPEST = 2
_LONGEST_NAME = 255
#: So many files that can't be taken are named.
_TOLD = 20
#: What is in a workbook or another document, and at the head of one that was cut.
_DOCUMENTS = {"[Content_Types].xml", "content.xml", "Index/Document.iwa", "mimetype"}
_DOCUMENT_PARTS = re.compile(r"\[Content_Types\]\.xml|(_rels|docProps|xl)/.*|mimetype|Index/.*")
#: What computers and packers add, as far as it is not hidden.
_COMPANION = re.compile(r"thumbs\.db|desktop\.ini|read[ _-]?me(\.(txt|md|html?|pdf))?", re.I)
_SEPARATOR = re.compile(r"[/\\]")
#: What tells of a file beside it in the inbox.
_BESIDE = (".delivery.json", ".headers")
_DAMAGED = "the ZIP is damaged or cut"
_REMEDY = "download it again, or send its files one by one"
_AGAIN = "download the ZIP again"
_APART = "send its files in several ZIPs"
_RENAME = "rename it and pack it again, or send it by itself"
#: Stands for a size that is told in another field.
_ELSEWHERE = 0xFFFFFFFF


class Entry(NamedTuple):
    """A file in a ZIP: its bytes, or why they can't be had; neither of what is no export."""

    #: As the ZIP tells it; of one in an inner ZIP that one's name, `/` and its own. It never is a
    #: path.
    name: str
    content: bytes | None
    #: For a person, with what to do.
    problem: str | None = None


@dataclass(slots=True)
class _Budget:
    """How much more may be taken out of a ZIP and those in it."""

    files: int
    unpacked: int


class _Place(NamedTuple):
    """A file of a ZIP as the directory tells it, and where its bytes lie."""

    info: zipfile.ZipInfo
    start: int
    end: int


def is_one(content: bytes) -> bool:
    """Whether the bytes are a ZIP, whole or not, and neither a workbook nor another document."""
    if not may_be_one(content):
        return False
    try:
        _end(content)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return not _DOCUMENTS.intersection(archive.namelist())
    except (Damage, zipfile.BadZipFile, NotImplementedError, ValueError, struct.error):
        length = int.from_bytes(content[26:28], "little")
        first = content[_HEAD_BYTES : _HEAD_BYTES + length].decode("cp437")
        return len(first) == length > 0 and _DOCUMENT_PARTS.fullmatch(first) is None


def may_be_one(start: bytes) -> bool:
    """Whether a file with these first bytes is a ZIP of any kind."""
    return start.startswith((_HEAD, _END))


def entries(content: bytes) -> Iterator[Entry]:
    """The files in a ZIP, in the order of its directory; folders are left out.

    Raises:
        Damage: it is damaged, too large, or made to do harm, so that none is taken out of it.
    """
    budget = _Budget(bounds().zip_entries, bounds().bytes_of("unpacked_mib"))
    yield from _entries(content, budget, depth=1)


def why_not_whole(content: bytes) -> str:
    """Why a ZIP is kept beside the files that were taken out of it, for a person.

    Raises:
        Damage: none can be taken out of it.
    """
    found = [each for each in entries(content) if each.content is not None or each.problem]
    problems = [f"{shown(each.name)}: {each.problem}" for each in found if each.problem]
    if not problems:
        return "its files were not taken out of it; send them one by one"
    told = problems[:_TOLD]
    if len(problems) > _TOLD:
        told.append(f"and {len(problems) - _TOLD} more")
    return f"{len(problems)} of its {len(found)} files can't be taken: {'. '.join(told)}"


def _entries(content: bytes, budget: _Budget, depth: int) -> Iterator[Entry]:
    places = _places(content)
    files = [each for each in places if not _is_folder(each.info)]
    exports = [each for each in files if not _is_companion(each.info.filename)]
    if not exports:
        raise Damage(f"the ZIP holds no file that could be an export; {_REMEDY}")
    _spend(budget, exports)
    names = Counter(each.info.orig_filename for each in files)
    for each in files:
        name = each.info.filename
        if _is_companion(name):
            yield Entry(name, None)
            continue
        try:
            _check(content, each, names)
            inner = _inflated(content, each)
        except Damage as problem:
            yield Entry(name, None, str(problem))
            continue
        if not is_one(inner):
            yield Entry(name, inner)
        elif depth == _DEEPEST:
            yield Entry(name, None, "it is a ZIP in a ZIP in a ZIP; send it by itself")
        else:
            yield from _inner(name, inner, budget, depth)


def _inner(name: str, content: bytes, budget: _Budget, depth: int) -> Iterator[Entry]:
    """The files of a ZIP in a ZIP."""
    try:
        for each in _entries(content, budget, depth + 1):
            yield each._replace(name=f"{name}/{each.name}")
    except Damage as problem:
        yield Entry(name, None, str(problem))


def _places(content: bytes) -> list[_Place]:
    """The files of a ZIP, each with its place, which nothing else has.

    Raises:
        Damage: the directory is damaged, or does not agree with what lies in the ZIP.
    """
    count, directory = _end(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as problem:
        raise Damage(f"{_DAMAGED} ({type(problem).__name__}); {_REMEDY}") from None
    if len(infos) != count:
        raise Damage(f"{_DAMAGED}: it tells of {count:,} files and lists {len(infos):,}; {_REMEDY}")
    places = [_place(content, info) for info in infos]
    in_order = sorted(places, key=lambda each: each.info.header_offset)
    starts = [*(each.info.header_offset for each in in_order), directory]
    for end, start in zip([0, *(each.end for each in in_order)], starts, strict=True):
        if start < end:
            raise Damage(f"{_DAMAGED}: its files lie in one another; {_REMEDY}")
        if start > end + (_DESCRIPTOR_BYTES if end else 0):
            raise Damage(f"other bytes stand before or between the files of the ZIP; {_REMEDY}")
    return places


def _end(content: bytes) -> tuple[int, int]:
    """How many files a ZIP tells of, and where its directory begins."""
    place = content.rfind(_END)
    if place < 0 or place + _END_BYTES > len(content):
        raise Damage(f"{_DAMAGED}: its directory lacks; {_REMEDY}")
    disk, disk_of_directory, here, count, size, start, comment = struct.unpack_from(
        "<HHHHIIH", content, place + len(_END)
    )
    if place + _END_BYTES + comment != len(content):
        raise Damage(f"other bytes stand after the end of the ZIP; {_REMEDY}")
    if count > bounds().zip_entries:
        raise Damage(f"the ZIP holds {count:,} files, more than {bounds().told('zip_entries')}")
    if disk or disk_of_directory or here != count:
        raise Damage("the ZIP is a part of one that was split; pack its files into a single one")
    if start + size != place or size > count * _LARGEST_LINE:
        raise Damage(f"{_DAMAGED}: its directory is not where it should be; {_REMEDY}")
    if content[max(place - _LOCATOR_BYTES, 0) : place].startswith(_LOCATOR):
        raise Damage(f"the ZIP is of the kind for more than 4 GiB (ZIP64); {_REMEDY}")
    return count, start


def _place(content: bytes, info: zipfile.ZipInfo) -> _Place:
    """Where a file's bytes lie, behind its head."""
    head = content[info.header_offset : info.header_offset + _HEAD_BYTES]
    if len(head) < _HEAD_BYTES or not head.startswith(_HEAD):
        raise Damage(f"{_DAMAGED}: a file is not where its directory says; {_REMEDY}")
    name_length, extra_length = struct.unpack_from("<HH", head, 26)
    start = info.header_offset + _HEAD_BYTES + name_length + extra_length
    return _Place(info, start, start + info.compress_size)


def _spend(budget: _Budget, exports: Sequence[_Place]) -> None:
    """Count what is about to be taken out of a ZIP.

    Raises:
        Damage: it is more than is left.
    """
    files = budget.files - len(exports)
    # What is larger is told by itself, and not unpacked.
    sizes = [each.info.file_size for each in exports if not _is_too_large(each.info)]
    unpacked = budget.unpacked - sum(sizes)
    if files < 0:
        most = bounds().told("zip_entries")
        raise Damage(f"it and the ZIPs in it hold more files than {most}; {_APART}")
    if unpacked < 0:
        most = bounds().told("unpacked_mib")
        raise Damage(f"it and the ZIPs in it hold more bytes, unpacked, than {most}; {_APART}")
    budget.files, budget.unpacked = files, unpacked


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.file_size == 0 and info.filename.endswith(("/", "\\"))


def _is_companion(name: str) -> bool:
    """Whether a file was added by a computer or a packer, and is no export: hidden ones, too."""
    *folders, last = _SEPARATOR.split(name)
    is_hidden = any(part.startswith(".") and part not in (".", "..") for part in (*folders, last))
    return is_hidden or "__MACOSX" in folders or _COMPANION.fullmatch(last) is not None


def _is_too_large(info: zipfile.ZipInfo) -> bool:
    return info.file_size > bounds().bytes_of("read_mib")


def _check(content: bytes, place: _Place, names: Counter[str]) -> None:
    """Refuse a file that can't be meant, or not be had, before anything of it is unpacked."""
    info = place.info
    _check_name(info.orig_filename, names)
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise Damage("it is a link or another thing that is no file; send the file itself")
    if info.flag_bits & _IS_ENCRYPTED:
        raise Damage("it has a password; pack it without one, or send it by itself")
    if info.compress_type not in (_STORED, _DEFLATED):
        raise Damage(
            f"it is packed by the method {info.compress_type}, which is not read; pack it again as "
            "an ordinary ZIP, or send it by itself"
        )
    if _is_too_large(info):
        raise Damage(f"it has {info.file_size:,} bytes, more than {bounds().told('read_mib')}")
    if not _agrees(content, place):
        raise Damage(f"its head and the directory of the ZIP disagree; {_AGAIN}")


def _check_name(name: str, names: Counter[str]) -> None:
    """Refuse a name that leads elsewhere, can't be shown, or leaves open which file is meant."""
    parts = _SEPARATOR.split(name)
    if ".." in parts or not parts[0] or parts[0].endswith(":"):
        raise Damage(f"its name leads out of the ZIP; {_RENAME}")
    if not parts[-1]:
        raise Damage(f"its name is that of a folder; {_RENAME}")
    if shown(name) != name:
        raise Damage(f"its name holds control characters; {_RENAME}")
    if len(name) > _LONGEST_NAME:
        raise Damage(f"its name is too long; {_RENAME}")
    if names[name] > 1:
        raise Damage(f"its name stands twice in the ZIP; {_RENAME}")
    if name.endswith(_BESIDE):
        raise Damage("a sidecar is not read from inside a ZIP; put it beside the ZIP")
    if any(f"{name}{end}" in names for end in _BESIDE):
        raise Damage("its sidecar lies in the ZIP and is not read there; send both by themselves")


def _agrees(content: bytes, place: _Place) -> bool:
    """Whether the head of a file says what the directory says of it."""
    info = place.info
    _, flags, method, _, _, crc, packed, size, name_length, _ = struct.unpack_from(
        "<HHHHHIIIHH", content, info.header_offset + len(_HEAD)
    )
    start = info.header_offset + _HEAD_BYTES
    name = info.orig_filename.encode("utf-8" if info.flag_bits & _IS_UTF8 else "cp437")
    if method != info.compress_type or content[start : start + name_length] != name:
        return False
    if (flags ^ info.flag_bits) & (_IS_UTF8 | _IS_ENCRYPTED):
        return False
    # They follow the file, or stand in a field for files of more than 4 GiB.
    if flags & _SIZES_FOLLOW or _ELSEWHERE in (packed, size):
        return True
    return (crc, packed, size) == (info.CRC, info.compress_size, info.file_size)


def _inflated(content: bytes, place: _Place) -> bytes:
    """A file's bytes, never more than the directory says.

    Raises:
        Damage: they are fewer or more, or others than those that were packed.
    """
    info = place.info
    packed = content[place.start : place.end]
    unpacked, is_whole = packed, True
    if info.compress_type == _DEFLATED:
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            unpacked = stream.decompress(packed, info.file_size + 1)
        except zlib.error:
            raise Damage(f"it is damaged; {_AGAIN}") from None
        is_whole = stream.eof and not stream.unused_data
    if not is_whole or len(unpacked) != info.file_size:
        raise Damage(f"it has another length than the ZIP says; {_AGAIN}")
    if zlib.crc32(unpacked) != info.CRC:
        raise Damage(f"its bytes are not those that were packed (CRC-32); {_AGAIN}")
    return unpacked
