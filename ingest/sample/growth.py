"""How posts of the sample world gain, and what is planted in it for guidance to find again.

What belongs here: the laws of growth by platform and kind, how single posts differ from them, and
what kind and hour do. What does not: what a counter is at an instant (`truth.py`), and any curve of
a policy: the sample's policy has curves that were fitted elsewhere (`policies/`).

What a post has at 24 hours is drawn first, and what it gains before and after follows from its
law. So the planted effects are effects on what it has at 24 hours, whatever its pace:

- a reel has 1.6 times what an image has, a video 1.3 times (`KIND_PERCENT`);
- published from 18:00 to 21:59 in its office's zone, a post has 1.5 times as much as one with the
  same content at another hour (`EVENING_PERCENT`).

Besides, offices' audiences differ, and posts differ by chance much more than by either effect.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from ingest.sample.truth import Counters, Growth

_HOUR, _DAY = 3600, 24 * 3600

#: In percent of an image or a text.
KIND_PERCENT = {"reel": 160, "video": 130, "image": 100, "text": 100, "story": 40}
#: The hours of the evening in the office's zone, and what a post has then, in percent.
EVENING = range(18, 22)
EVENING_PERCENT = 150

#: What a middling post of a platform has at 24 hours, in likes.
_MIDDLING_LIKES = {"instagram": 60, "facebook": 35, "x": 14, "tiktok": 80, "youtube": 15}
_MIDDLING_ELSEWHERE = 30
#: How far audiences of accounts, and single posts, differ: standard deviations of the logarithm.
_AUDIENCE_SPREAD, _CHANCE_SPREAD = 0.5, 0.9


class Law(NamedTuple):
    """A typical post's growth: half-lives in hours, and the slow part per mille."""

    half_life: float
    slow_half_life: float
    slow_share: int


#: By platform and kind. Where a published figure is known, the law is near it: Instagram has about
#: 80 % of what it gets in 30 days after a day, YouTube about 60 %, X has hardly anything after it.
LAWS: Mapping[tuple[str, str], Law] = {
    ("instagram", "image"): Law(3.0, 60.0, 100),
    ("instagram", "reel"): Law(5.0, 90.0, 300),
    ("instagram", "story"): Law(2.0, 24.0, 0),
    ("facebook", "image"): Law(3.5, 60.0, 100),
    ("facebook", "reel"): Law(5.0, 90.0, 300),
    ("facebook", "video"): Law(4.0, 80.0, 250),
    ("x", "text"): Law(1.3, 24.0, 50),
    ("tiktok", "video"): Law(7.0, 100.0, 350),
    ("youtube", "video"): Law(8.0, 200.0, 400),
}
_OTHER_LAW = Law(6.0, 72.0, 200)


@dataclass(frozen=True)
class Pace:
    """How posts spread around their law; another one makes a world that grows otherwise."""

    laws: Mapping[tuple[str, str], Law] = field(default_factory=lambda: LAWS)
    #: A single post's half-lives differ from its law's by this standard deviation of the logarithm.
    spread: float = 0.4
    #: So much of the variance is shared by all posts of an office, in percent.
    shared_percent: int = 10

    def of_office(self, rng: Random) -> float:
        """An office's own factor, as a logarithm."""
        return rng.gauss(0, self.spread * math.sqrt(self.shared_percent / 100))

    def of_post(self, rng: Random, platform: str, kind: str, office: float) -> Growth:
        """A post's growth, around its office's."""
        law = self.laws.get((platform, kind), _OTHER_LAW)
        own = rng.gauss(0, self.spread * math.sqrt(1 - self.shared_percent / 100))
        seconds = _HOUR * math.exp(office + own)
        return Growth(
            half_life=max(60, round(law.half_life * seconds)),
            slow_half_life=max(60, round(law.slow_half_life * seconds)),
            slow_share=law.slow_share,
        )


def kind_of(post_type: str) -> str:
    """A kind of content: reel, video, image, story or text."""
    words = {"photo": "image", "carousel": "image"}
    for word in ("reel", "video", "image", "photo", "carousel", "story"):
        if word in post_type.lower():
            return words.get(word, word)
    return "text"


def audience(rng: Random) -> float:
    """An account's factor in all that its posts gain."""
    return rng.lognormvariate(0, _AUDIENCE_SPREAD)


def limits(
    rng: Random, growth: Growth, platform: str, kind: str, hour: int, reach: float
) -> Counters:
    """What a post will ever gain.

    Args:
        rng: chance.
        growth: the post's own.
        platform: the post's.
        kind: as `kind_of` gives it.
        hour: of its publication in its office's zone.
        reach: its account's audience.
    """
    middling = _MIDDLING_LIKES.get(platform, _MIDDLING_ELSEWHERE)
    evening = EVENING_PERCENT if hour in EVENING else 100
    effect = KIND_PERCENT[kind] * evening / 10_000
    likes = min(300_000, round(middling * reach * effect * rng.lognormvariate(0, _CHANCE_SPREAD)))
    views = likes * rng.randrange(8, 40) + rng.randrange(50)
    others = (likes * rng.randrange(200) // 1000 for _ in range(3))
    return Counters(*[growth.limit(count, _DAY) for count in (views, likes, *others)])
