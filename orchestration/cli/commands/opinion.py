"""The calls of tone by hand labels: draw comments, tell what labels say, list open questions.

What belongs here: words and tables for the terminal. What does not: any work
(`orchestration/opinion/`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from ingest.regular_files import shown
from ingest.storage import exclusive, write_bytes
from orchestration.cli import completion, tables
from orchestration.cli.commands.options import MonthOption
from orchestration.cli.console import call, out, show
from orchestration.cli.language import _, decimal, ngettext
from orchestration.publication import finished_state, queries
from orchestration.publication.unanswerable import Unanswerable, Unknown

if TYPE_CHECKING:
    import polars as pl

    from orchestration.opinion.sample import Sample

_PER_OFFICE = 60

opinion_app = typer.Typer(
    help="Tone of the public's comments, by labels that people give.", no_args_is_help=True
)


@opinion_app.command("sample")
def draw_sample(
    month: MonthOption,
    seed: Annotated[
        str, typer.Option(help="Anything visible, chosen before anybody looks at the comments.")
    ],
    per_office: Annotated[
        int, typer.Option(min=1, help="How many comments of each office.")
    ] = _PER_OFFICE,
    book: Annotated[
        Path | None, typer.Option("--out", help="The workbook; else opini-MONTH.xlsx here.")
    ] = None,
) -> None:
    """Draw comments of each office, and write the workbook in which people label them."""
    # Late: what writes workbooks takes a while to import.
    from orchestration.opinion import draw, form, sample, told

    queries.first_day(month)
    path = (book or Path(f"opini-{month}.xlsx")).resolve()
    if path.exists():  # it may be filled in
        told_of = _("{path} is there already; name another file with --out")
        raise Unanswerable(told_of.format(path=path))
    if not seed.strip() or shown(seed) != seed:
        raise Unanswerable(_("--seed is a line of visible characters, such as 20 digits by dice"))
    try:
        with exclusive(call.home, "ingest"):
            kept = sample.read(call.home, month)
            if kept and (kept.seed, kept.per_office) != (seed, per_office):
                drawn = _("{month} was drawn with --seed {seed} --per-office {count}; {remedy}")
                raise Unanswerable(
                    drawn.format(
                        month=month,
                        seed=kept.seed,
                        count=kept.per_office,
                        remedy=sample.remedy(call.home, month),
                    )
                )
            found = kept or draw.draw(draw.drawable(call.home, month), month, per_office, seed)
            if not found.offices:
                nothing = _(
                    "no comments on posts of {month}; put files of comments into the inbox, then "
                    "kurasi run"
                )
                raise Unanswerable(nothing.format(month=month))
            comments = draw.drawn(call.home, found)
            if not kept:
                sample.keep(call.home, found)
        write_bytes(path, form.write(found, _with_captions(comments), _names(month)))
    except sample.NotSampled as problem:
        raise Unanswerable(str(problem)) from None
    document = _drawn(found, path, told.without_post(call.home))
    words = _(
        "{comments} of {offices}: {path}. When it is filled in, put it into the inbox; then "
        "kurasi run"
    )
    comments_drawn = ngettext("{count} comment", "{count} comments", document["drawn"])
    offices = ngettext("{count} office", "{count} offices", len(found.offices))
    show(
        document,
        words.format(comments=comments_drawn, offices=offices, path=escape(str(path))),
    )


@opinion_app.command("show")
def show_opinion(month: MonthOption) -> None:
    """What labels tell of each office, with exact intervals; nothing where readers disagree."""
    from orchestration.opinion import told

    queries.first_day(month)
    found = told.figures(call.home, month)
    if found.is_empty():
        nothing = _(
            "nothing is known of comments of {month}: kurasi opinion sample draws them, and "
            "kurasi run takes in what was drawn and labelled"
        )
        raise Unanswerable(nothing.format(month=month))
    rows = found.to_dicts()
    columns = ("office", "comments", "labelled", *_HEADINGS.values())
    show(
        [{**row, "month": month, "kappa_ratio": _number(row["kappa_ratio"])} for row in rows],
        tables.table(
            _("Tone of comments · {month}").format(month=month), columns, _by_office(rows)
        ),
    )
    if not call.as_json:
        out.print(_agreement(rows), highlight=False)


@opinion_app.command("questions")
def list_questions(
    month: MonthOption,
    office: Annotated[str, typer.Option(help="An office's ID.", autocompletion=completion.offices)],
) -> None:
    """An office's drawn questions and complaints without an answer; for the office alone."""
    from orchestration.opinion import sample, told

    queries.first_day(month)
    if office not in (known := _names(month)):
        raise Unknown("office", office, known, month)
    try:
        found = told.unanswered(call.home, month, office)
    except sample.NotSampled as problem:
        raise Unanswerable(str(problem)) from None
    rows = [{name: _plain(value) for name, value in row.items()} for row in found.to_dicts()]
    columns = ("published_at", "platform", "permalink", "text")
    lines = [{name: row[name] or "" for name in columns} for row in rows]
    show(rows, tables.table(f"{_('Not answered')} · {office} · {month}", columns, lines))


#: The labels' headings.
_HEADINGS = {
    "positive": "positive",
    "neutral": "neutral",
    "negative": "negative",
    "question_or_complaint": "question",
    "not_about_office": "not about it",
}


def _by_office(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A line for each office, with what its labels tell."""
    lines: dict[str, dict[str, Any]] = {}
    for row in rows:
        line = lines.setdefault(
            row["office_id"],
            {
                "office": row["office_id"],
                "comments": row["comment_count"],
                "labelled": f"{row['labelled_count']}/{row['sampled_count']}",
            },
        )
        line[_HEADINGS[row["label"]]] = _range(row)
    return list(lines.values())


def _range(row: dict[str, Any]) -> str:
    """Between which shares of the office's comments have a label, rounded outwards."""
    if not row["is_publishable"]:
        return _("not told")
    every = row["comment_count"]
    if row["low_count"] == row["high_count"]:  # all were drawn, so that it is known
        return f"{(200 * row['low_count'] + every) // (2 * every)} %"
    return f"{row['low_count'] * 100 // every}–{-(-row['high_count'] * 100 // every)} %"


def _agreement(rows: list[dict[str, Any]]) -> str:
    kappa = _number(rows[0]["kappa_ratio"])
    if kappa is None:
        return _("The second reader's labels are missing, so nothing is told.")
    told = _("The two readers agree with kappa {kappa}; below 0.60 nothing is told.")
    return told.format(kappa=decimal(kappa, 2))


def _drawn(found: Sample, path: Path, without_post: int) -> dict[str, Any]:
    """A draw as the interface has it."""
    return {
        "month": found.month,
        "seed": found.seed,
        "per_office": found.per_office,
        "drawn": sum(len(office.codes) for office in found.offices),
        "twice": len(found.twice),
        "comments_without_post": without_post,
        "offices": [
            {
                "office_id": office.office_id,
                "comment_count": office.comment_count,
                "sampled_count": len(office.codes),
            }
            for office in found.offices
        ],
        "workbook": str(path),
    }


def _with_captions(comments: pl.DataFrame) -> pl.DataFrame:
    posts = finished_state.table(call.home, "dim_post").select("post_key", "caption")
    return comments.lazy().join(posts, on="post_key", how="left", maintain_order="left").collect()


def _names(month: str) -> dict[str, str]:
    return dict(queries.office_names(call.home, month))


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
