"""The pages that tell how a value comes about: their example is what the rule gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import ingest
from ingest.platforms import KEYS
from ingest.reference.policies import read_policies
from tests.reference.ranks import likely_high, likely_low
from tests.reference.values import Value, Window, value_at_end

DOCS = Path(__file__).parents[1] / "docs"
PAGES = [DOCS / "value.en.md", DOCS / "value.id.md"]
SHIPPED = Path(ingest.__file__).parent / "templates" / "policies"
BEGINS = datetime(2025, 8, 10)
#: Likes by the hour at which they were seen.
POSTS = {"A": {12: 86, 48: 130}, "B": {720: 150}, "C": {12: 40}}


@dataclass(frozen=True)
class Example:
    """What the shipped policy gives for the pages' posts and their office."""

    curve: list[tuple[int, ...]]
    values: dict[str, Value]
    score: int
    likely_low: int
    likely_high: int | None


@pytest.fixture(scope="module")
def example() -> Example:
    policies = read_policies(SHIPPED, KEYS)
    policy = policies.policies.filter(policy_id="kemenkum-2025-07").row(0, named=True)
    rows = policies.growth.filter(policy_id=policy["policy_id"], platform="instagram")
    curve = rows.select("hours", "low", "typical", "high").rows()
    window = Window(BEGINS, BEGINS, BEGINS, policy["window_hours"])
    values = {
        name: value_at_end(
            {BEGINS + timedelta(hours=hour): [likes] for hour, likes in seen.items()},
            window,
            curve,
        )
        for name, seen in POSTS.items()
    }
    posts = [
        {
            "value": value.value,
            "value_likely_low": value.likely_low,
            "value_likely_high": value.likely_high,
            "is_early": value.grade == "early",
        }
        for value in values.values()
    ]
    score = sum(value.value or 0 for value in values.values())
    low = sum(value.low for value in values.values())
    return Example(
        curve=curve,
        values=values,
        score=score,
        likely_low=likely_low(score, low, posts, policy),
        likely_high=likely_high(score, None, posts, [], policy),
    )


def cells(page: Path, first: str) -> list[str]:
    """The cells of the table row that begins so."""
    (row,) = re.findall(rf"^\| {first} \|.*$", page.read_text("utf-8"), re.MULTILINE)
    return [cell.strip() for cell in row.strip("|").split("|")]


def numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_example_is_what_the_rule_gives(page: Path, example: Example) -> None:
    for name, value in example.values.items():
        _, seen, grade, number, surely, likely = cells(page, name)
        shown = numbers(seen)
        assert dict(zip(shown[1::2], shown[::2], strict=True)) == POSTS[name]
        assert (grade, int(number)) == (value.grade, value.value)
        assert numbers(surely) == [value.low, *([] if value.high is None else [value.high])]
        assert numbers(likely) == [value.likely_low, value.likely_high]
    text = " ".join(page.read_text("utf-8").split())
    assert f"= {example.score}." in text
    assert re.search(rf"{example.likely_low} (and|dan) {example.likely_high}\.", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_curve_of_the_example_is_the_shipped_one(page: Path, example: Example) -> None:
    for row in example.curve:
        if row[0] in (12, 24, 48, 720):
            assert [int(cell) for cell in cells(page, str(row[0]))] == list(row)


def test_both_languages_calculate_alike() -> None:
    english, indonesian = (
        re.findall(r"\d+(?: [−×÷] \d+)+", " ".join(page.read_text("utf-8").split()))
        for page in PAGES
    )
    assert sorted(english) == sorted(indonesian)
    assert "44 × 140 ÷ 195" in english
