"""The page behind one rank, in a terminal: the standing, the rule, each post with its evidence.

What belongs here: that page. What does not: finding what it tells
(`publication/explanation.py`), and other answers (`tables.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from textwrap import fill, wrap
from typing import Any

from rich.markup import escape

from orchestration.cli.tables import heading, legend
from orchestration.publication.wording import (
    LEGEND,
    MARK,
    between,
    likely_ranks,
    mark,
    possible_ranks,
)

_GRADES = {
    "exact": "seen at the window's end",
    "interpolated": "seen before and after the window's end; estimated between",
    "late": "seen only after the window's end; estimated back",
    "early": "seen only before the window's end; counted as it was then",
    "none": "never seen with usable counters; adds 0",
}
_KINDS = ("replies", "reposts", "stories", "cross_posts")
#: What stands out in a post, as a fact and no blame.
_FLAGS = {
    "outstanding": "far above its account's last posts (robust z {size:.1f})",
    "interactions_above_views": "{size:,.0f} interactions more than views in one capture",
    "interactions_above_reach": "{size:,.0f} interactions more than its reach in one capture",
    "counter_fell": "a counter fell by {size:.2f} percent",
    "late_burst": "after the window it grew to {size:.1f} times the most of a fast post",
    "post_vanished": "a later export of its account lacks it",
    "same_text_after_vanishing": "{size:.1f} hours after {earlier} of the same text, now gone",
    "same_text_within_day": "{size:.1f} hours after {earlier} of the same text",
}


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


def explanation_page(
    found: Mapping[str, Any],
    policy: Mapping[str, Any],
    name: str,
    state: Mapping[str, Any],
    edition: Mapping[str, Any] | None,
) -> Iterator[str]:
    """The page behind one rank: the standing, the rule, each post with its evidence.

    Args:
        found: what `explanation.explain` answers.
        policy: the policy that it holds under.
        name: the office's.
        state: what the month has under the policy.
        edition: the month's newest edition.
    """
    yield f"[bold]{escape(name)}[/]"
    yield from heading(found, state, edition)
    yield from _standing(found)
    yield "\n" + escape(fill(f"The rule: {rule(policy, found['category'])}", 80)) + "\n"
    counted = [post for post in found["posts"] if post["counted"]]
    yield f"[bold]Counted posts ({len(counted)})[/]"
    for post in counted:
        yield _post(post)
    grades = Counter(post["grade"] for post in counted)
    used = {grade: grades[grade] for grade in _GRADES if grades[grade]}
    yield legend({grade: f"{count:,} posts, {_GRADES[grade]}" for grade, count in used.items()})
    others = [post for post in found["posts"] if not post["counted"]]
    if others:
        yield f"\n[bold]Not counted ({len(others)})[/]"
    for post in others:
        yield f"  {post['reason'].replace('_', ' ')} · {_when(post)}\n      {_link(post)}"
    yield "\nEvery observation, with its delivery's SHA-256 and record number: call it with --json"


def _standing(found: Mapping[str, Any]) -> Iterator[str]:
    """The rank and the score with their ranges, and what they hang on."""
    unit = "posts" if found["category"] == "active" else "interactions"
    likely = between(found["score_likely_low"], found["score_likely_high"])
    possible = between(found["score_low"], found["score_high"])
    yield (
        f"\n[bold]Rank {found['rank']}{mark(found)}[/], likely {likely_ranks(found)}, "
        f"possible {possible_ranks(found)}"
    )
    yield f"with {found['score']:,} {unit}, likely {likely}, possible {possible}."
    coverage = ", ".join(f"{count} {state}" for state, count in found["coverage"].items())
    yield f"Exports of its accounts: {coverage}."
    yield f"Without its best post: rank {found['rank_without_best_post']}."
    if found["lacks_to_next_rank"] is not None:
        yield f"To draw level with the next better score it lacks {found['lacks_to_next_rank']:,}."
    told = {word: LEGEND[word] for word in ("likely", "possible")}
    if not found["is_complete"]:
        told[MARK] = LEGEND[MARK]
    yield f"\n{legend(told)}"


def _post(post: Mapping[str, Any]) -> str:
    """A counted post in a few lines: what it was worth, of which components, and where it is."""
    value = "?" if post["value"] is None else f"{post['value']:,}"
    lines = [f"[bold]{value:>7}[/]  {_when(post)} · {post['grade']}"]
    if post["is_month_uncertain"]:
        lines[0] += " · may be of the neighbouring month"
    likely = between(post["value_likely_low"], post["value_likely_high"])
    possible = between(post["value_low"], post["value_high"])
    lines += _indented(f"likely {likely}, possible {possible}")
    lines += _indented(_components(post["components"]))
    for flag in post["flags"]:
        lines += _indented(_flag(flag))
    observations = post["observations"]
    first, last = observations[0]["captured_at"], observations[-1]["captured_at"]
    if len(observations) == 1:
        lines += _indented(f"seen once, {first}")
    else:
        lines += _indented(f"seen {len(observations)} times, {first} to {last}")
    unread = sum(len(seen.get("withheld", ())) for seen in observations)
    if unread:
        lines += _indented(f"{unread} counters of it can't be read: kurasi rejects names them")
    return "\n".join([*lines, f"{'':9}{_link(post)}"])


def _flag(flag: Mapping[str, Any]) -> str:
    """What stands out in a post, and the rank that the office would have without it."""
    told = _FLAGS[flag["flag"]].format(size=flag["size"], earlier=flag["earlier_post_key"])
    return f"{told}; without the post: rank {flag['rank_without']}"


def _components(components: Sequence[Mapping[str, Any]]) -> str:
    """What a post's value is made of; grades are told where they differ."""
    if not components:
        return "nothing that it has weighs anything"
    is_mixed = len({component["grade"] for component in components}) > 1
    parts = []
    for each in components:
        if each["grade"] == "none":
            parts.append(f"{each['component']} never seen")
            continue
        times = "" if each["weight"] == 1 else f" × {each['weight']}"
        grade = f" {each['grade']}" if is_mixed else ""
        parts.append(f"{each['component']} {each['value']:,}{times}{grade}")
    return ", ".join(parts)


def _indented(text: str) -> list[str]:
    return wrap(escape(text), 80, initial_indent=" " * 9, subsequent_indent=" " * 11)


def _when(post: Mapping[str, Any]) -> str:
    return f"{post['platform']} · published {post['published_at']}"


def _link(post: Mapping[str, Any]) -> str:
    return escape(post["permalink"] or post["post_id"])
