"""Instagram: links and IDs of posts as people write them.

What belongs here: hosts, paths, shortcodes and the numbers that they encode. What does not: how
records of exports name their post (`content.py`, `shortcodes.py`).
"""

from __future__ import annotations

import base64
import re
from datetime import datetime

from ingest.fields.links import Address, Links, instant
from ingest.platforms.instagram.content import shortcode_time

_CODE = "[A-Za-z0-9_-]{11}"
#: `/p/`, `/reel/`, `/reels/` and `/tv/`, also below an account's name. A private account's link
#: goes on with a key.
_POST = re.compile(
    rf"(?:/(?P<handle>[^/]+))?/(?:p|reels?|tv)/(?P<code>{_CODE})[A-Za-z0-9_-]*(?:/.*)?"
)
_STORY = re.compile("/stories/(?P<handle>(?!highlights/)[^/]+)/(?P<number>[0-9]{15,20})(?:/.*)?")
#: The number of a post in the app's own interface; the API's (17 digits) is another one.
_NUMBER = re.compile("([1-9][0-9]{18})(?:_[0-9]+)?")


def code_of(number: str) -> str | None:
    """The shortcode of a post's number; None of one that has more than 64 bits."""
    if int(number) >= 2**64:
        return None
    octets = b"\x00" + int(number).to_bytes(8, "big")
    return base64.urlsafe_b64encode(octets)[1:].decode()


def _post_in(address: Address) -> str | None:
    if story := _STORY.fullmatch(address.path):
        return story["number"]
    found = _POST.fullmatch(address.path)
    return found["code"] if found else None


def _handle_in(address: Address) -> str | None:
    found = _STORY.fullmatch(address.path) or _POST.fullmatch(address.path)
    if found:
        return found["handle"]
    return address.parts[0] if len(address.parts) == 1 else None


def _link_of(post_id: str) -> str | None:
    # A story goes by its number, which makes no link.
    return f"https://www.instagram.com/p/{post_id}/" if re.fullmatch(_CODE, post_id) else None


def _post_of(text: str) -> str | None:
    numbered = _NUMBER.fullmatch(text)
    code = code_of(numbered[1]) if numbered else text
    return code if code and re.fullmatch(_CODE, code) and _time_of(code) else None


def _time_of(key: str) -> datetime | None:
    """Of a story's number too."""
    code = key if re.fullmatch(_CODE, key) else code_of(key)
    return instant(shortcode_time, code) if code else None


LINKS = Links(
    hosts=("instagram.com", "instagr.am", "ddinstagram.com"),
    post_in=_post_in,
    link_of=_link_of,
    post_of=_post_of,
    is_short=lambda address: address.path.startswith("/share/"),
    handle_in=_handle_in,
    time_of=_time_of,
    is_time_of_upload=True,
)
