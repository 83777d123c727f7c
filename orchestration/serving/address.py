"""The address of a server, of which the password is never told.

What belongs here: reading an address, and making a text safe to be shown. What does not: connecting
(`serve.py`).
"""

from __future__ import annotations

import re

#: What an address begins with.
SCHEMES = ("postgresql://", "postgres://")
#: The password before the last `@` of an address, and one that is named (`?password=`).
_IN_ADDRESS = re.compile(r"(\w://[^\s:/@]*):\S*@")
_NAMED = re.compile(r"(password\s*=\s*)('[^']*'|[^\s&]+)", re.IGNORECASE)


class NotServed(Exception):
    """The server could not be turned to what is published; the text says what to do."""


def without_password(text: str) -> str:
    """A text in which the passwords of addresses are `***`."""
    return _NAMED.sub(r"\1***", _IN_ADDRESS.sub(r"\1:***@", text))
