"""How facts become an export file: a sheet of cells, then bytes.

What belongs here: what fills each column of a layout, and the text of a sheet. What does not: the
platforms' words (their modules) and which facts a file tells (`truth.py`).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ingest.sample import books, facebook, instagram, meta, tiktok, x, youtube
from ingest.sample.layout import Layout, layouts
from ingest.sample.truth import AccountDay, DayExport, Export, Post

#: The records of a file, its header among them.
Sheet = list[list[str]]

#: TikTok Studio shows the first day of the chosen period; its list of posts reaches further back.
PERIOD = timedelta(days=28)

_BULAN = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus"),
    *("September", "Oktober", "November", "Desember"),
)
_MES = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto"),
    *("septiembre", "octubre", "noviembre", "diciembre"),
)
_TYPES_ID = {"image": "Gambar", "reel": "Reel", "carousel": "Carousel", "story": "Cerita"}
_TYPES_ES = {"image": "Imagen", "reel": "Reel", "carousel": "Secuencia", "story": "Historia"}
_SPECIAL = re.compile(r'[,"\r\n]')
_LINKS = {
    "IG image": "https://www.instagram.com/p/{id}/",
    "IG carousel": "https://www.instagram.com/p/{id}/",
    "IG reel": "https://www.instagram.com/reel/{id}/",
    "IG story": "https://www.instagram.com/stories/{handle}/{id}/",
    "Photos": "https://www.facebook.com/{handle}/posts/{id}",
    "Reels": "https://www.facebook.com/reel/{id}/",
    "Videos": "https://www.facebook.com/{handle}/videos/{id}/",
    "post": "https://x.com/{Handle}/status/{id}",
    "video": "https://www.tiktok.com/@{handle}/video/{id}",
}

_PLATFORMS = {
    "instagram": instagram,
    "facebook": facebook,
    "x": x,
    "tiktok": tiktok,
    "youtube": youtube,
}
#: Platform to the layouts in which the sample world exports.
IN_WORLD: dict[str, tuple[Layout, ...]] = {
    name: tuple(layouts(module.WORLD)) for name, module in _PLATFORMS.items()
}


def _writers() -> dict[str, tuple[Layout, ...]]:
    written = [layout for each in IN_WORLD.values() for layout in each]
    written += [each for module in _PLATFORMS.values() for each in layouts(module.FURTHER)]
    written += [*meta.SERIES, meta.AUDIENCE]
    narrow = IN_WORLD["facebook"][0]  # the widest export seen has 212 columns
    tail = tuple((header, "few") for header in facebook.TAIL)[: 212 - len(narrow.columns)]
    written.append(replace(narrow, columns=(*narrow.columns, *tail)))
    kinds = sorted({layout.kind for layout in written})
    return {kind: tuple(each for each in written if each.kind == kind) for kind in kinds}


#: The reader's kind to every layout that writes it: its locales and generations.
WRITERS: dict[str, tuple[Layout, ...]] = _writers()


def sheet(export: Export | DayExport) -> Sheet:
    """The records of a file: its header and a record for each post or day."""
    if isinstance(export, Export):
        return _posts(export)
    layout = export.layout
    table = [[header for header, _ in layout.columns]]
    for each in export.days:
        cells = (_day_cell(layout, each, name) for _, name in layout.columns)
        table.append(_texts(layout, cells))
    if layout.kind == "meta_tables":  # another table, of another shape, stands above it
        return [["Age"], ["", "Women", "Men"], ["18-24", "10.6", "9"], [], ["Cities"], *table]
    return [[layout.title], *table] if layout.title else table


def encode(records: Sequence[Sequence[str]], layout: Layout) -> bytes:
    """The bytes of a sheet, as the layout's platform writes them."""
    words = layout.words
    if layout.form != "csv":
        write = books.xlsx if layout.form == "xlsx" else books.xml
        rows = [[_typed(layout, *each) for each in enumerate(record)] for record in records]
        return write(layout.sheet, rows)
    line_end = "\r\n" if "crlf" in words else "\n"
    lines = [",".join(_quoted(cell, "quoted" in words) for cell in record) for record in records]
    text = "".join(f"{line}{line_end}" for line in (["sep=,", *lines] if "sep" in words else lines))
    text = text.removesuffix(line_end if "cut" in words else "")
    if "utf16" in words:
        return f"\ufeff{text}".encode("utf-16-le")
    return text.encode("utf-8-sig" if "bom" in words else "utf-8")


def _typed(layout: Layout, place: int, cell: str) -> books.Cell:
    field = layout.columns[place][1]
    if "typed" not in layout.words or not cell[:1].isdigit():
        return cell
    if field == "time":
        return datetime.fromisoformat(cell)
    return cell if field in ("page_post", "text") else int(cell)


def _quoted(cell: str, always: bool) -> str:
    if always or _SPECIAL.search(cell):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _posts(export: Export) -> Sheet:
    layout = export.layout
    table = [[header for header, _ in export.columns]]
    seen = [export.observation(post) for post in export.posts]
    if layout.kind == "facebook_insights":  # its second row describes the counters
        told = ("reach", "few", "impressions")
        table.append(["Lifetime: …" if name in told else "" for _, name in export.columns])
    if layout.kind == "youtube_table":
        total = {"id": "Total", "views": str(sum(each["views"] or 0 for each in seen))}
        table.append([total.get(name, "") for _, name in export.columns])
    for post, counts in zip(export.posts, seen, strict=True):
        cells = (_POST_CELLS[name](export, post, counts) for _, name in export.columns)
        table.append(_texts(layout, cells))
    return table


def _texts(layout: Layout, cells: Iterable[object]) -> list[str]:
    none, point = layout.none, ".0" if "floats" in layout.words else ""
    return [
        none if cell is None else f"{cell}{point}" if isinstance(cell, int) else str(cell)
        for cell in cells
    ]


def _time(layout: Layout, t: datetime) -> str:
    # `%b` and its like are English as long as nobody sets LC_TIME.
    return layout.time_form.format(t=t, bulan=_BULAN[t.month - 1], mes=_MES[t.month - 1])


def _instant(export: Export, instant: datetime) -> str:
    zone = ZoneInfo(export.layout.time_zone or export.office.time_zone)
    return _time(export.layout, instant.replace(tzinfo=UTC).astimezone(zone))


def _link(export: Export, post: Post) -> str:
    handle = export.owners[post.account].handle
    return _LINKS[post.post_type].format(id=post.link_id, handle=handle, Handle=handle.title())


def _type(words: Mapping[str, str], post: Post) -> str:
    return words[post.post_type.removeprefix("IG ")]


#: What fills a column, by the field's name; `seen` is what export `e` reports of post `p`.
_POST_CELLS: dict[str, Callable[[Export, Post, dict[str, int | None]], object]] = {
    "": lambda e, p, seen: None,
    "zero": lambda e, p, seen: 0,
    "few": lambda e, p, seen: p.half_life % 5,
    "views": lambda e, p, seen: seen["views"],
    "likes": lambda e, p, seen: seen["likes"],
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
    "type": lambda e, p, seen: p.post_type,
    "jenis": lambda e, p, seen: f"{_type(_TYPES_ID, p)} IG",
    "tipo": lambda e, p, seen: f"{_type(_TYPES_ES, p)} de Instagram",
    "scope": lambda e, p, seen: "Lifetime",
    "masa": lambda e, p, seen: "Sepanjang Masa",
    "total": lambda e, p, seen: "Total",
    "cross": lambda e, p, seen: int(p.is_cross_post),
    "repost": lambda e, p, seen: int(p.is_repost),
    "rate": lambda e, p, seen: "5.03",
    "rasio": lambda e, p, seen: "5,0%",
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


def _day_cell(layout: Layout, told: AccountDay, name: str) -> object:
    if name == "day":
        return _time(layout, _midnight(told.day))
    return _DAY_CELLS[name] if name in _DAY_CELLS else told.metrics[name]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)
