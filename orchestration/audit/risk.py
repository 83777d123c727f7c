"""How likely such findings would be if a published top were wrong: Kaplan-Wald P-values.

What belongs here: the arithmetic of the risk, in integers that are rounded to the side of doubt.
What does not: what a finding is worth (`evaluate.py`). Method and sources: decision 63.

An office of score s stands above a bar c, the score of the best office outside of the top. Suppose
that its posts are overstated so much that it should not: then of a post that is drawn with
probability by size a part of c ÷ s or less is true, on average. A gambler who begins with a wealth
of 1 bets nine tenths of it on each draw:

    wealth × (1 ÷ 10 + 9 ÷ 10 × true part of the drawn post × s ÷ c)

which on average is not more than before, whatever the errors are. The chance that the wealth ever
reaches w is then at most 1 ÷ w (Ville's inequality), however often one looks and whenever one
stops; so 1 ÷ wealth is a P-value.
"""

from __future__ import annotations

#: The chance that a wrong top is told as confirmed, at most.
RISK_PERCENT = 5
#: Money and P-values are counted in so many parts of 1.
UNIT = 10**18
#: How much of the wealth is bet on each draw: 9 of 10. With 10 of 10 a single page that is gone
#: would end an audit for good.
_BET, _OF = 9, 10


def grown(wealth: int, score: int, bar: int, value: int, overstated: int) -> int:
    """The wealth after a draw, in units, rounded down.

    Args:
        wealth: before it.
        score: the office's, as published.
        bar: what the office must exceed; at least 1.
        value: the drawn post's, as published.
        overstated: how much of the value is not supported.
    """
    kept = (_OF - _BET) * value * bar
    won = _BET * (value - overstated) * score
    return wealth * (kept + won) // (_OF * value * bar)


def p_value(wealth: int) -> int:
    """The P-value of so much wealth, in units, rounded up."""
    return UNIT if wealth <= UNIT else -(-UNIT * UNIT // wealth)


def shared(p: int, claims: int) -> int:
    """The P-value of one of several claims, so that the risk holds for all of them (Bonferroni)."""
    return min(UNIT, p * claims)


def is_confirmed(p: int) -> bool:
    """Whether a P-value, in units, is no more than the risk."""
    return p * 100 <= RISK_PERCENT * UNIT


def decimal(p: int) -> float:
    """A P-value, in units, with four digits, rounded up."""
    return -(-p * 10_000 // UNIT) / 10_000
