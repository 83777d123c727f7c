"""Asset checks: what must hold before a number reaches a reader, and what readers should know.

What belongs here: checks that look across rooms (files against lake, registry against ranking, the
last finished state against this build). What does not: tests of a model's own rows, which are
dbt's, and of an edition, which recomputes itself (`publication/publish.py`).

Each check is a function that finds what is wrong, as a table of rows to look at; none is sound. A
check that blocks keeps the finished state, and so every reader, as it was.
"""
