"""The one path from a file's bytes to typed rows, shared by all layouts.

What belongs here: recognising the layout of a table by its header, and holding rows to the
contract. What does not: forms and encodings (`files/`), splitting records (`records.py`), any
platform's words (`platforms/`), and where files come from or go to (`pipeline.py`). Nothing here
touches the disk.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import polars as pl

from ingest import files as forms
from ingest.fields import numbers
from ingest.fields.layout import Layout, Match
from ingest.fields.values import Cell, with_texts
from ingest.files import stacked_tables
from ingest.parsing import records as splitting
from ingest.parsing import shifted_cells
from ingest.parsing.records import Misfit
from ingest.platforms import LAYOUTS, is_link
from ingest.schemas import AccountDay, PostObservation, Reject

_DELIMITERS = ",;\t"
#: The order of rows.
ORDER = ["sha256", "record_number", "metric"]
#: A header under other rows is looked for in so many bytes.
_WINDOW = 256 * 2**10
#: A header that has this share of a layout's required columns is worth naming that layout.
_NEAR = 0.5
#: A misfit's columns: those of a reject, and the record's text.
_MISFIT = pl.Schema([*Reject.create_empty().schema.items(), ("text", pl.String)])
_NO_MISFITS = pl.DataFrame(
    schema=_MISFIT | {"is_set_aside": pl.Boolean(), "is_cap_notice": pl.Boolean()}
)
#: Marks the cells that are metrics of an account's day.
_METRIC = "metric:"


class Quarantine(Exception):
    """A file that can't be read as a whole; the text says why, for a person."""

    def __init__(self, reason: str, layout: Layout | None = None) -> None:
        super().__init__(reason)
        self.layout = layout


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one table of a file as text, split but not yet understood."""

    sha256: str
    layout: Layout
    locale: str
    #: The sheet of a spreadsheet.
    sheet: str | None
    unknown_columns: tuple[str, ...]
    #: What was repaired without doubt, for a person.
    repairs: tuple[str, ...]
    #: `record_number` and the text of every field that the file has.
    fitting: pl.DataFrame
    #: What occurs in each field (`characters.py`).
    characters: Mapping[str, frozenset[str]]
    #: Records with more or fewer fields than the header, as rejects or notices.
    misfits: pl.DataFrame
    #: Data records, counted by two parsers.
    count: int


@dataclass(frozen=True, slots=True)
class Rows:
    """What the records of some files say.

    `observations` follow `PostObservation`, or `AccountDay` where the layout holds days; `rejects`
    follow `Reject`. Both are ordered by file and record. `set_aside` has the totals rows, notices
    and records of layouts that hold nothing: `sha256`, `record_number`, `is_cap_notice`.
    """

    observations: pl.DataFrame
    rejects: pl.DataFrame
    set_aside: pl.DataFrame


def split(content: bytes, sha256: str) -> tuple[Records, ...]:
    """Recognise the tables of one export file and split their records.

    Args:
        content: the file's bytes as they were received.
        sha256: their hash, written into every row.

    Only a spreadsheet has more than one table; its records are numbered through.

    Raises:
        Quarantine: the file is empty or no table, no layout knows a header, or two parsers count
            its records differently.

    The last record of a file that does not end as its layout does is a reject `unterminated`.
    """
    try:
        tables = forms.tables(content, is_link)
    except forms.Damage as problem:
        raise Quarantine(str(problem)) from None
    found: list[Records] = []
    for table in tables:
        try:
            found.append(_split(table, sha256, sum(records.count for records in found)))
        except Quarantine as problem:
            if len(tables) == 1:
                raise
            raise Quarantine(f"sheet {table.sheet}: {problem}", problem.layout) from None
    platforms = {r.layout.platform.key for r in found if r.layout.platform}
    if len(platforms) > 1:
        names = " and ".join(sorted(platforms))
        raise Quarantine(f"the workbook holds exports of {names}; send each by itself")
    return tuple(found)


def _split(table: forms.Table, sha256: str, before: int) -> Records:
    encoded, repairs = table.encoded, table.repairs
    if _is_wrapped(encoded):
        encoded = _unwrapped(encoded)
        repairs += ("each record was one quoted cell",)
    layout, match, delimiter, start = _recognise(encoded, table.sheet)
    if match.is_unmangled:
        repairs += ("the header had been saved as if it were Windows-1252; texts are as delivered",)
    try:
        cells, misfits = splitting.split(encoded[start:], len(match.names), delimiter)
        count = len(cells.numbers) + len(misfits)
        if table.row_count not in (None, count + 1):
            raise forms.Damage(f"two parsers count {count} and {table.row_count} records")
        fitting = splitting.fields(cells, match)
        if moved := shifted_cells.check(cells, layout, match, delimiter):
            taken = [number for number, *_ in moved]
            fitting = fitting.filter(~pl.col("record_number").is_in(taken))
            misfits = sorted([*misfits, *moved])
        if not encoded.endswith((b"\n", b"\r")):
            fitting, misfits = splitting.unterminated(encoded, fitting, misfits, layout, match)
    except forms.Damage as problem:
        raise Quarantine(str(problem), layout) from None
    characters = {
        field: frozenset[str]().union(*(cells.characters[place] for place in places))
        for field, places in match.positions.items()
    }
    marked = {
        field: characters[field]
        for field in layout.numbers
        if field in characters and characters[field] & numbers.MARKS
    }
    fitting, notes = numbers.plain(fitting, marked)
    return Records(
        sha256=sha256,
        layout=layout,
        locale=match.locale,
        sheet=table.sheet,
        unknown_columns=match.unknown,
        repairs=repairs + notes,
        fitting=fitting.with_columns(pl.col("record_number") + before) if before else fitting,
        characters=characters,
        misfits=_misfits(misfits, layout, sha256, before),
        count=count,
    )


def interpret(files: Sequence[Records]) -> Rows:
    """Turn the records of files of one layout, with the same fields, into typed rows.

    Many small files are read at the cost of one large one.
    """
    layout = files[0].layout
    characters = {
        field: frozenset[str]().union(*(file.characters[field] for file in files))
        for field in files[0].characters
    }
    files = sorted(files, key=lambda file: file.sha256)
    lengths = pl.DataFrame(
        [(file.sha256, file.fitting.height) for file in files if file.fitting.height],
        schema={"sha256": pl.String, "length": pl.UInt32},
        orient="row",
    ).with_columns(pl.col("sha256").rle_id().alias("file"))
    named = lengths.select(pl.col("sha256", "file").repeat_by("length").explode())
    # Rechunked: polars 2.1 panics where it formats a column of which one chunk is empty.
    frame = pl.concat([file.fitting for file in files]).rechunk().hstack(named)
    typed, broken = _interpret(frame, layout, characters)
    misfits = pl.concat([file.misfits for file in files])
    whole = typed.filter(~pl.col("is_set_aside") & ~pl.col("is_broken"))
    if layout.record_type == "account_days":
        observations, details = _account_days(whole)
    else:
        observations, failures = PostObservation.filter(
            whole.select(PostObservation.column_names())
        )
        details = failures.details()
    rejects = pl.concat(
        [
            broken,
            misfits.filter(~pl.col("is_set_aside")).select(Reject.column_names()),
            _contract_rejects(details),
        ]
    )
    set_aside = ("sha256", "record_number", "is_cap_notice")
    return Rows(
        observations=observations,
        rejects=Reject.validate(rejects.sort("sha256", "record_number")),
        set_aside=pl.concat(
            [
                typed.filter("is_set_aside").select(set_aside),
                misfits.filter("is_set_aside").select(set_aside),
            ]
        ),
    )


def _recognise(encoded: bytes, sheet: str | None) -> tuple[Layout, Match, str, int]:
    """The layout that knows the header, the delimiter, and where the records begin (byte)."""
    nearest: tuple[float, Layout, list[str]] | None = None
    is_readable = False
    for delimiter in _DELIMITERS:
        try:
            header, end = splitting.header(encoded, delimiter)
        except csv.Error:
            continue
        is_readable = True
        matches = _matches(tuple(header), sheet, LAYOUTS)
        if len(matches) > 1:
            kinds = " and ".join(layout.kind for layout, _ in matches)
            raise Quarantine(f"the header fits two layouts: {kinds}; our declarations are at fault")
        if matches:
            return *matches[0], delimiter, end
        for layout in LAYOUTS:
            missing = layout.missing(header, sheet)
            needed = sum(column.required for column in layout.columns)
            share = 1 - len(missing) / needed
            if share >= _NEAR and needed > 2 and (nearest is None or share > nearest[0]):
                nearest = (share, layout, missing)
    if not is_readable:
        raise Quarantine(
            "unknown layout: a quote stands in the wrong place in its header, or it has none; send "
            "the export as it was downloaded"
        )
    if _has_header_below(encoded, sheet):
        raise Quarantine(
            "unknown layout: a known header stands only below other rows; take those away, or send "
            "the export as it was downloaded"
        )
    if nearest is None:
        raise Quarantine("unknown layout: its header is like none of those that are understood")
    _, layout, missing = nearest
    raise Quarantine(f"unknown layout; nearest is {layout.kind}, which needs: {', '.join(missing)}")


@lru_cache(256)
def _matches(
    header: tuple[str, ...], sheet: str | None, layouts: tuple[Layout, ...]
) -> list[tuple[Layout, Match]]:
    """The layouts that know a header. Remembered, for most files of a batch have the same."""
    return [(layout, match) for layout in layouts if (match := layout.match(header, sheet))]


def _has_header_below(encoded: bytes, sheet: str | None) -> bool:
    """Whether one of the first records is a known header under something else."""
    window = encoded[:_WINDOW].decode("utf-8", errors="ignore")
    for delimiter in _DELIMITERS:
        records = csv.reader(io.StringIO(window, newline=""), delimiter=delimiter)
        try:
            if any(layout.match(r, sheet) for r in islice(records, 20) for layout in LAYOUTS if r):
                return True
        except csv.Error:
            continue
    return False


def _is_wrapped(encoded: bytes) -> bool:
    """Whether the first record is one cell that holds a whole header."""
    try:
        header, _ = splitting.header(encoded, ",")
        inner, _ = splitting.header("".join(header).encode(), ",")
    except csv.Error:
        return False
    return len(header) == 1 and any(layout.match(inner) for layout in LAYOUTS)


def _unwrapped(encoded: bytes) -> bytes:
    if (inner := stacked_tables.unwrap(encoded)) is None:
        raise Quarantine(
            "each record is one quoted cell, and some are broken in pieces that can't be joined "
            "without doubt; send the file as downloaded"
        )
    return inner


def _interpret(
    frame: pl.DataFrame, layout: Layout, characters: Mapping[str, frozenset[str]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every record as the contract's columns, and those with a broken cell as rejects."""
    plain = {field: found for field, found in characters.items() if field not in layout.prose}
    counted = {field: found for field, found in plain.items() if field in layout.numbers}
    frame = numbers.with_counts(with_texts(frame, plain), counted)
    for derive in layout.derived:
        frame = derive(frame)
    cells = layout.read(frozenset(frame.columns))
    columns: dict[str, pl.DataType] = dict(PostObservation.create_empty().schema)
    if layout.record_type == "account_days":
        columns = dict(AccountDay.create_empty().schema)
        columns |= {name: pl.Int64() for name in cells if name.startswith(_METRIC)}
    defaults = {
        "sha256": pl.col("sha256"),
        "record_number": pl.col("record_number"),
        "platform": pl.lit(layout.platform.key if layout.platform else None),
        "kind": pl.lit(layout.kind),
    }
    flags = {name: pl.lit(value=False) for name, dtype in columns.items() if dtype == pl.Boolean}
    values = {
        name: (
            cells[name].value
            if name in cells
            else defaults.get(name, flags.get(name, pl.lit(None)))
        ).cast(dtype)
        for name, dtype in columns.items()
    }
    conflicts = [
        Cell(
            pl.col(name),
            pl.when(pl.col(name)).then(pl.lit("columns_disagree")),
            pl.lit(f"{name.removesuffix(':conflict')} stands twice with different values"),
        )
        for name in frame.columns
        if name.endswith(":conflict")
    ]
    judged = [
        (problem, cell.text, problem.is_null() if cell.is_good is None else cell.is_good)
        for cell in (*cells.values(), *conflicts)
        if (problem := cell.problem) is not None
    ]
    # Lazy, so that what several cells need is computed once.
    typed = (
        frame.lazy()
        .select(
            **values,
            is_broken=~pl.all_horizontal(pl.lit(value=True), *(is_good for *_, is_good in judged)),
            is_set_aside=pl.lit(value=layout.record_type == "nothing")
            | _says(layout.totals)
            | _says(layout.cap_notice),
            is_cap_notice=_says(layout.cap_notice),
        )
        .collect()
    )
    if not typed["is_broken"].any():
        return typed, Reject.create_empty()
    places = typed["is_broken"].arg_true()
    found = frame[places].select(
        "sha256",
        "record_number",
        rule=pl.coalesce(*(problem for problem, *_ in judged)),
        detail=pl.coalesce(
            *(pl.when(problem.is_not_null()).then(text) for problem, text, _ in judged)
        ),
    )
    is_sound = found["rule"].is_null()
    typed = typed.with_columns(typed["is_broken"].scatter(places.filter(is_sound), values=False))
    return typed, found.filter(~is_sound & ~typed["is_set_aside"][places])


def _account_days(records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row per metric of the records, and the first failure of each that the contract refuses.

    A record with one bad metric is rejected whole.
    """
    metrics = [name for name in records.columns if name.startswith(_METRIC)]
    if metrics:
        index = [name for name in AccountDay.column_names() if name not in ("metric", "value")]
        records = (
            records.drop("metric", "value")
            .unpivot(metrics, index=index, variable_name="metric", value_name="value")
            .with_columns(pl.col("metric").str.strip_prefix(_METRIC))
        )
    good, failures = AccountDay.filter(records.select(AccountDay.column_names()))
    details = failures.details().unique(ORDER[:2], keep="first", maintain_order=True)
    return good.join(details, on=ORDER[:2], how="anti").sort(ORDER), details


def _says(notice: tuple[str, str] | None) -> pl.Expr:
    """Whether a record is one of the layout's notices."""
    if notice is None:
        return pl.lit(value=False)
    field, pattern = notice
    return pl.col(field).str.strip_chars().str.contains(pattern).fill_null(value=False)


def _misfits(found: list[Misfit], layout: Layout, sha256: str, before: int) -> pl.DataFrame:
    """The records that do not fit, as rejects; a cap notice among them is set aside."""
    if not found:
        return _NO_MISFITS
    frame = pl.DataFrame(
        [(sha256, number + before, *told) for number, *told in found],
        schema=_MISFIT,
        orient="row",
    )
    says = pl.col("text").str.strip_chars(' "\r\n')
    capped = says.str.contains(layout.cap_notice[1]) if layout.cap_notice else pl.lit(value=False)
    return frame.with_columns(is_set_aside=capped, is_cap_notice=capped)


def _contract_rejects(details: pl.DataFrame) -> pl.DataFrame:
    """Rows that the contract refuses: the first broken rule names the reject, the detail all."""
    columns = {*PostObservation.column_names(), *AccountDay.column_names()}
    rules = [name for name in details.columns if name not in columns]
    broken = [pl.when(pl.col(rule) == "invalid").then(pl.lit(rule)) for rule in rules]
    return details.select(
        "sha256",
        "record_number",
        rule=pl.coalesce(*broken, pl.lit("contract")),
        detail=pl.concat_str(broken, separator=", ", ignore_nulls=True),
    )
