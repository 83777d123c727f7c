"""Batches: archived files, read together into the lake's Parquet files.

What belongs here: which files are read together and by which process, and where their rows go. What
does not: how a file is read (`parsing/`) and which deliveries it is (`receipts.py`).

A batch is named by its files' hashes and the reading code. Its rows lie under that name, those of
posts by platform and month of publication, ordered by file and record. Once they are all on the
disk, a part of `lake/files` says so under the same name, so that a run costs by what is new. Rows
under a name that is not there are of a crash or an older reading, and are removed.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

import dataframely as dy
import polars as pl

from ingest import children, platforms, schemas
from ingest.attempts import Attempts
from ingest.bounds import bounds
from ingest.home import Home
from ingest.parsing import not_posts, parse
from ingest.schemas import (
    AccountDay,
    Comment,
    Contents,
    OpinionLabel,
    PostObservation,
    Reject,
    Withheld,
)
from ingest.storage import DamagedArchive, is_sound, read_archived, read_table, write_table

log = logging.getLogger("kurasi")

#: Files are read in batches of at most so many files and bytes: many small files cost as much as
#: one large one, memory stays bounded, and a crash costs one batch.
_MOST_FILES = 500
_MOST_BYTES = 8 * 2**20
#: So many batches of fewer records than this are joined into one, so that a reader of the lake
#: opens few files after years of daily exports.
_SMALL_RECORDS = 10_000
_SMALL_BATCHES = 24
#: The code that decides what a file's rows are, and where they lie.
_READER_FILES = ("batches.py", "schemas.py")
_READER_FOLDERS = ("comments", "fields", "files", "parsing", "platforms")
#: What the records of a table are, the most telling first.
_RECORD_TYPES = ("posts", "account_days", "comments", "labels", "nothing")
#: What tells the rows of each table of the lake apart, and their order.
_KEYS = {
    "observations": ["sha256", "record_number"],
    "account_days": ["sha256", "record_number", "metric"],
    "comments": ["sha256", "record_number"],
    "labels": ["sha256", "record_number"],
    "rejects": ["sha256", "record_number"],
    "withheld": ["sha256", "record_number", "field"],
    "contents": [
        "sha256",
        "platform",
        "month",
        "platform_account_id",
        "account_handle",
        "is_guest",
    ],
}
_SCHEMAS: dict[str, type[dy.Schema]] = {
    "observations": PostObservation,
    "account_days": AccountDay,
    "comments": Comment,
    "labels": OpinionLabel,
    "rejects": Reject,
    "withheld": Withheld,
    "contents": Contents,
}
#: The reader of a file whose archived bytes are damaged, and of which no rows were kept.
_NOBODY = "nobody"
_DEADLY = (
    "whatever read it ended without a word, run after run; it is read again by another version of "
    "kurasi, or under another bound"
)
#: The month of publication as the record tells it, in UTC or, of a day alone, as it stands.
MONTH = pl.coalesce(pl.col("published_at").dt.date(), "published_date").dt.truncate("1mo")


class File(dy.Schema):
    """What the bytes with one hash turned out to be. A part for each batch."""

    sha256 = dy.String(primary_key=True)
    #: Where its rows lie in the lake.
    batch = dy.String(nullable=False)
    #: The version of the reading code; another one reads the file again.
    reader = dy.String(nullable=False)
    platform = dy.String(nullable=True)
    kind = dy.String(nullable=True)
    locale = dy.String(nullable=True)
    status = dy.String(nullable=False)
    reason = dy.String(nullable=True)
    record_count = dy.Int64(nullable=True)
    loaded_count = dy.Int64(nullable=True)
    rejected_count = dy.Int64(nullable=True)
    set_aside_count = dy.Int64(nullable=True)
    withheld_count = dy.Int64(nullable=True)
    set_aside_reasons = dy.List(dy.String(nullable=False), nullable=False)
    is_truncated = dy.Bool(nullable=False)
    unknown_columns = dy.List(dy.String(nullable=False), nullable=False)
    repairs = dy.List(dy.String(nullable=False), nullable=False)
    covers_posts = dy.Bool(nullable=False)
    holds = dy.String(nullable=True)


@dataclass(frozen=True, slots=True)
class _Counts:
    """By SHA-256: records that were loaded, rejected, set aside, and what else became of them."""

    loaded: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    set_aside: Counter[str] = field(default_factory=Counter)
    withheld: Counter[str] = field(default_factory=Counter)
    healed: Counter[str] = field(default_factory=Counter)
    #: Which rules records broke, and how many.
    rules: dict[str, Counter[str]] = field(default_factory=dict)
    #: Why records were set aside, how many, and what one of them says.
    reasons: dict[str, list[tuple[str, int, str | None]]] = field(default_factory=dict)

    def of(self, sha256: str) -> dict[str, Any]:
        """What became of a file's records, by the columns of `File`."""
        return {
            "loaded_count": self.loaded[sha256],
            "rejected_count": self.rejected[sha256],
            "set_aside_count": self.set_aside[sha256],
            "withheld_count": self.withheld[sha256],
            "set_aside_reasons": [
                f"{reason}: {count}" + (f", such as “{quote}”" if quote else "")
                for reason, count, quote in sorted(self.reasons.get(sha256, ()))
            ],
            "is_truncated": any(
                reason == not_posts.CAP_NOTICE for reason, *_ in self.reasons.get(sha256, ())
            ),
        }


@cache
def reader_version() -> str:
    """A hash of the code that decides what a file's rows are, and where they lie."""
    here = Path(__file__).parent
    modules = [here / name for name in _READER_FILES]
    for name in _READER_FOLDERS:
        modules.extend((here / name).rglob("*.py"))
    texts = sorted(path.read_text("utf-8") for path in modules)
    return hashlib.sha256("".join(texts).encode()).hexdigest()[:16]


def _version_of_refused() -> str:
    """The same of a file that was refused; under other bounds it may not be."""
    return f"{reader_version()} {bounds().mark}"


def prepare(home: Home) -> None:
    """Make the lake's tables of rows, empty, so that a reader finds their columns."""
    empty: dict[Path, type[dy.Schema]] = {
        home.observations(platform, schemas.NO_MONTH, "_empty"): PostObservation
        for platform in platforms.KEYS
    }
    empty |= {home.account_days("_empty"): AccountDay, home.rejects("_empty"): Reject}
    empty |= {home.contents("_empty"): Contents, home.withheld("_empty"): Withheld}
    empty |= {home.comments("_empty"): Comment, home.labels("_empty"): OpinionLabel}
    for path, schema in empty.items():
        rows = schema.create_empty()
        # An older version's has other columns.
        if not path.exists() or _columns(path) != rows.schema:
            write_table(path, rows)


def _columns(path: Path) -> pl.Schema:
    return pl.scan_parquet(path, glob=False, hive_partitioning=False).collect_schema()


def unread(home: Home, hashes: Sequence[str]) -> list[str]:
    """Those of some archived files that this version of the code has not read."""
    read = set(_read_by_this_version(files(home))["sha256"])
    return [sha256 for sha256 in hashes if sha256 not in read]


def _read_by_this_version(known: pl.DataFrame) -> pl.DataFrame:
    return known.filter(pl.col("reader").is_in([reader_version(), _version_of_refused()]))


def read_new(home: Home, hashes: Sequence[str]) -> pl.DataFrame:
    """Read the archived files that this version of the code has not read.

    Args:
        home: whose archive and lake.
        hashes: the files, in the order in which they are to be read together.

    Returns:
        What every file is, as `File`.
    """
    version = reader_version()
    before = files(home)
    version_of_refused = _version_of_refused()
    known = _read_by_this_version(before)
    read = set(known["sha256"])
    todo = [sha256 for sha256 in hashes if sha256 not in read]
    parts = [known]
    done = 0
    for rows in _read_all(home, todo):
        for row in rows:
            is_read = row["status"] in schemas.READ
            row.setdefault("reader", version if is_read else version_of_refused)
        part = File.validate(pl.DataFrame(rows, schema=known.schema)).sort("sha256")
        lost = part.filter(reader=_NOBODY).drop_nulls("reason")
        for problem in lost["reason"]:
            log.error("%s", problem)
        kept = _keep_rows(home, before.join(lost, on="sha256", how="semi"))
        part = part.join(kept, on="sha256", how="anti")
        for each in (kept, part):
            if each.height:
                write_table(home.files(each["batch"][0]), each)
                parts.append(each)
        done += len(rows)
        log.info("read %d of %d new files", done, len(todo))
    known = _join_small(home, pl.concat(parts).sort("sha256"))
    _remove_unknown(home, known)
    return known


def damaged(files: pl.DataFrame) -> pl.DataFrame:
    """The files, among those that `read_new` gave, whose archived bytes are damaged.

    Their rows are those of an earlier reading, where there was one.
    """
    return files.filter(~pl.col("reader").is_in([reader_version(), _version_of_refused(), ""]))


def keep_damaged(home: Home, hashes: Collection[str]) -> str | None:
    """Keep what was read of files whose archived bytes are damaged, apart from all other rows.

    Args:
        home: whose lake.
        hashes: the files that are in the archive, or should be; each is read whole.

    Returns:
        The batch in which their rows lie now, which the lake's other batches may go without; None
        where nothing was kept.
    """
    try:
        read = files(home).filter(pl.col("status").is_in(schemas.READ))
    except pl.exceptions.PolarsError as problem:
        log.warning("what was read before can't be told any more: %s", problem)
        return None
    lost = [each for each in read["sha256"] if each in hashes and not is_sound(home, each)]
    kept = _keep_rows(home, read.filter(pl.col("sha256").is_in(lost)))
    if kept.is_empty():
        return None
    name = str(kept["batch"][0])
    write_table(home.files(name), kept)
    for sha256 in kept["sha256"]:
        log.warning(
            "%s is damaged; its rows stay as they were read, until it is restored from a backup",
            home.archived(sha256),
        )
    return name


def remove_unreadable(home: Home) -> list[Path]:
    """Remove the parts of the lake that can't be read, so that their files are read anew.

    Returns:
        What was removed.
    """
    found = [
        path
        for path in (*home.lake.glob("*.parquet"), *_claims(home), *_parts(home))
        if not is_readable(path)
    ]
    names = {path.stem for path in found}
    # A batch goes whole, and what says that its rows are there goes before them.
    for path in (*home.lake.glob("*.parquet"), *_claims(home), *_parts(home)):
        if path.stem in names:
            path.unlink()
    return found


def is_readable(path: Path) -> bool:
    """Whether a Parquet file can be read from its first row to its last."""
    try:
        pl.read_parquet(path, glob=False, hive_partitioning=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return False
    return True


def files(home: Home) -> pl.DataFrame:
    """What every file is, as `File`, ordered by SHA-256.

    Batches that were joined lie there twice until the next run, if a crash came before they were
    removed: the joined one holds.
    """
    parts = sorted(_claims(home))
    if not parts:
        return File.create_empty()
    # Parts of an older version may lack columns; they are read anew.
    every = pl.scan_parquet(
        parts,
        schema=File.create_empty().schema,
        missing_columns="insert",
        extra_columns="ignore",
        glob=False,
        hive_partitioning=False,
    ).collect()
    largest = every.sort(pl.len().over("batch"), "batch", descending=True)
    return largest.unique("sha256", keep="first").sort("sha256")


def rejects(home: Home) -> pl.LazyFrame:
    """The rejected records of all files, as `Reject`."""
    # Rows of a crash may lie there twice until the next run.
    return scan(home.rejects("").parent, Reject).unique()


def withheld(home: Home) -> pl.LazyFrame:
    """The counters of all files that are withheld, as `Withheld`."""
    return scan(home.withheld("").parent, Withheld).unique()


def scan(folder: Path, schema: type[dy.Schema]) -> pl.LazyFrame:
    """The rows of a table of batches; an older version may have written less of it."""
    columns = schema.create_empty().schema
    paths = sorted(folder.rglob("*.parquet"))
    if not paths:
        return pl.LazyFrame(schema=columns)
    return pl.scan_parquet(
        paths, schema=columns, missing_columns="insert", glob=False, hive_partitioning=False
    )


def contents(posts: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """What each file holds of which account in which month, as `Contents`.

    Args:
        posts: the rows of some files, as `PostObservation`.
        accounts: how many posts and followers their accounts have, as `parse.Rows.accounts`.
    """
    months = (
        posts.with_columns(month=MONTH)
        .group_by(_KEYS["contents"])
        .agg(
            pl.len().cast(pl.Int64).alias("row_count"),
            pl.col("published_at").min().alias("oldest_published_at"),
            pl.col("published_date").min().alias("oldest_published_date"),
            pl.col("published_at").max().alias("newest_published_at"),
            pl.col("published_date").max().alias("newest_published_date"),
        )
        .join(
            accounts,
            on=["sha256", "platform_account_id", "account_handle"],
            how="left",
            nulls_equal=True,
        )
    )
    return months.select(Contents.column_names()).sort(_KEYS["contents"], nulls_last=True)


def _read_all(home: Home, hashes: list[str]) -> Iterator[list[dict[str, Any]]]:
    """Read archived files batch by batch, by other processes; this one opens none of them.

    What ended a process is read alone once more, and what ends it again is quarantined.
    """
    most = bounds().read_mib * 2**20
    sizes = {sha256: _size(home.archived(sha256)) for sha256 in hashes}
    for sha256 in [sha256 for sha256, size in sizes.items() if size > most]:
        why = f"it has {sizes.pop(sha256):,} bytes, more than {bounds().told('read_mib')}"
        yield [_refused(sha256, why)]
    attempts = Attempts(home, sizes)
    try:
        for sha256 in [sha256 for sha256 in sizes if attempts.is_deadly(sha256)]:
            del sizes[sha256]
            yield [_refused(sha256, _DEADLY)]
        alone = attempts.suspected()
        batches = list(_batches({each: size for each, size in sizes.items() if each not in alone}))
        batches += [[sha256] for sha256 in alone]
        while batches:
            again: list[list[str]] = []
            yield from _read_by_children(home, batches, attempts, again)
            batches = again
    finally:
        attempts.close()


def _read_by_children(
    home: Home, batches: list[list[str]], attempts: Attempts, again: list[list[str]]
) -> Iterator[list[dict[str, Any]]]:
    """Read batches by a process per core; what is to be read once more is put into `again`."""
    workers = len(os.sched_getaffinity(0))
    read = children.results(
        partial(_read_batch, home, reader_version()), attempts.noted(batches), workers
    )
    for batch, rows in read:
        if not isinstance(rows, children.Ended):
            attempts.forget(batch)
            yield rows
            continue
        guilty = batch[0] if len(batch) == 1 else rows.at
        rest = [sha256 for sha256 in batch if sha256 != guilty]
        attempts.forget(rest)
        if guilty is None:  # what was read was being understood together
            middle = len(rest) // 2
            again += [rest[:middle], rest[middle:]]
            continue
        if rest:
            again.append(rest)
        attempts.ended(guilty)
        # The others of a batch take memory too, but none of the time.
        is_certain = rows.cause == "time" or (rows.cause == "memory" and not rest)
        if is_certain or attempts.is_deadly(guilty):
            attempts.forget([guilty])
            row = _refused(guilty, str(rows))
            if rows.cause == "outside":
                # By no version of the code: it may be the machine's fault, so the next run tries.
                row["reader"] = ""
            yield [row]
        else:
            again.append([guilty])


def _refused(sha256: str, why: str) -> dict[str, Any]:
    """What a file is that was not read, by the columns of `File`."""
    return _quarantined(sha256, _name([sha256], reader_version()), parse.Quarantine(why))


def _size(path: Path) -> int:
    """A file's bytes; none where it is lost."""
    return path.stat().st_size if path.is_file() else 0


def _batches(sizes: dict[str, int]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for sha256, more in sizes.items():
        if batch and (len(batch) >= _MOST_FILES or size + more > _MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(sha256)
        size += more
    if batch:
        yield batch


def _name(hashes: list[str], version: str) -> str:
    return hashlib.sha256("".join([version, *hashes]).encode()).hexdigest()[:16]


def _read_batch(home: Home, version: str, hashes: list[str]) -> list[dict[str, Any]]:
    """Read some archived files, write their rows, and tell what each file is."""
    name = _name(hashes, version)
    quarantined: list[dict[str, Any]] = []
    loaded: list[dict[str, Any]] = []
    #: Tables of one layout with the same fields, which are understood together.
    alike: dict[tuple[str, tuple[str, ...]], list[parse.Records]] = {}
    for sha256 in hashes:
        children.follows(sha256)
        try:
            tables = parse.split(read_archived(home, sha256), sha256)
        except parse.Quarantine as problem:
            quarantined.append(_quarantined(sha256, name, problem))
            continue
        except DamagedArchive as problem:
            row = _quarantined(sha256, name, parse.Quarantine(str(problem)))
            # By no version of the code: the next run tries again.
            row["reader"] = _NOBODY
            quarantined.append(row)
            continue
        loaded.append(_described(tables, name))
        for table in tables:
            fields = tuple(sorted(table.fitting.columns))
            alike.setdefault((table.layout.kind, fields), []).append(table)
    children.follows(None)
    read = []
    while alike:  # what is understood is let go
        _, records = alike.popitem()
        read.append((records[0].layout.record_type, parse.interpret(records)))
    _write(home, name, read)
    counts = _counts([rows for _, rows in read])
    for file in loaded:
        file.update(counts.of(file["sha256"]))
        if healed := counts.healed[file["sha256"]]:
            file["repairs"].append(
                f"post IDs that had lost digits, taken from their links: {healed}"
            )
        # A table of which nothing is read has nothing to lose.
        is_lost = file["rejected_count"] and not file["loaded_count"]
        if is_lost and file["holds"] != "nothing":
            file["status"] = "rejected"
            file["reason"] = _why_rejected(file, counts.rules[file["sha256"]])
    return quarantined + loaded


def _write(home: Home, name: str, read: list[tuple[str, parse.Rows]]) -> None:
    """Write a batch's rows, each kind and each month's in files of their own."""
    if posts := [rows.observations for record_type, rows in read if record_type == "posts"]:
        whole = posts[0] if len(posts) == 1 else pl.concat(posts).sort(_KEYS["observations"])
        for (platform, month), part in whole.group_by("platform", MONTH, maintain_order=True):
            write_table(home.observations(str(platform), str(month), name), part)
        accounts = pl.concat(rows.accounts for record_type, rows in read if record_type == "posts")
        write_table(home.contents(name), contents(whole, accounts))
    if days := [rows.observations for record_type, rows in read if record_type == "account_days"]:
        write_table(home.account_days(name), pl.concat(days).sort(_KEYS["account_days"]))
    if comments := [rows.observations for record_type, rows in read if record_type == "comments"]:
        write_table(home.comments(name), pl.concat(comments).sort(_KEYS["comments"]))
    if labels := [rows.observations for record_type, rows in read if record_type == "labels"]:
        write_table(home.labels(name), pl.concat(labels).sort(_KEYS["labels"]))
    if rejected := [rows.rejects for _, rows in read if rows.rejects.height]:
        write_table(home.rejects(name), pl.concat(rejected).sort(_KEYS["rejects"]))
    if withheld := [rows.withheld for _, rows in read if rows.withheld.height]:
        write_table(home.withheld(name), pl.concat(withheld).sort(_KEYS["withheld"]))


def _counts(read: list[parse.Rows]) -> _Counts:
    """What became of the records of a batch."""
    counts = _Counts()
    for rows in read:
        loaded = rows.observations
        if "metric" in loaded.columns:  # a record of an account's day is a row for each metric
            loaded = loaded.unique(_KEYS["observations"])
        counts.loaded.update(_by_file(loaded))
        counts.rejected.update(_by_file(rows.rejects))
        counts.set_aside.update(_by_file(rows.set_aside))
        counts.withheld.update(_by_file(rows.withheld))
        counts.healed.update(_by_file(rows.healed))
        broken = rows.rejects.group_by("sha256", "rule").len()
        for sha256, rule, count in broken.iter_rows():
            counts.rules.setdefault(sha256, Counter())[rule] += count
        aside = rows.set_aside.group_by("sha256", "reason").agg(pl.len(), pl.col("quote").min())
        for sha256, reason, count, quote in aside.iter_rows():
            counts.reasons.setdefault(sha256, []).append((reason, count, quote))
    return counts


def _by_file(rows: pl.DataFrame) -> dict[str, int]:
    return dict(rows["sha256"].value_counts().iter_rows())


def _described(tables: tuple[parse.Records, ...], batch: str) -> dict[str, Any]:
    """What a file that was read is, by the columns of `File`."""
    # What a workbook is, the first of its sheets that holds most says.
    first = min(tables, key=lambda table: _RECORD_TYPES.index(table.layout.record_type))
    notes = dict.fromkeys(table.layout.note for table in tables if table.layout.note)
    return {
        "sha256": first.sha256,
        "batch": batch,
        "platform": first.layout.platform.key if first.layout.platform else None,
        "kind": first.layout.kind,
        "locale": first.locale,
        "status": "loaded",
        "reason": "; ".join(notes) or None,
        "record_count": sum(table.count for table in tables),
        "unknown_columns": _distinct(
            column for table in tables for column in table.unknown_columns
        ),
        "repairs": _distinct(repair for table in tables for repair in table.repairs),
        "holds": first.layout.record_type,
        "covers_posts": any(
            table.layout.record_type == "posts" and table.layout.covers_posts for table in tables
        ),
    }


def _why_rejected(file: dict[str, Any], rules: Counter[str]) -> str:
    """Why nothing of a file is loaded, by the columns of `File` and the rules that it broke."""
    told = ", ".join(f"{rule}: {count}" for rule, count in sorted(rules.items()))
    reasons = [f"none of its records can be taken ({told})"]
    return "; ".join([*reasons, file["reason"]] if file["reason"] else reasons)


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _quarantined(sha256: str, batch: str, problem: parse.Quarantine) -> dict[str, Any]:
    """What a file that can't be read is, by the columns of `File`."""
    layout = problem.layout
    return {
        "sha256": sha256,
        "batch": batch,
        "platform": layout.platform.key if layout and layout.platform else None,
        "kind": layout.kind if layout else None,
        "status": "quarantined",
        "reason": str(problem),
        "set_aside_reasons": [],
        "is_truncated": False,
        "unknown_columns": [],
        "repairs": [],
        "holds": None,
        "covers_posts": False,
    }


def _keep_rows(home: Home, before: pl.DataFrame) -> pl.DataFrame:
    """Keep what was read of files while their archived bytes were sound.

    Args:
        home: whose lake.
        before: the files, as an earlier version of the code read them.

    Returns:
        Those of the files whose rows are kept, in a batch of their own. They count as read by that
        earlier version, so the next run tries to read them again.
    """
    known = before.filter(pl.col("reader") != _NOBODY)
    if known.is_empty():
        return known
    digest = hashlib.sha256("".join(["kept", *known["sha256"].sort()]).encode())
    name = digest.hexdigest()[:16]
    try:
        for folder, paths in _by_folder(home, set(known["batch"])).items():
            table = folder.relative_to(home.lake).parts[0]
            kept = pl.concat(_as_now(path, _SCHEMAS[table]) for path in paths)
            kept = kept.join(known, on="sha256", how="semi").sort(_KEYS[table], nulls_last=True)
            write_table(folder / f"{name}.parquet", kept)
        return File.validate(known.with_columns(batch=pl.lit(name)))
    except (dy.exc.ValidationError, pl.exceptions.PolarsError) as problem:
        log.warning("what was read of %d files before does not fit: %s", known.height, problem)
        return known.clear()


def _as_now(path: Path, schema: type[dy.Schema]) -> pl.DataFrame:
    """Rows of the lake in the form that they have now; what an older version lacks is null."""
    return schema.validate(read_table(path, schema).select(schema.column_names()), cast=True)


def _join_small(home: Home, known: pl.DataFrame) -> pl.DataFrame:
    """Join many small batches into one, as if their files had been read together."""
    sizes = known.group_by("batch").agg(pl.col("record_count").sum())
    small = set(sizes.filter(pl.col("record_count") < _SMALL_RECORDS)["batch"])
    if len(small) < _SMALL_BATCHES:
        return known
    is_small = pl.col("batch").is_in(small)
    name = _name(sorted(known.filter(is_small)["sha256"]), reader_version())
    for folder, paths in _by_folder(home, small).items():
        rows = pl.concat(
            pl.read_parquet(path, glob=False, hive_partitioning=False) for path in paths
        )
        key = _KEYS[folder.relative_to(home.lake).parts[0]]
        write_table(folder / f"{name}.parquet", rows.sort(key, nulls_last=True))
    known = known.with_columns(batch=pl.when(is_small).then(pl.lit(name)).otherwise("batch"))
    write_table(home.files(name), known.filter(batch=name))
    log.info("joined %d small batches of the lake", len(small))
    return known


def _remove_unknown(home: Home, known: pl.DataFrame) -> None:
    """Remove rows that no file claims: of a crash, of an older reading, of joined batches."""
    names = {*known["batch"], "_empty"}
    # What says that rows are there goes before them.
    for path in (*_claims(home), *_parts(home)):
        if path.stem not in names:
            path.unlink()


def _by_folder(home: Home, batches: set[str]) -> dict[Path, list[Path]]:
    """The rows of some batches, by the folder in which they lie."""
    found: dict[Path, list[Path]] = {}
    for path in sorted(_parts(home)):
        if path.stem in batches:
            found.setdefault(path.parent, []).append(path)
    return found


def _claims(home: Home) -> Iterator[Path]:
    """What says that the rows of batches are there."""
    return home.files("").parent.glob("*.parquet")


def _parts(home: Home) -> Iterator[Path]:
    """The rows of batches."""
    return (path for table in _KEYS for path in home.lake.glob(f"{table}/**/*.parquet"))
