"""What is drawn, what a finding supports, and how nobody can leave out a page."""

from __future__ import annotations

import hashlib
from collections import Counter
from itertools import islice

import pytest

from orchestration.audit.draw import draws
from orchestration.audit.evaluate import claimed, document, evaluate
from orchestration.audit.ranking import NotAuditable
from tests.orchestration.audit.rankings import every_finding, ranking, seen, visited

SEED = "20237331128159211123"


def test_anybody_draws_the_same_posts_with_a_hash_alone() -> None:
    values = [7, 300, 1, 92, 600]
    published = ranking(values, [10])
    units = [f"A{number:03}" for number, value in enumerate(values) for _ in range(value)]
    expected = [
        units[int(hashlib.sha256(f"{SEED},kanwil,popular,A,{n}".encode()).hexdigest(), 16) % 1000]
        for n in range(1, 16)
    ]
    assert [post.post_id for post in draws(published, published.offices[0], SEED)] == expected


def test_a_post_is_drawn_as_often_as_it_is_large() -> None:
    published = ranking([100, 300, 600], [10])
    (office, _) = published.offices
    drawn: Counter[int] = Counter()
    for number in range(1000):
        drawn.update(post.value for post in islice(draws(published, office, f"{number}"), 3))
    for value, count in drawn.items():
        # Four deviations of so many draws.
        assert abs(count - 3 * value) < 4 * (3 * value * (1 - value / 1000)) ** 0.5


def test_a_page_without_a_finding_ends_the_count_of_its_office() -> None:
    published = ranking([4] * 50, [4] * 40)
    plan = evaluate(published, SEED, 1)
    findings = visited(plan, {})
    assert evaluate(published, SEED, 1, findings).confirmed == 1
    first, *_ = findings
    del findings[first]
    without = evaluate(published, SEED, 1, findings)
    assert (without.confirmed, without.claims[0].p_value) == (None, 1.0)
    # It alone is asked for, and what was seen of the others is not lost.
    assert without.claims[0].further_pages == (first,)


def test_what_is_gone_or_not_the_accounts_supports_nothing() -> None:
    published = ranking([50, 50], [40])
    first, second = (page.number for page in evaluate(published, SEED, 1).pages)
    for finding in (seen(50, exists=False), seen(50, matches=False), seen(0)):
        audit = evaluate(published, SEED, 1, {first: seen(50), second: finding})
        # All its posts were visited: what they support is 50, more than 40.
        assert audit.confirmed == 1
        (row,) = document(audit)["offices"]
        assert (row["not_supported"], row["is_whole"]) == (50, True)
        lower = evaluate(published, SEED, 1, {first: seen(39), second: finding})
        assert (lower.confirmed, lower.claims[0].further_pages) == (None, None)


def test_what_a_page_shows_beyond_the_published_number_supports_no_more() -> None:
    published = ranking([50, 50], [40])
    findings = {page.number: seen(20) for page in evaluate(published, SEED, 1).pages}
    findings[next(iter(findings))] = seen(10**6)
    audit = evaluate(published, SEED, 1, findings)
    assert document(audit)["offices"][0]["not_supported"] == 30
    assert audit.confirmed == 1


def test_a_tie_is_claimed_by_nobody() -> None:
    published = ranking([90], [70], [70], [20], [0])
    assert claimed(published, 10) == [1, 3, 4]
    with pytest.raises(NotAuditable, match="no office among the first 1"):
        evaluate(ranking([70], [70]), SEED, 1)


def test_an_office_ahead_by_little_is_visited_whole() -> None:
    published = ranking([100] * 30 + [1], [100] * 30)
    plan = evaluate(published, SEED, 1)
    assert len(plan.pages) == 31
    findings = every_finding(published, SEED, 1, {})
    assert evaluate(published, SEED, 1, findings).claims[0].p_value == 0
    findings = every_finding(published, SEED, 1, {"A000": 99})
    assert evaluate(published, SEED, 1, findings).confirmed is None


def test_a_further_form_keeps_the_numbers_of_its_pages() -> None:
    published = ranking([4] * 50, [4] * 40, [4] * 30)
    plan = evaluate(published, SEED, 2)
    gone = {page.number: seen(0) for page in plan.pages[:1]}
    after = evaluate(published, SEED, 2, visited(plan, {}) | gone)
    assert len(after.pages) > len(plan.pages)
    numbers = {page.number: page.post for page in after.pages}
    assert all(numbers[page.number] == page.post for page in plan.pages)


def test_posts_that_are_counted_are_there_or_not() -> None:
    published = ranking([1] * 60, [1] * 30, category="active")
    plan = evaluate(published, SEED, 1)
    assert evaluate(published, SEED, 1, visited(plan, {})).confirmed == 1
    gone = {page.number: seen(5, exists=False) for page in plan.pages}
    assert evaluate(published, SEED, 1, gone).confirmed is None
