"""The alternative text of a picture, for the post that shares it: who can't see reads this.

What belongs here: the words of the picture as lines. What does not: the picture (`picture.typ`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orchestration.publication.bulletin.printable import for_screen


def picture_text(
    bulletin: Mapping[str, Any],
    stamp: Mapping[str, Any],
    league: Mapping[str, Any],
    ranking: Mapping[str, Any],
) -> str:
    """What the picture of a ranking shows, a line for each office of the ten.

    Offices that share the last rank and for which the picture has no room are named here too.
    """
    words, edition = bulletin["words"], bulletin["edition"]
    title = words["picture_title"].replace("{category}", ranking["label"])
    lines = [
        f"{title} · {league['label']} · {edition['month_label']} · {edition['status_label']}",
        *(_line(words, ranking, row) for row in ranking["rows"] if row["rank"] <= 10),
        f"{edition['coverage_line']} · {words['edition']} {edition['edition_id']}",
        f"SHA-256 {stamp['manifest_sha256']}",
    ]
    return "\n".join(for_screen(lines)) + "\n"


def _line(words: Mapping[str, str], ranking: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    told = f"{row['rank']}. {row['office']}{row['mark']}: {row['score']} {ranking['unit']}"
    return f"{told} ({words['picture_likely']} {row['likely_text']})"
