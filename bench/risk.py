"""Whether audits by sampling keep their risk, and what they cost: `python -m bench.risk [WORLDS]`.

What belongs here: worlds whose top is wrong, in the ways that are worst for the method, and how
often an audit that may stop at any draw confirms it; sound worlds, and how many pages are visited.
What does not: fairness (`fair.py`) and speed (`__main__.py`).

Prints Markdown to standard output, progress to standard error.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from random import Random
from statistics import mean

from orchestration.audit.draw import endless_draws
from orchestration.audit.evaluate import evaluate
from orchestration.audit.ranking import Ranking
from orchestration.audit.risk import UNIT, grown, is_confirmed, p_value, shared
from tests.orchestration.audit.rankings import Truth, carried_out, ranking

#: An audit goes on for so many draws of an office, and may stop at each.
_DRAWS = 500
_POSTS = 100


def main() -> None:
    arguments = argparse.ArgumentParser(prog="make risk", description=__doc__)
    arguments.add_argument("worlds", nargs="?", type=int, default=5_000)
    worlds = arguments.parse_args().worlds
    print("| the top is wrong | share of worlds in which it is ever confirmed |")
    print("|---|---|")
    for margin in (5, 20, 50):
        for name, published, truth in _wrong(margin):
            print(f"first place ahead by {margin} %, {name}", file=sys.stderr, flush=True)
            count = sum(_ever(published, truth, 0, 1, seed) for seed in range(worlds))
            print(
                f"| first place, ahead by {margin} %: {name} | {_percent(count, worlds)} |",
                flush=True,
            )
    published, truth = _three_wrong()
    for claims, name in ((3, "the risk shared"), (1, "5 % for each by itself, as we do not")):
        count = sum(
            any(_ever(published, truth, place, claims, seed) for place in range(3))
            for seed in range(worlds)
        )
        told = f"top 1, 2 and 3, each by another office, any of which passes; {name}"
        print(f"| {told} | {_percent(count, worlds)} |", flush=True)
    print("\n| sound top 3, pages gone | confirmed | pages planned | pages visited | posts |")
    print("|---|---|---|---|---|")
    for gone in (0, 1, 2, 5):
        print(f"{gone} % of the pages are gone", file=sys.stderr, flush=True)
        print(_cost(gone, max(1, worlds // 25)))


def _percent(count: int, worlds: int) -> str:
    return f"{100 * count / worlds:.2f} %"


def _wrong(margin: int) -> Iterator[tuple[str, Ranking, Truth]]:
    """First places that are exactly level with the second in truth, by their kind of error."""
    value = 10_000
    surplus = margin * value
    equal = ranking([value] * _POSTS, [value * _POSTS - surplus])
    yield (
        "whole posts invented",
        equal,
        {f"A{number:03}": 0 for number in range(margin)},
    )
    yield (
        "posts told at twice their value",
        ranking([value] * _POSTS, [value * _POSTS - surplus // 2]),
        {f"A{number:03}": value // 2 for number in range(margin)},
    )
    yield (
        "every post told a little higher",
        equal,
        {f"A{number:03}": value - surplus // _POSTS for number in range(_POSTS)},
    )
    rest = value * _POSTS - surplus
    yield (
        "one large post invented",
        ranking([surplus, *[rest // _POSTS] * _POSTS], [rest]),
        {"A000": 0},
    )


def _three_wrong() -> tuple[Ranking, Truth]:
    """Each of three offices is level, in truth, with the best one outside of its top."""
    published = ranking([25] * 40, [25] * 38, [25] * 30, [25] * 15)
    invented = {"A": 2, "B": 8, "C": 15}
    posts = (f"{name}{n:03}" for name, count in invented.items() for n in range(count))
    return published, dict.fromkeys(posts, 0)


def _ever(published: Ranking, truth: Truth, place: int, claims: int, seed: int) -> bool:
    """Whether the office at a place passes the next one's score after any number of draws."""
    office, bar = published.offices[place], published.offices[place + 1].score
    wealth = UNIT
    for _, post in zip(
        range(_DRAWS), endless_draws(published, office, f"world {seed}"), strict=False
    ):
        overstated = post.value - truth.get(post.post_id, post.value)
        wealth = grown(wealth, office.score, bar, post.value, overstated)
        if is_confirmed(shared(p_value(wealth), claims)):
            return True
        if wealth < UNIT // 1_000:  # it comes back from there in one of 20,000 worlds
            return False
    return False


def _cost(gone_percent: int, worlds: int) -> str:
    """Sound worlds of offices a tenth apart, with posts of very different sizes."""
    confirmed, planned, visited, posts = 0, [], [], []
    for seed in range(worlds):
        random = Random(seed)
        published = ranking(*(_sizes(random, 20_000 - 2_000 * place) for place in range(4)))
        audited = [post for office in published.offices[:3] for post in office.posts]
        truth = {post.post_id: 0 for post in audited if random.randrange(100) < gone_percent}
        audit = carried_out(published, f"world {seed}", 3, truth)
        confirmed += audit.confirmed == 3
        planned.append(len(evaluate(published, f"world {seed}", 3).pages))
        visited.append(len(audit.pages))
        posts.append(len(audited))
    means = " | ".join(f"{mean(each):.0f}" for each in (planned, visited, posts))
    return f"| {gone_percent} % | {_percent(confirmed, worlds)} | {means} |"


def _sizes(random: Random, score: int) -> Sequence[int]:
    """The values of an office's posts, log-normal as those of sample worlds, largest first."""
    raw = [random.lognormvariate(0, 1) for _ in range(_POSTS)]
    values = [int(each * score / sum(raw)) for each in raw]
    values[0] += score - sum(values)
    return sorted(values, reverse=True)


if __name__ == "__main__":
    main()
