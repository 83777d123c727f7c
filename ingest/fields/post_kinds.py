"""What kind of thing a post is, by the word that its export has for it.

What belongs here: from a word to one of `schemas.POST_KINDS`. What does not: the words, which are
each platform's own. A layout that tells no kind gives none, and `parse.py` says `unknown`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import partial

import polars as pl

from ingest.fields.values import Cell

UNKNOWN = "unknown"


def of_word(
    word: pl.Expr, kinds: Mapping[str, str], passed_by: frozenset[str] = frozenset()
) -> Cell:
    """The kind of post that a text names; `unknown` where it is blank or no known word.

    Args:
        word: the text.
        kinds: a word, or several with a blank between, in small letters (NFC), to the kind.
        passed_by: words that say nothing of the kind, such as the platform's name.
    """
    read = partial(_kinds, {**kinds}, passed_by)
    return Cell(word.map_batches(read, return_dtype=pl.String, is_elementwise=True))


def _kinds(kinds: Mapping[str, str], passed_by: frozenset[str], column: pl.Series) -> pl.Series:
    """Each cell's kind; a column has few different words, so each is looked up once."""
    found = {
        text: kinds.get(_plain(text, passed_by), UNKNOWN) for text in column.drop_nulls().unique()
    }
    return column.replace_strict(found, default=UNKNOWN, return_dtype=pl.String)


def _plain(text: str, passed_by: frozenset[str]) -> str:
    """A name of a type as it is looked up: `IG-Bild` is `bild`."""
    # A soft hyphen is no part of a word.
    words = re.split(r"[\s-]+", unicodedata.normalize("NFC", text.replace("\u00ad", "")).lower())
    return " ".join(word for word in words if word and word not in passed_by)
