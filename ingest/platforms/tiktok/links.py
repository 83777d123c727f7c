"""TikTok: links and IDs of posts as people write them.

What belongs here: hosts, paths and IDs. What does not: the exports' own links (`studio.py`).
"""

from __future__ import annotations

import re
from datetime import datetime

from ingest.fields.links import Address, Links, instant
from ingest.platforms.tiktok.studio import video_time

#: Stands for an account's name, which the platform puts in its place.
_NOBODY = "_"
#: `/@name/video/1`, `/@name/photo/1`, `/v/1.html`, `/embed/v2/1`, `/player/v1/1`.
_POST = re.compile(
    r"/(?:@(?P<handle>[^/]*)/(?:video|photo)|v|embed(?:/v[0-9])?|player/v[0-9])"
    r"/(?P<id>[0-9]{15,20})(?:[^0-9].*)?"
)


def _post_in(address: Address) -> str | None:
    found = _POST.fullmatch(address.path)
    return found["id"] if found else None


def _handle_in(address: Address) -> str | None:
    found = re.match("/@([^/]+)", address.path)
    return found[1] if found and found[1] != _NOBODY else None


def _is_short(address: Address) -> bool:
    return address.host in ("vm.tiktok.com", "vt.tiktok.com") or address.path.startswith("/t/")


def _post_of(text: str) -> str | None:
    return text if re.fullmatch("[67][0-9]{18}", text) and _time_of(text) else None


def _time_of(key: str) -> datetime | None:
    return instant(video_time, key)


LINKS = Links(
    hosts=("tiktok.com",),
    post_in=_post_in,
    link_of=f"https://www.tiktok.com/@{_NOBODY}/video/{{}}".format,
    post_of=_post_of,
    is_short=_is_short,
    handle_in=_handle_in,
    time_of=_time_of,
)
