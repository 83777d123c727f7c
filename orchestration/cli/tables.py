"""How answers look in a terminal.

What belongs here: tables and pages for people. What does not: finding or computing anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import fill, wrap
from typing import Any

from rich import box
from rich.markup import escape
from rich.table import Table

from ingest.regular_files import shown
from orchestration.cli.language import _, both, ngettext, number, word
from orchestration.publication import labels
from orchestration.publication.claim_words import REASONS
from orchestration.publication.reconcile import ENGLISH, INDONESIAN, Reconciliation, sentence
from orchestration.publication.wording import (
    LEGEND,
    TITLES,
    completeness,
    likely_ranks,
    mark,
    possible_ranks,
    publication,
    short_name,
)


def table(title: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Table | str:
    """Rows under a title; numbers stand to the right, blank is "not reported".

    IDs and instants stand on one line, so that they can be copied; nothing is cut. Without rows
    it is a line that says so. Columns are named as in JSON, and told in the language spoken.
    """
    if not rows:
        return _("{title}: none").format(title=escape(title))
    shown = Table(
        title=escape(title),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
    )
    for column in columns:
        numeric = any(isinstance(row[column], int) for row in rows)
        is_whole = column.endswith(("_id", "_at"))
        widest = max((len(_cell(row[column])) for row in rows), default=0)
        shown.add_column(
            _(column.replace("_", " ")),
            justify="right" if numeric else "left",
            no_wrap=is_whole,
            min_width=widest if is_whole else None,
            overflow="fold",
        )
    for row in rows:
        shown.add_row(*(escape(_cell(row[column])) for column in columns))
    return shown


def layouts(rows: Sequence[Mapping[str, Any]]) -> str:
    """The layouts that are understood, each with its least header in every language it has."""
    meaning = _(
        "A file is known by these columns, in any order and beside any others. Words that are "
        "inferred were not seen: a file has to prove them by its records."
    )
    blocks = [fill(meaning, 80)]
    for row in rows:
        platform = row["platform"] or ("all" if row["holds"] == "comments" else "meta")
        title = [platform, row["kind"], ", ".join(row["locales"]), row["seen"]]
        lines = [f"[bold]{' · '.join(title)}[/]"]
        if row["note"]:
            lines += _folded(_("set aside: {note}").format(note=row["note"]))
        for locale, header in row["headers"].items():
            inferred = _(" (inferred)") if locale in row["inferred"] else ""
            lines += _folded(f"{locale}{inferred}: {', '.join(header)}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _folded(text: str) -> list[str]:
    """A text in lines that fit into 80 columns."""
    return wrap(escape(text), 80, initial_indent="  ", subsequent_indent="      ")


def rankings(
    rows: Sequence[Mapping[str, Any]],
    names: Mapping[str, str],
    states: Mapping[str, Mapping[str, Any]],
    edition: Mapping[str, Any] | None,
    first: int | None = None,
) -> Iterator[str | Table]:
    """A heading and a table per policy, league and category, and at the end what the words mean.

    Args:
        rows: rows of rankings of one month.
        names: office to name.
        states: policy to what the month has under it.
        edition: the month's newest edition.
        first: only ranks up to this; None: all.
    """
    groups: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["policy_id"], row["league"], row["category"]), []).append(row)
    for (policy_id, _league, _category), group in groups.items():
        yield from heading(group[0], states[policy_id], edition)
        yield _ranking([row for row in group if first is None or row["rank"] <= first], names)
        yield ""
    if not rows:
        yield _("no ranking")
    yield legend(LEGEND)


def heading(
    row: Mapping[str, Any], state: Mapping[str, Any], edition: Mapping[str, Any] | None
) -> Iterator[str]:
    """Which ranking of which month this is, whether it is published, and what the month has."""
    title = f"{_(TITLES[row['category']])} · {escape(row['league'])} · {row['month']}"
    yield f"[bold]{title}[/] · {publication(edition, _)}"
    yield f"{escape(row['policy_id'])} · {completeness(state, _)}"


def _ranking(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Table:
    shown = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    shown.add_column(_("rank"), justify="right")
    shown.add_column(_("office"), overflow="fold")
    shown.add_column("")
    for column in (_("score"), _("likely rank"), _("possible"), _("posts")):
        shown.add_column(column, justify="right", no_wrap=True)
    for row in rows:
        name = short_name(names.get(row["office_id"], row["office_id"]))
        shown.add_row(
            str(row["rank"]),
            escape(name),
            mark(row),
            number(row["score"]),
            likely_ranks(row, _),
            possible_ranks(row, _),
            number(row["post_count"]),
        )
    return shown


#: How many names stand in one line.
_LISTED = 3


def movements(title: str, moved: Mapping[str, Any]) -> Iterator[str | Table]:
    """What moved between two editions: a table per policy, league and category.

    Offices of which only the ranges moved are counted, not listed.

    Args:
        title: which editions.
        moved: what `publication.difference.difference` gives.
    """
    yield f"[bold]{escape(title)}[/]"
    counted = {
        "new_deliveries": ngettext(
            "{count} new delivery", "{count} new deliveries", len(moved["new_deliveries"])
        ),
        "gone_deliveries": ngettext(
            "{count} delivery is gone", "{count} deliveries are gone", len(moved["gone_deliveries"])
        ),
        "corrected_deliveries": ngettext(
            "{count} corrected delivery",
            "{count} corrected deliveries",
            len(moved["corrected_deliveries"]),
        ),
        "changed_policies": ngettext(
            "{count} changed policy", "{count} changed policies", len(moved["changed_policies"])
        ),
    }
    for kind, count in counted.items():
        if names := moved[kind]:
            listed = ", ".join(names[:_LISTED]) + (", …" if len(names) > _LISTED else "")
            yield f"{count}: {escape(listed)}"
    if not moved["offices"]:
        yield _("No office moved.")
    groups: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for row in moved["offices"]:
        groups.setdefault((row["policy_id"], row["league"], row["category"]), []).append(row)
    for (policy_id, league, category), group in groups.items():
        told = [row for row in group if row["rank"][0] != row["rank"][1] or _has_moved(row)]
        yield f"\n{_(TITLES[category])} · {escape(league)} · {escape(policy_id)}"
        if told:
            yield _movements(told)
        if len(told) < len(group):
            yield ngettext(
                "{count} more with the same rank and score, other ranges",
                "{count} more with the same rank and score, other ranges",
                len(group) - len(told),
            )


def _has_moved(row: Mapping[str, Any]) -> bool:
    before, after = row["score"]
    return bool(before != after)


def _movements(rows: Sequence[Mapping[str, Any]]) -> Table:
    shown = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    shown.add_column(_("rank"), justify="right", no_wrap=True)
    shown.add_column(_("office"), overflow="fold")
    shown.add_column(_("score"), justify="right", no_wrap=True)
    shown.add_column(_("why"), overflow="fold")
    for row in rows:
        causes = dict.fromkeys(cause["cause"] for cause in row["causes"])
        shown.add_row(
            _arrow(*row["rank"]),
            escape(row["office_id"]),
            _arrow(*row["score"]),
            ", ".join(word(cause, labels.CAUSES) for cause in causes),
        )
    return shown


def _arrow(before: int | None, after: int | None) -> str:
    """Both numbers of what moved, one of what stayed."""
    texts = [_("none") if each is None else number(each) for each in (before, after)]
    return texts[1] if before == after else " → ".join(texts)


def legend(meanings: Mapping[str, str]) -> str:
    """What words or marks mean, in lines that fit into 80 columns."""
    return "\n".join(
        escape(
            fill(
                _(meaning),
                80,
                initial_indent=f"{_(word):<13} ",
                subsequent_indent=" " * 14,
            )
        )
        for word, meaning in meanings.items()
    )


def reconciliation(found: Reconciliation) -> Iterator[str | Table]:
    """An office's list against an edition: the sum, each line with its reason, what it lacks."""
    yield f"[bold]{escape(found.office_name)}[/] · {found.month} · {escape(found.edition_id)}"
    told_sum = both(sentence(found.bridge, INDONESIAN), sentence(found.bridge))
    yield f"{escape(found.policy_id)}\n\n[bold]{escape(shown(told_sum))}[/]\n"
    claims = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    claims.add_column(_("line"), justify="right", no_wrap=True)
    claims.add_column(_("reason"), overflow="fold")
    claims.add_column(_("claimed, what is known of it, what to do"), overflow="fold")
    for each in found.found:
        told = [each.claim.text]
        if each.reason != "counted":
            detail, remedy = both(each.detail[INDONESIAN], each.detail[ENGLISH]), each.remedy
            told += [detail, f"→ {both(remedy[INDONESIAN], remedy[ENGLISH])}"]
        reason = both(REASONS[each.reason].alasan, each.reason.replace("_", " "))
        claims.add_row(
            str(each.claim.line), reason, escape("\n".join(shown(text) for text in told))
        )
    yield claims if found.found else _("The list names no post.")
    if found.unclaimed:
        title = _("On record and not in the list ({count})")
        yield f"\n[bold]{title.format(count=number(len(found.unclaimed)))}[/]"
    for post in found.unclaimed:
        reason = word(post["reason"], labels.REASONS)
        published = _("published {when}").format(when=post["published_at"])
        yield f"  {post['platform']} · {published} · {reason}"
        yield f"      {escape(shown(post['link'] or post['post_id']))}"


def objections(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Each objection in a few lines: dates and state, what the office says, the answer.

    Args:
        rows: what `kurasi objections list --json` answers.
    """
    if not rows:
        yield _("no objections")
    for row in rows:
        state = _("open, to be answered by {day}").format(day=row["deadline_date"])
        if row["answered_date"]:
            answered = _("{state}, answered {day}")
            state = answered.format(
                state=word(row["state"], labels.OUTCOMES), day=row["answered_date"]
            )
        if row["erased_date"]:
            state += _(", erased {day}").format(day=row["erased_date"])
        yield f"[bold]{row['objection_id']}[/] · {escape(row['office_id'])} · {state}"
        filed = _("filed {day}").format(day=row["filed_date"])
        if row["by"]:
            filed += _(" by {name}").format(name=row["by"])
        if count := row["claim_count"]:
            filed += "; " + ngettext("{count} claim", "{count} claims", count)
        lines = [filed, row["text"], row["answer"]]
        for line in filter(None, lines):
            yield "\n".join(_folded(shown(line)))


def between(low: int, high: int | None) -> str:
    """A range of scores or values; without `high` it has no upper end."""
    if high is None:
        return _("{number} or more").format(number=number(low))
    if low == high:
        return number(low)
    return _("{first} to {last}").format(first=number(low), last=number(high))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return number(value)
    return shown(str(value))
