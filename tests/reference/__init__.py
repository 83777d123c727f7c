"""A second implementation of scoring and ranking, in plain Python, to hold the SQL against.

What belongs here: what a post was worth (`values.py`), whose it is and whether it counts
(`posts.py`), how complete an account's month is (`coverage.py`), how offices rank (`ranks.py`); one
short function per rule, read from the definitions and never from the SQL. What does not: speed,
files, checks of the registry and the policies (taken as valid).

Instants are UTC without a zone mark, in whole seconds; dates are dates in the policy's time zone
unless said otherwise; a month is held as its first day. `None` is "not reported" or "unbounded".
"""

from tests.reference.lake import COMPONENTS, GRADES, STATES, Lake, Result, Row
from tests.reference.ranks import score
from tests.reference.time import last_day, next_month, utc

__all__ = [
    "COMPONENTS",
    "GRADES",
    "STATES",
    "Lake",
    "Result",
    "Row",
    "last_day",
    "next_month",
    "score",
    "utc",
]
