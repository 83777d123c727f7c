"""The one path from a file's bytes to typed rows, shared by all layouts.

What belongs here: decoding, recognising the layout by its header, splitting records, the second
parser's count, and holding rows to the contract. What does not: any platform's words (`layouts/`),
and where files come from or go to (`deliveries.py`). Nothing here touches the disk.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl
import pyarrow as pa
import pyarrow.csv

from ingest import forms
from ingest.contract import AccountDay, PostObservation, Reject
from ingest.layouts import LAYOUTS
from ingest.layouts.cells import Cell
from ingest.layouts.layout import Layout, Match, normalise

_DELIMITERS = ",;\t"
#: The order of rows.
ORDER = ["sha256", "record_number", "metric"]
#: A record longer than this is damage (an open quote), not a post.
_LONGEST_RECORD = 16 * 2**20
_HEADER_WINDOW = 256 * 2**10
#: A header that has this share of a layout's required columns is worth naming that layout.
_NEAR = 0.5
#: Marks the cells that are metrics of an account's day.
_METRIC = "metric:"


class Quarantine(Exception):
    """A file that can't be read as a whole; the text says why, for a person."""

    def __init__(self, reason: str, layout: Layout | None = None) -> None:
        super().__init__(reason)
        self.layout = layout


@dataclass(frozen=True, slots=True)
class Records:
    """One file's records as text, split but not yet understood."""

    sha256: str
    layout: Layout
    locale: str
    unknown_columns: tuple[str, ...]
    #: What was repaired without doubt, for a person.
    repairs: tuple[str, ...]
    #: `sha256`, `record_number` and the text of every field that the file has.
    fitting: pl.DataFrame
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


#: Record number, rule, what is wrong, and the record's text, as far as it is known.
_Misfit = tuple[int, str, str, str]


def split(content: bytes, sha256: str) -> Records:
    """Recognise one export file and split its records.

    Args:
        content: the file's bytes as they were received.
        sha256: their hash, written into every row.

    Raises:
        Quarantine: the file is empty or no text, no layout knows its header, or two parsers count
            its records differently.

    The last record of a file that does not end as its layout does is a reject `unterminated`.
    """
    try:
        text = forms.to_text(content)
        flat = forms.flatten(text.encoded)
    except forms.Damage as problem:
        raise Quarantine(str(problem)) from None
    encoded, repairs = flat or text.encoded, text.repairs
    if _is_wrapped(encoded):
        encoded = _unwrapped(encoded)
        repairs += ("each record was one quoted cell",)
    layout, match, delimiter, start = _recognise(encoded)
    try:
        fitting, misfits = _split(encoded[start:], match, delimiter)
        if not encoded.endswith((b"\n", b"\r")):
            fitting, misfits = _unterminated(encoded, fitting, misfits, layout, match)
    except Quarantine as problem:
        raise Quarantine(str(problem), layout) from None
    return Records(
        sha256=sha256,
        layout=layout,
        locale=match.locale,
        unknown_columns=match.unknown,
        repairs=repairs,
        fitting=fitting.select(pl.lit(sha256).alias("sha256"), pl.all()),
        misfits=_misfits(misfits, layout, sha256),
        count=fitting.height + len(misfits),
    )


def interpret(files: Sequence[Records]) -> Rows:
    """Turn the records of files of one layout, with the same fields, into typed rows.

    Many small files are read at the cost of one large one.
    """
    layout = files[0].layout
    # Rechunked: polars 2.1 panics where it formats a column of which one chunk is empty.
    typed, broken = _interpret(pl.concat([file.fitting for file in files]).rechunk(), layout)
    misfits = pl.concat([file.misfits for file in files])
    whole = typed.filter(~pl.col("is_set_aside") & ~pl.col("is_broken"))
    if layout.holds == "account_days":
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
        observations=observations.sort(ORDER if layout.holds == "account_days" else ORDER[:2]),
        rejects=Reject.validate(rejects.sort("sha256", "record_number")),
        set_aside=pl.concat(
            [
                typed.filter("is_set_aside").select(set_aside),
                misfits.filter("is_set_aside").select(set_aside),
            ]
        ),
    )


def _recognise(encoded: bytes) -> tuple[Layout, Match, str, int]:
    """The layout that knows the header, the delimiter, and where the records begin (byte)."""
    window = encoded[:_HEADER_WINDOW].decode("utf-8", errors="ignore")
    nearest: tuple[float, Layout, list[str]] | None = None
    is_readable = False
    for delimiter in _DELIMITERS:
        try:
            header, end = _header(window, delimiter)
        except csv.Error:
            continue
        is_readable = True
        matches = [(layout, match) for layout in LAYOUTS if (match := layout.match(header))]
        if len(matches) > 1:
            kinds = " and ".join(layout.kind for layout, _ in matches)
            raise Quarantine(f"the header fits two layouts: {kinds}; our declarations are at fault")
        if matches:
            return *matches[0], delimiter, end
        for layout in LAYOUTS:
            missing = layout.missing(header)
            share = 1 - len(missing) / sum(column.required for column in layout.columns)
            if share >= _NEAR and (nearest is None or share > nearest[0]):
                nearest = (share, layout, missing)
    if not is_readable:
        raise Quarantine(
            "unknown layout: a quote stands in the wrong place in its header, or it has none; send "
            "the export as it was downloaded"
        )
    if nearest is None:
        raise Quarantine("unknown layout: its header is like none of those that are understood")
    _, layout, missing = nearest
    raise Quarantine(f"unknown layout; nearest is {layout.kind}, which needs: {', '.join(missing)}")


def _is_wrapped(encoded: bytes) -> bool:
    """Whether the first record is one cell that holds a whole header."""
    try:
        header, _ = _header(encoded[:_HEADER_WINDOW].decode("utf-8", errors="ignore"), ",")
        inner, _ = _header("".join(header), ",")
    except csv.Error:
        return False
    return len(header) == 1 and any(layout.match(inner) for layout in LAYOUTS)


def _unwrapped(encoded: bytes) -> bytes:
    if (inner := forms.unwrap(encoded)) is None:
        raise Quarantine(
            "each record is one quoted cell, and some are broken in pieces that can't be joined "
            "without doubt; send the file as downloaded"
        )
    return inner


def _header(text: str, delimiter: str) -> tuple[list[str], int]:
    """The cells of the first record, and where it ends (byte). Blank lines are no records.

    Raises:
        csv.Error: a quote stands in the wrong place, so that records would be taken for a part of
            the header; or a cell is longer than any text on a platform.
    """
    lines = io.StringIO(text, newline="")
    header = next(filter(None, csv.reader(lines, delimiter=delimiter, strict=True)), [])
    return header, len(text[: lines.tell()].encode())


def _split(body: bytes, match: Match, delimiter: str) -> tuple[pl.DataFrame, list[_Misfit]]:
    """Split the records with pyarrow, and let a second parser count them.

    Blank lines are no records. Records with more or fewer fields than the header are misfits: their
    number, rule, what is wrong, their text.
    """
    wanted = sorted({p for positions in match.positions.values() for p in positions})
    names = [str(position) for position in range(match.width)]
    misfits: list[_Misfit] = []

    def note(row: pyarrow.csv.InvalidRow) -> str:
        wrong = f"{row.actual_columns} of {row.expected_columns} fields"
        misfits.append((row.number, "field_count", wrong, row.text))
        return "skip"

    if body.strip():
        try:
            table = pyarrow.csv.read_csv(
                pa.BufferReader(body),
                read_options=pyarrow.csv.ReadOptions(
                    column_names=names,
                    use_threads=False,  # else misfits have no number
                    block_size=min(len(body), _LONGEST_RECORD),
                ),
                parse_options=pyarrow.csv.ParseOptions(
                    delimiter=delimiter, newlines_in_values=True, invalid_row_handler=note
                ),
                convert_options=pyarrow.csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    include_columns=[str(position) for position in wanted],
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid as problem:
            raise Quarantine(f"the records can't be split: {problem}") from None
    else:
        table = pa.table({str(position): pa.array([], pa.string()) for position in wanted})
    count = table.num_rows + len(misfits)
    if (second := _count(body, delimiter, count)) != count:
        raise Quarantine(
            f"two parsers count {count} and {second} records; a quote stands in the wrong place"
        )
    numbers: Iterable[int] = range(1, count + 1)
    if misfits:
        numbers = sorted(set(numbers) - {number for number, *_ in misfits})
    fitting = pl.DataFrame(table).select(
        pl.Series("record_number", numbers, dtype=pl.Int64),
        *(_one_of(positions).alias(field) for field, positions in sorted(match.positions.items())),
        *(
            _conflict(positions).alias(f"{field}:conflict")
            for field, positions in sorted(match.positions.items())
            if len(positions) > 1
        ),
    )
    return fitting, misfits


def _unterminated(
    encoded: bytes, fitting: pl.DataFrame, misfits: list[_Misfit], layout: Layout, match: Match
) -> tuple[pl.DataFrame, list[_Misfit]]:
    """Take the last record of a file without a line end out, where it may be cut inside a number.

    Raises:
        Quarantine: the header itself may be cut, so that "no records" is no true zero.
    """
    ending = layout.ending
    count = fitting.height + len(misfits)
    if not count:
        if ending.kind == "line" or match.last != normalise(ending.last):
            raise Quarantine("the file ends inside or right after its header; export it again")
        return fitting, misfits
    last = fitting.filter(pl.col("record_number") == count)
    if last.height:
        if ending.kind == "quote" and encoded.endswith(b'"'):
            return fitting, misfits
        field = match.last_field
        if ending.kind == "bare" and field is None:
            return fitting, misfits
        if ending.kind == "bare" and field and match.last == normalise(ending.last):
            is_last = pl.col("record_number") == count
            blanked = pl.when(~is_last).then(pl.col(field)).otherwise(pl.lit(""))
            return fitting.with_columns(blanked.alias(field)), misfits
        text = last[layout.cap_notice[0]].item() if layout.cap_notice else ""
    else:
        text = misfits[-1][-1]
    detail = (
        "the file ends without a line end, so its last record may be cut, even inside a number; "
        "export it again"
    )
    kept = [misfit for misfit in misfits if misfit[0] != count]
    return (
        fitting.filter(pl.col("record_number") != count),
        [*kept, (count, "unterminated", detail, text)],
    )


def _count(body: bytes, delimiter: str, expected: int) -> int:
    """Count the records with polars; where it counts otherwise, with Python's own parser.

    Polars takes blank lines for records. Python's parser accepts no quote in the wrong place,
    unlike pyarrow and polars, which then drop or join records without a word.
    """
    if not body.strip():
        return 0
    if _is_quoted_plainly(body, delimiter):
        lines = pl.scan_csv(
            io.BytesIO(body), separator=delimiter, has_header=False, infer_schema=False
        )
        if lines.select(pl.len()).collect().item() == expected:
            return expected
    text = io.StringIO(body.decode("utf-8"), newline="")
    count = 0
    try:
        for record in csv.reader(text, delimiter=delimiter, strict=True):
            count += bool(record)
    except csv.Error as problem:
        raise Quarantine(
            f"a quote stands in the wrong place in or before record {count + 1} ({problem}); "
            "send the export as it was downloaded"
        ) from None
    return count


def _is_quoted_plainly(body: bytes, delimiter: str) -> bool:
    """Whether quotes come in pairs around whole fields, or doubled inside; then nobody misreads."""
    octets = pl.Series(pa.Array.from_buffers(pa.uint8(), len(body), [None, pa.py_buffer(body)]))
    quotes = (octets == ord('"')).arg_true()
    outside = pl.Series([*delimiter.encode(), *b'\r\n"'], dtype=pl.UInt8)
    before = quotes.gather_every(2).filter(quotes.gather_every(2) > 0) - 1
    after = quotes.gather_every(2, 1) + 1
    edges = pl.concat([before, after.filter(after < len(body))])
    return len(quotes) % 2 == 0 and octets.gather(edges).is_in(outside.implode()).all()


def _one_of(positions: Sequence[int]) -> pl.Expr:
    """The text of a field; where its column is repeated, the first that is not blank or 0.

    A blank beside a 0 is blank: a column that is dead holds 0.
    """
    texts = [pl.col(str(position)) for position in positions]
    if len(texts) == 1:
        return texts[0]
    telling = [pl.when(~text.str.strip_chars().is_in(["", "0"])).then(text) for text in texts]
    blank = [pl.when(text.str.strip_chars() == "").then(text) for text in texts]
    return pl.coalesce(*telling, *blank, *texts)


def _conflict(positions: Sequence[int]) -> pl.Expr:
    """Whether the repeated columns of a field hold different texts that are not blank or 0."""
    texts = [pl.col(str(position)).str.strip_chars() for position in positions]
    telling = [pl.when(~text.is_in(["", "0"])).then(text) for text in texts]
    first = pl.coalesce(*telling)
    return pl.any_horizontal(*((text != first).fill_null(value=False) for text in telling))


def _interpret(frame: pl.DataFrame, layout: Layout) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every record as the contract's columns, and those with a broken cell as rejects."""
    for name, expression in layout.derived:
        frame = frame.with_columns(expression.alias(name))
    cells = layout.read(frozenset(frame.columns))
    columns: dict[str, pl.DataType] = dict(PostObservation.create_empty().schema)
    if layout.holds == "account_days":
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
    problems = [
        (cell.problem, cell.text)
        for cell in (*cells.values(), *conflicts)
        if cell.problem is not None
    ]
    problems = problems or [(pl.lit(None, dtype=pl.String), pl.lit(""))]
    is_broken = pl.any_horizontal(*(problem.is_not_null() for problem, _ in problems))
    # Lazy, so that what several cells need is computed once.
    typed = (
        frame.lazy()
        .select(
            **values,
            is_broken=is_broken,
            is_set_aside=pl.lit(value=layout.holds == "nothing")
            | _says(layout.totals)
            | _says(layout.cap_notice),
            is_cap_notice=_says(layout.cap_notice),
        )
        .collect()
    )
    broken = frame.filter(typed["is_broken"] & ~typed["is_set_aside"]).select(
        "sha256",
        "record_number",
        rule=pl.coalesce(*(problem for problem, _ in problems)),
        detail=pl.coalesce(
            *(pl.when(problem.is_not_null()).then(text) for problem, text in problems)
        ),
    )
    return typed, broken


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
    return good.join(details, on=ORDER[:2], how="anti"), details


def _says(notice: tuple[str, str] | None) -> pl.Expr:
    """Whether a record is one of the layout's notices."""
    if notice is None:
        return pl.lit(value=False)
    field, pattern = notice
    return pl.col(field).str.strip_chars().str.contains(pattern).fill_null(value=False)


def _misfits(found: list[_Misfit], layout: Layout, sha256: str) -> pl.DataFrame:
    """The records that do not fit, as rejects; a cap notice among them is set aside."""
    frame = pl.DataFrame(
        [(sha256, *misfit) for misfit in found],
        schema={**Reject.create_empty().schema, "text": pl.String},
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
