"""Whether what is built can be read, and what it should tell its readers.

What belongs here: looks at the warehouse and the last finished state. What does not: editions.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version

import duckdb
import polars as pl

from ingest.home import Home
from ingest.schemas import Delivery
from ingest.storage import read_table
from orchestration.cli.doctor.finding import ANEW, SHOWN, Finding, first_line
from orchestration.cli.language import _, ngettext
from orchestration.publication import finished_state
from orchestration.publication.warnings import warnings


def warehouse(home: Home) -> Finding:
    path = home.database
    if not path.exists():
        return Finding("warehouse", _("nothing is built yet"))
    try:
        with duckdb.connect(str(path), read_only=True) as database:
            (storage,) = database.execute(
                "select tags['storage_version'] from duckdb_databases() where not internal"
            ).fetchone() or ("unknown",)
    except duckdb.IOException as problem:
        if "lock" in str(problem).lower():
            return Finding("warehouse", _("in use by another program now"))
        return Finding("warehouse", first_line(problem), _(ANEW))
    except duckdb.Error as problem:
        return Finding("warehouse", first_line(problem), _(ANEW))
    try:
        state = finished_state.current(home)
        if not finished_state.is_whole(state):
            told = _("{path} is damaged or of an older version")
            return Finding("warehouse", told.format(path=state), _(ANEW))
        built = _(", last finished state {name}").format(name=state.name)
    except finished_state.NoState:
        built = _(", no finished state yet")
    told = _("storage {storage}, duckdb {version}")
    return Finding("warehouse", told.format(storage=storage, version=version("duckdb")) + built)


def kinds(home: Home) -> Iterator[Finding]:
    """The words for kinds of posts that nobody knows, with the posts that they name."""
    try:
        posts = finished_state.table(home, "dim_post").filter(post_kind="unknown")
        words = (
            posts.drop_nulls("post_type")
            .group_by("platform", "post_type")
            .len()
            .sort("len", "platform", "post_type", descending=[True, False, False])
            .collect()
        )
    except (finished_state.NoState, OSError, pl.exceptions.PolarsError):
        return
    for platform, word, count in words.head(SHOWN).iter_rows():
        yield Finding(
            "kinds",
            ngettext(
                "{count} post of {platform} is of a kind that is not known: {word}",
                "{count} posts of {platform} are of a kind that is not known: {word}",
                count,
            ).format(platform=platform, word=word),
            _("name its kind in ingest/platforms/, or report the word"),
            is_warning=True,
        )


def told_of_it(home: Home) -> Iterator[Finding]:
    """What the last finished state should tell its readers, or what comes first in a new home."""
    try:
        is_empty = read_table(home.table("deliveries"), Delivery).is_empty()
        found = warnings(home, datetime.now(UTC).replace(tzinfo=None))
    except pl.exceptions.PolarsError as problem:  # what was damaged is told above
        yield Finding("warnings", first_line(problem), is_warning=True)
        return
    if is_empty:
        yield Finding(
            "exports",
            _("none was read yet"),
            _("fill registry/, put exports into {inbox}/<office_id>/, then: kurasi run").format(
                inbox=home.inbox.name
            ),
            is_warning=True,
        )
    for warning in found:
        check = warning.kind.replace("_", " ")
        yield Finding(check, warning.text, warning.remedy, is_warning=True)
    if not found:
        yield Finding("warnings", _("none"))
