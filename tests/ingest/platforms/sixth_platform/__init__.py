"""A made-up platform: its two modules, as anybody would add them (`test_sixth_platform.py`).

What belongs here: the module that goes into `ingest/platforms/` and the fixture that goes into
`ingest/sample/platforms/`, each as `forum.py`. What does not: any real platform.
"""
