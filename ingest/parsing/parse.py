"""From the tables of an export to typed rows, the same for all layouts.

What belongs here: holding records to their layout and to the contract. What does not: opening a
file and recognising its layout (`recognise.py`), the records of a table (`records.py`,
`shifted_cells.py`), any platform's words (`platforms/`), and where files come from or go to
(`pipeline.py`). Nothing here touches the disk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import dataframely as dy
import polars as pl

from ingest.fields import captions, numbers, post_kinds
from ingest.fields.characters import occurring
from ingest.fields.layout import Layout
from ingest.fields.values import Cell
from ingest.files import Damage, MalformedRecord
from ingest.parsing import inferred, not_posts, records, shifted_cells, unreadable_counters
from ingest.parsing.recognise import OpenedTable, Quarantine, in_sheet, open_export
from ingest.schemas import (
    AccountDay,
    Comment,
    OpinionLabel,
    PostObservation,
    Reject,
    Withheld,
)

__all__ = ["ACCOUNTS", "ORDER", "Quarantine", "Records", "Rows", "interpret", "split"]

#: The order of rows.
ORDER = ["sha256", "record_number", "metric"]
#: A malformed record's columns: those of a reject, and the record's text.
_MALFORMED = pl.Schema(
    {
        "sha256": pl.String(),
        "record_number": pl.Int64(),
        "rule": pl.String(),
        "detail": pl.String(),
        "text": pl.String(),
    }
)
#: What a reject tells all the same, so that the post can be found elsewhere.
_IDENTITY = ("platform", "post_id", "published_at", "published_date")
_NONE_MALFORMED = pl.DataFrame(schema=_MALFORMED | {"set_aside_reason": pl.String()})
#: What is told of a record that is set aside.
_SET_ASIDE = pl.Schema(
    {
        "sha256": pl.String(),
        "record_number": pl.Int64(),
        "reason": pl.String(),
        "quote": pl.String(),
    }
)
#: What a response says of an account beside its posts: how many it has, and how many follow it.
_OF_ACCOUNTS = ("account_post_count", "account_follower_count")
ACCOUNTS = pl.Schema(
    {
        "sha256": pl.String(),
        "platform_account_id": pl.String(),
        "account_handle": pl.String(),
        "account_post_count": pl.Int64(),
        "account_follower_count": pl.Int64(),
    }
)
#: What rows are, by what a record is; `nothing` has none.
CONTRACTS: Mapping[str, type[dy.Schema]] = {
    "posts": PostObservation,
    "account_days": AccountDay,
    "comments": Comment,
    "labels": OpinionLabel,
    "nothing": PostObservation,
}
#: Marks the cells that are metrics of an account's day.
_METRIC = "metric:"


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
    #: Records that can't be taken as the header says, as rejects or notices.
    malformed: pl.DataFrame
    #: Records that are no posts, as `Rows.set_aside`.
    no_posts: pl.DataFrame
    #: Data records, counted by two parsers.
    count: int


@dataclass(frozen=True, slots=True)
class Rows:
    """What the records of some files say.

    `observations` follow what `CONTRACTS` has for the layout; `rejects`
    follow `Reject`; `withheld`, the counters of loaded records that are not taken, follow
    `Withheld`. They are ordered by file and record. `set_aside` has the records that are no posts:
    `sha256`, `record_number`, `reason` (`not_posts.py`), and what the record says of it, `quote`.
    `healed` has `sha256` and `record_number` of the loaded records whose ID had lost its digits,
    and stands whole in their link. `accounts` has, of each file and account of which a response
    says how many posts or followers it has, `sha256`, `platform_account_id`, `account_handle`,
    `account_post_count` and `account_follower_count`.
    """

    observations: pl.DataFrame
    rejects: pl.DataFrame
    set_aside: pl.DataFrame
    withheld: pl.DataFrame
    healed: pl.DataFrame
    accounts: pl.DataFrame


def split(content: bytes, sha256: str) -> tuple[Records, ...]:
    """Recognise the tables of one export file and split their records.

    Args:
        content: the file's bytes as they were received.
        sha256: their hash, written into every row.

    Only a spreadsheet has more than one table; its records are numbered through.

    Raises:
        Quarantine: the file can't be opened, or a table as a whole shows that it is damaged.

    The last record of a file that does not end as its layout does is a reject `unterminated`.
    """
    return split_opened(open_export(content), sha256)


def split_opened(opened: Sequence[OpenedTable], sha256: str) -> tuple[Records, ...]:
    """The records of a file that was opened before; see `split`."""
    found: list[Records] = []
    before = 0
    for each in opened:
        try:
            found.append(_records(each, sha256, before))
        except Damage as problem:
            quarantine = Quarantine(str(problem), each.layout)
            raise in_sheet(quarantine, each.table.sheet, len(opened)) from None
        before += each.table.record_count
    return tuple(found)


def _records(opened: OpenedTable, sha256: str, before: int) -> Records:
    """The records of a table, numbered behind those of the tables before it."""
    table, layout, match = opened.table, opened.layout, opened.match
    repairs = table.repairs
    if match.is_unmangled:
        repairs += ("the header had been saved as if it were Windows-1252; texts are as delivered",)
    by_place = [occurring(column) for column in table.columns]
    malformed = list(table.malformed)
    fitting = records.fields(table, match)
    # In JSON each value has its key: no cell moves, and no record is a header or a totals row.
    is_keyed = table.documents is not None
    if is_keyed:
        no_posts = not_posts.errors(table, layout, match)
    else:
        no_posts = not_posts.find(table, by_place, layout, match)
    if table.ending != "line":  # the last record may have been cut
        no_posts = [each for each in no_posts if each.number != table.record_count]
    fitting = _without(fitting, no_posts)
    aside = [each.number for each in no_posts]
    if not is_keyed and (moved := shifted_cells.check(table, by_place, layout, match, aside)):
        fitting = _without(fitting, moved)
        malformed = sorted([*malformed, *moved])
    if table.ending != "line":
        fitting, malformed = records.unterminated(table, fitting, malformed, layout, match)
    characters = {
        field: frozenset[str]().union(*(by_place[place] for place in places))
        for field, places in match.positions.items()
    }
    marked = {
        field: characters[field]
        for field in layout.numbers
        if field in characters and characters[field] & numbers.MARKS
    }
    fitting, notes = numbers.plain(fitting, marked)
    if not is_keyed and (
        pushed := unreadable_counters.moved(table, fitting, by_place, layout, match)
    ):
        aside = fitting.filter(_set_aside_reason(layout).is_not_null())["record_number"].to_list()
        pushed = [record for record in pushed if record.number not in aside]
        fitting = _without(fitting, pushed)
        malformed = sorted([*malformed, *pushed])
    if match.is_inferred:
        posts = fitting.filter(_set_aside_reason(layout).is_null())
        inferred.check(posts, characters, layout, match.locale)
    return Records(
        sha256=sha256,
        layout=layout,
        locale=match.locale,
        sheet=table.sheet,
        unknown_columns=match.unknown,
        repairs=repairs + notes,
        fitting=fitting.with_columns(pl.col("record_number") + before) if before else fitting,
        characters=characters,
        malformed=_malformed(malformed, layout, sha256, before),
        no_posts=pl.DataFrame(
            [(sha256, each.number + before, each.reason, each.quote) for each in no_posts],
            schema=_SET_ASIDE,
            orient="row",
        ),
        count=table.record_count,
    )


def _without(
    fitting: pl.DataFrame, found: Sequence[MalformedRecord | not_posts.NoPost]
) -> pl.DataFrame:
    """The records but for some that are told otherwise."""
    if not found:
        return fitting
    return fitting.filter(~pl.col("record_number").is_in([record.number for record in found]))


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
    typed, broken, withheld = _interpret(frame, layout, characters)
    malformed = pl.concat([file.malformed for file in files])
    whole = typed.filter(pl.col("set_aside_reason").is_null() & ~pl.col("is_broken"))
    if layout.record_type == "account_days":
        observations, details = _account_days(whole)
    else:
        contract = CONTRACTS[layout.record_type]
        observations, failures = contract.filter(whole.select(contract.column_names()))
        details = failures.details()
    rejects = pl.concat(
        [
            Reject.create_empty(),
            broken,
            malformed.filter(pl.col("set_aside_reason").is_null()).drop("text", "set_aside_reason"),
            _contract_rejects(details),
        ],
        how="diagonal",
    )
    aside = [*(file.no_posts for file in files), _set_aside(typed), _set_aside(malformed)]
    return Rows(
        observations=observations,
        rejects=Reject.validate(rejects.sort("sha256", "record_number")),
        set_aside=pl.concat(aside).sort("sha256", "record_number"),
        withheld=Withheld.validate(
            withheld.join(observations, on=["sha256", "record_number"], how="semi").sort(
                "sha256", "record_number", "field"
            )
        ),
        healed=whole.filter("is_healed")
        .select("sha256", "record_number")
        .join(observations, on=["sha256", "record_number"], how="semi"),
        accounts=_accounts(whole),
    )


def _accounts(whole: pl.DataFrame) -> pl.DataFrame:
    """How many posts and followers accounts have, as the records of a response say, as
    `Rows.accounts`."""
    told = [name for name in _OF_ACCOUNTS if name in whole.columns]
    empty = pl.DataFrame(schema=ACCOUNTS)
    if not told:
        return empty
    numbers = whole.group_by("sha256", "platform_account_id", "account_handle").agg(
        pl.col(told).max()
    )
    found = pl.concat([empty, numbers], how="diagonal_relaxed")
    return found.filter(pl.any_horizontal(pl.col(_OF_ACCOUNTS).is_not_null()))


def _set_aside(records: pl.DataFrame) -> pl.DataFrame:
    """The records among some that are set aside, as `Rows.set_aside`."""
    return records.filter(pl.col("set_aside_reason").is_not_null()).select(
        "sha256",
        "record_number",
        reason="set_aside_reason",
        quote=pl.lit(None, dtype=pl.String),
    )


class _Judgement(NamedTuple):
    """Whether a cell of a record is good, and else which rule it broke and what it says."""

    is_good: pl.Expr
    rule: pl.Expr
    text: pl.Expr | None


class _Doubt(NamedTuple):
    """A counter that may be withheld: the rule that it broke and what the file says."""

    field: pl.Expr
    rule: pl.Expr
    detail: pl.Expr
    text: pl.Expr


def _interpret(
    frame: pl.DataFrame, layout: Layout, characters: Mapping[str, frozenset[str]]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Every record as the contract's columns, those with a broken cell as rejects, and the counters
    that are withheld."""
    frame = records.derived(frame, layout, characters)
    cells = layout.read(frozenset(frame.columns))
    judgements = _judgements(cells, frame.columns)
    is_sound = [judgement.is_good for judgement in judgements]
    # Few records have anything to look at; most layouts' counters are all good.
    is_told = [cell.is_good for cell in cells.values() if cell.withheld is not None]
    # Lazy, so that what several cells need is computed once.
    typed = (
        frame.lazy()
        .select(
            **_values(cells, layout),
            is_broken=~pl.all_horizontal(pl.lit(value=True), *is_sound),
            is_doubtful=~pl.all_horizontal(pl.lit(value=True), *is_told),
            set_aside_reason=_set_aside_reason(layout),
            is_healed=cells["is_healed"].value if "is_healed" in cells else pl.lit(value=False),
            **_of_accounts(cells),
        )
        .collect()
    )
    if "text" in cells and layout.record_type == "posts":
        typed = captions.with_facts(typed)
    broken: pl.DataFrame = Reject.create_empty()
    if typed["is_broken"].any():
        typed, broken = _rejected(frame, typed, judgements)
    withheld: pl.DataFrame = Withheld.create_empty()
    if typed["is_doubtful"].any():
        withheld = _withheld(frame, typed, _doubts(cells))
    return typed, broken, withheld


def _of_accounts(cells: Mapping[str, Cell]) -> dict[str, pl.Expr]:
    """What a response says of an account beside its posts."""
    return {name: cells[name].value for name in _OF_ACCOUNTS if name in cells}


def _set_aside_reason(layout: Layout) -> pl.Expr:
    """Why a record is set aside, as the layout tells; null where it is not."""
    if layout.record_type == "nothing":
        return pl.lit(not_posts.NOTHING)
    return (
        pl.when(_says(layout.cap_notice))
        .then(pl.lit(not_posts.CAP_NOTICE))
        .when(_says(layout.totals))
        .then(pl.lit(not_posts.TOTALS))
    )


def _values(cells: Mapping[str, Cell], layout: Layout) -> dict[str, pl.Expr]:
    """The contract's columns: what the layout reads, else what holds for every record."""
    columns: dict[str, pl.DataType] = dict(CONTRACTS[layout.record_type].create_empty().schema)
    if layout.record_type == "account_days":
        columns |= {name: pl.Int64() for name in cells if name.startswith(_METRIC)}
    defaults = {
        "sha256": pl.col("sha256"),
        "record_number": pl.col("record_number"),
        "platform": pl.lit(layout.platform.key if layout.platform else None),
        "kind": pl.lit(layout.kind),
        "post_kind": pl.lit(post_kinds.UNKNOWN),
        "has_question": pl.lit(None),  # unless there are texts
    }
    values: dict[str, pl.Expr] = {}
    for name, dtype in columns.items():
        if name in cells and name in defaults:
            value = pl.coalesce(cells[name].value, defaults[name])
        elif name in cells:
            value = cells[name].value
        elif name in defaults:
            value = defaults[name]
        else:
            value = pl.lit(value=False) if dtype == pl.Boolean else pl.lit(None)
        values[name] = value.cast(dtype)
    return values


def _judgements(cells: Mapping[str, Cell], columns: Sequence[str]) -> list[_Judgement]:
    """What makes a record broken: a cell that can't be read, or doubles that differ."""
    judgements = [
        _Judgement(
            cell.problem.is_null() if cell.is_good is None else cell.is_good,
            cell.problem,
            cell.text,
        )
        for cell in cells.values()
        if cell.problem is not None
    ]
    for name in columns:
        if name.endswith(":conflict"):
            rule = pl.when(pl.col(name)).then(pl.lit("columns_disagree"))
            text = f"{name.removesuffix(':conflict')} stands twice with different values"
            judgements.append(_Judgement(rule.is_null(), rule, pl.lit(text)))
    return judgements


def _doubts(cells: Mapping[str, Cell]) -> list[_Doubt]:
    """The counters that may be withheld; of a series the metric is what its title tells."""
    return [
        _Doubt(
            cells["metric"].value
            if name == "value" and "metric" in cells
            else pl.lit(name.removeprefix(_METRIC)),
            cell.withheld,
            cell.text,
            pl.col(cell.source),
        )
        for name, cell in cells.items()
        if cell.withheld is not None and cell.text is not None and cell.source is not None
    ]


def _withheld(frame: pl.DataFrame, typed: pl.DataFrame, doubts: Sequence[_Doubt]) -> pl.DataFrame:
    """The counters that can't be read, of the records that are loaded without them."""
    is_loaded = ~pl.col("is_broken") & pl.col("set_aside_reason").is_null()
    places = typed.select(is_loaded & pl.col("is_doubtful")).to_series().arg_true()
    found = frame[places]
    return pl.concat(
        [
            found.filter(doubt.rule.is_not_null()).select(
                "sha256",
                "record_number",
                field=doubt.field,
                rule=doubt.rule,
                detail=doubt.detail,
                text=doubt.text,
            )
            for doubt in doubts
        ]
    )


def _rejected(
    frame: pl.DataFrame, typed: pl.DataFrame, judgements: Sequence[_Judgement]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The typed records, and rejects for those that are broken and not set aside."""
    places = typed["is_broken"].arg_true()
    found = frame[places].select(
        "sha256",
        "record_number",
        rule=pl.coalesce(*(judgement.rule for judgement in judgements)),
        detail=pl.coalesce(
            *(
                pl.when(judgement.rule.is_not_null()).then(judgement.text)
                for judgement in judgements
            )
        ),
    )
    if "post_id" in typed.columns:
        found = found.hstack(typed[places].select(_IDENTITY))
    is_sound = found["rule"].is_null()
    typed = typed.with_columns(typed["is_broken"].scatter(places.filter(is_sound), values=False))
    is_post = typed["set_aside_reason"][places].is_null()
    return typed, found.filter(~is_sound & is_post)


def _account_days(records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row per metric of the records, and the first failure of each that the contract refuses.

    A record of which the contract refuses one metric is rejected whole.
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


def _malformed(
    found: list[MalformedRecord], layout: Layout, sha256: str, before: int
) -> pl.DataFrame:
    """Malformed records as rejects; cap notices and blank rows among them are set aside."""
    if not found:
        return _NONE_MALFORMED
    frame = pl.DataFrame(
        [
            (sha256, record.number + before, record.rule, record.detail, record.text)
            for record in found
        ],
        schema=_MALFORMED,
        orient="row",
    )
    text = pl.col("text").str.strip_chars(' "\r\n')
    capped = text.str.contains(layout.cap_notice[1]) if layout.cap_notice else pl.lit(value=False)
    blank = [record.rule == "field_count" and not_posts.is_blank(record) for record in found]
    return frame.with_columns(
        set_aside_reason=pl.when(capped)
        .then(pl.lit(not_posts.CAP_NOTICE))
        .when(pl.Series(blank, dtype=pl.Boolean))
        .then(pl.lit(not_posts.BLANK))
    )


def _contract_rejects(details: pl.DataFrame) -> pl.DataFrame:
    """Rows that the contract refuses: the first broken rule names the reject, the detail all."""
    columns = {name for contract in CONTRACTS.values() for name in contract.column_names()}
    rules = [name for name in details.columns if name not in columns]
    broken = [pl.when(pl.col(rule) == "invalid").then(pl.lit(rule)) for rule in rules]
    return details.select(
        "sha256",
        "record_number",
        *(name for name in _IDENTITY if name in details.columns),
        rule=pl.coalesce(*broken, pl.lit("contract")),
        detail=pl.concat_str(broken, separator=", ", ignore_nulls=True),
    )
