"""The sentences of what stands beside the ranking, each in plain Indonesian and in English.

What belongs here: how guidance, campaigns, flags, followers and tone are told. What does not:
whether they are (`beside.py`).
"""

from __future__ import annotations

from orchestration.publication.bulletin.language import Language


def no_guidance(language: Language) -> str:
    """That nothing was tested."""
    return language.pick(
        "Edisi ini tidak memuat panduan konten.", "This edition has no guidance on content."
    )
