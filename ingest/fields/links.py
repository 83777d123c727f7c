"""What a person writes to name a post: links in many spellings, and IDs that stand alone.

What belongs here: finding links and IDs in a text, and the type by which a platform declares its
own. What does not: any platform's hosts, paths and IDs (`platforms/<platform>/links.py`), links as
exports have them (the layouts), and which cell of a list holds a link.

Nothing here asks the network. A short link stays one: only its maker knows what it leads to.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Literal, NamedTuple
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

import polars as pl

#: Services that make links short for any site.
_SHORTENERS = (
    "t.co",
    "bit.ly",
    "s.id",
    "tinyurl.com",
    "goo.gl",
    "shorturl.at",
    "cutt.ly",
    "rb.gy",
    "is.gd",
    "ow.ly",
    "buff.ly",
    "dlvr.it",
    "ift.tt",
    "lnkd.in",
    "linktr.ee",
    "msha.ke",
    "urlis.net",
)
#: What ends a link in a text; a comma stands between links and in no link of a post.
_END = r"\s<>\"“”„«»'‘’`|;,(){}\[\]"
#: A link may carry another one so deep: a page to log in, a redirect, an archive.
_DEEPEST = 3
#: What can't be seen and comes along when a link is copied from a page or a chat.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe0e\ufe0f]")
#: A number of which a spreadsheet shows the first digits alone.
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]{2}", re.IGNORECASE)
#: Spreadsheets keep 15 digits of a number and write zeros for the others.
_ROUNDED = re.compile(r"[1-9][0-9]{11,14}0+")
_KEPT_DIGITS = 15
#: What people and spreadsheets put in front of an ID, or around it.
_MARKS = re.compile(r"^(?:id\s*[:=]?\s*)?[='\"]*|['\"]*$", re.IGNORECASE)

#: A post; a short link; a page of a platform that is no post; another site; an ID that lost digits.
Kind = Literal["post", "short", "page", "site", "lost"]


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of a link that tell what it names."""

    #: In small letters.
    host: str
    #: Percent-decoded, with a slash in front and none at the end.
    path: str
    #: By name, the first of each, percent-decoded.
    query: Mapping[str, str]

    @property
    def parts(self) -> list[str]:
        """The names in the path."""
        return [part for part in self.path.split("/") if part]


class Reading(NamedTuple):
    """One way to read a link or an ID: which post of which platform it names."""

    platform: str
    #: The post's ID, or what a link has in its place, such as Facebook's `pfbid…`.
    key: str


@dataclass(frozen=True, slots=True)
class Named:
    """What a link or an ID names."""

    kind: Kind
    #: The link or the ID as it was written, without what can't be seen.
    text: str
    #: One of a link to a post; an ID that stands alone may be of several platforms.
    readings: tuple[Reading, ...] = ()
    #: The platform of the link's host, also where it names no post.
    platform: str | None = None
    #: The account in a link, as it is written there; None where there is none.
    handle: str | None = None


def _nothing(_: Address) -> str | None:
    return None


def _never(_: Address) -> bool:
    return False


def _no_time(_: str) -> datetime | None:
    return None


@dataclass(frozen=True, slots=True)
class Links:
    """How links and IDs of one platform's posts are written."""

    #: Its hosts; their subdomains (`m.`, `id-id.`) are its too.
    hosts: tuple[str, ...]
    #: The key of the post that an address names; None where it names none.
    post_in: Callable[[Address], str | None]
    #: The canonical link of a post by its ID; None where its ID makes no link.
    link_of: Callable[[str], str | None]
    #: The key of an ID that stands alone; None of a text that is none.
    post_of: Callable[[str], str | None]
    #: Whether only the platform knows what an address leads to.
    is_short: Callable[[Address], bool] = _never
    #: The account that an address names.
    handle_in: Callable[[Address], str | None] = _nothing
    #: The instant (UTC, whole seconds) that a key encodes.
    time_of: Callable[[str], datetime | None] = _no_time
    #: That instant is of the upload; a post can be published later, never before.
    is_time_of_upload: bool = False
    #: Its posts' links have this form on any host, as mirrors have them.
    anywhere: re.Pattern[str] | None = field(default=None)


def clean(text: str) -> str:
    """A text as it was meant: without what can't be seen, with links that were not taken apart."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", html.unescape(text)))
    plain = plain.replace("\\/", "/")
    if re.search("https?%3a%2f%2f", plain, re.IGNORECASE) and "://" not in plain:
        plain = unquote(plain)
    return re.sub(r"(?i)\b(https?)\s*:\s*/\s*/\s*", r"\1://", plain).strip()


def address(link: str) -> Address | None:
    """The parts of a link, with or without `https://`; None of a text that is no link."""
    try:
        parts = urlsplit(link if "://" in link else f"https://{link}")
        host = (parts.hostname or "").rstrip(".")
        query = dict(reversed(parse_qsl(parts.query, keep_blank_values=True, max_num_fields=100)))
    except ValueError:
        return None
    if "." not in host:
        return None
    path = re.sub("/+", "/", "/" + unquote(parts.path)).rstrip("/")
    return Address(host, path, query)


def find(text: str, platforms: Mapping[str, Links]) -> tuple[list[Named], str]:
    """The links in a text, in order, and the text without them.

    Args:
        text: as `clean` gives it.
        platforms: by key; their links are found without `https://` too.
    """
    pattern = _pattern(frozenset(host for own in platforms.values() for host in own.hosts))
    found = []
    for match in pattern.finditer(text):
        written = match[0].rstrip(".!…:*")
        found.append(name(written, platforms))
    return found, pattern.sub(" ", text).strip()


@cache
def _pattern(hosts: frozenset[str]) -> re.Pattern[str]:
    """Links of any site with `https://`, and of these hosts without."""
    known = "|".join(map(re.escape, sorted({*hosts, *_SHORTENERS}, key=len, reverse=True)))
    return re.compile(
        rf"https?://(?:(?!(?<![=/&?%])https?://)[^{_END}])+"
        rf"|(?<![\w@.%-])(?:[\w-]+\.)*(?:{known})/[^{_END}]+",
        re.IGNORECASE,
    )


def name(link: str, platforms: Mapping[str, Links]) -> Named:
    """What a link names."""
    return _name(link, link, platforms, 0)


def _name(link: str, written: str, platforms: Mapping[str, Links], depth: int) -> Named:
    place = address(link)
    if place is None:
        return Named("site", written)
    key = next((key for key, links in platforms.items() if _is_of(place.host, links.hosts)), None)
    own = platforms[key] if key else None
    if key and own:
        handle = own.handle_in(place)
        if own.is_short(place):
            return Named("short", written, platform=key)
        if post := own.post_in(place):
            return Named("post", written, (Reading(key, post),), key, handle)
    elif _is_of(place.host, _SHORTENERS) and place.path:
        return Named("short", written)
    if depth < _DEEPEST:
        for inner in _inner(link, place):
            named = _name(inner, written, platforms, depth + 1)
            if named.kind in ("post", "short"):
                return named
    if key:
        return Named("page", written, platform=key, handle=platforms[key].handle_in(place))
    for other, links in platforms.items():
        is_mirror = links.anywhere and links.anywhere.fullmatch(place.path)
        if is_mirror and (post := links.post_in(place)):
            return Named("post", written, (Reading(other, post),), other)
    return Named("site", written)


def _inner(link: str, place: Address) -> Iterator[str]:
    """The links that a link carries: where a page to log in or a redirect leads to."""
    for text in place.query.values():
        if text.startswith("/"):
            yield urljoin(f"https://{place.host}/", text)
        elif re.match("https?:", text, re.IGNORECASE):
            yield text
    if later := re.search("https?:/", place.path, re.IGNORECASE):
        start = link.lower().rfind("http", 1)
        if start > 0:
            yield link[start:]
        else:
            yield place.path[later.start() :]


def ids(text: str, platforms: Mapping[str, Links], known: Mapping[str, str]) -> list[Named] | None:
    """The IDs of a text that holds nothing else; None where it holds anything else.

    Args:
        text: as `clean` gives it, without links.
        platforms: by key.
        known: keys of posts, each with its platform; they are IDs however they look.
    """
    marked = _MARKS.sub("", text.strip())
    if _SCIENTIFIC.fullmatch(marked):
        return [Named("lost", text)]
    words = [_MARKS.sub("", word) for word in re.split(r"[\s,;|]+", marked) if word]
    found = []
    for word in words:
        readings = tuple(
            Reading(key, post)
            for key, links in platforms.items()
            if (post := links.post_of(word)) is not None
        )
        if word in known:
            found.append(Named("post", word, (Reading(known[word], word),)))
        elif _SCIENTIFIC.fullmatch(word) or _is_rounded(word):
            found.append(Named("lost", word))
        elif readings and _is_no_word(word):
            found.append(Named("post", word, readings))
        else:
            return None
    return found or None


def _is_rounded(word: str) -> bool:
    """Whether of a long number nothing is left behind the digits that a spreadsheet keeps."""
    return bool(
        len(word) > _KEPT_DIGITS + 2 and _ROUNDED.fullmatch(word) and not word[15:].strip("0")
    )


def _is_no_word(text: str) -> bool:
    """Whether a text is no word, name or date: digits alone, or letters in disorder."""
    pieces = re.findall("[A-Z]?[a-z]+|[A-Z]+|[0-9]+", text)
    return bool(re.fullmatch("[0-9_]+", text)) or len(pieces) > 3


@cache
def instant(decoded: Callable[[pl.Expr], pl.Expr], key: str | int) -> datetime | None:
    """The instant (UTC) that a key encodes, by the rule that the layouts have for a column."""
    dtype = pl.Int64 if isinstance(key, int) else pl.String
    frame = pl.DataFrame({"key": [key]}, schema={"key": dtype})
    found: datetime | None = frame.select(decoded(pl.col("key"))).item()
    return found


def _is_of(host: str, hosts: tuple[str, ...]) -> bool:
    return any(host == each or host.endswith(f".{each}") for each in hosts)
