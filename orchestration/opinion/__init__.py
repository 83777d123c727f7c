"""Tone by hand labels: which comments of the public are read by people, and what that tells.

What belongs here: the draw (`draw.py`), the sample as it is kept (`sample.py`), the workbook in
which people label it (`form.py`), how sure a share is (`interval.py`), and what is told of it at
home (`told.py`). What does not: how comments and labels come in (`ingest/comments/`), which labels
hold and what is published (`dbt_project/`), and words for the terminal (`cli/`). See decision 68.
"""
