"""Identities that stay: what is imported again takes the place of what was imported before.

What belongs here: UUIDs made from stable names. What does not: what they are of.
"""

from __future__ import annotations

import uuid

_ROOM = uuid.uuid5(uuid.NAMESPACE_URL, "https://kurasi.invalid/superset")


def identity(kind: str, name: str) -> str:
    """The UUID of a thing of a bundle, such as the dataset `rpt_ranking`."""
    return str(uuid.uuid5(_ROOM, f"{kind}/{name}"))
