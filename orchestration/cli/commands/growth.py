"""The call of growth: curves from a home's own observations.

What belongs here: words, a table and a plot for the terminal. What does not: fitting
(`orchestration/growth/`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich import box
from rich.table import Table

from ingest.platforms import KEYS
from ingest.reference.growth import Row
from orchestration.cli.commands.options import PolicyOption
from orchestration.cli.console import call, err, out, show
from orchestration.cli.language import _, ngettext, number
from orchestration.publication.unanswerable import Unknown

if TYPE_CHECKING:
    from orchestration.growth.fit import Fit
    from orchestration.growth.observed import Rule

_PLOT_WIDTH = 40


def growth(
    platform: Annotated[str | None, typer.Option(help="Only this platform's curve.")] = None,
    policy: PolicyOption = None,
) -> None:
    """Fit growth curves from this home's observations, to be pasted into a policy."""
    # Late: the fit's libraries take a while to import.
    from orchestration.growth import observed
    from orchestration.growth.fit import fit
    from orchestration.growth.policy_rows import lines

    rule = observed.rule(call.home, policy)
    platforms = [key for key in KEYS if key in rule.weights]
    if platform is not None and platform not in platforms:
        raise Unknown("platform", platform, platforms, rule.policy_id)
    fits: dict[str, Fit] = {}
    for key in [platform] if platform else platforms:
        err.print(f"{key} ...")
        fits[key] = fit(observed.posts(call.home, rule, key), rule.window_hours)
    if call.as_json:
        show([_document(key, found, rule) for key, found in fits.items()])
        return
    for key, found in fits.items():
        for part in _shown(key, found, rule):
            out.print(part, highlight=False)
    out.print()
    for line in lines(fits, platforms):
        out.print(line, markup=False, highlight=False, soft_wrap=True)


def _document(platform: str, found: Fit, rule: Rule) -> dict[str, Any]:
    law = found.law
    return {
        "platform": platform,
        "posts": found.posts,
        "rows": [row._asdict() for row in found.rows],
        "covered_percent": found.covered_percent,
        "measured_posts": found.measured_posts,
        "correlation_percent": found.correlation_percent,
        "reason": found.reason,
        "law": law
        and {
            "name": law.name,
            "hours": round(law.scale, 2),
            "shape": round(law.shape, 3),
        },
        "fitted_months": [f"{month:%Y-%m}" for month in found.fitted_months],
        "measured_month": found.measured_month and f"{found.measured_month:%Y-%m}",
        "policy_id": rule.policy_id,
        "window_hours": rule.window_hours,
    }


def _shown(platform: str, found: Fit, rule: Rule) -> Iterator[str | Table]:
    """The curve of a platform as a table with a plot in it, and what it stands on."""
    from orchestration.growth.policy_rows import law_in_words  # late, as the fit

    yield ""
    if found.law is None or not found.rows:
        told = _("[bold]{platform}[/]: no curve, for {reason}.")
        yield told.format(platform=platform, reason=found.reason)
        return
    title = _("{platform}: per mille of what a post has after {hours} hours").format(
        platform=platform, hours=rule.window_hours
    )
    yield _plotted(found.rows, title)
    months = sorted({f"{found.fitted_months[0]:%Y-%m}", f"{found.fitted_months[-1]:%Y-%m}"})
    told = ngettext(
        "Fitted on {count} post of {months}: {law}. Low and high enclose nine of ten posts.",
        "Fitted on {count} posts of {months}: {law}. Low and high enclose nine of ten posts.",
        found.posts,
    )
    yield told.format(months=" – ".join(months), law=law_in_words(found.law))
    yield _measured(found)


def _measured(found: Fit) -> str:
    """What the curve is worth on the month that it was not fitted on."""
    if found.measured_month is None or found.covered_percent is None:
        measured = _("No value of the newest month is known well enough to measure the bounds on.")
    else:
        measured = ngettext(
            "In {month} the likely bounds of a late export hold {covered} % of {count} value that "
            "is known well.",
            "In {month} the likely bounds of a late export hold {covered} % of {count} values that "
            "are known well.",
            found.measured_posts,
        ).format(month=f"{found.measured_month:%Y-%m}", covered=found.covered_percent)
    if found.correlation_percent is None:
        alike = _("Too few offices tell how alike an office's posts are.")
    else:
        alike = _("An office's posts are alike by {percent} %.").format(
            percent=found.correlation_percent
        )
    return f"{measured} {alike}"


def _plotted(rows: Sequence[Row], title: str) -> Table:
    """Each row's numbers, and a line from low to high with a point at typical."""
    shown = Table(
        title=title, title_justify="left", box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False
    )
    for column in (_("hours"), _("low"), _("typical"), _("high")):
        shown.add_column(column, justify="right")
    shown.add_column(f"{_('low')} ─ ● ─ {_('high')}", no_wrap=True)
    most = max(row.high for row in rows) or 1
    for row in rows:
        low, typical, high = (value * (_PLOT_WIDTH - 1) // most for value in row[1:])
        line = " " * low + "─" * (high - low + 1)
        line = f"{line[:typical]}●{line[typical + 1 :]}"
        shown.add_row(*(number(value) for value in row), line)
    return shown
