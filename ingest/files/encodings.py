"""Delimited text in any of the encodings that occur.

What belongs here: encodings, and what a spreadsheet that saves text does to it as a whole. What
does not: how records are split (`delimited_text.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from ingest.files.table import Damage

#: A character of UTF-8 that is longer than a byte.
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
#: A spreadsheet's own first line, which names the delimiter.
_SEPARATOR = re.compile(rb'"?sep=([,;\t])"?[^\r\n]*(?:\r\n|\n|\r)', re.IGNORECASE)
#: The bytes that Windows-1252 leaves open; Windows reads them as control characters.
_OPEN = {code: bytes([code]) for code in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
#: Every character of Windows-1252 as Windows reads it, and its byte.
_BYTES = {
    bytes([code]).decode("cp1252"): bytes([code]) for code in range(256) if code not in _OPEN
} | {chr(code): octet for code, octet in _OPEN.items()}
#: How files begin that are no exports, and what they are.
_OTHERS = {
    b"\x1f\x8b": "compressed; unpack it and send the file inside",
    b"%pdf": "a PDF, not an export",
    b"<!doctype html": "a web page, not an export",
    b"<html": "a web page, not an export",
    b"window.ytd.": "a part of X's archive of an account, which holds no counters over time; send "
    "the CSV of the analytics page",
}
_RESAVED = "read as Windows-1252, which a spreadsheet writes instead of UTF-8"
MOJIBAKE = "UTF-8 that had been saved as if it were Windows-1252 was taken back"


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A file's text as UTF-8 without a byte order mark."""

    encoded: bytes
    #: What was repaired, for a person.
    repairs: tuple[str, ...] = ()


def read(content: bytes) -> DecodedText:
    """The text of an export file, without a byte order mark and a spreadsheet's `sep=` line.

    Windows-1252 is taken where UTF-8 fails, every byte is printable in it, and no two bytes could
    be a character of UTF-8; so a good file with one broken byte is not read as another text.

    Raises:
        Damage: the file is binary, cut inside a character, or of an unknown encoding.
    """
    start = content[:64].lower().removeprefix(b"\xef\xbb\xbf").lstrip()
    for mark, what in _OTHERS.items():
        if start.startswith(mark):
            raise Damage(f"the file is {what}")
    repairs: tuple[str, ...] = ()
    encoded = content.removeprefix(b"\xef\xbb\xbf")
    if not _is_utf8(encoded):
        encoded, repairs = _decoded(content)
    if b"\x00" in encoded:
        raise Damage("the file is binary, not text")
    # Windows-1252 has no character that is four bytes long in UTF-8, so mojibake has none.
    if not encoded.isascii() and b"\xf0" not in encoded and (meant := unmangled(encoded.decode())):
        encoded, repairs = meant.encode(), (*repairs, MOJIBAKE)
    encoded = encoded.removeprefix(b"\xef\xbb\xbf")
    if named := _SEPARATOR.match(encoded):
        encoded = encoded[named.end() :]
    return DecodedText(encoded, repairs)


def _is_utf8(content: bytes) -> bool:
    # Several times faster than making a string of it, which would be four times as large.
    try:
        pl.Series([content]).cast(pl.String)
    except pl.exceptions.ComputeError:
        return False
    return True


def _decoded(content: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Text in another encoding as UTF-8, and how it was read."""
    is_utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        if is_utf16:
            return content.decode("utf-16").encode(), ()
        return content.removeprefix(b"\xef\xbb\xbf").decode("utf-8").encode(), ()
    except UnicodeDecodeError as problem:
        older = _windows_1252(content)
        is_cut = problem.reason == "unexpected end of data"
        if is_utf16 or is_cut or older is None:
            raise Damage(
                f"the file is not UTF-8 or UTF-16 text (byte {problem.start}); send the export as "
                "it was downloaded, not saved again by a spreadsheet"
            ) from None
        return older.encode(), (_RESAVED,)


def _windows_1252(content: bytes) -> str | None:
    if _UTF8_SEQUENCE.search(content):
        return None
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) else text


def unmangled(text: str, proof: int = 2) -> str | None:
    """The text that was meant by `cafÃ©`: UTF-8 read as Windows-1252. None where in doubt.

    The way back must lead through every character of the text, and the text must hold as many
    characters of two bytes as `proof` says, or one longer: nobody writes `â€œ` or `ðŸ‡®` on
    purpose, but somebody may write one `Â£`.
    """
    if text.isascii():
        return None
    try:
        octets = b"".join([_BYTES[character] for character in text])
        meant = octets.decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return None
    longer = [character for character in meant if not character.isascii()]
    if len(longer) < proof and all(character < "\u0800" for character in longer):
        return None
    return None if _CONTROL.search("".join(longer)) else meant
