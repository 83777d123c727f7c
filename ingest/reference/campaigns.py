"""The campaigns: which hashtag or keyword posts should carry, and when (`registry/campaigns.csv`).

What belongs here: what a campaign's row may say. What does not: reading rows (`rows.py`), and
whether a post carries what was asked for. That is the warehouse's, so that a corrected campaign
judges old posts anew.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from pathlib import Path

import polars as pl

from ingest.reference.errors import InputProblems
from ingest.reference.rows import RegistryFile, Row, read_rows, text_frame
from ingest.schemas import Campaign

#: A home may be without; then nothing was asked for.
FILE = "campaigns.csv"


def read_campaigns(
    folder: Path, platforms: Mapping[str, bool], leagues: Collection[str]
) -> pl.DataFrame:
    """Read `campaigns.csv` of `folder` as a frame of `Campaign`; it is blank without the file.

    Hashtags have their `#` and keywords one blank between words, both as NFC (Unicode's composed
    form); dates are days without a time zone, `valid_to` is exclusive. The rows come in the order
    of their ID.

    Args:
        folder: the home's registry.
        platforms: the keys that a campaign may name, as `read_registry` takes them.
        leagues: those of the offices.

    Raises:
        InputProblems: with every mistake.
    """
    path = folder / FILE
    if not path.is_file():
        return Campaign.create_empty()
    file = read_rows(path, Campaign, "campaign_id", platforms)
    first_lines: dict[str | None, int] = {}
    for row in file.rows:
        campaign_id = row.cells["campaign_id"]
        first = first_lines.setdefault(campaign_id, row.line)
        if first != row.line:
            problem = f"campaign_id {campaign_id!r} stands on line {first} too"
            file.add_problem(row.line, problem, "give each row a code of its own")
        _check_wanted(file, row)
        _check_known(file, row, "leagues", leagues)
        _check_known(file, row, "platforms", platforms)
    if file.problems:
        raise InputProblems(file.problems)
    return _frame(file)


def _check_wanted(file: RegistryFile, row: Row) -> None:
    """What posts should carry can be found in a caption."""
    hashtag, keyword = row.cells["hashtag"], row.cells["keyword"]
    if not hashtag and not keyword:
        file.add_problem(row.line, "hashtag and keyword are both blank", "fill in at least one")
    if hashtag and not _is_word(_tag(hashtag).replace("_", "")):
        remedy = "write one word of letters, digits and _ behind the #; words go into keyword"
        file.add_problem(row.line, f"hashtag {hashtag!r} is none", remedy)
    if keyword and not _is_word(_normal(keyword).replace(" ", "")):
        remedy = "write words of letters and digits; a hashtag goes into hashtag"
        file.add_problem(row.line, f"keyword {keyword!r} is not made of words", remedy)


def _check_known(file: RegistryFile, row: Row, column: str, known: Collection[str]) -> None:
    """Each name of a list is a known one."""
    for name in (row.cells[column] or "").split():
        if name not in known:
            remedy = f"use some of {' '.join(sorted(known))}, with blanks between, or none for all"
            file.add_problem(row.line, f"{column} names {name!r}, which is unknown", remedy)


def _is_word(text: str) -> bool:
    """Letters and digits, a letter among them."""
    return text.isalnum() and any(character.isalpha() for character in text)


def _tag(hashtag: str) -> str:
    """Without its sign, which may be a wide one."""
    return _normal(hashtag).replace("＃", "#").removeprefix("#")


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _frame(file: RegistryFile) -> pl.DataFrame:
    for row in file.rows:
        hashtag, keyword = row.cells["hashtag"], row.cells["keyword"]
        row.cells["hashtag"] = f"#{_tag(hashtag)}" if hashtag else None
        row.cells["keyword"] = _normal(keyword) if keyword else None
    lists = pl.col("leagues", "platforms").str.extract_all(r"\S+")
    return Campaign.validate(text_frame(file).with_columns(lists))
