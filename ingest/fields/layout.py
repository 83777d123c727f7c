"""What a layout is: one kind of export of one platform, declared as data.

What belongs here: the declaration's form and how a header is matched against it. What does not:
any platform's words (its own module beside this one) and how cells become values (`values.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import polars as pl

from ingest.fields.values import Cell, Step
from ingest.files import References
from ingest.files.encodings import unmangled


@lru_cache(4096)
def normalise(name: str) -> str:
    """A header cell as it is compared: NFC, case folded, single spaces, mojibake taken back.

    Capitals and trailing spaces vary between exports of one kind, and YouTube's German headers hold
    soft hyphens (seen 2026). An apostrophe is written in two ways. Remembered, for each header is
    held against every layout.
    """
    name = (
        (unmangled(name, proof=1) or name)
        .replace("\ufeff", "")
        .replace("\xad", "")
        .replace("’", "'")
    )
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform: its key everywhere, its own name, and what all its exports have in common."""

    key: str
    name: str
    #: How precisely they tell publication: second, minute or day.
    published_precision: str
    #: The zone in which it prints times, and so the range of days in a file's name.
    range_time_zone: str
    #: They name the account; else the sender's one account on the platform stands for it.
    names_accounts: bool = True
    #: They hold whole captions; else the title alone, so that a hashtag may be where none is seen.
    has_captions: bool = True
    #: Their file names hold the time of the export as seconds or milliseconds since 1970.
    has_unix_time_in_names: bool = False
    #: The second day of a range in their file names is the day after the last one.
    is_end_in_names_exclusive: bool = False


class Column:
    """A column of a layout: the field that it feeds and its headers by locale.

    Args:
        field: the name under which the layout's reader sees the cell's text.
        required: without it the file is not read. True for what identifies and dates a post and
            for every counter that the platform always exports, so that a renamed counter
            quarantines the file instead of silently becoming "not reported".
        inferred: the locales whose header here no two independent sources show. A file with such a
            header is believed only where its records prove themselves (`Layout.proof`).
        remedy: what to say of a file without it, where its header alone would not tell.
        headers: locale, as `en`, to the header, or to several where generations differ. A locale is
            declared in every column of a layout or in none: a new one is a word more in each.
    """

    #: Its numbers show how the file writes thousands and decimals.
    is_number = False
    #: They are whole numbers of people or actions.
    is_count = False
    #: They may be negative.
    is_change = False
    #: It has no `cells.text`.
    is_prose = False

    def __init__(
        self,
        field: str,
        *,
        required: bool = True,
        inferred: tuple[str, ...] = (),
        remedy: str = "",
        **headers: str | tuple[str, ...],
    ) -> None:
        self.field = field
        self.required = required
        self.inferred = inferred
        self.remedy = remedy
        #: Every header by locale, as the platform writes it.
        self.headers: dict[str, tuple[str, ...]] = {
            locale: (names,) if isinstance(names, str) else names
            for locale, names in headers.items()
        }
        #: Every header, normalised, to its locales: some words are the same in several.
        self.locales: dict[str, tuple[str, ...]] = {
            normalise(header): tuple(
                locale
                for locale, others in self.headers.items()
                if normalise(header) in map(normalise, others)
            )
            for names in self.headers.values()
            for header in names
        }
        #: The header in its first locale, for messages and listings.
        self.example = next(iter(self.headers.values()))[0]

    def only(self, *locales: str) -> Column:
        """The same column in some of its languages."""
        headers = {locale: self.headers[locale] for locale in locales}
        inferred = tuple(locale for locale in self.inferred if locale in locales)
        return self._with(headers, inferred)

    def inferred_in(self, *locales: str) -> Column:
        """The same column where nobody has seen its words in these languages."""
        return self._with(self.headers, locales)

    def _with(
        self, headers: Mapping[str, str | tuple[str, ...]], inferred: tuple[str, ...]
    ) -> Column:
        return type(self)(
            self.field,
            required=self.required,
            inferred=inferred,
            remedy=self.remedy,
            **headers,
        )

    def is_inferred(self, name: str) -> bool:
        """Whether no two sources show that this header, normalised, stands for the column."""
        return all(locale in self.inferred for locale in self.locales[name])


class Counter(Column):
    """A column of counts."""

    is_number = True
    is_count = True


class Change(Counter):
    """A column of gains less losses, which may be negative."""

    is_change = True


class Measure(Column):
    """A column of numbers that are no counts, such as hours; they are not read."""

    is_number = True


class Prose(Column):
    """A column of words and names, which are taken as they stand: `-` and `=1` are texts in it."""

    is_prose = True


@dataclass(frozen=True, slots=True)
class Match:
    """A header as one layout reads it."""

    positions: Mapping[str, Sequence[int]]
    """Field to the positions of its columns; more than one where the export repeats a column."""
    unknown: tuple[str, ...]
    locale: str
    names: tuple[str, ...]
    """The header, normalised."""
    last_field: str | None
    """The field of the last column; None where it is not read."""
    is_unmangled: bool
    """Some header is known only with its mojibake taken back."""
    is_inferred: bool
    """Some header is read by words that no two sources show."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How the files of a layout end, so that a file cut inside its last number is told.

    A line end always proves that the record before it is whole. Without one:

    - `quote`: the last cell is quoted, so its closing quote proves the same.
    - `bare`: nothing does. The last record is whole only if its last column is none that is read;
      where it is a counter, only that cell is not reported.
    - `line`: the platform always writes one, so the last record was cut.
    """

    kind: str
    #: The last header of a file that ends without a line end: a header alone that stops before it
    #: was cut, and is no true zero.
    last: str = ""


def _nothing(fields: frozenset[str]) -> dict[str, Cell]:
    return {}


@dataclass(frozen=True, eq=False)
class Layout:
    """One kind of export of one platform."""

    #: None where the records tell it, or nothing does.
    platform: Platform | None
    kind: str
    columns: tuple[Column, ...]
    #: Makes the contract's columns from the fields that the file has.
    read: Callable[[frozenset[str]], dict[str, Cell]] = _nothing
    #: When files of this generation were seen, for the listing.
    seen: str = ""
    #: Regular expression of the sheet's name, where headers alone don't tell its kind.
    sheet_pattern: str | None = None
    #: What a record is: `posts`, `account_days`, `comments`, `labels`, or `nothing` that is read.
    record_type: str = "posts"
    #: Why every record is set aside, where a layout holds nothing.
    note: str | None = None
    #: Make columns from the fields, one after the other, before `read`.
    derived: tuple[Step, ...] = ()
    ending: Ending = Ending("line")
    #: An export that lists every post of an account in its span is evidence that none is missing;
    #: one of videos or stories alone is not.
    covers_posts: bool = True
    #: A response lists what was asked for. It is such evidence where its sidecar says which days it
    #: covers.
    covers_if_told: bool = False
    #: Columns that are known and not read, by name …
    ignored_headers: frozenset[str] = frozenset()
    #: … and by regular expression, where an export has very many.
    ignored_pattern: str = r"(?!)"
    #: A column that shows the file to be another kind, although all required ones are there.
    forbidden_headers: frozenset[str] = frozenset()
    #: A column of days that nobody knows shows the same.
    forbids_unknown_days: bool = False
    #: Columns in which the platform says why it could not compute a record.
    comment_headers: frozenset[str] = frozenset()
    #: Columns that the platform fills in every record, so that a blank shows that cells moved.
    always_filled: frozenset[str] = frozenset()
    #: Whether a record's ID or link agrees with what else it says (after `derived`), so that the
    #: headers are what they are taken for. Asked where some header is inferred.
    proof: Callable[[frozenset[str]], pl.Expr] | None = None
    #: At least one of these columns is there, where none is required by itself.
    any_of: tuple[Column, ...] = ()
    #: Columns that nobody knows show that it is another kind.
    is_closed: bool = False
    #: The titles of tables that it is made of, normalised, where it consists of titled tables.
    titles: frozenset[str] = frozenset()
    #: Of JSON: a column that names an object by its `id`, and the list beside the records in which
    #: that stands.
    references: References = field(default_factory=dict)
    #: Of JSON: keys under which private persons stand who comment, react or are tagged, each with
    #: the keys above it as far as they tell, as `comments.data`; they are not kept.
    persons: frozenset[str] = frozenset()
    #: A field whose column stands first, where the order tells kinds apart.
    first_field: str | None = None
    #: Field and regular expression of records that are no posts: totals rows …
    totals: tuple[str, str] | None = None
    #: … and the notice that the platform cut the export.
    cap_notice: tuple[str, str] | None = None
    #: Headers of columns by locale are looked up here; made from `columns`.
    by_header: dict[str, Column] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for column in self.columns:
            self.by_header.update(dict.fromkeys(column.locales, column))

    @property
    def numbers(self) -> tuple[str, ...]:
        """The fields that hold numbers."""
        return tuple(column.field for column in self.columns if column.is_number)

    @property
    def counts(self) -> tuple[str, ...]:
        """The fields that hold counts."""
        return tuple(column.field for column in self.columns if column.is_count)

    @property
    def prose(self) -> frozenset[str]:
        """The fields that hold words."""
        return frozenset(column.field for column in self.columns if column.is_prose)

    @property
    def locales(self) -> tuple[str, ...]:
        """The languages in which every required column is known, as the columns declare them."""
        required = [column.headers for column in self.columns if column.required]
        declared = dict.fromkeys(locale for headers in required for locale in headers)
        return tuple(
            locale for locale in declared if all(locale in headers for headers in required)
        )

    def match(self, header: Sequence[str], sheet: str | None = None) -> Match | None:
        """Read a header, or None where it is not this layout's."""
        if self.missing(header, sheet):
            return None
        positions: dict[str, list[int]] = {}
        unknown: list[str] = []
        locales: list[str] = []
        is_inferred = False
        for position, name in enumerate(map(normalise, header)):
            if column := self.by_header.get(name):
                positions.setdefault(column.field, []).append(position)
                locales.extend(column.locales[name])
                is_inferred = is_inferred or column.is_inferred(name)
            elif name not in self.ignored_headers and not re.search(self.ignored_pattern, name):
                unknown.append(header[position].strip())
        if self.is_closed and unknown:
            return None
        locale = max(sorted(set(locales)), key=locales.count)
        names = tuple(map(normalise, header))
        last_field = self.by_header[names[-1]].field if names[-1] in self.by_header else None
        known = [header[position] for places in positions.values() for position in places]
        is_unmangled = any(unmangled(name, proof=1) for name in known)
        return Match(
            positions, tuple(unknown), locale, names, last_field, is_unmangled, is_inferred
        )

    def missing(self, header: Sequence[str], sheet: str | None = None) -> list[str]:
        """The required columns that a header lacks, and the forbidden ones that it has."""
        names = {normalise(name) for name in header}
        fields = {self.by_header[name].field for name in names & self.by_header.keys()}
        lacking = [
            column.remedy or column.example
            for column in self.columns
            if column.required and column.field not in fields
        ]
        leading = self.by_header.get(normalise(header[0])) if header else None
        if self.first_field and (leading is None or leading.field != self.first_field):
            lacking.append(f"{self.first_field} as its first column")
        if self.any_of and not any(column.locales.keys() & names for column in self.any_of):
            lacking.append(f"a metric such as {self.any_of[0].example}")
        if self.sheet_pattern and not re.search(self.sheet_pattern, sheet or ""):
            lacking.append("a sheet of its name")
        return lacking + [f"no column {name}" for name in sorted(self.forbidden_headers & names)]


def counter_headers(*columns: Column) -> frozenset[str]:
    """The headers of the counters among some columns, for `always_filled`."""
    return frozenset(name for column in columns if column.is_number for name in column.locales)


def header_set(*headers: str) -> frozenset[str]:
    """Some headers as they are compared, for the fields of `Layout` that are sets of them."""
    return frozenset(map(normalise, headers))
