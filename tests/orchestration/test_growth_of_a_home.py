"""`kurasi growth` on a home: which posts it takes, what it answers, rows that can be pasted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

import ingest
from ingest.home import Home
from ingest.platforms import KEYS
from ingest.reference.policies import read_policies
from orchestration.growth.observed import posts as observed_posts
from orchestration.growth.observed import rule
from orchestration.publication import finished_state
from orchestration.publication.queries import Unanswerable
from tests.conftest import Kurasi
from tests.lakes import KEMENKUM, account, delivery, lake, office, policy, record, video
from tests.models import Models
from tests.reference import Row

SHIPPED = Path(ingest.__file__).parent / "templates" / "policies"
BEGIN = datetime(2025, 7, 1)
#: Hours until half of all came, by a log-logistic law of shape 1, and how posts spread around it.
HALF_LIFE, SPREAD = 9.0, 0.25
OFFICES = 8


def likes(limit: int, half_life: float, age: timedelta) -> int:
    hours = age.total_seconds() / 3600
    return round(limit * hours / (hours + half_life))


def exports(number: int) -> list[tuple[Row, list[Row]]]:
    """Two months of one office's posts, exported every 12 hours or so with those of ten days.

    Its comments only now and then, so that they tell nothing of growth.
    """
    rng = Random(number)
    posts = [
        (
            BEGIN + timedelta(minutes=rng.randrange(61 * 24 * 60)),
            rng.randrange(100, 3000),
            HALF_LIFE * rng.lognormvariate(0, SPREAD),
        )
        for _ in range(16)
    ]
    made = []
    captured = BEGIN
    while captured < BEGIN + timedelta(days=66):
        captured += timedelta(minutes=rng.randrange(9 * 60, 15 * 60))
        known = [
            record(
                f"P{number}-{place}",
                likes(limit, half_life, captured - published),
                published.isoformat(),
                platform_account_id=f"A{number}",
                comment_count=rng.choice((None, 5000)),
                share_count=0,
            )
            for place, (published, limit, half_life) in enumerate(posts)
            if timedelta(0) < captured - published < timedelta(days=10)
        ]
        if known:
            made.append(delivery(captured.isoformat(), *known))
    return made


@pytest.fixture(scope="module")
def home(models: Models, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a finished state of Instagram exports of ten offices, and of one video."""
    official = policy(platforms=["instagram", "youtube"], growth=None)
    windowless = policy(
        policy_id="tanpa",
        effective_from=date(2024, 1, 1),
        effective_to=KEMENKUM["effective_from"],
        window_hours=None,
        growth=None,
    )
    numbers = range(1, OFFICES + 1)
    world = lake(
        *(export for number in numbers for export in exports(number)),
        delivery("2025-08-03 00:00", video("2025-08-01", 5), account_id="Y1"),
        offices=[office(f"O{number}") for number in numbers],
        accounts=[
            *(account(f"A{number}", f"O{number}") for number in numbers),
            account("Y1", "O1", platform="youtube"),
        ],
        policies=[official, windowless],
    )
    home = tmp_path_factory.mktemp("growth")
    with models.build(world) as database:
        state = home / "warehouse" / "current"
        state.mkdir(parents=True)
        for (name,) in database.execute("show tables").fetchall():
            if name.startswith(finished_state.PUBLIC):
                database.execute(f"copy {name} to '{state / name}.parquet'")
    return home


def test_a_platforms_law_is_found_and_too_little_data_give_none(home: Path, kurasi: Kurasi) -> None:
    done = kurasi(home, "growth", "--json")
    assert done.code == 0, done.err
    instagram, youtube = done.json
    assert (instagram["platform"], youtube["platform"]) == ("instagram", "youtube")
    assert (youtube["rows"], youtube["covered_percent"]) == ([], None)
    assert "two months" in youtube["reason"]
    assert instagram["reason"] is None
    assert instagram["fitted_months"] == ["2025-07"]
    assert instagram["measured_month"] == "2025-08"
    typical = {row["hours"]: row["typical"] for row in instagram["rows"]}
    for hours in (6, 120, 720):
        truth = 1000 * hours / (hours + HALF_LIFE) * (24 + HALF_LIFE) / 24
        assert typical[hours] == pytest.approx(truth, rel=0.1)
    assert instagram["measured_posts"] > 30
    assert 70 <= instagram["covered_percent"] <= 100


def test_the_rows_can_be_pasted_and_the_page_shows_them(
    home: Path, tmp_path: Path, kurasi: Kurasi
) -> None:
    page = kurasi(home, "growth", "--platform", "instagram").out
    assert "●" in page
    assert "keep the shipped one of:\n# youtube" in page
    folder = tmp_path / "policies"
    folder.mkdir()
    policy = (SHIPPED / "kuantitas-2025-01.yml").read_text("utf-8")
    policy = policy.replace("[instagram, facebook, x, tiktok, youtube]", "[instagram]")
    policy = policy.replace("window_hours:", "window_hours: 24")
    (folder / "kuantitas-2025-01.yml").write_text(policy + page[page.index("\ngrowth:") :])
    assert read_policies(folder, KEYS).growth["platform"].unique().to_list() == ["instagram"]


def test_what_can_not_be_fitted_is_told_in_one_line(home: Path, kurasi: Kurasi) -> None:
    done = kurasi(home, "growth", "--platform", "x")
    assert done.code == 2
    assert "there are instagram, youtube" in done.err
    assert len(done.err.splitlines()) == 1
    with pytest.raises(Unanswerable, match="has no window"):
        rule(Home(home), "tanpa")
    with pytest.raises(Unanswerable, match="there are kemenkum-2025-07, tanpa"):
        rule(Home(home), "no")


def test_comments_that_only_some_exports_report_are_no_growth(home: Path) -> None:
    posts = observed_posts(Home(home), rule(Home(home)), "instagram")
    assert len(posts) == 16 * OFFICES
    assert max(post.counts[-1] for post in posts) < 5000
