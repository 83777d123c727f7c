"""What a run and the doctor warn of: each in one line, with its number and what to do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.home import Home
from orchestration.publication import finished_state
from orchestration.publication.warnings import warnings
from tests.conftest import Kurasi
from tests.lakes import account, day, delivery, lake, office, policy, record, utc, video
from tests.models import Models
from tests.orchestration.test_checks import built

pytestmark = pytest.mark.xdist_group("checks")
NOW = utc("2025-09-01 00:00")


def handle(name: str, post_id: str, likes: int = 1, **more: object) -> dict[str, object]:
    """A record that names its account by its handle only."""
    return record(post_id, likes, platform_account_id=None, account_handle=name, **more)


#: The cut-off of July is 17:00 UTC of 7 August. What is wrong here is wrong once or twice.
WRONG = lake(
    delivery("2025-07-11 00:00", record("P1", 5), handle("kanwil_bali", "S1", 40)),
    delivery("2025-08-09 00:00", record("P2"), handle("kanwil_bali", "S2"), handle("x", "S3")),
    # Stories do not count, whoever posts them.
    delivery("2025-07-12 00:00", handle("kanwil_bali", "S4", 100, is_story=True)),
    # A post of five hours later.
    delivery("2025-07-15 00:00", record("P3"), record("P4", at="2025-07-15 05:00")),
    delivery("2025-07-16 00:00", record("P3"), record("P4", at="2025-07-15 05:00")),
    delivery("2025-09-01 00:16", record("P1", 9)),
    # O1's account, in O2's folder; and O1's own that it had until it gave it to O2.
    delivery("2025-07-17 00:00", record("P5"), record("P6"), office_id="O2"),
    delivery("2025-07-18 00:00", record("P7", platform_account_id="A2"), office_id="O1"),
    # A folder that is no office says nothing of the sender.
    delivery("2025-07-19 00:00", record("P8"), office_id="incoming"),
    offices=[office(), office("O2"), office("U1", league="upt"), office("U2", league="upt")],
    accounts=[
        account(),
        account("A2", valid_to=day("2025-07-15")),
        account("A2", "O2", valid_from=day("2025-07-15")),
        account("A3", "O2", platform_account_id=None, handle="kanwilbali"),
        account("A4", "O2", platform="x", platform_account_id=None, handle="quiet"),
        account("A5", "O2", platform_account_id="A5", handle=None),
    ],
)


def state(models: Models, world: object, folder: Path) -> Home:
    home = built(models, world, folder)  # type: ignore[arg-type]
    finished_state.keep(home, home.warehouse / "kurasi.duckdb", "state")
    return home


def test_each_is_a_line_with_its_number_and_its_remedy(
    models: Models, tmp_path: Path, kurasi: Kurasi
) -> None:
    home = state(models, WRONG, tmp_path)
    told = {warning.kind: warning for warning in warnings(home, NOW)}
    assert {kind: warning.count for kind, warning in told.items()} == {
        "seen_after_cutoff": 1,
        "unregistered_account": 2,
        "unknown_league": 1,
        "unmatched_handle": 2,
        "capture_in_the_future": 1,
        "capture_disproved": 1,
        "sender_of_another_office": 2,
    }
    assert told["seen_after_cutoff"].line == (
        "1 post was first seen after the cut-off, so it does not count (2025-07: 1); export before "
        "it: kurasi due"
    )
    # One post in time: the others came after the cut-off, or are a story.
    assert told["unregistered_account"].line == (
        "2 accounts are not in the registry; 1 post with 40 interactions would have counted "
        "(instagram:@kanwil_bali: 1, instagram:@x: 0); name the official ones in "
        "registry/accounts.csv"
    )
    assert told["unmatched_handle"].text == (
        "2 handles of the registry match nothing in any export (instagram @kanwilbali, perhaps "
        "@kanwil_bali, x @quiet)"
    )
    assert "(upt: 2 offices)" in told["unknown_league"].line
    assert "2025-09-01 00:16 UTC" in told["capture_in_the_future"].line
    assert "delivered by O2, which does not have the account A1: 2 posts" in (
        told["sender_of_another_office"].line
    )
    assert all("\n" not in warning.line and warning.remedy for warning in told.values())
    doctor = kurasi(home.root, "doctor", "--json")
    notes = {each["check"] for each in doctor.json["checks"] if each["is_warning"]}
    # To the doctor, who has today's clock, September is past.
    assert notes == {kind.replace("_", " ") for kind in told} - {"capture in the future"}


def test_a_sound_home_has_none(models: Models, tmp_path: Path) -> None:
    sound = lake(delivery("2025-07-11 00:00", record("P1", 5), office_id="O1"))
    assert warnings(state(models, sound, tmp_path), NOW) == []


def test_studio_s_tables_without_the_columns_that_count_are_told_until_one_has_them(
    models: Models, tmp_path: Path
) -> None:
    table = {"kind": "youtube_table", "name": "Table data.csv"}
    bare = {"like_count": None, "comment_count": None, "share_count": None}
    world = lake(
        delivery("2025-07-12 00:00", video("2025-07-10", **bare), folder="O1", **table),
        delivery(
            "2025-07-12 00:00", video("2025-07-10", post_id="P2", **bare), folder="O2", **table
        ),
        delivery(
            "2025-07-13 00:00",
            video("2025-07-10", 3, post_id="P2", comment_count=None),
            folder="O2/second",
            **table,
        ),
        delivery(
            "2025-07-12 00:00", video("2025-07-10", post_id="P3", **bare), folder="O3", **table
        ),
        delivery("2025-07-13 00:00", video("2025-07-10", 3, post_id="P3"), folder="O3", **table),
        policies=[policy(minimum_coverage_percent=0)],
    )
    told = {each.kind: each for each in warnings(state(models, world, tmp_path), NOW)}
    assert told["missing_counters"].line == (
        "2 YouTube exports lack columns that count, so what they tell is unknown and no zero "
        "(O2/second/Table data.csv: Comments added, O1/Table data.csv: Likes and Comments added "
        "and Shares); choose these columns in YouTube Studio (advanced mode, the plus above the "
        "table), and export again"
    )


def test_an_account_that_grew_by_more_posts_than_are_on_record_is_told(
    models: Models, tmp_path: Path
) -> None:
    # 100, 103 and 105 posts: of the three one is on record, of the two both are.
    first = delivery("2025-07-10 00:00", record("P1", at="2025-07-09 00:00"))
    second = delivery("2025-07-12 00:00", record("P2", at="2025-07-11 00:00"))
    third = delivery(
        "2025-07-14 00:00",
        record("P3", at="2025-07-13 00:00"),
        record("P4", at="2025-07-13 01:00"),
        record("S1", at="2025-07-11 01:00", is_story=True),
    )
    world = lake(
        first,
        second,
        third,
        policies=[policy(minimum_coverage_percent=0)],
    )
    counts = zip((first, second, third), (100, 103, 105), strict=True)
    world = replace(world, posts_in_all={told["sha256"]: count for (told, _), count in counts})
    told = {each.kind: each for each in warnings(state(models, world, tmp_path), NOW)}
    assert told["posts_of_no_export"].line == (
        "2 posts are in no export, by what responses say of how many an account has "
        "(A1: 2 between 2025-07-10 and 2025-07-12); export these days of the account"
    )


def test_an_export_that_names_no_account_is_told_as_that(models: Models, tmp_path: Path) -> None:
    unnamed = lake(
        delivery("2025-07-12 00:00", video("2025-07-10", 3)),
        policies=[policy(minimum_coverage_percent=0)],
    )
    (told,) = warnings(state(models, unnamed, tmp_path), NOW)
    assert "youtube, where the export names none: 1" in told.line
