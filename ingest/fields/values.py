"""How the text of a cell becomes a value, shared by all layouts.

What belongs here: null tokens, texts, identifiers; each as polars expressions that give the
value, or the rule that the text broke. What does not: counters (`numbers.py`), days (`dates.py`),
Meta's times (`platforms/meta/publish_time.py`), which column holds what (the platforms' modules)
and what is allowed of a row as a whole (`schemas.py`).

Sources of the rules: the platforms' exports as found in the wild, dated where they drift.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from ingest.fields.characters import OTHER, SPACE

#: Texts that mean "not reported" on some platform; never zero. TikTok Business Suite writes `--`
#: and `NAN`, TikTok Studio `undefined`, X `-`.
NULL_TOKENS = ("", "-", "--", "nan", "undefined", "n/a", "null")

_IS_NULL = f"(?i)^(?:{'|'.join(NULL_TOKENS)})$"

#: Adds to records what several cells need, or what a file's other records tell: `file` numbers the
#: files, so that a column of a file is one `over("file")`.
Step = Callable[[pl.DataFrame], pl.DataFrame]

#: A spreadsheet's marks that a number is text.
_MARKS = frozenset("='")

#: A number that lost its last digits, as spreadsheets write long ones.
SCIENTIFIC = r"(?i)^[0-9](?:[.,][0-9]*)?e[+]?[0-9]+$"
_SCIENTIFIC_PARTS = r"(?i)^(?<first>[0-9])(?:[.,](?<rest>[0-9]*))?e[+]?(?<exponent>[0-9]{1,2})$"
#: Of an ID in 64 bits.
_MOST_DIGITS = 19
_ROUNDED = "^[0-9]{15}0+$"
#: A number with more digits than a spreadsheet keeps.
_LONG = "^[0-9]{15}[0-9]*[1-9][0-9]*$"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value read from a record, and where it can't be read, why.

    `problem` is null where the record may be loaded, else the name of the broken rule. `withheld`
    is the rule because of which the value alone is not taken: it is null then, and the record is
    loaded without it; `source` is the field whose text stands in the file. `text` is what the
    record says, for a person. All are worked out only for the few records of which some cell is not
    good, so an expression that looks at other records (`over`) does not belong in them: the layout
    derives it before. `is_good` is cheap; without it `problem` is worked out for all.
    """

    value: pl.Expr
    problem: pl.Expr | None = None
    text: pl.Expr | None = None
    is_good: pl.Expr | None = None
    withheld: pl.Expr | None = None
    source: str | None = None


def with_texts(frame: pl.DataFrame, characters: Mapping[str, frozenset[str]]) -> pl.DataFrame:
    """The records with a column more for each field, which `text` stands for.

    Args:
        frame: the records as text.
        characters: the fields, and what occurs in each.

    A spreadsheet's marks that a number is text, `="123"`, `=123` and `'123`, are taken off.
    """
    stripped = frame.select(
        pl.col(field).str.strip_chars() if SPACE in found else pl.col(field)
        for field, found in characters.items()
    )
    maybe = [field for field, found in characters.items() if found & _MARKS]
    is_marked = (pl.col(maybe).str.starts_with("=") | pl.col(maybe).str.starts_with("'")).any()
    marked = [name for name, found in stripped.select(is_marked).to_dict().items() if found.item()]
    texts = stripped.with_columns(
        pl.col(field)
        .str.replace(r'^="([^"]*)"$', "${1}")
        .str.replace(r"^['=](-?[0-9][0-9.,]*)$", "${1}")
        for field in marked
    )
    return frame.hstack(
        texts.select(
            pl.when(
                ~pl.col(field).str.contains(_IS_NULL) if OTHER in found else pl.col(field) != ""
            )
            .then(pl.col(field))
            .alias(_text_of(field))
            for field, found in characters.items()
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


def where_rare(frame: pl.DataFrame, usual: pl.Expr, is_rare: pl.Expr, rare: pl.Expr) -> pl.Series:
    """The values of `usual`; of records where `is_rare`, those of `rare`, a costly expression."""
    values, found = frame.select(usual.alias("usual"), is_rare.alias("is_rare"))
    if not found.any():
        return values
    places = found.arg_true()
    return values.scatter(places, frame[places].select(rare).to_series())


def rounded_ids_step(*fields: str) -> Step:
    """What `identifier` needs of its fields: the ID (`123.0` is one that is still whole), and
    whether a spreadsheet has rounded a file's long ones.

    Of numbers with 16 digits and more it keeps 15 and writes zeros. One ID may end so by chance;
    all of three in a file's fields don't, nor one beside another that has lost its digits openly.
    """
    texts = [text(field) for field in fields]

    def derive(frame: pl.DataFrame) -> pl.DataFrame:
        is_in_rounded = pl.col("file").is_in(_rounded_files(frame, texts).implode())
        for field, raw in zip(fields, texts, strict=True):
            is_rounded = raw.str.contains(_ROUNDED)
            whole = raw.str.replace(r"^([0-9]{1,15})\.0+$", "${1}")
            frame = frame.with_columns(
                where_rare(frame, raw, raw.str.contains(".", literal=True), whole).alias(
                    f"{field}:id"
                ),
                where_rare(frame, pl.lit(value=False), is_in_rounded, is_rounded).alias(
                    f"{field}:is_rounded"
                ),
            )
        return frame

    return derive


def _rounded_files(frame: pl.DataFrame, ids: list[pl.Expr]) -> pl.Series:
    is_whole = pl.any_horizontal(raw.str.contains(_LONG).any() for raw in ids)
    files = frame.group_by("file").agg(is_whole.alias("is_whole"))
    doubtful = files.filter(~pl.col("is_whole"))["file"]
    if doubtful.is_empty():
        return doubtful
    counts = [
        raw.filter(raw.str.contains(_ROUNDED)).n_unique().cast(pl.Int64)
        + 3 * raw.str.contains(SCIENTIFIC).any().cast(pl.Int64)
        for raw in ids
    ]
    found = frame.filter(pl.col("file").is_in(doubtful.implode())).group_by("file")
    return found.agg(pl.sum_horizontal(counts).alias("count")).filter(pl.col("count") >= 3)["file"]


def healed_ids_step(field: str, linked: pl.Expr, *, is_own: bool) -> Step:
    """`is_healed`: whether an ID that lost its digits stands whole in its record's link.

    What is left of it must be the linked ID, cut or rounded; else the two contradict each other.

    Args:
        field: the field of the ID; the layout derives `rounded_ids_step` before.
        linked: the number in the link, null where none stands there.
        is_own: the number in a link is always the post's own ID, so that it may stand for one of
            which three digits or none are left. Else ten must be left of one that was cut, and
            fifteen of one that was rounded.
    """
    raw = pl.col(f"{field}:id").str.extract("([^_]*)$")  # Facebook's may begin with the page's ID
    length = linked.str.len_chars()
    is_cut = linked.str.starts_with(raw) & (raw.str.len_chars() >= 10)
    # Spreadsheets keep 15 digits of a number, other programs 17.
    is_rounded = raw.str.ends_with("0") & (raw.str.len_chars() == length)
    left = is_cut | (is_rounded & _are_near(raw, linked, pl.lit(15)))
    if is_own:
        parts = raw.str.extract_groups(_SCIENTIFIC_PARTS).struct
        shown = pl.concat_str(parts.field("first"), parts.field("rest").fill_null(""))
        exponent = parts.field("exponent").cast(pl.Int64, strict=False)
        filled = shown.str.pad_end(_MOST_DIGITS, "0").str.head(exponent + 1)
        is_near = (exponent + 1 == length) & _are_near(filled, linked, shown.str.len_chars())
        left = raw.is_null() | left | is_near
    is_lost = linked.is_not_null() & (raw.is_null() | (raw != linked))

    def derive(frame: pl.DataFrame) -> pl.DataFrame:
        healed = where_rare(frame, pl.lit(value=False), is_lost, left.fill_null(value=False))
        return frame.with_columns(healed.alias("is_healed"))

    return derive


def _are_near(some: pl.Expr, whole: pl.Expr, digits: pl.Expr) -> pl.Expr:
    """Whether a number is another of equal length, cut or rounded behind so many digits."""
    missing = whole.cast(pl.Int64, strict=False) - some.cast(pl.Int64, strict=False)
    behind = (whole.str.len_chars().cast(pl.Int64) - digits).clip(0)
    unit = pl.lit(10, dtype=pl.Int64).pow(behind)
    return (missing < unit) & (missing * 2 >= -unit)


def cut_account_ids_step(field: str) -> Step:
    """What `account` needs of its field: whether an ID is that of most records, cut or rounded."""
    raw, main, count = text(field), pl.col("main"), pl.col("count")

    def derive(frame: pl.DataFrame) -> pl.DataFrame:
        ids = frame.group_by("file", raw.alias("id")).agg(pl.len().alias("count"))
        mains = ids.group_by("file").agg(
            main=pl.col("id").filter(count == count.max()).min(),
            named=count.filter(pl.col("id").is_not_null()).sum(),
        )
        known = pl.col("id")
        is_cut = main.str.starts_with(known) & (known.str.len_chars() >= 10)
        is_rounded = (main.str.head(15) == known.str.head(15)) & known.str.contains(_ROUNDED)
        is_most = (count.filter(known == main).sum() * 2 > pl.col("named")).over("file")
        ids = ids.join(mains, on="file").filter(
            ((is_cut | is_rounded) & (known != main) & is_most).fill_null(value=False)
        )
        if ids.is_empty():
            return frame.with_columns(pl.lit(value=False).alias(f"{field}:is_cut"))
        cut = ids.select("file", "id", is_cut=pl.lit(value=True))
        found = frame.select("file", id=raw).join(
            cut, on=["file", "id"], how="left", maintain_order="left"
        )
        return frame.with_columns(found["is_cut"].fill_null(value=False).alias(f"{field}:is_cut"))

    return derive


def identifier(field: str, pattern: str) -> Cell:
    """A platform's ID: the whole text matches `pattern`, else the record is rejected.

    A spreadsheet turns long IDs into `1.23E+16` or rounds them; the digits are gone, so nothing can
    repair it. The layout derives `rounded_ids_step`.
    """
    raw = pl.col(f"{field}:id")
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
    """The ID of the account that owns a post.

    The layout derives `rounded_ids_step` and `cut_account_ids_step`.
    """
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
