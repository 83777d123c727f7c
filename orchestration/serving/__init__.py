"""What is published, for many readers at once: a copy of `published/current` on a database server.

What belongs here: turning a PostgreSQL server to the newest set (`serve.py`), its tables, views and
roles (`tables.py`), the rows as PostgreSQL takes them (`rows.py`), and what may be told of an
address (`address.py`). What does not: what a set holds (`publication/newest.py`), and words for the
terminal (`cli/`). See decision 74.
"""
