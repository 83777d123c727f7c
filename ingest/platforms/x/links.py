"""X: links and IDs of posts as people write them.

What belongs here: hosts, paths and IDs. What does not: the exports' own links (`analytics.py`).
"""

from __future__ import annotations

import re
from datetime import datetime

from ingest.fields.links import Address, Links, instant
from ingest.platforms.x.analytics import snowflake_time

#: `/name/status/1`, `/i/web/status/1`, `/name/status/1/photo/1`; mirrors have the same on any host.
_STATUS = re.compile(
    r"/(?:(?P<handle>[A-Za-z0-9_]{1,15})|i/web)/status(?:es)?/(?P<id>[0-9]{15,19})(?:[^0-9].*)?"
)


def _post_in(address: Address) -> str | None:
    found = _STATUS.fullmatch(address.path)
    return found["id"] if found else None


def _handle_in(address: Address) -> str | None:
    found = re.match("/([A-Za-z0-9_]{1,15})(?:/|$)", address.path)
    return None if found is None or found[1] == "i" else found[1]


def _post_of(text: str) -> str | None:
    return text if re.fullmatch("[0-9]{15,19}", text) and _time_of(text) else None


def _time_of(key: str) -> datetime | None:
    number = int(key)
    return instant(snowflake_time, number) if number < 2**63 else None


LINKS = Links(
    hosts=("x.com", "twitter.com"),
    post_in=_post_in,
    link_of="https://x.com/i/web/status/{}".format,
    post_of=_post_of,
    handle_in=_handle_in,
    time_of=_time_of,
    anywhere=_STATUS,
)
