"""A dashboard for Apache Superset on what is published, as a bundle that Superset imports.

What belongs here: the ZIP and the way to the database (`bundle.py`), what each dataset explains
(`datasets.py`, `words.py`), its metrics (`metrics.py`), the charts (`charts.py`) and where they
stand (`dashboard.py`). What does not: any number, which Superset reads from `published/current`,
and running Superset (`bench/superset.py`). See decision 77.

Plain functions give the documents of the bundle; the same home gives the same bytes. Superset's own
words are kept in them, as its import wants them: a viz type, a column that is `groupby`.
"""
