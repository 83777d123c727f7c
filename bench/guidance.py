"""Whether guidance abstains where there is nothing to say, and finds what is planted:
`python -m bench.guidance [SHUFFLES]`.

What belongs here: half a year of posts of our own with heavy tails, whose kinds, hours, days and
texts hang together as those of offices do, and what `agg_guidance` says of them: the compiled SQL
of the warehouse itself is run. What does not: how a post comes to its value (`tests/dbt/`).

Every world is these posts with their values shuffled within each account and month, so that nothing
has an effect; what is planted multiplies the values after that.

Prints Markdown to standard output, progress to standard error.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from numpy.random import Generator

from tests.guidance import POLICY, guidance
from tests.models import compile_models

_MONTHS = [date(2025, month, 1) for month in range(3, 9)]
_OFFICES = 41
#: The share of offices on each platform, its posts by account and month, what a middling post has.
_PLATFORMS = {
    "instagram": (1.0, 20, 60),
    "facebook": (0.9, 15, 35),
    "x": (0.7, 12, 12),
    "tiktok": (0.5, 8, 80),
    "youtube": (0.5, 8, 15),
}
#: How often posts are of each kind, on average over offices.
_KINDS = {
    "instagram": {"carousel": 3, "image": 4, "reel": 3},
    "facebook": {"image": 5, "reel": 2, "video": 3},
    "x": {"unknown": 1},
    "tiktok": {"video": 1},
    "youtube": {"video": 1},
}
_BANDS = ["00-06", "06-10", "10-14", "14-18", "18-24"]
#: How often a post is of each band: films are shown in the evening, pictures in the morning.
_HOURS_OF_FILMS, _HOURS_OF_OTHERS = [1, 3, 5, 6, 10], [1, 7, 9, 6, 2]
#: Standard deviations of the logarithm: of accounts' audiences, and of posts by chance.
_AUDIENCE_SPREAD, _CHANCE_SPREAD = 1.0, 1.0


@dataclass(frozen=True)
class Effect:
    """What multiplies the values of some posts of a platform."""

    platform: str
    feature: str
    column: str
    level: str
    factor: float

    def holds(self, statements: pl.DataFrame) -> pl.DataFrame:
        """The statements that tell it."""
        return statements.filter(platform=self.platform, feature=self.feature, level=self.level)

    def rides(self, statements: pl.DataFrame) -> pl.DataFrame:
        """The statements that must not be proven by it: of other features or platforms."""
        return statements.filter(
            (pl.col("platform") != self.platform) | (pl.col("feature") != self.feature)
        )


REEL = Effect("instagram", "kind", "post_kind", "reel", 1.5)
EVENING = Effect("instagram", "hour_band", "hour_band", "18-24", 1.5)


def main() -> None:
    arguments = argparse.ArgumentParser(prog="make guidance", description=__doc__)
    arguments.add_argument("shuffles", nargs="?", type=int, default=600)
    shuffles = arguments.parse_args().shuffles
    rng = np.random.default_rng(1)
    posts = _posts(rng)
    with tempfile.TemporaryDirectory() as folder:
        told = guidance(compile_models(Path(folder)), _MONTHS[-1])
        print(f"{posts.height} posts of {_OFFICES} offices in {len(_MONTHS)} months\n")
        print("| planted | worlds | with any claim | found | interval holds it | side claims |")
        print("|---|---|---|---|---|---|")
        for effect in (None, REEL, EVENING):
            print("planted:", effect, file=sys.stderr, flush=True)
            worlds = (
                told.says(_baseline(posts, _values(posts, effect, rng))) for _ in range(shuffles)
            )
            _print(effect, list(worlds))


def _posts(rng: Generator) -> pl.DataFrame:
    """Every post with what is compared, and its value before anything is shuffled."""
    return pl.concat(
        _account(rng, f"O{office:02}", platform)
        for platform, (share, _, _) in _PLATFORMS.items()
        for office in range(round(share * _OFFICES))
    ).with_row_index("post_number")


def _account(rng: Generator, office_id: str, platform: str) -> pl.DataFrame:
    """An account's posts, in its office's own habits."""
    _, posts_per_month, middling = _PLATFORMS[platform]
    counts = rng.poisson(posts_per_month * rng.uniform(0.5, 1.5), len(_MONTHS))
    size = counts.sum()
    kinds = _drawn(rng, _KINDS[platform], size)
    is_film = np.isin(kinds, ["reel", "video"])
    film_bands = _drawn(rng, dict(zip(_BANDS, _HOURS_OF_FILMS, strict=True)), size)
    other_bands = _drawn(rng, dict(zip(_BANDS, _HOURS_OF_OTHERS, strict=True)), size)
    lengths = rng.lognormal(5.3 + rng.normal(0, 0.3) - 0.4 * is_film, 0.7)
    chance = rng.lognormal(rng.normal(0, _AUDIENCE_SPREAD), _CHANCE_SPREAD, size)
    widely_shared = np.where(rng.random(size) < 0.03, rng.uniform(3, 30, size), 1)
    return pl.DataFrame(
        {
            "month": pl.Series(_MONTHS).repeat_by(pl.Series(counts)).explode(),
            "platform": platform,
            "account_id": f"{office_id}-{platform}",
            "office_id": office_id,
            "post_kind": kinds,
            "hour_band": np.where(is_film, film_bands, other_bands),
            "is_weekend": rng.random(size) < rng.uniform(0.05, 0.3),
            "caption_length_band": np.select(
                [lengths < 100, lengths < 300], ["0-99", "100-299"], "300+"
            ),
            "has_hashtag": rng.random(size) < rng.uniform(0.3, 0.9) + 0.1 * is_film,
            "has_question": rng.random(size) < rng.uniform(0.05, 0.3),
            "value": (middling * chance * widely_shared).astype(int),
        }
    )


def _drawn(rng: Generator, weights: dict[str, int], size: int) -> np.ndarray:
    """Words by an office's own weights around those of all."""
    chances = rng.dirichlet(list(weights.values()))
    return rng.choice(list(weights), size, p=chances)


def _values(posts: pl.DataFrame, effect: Effect | None, rng: Generator) -> pl.Series:
    """The posts' values, shuffled within account and month, and then with the effect."""
    shuffled = (
        posts.with_columns(draw=pl.Series(rng.random(posts.height)))
        .with_columns(value=pl.col("value").sort_by("draw").over("account_id", "month"))
        .get_column("value")
    )
    if effect is None:
        return shuffled
    is_lifted = (posts["platform"] == effect.platform) & (posts[effect.column] == effect.level)
    factor = is_lifted.cast(pl.Float64) * (effect.factor - 1) + 1
    return (shuffled * factor).round().cast(pl.Int64)


def _baseline(posts: pl.DataFrame, values: pl.Series) -> pl.DataFrame:
    """The rows of `fct_post_baseline` that guidance reads."""
    value, account_month = pl.col("value"), ("account_id", "month")
    is_compared = (pl.len().over(account_month) >= 5) & (value.median().over(account_month) > 0)
    ratio = (value / value.median().over(account_month)).round(4)
    return posts.with_columns(value=values).with_columns(
        policy_id=pl.lit(POLICY),
        window_value=value,
        window_ratio=pl.when(is_compared).then(ratio).cast(pl.Decimal(18, 4)),
        last_ratio=pl.lit(None, pl.Decimal(18, 4)),
    )


def _print(effect: Effect | None, worlds: list[pl.DataFrame]) -> None:
    claims = [world.filter("is_proven") for world in worlds]
    any_claim = _percent(not world.is_empty() for world in claims)
    if effect is None:
        print(f"| nothing | {len(worlds)} | {any_claim} | | | |", flush=True)
        return
    side = _percent(not effect.rides(world).is_empty() for world in claims)
    told = pl.concat(effect.holds(world) for world in worlds)
    for (kind,), statements in told.sort("post_kind").group_by("post_kind", maintain_order=True):
        found = _percent(statements["is_proven"])
        covered = _percent(
            statements["ratio_low"].le(effect.factor) & statements["ratio_high"].ge(effect.factor)
        )
        name = f"{effect.level} × {effect.factor}" + (f", among {kind}" if kind else "")
        print(
            f"| {name} | {len(worlds)} | {any_claim} | {found} | {covered} | {side} |", flush=True
        )


def _percent(hits: Iterator[bool] | pl.Series) -> str:
    every = list(hits)
    return f"{100 * sum(every) / len(every):.1f} %"


if __name__ == "__main__":
    main()
