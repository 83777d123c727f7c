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

from orchestration.cli.language import N_, _, decimal, ngettext, number, word
from orchestration.cli.tables import between, heading, legend
from orchestration.publication import labels
from orchestration.publication.wording import (
    LEGEND,
    MARK,
    likely_ranks,
    mark,
    possible_ranks,
)

_GRADES = {
    "exact": N_("seen at the window's end"),
    "interpolated": N_("seen before and after the window's end; estimated between"),
    "late": N_("seen only after the window's end; estimated back"),
    "early": N_("seen only before the window's end; counted as it was then"),
    "none": N_("never seen with usable counters; adds 0"),
}
_KINDS = {
    "replies": N_("replies"),
    "reposts": N_("reposts"),
    "stories": N_("stories"),
    "cross_posts": N_("cross posts"),
}
_COMPONENTS = {
    "like": N_("likes"),
    "comment": N_("comments"),
    "share": N_("shares"),
    "save": N_("saves"),
}
#: What stands out in a post, as a fact and no blame, and how many decimals its size has.
_FLAGS = {
    "outstanding": (N_("far above its account's last posts (robust z {size})"), 1),
    "interactions_above_views": (N_("{size} interactions more than views in one capture"), 0),
    "interactions_above_reach": (N_("{size} interactions more than its reach in one capture"), 0),
    "counter_fell": (N_("a counter fell by {size} percent"), 2),
    "late_burst": (N_("after the window it grew to {size} times the most of a fast post"), 1),
    "post_vanished": (N_("a later export of its account lacks it"), 0),
    "same_text_after_vanishing": (N_("{size} hours after {earlier} of the same text, now gone"), 1),
    "same_text_within_day": (N_("{size} hours after {earlier} of the same text"), 1),
}


def rule(policy: Mapping[str, Any], category: str) -> str:
    """What decides, in words."""
    told = [_decides(policy, category)]
    excluded = [_(words) for kind, words in _KINDS.items() if not policy[f"counts_{kind}"]]
    if excluded:
        told.append(_("Not counted: {kinds}.").format(kinds=", ".join(excluded)))
    if (days := policy["cutoff_days"]) is not None:
        told.append(
            ngettext(
                "Seen up to {count} day after the month's end.",
                "Seen up to {count} days after the month's end.",
                days,
            )
        )
    return f"{policy['title']} ({policy['policy_id']}): {' '.join(told)}"


def _decides(policy: Mapping[str, Any], category: str) -> str:
    if category == "active":
        return _("Every counted post adds 1.")
    weights = " + ".join(
        f"{_(words)} × {policy[f'{name}_weight']}"
        for name, words in _COMPONENTS.items()
        if policy[f"{name}_weight"]
    )
    window = policy["window_hours"]
    if window is None:
        return _("A post is worth {weights}, at the cut-off.").format(weights=weights)
    worth = ngettext(
        "A post is worth {weights}, {count} hour after publication.",
        "A post is worth {weights}, {count} hours after publication.",
        window,
    )
    return worth.format(weights=weights)


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
    decides = _("The rule: {rule}").format(rule=rule(policy, found["category"]))
    yield "\n" + escape(fill(decides, 80)) + "\n"
    counted = [post for post in found["posts"] if post["counted"]]
    yield _("[bold]Counted posts ({count})[/]").format(count=number(len(counted)))
    for post in counted:
        yield _post(post)
    if not counted:
        yield _("  none")
    grades = Counter(post["grade"] for post in counted)
    meanings = {}
    for grade, meaning in _GRADES.items():
        if count := grades[grade]:
            posts = ngettext("{count} post", "{count} posts", count)
            meanings[word(grade, labels.GRADES)] = f"{posts}, {_(meaning)}"
    yield legend(meanings)
    others = [post for post in found["posts"] if not post["counted"]]
    if others:
        yield "\n" + _("[bold]Not counted ({count})[/]").format(count=number(len(others)))
    for post in others:
        yield f"  {word(post['reason'], labels.REASONS)} · {_when(post)}\n      {_link(post)}"
    yield "\n" + _(
        "Every observation, with its delivery's SHA-256 and record number: call it with --json"
    )


def _standing(found: Mapping[str, Any]) -> Iterator[str]:
    """The rank and the score with their ranges, and what they hang on."""
    yield "\n" + _("[bold]Rank {rank}[/], likely {likely}, possible {possible}").format(
        rank=f"{found['rank']}{mark(found)}",
        likely=likely_ranks(found, _),
        possible=possible_ranks(found, _),
    )
    if found["category"] == "active":
        score = ngettext("with {count} post", "with {count} posts", found["score"])
    else:
        score = ngettext("with {count} interaction", "with {count} interactions", found["score"])
    yield _("{score}, likely {likely}, possible {possible}.").format(
        score=score,
        likely=between(found["score_likely_low"], found["score_likely_high"]),
        possible=between(found["score_low"], found["score_high"]),
    )
    coverage = ", ".join(
        f"{count} {word(state, labels.STATES)}" for state, count in found["coverage"].items()
    )
    yield _("Exports of its accounts: {coverage}.").format(coverage=coverage)
    without = found["rank_without_best_post"]
    yield _("Without its best post: rank {rank}.").format(rank=without)
    if (lacks := found["lacks_to_next_rank"]) is not None:
        told = _("To draw level with the next better score it lacks {number}.")
        yield told.format(number=number(lacks))
    told_words = {word: LEGEND[word] for word in ("likely", "possible")}
    if not found["is_complete"]:
        told_words[MARK] = LEGEND[MARK]
    yield f"\n{legend(told_words)}"


def _post(post: Mapping[str, Any]) -> str:
    """A counted post in a few lines: what it was worth, of which components, and where it is."""
    value = "?" if post["value"] is None else number(post["value"])
    lines = [f"[bold]{value:>7}[/]  {_when(post)} · {word(post['grade'], labels.GRADES)}"]
    if post["is_month_uncertain"]:
        lines[0] += _(" · may be of the neighbouring month")
    lines += _indented(
        _("likely {likely}, possible {possible}").format(
            likely=between(post["value_likely_low"], post["value_likely_high"]),
            possible=between(post["value_low"], post["value_high"]),
        )
    )
    lines += _indented(_components(post["components"]))
    for flag in post["flags"]:
        lines += _indented(_flag(flag))
    lines += _indented(_seen(post["observations"]))
    unread = sum(len(seen.get("withheld", ())) for seen in post["observations"])
    if unread:
        lines += _indented(
            ngettext(
                "{count} counter of it can't be read: kurasi rejects names it",
                "{count} counters of it can't be read: kurasi rejects names them",
                unread,
            )
        )
    return "\n".join([*lines, f"{'':9}{_link(post)}"])


def _seen(observations: Sequence[Mapping[str, Any]]) -> str:
    """How often a post was seen, and when."""
    first, last = observations[0]["captured_at"], observations[-1]["captured_at"]
    if len(observations) == 1:
        return _("seen once, {when}").format(when=first)
    times = ngettext(
        "seen {count} time, {first} to {last}",
        "seen {count} times, {first} to {last}",
        len(observations),
    )
    return times.format(first=first, last=last)


def _flag(flag: Mapping[str, Any]) -> str:
    """What stands out in a post, and the rank that the office would have without it."""
    words, places = _FLAGS[flag["flag"]]
    told = _(words).format(
        size=decimal(flag["size"] or 0, places), earlier=flag["earlier_post_key"]
    )
    without = _("without the post: rank {rank}").format(rank=flag["rank_without"])
    return f"{told}; {without}"


def _components(components: Sequence[Mapping[str, Any]]) -> str:
    """What a post's value is made of; grades are told where they differ."""
    if not components:
        return _("nothing that it has weighs anything")
    is_mixed = len({component["grade"] for component in components}) > 1
    parts = []
    for each in components:
        name = _(each["component"])
        if each["grade"] == "none":
            parts.append(_("{component} never seen").format(component=name))
            continue
        times = "" if each["weight"] == 1 else f" × {each['weight']}"
        grade = f" {word(each['grade'], labels.GRADES)}" if is_mixed else ""
        parts.append(f"{name} {number(each['value'])}{times}{grade}")
    return ", ".join(parts)


def _indented(text: str) -> list[str]:
    return wrap(escape(text), 80, initial_indent=" " * 9, subsequent_indent=" " * 11)


def _when(post: Mapping[str, Any]) -> str:
    published = _("published {when}").format(when=post["published_at"])
    return f"{post['platform']} · {published}"


def _link(post: Mapping[str, Any]) -> str:
    return escape(post["permalink"] or post["post_id"])
