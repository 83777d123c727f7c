"""Properties: the sample's writers and the readers agree on any facts, in every layout."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.fields.dates import MONTH_NAMES
from ingest.fields.layout import Layout, normalise
from ingest.fields.numbers import UNITS
from ingest.files.encodings import MOJIBAKE
from ingest.parsing import parse
from ingest.parsing.not_posts import TOTALS_WORDS
from ingest.platforms import LAYOUTS, PLATFORMS
from ingest.platforms.meta.counters import LIFETIME
from ingest.platforms.meta.series import DAILY, METRICS
from ingest.sample import (
    FIXTURES,
    FIXTURES_BY_KIND,
    FORMATS,
    DayExport,
    DayMetrics,
    Export,
    encode,
    sheet,
)
from tests.ingest import truths
from tests.ingest.exports import read
from tests.properties import examples

RECORD_TYPES = {layout.kind: layout.record_type for layout in LAYOUTS}
#: The forms in which kinds come besides CSV, and those that never come as CSV.
WORKBOOKS = {
    "facebook_insights": {"xlsx", "xml"},
    "facebook_insights_stories": {"xlsx", "xml"},
    "facebook_insights_others": {"xlsx", "xml"},
    "tiktok_studio_content": {"csv", "xlsx"},
    "tiktok_studio_overview": {"csv", "xlsx"},
    "tiktok_studio_viewers": {"csv", "xlsx"},
    "tiktok_studio_followers": {"csv", "xlsx"},
}
RESPONSES = {layout.kind for layout in LAYOUTS if layout.columns[0].example.startswith("@.")}
POSTS = [kind for kind in FORMATS if RECORD_TYPES.get(kind) == "posts"]
DAYS = [kind for kind in FORMATS if RECORD_TYPES.get(kind) == "account_days"]
NOTHING = [kind for kind in FORMATS if RECORD_TYPES.get(kind) == "nothing"]


def written_headers(kind: str) -> set[str]:
    """Every header that some format of a kind has, as headers are compared."""
    return {normalise(header) for each in FORMATS[kind] for header, _ in each.columns}


def test_every_platform_has_a_fixture() -> None:
    """One place to complete: `ingest/sample/platforms/`, one module per platform."""
    declared = {platform.key: platform.published_precision for platform in PLATFORMS}
    assert declared == {
        platform: fixture.published_precision for platform, fixture in FIXTURES.items()
    }


def test_every_layout_is_written_in_every_locale_and_generation() -> None:
    made = {"table", "record"}  # by the reading, of titled tables
    unwritten = {
        (layout.kind, header)
        for layout in LAYOUTS
        if layout.kind in RECORD_TYPES
        for column in layout.columns
        for header in column.locales
        if layout.kind not in FORMATS or header not in written_headers(layout.kind) | made
    }
    assert unwritten == set()
    assert FORMATS.keys() == RECORD_TYPES.keys()


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.kind)
def test_a_layout_is_declared_whole_in_each_of_its_languages(layout: Layout) -> None:
    """A column that is forgotten would be a counter that silently is not reported."""
    for column in layout.columns:
        assert set(column.headers) == set(layout.locales), column.field
        assert set(column.inferred) <= set(layout.locales)
        assert not column.is_inferred(normalise(column.example))
    has_inferred = any(column.inferred for column in layout.columns)
    assert not has_inferred or layout.proof or layout.record_type == "nothing"


def test_what_stands_in_cells_is_declared_in_the_same_languages() -> None:
    languages = {locale for layout in LAYOUTS for locale in layout.locales}
    assert languages == {"en", "id", "es", "pt", "de", "fr"}
    for words in (MONTH_NAMES, UNITS, TOTALS_WORDS, LIFETIME):
        assert set(words) == languages
    for locale, words in METRICS.items():
        assert set(words.values()) == set(METRICS["en"].values()), locale
    assert set(METRICS) == set(DAILY.locales)


def test_every_layout_is_written_in_every_form() -> None:
    written = {kind: {each.file_type for each in formats} for kind, formats in FORMATS.items()}
    others = WORKBOOKS | {kind: {"json"} for kind in RESPONSES}
    assert written == {kind: others.get(kind, {"csv"}) for kind in RECORD_TYPES}


def test_the_days_of_tiktok_studio_are_written_in_every_locale_and_form() -> None:
    kinds = [kind for kind in (*POSTS, *DAYS) if kind.startswith("tiktok_studio")]
    assert len(kinds) == 4
    for kind in kinds:
        told = {(each.locale, each.file_type) for each in FORMATS[kind]}
        locales = {locale for locale, _ in told}
        assert locales == {"en", "id", "es", "pt", "de", "fr"}
        assert told == {(locale, type_) for locale in locales for type_ in ("csv", "xlsx")}


def agree(export: Export | DayExport) -> parse.Records:
    """Write, read, and compare every field of every row."""
    records, found = read(encode(sheet(export), export.format))
    expected = truths.rows(export)
    columns = [name for name in found.observations.columns if name != "sha256"]
    if MOJIBAKE in records.repairs:  # a text that looks like it was taken back, and the ledger says
        texts = ("text", "account_name", "hashtags", "caption_length", "has_question")
        columns = [name for name in columns if name not in texts]
    assert found.observations.select(columns).to_dicts() == [
        {name: row[name] for name in columns} for row in expected
    ]
    assert found.rejects.is_empty()
    assert {*found.withheld["rule"]} <= {
        "of_another_post"
    }  # how often a repost's post was reposted
    assert records.layout.kind == export.format.kind
    # Some headers are the same in every language.
    is_spoken = export.format.locale in records.layout.locales
    assert records.locale == export.format.locale or not is_spoken
    return records


@pytest.mark.parametrize("kind", POSTS)
@given(data=st.data())
@settings(max_examples=examples(12))
def test_posts_read_back_as_they_were_written(kind: str, data: st.DataObject) -> None:
    # A response without posts does not tell what it is.
    facts = data.draw(truths.facts(FIXTURES_BY_KIND[kind], least=int(kind in RESPONSES)))
    for each in FORMATS[kind]:
        told = facts.in_a_spreadsheet() if each.file_type in ("xlsx", "xml") else facts
        if each.is_inferred and not facts.prove_themselves:
            with pytest.raises(parse.Quarantine, match="records prove it"):
                agree(told.export(each))
            continue
        records = agree(told.export(each))
        assert records.count == len(facts.posts) + truths.first_post(each) - 1
        is_wide = len(each.columns) == 212
        assert len(records.unknown_columns) > 50 if is_wide else records.unknown_columns == ()


@pytest.mark.parametrize("kind", DAYS)
@given(days=truths.account_days())
@settings(max_examples=examples(8))
def test_days_read_back_as_they_were_written(kind: str, days: tuple[DayMetrics, ...]) -> None:
    for each in FORMATS[kind]:
        records = agree(DayExport(each, days))
        assert records.count == len(days)
        assert records.unknown_columns == ()


@given(tables=st.lists(truths.account_days(least=1), min_size=2, max_size=4), data=st.data())
@settings(max_examples=examples(20))
def test_series_that_stand_in_one_file_read_back(
    tables: list[tuple[DayMetrics, ...]], data: st.DataObject
) -> None:
    english = [each for each in FORMATS["meta_daily"] if each.locale == "en"]
    exports = [DayExport(data.draw(st.sampled_from(english)), days) for days in tables]
    stacked = [record for export in exports for record in (*sheet(export), [])]
    _, found = read(encode(stacked, english[0]))
    columns = ("platform", "date", "metric", "value")
    expected = [tuple(row[name] for name in columns) for e in exports for row in truths.rows(e)]
    assert found.observations.select(columns).rows() == expected
    assert found.observations["record_number"].to_list() == list(range(1, len(expected) + 1))


@pytest.mark.parametrize("kind", NOTHING)
@given(days=truths.account_days(least=1))
@settings(max_examples=examples(4))
def test_tables_that_hold_nothing_are_set_aside_whole(
    kind: str, days: tuple[DayMetrics, ...]
) -> None:
    for each in FORMATS[kind]:
        records, found = read(encode(sheet(DayExport(each, days)), each))
        assert records.layout.kind == kind
        above = 1 if each.records_above else 0  # the row of another table in the file
        assert found.set_aside.height == records.count == len(days) + above
        assert found.observations.is_empty() and found.rejects.is_empty()
