"""Texts as pages can show them: without what is invisible, and for print with letters of the fonts.

What belongs here: which characters are left out or stand as a box. What does not: escaping, which
is Jinja2's task; typst takes the texts as data and needs none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

#: Stands for a letter that no font of the pages has; PDF/A refuses a page that lacks one.
_BOX = "□"
#: What Lato and the fonts inside typst draw: Latin, the punctuation of prose, Greek, Cyrillic, and
#: the signs of the bulletin's own texts.
_NOT_DRAWN = re.compile(
    "[^\u0020-\u007e\u00a0-\u00ac\u00ae-\u017f\u0391-\u03a1\u03a3-\u03a9\u03b1-\u03c9"
    "\u0410-\u044f\u2010-\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122"
    "\u2190-\u2193\u2212\u221e\u2248\u2260\u2264\u2265\u25a1\u25b2\u25bc]"
)
_BLANKS = re.compile(r"[\t\n\r\v\f\x85\u2028\u2029]+")


def for_screen(document: Any) -> Any:
    """A JSON document whose texts hold nothing invisible.

    Control characters, marks that turn the direction of writing, halves of characters and code
    points without meaning are left out: they could hide or reorder what stands beside them.
    """
    return _each_text(document, _visible)


def for_print(document: Any) -> Any:
    """A JSON document whose texts can be printed: as `for_screen`, and a box for other letters."""
    return _each_text(document, _drawn)


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_each_text(item, change) for item in value]
    if isinstance(value, dict):
        return {key: _each_text(item, change) for key, item in value.items()}
    return value


def _visible(text: str) -> str:
    one_line = _BLANKS.sub(" ", text)
    seen = [letter for letter in one_line if not unicodedata.category(letter).startswith("C")]
    return unicodedata.normalize("NFC", "".join(seen))


def _drawn(text: str) -> str:
    # A narrow blank, which Babel writes in some languages, is a blank.
    return _NOT_DRAWN.sub(_BOX, _visible(text).replace("\u202f", "\u00a0"))
