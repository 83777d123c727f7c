"""What findings say of the top of a ranking, and which pages are still to be visited.

What belongs here: the claims of an audit, what a visited page supports of a published value, and
how far each claim is confirmed. What does not: the arithmetic of the risk (`risk.py`) and the form
that findings come in (`form.py`).

The claim of k: each of the first k offices has a higher score than every office after them. It is
judged by what the pages of these k offices support; the others are taken to have what is published.
Findings count in the order of the draws, up to the first page without one: nobody can leave out a
page. An office of which every post has a finding is known and no longer sampled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import takewhile
from typing import Any

from orchestration.audit.draw import draws, in_order
from orchestration.audit.ranking import NotAuditable, Office, Post, Ranking
from orchestration.audit.risk import (
    RISK_PERCENT,
    UNIT,
    decimal,
    grown,
    is_confirmed,
    p_value,
    shared,
)

#: A page's number is its office's place in the ranking times this, plus its own place among the
#: pages of the office, from 1.
_PAGES_PER_OFFICE = 10_000


@dataclass(frozen=True, slots=True)
class Finding:
    """What a visitor saw of a post."""

    #: Whether its page is there.
    exists: bool
    #: Whether it is the account's, published when the edition says, and no other's duplicate.
    matches: bool
    #: Component to its number, at least; without those that the page does not show.
    seen: Mapping[str, int]
    visited: date
    #: The cells as they were filled in.
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A post to visit; its number is the same however far an audit has come."""

    number: int
    office: Office
    post: Post
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class Claim:
    """That the first k offices are ahead of the others, and how far it is confirmed."""

    k: int
    #: The score of the best office that is not among the first k.
    bar: int
    #: In units (`risk.UNIT`).
    p: int
    #: The pages that are still to be visited, enough if all are sound; None where not even all
    #: posts would do.
    further_pages: tuple[int, ...] | None

    @property
    def is_confirmed(self) -> bool:
        """Whether the risk is no larger than is allowed, for all claims together."""
        return is_confirmed(self.p)

    @property
    def p_value(self) -> float:
        """With four digits, rounded up."""
        return decimal(self.p)


@dataclass(frozen=True)
class Sample:
    """An office, its draws, and the findings of its posts by the posts' places in `order`."""

    office: Office
    category: str
    order: Sequence[Post]
    drawn: Sequence[int]
    findings: Mapping[int, Finding]

    @cached_property
    def supported(self) -> dict[int, int]:
        """What each visited page supports of its post's value."""
        return {
            place: supported(self.order[place], finding, self.category)
            for place, finding in self.findings.items()
        }

    @cached_property
    def draw_count(self) -> int:
        """The draws up to the first page without a finding."""
        return sum(1 for _ in takewhile(self.findings.__contains__, self.drawn))

    @property
    def is_whole(self) -> bool:
        return len(self.findings) == len(self.order)

    def p(self, bar: int) -> int:
        """The P-value of the office being no higher than a bar."""
        if self.is_whole:
            return 0 if sum(self.supported.values()) > bar else UNIT
        return p_value(self._wealth(bar))

    def further(self, bar: int, claims: int) -> list[int] | None:
        """The places of the pages that are enough to confirm it above a bar, if they are sound.

        None where not even all its posts would do.
        """
        wealth, supports = self._wealth(bar), dict(self.supported)
        if is_confirmed(shared(self.p(bar), claims)):
            return []
        for place in self.drawn[self.draw_count :]:
            supports.setdefault(place, self.order[place].value)
            wealth = self._after(wealth, bar, place, supports[place])
            if is_confirmed(shared(p_value(wealth), claims)):
                return sorted(supports.keys() - self.supported.keys())
        for place, post in enumerate(self.order):
            supports.setdefault(place, post.value)
        if sum(supports.values()) <= bar:
            return None
        return sorted(supports.keys() - self.supported.keys())

    def _wealth(self, bar: int) -> int:
        wealth = UNIT
        for place in self.drawn[: self.draw_count]:
            wealth = self._after(wealth, bar, place, self.supported[place])
        return wealth

    def _after(self, wealth: int, bar: int, place: int, supports: int) -> int:
        value = self.order[place].value
        # To be above 1 is asked where to be above 0 would do: rounded to the side of doubt.
        return grown(wealth, self.office.score, max(bar, 1), value, value - supports)


@dataclass(frozen=True, slots=True)
class Audit:
    """An audit as far as it has come; `claims` by k, `samples` and `pages` by rank."""

    ranking: Ranking
    seed: str
    top: int
    claims: tuple[Claim, ...]
    samples: tuple[Sample, ...]
    #: Those that were visited, and those that are still to be, for the largest k.
    pages: tuple[Page, ...]

    @property
    def largest(self) -> Claim:
        """The claim of the largest k."""
        return self.claims[-1]

    @property
    def confirmed(self) -> int | None:
        """The largest k that is confirmed."""
        return max((claim.k for claim in self.claims if claim.is_confirmed), default=None)


def code(ranking: Ranking, seed: str, top: int) -> str:
    """Tells an audit from every other: by edition, seed, ranking, and how many places it claims."""
    parts = (ranking.manifest_sha256, seed, ranking.league, ranking.category, str(top))
    return hashlib.sha256(",".join(parts).encode()).hexdigest()[:12]


def supported(post: Post, finding: Finding, category: str) -> int:
    """How much of a post's value its page supports; a counter that it does not show supports 0."""
    if not (finding.exists and finding.matches):
        return 0
    if category == "active":
        return post.value
    shown = sum(weight * finding.seen.get(name, 0) for name, weight in post.weights.items())
    return min(post.value, shown)


def claimed(ranking: Ranking, top: int) -> list[int]:
    """Each k up to `top` for which there is a claim: the scores of k and of k + 1 differ."""
    scores = [office.score for office in ranking.offices]
    return [k for k in range(1, min(top, len(scores) - 1) + 1) if scores[k - 1] > scores[k]]


def pages_of(ranking: Ranking, seed: str, top: int) -> dict[int, tuple[Office, Post]]:
    """Every page that an audit may ask for, by its number."""
    return {
        rank * _PAGES_PER_OFFICE + number: (office, post)
        for rank, office in enumerate(ranking.offices[: _audited(ranking, top)], start=1)
        for number, post in enumerate(in_order(office, draws(ranking, office, seed)), start=1)
    }


def _audited(ranking: Ranking, top: int) -> int:
    """How many offices' posts are audited: the largest k.

    Raises:
        NotAuditable: there is no claim.
    """
    ks = claimed(ranking, top)
    if not ks:
        raise NotAuditable(
            f"{ranking.league} has no office among the first {top} that is ahead of the next one; "
            "name another --league or --category, or a larger --top"
        )
    return ks[-1]


def evaluate(
    ranking: Ranking, seed: str, top: int, findings: Mapping[int, Finding] | None = None
) -> Audit:
    """How far the claims are confirmed; without findings, what is to be visited.

    Args:
        ranking: what is audited.
        seed: public, and chosen after the edition was published.
        top: up to which k, fixed before the first visit.
        findings: by the number of the page.

    Raises:
        NotAuditable: there is no claim.
    """
    audited, ks = _audited(ranking, top), claimed(ranking, top)
    found = findings or {}
    samples = tuple(
        _sample(ranking, office, seed, rank * _PAGES_PER_OFFICE, found)
        for rank, office in enumerate(ranking.offices[:audited], start=1)
    )
    claims = tuple(_claim(ranking, k, len(ks), samples) for k in ks)
    needed = {*found, *(claims[-1].further_pages or ())}
    pages = tuple(
        Page(rank * _PAGES_PER_OFFICE + place, sample.office, post, sample.findings.get(place - 1))
        for rank, sample in enumerate(samples, start=1)
        for place, post in enumerate(sample.order, start=1)
        if rank * _PAGES_PER_OFFICE + place in needed
    )
    return Audit(ranking, seed, top, claims, samples, pages)


def _sample(
    ranking: Ranking, office: Office, seed: str, before: int, findings: Mapping[int, Finding]
) -> Sample:
    drawn = list(draws(ranking, office, seed))
    order = in_order(office, drawn)
    places = {(post.platform, post.post_id): place for place, post in enumerate(order)}
    own = {
        number - before - 1: finding
        for number, finding in findings.items()
        if before < number < before + _PAGES_PER_OFFICE
    }
    numbers = [places[post.platform, post.post_id] for post in drawn]
    return Sample(office, ranking.category, order, numbers, own)


def _claim(ranking: Ranking, k: int, claims: int, samples: Sequence[Sample]) -> Claim:
    bar = ranking.offices[k].score
    p = shared(max(sample.p(bar) for sample in samples[:k]), claims)
    pages: list[int] = []
    for rank, sample in enumerate(samples[:k], start=1):
        places = sample.further(bar, claims)
        if places is None:
            return Claim(k, bar, p, None)
        pages += (rank * _PAGES_PER_OFFICE + place + 1 for place in places)
    return Claim(k, bar, p, tuple(pages))


def document(audit: Audit) -> dict[str, Any]:
    """An audit as JSON has it."""
    ranking = audit.ranking
    return {
        "edition_id": ranking.edition_id,
        "manifest_sha256": ranking.manifest_sha256,
        "month": ranking.month,
        "policy_id": ranking.policy_id,
        "time_zone": ranking.time_zone,
        "league": ranking.league,
        "category": ranking.category,
        "seed": audit.seed,
        "top": audit.top,
        "code": code(ranking, audit.seed, audit.top),
        "risk_percent": RISK_PERCENT,
        "confirmed": audit.confirmed,
        "claims": [
            {
                "k": claim.k,
                "office_id": ranking.offices[claim.k - 1].office_id,
                "score": ranking.offices[claim.k - 1].score,
                "next_office_id": ranking.offices[claim.k].office_id,
                "next_score": claim.bar,
                "p_value": claim.p_value,
                "is_confirmed": claim.is_confirmed,
                "further_pages": None if claim.further_pages is None else len(claim.further_pages),
            }
            for claim in audit.claims
        ],
        "offices": list(office_rows(audit)),
        "incomplete_offices": [each.office_id for each in ranking.offices if not each.is_complete],
        "pages": [_page(page, ranking.category) for page in audit.pages],
    }


def office_rows(audit: Audit) -> Iterator[dict[str, Any]]:
    """What was found of each audited office, in numbers."""
    for sample in audit.samples:
        found = sample.findings
        less = {n for n in found if sample.supported[n] < sample.order[n].value}
        gone = {n for n, finding in found.items() if not finding.exists}
        others = {n for n, finding in found.items() if finding.exists and not finding.matches}
        yield {
            "office_id": sample.office.office_id,
            "score": sample.office.score,
            "posts": len(sample.order),
            "draws": sample.draw_count,
            "pages_seen": len(found),
            "pages_gone": len(gone),
            "pages_not_matching": len(others),
            "pages_with_less": len(less - gone - others),
            "not_supported": sum(sample.order[n].value - sample.supported[n] for n in less),
            "is_whole": sample.is_whole,
        }


def _page(page: Page, category: str) -> dict[str, Any]:
    post, finding = page.post, page.finding
    return {
        "page": page.number,
        "office_id": page.office.office_id,
        "account_id": post.account_id,
        "handle": post.handle,
        "platform": post.platform,
        "post_id": post.post_id,
        "link": post.link,
        "published": post.published,
        "value": post.value,
        "weights": dict(post.weights),
        "recorded": dict(post.recorded),
        "recorded_at": post.recorded_at,
        "finding": finding
        and {
            "exists": finding.exists,
            "matches": finding.matches,
            "seen": dict(finding.seen),
            "visited": finding.visited.isoformat(),
            "supported": supported(post, finding, category),
        },
    }
