"""The stated risk holds: worlds with a wrong top are seldom told as confirmed, sound ones are.

What is simulated is the audit as a whole, from seeds to verdicts. The worlds are the worst ones for
the method: the wrong office is exactly level with the best one outside, and its surplus stands in
posts that are wholly invented, so that every other page is sound.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, log, sqrt

import pytest

from orchestration.audit.evaluate import evaluate
from orchestration.audit.risk import UNIT, decimal, grown, is_confirmed, p_value, shared
from tests.orchestration.audit.rankings import Truth, carried_out, every_finding, ranking, visited

WORLDS = 300
#: Each is a quarter ahead of the next.
PUBLISHED = ranking([4] * 50, [4] * 40, [4] * 32, [4] * 26)


def invented(*posts: str) -> Truth:
    return dict.fromkeys(posts, 0)


def most(worlds: int, percent: int) -> float:
    """So many of the worlds, and two deviations more, as each comes up with this chance."""
    chance = percent / 100
    return worlds * chance + 2 * sqrt(worlds * chance * (1 - chance))


@pytest.mark.parametrize("claims", [1, 3])
@pytest.mark.parametrize("margin", [5, 20, 50])
def test_the_exact_chance_to_be_ever_confirmed_is_the_stated_risk_at_most(
    margin: int, claims: int
) -> None:
    """Of 100 in a score `margin` are invented, by whole posts; the audit stops at any of 500 draws.

    By the number of invented posts that were drawn: how likely it is, and the wealth then.
    """
    ways = {0: (1.0, UNIT)}
    confirmed = 0.0
    for _ in range(500):
        after: dict[int, tuple[float, int]] = {}
        for hits, (chance, wealth) in ways.items():
            for more, part in ((0, 1 - margin / 100), (1, margin / 100)):
                before, _ = after.get(hits + more, (0.0, 0))
                grows = grown(wealth, 100, 100 - margin, 1, more)
                after[hits + more] = (before + chance * part, grows)
        ways = {}
        for hits, (chance, wealth) in after.items():
            if is_confirmed(shared(p_value(wealth), claims)):
                confirmed += chance
            elif chance > 1e-12:
                ways[hits] = (chance, wealth)
    assert 0.7 * 0.05 / claims < confirmed <= 0.05 / claims


def test_a_wrong_first_place_is_confirmed_in_five_of_a_hundred_worlds_at_most() -> None:
    level = ranking([4] * 50, [4] * 40)
    truth = invented(*(f"A{number:03}" for number in range(10)))
    wrong = sum(
        carried_out(level, f"seed {seed}", 1, truth).confirmed is not None for seed in range(WORLDS)
    )
    # Were the risk far smaller than stated, visitors would look at too many pages.
    assert most(WORLDS, 5) >= wrong >= WORLDS / 100


def test_three_wrong_tops_are_told_in_five_of_a_hundred_worlds_at_most_together() -> None:
    """Each of the offices A, B and C makes one top wrong, and hardly stands in another's way."""
    published = ranking([25] * 40, [25] * 38, [25] * 30, [25] * 15)
    truth = invented(
        *(f"A{number:03}" for number in range(2)),
        *(f"B{number:03}" for number in range(8)),
        *(f"C{number:03}" for number in range(15)),
    )
    # The visitor finishes an office before the next one, looks again and again, and stops as soon
    # as anything is confirmed.
    looks = ((32, 0, 0), (36, 0, 0), (36, 10, 0), (36, 13, 0), (36, 30, 3), (36, 30, 5))
    wrong = 0
    for number in range(WORLDS):
        seed = f"seed {number}"
        findings = every_finding(published, seed, 3, truth)
        for counts in looks:
            so_far = {
                page: finding
                for page, finding in findings.items()
                if page % 10_000 <= counts[page // 10_000 - 1]
            }
            if evaluate(published, seed, 3, so_far).confirmed:
                wrong += 1
                break
    assert most(WORLDS, 5) >= wrong >= WORLDS / 100


@pytest.mark.parametrize("top", [1, 2, 3])
def test_a_sound_top_is_confirmed_with_the_pages_of_the_plan(top: int) -> None:
    for number in range(20):
        seed = f"seed {number}"
        plan = evaluate(PUBLISHED, seed, top)
        after = evaluate(PUBLISHED, seed, top, visited(plan, {}))
        assert (after.confirmed, after.pages and after.largest.further_pages) == (top, ())
        for office, sample in zip(PUBLISHED.offices, after.samples, strict=False):
            # Risk 5 % shared by the tops, nine tenths bet on each draw.
            growth = 0.1 + 0.9 * office.score / PUBLISHED.offices[top].score
            needed = ceil(log(20 * top) / log(growth))
            # Draws of pages that are known already come for free.
            assert needed <= sample.draw_count
            pages = {*sample.drawn[:needed]}
            assert pages == {*sample.findings}


def test_a_few_pages_that_are_gone_cost_more_visits_and_no_verdict() -> None:
    """Of each office one post in fifty is gone, and every page lost a twentieth."""
    published = ranking([40] * 100, [40] * 60, [40] * 40)
    truth = {post.post_id: 38 for office in published.offices for post in office.posts}
    truth |= invented("A000", "A050", "B000")
    audits = [carried_out(published, f"seed {number}", 2, truth) for number in range(50)]
    assert sum(audit.confirmed == 2 for audit in audits) >= 45
    plans = [evaluate(published, f"seed {number}", 2) for number in range(50)]
    assert sum(len(each.pages) for each in audits) > sum(len(each.pages) for each in plans)


def test_the_p_value_is_what_it_is_by_hand() -> None:
    """Three sound draws and one of half its value, at a score of 100 and a bar of 80."""
    wealth = UNIT
    for overstated in (0, 0, 0, 5):
        wealth = grown(wealth, 100, 80, 10, overstated)
    sound, half = (
        Fraction(1, 10) + Fraction(9, 10) * Fraction(100, 80),
        Fraction(1, 10) + Fraction(9, 10) * Fraction(1, 2) * Fraction(100, 80),
    )
    exact = 1 / (sound**3 * half)
    assert exact <= Fraction(p_value(wealth), UNIT) < exact + Fraction(1, 10**15)
    assert decimal(p_value(wealth)) == ceil(exact * 10_000) / 10_000
