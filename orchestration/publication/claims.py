"""What an office claims: the posts that its list names, line by line.

What belongs here: which cells of a list are claims, and what short links lead to where somebody has
written that down. What does not: how a link is read (`ingest/fields/links.py`) and whether a claim
holds (`reconcile.py`).

Lists differ: a column of links, one for each platform, links in a text, IDs alone. In each row the
strongest of these is what it claims: links of posts that fill a cell, IDs that fill one, links of
posts among words. So neither the link in a caption nor that of a screenshot beside a post's is
taken for a post. In a column of posts every cell is a claim, also one that names none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ingest import children
from ingest.fields import links
from ingest.fields.links import Named
from ingest.files import lists
from ingest.files.lists import Row
from ingest.files.table import Damage
from ingest.parsing.not_posts import TOTALS_WORDS
from ingest.platforms import LINKS, PLATFORMS
from ingest.regular_files import shown

#: The words by which people name a platform.
_PLATFORM_OF = {word.casefold(): each.key for each in PLATFORMS for word in (each.key, each.name)}
_PLATFORM_OF |= {
    "ig": "instagram",
    "fb": "facebook",
    "yt": "youtube",
    "tt": "tiktok",
    "twitter": "x",
}
#: Words that may stand beside a link in a cell that claims it: what it is a link of.
_BESIDE = {*_PLATFORM_OF, "link", "tautan", "url", "id", "post", "video", "reel", "reels", "dan"}
_TOTALS = frozenset(word for words in TOTALS_WORDS.values() for word in words)
#: What was meant as a link, though it is none.
_LINKLIKE = re.compile(r"(?i)https?|www\.|\.(?:com|be|id|me)\b")
#: Short links may lead to short links so often.
_DEEPEST = 3


class NoList(Exception):
    """A file that can't be read as a list, or names nothing; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One post that a row of the list names, or tries to."""

    sheet: str | None
    #: The row's number, as a spreadsheet shows it.
    line: int
    text: str
    #: None where nothing can be read in the text.
    named: Named | None
    #: Platforms that the row names in words.
    told_platforms: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a list and what it names."""

    text: str
    links: list[Named] = field(default_factory=list)
    ids: list[Named] = field(default_factory=list)
    #: Nothing but what names a post stands in it.
    is_pure: bool = False


def read_claims(path: Path, known: Mapping[str, str]) -> list[Claim]:
    """The claims of a list, in its order.

    Args:
        path: a CSV or an XLSX file, in whatever encoding and with whatever columns.
        known: keys of posts on record, each with its platform.

    Raises:
        NoList: the file can't be read, or names no post.
    """
    found = claims(_rows(path), known)
    if not found:
        raise NoList(f"{_told(path)}: it holds no link and no ID; put a post's link into each row")
    return found


def read_links(path: Path) -> dict[str, str]:
    """What short links lead to, as a list of pairs says: a short link and the long one, or one
    that is short again, in each row.

    Raises:
        NoList: the file can't be read, or holds no pair.
    """
    pairs: dict[str, str] = {}
    for row in _rows(path):
        named = [each for cell in row.cells for each in links.find(links.clean(cell), LINKS)[0]]
        posts = [each.text for each in named if each.kind == "post"]
        others = [each.text for each in named if each.kind != "post"]
        for short, long in zip(others[:1], posts or others[1:], strict=False):
            pairs.setdefault(_short_key(short), long)
    if not pairs:
        raise NoList(
            f"{_told(path)}: no row holds two links; write each short link and what it leads to"
        )
    return pairs


def resolved(named: Named, pairs: Mapping[str, str]) -> Named:
    """What a link leads to, where the pairs tell; else the link itself."""
    found = named
    for _ in range(_DEEPEST):
        if found.kind == "post" or (long := pairs.get(_short_key(found.text))) is None:
            break
        found = links.name(long, LINKS)
    return named if found.kind == "short" else found


def claims(rows: Iterable[Row], known: Mapping[str, str]) -> list[Claim]:
    """The claims of a list's rows, in their order."""
    sheets: dict[str | None, list[tuple[Row, list[_Cell]]]] = defaultdict(list)
    for row in rows:
        sheets[row.sheet].append((row, [_cell(text, known) for text in row.cells]))
    found = [claim for read in sheets.values() for claim in _of_sheet(read)]
    if any(claim.named for claim in found):
        return found
    # No row names a post: what stands there in its place is what the office claims.
    return [
        Claim(row.sheet, row.number, named.text, named)
        for read in sheets.values()
        for row, cells in read
        for cell in cells
        for named in cell.links
    ]


def _rows(path: Path) -> list[Row]:
    """The rows of a list, read by a child: it comes from whoever."""
    if not path.is_file():
        raise NoList(f"{_told(path)}: there is no such file; name a list as CSV or XLSX")
    try:
        ((_, found),) = children.results(lists.read, [path.resolve()], 1)
    except OSError as problem:
        why = (problem.strerror or "").lower()
        raise NoList(f"{_told(path)}: it can't be read ({why})") from None
    if isinstance(found, Damage | children.Ended):
        raise NoList(f"{_told(path)}: {found}")
    return found


def _told(path: Path) -> str:
    return shown(str(path))


def _cell(text: str, known: Mapping[str, str]) -> _Cell:
    plain = links.clean(text)
    named, rest = links.find(plain, LINKS)
    if not named:
        ids = links.ids(plain, LINKS, known)
        return _Cell(plain, ids=ids or [], is_pure=bool(ids))
    words = {word.casefold() for word in re.findall(r"[^\W\d_]+", rest)}
    return _Cell(plain, named, is_pure=words <= _BESIDE)


def _of_sheet(read: list[tuple[Row, list[_Cell]]]) -> Iterator[Claim]:
    """The claims of one sheet: what its rows name, and what stands in a column of such names."""
    columns = {
        place
        for _, cells in read
        for place, cell in enumerate(cells)
        if cell.is_pure and (cell.ids or any(_is_post(named) for named in cell.links))
    }
    headings: set[str] = set()
    has_begun = False
    for row, cells in read:
        own = _of_row(cells, columns)
        has_begun = has_begun or bool(own)
        if not has_begun:
            headings.update(cell.text.casefold() for cell in cells)
            continue
        told = frozenset(
            platform for cell in cells if (platform := _PLATFORM_OF.get(cell.text.casefold()))
        )
        for named in own:
            yield Claim(row.sheet, row.number, named.text, named, told)
        if any(cell.text.casefold().rstrip(": ") in _TOTALS for cell in cells):
            continue
        for place, cell in enumerate(cells):
            if place in columns and _is_unreadable(cell, headings, has_claims=bool(own)):
                yield Claim(row.sheet, row.number, cell.text, None)


def _of_row(cells: list[_Cell], columns: set[int]) -> list[Named]:
    """What a row claims, in order; of several mentions of a post one.

    In a column of posts every link is a claim, whatever it leads to.
    """
    links_of_posts = [
        named
        for place, cell in enumerate(cells)
        if cell.is_pure
        for named in cell.links
        if _is_post(named) or place in columns
    ]
    ids = [named for cell in cells for named in cell.ids]
    among_words = [named for cell in cells for named in cell.links if _is_post(named)]
    has_posts = any(_is_post(named) for named in links_of_posts)
    claimed = links_of_posts if has_posts else ids or among_words or links_of_posts
    return list({named.readings or named.text: named for named in claimed}.values())


def _is_post(named: Named) -> bool:
    return named.kind in ("post", "short")


def _is_unreadable(cell: _Cell, headings: set[str], *, has_claims: bool) -> bool:
    """Whether a cell in a column of claims names nothing, and was meant to."""
    if cell.links or cell.ids:
        return False
    text = cell.text.casefold()
    if not any(each.isalnum() for each in text) or text in headings:
        return False
    words = set(re.findall(r"[^\W\d_]+", text))
    if words and words <= _PLATFORM_OF.keys():  # the title of a part of the list
        return False
    return not has_claims or bool(_LINKLIKE.search(text))


def _short_key(link: str) -> str:
    """What tells one short link from another."""
    place = links.address(link)
    return f"{place.host.removeprefix('www.')}{place.path}" if place else link
