"""Rankings whose truth is known, and visitors who see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from orchestration.audit.evaluate import Audit, Finding, evaluate, pages_of
from orchestration.audit.ranking import Office, Post, Ranking

#: Post to what its page shows; a post that is not in it shows what is published.
Truth = Mapping[str, int]
VISITED = date(2025, 10, 1)


def ranking(*values: Sequence[int], category: str = "popular") -> Ranking:
    """A ranking of offices A, B, …, each with posts A0, A1, … of these values."""
    offices = []
    for letter, own in zip("ABCDEFGHIJ", values, strict=False):
        posts = tuple(
            post(f"{letter}{number:03}", value) for number, value in enumerate(own) if value
        )
        offices.append(Office(letter, f"Kantor {letter}", sum(own), True, posts))
    return Ranking(
        edition_id="2025-08-final-1",
        manifest_sha256="0" * 64,
        month="2025-08",
        policy_id="P",
        time_zone="Asia/Jakarta",
        league="kanwil",
        category=category,
        offices=tuple(offices),
    )


def post(post_id: str, value: int) -> Post:
    """A post on X whose likes alone count."""
    return Post(
        platform="x",
        post_id=post_id,
        account_id="account",
        handle="handle",
        link=f"https://x.com/handle/status/{post_id}",
        published="2025-08-02 08:00",
        value=value,
        weights={"likes": 1},
        recorded={"likes": value},
        recorded_at="2025-09-02 08:00",
    )


def seen(likes: int, *, exists: bool = True, matches: bool = True) -> Finding:
    """What was seen of a post."""
    return Finding(exists, matches, {"likes": likes}, VISITED, ())


def visited(audit: Audit, truth: Truth) -> dict[int, Finding]:
    """The findings of somebody who visits each page that an audit asks for."""
    return {
        page.number: seen(truth.get(page.post.post_id, page.post.value)) for page in audit.pages
    }


def every_finding(published: Ranking, seed: str, top: int, truth: Truth) -> dict[int, Finding]:
    """The findings of somebody who visits all posts."""
    return {
        number: seen(truth.get(post.post_id, post.value))
        for number, (_, post) in pages_of(published, seed, top).items()
    }


def carried_out(published: Ranking, seed: str, top: int, truth: Truth) -> Audit:
    """An audit whose visitor goes on until its top is confirmed, or can't be any more."""
    audit = evaluate(published, seed, top)
    while audit.largest.further_pages:
        audit = evaluate(published, seed, top, visited(audit, truth))
    return audit
