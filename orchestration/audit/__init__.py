"""Audit by sampling: whether the top of a published ranking stands up to a visit of its posts.

What belongs here: which pages to visit, drawn from a public seed (`draw.py`), the form that is
filled in (`form.py`), and what the findings say with a stated risk (`risk.py`, `evaluate.py`), all
from an edition's folder (`ranking.py`). What does not: whether an edition agrees with itself
(`publication/verify.py`), posts that a ranking lacks, which are for objections, and how a terminal
shows it (`cli/`). The method and its sources are in decision 63.
"""
