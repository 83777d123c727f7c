"""The form of an audit: which pages to visit, in Indonesian, and what was seen, filled in.

What belongs here: writing it as XLSX or CSV, and reading it back, row by row. What does not: what a
finding means (`evaluate.py`).

A row is known by its page's number and link, so that rows may be sorted, and a spreadsheet that
spoils long IDs does no harm. A row without a word in the columns to fill in is not visited yet.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import xlsxwriter

from ingest.bounds import bounds
from ingest.files import Damage, Table, tables
from ingest.regular_files import shown
from orchestration.audit.evaluate import Audit, Finding, code, pages_of
from orchestration.audit.ranking import COMPONENTS, NotAuditable, Office, Post, Ranking
from orchestration.audit.risk import RISK_PERCENT
from orchestration.publication.formats import harmless, people_csv
from orchestration.publication.labels import CATEGORIES
from orchestration.publication.workbook.measure import height_of, lines_of

_NUMBER, _CODE, _LINK, _PLATFORM = "Nomor halaman", "Kode audit", "Tautan", "Platform"
_EXISTS = "Halaman ada (ya/tidak)"
_MATCHES = "Akun dan waktu terbit cocok, bukan ganda (ya/tidak)"
_VISITED = "Tanggal kunjungan (2026-11-30 atau 30/11/2026)"
_NOTE = "Catatan"
_WORDS = {"likes": "suka", "comments": "komentar", "shares": "bagikan", "saves": "simpan"}
_YES_OR_NO = {"ya": True, "yes": True, "tidak": False, "no": False}
#: How a page shortens a number: `12,4 rb`, `12.4K`, `1,2 jt`, `1.2M`.
_SHORTENED = re.compile(r"([0-9]+)(?:[.,]([0-9]{1,2}))?\s*(rb|ribu|k|jt|juta|m)", re.IGNORECASE)
#: The others are millions; an Indonesian M, a milliard, is at least one.
_THOUSANDS = ("rb", "ribu", "k")
_WHOLE = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+")
_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
#: How wide a column is, in digits: what to look for fills one page in print, at 8 points.
_WIDTHS = {
    _NUMBER: 9,
    _CODE: 8,
    "Kantor": 22,
    "Akun": 15,
    _PLATFORM: 10,
    _LINK: 38,
    "Cara menghitung": 12,
    _MATCHES: 17,
    _VISITED: 18,
    _NOTE: 40,
}
_WIDTH, _HELP_WIDTH, _PRINT_SCALE = 10, 120, 75
#: Rows are measured at 10 points; the form is of 11.
_LARGER = 1.15
_HELP = (
    "Isi kolom yang kosong untuk setiap halaman; jangan ubah kolom lain. Urutan kunjungan bebas, "
    "tetapi halaman yang belum diisi menghentikan hitungan pada undian itu: tidak ada halaman yang "
    "boleh dilewati.",
    "Halaman yang sudah dihapus atau tidak dapat dibuka: tulis tidak. Halaman itu dihitung seolah "
    "tidak mendukung apa pun.",
    "Tulis angka yang tampak hari itu. Angka yang disingkat boleh ditulis seperti tampak (12,4 rb; "
    "1,2 jt); yang dihitung adalah angka terkecil yang dapat disingkat demikian.",
    "Angka yang tidak ditampilkan halaman: biarkan kosong. Angka itu dihitung 0.",
    "Angka hari ini biasanya lebih besar daripada angka 24 jam pertama. Kunjungan membuktikan "
    "bahwa interaksi itu ada, bukan kapan diperoleh.",
)


@dataclass(slots=True)
class Filled:
    """A form that was read: findings by page, and a line for each row that could not be taken."""

    findings: dict[int, Finding] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


class _Fault(Exception):
    """Why a row can't be taken, and what to do."""


def write(audit: Audit, suffix: str) -> bytes:
    """The form of an audit, with what was found before, as `.xlsx` or `.csv`.

    Raises:
        NotAuditable: another suffix.
    """
    header = [*_shown_columns(audit.ranking), *_blank_columns(audit.ranking)]
    rows = list(_rows(audit))
    if suffix.lower() == ".csv":
        return people_csv(header, rows)
    if suffix.lower() != ".xlsx":
        raise NotAuditable(f"a form is .xlsx or .csv, not {suffix or 'without an ending'}")
    return _workbook(audit, header, rows)


def read(path: Path, ranking: Ranking, seed: str, top: int) -> Filled:
    """The findings of a form that was filled in.

    Raises:
        NotAuditable: the file is no such form.
    """
    try:
        size = path.stat().st_size
        if size > bounds().bytes_of("read_mib"):
            most = bounds().told("read_mib")
            raise NotAuditable(f"{path} holds {size:,} bytes, more than {most}")
        found = tables(path.read_bytes(), _is_form(ranking), lambda _: False, {})
    except Damage as problem:
        raise NotAuditable(f"{path}: {problem}") from None
    form = next((each for each in found if isinstance(each, Table)), None)
    if form is None:
        lacking = ", ".join((_NUMBER, _CODE, _LINK, *_blank_columns(ranking)))
        raise NotAuditable(f"{path} is no form of this audit; its columns must be: {lacking}")
    filled = Filled()
    twice: set[int] = set()
    pages = pages_of(ranking, seed, top)
    mark = code(ranking, seed, top)
    malformed = {each.number for each in form.malformed}
    header = [name.strip() for name in form.header]
    for number, cells in form.records():
        try:
            if number in malformed:
                raise _Fault("has more or fewer cells than the heading; give each cell its column")
            row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
            page, finding = _finding(row, ranking, pages, mark)
            if finding and filled.findings.setdefault(page, finding) != finding:
                twice.add(page)
                raise _Fault(f"page {page} is filled in twice, differently; leave the right one")
        except _Fault as fault:
            filled.faults.append(shown(f"{path}, row {number + 1}: {fault}"))
    for page in twice:
        del filled.findings[page]
    return filled


def _is_form(ranking: Ranking) -> Any:
    needed = {_NUMBER, _CODE, _LINK, *_blank_columns(ranking)}
    return lambda header, _: needed <= {name.strip() for name in header}


def _components(ranking: Ranking) -> list[str]:
    """The components that weigh anything anywhere; none where posts are counted."""
    if ranking.category == "active":
        return []
    posts = [post for office in ranking.offices for post in office.posts]
    return [name for name in COMPONENTS if any(name in post.weights for post in posts)]


def _shown_columns(ranking: Ranking) -> list[str]:
    plain = [_NUMBER, _CODE, "Kantor", "Akun", _PLATFORM, _LINK, f"Terbit ({ranking.time_zone})"]
    if ranking.category == "active":
        return plain
    recorded = [f"Tercatat: {_WORDS[name]}" for name in _components(ranking)]
    return [
        *plain,
        "Jumlah paling sedikit yang harus tampak",
        "Cara menghitung",
        *recorded,
        f"Tercatat pada ({ranking.time_zone})",
    ]


def _blank_columns(ranking: Ranking) -> list[str]:
    seen = [f"Terlihat: {_WORDS[name]}" for name in _components(ranking)]
    return [_EXISTS, _MATCHES, *seen, _VISITED, _NOTE]


def _rows(audit: Audit) -> Iterator[list[Any]]:
    ranking = audit.ranking
    components = _components(ranking)
    mark = code(ranking, audit.seed, audit.top)
    for page in audit.pages:
        post = page.post
        row: list[Any] = [page.number, mark, page.office.name, post.handle, post.platform]
        row += [post.link, post.published]
        if ranking.category == "popular":
            recorded = [post.recorded.get(name, "") for name in components]
            row += [post.value, _sum(post), *recorded, post.recorded_at]
        yield [*row, *(page.finding.cells if page.finding else [""] * len(_blank_columns(ranking)))]


def _sum(post: Post) -> str:
    """What a post's value is the sum of, in words."""
    return " + ".join(
        _WORDS[name] if weight == 1 else f"{_WORDS[name]} × {weight}"
        for name, weight in post.weights.items()
    )


def _workbook(audit: Audit, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    buffer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    book = xlsxwriter.Workbook(buffer, options)
    # So that equal content gives equal bytes.
    book.set_properties({"created": datetime.fromisoformat(f"{audit.ranking.month}-01")})
    page, help_page = book.add_worksheet("Kunjungan"), book.add_worksheet("Petunjuk")
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
    plain = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True, "border": 1})
    number = book.add_format({"valign": "top", "border": 1})
    blank = book.add_format({"bg_color": "#FFF7DB", "border": 1, "valign": "top"})
    first_blank = len(_shown_columns(audit.ranking))
    widths = [_WIDTHS.get(name, _WIDTH) for name in header]
    for column, (name, width) in enumerate(zip(header, widths, strict=True)):
        page.write_string(0, column, name, heading)
        page.set_column(column, column, width)
    page.set_row(0, _row_height(header, widths))
    for line, row in enumerate(rows, start=1):
        page.set_row(line, _row_height(row, widths))
        for column, value in enumerate(row):
            if column >= first_blank:
                page.write(line, column, harmless(value), blank)
            elif isinstance(value, int):
                page.write_number(line, column, value, number)
            elif header[column] == _PLATFORM and _leads(row[column + 1]):
                # Behind a short word, for a link does not wrap in every program.
                page.write_url(line, column, row[column + 1], plain, value)
            else:
                page.write_string(line, column, shown(value), plain)
    for name in (_EXISTS, _MATCHES):
        column = header.index(name)
        choice = {"validate": "list", "source": ["ya", "tidak"]}
        page.data_validation(1, column, max(1, len(rows)), column, choice)
    page.freeze_panes(1, 1)
    page.repeat_rows(0)
    # On paper what to look for stands on one page, what to fill in on the next.
    page.repeat_columns(0)
    page.print_across()
    page.set_v_pagebreaks([first_blank])
    page.set_print_scale(_PRINT_SCALE)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    help_page.set_column(0, 0, _HELP_WIDTH)
    title, *texts = _help(audit)
    for line, text in enumerate([title, *texts]):
        help_page.write_string(line, 0, shown(text), wrapped)
        help_page.set_row(line, _row_height([text], [_HELP_WIDTH]))
    for sheet in (page, help_page):
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(0.4, 0.4, 0.7, 0.7)
        sheet.set_header("&L&A&R" + shown(title)[:120].replace("&", "&&"))
        sheet.set_footer(f"&L{code(audit.ranking, audit.seed, audit.top)}&RHalaman &P dari &N")
    book.close()
    return buffer.getvalue()


def _leads(link: str) -> bool:
    return link.startswith("https://") and shown(link) == link


def _row_height(cells: Sequence[Any], widths: Sequence[int]) -> float:
    """How high a row must be so that its texts, which wrap, are whole."""
    lines = [lines_of(shown(str(cell)), width) for cell, width in zip(cells, widths, strict=True)]
    return height_of(lines) * _LARGER


def _help(audit: Audit) -> list[str]:
    ranking = audit.ranking
    return [
        f"Audit {CATEGORIES[ranking.category].indonesian} {ranking.league} {ranking.month}: "
        f"{audit.largest.k} peringkat teratas, risiko {RISK_PERCENT} %",
        f"Edisi {ranking.edition_id} (manifest.json SHA-256 {ranking.manifest_sha256})",
        f"Benih undian (seed): {audit.seed}",
        *_HELP,
    ]


def _finding(
    row: Mapping[str, str], ranking: Ranking, pages: Mapping[int, tuple[Office, Post]], mark: str
) -> tuple[int, Finding | None]:
    """The page of a row, and what was found there; None where it was not visited yet.

    Raises:
        _Fault: the row can't be taken.
    """
    blanks = tuple(row.get(name, "") for name in _blank_columns(ranking))
    if not any(blanks):
        return 0, None
    number = row[_NUMBER]
    if not (number.isascii() and number.isdigit() and int(number) in pages):
        raise _Fault(f"there is no page {number!r}; leave the numbers as they were drawn")
    if row[_CODE] != mark:
        raise _Fault(
            f"page {number} is of the audit {row[_CODE]!r}, and this one is {mark}; name the "
            "edition, seed, league, category and top that the form was made with"
        )
    _, post = pages[int(number)]
    if row[_LINK].removeprefix("'") != shown(post.link):
        raise _Fault(f"page {number} has another link; restore it: {post.link}")
    visited = _day(row[_VISITED])
    published = date.fromisoformat(post.published[:10])
    if visited < published:
        raise _Fault(f"page {number} was visited before it was published; correct the date")
    exists = _yes_or_no(_EXISTS, row[_EXISTS])
    matches = _yes_or_no(_MATCHES, row[_MATCHES]) if exists else False
    seen = {}
    for name in _components(ranking):
        column = f"Terlihat: {_WORDS[name]}"
        if exists and row[column]:
            seen[name] = _least(column, row[column])
    return int(number), Finding(exists, matches, seen, visited, blanks)


def _yes_or_no(column: str, text: str) -> bool:
    if text.casefold() not in _YES_OR_NO:
        raise _Fault(f"{column!r} is {text!r}; write ya or tidak")
    return _YES_OR_NO[text.casefold()]


def _least(column: str, text: str) -> int:
    """The smallest number that a page would show so."""
    if _WHOLE.fullmatch(text):
        return int(re.sub("[.,]", "", text))
    if found := _SHORTENED.fullmatch(text):
        whole, decimals, unit = found[1], found[2] or "", found[3].casefold()
        step = Fraction(1_000 if unit in _THOUSANDS else 1_000_000, 10 ** len(decimals))
        # Some pages round, others cut: half a step less is the least in both.
        least = int(whole + decimals) * step - step / 2
        return max(0, -(-least.numerator // least.denominator))
    raise _Fault(f"{column!r} is {text!r}; write a whole number, or as the page shows it: 12,4 rb")


def _day(text: str) -> date:
    """A day, written from the year or, as Indonesians do, from the day."""
    try:
        if found := _DAY.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(text.partition("T")[0])
    except ValueError:
        raise _Fault(f"{_VISITED!r} is {text!r}; write the day of the visit") from None
