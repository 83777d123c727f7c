"""A comment's text without what names or reaches a person.

What belongs here: what is put in the place of mentions, addresses, links and numbers. What does
not: who wrote the comment, which is not kept at all (`responses.py`).

A name that is written as a word can't be told from any other word and stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

MENTION, ADDRESS, LINK, NUMBER = "[akun]", "[surel]", "[tautan]", "[nomor]"

#: Lengths are bounded, so that no text takes long.
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
#: A link may lead to a profile, and its path is often somebody's name.
_LINK = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|(?<![\w.-])(?:[\w-]{1,63}\.){1,5}(?:com|id|net|org|me|ee|co|gle|ly)/\S+",
    re.IGNORECASE,
)
_MENTION = re.compile(r"[@＠][\w.‿-]+")
#: Telephones, identity cards, bank accounts: nine digits and more, perhaps in groups. Longer ones
#: are found part by part.
_NUMBER = re.compile(r"\+?(?:\d[\s().\-/]{0,2}){8,29}\d")


def without(text: str, named: Sequence[str] = ()) -> str:
    """A text with marks in Indonesian in the place of persons.

    Args:
        text: what somebody wrote.
        named: names that the platform says stand in it.

    What was taken out once is taken out twice with the same result.
    """
    for name in sorted(named, key=len, reverse=True):
        text = text.replace(name, MENTION)
    for pattern, mark in (
        (_LINK, LINK),
        (_ADDRESS, ADDRESS),
        (_MENTION, MENTION),
        (_NUMBER, NUMBER),
    ):
        text = pattern.sub(mark, text)
    return text
