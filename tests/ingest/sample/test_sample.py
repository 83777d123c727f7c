"""The sample world: the same seed gives the same bytes, and its exports read back as its truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

import ingest
from ingest import pipeline
from ingest.home import Home
from ingest.parsing import parse
from ingest.sample import (
    FIXTURES,
    FIXTURES_BY_KIND,
    Export,
    Habit,
    Post,
    World,
    make_world,
    write_policies,
    write_world,
)
from tests.ingest.exports import ledger, split


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(7, ("2025-07",), posts_per_account_month=6, offices=12, habit=Habit(120))


@pytest.fixture(scope="module")
def inbox(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("sample")
    write_world(world, home)
    return home / "inbox"


def test_the_same_seed_gives_the_same_files_and_another_seed_others(tmp_path: Path) -> None:
    def files(name: str, seed: int) -> dict[Path, tuple[bytes, float]]:
        home = tmp_path / name
        write_world(make_world(seed, ("2025-07",), 2, 3, Habit(360)), home)
        found = [path for path in home.rglob("*") if path.is_file()]
        return {
            path.relative_to(home): (
                path.read_bytes(),
                path.stat().st_mtime if "inbox" in path.parts else 0,
            )
            for path in found
        }

    assert files("one", 1) == files("same", 1)
    assert files("one", 1) != files("two", 2)


def test_the_world_has_posts_in_every_format_that_it_exports(world: World) -> None:
    written = {export.format for export in world.exports if export.posts}
    assert written == {each for fixture in FIXTURES.values() for each in fixture.world_formats}


def test_every_observation_of_every_export_reads_back_as_the_truth(
    world: World, inbox: Path
) -> None:
    def kind(export: Export) -> str:
        return export.format.kind

    seen = 0
    for _, group in groupby(sorted(world.exports, key=kind), key=kind):
        exports = list(group)
        files = [
            split((inbox / export.path).read_bytes(), f"{place:064}")
            for place, export in enumerate(exports)
        ]
        for rows, places in _read_alike(files):
            assert rows.rejects.is_empty(), rows.rejects.to_dicts()
            found: dict[str, list[dict[str, Any]]] = defaultdict(list)
            for row in rows.observations.to_dicts():
                found[row["sha256"]].append(row)
            for place in places:
                export = exports[place]
                read = [_told(row) for row in found[f"{place:064}"]]
                assert read == list(_truth(export)), export.path
                seen += len(read)
    assert seen == sum(len(export.posts) for export in world.exports) > 1000


def _read_alike(files: list[parse.Records]) -> Iterator[tuple[parse.Rows, list[int]]]:
    """Read the files of one layout, those with the same columns together."""
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, records in enumerate(files):
        alike[tuple(sorted(records.fitting.columns))].append(place)
    for places in alike.values():
        yield parse.interpret([files[place] for place in places]), places


def _truth(export: Export) -> Iterator[dict[str, Any]]:
    for post in export.posts:
        counts = export.observation(post)
        owner = export.owners[post.account]
        is_named = FIXTURES[post.platform].names_account_by_number
        yield {
            "post_id": post.post_id,
            "published": _published(export, post),
            "text": post.text,
            "account": owner.platform_account_id if is_named else None,
            "marks": (post.is_reply, post.is_repost, post.is_story, post.is_cross_post),
            "is_guest": post.account != export.account,
            **{name: counts[name] for name in ("likes", "comments", "shares", "saves")},
            "views": None if export.format.kind == "x_content" else counts["views"],
        }


def _published(export: Export, post: Post) -> Any:
    """The instant as far as the export tells it, or the day that it prints."""
    if post.told_at is not None:
        return post.told_at
    zone = ZoneInfo(export.format.time_zone)
    return post.published_at.replace(tzinfo=UTC).astimezone(zone).date()


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "post_id": row["post_id"],
        "published": row["published_at"] or row["published_date"],
        "text": row["text"],
        "account": row["platform_account_id"],
        "marks": tuple(row[f"is_{name}"] for name in ("reply", "repost", "story", "cross_post")),
        "is_guest": row["is_guest"],
        **{f"{name}s": row[f"{name}_count"] for name in ("like", "comment", "share", "save")},
        "views": row["view_count"],
    }


def test_the_ledger_tells_the_truth_of_every_export(tmp_path: Path) -> None:
    world = make_world(3, ("2025-07",), posts_per_account_month=3, offices=6, habit=Habit(168))
    home = Home(tmp_path / "home")
    write_world(world, home.root)
    pipeline.ingest(home)

    def truth(export: Export) -> tuple[Any, ...]:
        sidecar = export.captured_at_source == "sidecar"
        office = export.office.office_id if sidecar else export.path.split("/")[0]
        names_account = FIXTURES_BY_KIND[export.format.kind].names_account
        named = export.account if sidecar and not names_account else None
        covers = (export.covers_from, export.covers_to)
        source = export.captured_at_source
        return (export.captured_at, source, office, named, *covers, len(export.posts))

    keys = ("captured_at", "captured_at_source", "office_id", "account_id")
    told = [
        tuple(row[key] for key in (*keys, "covers_from", "covers_to", "loaded_count"))
        for row in ledger(home)
    ]
    assert sorted(told, key=str) == sorted({truth(each) for each in world.exports}, key=str)
    assert {row["status"] for row in ledger(home)} == {"loaded"}


def test_the_policy_of_the_demo_is_the_shipped_one_but_for_its_curves(tmp_path: Path) -> None:
    write_policies(tmp_path)
    (own,) = (tmp_path / "policies").glob("*.yml")
    shipped = Path(ingest.__file__).parent / "templates" / "policies" / own.name
    rules = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in (own, shipped)]
    curves = [rule.pop("growth") for rule in rules]
    alike = [rule.pop("growth_correlation_percent") for rule in rules]
    assert alike[0] >= alike[1]  # it was fitted too
    assert rules[0] == rules[1]
    assert curves[0].keys() == curves[1].keys()
