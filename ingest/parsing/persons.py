"""Files of JSON without the private persons in them.

What belongs here: which files are looked through, for the inbox and for ZIPs alike. What does not:
what goes (the layouts declare it), how a copy is written (`files/json_copies.py`), and erasing
(`redaction.py`).
"""

from __future__ import annotations

from ingest.files import Damage, json_copies, json_text
from ingest.parsing.recognise import is_known
from ingest.platforms import PERSONS, REFERENCES

#: So many bytes of a file tell whether it is JSON.
BEGINNING = 256


def without_persons(content: bytes) -> bytes | None:
    """A copy of a file without private persons; None where there are none, or nobody can read it.

    For a child, as it opens the file.
    """
    if not json_text.is_one(content[:BEGINNING]):
        return None
    try:
        return json_copies.without_persons(content, is_known, REFERENCES, PERSONS)
    except Damage:
        return None
