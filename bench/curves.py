"""Growth curves fitted on sample worlds: `python -m bench.curves [SEED ...]` prints them as YAML.

What belongs here: what a home that exports every twelve hours would see of the posts of some
worlds, and the curves fitted on that. So the sample home's policies and `fair.py` have curves of
the kind that a home fits for itself, of other worlds and months than those that they judge. What
does not: the fit (`orchestration/growth/`).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from ingest.platforms import KEYS
from ingest.sample import World, make_world
from orchestration.growth.fit import Fit, Post, fit
from orchestration.growth.policy_rows import lines

WINDOW_HOURS = 24
#: Worlds and months that nothing is judged on.
SEEDS = (101, 102)
MONTHS = ("2025-05", "2025-06")
#: Components that the shipped policy counts, by platform.
COMPONENTS = {
    platform: ("likes", "comments") if platform == "youtube" else ("likes", "comments", "shares")
    for platform in KEYS
}
_JAKARTA = timedelta(hours=7)
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


def fitted(seeds: Sequence[int] = SEEDS, months: Sequence[str] = MONTHS) -> dict[str, Fit]:
    """A curve for each platform, fitted on all months but the last of these worlds."""
    posts: dict[str, list[Post]] = {platform: [] for platform in KEYS}
    for seed in seeds:
        for platform, found in _seen(make_world(seed, months), seed).items():
            posts[platform] += found
    return {platform: fit(found, WINDOW_HOURS) for platform, found in posts.items()}


def _seen(world: World, seed: int) -> dict[str, list[Post]]:
    """What exports every twelve hours or so tell of a world's posts, by platform."""
    offices = {account.account_id: account.office_id for account in world.accounts}
    rng = Random(seed)
    found: dict[str, list[Post]] = {platform: [] for platform in KEYS}
    for post in world.posts:
        if post.account not in offices or post.is_reply or post.is_repost or post.is_story:
            continue
        local = post.published_at + _JAKARTA
        begins = post.told_at
        if begins is None:  # known by its day, so its age counts from noon
            begins = local.replace(hour=12, minute=0, second=0) - _JAKARTA
        captured = post.published_at + rng.uniform(0, 12) * _HOUR
        ages, counts = [], []
        while captured < post.published_at + 30 * _DAY:
            counters = post.counters_at(captured.replace(microsecond=0))
            if captured > begins:
                ages.append((captured - begins) / _HOUR)
                counts.append(sum(getattr(counters, name) for name in COMPONENTS[post.platform]))
            step = 12 if captured < post.published_at + 5 * _DAY else 72
            captured += rng.uniform(0.8, 1.2) * step * _HOUR
        month = date(local.year, local.month, 1)
        seen = Post(offices[post.account], month, tuple(ages), tuple(counts))
        found[post.platform].append(seen)
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench.curves", description=__doc__)
    arguments.add_argument("seeds", nargs="*", type=int, default=SEEDS)
    print("\n".join(lines(fitted(arguments.parse_args().seeds), KEYS)))


if __name__ == "__main__":
    main()
