"""What the shell completes: months, offices, policies, leagues, deliveries, editions of the home.

What belongs here: reading these names fast and without a word. What does not: complaints; where
nothing can be read nothing is completed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import typer

from ingest.home import Home
from orchestration.publication import editions, finished_state, queries

Completion = Callable[[typer.Context, str], list[tuple[str, str]]]


def _completion(names: Callable[[Home], Iterator[tuple[str, str]]]) -> Completion:
    """Names and their descriptions, of those that begin as typed."""

    def complete(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
        home = Home(Path(ctx.find_root().params.get("home") or "home").resolve())
        try:
            return [
                (name, description)
                for name, description in names(home)
                if name.startswith(incomplete)
            ]
        except (
            OSError,
            finished_state.NoState,
            editions.DamagedEdition,
            pl.exceptions.PolarsError,
        ):
            return []

    return complete


@_completion
def months(home: Home) -> Iterator[tuple[str, str]]:
    for name in reversed(queries.months(home)):
        yield name, ""


@_completion
def offices(home: Home) -> Iterator[tuple[str, str]]:
    spans = finished_state.table(home, "dim_office").sort("office_id", "valid_from_date").collect()
    names = dict(spans.select("office_id", "office_name").iter_rows())
    yield from names.items()


@_completion
def policies(home: Home) -> Iterator[tuple[str, str]]:
    found = finished_state.table(home, "dim_policy").select("policy_id", "title").collect()
    yield from found.iter_rows()


@_completion
def leagues(home: Home) -> Iterator[tuple[str, str]]:
    found = finished_state.table(home, "rank_monthly").select("league").unique().collect()["league"]
    for name in found.sort():
        yield name, ""


@_completion
def deliveries(home: Home) -> Iterator[tuple[str, str]]:
    for row in queries.deliveries(home):
        yield row["delivery_id"], row["name"]


@_completion
def published(home: Home) -> Iterator[tuple[str, str]]:
    for edition in editions.editions(home):
        yield edition.edition_id, edition.published_at
