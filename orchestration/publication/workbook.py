"""What people read: the bulletin as a workbook, and the same tables as CSV.

What belongs here: which columns a reader sees, in which order and form. What does not: any number
that the warehouse has not computed, and the words (`labels.py`).

The workbook's bytes follow from its content: its date of making is the month's end. No text in it
can run as a formula, not even after somebody edits its cell.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from textwrap import wrap
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ingest.platforms import LINKS
from ingest.regular_files import shown, shown_lines
from orchestration.publication.claim_words import REASONS
from orchestration.publication.dictionary import indonesian
from orchestration.publication.formats import is_formula, kept_text, people_csv
from orchestration.publication.labels import (
    CATEGORIES,
    ENGLISH,
    HEADINGS,
    INDONESIAN,
    NOTES,
    OUTCOMES,
    STATUSES,
    between,
)
from orchestration.publication.month import PublishedMonth, next_month
from orchestration.publication.wording import LEGEND

#: The sheet that holds `rank_monthly` whole, cell by cell as in its CSV.
RANKINGS_SHEET = "Data peringkat"
#: A ranking as a sheet: ranges are words.
_RANKING = (
    "rank",
    "office_name",
    "completeness",
    "score",
    "likely_ranks",
    "possible_ranks",
    "post_count",
    "rank_without_best_post",
    "likely_scores",
    "possible_scores",
    "exact_score",
    "interpolated_score",
    "late_score",
    "early_score",
    "none_score",
    "complete_account_count",
    "partial_account_count",
    "missing_account_count",
    "office_id",
)
#: The rankings as a file: ranges are two numbers each.
_RANKING_FILE = (
    "edition_id",
    "status",
    "month",
    "policy_id",
    "is_official",
    "coverage_percent",
    "evidence_percent",
    "league",
    "category",
    "rank",
    "office_name",
    "is_complete",
    "score",
    "rank_likely_best",
    "rank_likely_worst",
    "rank_best",
    "rank_worst",
    "rank_without_best_post",
    "score_likely_low",
    "score_likely_high",
    "score_low",
    "score_high",
    "post_count",
    "exact_score",
    "interpolated_score",
    "late_score",
    "early_score",
    "none_score",
    "complete_account_count",
    "partial_account_count",
    "missing_account_count",
    "office_id",
)
#: What a row of a ranking is known by, within its month.
_RANK_KEY = ("policy_id", "league", "category", "office_id")
_POINTS_PER_LINE = 15
#: Of the summary's texts, in characters.
_SUMMARY_WIDTH = 100


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    table: pl.DataFrame
    #: Headings are Indonesian words for readers, else the columns' own names.
    is_for_reading: bool = True
    #: Lines above the table: what it is, and of which month in which state.
    head: Sequence[str] = ()
    #: Lines under the table: what its words mean.
    notes: Sequence[str] = ()


def people(month: PublishedMonth, manifest: Mapping[str, Any]) -> dict[str, bytes]:
    """The files of the folder `people/`, by name.

    Args:
        month: the rows.
        manifest: the edition's ID and status.
    """
    tables = {
        "peringkat.csv": _ranking_file(month, manifest),
        "unggahan.csv": _as_text(_posts(month), "post_id"),
        "cakupan.csv": _coverage(month),
    }
    return {
        name: people_csv([_heading(c) for c in table.columns], table.iter_rows())
        for name, table in tables.items()
    }


def workbook(
    month: PublishedMonth,
    manifest: Mapping[str, Any],
    moved: Mapping[str, Any],
    descriptions: Mapping[str, Mapping[str, str]],
    objections: pl.DataFrame | None = None,
) -> bytes:
    """The bulletin as XLSX.

    Args:
        month: the rows.
        manifest: the edition's ID, status, reason and what the month lacks.
        moved: the document of `difference.json`.
        descriptions: table to column to its meaning in English.
        objections: those that the edition tells, as in `objections.csv`.
    """
    buffer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    book = xlsxwriter.Workbook(buffer, options)
    made = next_month(month.first_day)
    book.set_properties(
        {"title": manifest["edition_id"], "created": datetime(made.year, made.month, made.day)}
    )
    sheets = list(_sheets(month, manifest, moved))
    if objections is not None and objections.height:
        sheets.append(_Sheet("Keberatan", _objections(month, objections)))
    columns = list(dict.fromkeys(c for sheet in sheets for c in sheet.table.columns))
    sheets.append(_Sheet("Kolom", _dictionary(columns, descriptions), is_for_reading=False))
    _write_summary(book, month, manifest, sheets)
    for number, sheet in enumerate(sheets, start=1):
        _write(book, sheet, number)
    book.close()
    return buffer.getvalue()


def _sheets(
    month: PublishedMonth, manifest: Mapping[str, Any], moved: Mapping[str, Any]
) -> Iterator[_Sheet]:
    rankings = _rankings(month)
    shown = month.official_policy or rankings["policy_id"][0]
    state = f"{_edition(manifest)} · {_completeness(month, shown)}"
    parts = rankings.filter(policy_id=shown).partition_by(
        "league", "category", maintain_order=True, as_dict=True
    )
    for (league, category), part in parts.items():
        title = f"{CATEGORIES[str(category)]} {league}"
        head = (f"{title} {month.name}", f"{shown} · {state}")
        yield _Sheet(title, part.select(_RANKING), head=head, notes=NOTES)
    if moved["before"]:
        head = (f"Perubahan {month.name} sejak {moved['before']}", state)
        yield _Sheet("Perubahan", _movement(moved, rankings), head=head, notes=NOTES)
    head = (f"Perbandingan aturan {month.name}", state)
    yield _Sheet("Perbandingan aturan", _comparison(month, rankings), head=head, notes=NOTES)
    yield _Sheet("Cakupan", _coverage(month))
    yield _Sheet("Unggahan", _posts(month))
    yield _Sheet(RANKINGS_SHEET, month.tables["rank_monthly"], is_for_reading=False)


def _edition(manifest: Mapping[str, Any]) -> str:
    return f"{manifest['edition_id']}, status {STATUSES[manifest['status']]}"


def _completeness(month: PublishedMonth, policy_id: str) -> str:
    """What the month has under a policy, in words."""
    state = month.tables["rank_month_state"].row(
        by_predicate=pl.col("policy_id") == policy_id, named=True
    )
    accounts = f"{state['complete_account_count']} dari {state['account_count']} akun"
    return (
        f"ekspor lengkap: {accounts} ({state['coverage_percent']} %) · "
        f"mutu bukti: {state['evidence_percent']} %"
    )


def _rankings(month: PublishedMonth) -> pl.DataFrame:
    """The rankings with the offices' names, and with their ranges in words."""
    named = month.tables["rank_monthly"].join(
        _names(month), on="office_id", how="left", maintain_order="left"
    )
    ranges = {
        "likely_ranks": ("rank_likely_best", "rank_likely_worst"),
        "possible_ranks": ("rank_best", "rank_worst"),
        "likely_scores": ("score_likely_low", "score_likely_high"),
        "possible_scores": ("score_low", "score_high"),
    }
    words = [
        pl.Series(name, [between(*ends) for ends in named.select(columns).iter_rows()], pl.String)
        for name, columns in ranges.items()
    ]
    is_complete = pl.when("is_complete").then(pl.lit("lengkap")).otherwise(pl.lit("belum lengkap"))
    return named.with_columns(*words, completeness=is_complete)


def _ranking_file(month: PublishedMonth, manifest: Mapping[str, Any]) -> pl.DataFrame:
    states = month.tables["rank_month_state"].select(
        "policy_id", "coverage_percent", "evidence_percent"
    )
    return (
        _rankings(month)
        .join(states, on="policy_id", how="left", maintain_order="left")
        .with_columns(
            edition_id=pl.lit(manifest["edition_id"]), status=pl.lit(STATUSES[manifest["status"]])
        )
        .select(_RANKING_FILE)
    )


def _comparison(month: PublishedMonth, rankings: pl.DataFrame) -> pl.DataFrame:
    """Each office's rank under each policy beside the one in force."""
    ranges = rankings.select(
        *_RANK_KEY, "office_name", "completeness", "likely_ranks", "possible_ranks"
    )
    sensitivity = month.tables["rank_policy_sensitivity"]
    return sensitivity.join(ranges, on=_RANK_KEY, how="left", maintain_order="left").select(
        "month",
        "league",
        "category",
        "office_name",
        "completeness",
        "policy_id",
        "rank",
        "likely_ranks",
        "possible_ranks",
        "official_policy_id",
        "official_rank",
        "rank_gain",
        "office_id",
    )


def _posts(month: PublishedMonth) -> pl.DataFrame:
    """Each post under the official policy; under each where none is.

    A post has its link as an export gave it, else the one that its ID makes. One of an account that
    is not registered has neither ID nor link: an ID leads to the post as a link does.
    """
    decisions = month.tables["fct_post_month"]
    if month.official_policy:
        decisions = decisions.filter(policy_id=month.official_policy)
    posts = month.tables["dim_post"].select("post_key", "permalink", "published_at")
    zones = month.tables["dim_policy"].select("policy_id", "time_zone")
    rows = decisions.join(posts, on="post_key").join(zones, on="policy_id")
    made = [
        LINKS[platform].link_of(post_id)
        for platform, post_id in rows.select("platform", "post_id").iter_rows()
    ]
    is_known = pl.col("account_id").is_not_null()
    rows = rows.with_columns(
        permalink=pl.when(is_known).then(
            pl.coalesce("permalink", pl.Series("made", made, pl.String))
        ),
        post_id=pl.when(is_known).then("post_id"),
    )
    local = [
        part.with_columns(
            pl.col("published_at")
            .dt.replace_time_zone("UTC")
            .dt.convert_time_zone(zone)
            .dt.strftime("%Y-%m-%d %H:%M:%S")
        )
        for (zone,), part in rows.partition_by("time_zone", as_dict=True).items()
    ]
    local_time = pl.coalesce("published_at", pl.col("local_date").cast(pl.String))
    return (
        pl.concat(local or [rows.cast({"published_at": pl.String})])
        .with_columns(published_local=local_time)
        .join(_names(month), on="office_id", how="left")
        .sort("policy_id", "office_id", "published_local", "post_key", nulls_last=True)
        .select(
            "policy_id",
            "office_name",
            "platform",
            "account_id",
            "post_id",
            "permalink",
            "published_local",
            "is_counted",
            "reason",
            "value",
            "value_likely_low",
            "value_likely_high",
            "value_low",
            "value_high",
            "grade",
            "is_incomplete",
            "office_id",
            "league",
        )
    )


def _as_text(table: pl.DataFrame, column: str) -> pl.DataFrame:
    """With the texts of a column marked so that a spreadsheet that opens CSV leaves them whole."""
    texts = [kept_text(text) for text in table[column]]
    return table.with_columns(pl.Series(column, texts, pl.String))


def _coverage(month: PublishedMonth) -> pl.DataFrame:
    accounts = month.tables["dim_account"].sort("account_id", "valid_from_date")
    last = accounts.group_by("account_id").agg(pl.col("office_id").last())
    coverage = month.tables["fct_coverage"].join(last, on="account_id", how="left")
    return (
        coverage.join(_names(month), on="office_id", how="left")
        .sort("policy_id", "office_id", "account_id", nulls_last=True)
        .select("policy_id", "office_name", "platform", "account_id", "state", "office_id")
    )


def _names(month: PublishedMonth) -> pl.DataFrame:
    """Each office's last name in the month."""
    offices = month.tables["dim_office"].filter(
        pl.col("valid_from_date") < next_month(month.first_day)
    )
    return (
        offices.sort("office_id", "valid_from_date")
        .group_by("office_id")
        .agg(pl.col("office_name").last())
    )


def _objections(month: PublishedMonth, told: pl.DataFrame) -> pl.DataFrame:
    """The objections that the edition tells, in words."""
    reasons = [
        ", ".join(f"{REASONS[name].alasan} {count}" for name, count in reasons)
        for reasons in (
            [each.split("=") for each in (text or "").split()] for text in told["reasons"]
        )
    ]
    return (
        told.with_columns(
            pl.col("outcome").replace_strict(OUTCOMES), reasons=pl.Series(reasons, dtype=pl.String)
        )
        .join(_names(month), on="office_id", how="left", maintain_order="left")
        .select(
            "objection_id",
            "office_name",
            "filed_date",
            "deadline_date",
            "outcome",
            "answered_date",
            "answer_number",
            "claim_count",
            "reasons",
            "office_id",
        )
    )


def _movement(moved: Mapping[str, Any], rankings: pl.DataFrame) -> pl.DataFrame:
    """What moved since the edition before; the ranges are those of this edition."""
    rows = [
        {
            "policy_id": office["policy_id"],
            "league": office["league"],
            "category": office["category"],
            "office_id": office["office_id"],
            "before": office["rank"][0],
            "after": office["rank"][1],
            "score_before": office["score"][0],
            "score_after": office["score"][1],
            "causes": "; ".join(dict.fromkeys(cause["cause"] for cause in office["causes"])),
        }
        for office in moved["offices"]
    ]
    schema = {
        "policy_id": pl.String,
        "league": pl.String,
        "category": pl.String,
        "office_id": pl.String,
        "before": pl.Int64,
        "after": pl.Int64,
        "score_before": pl.Int64,
        "score_after": pl.Int64,
        "causes": pl.String,
    }
    frame = pl.DataFrame(rows, schema=schema)
    return frame.join(rankings, on=_RANK_KEY, how="left", maintain_order="left").select(
        "policy_id",
        "league",
        "category",
        "office_name",
        "completeness",
        "before",
        "after",
        "likely_ranks",
        "possible_ranks",
        "score_before",
        "score_after",
        "causes",
        "office_id",
    )


def _dictionary(columns: list[str], descriptions: Mapping[str, Mapping[str, str]]) -> pl.DataFrame:
    english = {column: text for table in descriptions.values() for column, text in table.items()}
    english |= ENGLISH
    rows = [
        (
            column,
            _heading(column),
            INDONESIAN.get(column) or indonesian(column),
            english.get(column, ""),
        )
        for column in columns
    ]
    return pl.DataFrame(rows, schema=["kolom", "judul", "arti", "meaning"], orient="row")


def _write_summary(
    book: xlsxwriter.Workbook,
    month: PublishedMonth,
    manifest: Mapping[str, Any],
    sheets: list[_Sheet],
) -> None:
    page = landscape_page(book, "Ringkasan")
    title = book.add_format({"bold": True, "font_size": 16})
    label = book.add_format({"bold": True, "valign": "top"})
    shown = month.official_policy or month.tables["rank_monthly"]["policy_id"][0]
    plain = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
    page.set_column(0, 0, 42)
    page.set_column(1, 1, _SUMMARY_WIDTH)
    page.write_string(0, 0, f"Akun Teraktif dan Akun Terpopuler {month.name}", title)
    english = [f"{word}: {LEGEND[word]}" for word in ("likely", "possible")]
    entries = {
        "Edisi / edition": manifest["edition_id"],
        "Status": f"{STATUSES[manifest['status']]} / {manifest['status']}",
        "Menggantikan / replaces": manifest["replaces"],
        "Alasan / reason": manifest["reason"],
        "Aturan resmi / policy in force": manifest["official_policy"],
        "Kekurangan / the month lacks": manifest["lacks"],
        "Diterbitkan walaupun / published despite": "ya / yes" if manifest["despite"] else None,
        "Lembar / sheets": ", ".join(sheet.name for sheet in sheets),
        "Kelengkapan / completeness": _completeness(month, shown),
        "Arti / meaning": "\n".join([*NOTES, *english]),
        "Hitung ulang / recompute": "python -I -S evidence/recompute.py",
    }
    for row, (name, text) in enumerate((k, v) for k, v in entries.items() if v):
        told = shown_lines(str(text))[:32000]
        # Not all programs fit a row to its text, so that it would lie over the next one.
        lines = sum(max(1, len(wrap(line, _SUMMARY_WIDTH - 10))) for line in told.splitlines())
        page.set_row(row + 2, _POINTS_PER_LINE * lines)
        page.write_string(row + 2, 0, name, label)
        page.write_string(row + 2, 1, told, plain)


def landscape_page(book: xlsxwriter.Workbook, name: str) -> Worksheet:
    """A sheet that also prints: A4, landscape, as wide as the paper."""
    page: Worksheet = book.add_worksheet(name)
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    return page


def _write(book: xlsxwriter.Workbook, sheet: _Sheet, number: int) -> None:
    page = landscape_page(book, re.sub(r"[\[\]:*?/\\']", " ", sheet.name)[:31])
    guarded = book.add_format({"quote_prefix": True})
    whole = book.add_format({"num_format": "#,##0" if sheet.is_for_reading else "0"})
    table = sheet.table
    top = len(sheet.head)
    _write_lines(book, page, sheet)
    page.repeat_rows(0, top)
    page.freeze_panes(top + 1, 0)
    for row, cells in enumerate(table.iter_rows(), start=top + 1):
        for column, cell in enumerate(cells):
            _write_cell(page, row, column, cell, whole, guarded)
    columns = table.columns
    names = [_heading(c) if sheet.is_for_reading else c for c in columns]
    lines = 1
    for column, name in enumerate(names):
        texts = table.to_series(column).head(1000).cast(pl.String).drop_nulls()
        width = _width(name, list(texts), is_wrapped=sheet.is_for_reading)
        page.set_column(column, column, width)
        lines = max(lines, len(wrap(name, width - 3)))
    if sheet.is_for_reading:
        page.set_row(top, _POINTS_PER_LINE * lines)
    # A table needs one row at least, and headings that differ.
    headings = [
        name if names.count(name) == 1 else f"{name} ({column})"
        for name, column in zip(names, columns, strict=True)
    ]
    wrapped = book.add_format({"text_wrap": sheet.is_for_reading, "valign": "top", "bold": True})
    options = {
        "name": f"tabel_{number}",
        "style": "Table Style Light 9",
        "columns": [{"header": heading, "header_format": wrapped} for heading in headings],
    }
    page.add_table(top, 0, top + max(table.height, 1), table.width - 1, options)


def _write_lines(book: xlsxwriter.Workbook, page: Worksheet, sheet: _Sheet) -> None:
    """What stands above and under a table."""
    bold = book.add_format({"bold": True, "font_size": 14})
    for row, line in enumerate(sheet.head):
        page.write_string(row, 0, line, bold if row == 0 else None)
    under = len(sheet.head) + max(sheet.table.height, 1) + 2
    for row, line in enumerate(sheet.notes, start=under):
        page.write_string(row, 0, line)


def _width(name: str, texts: Sequence[str], *, is_wrapped: bool) -> int:
    """How wide a column is, in characters, so that its heading and its cells can be read."""
    # Beside a heading stands the button of its filter.
    heading = max(map(len, name.split())) if is_wrapped else len(name)
    return min(max([heading + 3, *map(len, texts)]) + 1, 60)


def _write_cell(
    page: Worksheet, row: int, column: int, cell: Any, whole: Format, guarded: Format
) -> None:
    if isinstance(cell, bool):
        page.write_boolean(row, column, cell)
    elif isinstance(cell, int):
        page.write_number(row, column, cell, whole)
    elif isinstance(cell, str | date):
        text = shown(str(cell))
        page.write_string(row, column, text, guarded if is_formula(text) else None)


def _heading(column: str) -> str:
    return HEADINGS.get(column, column)
