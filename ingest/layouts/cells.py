"""How the text of a cell becomes a value, shared by all layouts.

What belongs here: null tokens, texts, identifiers; each as polars expressions that give the
value, or the rule that the text broke. What does not: counters (`numbers.py`), days (`dates.py`),
Meta's times (`times.py`), which column holds what (the platforms' modules) and what is allowed of a
row as a whole (`contract.py`).

Sources of the rules: the platforms' exports as found in the wild, dated where they drift.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import polars as pl

#: Texts that mean "not reported" on some platform; never zero. TikTok Business Suite writes `--`
#: and `NAN`, TikTok Studio `undefined`, X `-`.
NULL_TOKENS = ("", "-", "--", "nan", "undefined", "n/a", "null")

_IS_NULL = f"(?i)^(?:{'|'.join(NULL_TOKENS)})$"

#: A number that lost its last digits, as spreadsheets write long ones.
SCIENTIFIC = r"(?i)^[0-9](?:[.,][0-9]*)?e[+]?[0-9]+$"
_ROUNDED = "^[0-9]{15}0+$"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value read from a record, and where it can't be read, why.

    `problem` is null where the value is good, else the name of the broken rule; `text` is what the
    record says, for the reject's detail. Both are worked out only for the few records of which some
    cell is not good, so an expression that looks at other records (`over`) does not belong in them:
    the layout derives it before. `is_good` is cheap; without it `problem` is worked out for all.
    """

    value: pl.Expr
    problem: pl.Expr | None = None
    text: pl.Expr | None = None
    is_good: pl.Expr | None = None


def with_texts(frame: pl.DataFrame, fields: Iterable[str]) -> pl.DataFrame:
    """The records with a column more for each field, which `text` stands for.

    A spreadsheet's marks that a number is text, `="123"`, `=123` and `'123`, are taken off.
    """
    stripped = frame.select(pl.col(field).str.strip_chars() for field in fields)
    is_marked = (pl.all().str.starts_with("=") | pl.all().str.starts_with("'")).any()
    marked = [name for name, found in stripped.select(is_marked).to_dict().items() if found.item()]
    return frame.hstack(
        stripped.with_columns(
            pl.col(field)
            .str.replace(r'^="([^"]*)"$', "${1}")
            .str.replace(r"^['=](-?[0-9][0-9.,]*)$", "${1}")
            for field in marked
        ).select(
            pl.when(~pl.col(field).str.contains(_IS_NULL))
            .then(pl.col(field))
            .alias(_text_of(field))
            for field in stripped.columns
        )
    )


def _text_of(field: str) -> str:
    return f"{field}:text"


def text(field: str) -> pl.Expr:
    """A cell's text without surrounding white space; null where it is a null token."""
    return pl.col(_text_of(field))


def word(field: str) -> pl.Expr:
    """A name or a handle without surrounding white space; `nan` is one, only blank is null."""
    stripped = pl.col(field).str.strip_chars()
    return pl.when(stripped != "").then(stripped)


def prose(field: str) -> pl.Expr:
    """A caption, to the character as delivered; null where it is empty."""
    return pl.when(pl.col(field) != "").then(pl.col(field))


def roundings(*fields: str) -> tuple[tuple[str, pl.Expr], ...]:
    """What `identifier` needs of its field: whether a spreadsheet has rounded a file's long IDs.

    Of numbers with 16 digits and more it keeps 15 and writes zeros. One ID may end so by chance;
    all of three in a file's fields don't, nor one beside another that has lost its digits openly.
    """
    count, is_whole = pl.lit(0), pl.lit(value=False)
    for field in fields:
        raw = text(field)
        is_rounded = raw.str.contains(_ROUNDED).fill_null(value=False)
        is_long = raw.str.contains("^[0-9]{16,}$").fill_null(value=False)
        is_whole |= (is_long & ~is_rounded).any().over("sha256")
        is_new = raw.is_first_distinct().over("sha256")
        count += (is_rounded & is_new).sum().over("sha256").cast(pl.Int64)
        is_open = raw.str.contains(SCIENTIFIC).fill_null(value=False)
        count += 3 * is_open.any().over("sha256").cast(pl.Int64)
    is_rounded_file = ~is_whole & (count >= 3)
    return tuple(
        (f"{field}:is_rounded", text(field).str.contains(_ROUNDED) & is_rounded_file)
        for field in fields
    )


def cut_accounts(field: str) -> tuple[tuple[str, pl.Expr], ...]:
    """What `account` needs of its field: whether an ID is that of most records, cut or rounded."""
    raw = text(field)
    main = raw.mode().min().over("sha256")
    is_most = (raw == main).mean().over("sha256") > 0.5
    is_cut = main.str.starts_with(raw) & (raw.str.len_chars() >= 10)
    is_rounded = (main.str.head(15) == raw.str.head(15)) & raw.str.contains(_ROUNDED)
    return (
        (
            f"{field}:is_cut",
            ((is_cut | is_rounded) & (raw != main) & is_most).fill_null(value=False),
        ),
    )


def identifier(field: str, pattern: str) -> Cell:
    """A platform's ID: the whole text matches `pattern`, else the record is rejected.

    A spreadsheet turns long IDs into `1.23E+16` or rounds them (the layout derives `roundings`);
    the digits are gone, so nothing can repair it. `123.0` is a short ID that is still whole.
    """
    raw = text(field).str.replace(r"^([0-9]{1,15})\.0+$", "${1}")
    is_rounded = pl.col(f"{field}:is_rounded").fill_null(value=False)
    good = raw.str.contains(f"^(?:{pattern})$").fill_null(value=False) & ~is_rounded
    problem = (
        pl.when(good)
        .then(None)
        .when(is_rounded | raw.str.contains(rf"{SCIENTIFIC}|^[0-9]{{16,}}\.0+$"))
        .then(pl.lit("digits_lost"))
        .otherwise(pl.lit("unreadable_id"))
    )
    detail = pl.format("{} = {}", pl.lit(field), raw.fill_null(""))
    return Cell(pl.when(good).then(raw), problem, detail, good)


def account(field: str) -> Cell:
    """The ID of the account that owns a post (the layout derives `roundings`, `cut_accounts`)."""
    known, is_cut = identifier(field, "[0-9]+"), pl.col(f"{field}:is_cut")
    lost = pl.when(is_cut).then(pl.lit("digits_lost"))
    is_good = known.value.is_not_null() & ~is_cut
    return Cell(known.value, pl.coalesce(known.problem, lost), known.text, is_good)


def flag(field: str) -> Cell:
    """A yes or no; blank means no."""
    raw = text(field).str.to_lowercase()
    yes, no = raw.is_in(["1", "true", "yes", "1.0"]), raw.is_in(["0", "false", "no", "0.0"])
    problem = pl.when(raw.is_not_null() & ~yes & ~no).then(pl.lit("unreadable_flag"))
    detail = pl.format("{} = {}", pl.lit(field), raw)
    return Cell(yes.fill_null(value=False), problem, detail, raw.is_null() | yes | no)


def seconds(instant: pl.Expr) -> pl.Expr:
    """An instant from milliseconds since 1970, truncated to whole seconds (UTC)."""
    return pl.from_epoch(instant // 1000, time_unit="s").cast(pl.Datetime("us"))


def plausible(instant: pl.Expr) -> pl.Expr:
    """Null where an instant decoded from an ID lies outside the platforms' lifetime."""
    return pl.when(instant.is_between(datetime(2006, 3, 21), datetime(2100, 1, 1))).then(instant)
