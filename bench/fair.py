"""How fair the ranking of interactions is: `python -m bench.fair [--exports] [SEED ...]`.

What belongs here: sample worlds of which the truth is known, exported in rhythms of every kind, and
how far the ranks of the warehouse's own SQL lie from the true ones. Curves are fitted on other
worlds and months. What does not: speed (`__main__.py`).

A world goes into the lake as its exports would (`make fair`; half a minute for a world), or with
`--exports` as files into an inbox and through `kurasi run`, under the sample's own policies, whose
curves were fitted on other worlds too (some minutes for a world).

Prints Markdown to standard output, progress to standard error.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import mean

import duckdb

from bench import curves
from ingest.sample import Habit, World, make_world, write_policies, write_world
from ingest.sample.truth import Post
from ingest.sealing import remove_folder
from orchestration.growth.policy_rows import correlation_percent
from tests.lakes import KEMENKUM, account, delivery, lake, office, record
from tests.models import Models, compile_models
from tests.reference import Lake, Row

SEEDS = tuple(range(1, 11))
#: Between two exports of an account; none: once, after the month.
RHYTHMS = {
    "every 12 hours": timedelta(hours=12),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
    "once, after the month": None,
}
_LEAGUE = "kanwil"
_DAY, _JAKARTA = timedelta(days=1), timedelta(hours=7)
_START, _END = datetime(2025, 8, 1) - _JAKARTA, datetime(2025, 9, 1) - _JAKARTA
_AFTER = _END + 2 * _DAY  # everybody exports then
_CUTOFF = _END + 7 * _DAY
#: So far back an export reaches, unless the one before is longer ago.
_REACH = 10 * _DAY


@dataclass(frozen=True, slots=True)
class Standing:
    """An office in the ranking, with its likely bounds; a high of None is unbounded."""

    rank: int
    score: int
    likely_ranks: tuple[int, int]
    likely_scores: tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Fairness:
    """How far a world's ranking lies from the truth, as means over the offices of the league."""

    rank_error: float
    scores_held: float
    ranks_held: float
    width: float


Ranking = Mapping[str, Standing]


def main() -> None:
    arguments = argparse.ArgumentParser(prog="make fair", description=__doc__)
    arguments.add_argument("seeds", nargs="*", type=int, default=SEEDS)
    arguments.add_argument("--exports", action="store_true")
    asked = arguments.parse_args()
    policy = _policy()
    measured: dict[str, list[Fairness]] = {name: [] for name in RHYTHMS}
    gains: list[int] = []
    with tempfile.TemporaryDirectory() as folder:
        models = compile_models(Path(folder))
        for seed in asked.seeds:
            world = make_world(seed, ("2025-08",), habit=Habit(None))
            truth = _truth(world, policy, moves=asked.exports)
            rankings: dict[str, Ranking] = {}
            for name, rhythm in RHYTHMS.items():
                print(f"world {seed}, exports {name} ...", file=sys.stderr, flush=True)
                if asked.exports:
                    rankings[name] = _run(seed, rhythm, Path(folder) / "home")
                else:
                    rankings[name] = _ranked(models, _lake(world, policy, rhythm))
                measured[name].append(_fairness(rankings[name], truth))
            gains += _gains(rankings["daily"], rankings["once, after the month"])
    _print(measured, gains)


def _policy() -> Row:
    """The shipped policy with curves fitted on other worlds and months."""
    fits = curves.fitted()
    return KEMENKUM | {
        "engagement_on": {"youtube": {"like": 1, "comment": 1}},
        "growth": {
            platform: [tuple(row) for row in found.rows] for platform, found in fits.items()
        },
        "growth_correlation_percent": correlation_percent(fits),
    }


def _counts(post: Post) -> bool:
    return not (post.is_reply or post.is_repost or post.is_story)


def _truth(world: World, policy: Row, *, moves: bool) -> dict[str, int]:
    """What each office's posts of the month had when their window ended.

    `moves`: an account that moves in the month counts for both of its offices; in the lakes it
    stays where it was.
    """
    first, now = _owners(world), {row.account_id: row for row in world.accounts}
    scores = {each.office_id: 0 for each in world.offices if each.league == _LEAGUE}
    for post in world.posts:
        owner = first.get(post.account)
        if (
            moves
            and owner
            and (post.published_at + _JAKARTA).date() >= now[post.account].valid_from
        ):
            owner = now[post.account].office_id
        if owner in scores and _counts(post) and _START <= post.published_at < _END:
            ends = post.published_at + timedelta(hours=policy["window_hours"])
            counters = post.counters_at(ends)
            components = curves.COMPONENTS[post.platform]
            scores[owner] += sum(getattr(counters, name) for name in components)
    return scores


def _owners(world: World) -> dict[str, str]:
    """Account to its first office."""
    owners: dict[str, str] = {}
    for row in world.accounts:
        owners.setdefault(row.account_id, row.office_id)
    return owners


def _lake(world: World, policy: Row, rhythm: timedelta | None) -> Lake:
    """A world as exports in a rhythm show it."""
    owners = _owners(world)
    platforms = {row.account_id: row.platform for row in world.accounts}
    posts: dict[str, list[Post]] = {account_id: [] for account_id in owners}
    for post in world.posts:
        if post.account in posts and _counts(post):
            posts[post.account].append(post)
    made: list[tuple[Row, list[Row]]] = []
    for account_id, platform in platforms.items():
        rng = Random(account_id)
        made += _exports(account_id, platform, posts[account_id], rhythm, rng)
    return lake(
        *made,
        offices=[office(row.office_id, league=row.league) for row in world.offices],
        accounts=[
            account(account_id, owner, platform=platforms[account_id])
            for account_id, owner in owners.items()
        ],
        policies=[policy],
    )


def _exports(
    account_id: str, platform: str, posts: Sequence[Post], rhythm: timedelta | None, rng: Random
) -> Iterator[tuple[Row, list[Row]]]:
    """An account's exports, from some moment within the first interval on, up to the cut-off."""
    instants = [_AFTER]
    if rhythm:
        captured = _START + rng.random() * rhythm
        while captured < _CUTOFF:
            instants.append(captured.replace(microsecond=0))
            captured += rhythm
    earlier = _START
    for captured_at in sorted(instants):
        since = min(earlier - 3 * _DAY, captured_at - _REACH)
        rows = [
            _record(account_id, post, captured_at)
            for post in posts
            if since <= post.published_at < captured_at
        ]
        yield delivery(
            captured_at.isoformat(),
            *rows,
            account_id=account_id,
            platform=platform,
            covers_from=(since + _JAKARTA).date(),
            covers_to=(captured_at + _JAKARTA).date(),
            covers_source="sidecar",
        )
        earlier = captured_at


def _record(account_id: str, post: Post, captured_at: datetime) -> Row:
    counters = post.counters_at(captured_at)
    day: date | None = None if post.told_at else (post.published_at + _JAKARTA).date()
    return record(
        post.post_id,
        counters.likes,
        platform=post.platform,
        platform_account_id=account_id,
        published_at=post.told_at,
        published_date=day,
        published_precision=post.published_precision,
        comment_count=counters.comments,
        share_count=counters.shares,
    )


def _ranked(models: Models, world: Lake) -> Ranking:
    """The ranking that the warehouse's models give, by office."""
    with models.build(world) as database:
        return _standings(database, "rank_monthly")


def _run(seed: int, rhythm: timedelta | None, folder: Path) -> Ranking:
    """The ranking that `kurasi run` gives of the world's exports, by office."""
    hours = int(rhythm / timedelta(hours=1)) if rhythm else None
    if folder.exists():
        remove_folder(folder)
    write_world(make_world(seed, ("2025-08",), habit=Habit(hours)), folder)
    write_policies(folder)
    for word in ("init", "run"):
        command = [str(Path(sys.executable).with_name("kurasi")), "--home", str(folder), word]
        subprocess.run(command, check=True, capture_output=True)
    rankings = folder / "warehouse" / "current" / "rank_monthly.parquet"
    with duckdb.connect() as database:
        return _standings(database, f"'{rankings}'")


def _standings(database: duckdb.DuckDBPyConnection, rankings: str) -> Ranking:
    rows = database.execute(
        "select office_id, rank, score, rank_likely_best, rank_likely_worst, "
        f"score_likely_low, score_likely_high from {rankings} "
        "where month = date '2025-08-01' and category = 'popular' and league = ? "
        "and policy_id = ?",
        [_LEAGUE, KEMENKUM["policy_id"]],
    ).fetchall()
    return {
        office_id: Standing(rank, score, (best, worst), (low, high))
        for office_id, rank, score, best, worst, low, high in rows
    }


def _true_rank(office_id: str, truth: Mapping[str, int]) -> int:
    return 1 + sum(score > truth[office_id] for score in truth.values())


def _fairness(ranking: Ranking, truth: Mapping[str, int]) -> Fairness:
    errors, scores, ranks, widths = [], [], [], []
    for office_id, score in truth.items():
        standing = ranking[office_id]
        true_rank = _true_rank(office_id, truth)
        low, high = standing.likely_scores
        best, worst = standing.likely_ranks
        errors.append(abs(standing.rank - true_rank))
        scores.append(low <= score and (high is None or score <= high))
        ranks.append(best <= true_rank <= worst)
        widths.append(worst - best + 1)
    return Fairness(mean(errors), mean(scores), mean(ranks), mean(widths))


def _gains(daily: Ranking, once: Ranking) -> Iterator[int]:
    """The ranks that each office would gain if it alone exported once and all others daily.

    An office's score depends on its own exports alone, so it is the one of the other ranking.
    """
    for office_id, standing in daily.items():
        others = [each.score for other, each in daily.items() if other != office_id]
        yield standing.rank - (1 + sum(score > once[office_id].score for score in others))


def _print(measured: Mapping[str, Sequence[Fairness]], gains: Sequence[int]) -> None:
    print("| exports | mean rank error | true scores in the likely bounds | true ranks | width |")
    print("|---|---|---|---|---|")
    for name, worlds in measured.items():
        print(
            f"| {name} | {mean(world.rank_error for world in worlds):.2f} "
            f"| {100 * mean(world.scores_held for world in worlds):.0f} % "
            f"| {100 * mean(world.ranks_held for world in worlds):.1f} % "
            f"| {mean(world.width for world in worlds):.1f} |"
        )
    print(
        f"\nAn office that alone exports once gains {mean(gains):.2f} ranks on average "
        f"(from {min(gains)} to {max(gains)}; {len(gains)} offices)."
    )


if __name__ == "__main__":
    main()
