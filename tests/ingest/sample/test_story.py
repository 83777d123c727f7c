"""The demo's world is as it is told: habits, growth, planted effects and single events."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import fmean, median, variance

import pytest

from ingest.sample import FIXTURES, Habit, Pace, Post, World, captions, growth, make_world, story

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
#: Offices' zones, in hours ahead of UTC.
AHEAD = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(seed=5)


def had_at_24_hours(post: Post) -> int:
    counters = post.counters_at(post.published_at + DAY)
    return counters.likes + counters.comments + counters.shares


def sightings(world: World) -> dict[str, list[datetime]]:
    """A post's ID to when it was exported."""
    found = defaultdict(list)
    for export in world.exports:
        for post in export.told:
            found[post.post_id].append(export.captured_at)
    return found


def test_most_posts_are_seen_on_both_sides_of_their_24_hours_and_a_day_apart(world: World) -> None:
    rare = {account for account, habit in story.habits(world.offices).items() if habit.every_hours}
    seen = sightings(world)
    close = 0
    for post in world.posts:
        end = post.published_at + DAY
        before = [at for at in seen[post.post_id] if at <= end]
        after = [at for at in seen[post.post_id] if at > end]
        close += bool(before and after and min(after) - max(before) <= timedelta(hours=27))
    assert rare
    assert close / len(world.posts) > 0.75


def test_some_offices_export_weekly_one_once_late_and_one_not_at_all(world: World) -> None:
    captures = defaultdict(list)
    gaps = defaultdict(list)
    for export in world.exports:
        captures[export.office.office_id, export.account].append(export.captured_at)
    for (office, _), instants in captures.items():
        gaps[office] += [(after - before) / DAY for before, after in pairwise(instants)]
    rare = {office: median(own) for office, own in gaps.items() if median(own) > 4}
    assert rare.pop(story.EXPORTS_ONCE) > 25
    assert len(rare) == 6
    assert median(rare.values()) == pytest.approx(7, abs=0.5)
    last = datetime(2025, 9, 30)
    once = [found for (office, _), found in captures.items() if office == story.EXPORTS_ONCE]
    assert all(len(instants) == 3 for instants in once)
    last = datetime(2025, 9, 30)
    silent = [found for (office, _), found in captures.items() if office == story.EXPORTS_NOTHING]
    assert silent
    assert all(max(instants) < datetime(2025, 9, 10) for instants in silent)
    others = [found for (office, _), found in captures.items() if office != story.EXPORTS_NOTHING]
    assert all(max(instants) > last for instants in others)


def test_growth_differs_by_platform_and_kind_and_an_office_shares_a_tenth_of_the_spread() -> None:
    made = [make_world(seed, ("2025-07",), 30, habit=Habit(None)) for seed in (1, 2, 3)]
    half_lives = defaultdict(list)
    paces = defaultdict(list)
    for number, world in enumerate(made):
        offices = {row.account_id: row.office_id for row in world.accounts}
        for post in world.posts:
            kind = growth.kind_of(post.post_type)
            half_lives[post.platform, kind].append(post.half_life / 3600)
            law = growth.LAWS[post.platform, kind].half_life * 3600
            office = offices.get(post.account, "")
            paces[number, office].append(math.log(post.half_life / law))
    for (platform, kind), law in growth.LAWS.items():
        assert median(half_lives[platform, kind]) == pytest.approx(law.half_life, rel=0.2)
    within = fmean(variance(own) for own in paces.values())
    between = variance(fmean(own) for own in paces.values())
    assert within + between == pytest.approx(0.4**2, rel=0.1)
    assert 0.05 < between / (within + between) < 0.2


def test_the_effects_of_kind_and_hour_can_be_found_again(world: World) -> None:
    zones = {row.office_id: row.time_zone for row in world.offices}
    offices = {row.account_id: row.office_id for row in (*world.accounts, *world.left_out)}
    kinds = defaultdict(list)
    hours = defaultdict(list)
    for account in sorted({post.account for post in world.posts}):
        posts = [post for post in world.posts if post.account == account and not post.is_story]
        usual = fmean(math.log1p(had_at_24_hours(post)) for post in posts) if posts else 0
        for post in posts:
            more = math.log1p(had_at_24_hours(post)) - usual
            local = post.published_at + AHEAD[zones[offices[account]]] * HOUR
            hours[18 <= local.hour < 22].append(more)
            if post.platform == "instagram":
                kinds[growth.kind_of(post.post_type)].append(more)
    assert math.exp(fmean(kinds["reel"]) - fmean(kinds["image"])) == pytest.approx(1.6, rel=0.15)
    assert math.exp(fmean(hours[True]) - fmean(hours[False])) == pytest.approx(1.5, rel=0.15)


def test_most_captions_of_a_campaign_carry_its_tag_and_some_a_misspelt_one(world: World) -> None:
    campaign = captions.CAMPAIGNS[0]
    posts = [
        post for post in world.posts if campaign.runs_on((post.published_at + 7 * HOUR).date())
    ]
    texts = [f"{post.text} " for post in posts]
    misspelt = sum(any(f" {tag} " in text for tag in campaign.misspelt) for text in texts)
    asked = sum(f"{campaign.tag} " in text for text in texts)
    assert 0.55 < asked / len(posts) < 0.65
    assert 0.1 < misspelt / len(posts) < 0.2


def test_a_burst_a_post_that_vanishes_and_one_published_again_are_there(world: World) -> None:
    (burst,) = [post for post in world.posts if post.burst]
    begins_at = burst.published_at + 15 * HOUR
    before, after = burst.counters_at(begins_at), burst.counters_at(begins_at + HOUR)
    assert after.likes - before.likes >= 2_500
    assert after.views - before.views < 2_500
    seen = sightings(world)
    gone = {post.account: post for post in world.posts if post.gone_at}
    vanished, first = gone[story.VANISHED], gone[story.REPEATED]
    for post in gone.values():
        assert post.gone_at
        assert max(seen[post.post_id]) < post.gone_at
    same = [
        post
        for post in world.posts
        if (post.account, post.text) == (first.account, first.text)
        and post.published_at > first.published_at
    ]
    assert min(post.published_at for post in same) - first.gone_at == HOUR
    assert vanished.post_id not in {post.post_id for post in same}


def test_followers_grow_and_one_file_is_no_export(world: World) -> None:
    followers = [day.metrics["followers"] for file in world.day_files for day in file.export.days]
    assert len(followers) == 31 + 31 + 30
    assert followers == sorted(followers)
    assert {file.path.split("/")[0] for file in world.other_files} == {story.OWN_LIST}
    headers = {
        each for fixture in FIXTURES.values() for f in fixture.formats for each, _ in f.columns
    }
    # One word of Facebook's is anybody's.
    assert headers & set(world.other_files[0].text.split("\n")[1].split(";")) == {"Judul"}


def test_posts_are_the_same_however_offices_export_and_other_laws_change_only_growth() -> None:
    daily = make_world(4, ("2025-08",), 4, 8, Habit(24))
    office = daily.offices[0].office_id
    alone = make_world(4, ("2025-08",), 4, 8, Habit(24), habits={office: Habit(None)})
    assert alone.posts == daily.posts
    captures = [
        {(export.account, export.path) for export in made.exports} for made in (alone, daily)
    ]
    changed = {account for account, _ in captures[0] ^ captures[1]}
    own = {row.account_id for row in daily.accounts if row.account_id.startswith(office)}
    assert changed == own
    slower = {
        place: law._replace(half_life=2 * law.half_life) for place, law in growth.LAWS.items()
    }
    other = make_world(4, ("2025-08",), 4, 8, Habit(24), pace=Pace(slower))
    assert list(map(had_at_24_hours, other.posts)) == list(map(had_at_24_hours, daily.posts))
    assert median(post.half_life for post in other.posts) == pytest.approx(
        2 * median(post.half_life for post in daily.posts), rel=0.01
    )
