"""How the text of a cell becomes a value, shared by all layouts.

What belongs here: null tokens, texts, identifiers; each as polars expressions that give the
value, or the rule that the text broke. What does not: counters (`numbers.py`), days (`dates.py`),
Meta's times (`times.py`), which column holds what (the platforms' modules) and what is allowed of a
row as a whole (`contract.py`).

Sources of the rules: the platforms' exports as found in the wild, dated where they drift.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

#: Texts that mean "not reported" on some platform; never zero. TikTok Business Suite writes `--`
#: and `NAN`, TikTok Studio `undefined`, X `-`.
NULL_TOKENS = ("", "-", "--", "nan", "undefined", "n/a", "null")

#: A number that lost its last digits, as spreadsheets write long ones.
SCIENTIFIC = r"(?i)^[0-9](?:[.,][0-9]*)?e[+]?[0-9]+$"
_ROUNDED = "^[0-9]{15}0+$"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value read from a record, and where it can't be read, why.

    `problem` is null where the value is good, else the name of the broken rule; `text` is what the
    record says, for the reject's detail.
    """

    value: pl.Expr
    problem: pl.Expr | None = None
    text: pl.Expr | None = None


def text(field: str) -> pl.Expr:
    """A cell's text without surrounding white space; null where it is a null token.

    A spreadsheet's marks that a number is text, `="123"`, `=123` and `'123`, are taken off.
    """
    stripped = (
        pl.col(field)
        .str.strip_chars()
        .str.replace(r'^="([^"]*)"$', "${1}")
        .str.replace(r"^['=](-?[0-9][0-9.,]*)$", "${1}")
    )
    return pl.when(~stripped.str.to_lowercase().is_in(NULL_TOKENS)).then(stripped)


def word(field: str) -> pl.Expr:
    """A name or a handle without surrounding white space; `nan` is one, only blank is null."""
    stripped = pl.col(field).str.strip_chars()
    return pl.when(stripped != "").then(stripped)


def prose(field: str) -> pl.Expr:
    """A caption, to the character as delivered; null where it is empty."""
    return pl.when(pl.col(field) != "").then(pl.col(field))


def identifier(field: str, pattern: str, beside: str | None = None) -> Cell:
    """A platform's ID: the whole text matches `pattern`, else the record is rejected.

    A spreadsheet turns long IDs into `1.23E+16` or rounds them to 15 digits and zeros; the digits
    are gone, so nothing can repair it. `123.0` is a short ID that is still whole.

    Args:
        field: the field that holds the ID.
        pattern: regular expression of a whole ID.
        beside: another field of long IDs, which a spreadsheet would have rounded too.
    """
    raw = text(field).str.replace(r"^([0-9]{1,15})\.0+$", "${1}")
    good = raw.str.contains(f"^(?:{pattern})$").fill_null(value=False)
    is_rounded = raw.str.contains(_ROUNDED).fill_null(value=False)
    is_lost = is_rounded & _is_rounded_file([field, *([beside] if beside else [])])
    problem = (
        pl.when(is_lost)
        .then(pl.lit("digits_lost"))
        .when(good)
        .then(None)
        .when(raw.str.contains(rf"{SCIENTIFIC}|^[0-9]{{16,}}\.0+$"))
        .then(pl.lit("digits_lost"))
        .otherwise(pl.lit("unreadable_id"))
    )
    return Cell(
        pl.when(good & ~is_lost).then(raw),
        problem,
        pl.format("{} = {}", pl.lit(field), raw.fill_null("")),
    )


def account(field: str, beside: str) -> Cell:
    """The ID of the account that owns a post, of a file that is mostly of one account.

    One that is the main account's, cut or rounded, is rejected.
    """
    known, raw = identifier(field, "[0-9]+", beside), text(field)
    main = raw.mode().first().over("sha256")
    is_cut = main.str.starts_with(raw) & (raw.str.len_chars() >= 10)
    is_rounded = (main.str.head(15) == raw.str.head(15)) & raw.str.contains(_ROUNDED)
    lost = pl.when((is_cut | is_rounded) & (raw != main)).then(pl.lit("digits_lost"))
    return Cell(known.value, pl.coalesce(known.problem, lost), known.text)


def _is_rounded_file(fields: Sequence[str]) -> pl.Expr:
    """Whether a file's long IDs all end in zeros after 15 digits, or are not digits any more.

    One may end so by chance; all of three don't, nor one beside another that is lost openly.
    """
    count, is_whole = pl.lit(0), pl.lit(value=False)
    for field in fields:
        raw = text(field)
        is_rounded = raw.str.contains(_ROUNDED).fill_null(value=False)
        is_whole |= (raw.str.contains("^[0-9]{16,}$") & ~is_rounded).any().over("sha256")
        is_new = raw.is_first_distinct().over("sha256")
        count += (is_rounded & is_new).sum().over("sha256").cast(pl.Int64)
        count += 3 * raw.str.contains(SCIENTIFIC).any().over("sha256").cast(pl.Int64)
    return ~is_whole.fill_null(value=False) & (count >= 3)


def flag(field: str) -> Cell:
    """A yes or no; blank means no."""
    raw = text(field).str.to_lowercase()
    yes, no = raw.is_in(["1", "true", "yes", "1.0"]), raw.is_in(["0", "false", "no", "0.0"])
    problem = pl.when(raw.is_not_null() & ~yes & ~no).then(pl.lit("unreadable_flag"))
    return Cell(yes.fill_null(value=False), problem, pl.format("{} = {}", pl.lit(field), raw))


def seconds(instant: pl.Expr) -> pl.Expr:
    """An instant from milliseconds since 1970, truncated to whole seconds (UTC)."""
    return pl.from_epoch(instant // 1000, time_unit="s").cast(pl.Datetime("us"))


def plausible(instant: pl.Expr) -> pl.Expr:
    """Null where an instant decoded from an ID lies outside the platforms' lifetime."""
    return pl.when(instant.is_between(datetime(2006, 3, 21), datetime(2100, 1, 1))).then(instant)
