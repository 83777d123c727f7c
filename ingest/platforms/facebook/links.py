"""Facebook: links and IDs of posts as people write them.

What belongs here: hosts, paths and IDs. What does not: the exports' own links (`content.py`).

One post has many links. A number in one may be the post's, its video's or its photo's, and a
`pfbid…` encodes what only Facebook can read: there may be several of one post. So a key is compared
with that of the link that an export gave, and as the post's number.
"""

from __future__ import annotations

import re

from ingest.fields.links import Address, Links

_KEY = "pfbid[A-Za-z0-9_-]+|[0-9]{8,}"
#: `/page/posts/1`, `/page/posts/words-of-it/1`, `/page/videos/1`, `/reel/1`, `/page/photos/a.2/1`,
#: `/groups/3/permalink/1`.
_PATH = re.compile(
    rf"(?:/(?P<handle>[^/]+)|/groups/[^/]+)?/(?:posts|videos|reels?|photos|permalink)"
    rf"/(?:[^/]+/)*?(?P<key>{_KEY})(?:/.*)?"
)
#: The number of a page and of its post, or the post's alone.
_NUMBERS = re.compile("/(?:[0-9]+_)?([0-9]{10,})")
#: The numbers of profiles and newer pages.
_ACCOUNT = re.compile("/(?:1000|615)[0-9]{11}")
#: Where the key stands behind the `?`, by the page that shows it.
_QUERIES = {
    "/story.php": "story_fbid",
    "/permalink.php": "story_fbid",
    "/watch": "v",
    "/watch/live": "v",
    "/video.php": "v",
    "/video/video.php": "v",
    "/photo.php": "fbid",
    "/photo": "fbid",
}
_HOSTS_OF_SHORT_LINKS = ("fb.watch", "fb.me")


def _post_in(address: Address) -> str | None:
    if name := _QUERIES.get(address.path):
        found = re.fullmatch(f"(?:[0-9]+_)?({_KEY})", address.query.get(name, ""))
        return found[1] if found else None
    if found := _PATH.fullmatch(address.path):
        return found["key"]
    number = _NUMBERS.fullmatch(address.path)
    return number[1] if number and not _ACCOUNT.fullmatch(address.path) else None


def _is_short(address: Address) -> bool:
    return address.host.endswith(_HOSTS_OF_SHORT_LINKS) or address.path.startswith("/share/")


def _handle_in(address: Address) -> str | None:
    found = _PATH.fullmatch(address.path)
    if found:
        return found["handle"]
    is_page = len(address.parts) == 1 and address.path not in _QUERIES
    return address.parts[0] if is_page else None


def _post_of(text: str) -> str | None:
    found = re.fullmatch("(?:[0-9]+_)?([1-9][0-9]{13,17})|(pfbid[A-Za-z0-9_-]+)", text)
    return found[1] or found[2] if found else None


LINKS = Links(
    hosts=("facebook.com", "fb.com", *_HOSTS_OF_SHORT_LINKS),
    post_in=_post_in,
    link_of="https://www.facebook.com/{}".format,
    post_of=_post_of,
    is_short=_is_short,
    handle_in=_handle_in,
)
