"""`bulletin.json`: all that a month's bulletin, cards and pictures tell, worded and in order.

What belongs here: the document as a whole, and which of its parts stands where. What does not: the
parts (`month_state.py`, `rankings.py`, `cards.py`, `beside.py`) and how a page looks (`pages.py`,
`web.py`, `templates/`).

It follows from the edition's own tables, manifest and `objections.csv`, and from the ranks of the
month before, which stand in it; so whoever verifies an edition makes it anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from orchestration.publication.bulletin import month_state, words
from orchestration.publication.bulletin.beside import Beside
from orchestration.publication.bulletin.cards import Cards
from orchestration.publication.bulletin.facts import Facts
from orchestration.publication.bulletin.fixed_words import WORDS
from orchestration.publication.bulletin.language import LANGUAGES, Language
from orchestration.publication.bulletin.previous import month_before
from orchestration.publication.bulletin.rankings import Rankings
from orchestration.publication.formats import json_bytes
from orchestration.publication.month import PublishedMonth

#: Grows when a key of the document changes its meaning or goes.
BULLETIN_FORMAT = 1
#: The documents of an edition: file to its language.
FILES = {"bulletin.json": LANGUAGES[0], "bulletin.en.json": LANGUAGES[1]}


def documents(
    month: PublishedMonth,
    manifest: Mapping[str, Any],
    objections: pl.DataFrame,
    previous: Mapping[str, Any] | None,
) -> dict[str, bytes]:
    """The bulletin's files of an edition, by name.

    Args:
        month: the edition's tables.
        manifest: the edition's ID, status, reason and what it replaces.
        objections: those that the edition tells, as in `objections.csv`.
        previous: the ranks of the month before (`previous.ranks_of`); None where there are none.
    """
    return {
        name: json_bytes(bulletin(month, manifest, objections, previous, language))
        for name, language in FILES.items()
    }


def bulletin(
    month: PublishedMonth,
    manifest: Mapping[str, Any],
    objections: pl.DataFrame,
    previous: Mapping[str, Any] | None,
    language: Language,
) -> dict[str, Any]:
    """The document in one language; the arguments are those of `documents`."""
    facts = Facts(month, language)
    rankings = Rankings(facts, previous)
    beside = Beside(facts)
    return {
        "bulletin_format": BULLETIN_FORMAT,
        "language": language.code,
        "edition": month_state.edition(facts, manifest),
        "words": WORDS[language.code],
        "totals": month_state.totals(facts),
        "movement_sentence": _movement_sentence(facts, previous),
        "leagues": rankings.leagues(),
        "typical": month_state.typical(facts),
        "coverage": month_state.coverage(facts),
        "rules": rankings.rules(),
        "guidance": beside.guidance(),
        "campaigns": beside.campaigns(),
        "flags": beside.flags(),
        "followers": beside.followers(),
        "opinion": beside.opinion(),
        "objections": _objections(facts, objections),
        "recompute": words.recompute(language, manifest["edition_id"]),
        "cards": Cards(facts, rankings, objections).cards(),
        "previous": previous,
    }


def _movement_sentence(facts: Facts, previous: Mapping[str, Any] | None) -> str:
    """With what the ranks are compared, or why with nothing."""
    month = facts.language.month(month_before(facts.month.first_day))
    if previous is None:
        return words.not_compared(facts.language, month)
    say = words.compared_with if previous["ranks"] else words.rule_changed
    return say(facts.language, month, previous["edition_id"])


def _objections(facts: Facts, told: pl.DataFrame) -> dict[str, Any]:
    language = facts.language
    return {
        "sentence": words.objections(language, told.height),
        "rows": [
            {
                "objection_id": row["objection_id"],
                "office": facts.office(row["office_id"]),
                "outcome": words.outcome(language, row["outcome"]),
                "answered": language.short_day(row["answered_date"]),
            }
            for row in told.iter_rows(named=True)
        ],
    }
