"""How answers look in a terminal.

What belongs here: tables and pages for people. What does not: finding or computing anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

from rich.markup import escape
from rich.table import Table

_TITLES = {"active": "Akun Teraktif · posts", "popular": "Akun Terpopuler · interactions"}
_GRADES = {
    "exact": "observed at the window's end",
    "interpolated": "between two observations",
    "late": "observed after the window only; may have been less",
    "early": "observed before the window's end only; may have been more",
    "none": "no usable observation; adds 0",
}
_KINDS = ("replies", "reposts", "stories", "cross_posts")


def table(title: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Table:
    """Rows under a title; numbers stand to the right, blank is "not reported".

    IDs and instants stand on one line, so that they can be copied; nothing is cut.
    """
    shown = Table(title=title, title_justify="left")
    for column in columns:
        numeric = any(isinstance(row[column], int) for row in rows)
        is_whole = column.endswith(("_id", "_at"))
        widest = max((len(_cell(row[column])) for row in rows), default=0)
        shown.add_column(
            column.replace("_", " "),
            justify="right" if numeric else "left",
            no_wrap=is_whole,
            min_width=widest if is_whole else None,
            overflow="fold",
        )
    for row in rows:
        shown.add_row(*(_cell(row[column]) for column in columns))
    return shown


def layouts(rows: Sequence[Mapping[str, Any]]) -> str:
    """The layouts that are understood, each with its least header in every language it has."""
    blocks = ["A file is known by these columns, in any order and beside any others."]
    for row in rows:
        title = [row["platform"] or "meta", row["kind"], ", ".join(row["locales"]), row["seen"]]
        lines = [f"[bold]{' · '.join(title)}[/]"]
        if row["note"]:
            lines += _folded(f"set aside: {row['note']}")
        for locale, header in row["headers"].items():
            lines += _folded(f"{locale}: {', '.join(header)}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _folded(text: str) -> list[str]:
    """A text in lines that fit into 80 columns."""
    return wrap(escape(text), 80, initial_indent="  ", subsequent_indent="      ")


def rankings(
    rows: Sequence[Mapping[str, Any]], names: Mapping[str, str], first: int | None = None
) -> Iterator[Table]:
    """One table per policy, league and category; with `first`, only ranks up to that."""
    groups: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["policy_id"], row["league"], row["category"]), []).append(row)
    for (policy, league, category), group in groups.items():
        lines = [
            {
                "rank": row["rank"],
                "office": names.get(row["office_id"], row["office_id"]),
                "score": row["score"],
                "could be": f"{row['rank_best']} to {row['rank_worst']}",
                "posts": row["post_count"],
            }
            for row in group
            if first is None or row["rank"] <= first
        ]
        title = f"{_TITLES[category]} · {league} · {group[0]['month']} ({policy})"
        yield table(title, ("rank", "office", "score", "could be", "posts"), lines)


def rule(policy: Mapping[str, Any], category: str) -> str:
    """What decides, in words."""
    if category == "active":
        decides = "Every counted post adds 1."
    else:
        weights = [
            f"{name}s × {policy[f'{name}_weight']}"
            for name in ("like", "comment", "share", "save")
            if policy[f"{name}_weight"]
        ]
        window = policy["window_hours"]
        when = f"{window} hours after publication" if window is not None else "at the cut-off"
        decides = f"A post is worth {' + '.join(weights)}, {when}."
    excluded = [name.replace("_", " ") for name in _KINDS if not policy[f"counts_{name}"]]
    without = f" Not counted: {', '.join(excluded)}." if excluded else ""
    cutoff = policy["cutoff_days"]
    until = f" Seen up to {cutoff} days after the month's end." if cutoff is not None else ""
    return f"{policy['title']} ({policy['policy_id']}): {decides}{without}{until}"


def explanation(
    found: Mapping[str, Any], policy: Mapping[str, Any], name: str
) -> Iterator[str | Table]:
    """The page behind one rank: the rule, the standing, each post with its evidence."""
    unit = "posts" if found["category"] == "active" else "interactions"
    yield f"[bold]{name}[/] · {_TITLES[found['category']]} · {found['month']} · {found['league']}"
    yield f"[bold]Rank {found['rank']}[/] with {found['score']:,} {unit}."
    yield f"The rule: {rule(policy, found['category'])}"
    high = found["score_high"]
    bound = "without upper bound" if high is None else f"at most {high:,}"
    yield (
        f"How sure: the score is at least {found['score_low']:,} and {bound}, so the rank lies "
        f"between {found['rank_best']} and {found['rank_worst']}. Without its best post: rank "
        f"{found['rank_without_best_post']}."
    )
    if found["lacks_to_next_rank"] is not None:
        yield f"To draw level with the next better score it lacks {found['lacks_to_next_rank']:,}."
    coverage = ", ".join(f"{count} {state}" for state, count in found["coverage"].items())
    yield f"Exports of its accounts: {coverage}."
    counted = [post for post in found["posts"] if post["counted"]]
    yield table(
        f"Counted posts ({len(counted)})",
        ("value", "at least", "at most", "grade", "platform", "published", "evidence", "post"),
        [_line(post) for post in counted],
    )
    grades = Counter(post["grade"] for post in counted)
    for grade, meaning in _GRADES.items():
        if grades[grade]:
            yield f"  {grade}: {grades[grade]} posts, {meaning}"
    others = [post for post in found["posts"] if not post["counted"]]
    if others:
        yield table(
            f"Not counted ({len(others)})",
            ("reason", "platform", "published", "post"),
            [{**_line(post), "reason": post["reason"].replace("_", " ")} for post in others],
        )
    yield "Every observation, with its delivery's SHA-256 and record number: call it with --json"


def _line(post: Mapping[str, Any]) -> dict[str, Any]:
    observations = post["observations"]
    first, last = observations[0]["captured_at"], observations[-1]["captured_at"]
    span = first if first == last else f"{first} to {last}"
    return {
        "value": post["value"],
        "at least": post["value_low"],
        "at most": "unbounded" if post["value_high"] is None else post["value_high"],
        "grade": post["grade"],
        "platform": post["platform"],
        "published": post["published_at"],
        "evidence": f"{len(observations)} observations, {span}",
        "post": post["permalink"] or post["post_id"],
    }


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
