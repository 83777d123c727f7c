"""YouTube: links and IDs of videos as people write them.

What belongs here: hosts, paths and IDs. What does not: the exports, which have no links.
"""

from __future__ import annotations

import re

from ingest.fields.links import Address, Links

_ID = re.compile("[A-Za-z0-9_-]{11}")
#: `/shorts/`, `/live/`, `/embed/`, `/v/`, `/e/` and Studio's `/video/…/edit`.
_PATH = re.compile("/(?:shorts|live|embed|v|e|video)/([A-Za-z0-9_-]{11})(?:[/?&].*)?")


def _post_in(address: Address) -> str | None:
    if address.host.endswith("youtu.be"):
        first = (address.parts or [""])[0][:11]
        return first if _ID.fullmatch(first) else None
    if found := _PATH.fullmatch(address.path):
        return found[1]
    # `live_stream` and `videoseries` are pages of the player.
    video = address.query.get("v", "")[:11]
    return video if address.path == "/watch" and _ID.fullmatch(video) else None


def _handle_in(address: Address) -> str | None:
    found = re.match("/@([^/]+)", address.path)
    return found[1] if found else None


LINKS = Links(
    hosts=("youtube.com", "youtu.be", "youtube-nocookie.com"),
    post_in=_post_in,
    link_of="https://www.youtube.com/watch?v={}".format,
    post_of=lambda text: text if _ID.fullmatch(text) else None,
    handle_in=_handle_in,
)
