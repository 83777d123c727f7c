"""How a sheet of a workbook looks, on screen and on paper.

What belongs here: page, type, widths, heights, what each kind of cell is written as. What does not:
what the sheets tell; other workbooks than the bulletin are written by it too.

A printed page is A4, as wide as the paper, with its title, month and state above and its source and
number under it. Rows are as high as their text needs, for not every program fits them. The bytes
follow from the content. No text can run as a formula, not even after somebody edits its cell.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ingest.regular_files import shown, shown_lines
from orchestration.publication.formats import is_formula
from orchestration.publication.workbook.measure import (
    BOLD,
    FONT_SIZE,
    height_of,
    lines_of,
    pixels_of,
)

_A4 = 9
_MARGIN_INCHES = 0.4
#: Above and under the sheet stand the page's head and foot.
_HEAD_INCHES = 0.8
_TITLE_SIZE = 14
#: Charts are as wide as a page; a row of which nothing is told is so high.
_CHART_WIDTH, _ROW_PIXELS, _ROWS_OF_A_PAGE = 95, 20, 47
#: What a cell and a sheet can hold in Excel.
_MOST_CHARACTERS, _MOST_LINKS, _MOST_URL = 32_000, 65_000, 2_000
#: Of the first rows of a sheet that stand out, and of a text that could run as a formula.
_TOP, _GUARDED = {"bg_color": "#FFF2CC"}, {"quote_prefix": True}
#: Excel's numbers for the languages, in which a date is shown whatever the reader's own is.
_LOCALES = {"id": "[$-421]", "en": "[$-809]"}


class Link(NamedTuple):
    """A text that leads somewhere: to an address, or to a sheet of the workbook by its name."""

    text: str
    address: str | None = None
    sheet: str | None = None


class Section(NamedTuple):
    """A row by itself that names the ones under it."""

    text: str


Cell = str | int | date | Link | Section | None


class Column(NamedTuple):
    """A column's heading, its width in digits, and where its cells stand in it.

    Text that is longer wraps; `align` is `left`, `center` or `right`.
    """

    heading: str
    width: int
    align: str = "left"


class Frame(NamedTuple):
    """What stands around each printed page: above it right, under it left and right."""

    state: str
    source: str
    #: With `{page}` and `{pages}`.
    page_of: str


class Bar(NamedTuple):
    """A bar of a chart, with the ends of its range; without an upper one it is unbounded."""

    label: str
    value: int
    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars that lie, the first on top, each with its range as a line."""

    title: str
    #: For who can't see it.
    description: str
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Charts:
    """A sheet of charts; what they are drawn from stands beside them, and does not print."""

    name: str
    title: str
    about: Sequence[str]
    #: Of the columns of what they are drawn from.
    headings: Sequence[str]
    charts: Sequence[Chart]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its title, lines above it that say what it is, and notes under it."""

    name: str
    title: str
    about: Sequence[str]
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()
    #: How many of the first rows stand out.
    top_count: int = 0
    is_landscape: bool = False
    #: Whether readers may want to filter its rows.
    is_table: bool = True


class Book:
    """A workbook while it is written."""

    def __init__(self, title: str, made: date, frame: Frame, language: str) -> None:
        """Begin one; `made` is the day that it says it was made on."""
        self._buffer = io.BytesIO()
        options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
        self._book = xlsxwriter.Workbook(self._buffer, options)
        created = datetime(made.year, made.month, made.day)
        self._book.set_properties({"title": title, "created": created})
        self._frame = frame
        self._styles = _styles(language)
        self._formats: dict[tuple[str, str, bool, bool], Format] = {}

    def add(self, sheet: Sheet) -> Worksheet:
        """Write a sheet of rows."""
        page = self._page(sheet.name, sheet.title, is_landscape=sheet.is_landscape)
        widths = [column.width for column in sheet.columns]
        last = len(widths) - 1
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        top = self._write_head(page, sheet.title, sheet.about, widths)
        self._write_heading(page, top, sheet)
        page.repeat_rows(top)
        page.freeze_panes(top + 1, 0)
        for number, cells in enumerate(sheet.rows):
            self._write_row(page, top + 1 + number, cells, sheet, is_top=number < sheet.top_count)
        end = top + max(len(sheet.rows), 1)
        if sheet.is_table:
            page.autofilter(top, 0, end, last)
        for row, line in enumerate(sheet.notes, start=end + 2):
            self._write_across(page, row, widths, line)
            end = row
        page.print_area(0, 0, end, last)
        # IDs are text on purpose.
        page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        return page

    def add_charts(self, sheet: Charts) -> None:
        """Write a sheet of charts, as many on a page as it holds."""
        page = self._page(sheet.name, sheet.title, is_landscape=False)
        page.set_column(0, 0, _CHART_WIDTH)
        page.set_column(2, 2, 32)
        row = self._write_head(page, sheet.title, sheet.about, [_CHART_WIDTH])
        breaks, used = [], float(row)
        for chart in sheet.charts:
            # Empty rows are 20 pixels high.
            rows = _chart_height(chart) // _ROW_PIXELS + 2
            if used + rows > _ROWS_OF_A_PAGE:
                breaks.append(row - 1)
                used = 0
            self._draw(page, sheet, chart, row)
            row, used = row + rows, used + rows
        page.set_h_pagebreaks(breaks)
        page.print_area(0, 0, row - 1, 0)

    def close(self) -> bytes:
        """The whole workbook."""
        self._book.close()
        return self._buffer.getvalue()

    def _page(self, name: str, title: str, *, is_landscape: bool) -> Worksheet:
        """A sheet that also prints."""
        page: Worksheet = self._book.add_worksheet(name)
        page.set_paper(_A4)
        if is_landscape:
            page.set_landscape()
        page.fit_to_pages(1, 0)
        page.set_margins(_MARGIN_INCHES, _MARGIN_INCHES, _HEAD_INCHES, _HEAD_INCHES)
        page.hide_gridlines(2)
        state, source, page_of = (_in_margin(text) for text in self._frame)
        page.set_header(f"&L&B{_in_margin(title)}&R{state}", {"margin": _MARGIN_INCHES})
        numbers = page_of.format(page="&P", pages="&N")
        page.set_footer(f"&L{source}&R{numbers}", {"margin": _MARGIN_INCHES})
        return page

    def _write_head(
        self, page: Worksheet, title: str, about: Sequence[str], widths: Sequence[int]
    ) -> int:
        """The title and the lines under it; the first row below them."""
        self._write_across(page, 0, widths, title, "title")
        for row, line in enumerate(about, start=1):
            self._write_across(page, row, widths, line)
        return 1 + len(about)

    def _format(
        self, name: str, *, align: str = "left", is_top: bool = False, is_formula: bool = False
    ) -> Format:
        """A format by its name, made once."""
        key = name, align, is_top, is_formula
        if key not in self._formats:
            style = self._styles[name] | {"align": align}
            if align == "right":
                style = style | {"indent": 1}
            if is_top:
                style = style | _TOP
            if is_formula:
                style = style | _GUARDED
            self._formats[key] = self._book.add_format(style)
        return self._formats[key]

    def _write_heading(self, page: Worksheet, row: int, sheet: Sheet) -> None:
        lines = max(lines_of(name, width, BOLD) for name, width, _ in sheet.columns)
        for column, (name, _, align) in enumerate(sheet.columns):
            page.write_string(row, column, name, self._format("heading", align=align))
        # The button of a filter stands under the words.
        page.set_row(row, height_of([lines + 1 if sheet.is_table else lines]))

    def _write_across(
        self, page: Worksheet, row: int, widths: Sequence[int], line: str, name: str = "line"
    ) -> None:
        """A line over the whole width."""
        text = shown_lines(line)[:_MOST_CHARACTERS]
        own = self._format(name, is_formula=is_formula(text))
        if len(widths) > 1:
            page.merge_range(row, 0, row, len(widths) - 1, "", own)
        page.write_string(row, 0, text, own)
        larger = _TITLE_SIZE / FONT_SIZE if name == "title" else 1
        page.set_row(row, height_of([lines_of(text, sum(widths), BOLD * larger)]) * larger)

    def _write_row(
        self, page: Worksheet, row: int, cells: Sequence[Cell], sheet: Sheet, *, is_top: bool
    ) -> None:
        first = cells[0]
        if isinstance(first, Section):
            style = self._format("section")
            page.merge_range(row, 0, row, len(sheet.columns) - 1, "", style)
            page.write_string(row, 0, shown(first.text), style)
            page.set_row(row, height_of([1]))
            return
        lines = [1]
        for number, (cell, column) in enumerate(zip(cells, sheet.columns, strict=True)):
            self._write_cell(page, row, number, cell, column.align, is_top=is_top)
            if isinstance(cell, str | Link):
                text = cell.text if isinstance(cell, Link) else cell
                lines.append(lines_of(shown_lines(text), column.width))
        page.set_row(row, height_of(lines))

    def _write_cell(
        self, page: Worksheet, row: int, column: int, cell: Cell, align: str, *, is_top: bool
    ) -> None:
        def style(name: str, text: str = "") -> Format:
            return self._format(name, align=align, is_top=is_top, is_formula=is_formula(text))

        if isinstance(cell, Link) and (address := _address(cell, page.hlink_count)):
            page.write_url(row, column, address, style("link"), shown(cell.text))
        elif isinstance(cell, Link | str):
            text = cell.text if isinstance(cell, Link) else cell
            text = shown_lines(text)[:_MOST_CHARACTERS]
            page.write_string(row, column, text, style("text", text))
        elif isinstance(cell, datetime):
            page.write_datetime(row, column, cell, style("instant"))
        elif isinstance(cell, date):
            page.write_datetime(row, column, cell, style("date"))
        elif isinstance(cell, int):
            page.write_number(row, column, cell, style("number"))
        else:
            page.write_blank(row, column, None, style("text"))

    def _draw(self, page: Worksheet, sheet: Charts, told: Chart, row: int) -> None:
        """A chart from a row on; what it is drawn from stands in the third column and on."""
        known = [bar.value for bar in told.bars]
        known += [bar.high for bar in told.bars if bar.high is not None]
        edge = max(known, default=0) * 11 // 10 + 1
        for column, heading in enumerate(sheet.headings, start=2):
            page.write_string(row, column, heading, self._format("heading"))
        for number, bar in enumerate(told.bars, start=row + 1):
            # An unbounded range runs out of the picture.
            high = 2 * edge if bar.high is None else bar.high
            cells: list[Cell] = [bar.label, bar.value, bar.value - bar.low, high - bar.value]
            for column, cell in enumerate(cells, start=2):
                self._write_cell(page, number, column, cell, "left", is_top=False)
        first, last = row + 1, row + len(told.bars)
        name = sheet.name.replace("'", "''")
        places = {
            letter: f"='{name}'!${letter}${first + 1}:${letter}${last + 1}" for letter in "CDEF"
        }
        chart = self._book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "categories": places["C"],
                "values": places["D"],
                "fill": {"color": "#8FAADC"},
                "gap": 60,
                "data_labels": {"value": True, "position": "inside_base"},
                "y_error_bars": {
                    "type": "custom",
                    "minus_values": places["E"],
                    "plus_values": places["F"],
                    "line": {"color": "#C55A11", "width": 1.75},
                },
            }
        )
        chart.set_title({"name": shown(told.title), "name_font": {"size": 12}})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True, "num_font": {"size": FONT_SIZE}})
        chart.set_x_axis(
            {
                "min": 0,
                "max": edge,
                "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
            }
        )
        chart.set_size({"width": pixels_of(_CHART_WIDTH), "height": _chart_height(told)})
        page.insert_chart(row, 0, chart, {"description": shown(told.description)})


def _address(link: Link, link_count: int) -> str | None:
    """Where a link leads, if it may: to another sheet, or to a page that a browser opens."""
    if is_formula(link.text):
        return None
    if link.sheet:
        return "internal:'{}'!A1".format(link.sheet.replace("'", "''"))
    address = link.address or ""
    is_page = address.startswith(("https://", "http://")) and shown(address) == address
    fits = len(address) <= _MOST_URL and link_count < _MOST_LINKS
    return address if is_page and fits else None


def _chart_height(chart: Chart) -> int:
    """In pixels."""
    return 70 + 18 * len(chart.bars)


def _styles(language: str) -> dict[str, dict[str, object]]:
    """How each kind of cell is drawn."""
    base: dict[str, object] = {"font_size": FONT_SIZE, "valign": "vcenter", "text_wrap": True}
    cell = base | {"bottom": 1, "bottom_color": "#BFBFBF"}
    day = f"{_LOCALES[language]}d mmm yyyy"
    return {
        "title": base | {"bold": True, "font_size": _TITLE_SIZE},
        "line": base,
        "heading": base
        | {"valign": "top", "bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF"},
        "section": base | {"bold": True, "bg_color": "#DCE3F0"},
        "text": cell,
        "number": cell | {"num_format": f"{_LOCALES[language]}#,##0", "text_wrap": False},
        "date": cell | {"num_format": day},
        "instant": cell | {"num_format": f"{day} hh:mm"},
        "link": cell | {"font_color": "#0B4F9E", "underline": 1},
    }


def sheet_names(wanted: Iterable[str]) -> dict[str, str]:
    """Names to those that sheets can have: short, without marks that Excel forbids, each once."""
    names: dict[str, str] = {}
    for name in wanted:
        plain = re.sub(r"[\[\]:*?/\\']", " ", shown(name)).strip()[:31] or "-"
        taken = {other.casefold() for other in names.values()}
        number = 2
        unique = plain
        while unique.casefold() in taken:
            unique = f"{plain[:27]} {number}"
            number += 1
        names[name] = unique
    return names


def _in_margin(text: str) -> str:
    """A text for a page's head or foot, where `&` begins a command; what is too long is cut."""
    return shown(text)[:110].replace("&", "&&")
