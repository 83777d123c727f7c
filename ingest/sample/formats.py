"""How one kind of export is written.

What belongs here: the declaration's form. What does not: any platform's words, which stand in
`platforms/<platform>.py`, and how a file is made of it (`writing.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ingest.sample.months import ENGLISH_MONTHS

_NO_WORDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class ExportFormat:
    """How one kind of export is written, in one language and generation.

    Every attribute is what the platform does, written out by hand and never taken from the reader's
    declaration, so that writer and reader check each other.
    """

    #: The kind that the reader must find.
    kind: str
    locale: str
    #: The file's name, with placeholders in braces: the first and the last day that it covers
    #: (`start`, `end`), `digits` by chance, the account's `handle`, and of TikTok Studio the first
    #: day of the chosen period (`since`) and the time of export (`unix`).
    file_name: str
    #: Pairs of a header and the field that fills the column (`writing.py` has them), or blank.
    columns: tuple[tuple[str, str], ...]
    #: Its words were worked out and never seen, so that its records have to prove them.
    is_inferred: bool = False
    #: The zone in which it prints times; blank: the office's.
    time_zone: str = ""
    #: How it prints a time or a day: `t` is the time, `month` the month's name.
    time_form: str = ""
    #: The names of the twelve months in its language.
    months: tuple[str, ...] = ENGLISH_MONTHS
    #: So many columns have a fixed place and the others stand in any order; None: all have one.
    fixed_columns: int | None = None
    #: Offices leave columns of these fields out at times.
    left_out_at_times: tuple[str, ...] = ()
    #: The text of fields that are the same in every record.
    fixed_cells: Mapping[str, str] = field(default_factory=lambda: _NO_WORDS)
    #: Its words for types of posts, where they are not the English ones.
    post_type_words: Mapping[str, str] = field(default_factory=lambda: _NO_WORDS)

    #: `csv`, `xlsx`, `xml` (XML Spreadsheet 2003) or `json`, whose headers are paths: `@.id` of a
    #: value of the record, `$.id` of one of the response.
    file_type: str = "csv"
    #: The name of a spreadsheet's sheet.
    sheet: str = "Sheet1"
    #: A spreadsheet's numbers and times are no texts.
    has_typed_cells: bool = False
    #: `utf-8`, or `utf-8-sig` and `utf-16`, which begin with a byte order mark.
    encoding: str = "utf-8"
    #: A first line, `sep=,`, names the delimiter.
    names_delimiter: bool = False
    quotes_every_cell: bool = False
    line_end: str = "\n"
    ends_with_line_end: bool = True
    #: Counters are written as `12.0`.
    writes_floats: bool = False
    #: How a value is written that is not reported.
    not_reported: str = ""

    #: Of JSON: the keys under which a response has its records; blank: it is a list of them …
    records_under: str = ""
    #: … or has one a line.
    is_lines: bool = False
    #: A path whose value names an object of a list beside the records, and the list's path.
    references: Mapping[str, str] = field(default_factory=lambda: _NO_WORDS)
    #: Its counters are texts.
    has_numbers_as_texts: bool = False

    #: Its records are known, and nothing of them is loaded.
    loads_nothing: bool = False
    #: Records of another table that stand above it in the file.
    records_above: tuple[tuple[str, ...], ...] = ()
    #: The line before the header of Meta's series.
    title: str = ""
    #: It lists no stories, though the account has some.
    lists_stories: bool = True
    #: All its posts are stories.
    holds_stories: bool = False
    #: Its second row describes the counters.
    has_description_row: bool = False
    #: Its first record is a total, called by this word.
    total_word: str = ""
    #: Comments can be hidden, which is written as -1.
    can_hide_comments: bool = False
    #: Likes can be hidden, which is written as -1; so are these numbers of likes.
    hidden_likes: tuple[int, ...] = ()
    #: Counters that it does not report of reposts.
    unreported_of_reposts: tuple[str, ...] = ()
    #: Counters that it does not report of posts younger than a day.
    unreported_on_first_day: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The field of each column."""
        return tuple(name for _, name in self.columns)

    @property
    def is_response(self) -> bool:
        """An API's response or a scrape: it tells the time by itself, and one account's posts."""
        return self.file_type == "json"

    @property
    def printed_precision(self) -> str:
        """How precisely it prints times: `second`, `minute` or `day`."""
        if "%S" in self.time_form:
            return "second"
        return "minute" if "%M" in self.time_form else "day"

    @property
    def prints_year(self) -> bool:
        """Whether its days have a year."""
        return "%Y" in self.time_form or "{t.year}" in self.time_form
