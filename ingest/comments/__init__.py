"""Comments of the public on their way in: kept without whoever wrote them, and the labels of hands.

What belongs here: finding comments in responses and scrapes of any platform (`responses.py`),
taking persons out of their texts (`persons.py`), the labels that came back in a workbook
(`labels.py`), and the form in which both are archived and read (`kept.py`). What does not: any
platform's keys (`platforms/<platform>/comments.py`), when a copy is made (`inbox.py`), and what
comments and labels tell (`dbt_project/`, `orchestration/opinion/`). See decision 68.
"""
