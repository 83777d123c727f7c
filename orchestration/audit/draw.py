"""Drawing an office's posts from a public seed, with probability by size.

What belongs here: the sequence of draws, and the order of the pages that follows from it. What does
not: how many draws are needed (`risk.py`).

Draw number i of an office is the SHA-256 of `seed,league,category,office_id,i` (UTF-8, i from 1) as
a number, modulo the office's score: a place among its interactions, counted from 0. The posts lie
in the order of platform and ID, each over as many places as its value, so that it is drawn with
probability value ÷ score; it may be drawn again. Where posts are counted, each has one place.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate, count, islice

from orchestration.audit.ranking import Office, Post, Ranking

#: After so many times as many draws as an office has posts, the rest of its posts is listed too:
#: then it is known, and no longer sampled.
_DRAWS_PER_POST = 3


def draws(ranking: Ranking, office: Office, seed: str) -> Iterator[Post]:
    """The posts of an office as they are drawn, one after the other, while draws are of use."""
    most = _DRAWS_PER_POST * len(office.posts)
    return islice(endless_draws(ranking, office, seed), most) if office.posts else iter(())


def endless_draws(ranking: Ranking, office: Office, seed: str) -> Iterator[Post]:
    """The posts of an office as they are drawn, one after the other, without an end."""
    ends = list(accumulate(post.value for post in office.posts))
    for number in count(1):
        text = f"{seed},{ranking.league},{ranking.category},{office.office_id},{number}"
        place = int(hashlib.sha256(text.encode()).hexdigest(), 16) % office.score
        yield office.posts[bisect_right(ends, place)]


def in_order(office: Office, drawn: Iterable[Post]) -> list[Post]:
    """All posts of an office, in the order in which they are to be visited.

    First those that are drawn, in the order of their first draw, then the others.
    """
    keyed = {(post.platform, post.post_id): post for post in drawn}
    others = {(post.platform, post.post_id): post for post in office.posts}
    return list((keyed | others).values())
