"""All files that tell an edition to people, made from its bulletin: pages, cards, pictures.

What belongs here: which files there are and what they are called. What does not: how one is made
(`pages.py`, `web.py`), and where they are written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from orchestration.publication.bulletin import pages, web
from orchestration.publication.bulletin.fixed_words import WORDS
from orchestration.publication.bulletin.picture_text import picture_text


@dataclass(frozen=True, slots=True)
class _Names:
    bulletin: str
    cards: str
    pictures: str


_NAMES = {
    "id": _Names("buletin", "kartu", "gambar"),
    "en": _Names("bulletin", "cards", "pictures"),
}


def render(
    bulletin: Mapping[str, Any], stamp: Mapping[str, Any], own_templates: Path
) -> Iterator[tuple[str, bytes]]:
    """Make the bulletin, a card for each office and the pictures for sharing.

    The same arguments give the same bytes. A picture is not made where the bulletin refuses it.

    Args:
        bulletin: The content of `bulletin.json` or of `bulletin.en.json`.
        stamp: What the edition can't hold about itself: `manifest_sha256`, and `log` with the
            `size` and `root` of the log's head, or None.
        own_templates: A home's own templates, a folder that need not be there.

    Yields:
        The path of a file, relative, and its bytes: `buletin.pdf`, `buletin.html`,
        `kartu/<office_id>.pdf`, `gambar/<league>-<category>.png` and the alternative text of each
        picture beside it in `.txt`; in English `bulletin`, `cards` and `pictures`.

    Raises:
        BadTemplate: a template can't be filled in.
    """
    bulletin = _with_all_words(bulletin)
    names = _NAMES[bulletin["language"]]
    yield f"{names.bulletin}.html", web.page(bulletin, stamp, own_templates).encode()
    with pages.printer(bulletin, stamp, own_templates) as printer:
        yield f"{names.bulletin}.pdf", printer.bulletin()
        for index, name in enumerate(_card_names(bulletin["cards"])):
            yield f"{names.cards}/{name}.pdf", printer.card(index)
        for league_index, league in enumerate(bulletin["leagues"]):
            for ranking_index, ranking in enumerate(league["rankings"]):
                if ranking["picture_refused"] is not None:
                    continue
                name = _file_name(f"{league['league']}-{ranking['category']}")
                picture = printer.picture(league_index, ranking_index)
                yield f"{names.pictures}/{name}.png", picture
                told = picture_text(bulletin, stamp, league, ranking)
                yield f"{names.pictures}/{name}.txt", told.encode()


def on_screen(
    bulletin: Mapping[str, Any], stamp: Mapping[str, Any], own_templates: Path
) -> list[bytes]:
    """The pages of the bulletin as PNGs, to be shown on a screen.

    Takes and raises what `render` does.
    """
    with pages.printer(_with_all_words(bulletin), stamp, own_templates) as printer:
        return printer.on_screen()


def _with_all_words(bulletin: Mapping[str, Any]) -> dict[str, Any]:
    """The bulletin with the words that templates have needed since it was published."""
    words = WORDS[bulletin["language"]] | bulletin["words"]
    return dict(bulletin) | {"words": words}


def _card_names(cards: Sequence[Mapping[str, Any]]) -> list[str]:
    """The office's ID; of one that changed its league, and so has two cards, with the league."""
    times = Counter(card["office_id"] for card in cards)
    return [
        _file_name(card["office_id"])
        if times[card["office_id"]] == 1
        else _file_name(f"{card['office_id']}-{card['league']}")
        for card in cards
    ]


def _file_name(name: str) -> str:
    """An ID as the name of a file: one that holds `/` stays in its folder."""
    return quote(name, safe=" ")
