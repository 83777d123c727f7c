"""How facts become an export file: a sheet of cells, then bytes.

What belongs here: what fills each column of a format, and the text of a sheet. What does not: the
platforms' words (`platforms/`) and which facts a file tells (`truth.py`).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ingest.sample import json_files, spreadsheets
from ingest.sample.formats import ExportFormat
from ingest.sample.platforms import FIXTURES
from ingest.sample.truth import SECOND, DayExport, DayMetrics, Export, Post

#: The records of a file, its header among them.
Sheet = list[list[str]]

#: TikTok Studio shows the first day of the chosen period; its list of posts reaches further back.
PERIOD = timedelta(days=28)

_EPOCH = datetime(1970, 1, 1)
_SPECIAL = re.compile(r'[,"\r\n]')


def sheet(export: Export | DayExport) -> Sheet:
    """The records of a file: its header and a record for each post or day."""
    if isinstance(export, Export):
        return _posts(export)
    export_format = export.format
    table = [[header for header, _ in export_format.columns]]
    for each in export.days:
        cells = (_day_cell(export_format, each, name) for name in export_format.fields)
        table.append(_texts(export_format, cells))
    if export_format.title:
        table = [[export_format.title], *table]
    return [*(list(record) for record in export_format.records_above), *table]


def encode(records: Sequence[Sequence[str]], export_format: ExportFormat) -> bytes:
    """The bytes of a sheet, as the format's platform writes them."""
    if export_format.file_type == "json":
        return json_files.encode(records, export_format)
    if export_format.file_type != "csv":
        rows = [[_typed(export_format, *each) for each in enumerate(record)] for record in records]
        write = spreadsheets.xlsx if export_format.file_type == "xlsx" else spreadsheets.xml
        return write(export_format.sheet, rows)
    quotes = export_format.quotes_every_cell
    lines = [",".join(_quoted(cell, quotes) for cell in record) for record in records]
    if export_format.names_delimiter:
        lines = ["sep=,", *lines]
    text = "".join(f"{line}{export_format.line_end}" for line in lines)
    if not export_format.ends_with_line_end:
        text = text.removesuffix(export_format.line_end)
    if export_format.encoding == "utf-16":
        return f"\ufeff{text}".encode("utf-16-le")
    return text.encode(export_format.encoding)


def _typed(export_format: ExportFormat, place: int, cell: str) -> spreadsheets.CellValue:
    if not export_format.has_typed_cells or not cell[:1].isdigit():
        return cell
    field = export_format.fields[place]
    if field == "time":
        return datetime.fromisoformat(cell)
    return cell if field in ("page_post", "text") else int(cell)


def _quoted(cell: str, always: bool) -> str:
    if always or _SPECIAL.search(cell):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _posts(export: Export) -> Sheet:
    fields = [name for _, name in export.columns]
    table = [[header for header, _ in export.columns]]
    seen = [export.observation(post) for post in export.posts]
    if export.format.has_description_row:
        described = ("reach", "few", "impressions")
        table.append(["Lifetime: …" if name in described else "" for name in fields])
    if export.format.total_word:
        total = {
            "id": export.format.total_word,
            "views": str(sum(each["views"] or 0 for each in seen)),
        }
        table.append([total.get(name, "") for name in fields])
    for post, counts in zip(export.posts, seen, strict=True):
        cells = (_post_cell(export, post, counts, name) for name in fields)
        table.append(_texts(export.format, cells))
    return table


def _texts(export_format: ExportFormat, cells: Iterable[object]) -> list[str]:
    return [_text(export_format, cell) for cell in cells]


def _text(export_format: ExportFormat, cell: object) -> str:
    if cell is None:
        return export_format.not_reported
    if isinstance(cell, int) and export_format.writes_floats:
        return f"{cell}.0"
    return str(cell)


def _time(export_format: ExportFormat, t: datetime) -> str:
    # `%b` and its like are English as long as nobody sets LC_TIME.
    return export_format.time_form.format(t=t, month=export_format.months[t.month - 1])


def _instant(export: Export, instant: datetime) -> str:
    zone = ZoneInfo(export.format.time_zone or export.office.time_zone)
    return _time(export.format, instant.replace(tzinfo=UTC).astimezone(zone))


def _link(export: Export, post: Post) -> str:
    handle = export.owners[post.account].handle
    link = FIXTURES[post.platform].links[post.post_type]
    return link.format(id=post.link_id, handle=handle, Handle=handle.title())


def _post_cell(export: Export, post: Post, seen: dict[str, int | None], name: str) -> object:
    for cell in export.spoilt:
        if cell.post == post and cell.field == name:
            return cell.text
    if name in export.format.fixed_cells:
        return export.format.fixed_cells[name]
    return _POST_CELLS[name](export, post, seen)


def _hides_likes(export: Export, seen: dict[str, int | None]) -> bool:
    return bool(export.format.hidden_likes) and seen["likes"] is None


def _product(post: Post) -> str:
    if post.is_story:
        return "STORY"
    return "REELS" if post.post_type == "IG reel" else "FEED"


#: What fills a column, by the field's name, unless the format fixes it; `seen` is what export `e`
#: reports of post `p`.
_POST_CELLS: dict[str, Callable[[Export, Post, dict[str, int | None]], object]] = {
    "": lambda e, p, seen: None,
    "zero": lambda e, p, seen: 0,
    "few": lambda e, p, seen: p.half_life % 5,
    "views": lambda e, p, seen: seen["views"],
    "likes": lambda e, p, seen: -1 if _hides_likes(e, seen) else seen["likes"],
    # With a column for them and still unreported, comments are hidden.
    "comments": lambda e, p, seen: -1 if seen["comments"] is None else seen["comments"],
    "shares": lambda e, p, seen: seen["shares"],
    "saves": lambda e, p, seen: seen["saves"],
    "sum": lambda e, p, seen: sum(seen[name] or 0 for name in ("likes", "comments", "shares")),
    "reach": lambda e, p, seen: (
        p.counters_at(e.captured_at).views * 4 // 5 if p.account == e.account else None
    ),
    "impressions": lambda e, p, seen: p.counters_at(e.captured_at).views,
    "id": lambda e, p, seen: p.delivered_id,
    "page_post": lambda e, p, seen: f"{e.owners[p.account].platform_account_id}_{p.post_id}",
    "plain": lambda e, p, seen: p.post_id,
    "shortcode": lambda e, p, seen: None if p.is_story else p.post_id,
    "number": lambda e, p, seen: e.owners[p.account].number,
    "answered": lambda e, p, seen: 1 if p.is_reply else None,
    "referenced": lambda e, p, seen: '[{"type":"retweeted","id":"20"}]' if p.is_repost else None,
    "product": lambda e, p, seen: _product(p),
    "unix": lambda e, p, seen: (p.published_at - _EPOCH) // SECOND,
    "owner": lambda e, p, seen: e.owners[p.account].platform_account_id,
    "handle": lambda e, p, seen: e.owners[p.account].handle,
    "name": lambda e, p, seen: e.owners[p.account].name,
    "text": lambda e, p, seen: p.text,
    "escaped": lambda e, p, seen: html.escape(p.text, quote=False),
    # The caption of a photo is its title, that of others their description.
    "title": lambda e, p, seen: p.text if p.post_type == "Photos" else p.text[:30],
    "rest": lambda e, p, seen: None if p.post_type == "Photos" else p.text,
    "seconds": lambda e, p, seen: 15 + p.half_life % 600,
    "time": lambda e, p, seen: _instant(e, p.published_at),
    "since": lambda e, p, seen: _instant(e, e.captured_at - PERIOD),
    "link": lambda e, p, seen: _link(e, p),
    "type": lambda e, p, seen: e.format.post_type_words.get(p.post_type, p.post_type),
    "cross": lambda e, p, seen: int(p.is_cross_post),
    "repost": lambda e, p, seen: int(p.is_repost),
    "rate": lambda e, p, seen: "5.03",
}

#: What fills a column of days that is no metric.
_DAY_CELLS: dict[str, object] = {
    "": None,
    "zero": 0,
    "rate": "0.0503",
    "city": "Jakarta, Indonesia",
    "country": "ID",
    "source": "Shorts feed",
    "video": "dQw4w9WgXcQ",
    "text": "A video",
    "published": "Mar 27, 2021",
}


def _day_cell(export_format: ExportFormat, day: DayMetrics, name: str) -> object:
    if name == "day":
        return _time(export_format, _midnight(day.day))
    return _DAY_CELLS[name] if name in _DAY_CELLS else day.metrics[name]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)
